from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "cases.staff"
    label = "staff"
