from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "cases.policy"
    label = "policy"
