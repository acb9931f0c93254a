from django.apps import AppConfig


class RepeatsConfig(AppConfig):
    name = "cases.repeats"
    label = "repeats"

    def ready(self) -> None:
        # The models an operation needs are there only now.
        from cases.audit.settling import Fact, settle_with  # noqa: PLC0415
        from cases.repeats.operations import settle_incidents, settle_people  # noqa: PLC0415

        settle_with(Fact.PERSON, settle_people)
        settle_with(Fact.INCIDENT, settle_incidents)
