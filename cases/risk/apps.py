from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "cases.risk"
    label = "risk"

    def ready(self) -> None:
        # The models an operation needs are there only now.
        from cases.audit.settling import Fact, settle_with  # noqa: PLC0415
        from cases.risk import following  # noqa: PLC0415

        settle_with(Fact.REPEAT, following.repeats)
        settle_with(Fact.INCIDENT, following.incidents)
        settle_with(Fact.UNSAFE_CONTACT, following.unsafe_contacts)
        settle_with(Fact.MOVED, following.moves)
        settle_with(Fact.STAGE, following.stages)
        settle_with(Fact.PLAN, following.plans)
