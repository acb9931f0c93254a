"""A variable a template shows and nobody gave it fails a test; one it asks for does not."""

from __future__ import annotations

import pytest
from django.template import Context, Template

from tests.undefined import UndefinedVariable


class Somebody:
    name = "Amara"


@pytest.mark.parametrize(
    "text",
    [
        "{{ nobody }}",
        "{{ somebody.nickname }}",
        "{{ nobody|upper }}",
        "{% for each in nobody %}{{ each }}{% endfor %}",
        "{% with a=nobody %}x{% endwith %}",
        "{% if somebody %}{{ nobody }}{% endif %}",
        "{% url 'policy:setting' nobody as there %}",
    ],
)
def test_shown_without_being_given(text: str) -> None:
    with pytest.raises(UndefinedVariable, match="is not defined in"):
        Template(text).render(Context({"somebody": Somebody()}))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ somebody.name }}", "Amara"),
        ("{% if nobody %}x{% endif %}", ""),
        ("{% if somebody.nickname == 'x' %}x{% else %}Amara{% endif %}", "Amara"),
        ("{{ nobody|default:'x' }}", "x"),
        ("{{ somebody.nickname|default_if_none:'x' }}", ""),  # What is not there is not None.
        ("{% firstof nobody 'x' %}", "x"),
    ],
)
def test_asked_for_is_not_shown(text: str, shown: str) -> None:
    assert Template(text).render(Context({"somebody": Somebody()})) == shown
