"""Ask a rule from a template: ``{% may "casework.allocate" case=case as answer %}``."""

from __future__ import annotations

from typing import Any

from django import template

from cases.access import RULES, Answer

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: template.Context, name: str, **facts: Any) -> Answer:
    """The rule's answer for whoever is asking; falsy with a ``reason`` when it is no."""
    return RULES[name](context["actor"], **facts)
