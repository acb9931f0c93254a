from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "cases.casework"
    label = "casework"

    def ready(self) -> None:
        # The models an operation needs are there only now.
        from cases.audit.settling import Fact, settle_with  # noqa: PLC0415
        from cases.casework.following import people_changed  # noqa: PLC0415

        settle_with(Fact.PERSON, people_changed)
