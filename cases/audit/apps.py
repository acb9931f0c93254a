from django.apps import AppConfig, apps


class AuditConfig(AppConfig):
    name = "cases.audit"
    label = "audit"

    def ready(self) -> None:
        """Make every history table append-only in the database (house rule 6)."""
        # Imported here because models exist only once the registry is ready.
        import pgtrigger  # noqa: PLC0415
        from simple_history.models import HistoricalChanges  # noqa: PLC0415

        from cases.lifecycle import append_only  # noqa: PLC0415

        for model in apps.get_models():
            if issubclass(model, HistoricalChanges):
                pgtrigger.register(*append_only(model._meta.db_table[:36]))(model)
