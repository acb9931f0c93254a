from django.apps import AppConfig


class DisclosuresConfig(AppConfig):
    name = "cases.disclosures"
    label = "disclosures"

    def ready(self) -> None:
        # The models an operation needs are there only now.
        from cases.audit.settling import Fact, settle_with  # noqa: PLC0415
        from cases.disclosures import pack_settling, request_following  # noqa: PLC0415

        settle_with(Fact.PERMISSION, pack_settling.permissions)
        settle_with(Fact.PERMISSION, request_following.permission_changed)
        settle_with(Fact.PACK, request_following.packs_changed)
