"""The companies homes belong to are put in by the command line, and leave a line each (HC-20)."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.people.models import Entity

pytestmark = pytest.mark.django_db


def say(code: str, name: str) -> str:
    out = StringIO()
    call_command("add_company", code, name, stdout=out)
    return out.getvalue()


def test_a_company_is_put_in_once_and_may_be_renamed() -> None:
    assert say("longhurst", "Longhurst Group") == "LONGHURST is Longhurst Group.\n"
    say("LONGHURST", "Longhurst Group")
    say("LONGHURST", "Longhurst Group, before Amplius")
    assert Entity.objects.get().name == "Longhurst Group, before Amplius"
    events = Event.objects.filter(verb=Verb.COMPANY_ADDED)
    assert [event.changes for event in events] == [{"code": "LONGHURST"}] * 2
    assert {event.actor_name for event in events} == {"the add_company command"}


@pytest.mark.parametrize(("code", "name"), [("LONG HURST", "A name"), ("X", "A name"), ("XY", " ")])
def test_a_code_can_stand_in_an_address(code: str, name: str) -> None:
    with pytest.raises(CommandError, match="Give a code"):
        say(code, name)
    assert not Entity.objects.exists()
