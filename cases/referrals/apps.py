from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "cases.referrals"
    label = "referrals"

    def ready(self) -> None:
        # The models an operation needs are there only now.
        from cases.audit.settling import Fact, settle_with  # noqa: PLC0415
        from cases.referrals.following import follow_packs  # noqa: PLC0415

        settle_with(Fact.PACK, follow_packs)
