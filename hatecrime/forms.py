"""placeholder"""

from django.forms.renderers import TemplatesSetting


class GovukRenderer(TemplatesSetting):
    """x"""
