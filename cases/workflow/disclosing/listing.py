"""The packs of a case as a list: what waits, what went, what was stopped, what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cases.access import Actor
from cases.disclosures.choices import Door, PackState
from cases.disclosures.models import Blocked, Pack
from cases.workflow.case_words import label_of, speaker
from cases.workflow.disclosing.choosing import home_of, pack_page
from cases.workflow.disclosing.drawing import who_is_it
from cases.workflow.disclosing.refusals import refusal_words

GROUPS = (
    ("waiting", "Waiting", (PackState.DRAFT, PackState.READY)),
    ("gone", "Sent", (PackState.GONE,)),
    ("stopped", "Stopped", (PackState.STOPPED,)),
)
OURS = "A team of ours, on need to know"


def heading(pack: Pack) -> str:
    """What the pack's page is called: the agency and no name of anybody."""
    name = pack.agency.name
    return pack.title if name in pack.title else f"{name}: {pack.title}"


def door_words(code: str) -> str:
    """Why they may be told, in words."""
    return label_of(Door, code) or OURS


def facts(pack: Pack) -> list[dict[str, str]]:
    """The facts of the pack as ``components/summary_list.html`` takes them."""
    rows = [
        ("About", who_is_it(pack.about)),
        ("Why they may be told", door_words(pack.door)),
        ("Law, order or proceedings", pack.citation),
        ("What they are to do with it", pack.purpose),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def groups(packs: Sequence[Pack], actor: Actor) -> list[dict[str, Any]]:
    """The packs by how they stand, those that wait first; a group with none is left out."""
    made = [
        (key, text, [_line(pack, actor) for pack in packs if pack.state in states])
        for key, text, states in GROUPS
    ]
    return [{"id": key, "heading": text, "rows": rows} for key, text, rows in made if rows]


def _line(pack: Pack, actor: Actor) -> dict[str, Any]:
    sent = getattr(pack, "send", None)
    line: dict[str, Any] = {
        "agency": pack.agency.name,
        "unit": pack.contact.unit if pack.contact else "No unit chosen yet",
        "title": pack.title,
        "about": who_is_it(pack.about),
        "door": door_words(pack.door),
        "state": pack.get_state_display(),
        "href": pack_page(pack) if sent else home_of(pack),
        "at": pack.made_at,
        "who": speaker(actor, pack.made_by_id, pack.made_by.full_name),
        "did": "Begun by",
        "more": pack.stopped_why,
        "file": "",
        "went": "",
    }
    if pack.state == PackState.READY and pack.ready_by and pack.ready_at:
        who = speaker(actor, pack.ready_by_id, pack.ready_by.full_name)
        line |= {"at": pack.ready_at, "who": who, "did": "Made ready by"}
    if sent is not None:
        outcomes = list(sent.outcomes.all())
        line |= {
            "at": sent.sent_at,
            "who": speaker(actor, sent.sent_by_id, sent.sent_by.full_name),
            "did": "Downloaded to send by",
            "file": pack_page(pack, "file"),
            "went": "" if outcomes else pack_page(pack, "went"),
            "more": how(outcomes[-1]) if outcomes else "How it went is not recorded yet.",
        }
    return line


def how(outcome: Any) -> str:
    """How a pack went, in a line: "Secure email, to PC Hale. Their reference: 35/1." """
    said = str(outcome.get_channel_display())
    if outcome.to_whom:
        said += f", to {outcome.to_whom}"
    if outcome.their_reference:
        said += f". Their reference: {outcome.their_reference}"
    return f"{said}."


def attempts(rows: Sequence[Blocked], actor: Actor) -> list[dict[str, Any]]:
    """The attempts that the gate refused, each with why in few words."""
    return [
        {
            "at": row.at,
            "who": speaker(actor, row.by_id, row.by.full_name),
            "agency": row.agency.name,
            "door": door_words(row.door),
            "why": [refusal_words(code) for code in row.reasons],
        }
        for row in rows
    ]
