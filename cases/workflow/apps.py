from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "cases.workflow"
    label = "workflow"
