"""A request that went, one that waits, a word by phone and a 999 call, for every address."""

from __future__ import annotations

from datetime import timedelta

from cases.access import Role
from cases.casework.models import Case
from cases.disclosures import after_operations, deciding, emergency_operations, gate
from cases.disclosures.models import Request, Send
from cases.disclosures.phone_operations import record_phone_approval
from cases.disclosures.request_operations import ask_director, start_request
from cases.partners.models import AgencyContact
from cases.staff.delegation_operations import name_delegate
from cases.staff.models import RoleHolding, User
from tests.workflow.asked import REASON, fill
from tests.world import World

OF_WAITING = (
    *("police-request", "police-page", "police-check", "police-group", "police-take-back"),
    *("police-not-high", "police-new-facts", "police-phone"),
    *("decision", "decide", "decision-page"),
)


def keep_requests(
    world: World, case: Case, unit: int, director: User | None = None
) -> dict[str, int]:
    """The rows of the case's requests by the name of each address.

    ``director`` is whoever is said to have said something on the phone.
    """
    case = Case.objects.get(pk=case.pk)
    at = world.now + timedelta(hours=1)
    by = world.actor(world.user(Role.HOUSING_OFFICER, name="Asking Officer"))
    boss = world.actor(world.user(Role.CASE_MANAGER, name="Ringing Manager"))
    decider = world.user(Role.DIRECTOR_CO, name="Deciding Director")
    contact = AgencyContact.objects.get(pk=unit)

    def asked(minutes: int, **facts: str) -> Request:
        then = at + timedelta(minutes=minutes)
        about = case.involvements.filter(part="VICTIM").first()
        made = start_request(by=by, at=then, case=case, about=about, contact=contact, urgent=True)
        fill(by, then, made, **facts)
        return ask_director(by=by, at=then, request=made, reviewed=True)

    went = asked(5)
    assert went.file is not None
    deciding.decide(
        by=world.actor(decider),
        at=at + timedelta(minutes=10),
        request=went,
        verdict="APPROVE",
        reason=REASON,
        seal=went.file.seal,
    )
    sent = gate.send_pack(by=by, at=at + timedelta(minutes=15), pack=went.pack)
    assert isinstance(sent, Send)
    after_operations.record_afterwards(
        by=by,
        at=at + timedelta(minutes=17),
        about=sent,
        kind="TOLD",
        happened_at=at + timedelta(minutes=16),
        words="She was told.",
    )
    waits = asked(20, new_facts="He came back a day sooner than anybody had said he would.")
    question = deciding.ask_question(
        by=world.actor(decider),
        at=at + timedelta(minutes=25),
        request=waits,
        words="When is he back?",
    )
    phone = record_phone_approval(
        by=boss,
        at=at + timedelta(minutes=35),
        request=waits,
        director=director or decider,
        called_at=at + timedelta(minutes=30),
        words="Yes, tell them tonight.",
    )
    earlier, call = (
        emergency_operations.record_emergency(
            by=by,
            at=at + timedelta(minutes=minutes),
            case=case,
            rung_at=at + timedelta(minutes=minutes - 30),
            rung_by="Asking Officer",
            why="He stood at the door with petrol.",
            said="The address, and that he was at the door.",
            log_number="P26/1",
        )
        for minutes in (40, 42)
    )
    emergency_operations.review_emergency(
        by=world.actor(decider),
        at=at + timedelta(minutes=45),
        emergency=earlier,
        verdict="RIGHT",
        words="Nobody could have waited for anything else.",
    )
    return {
        **{f"workflow:{name}": waits.pk for name in OF_WAITING},
        "workflow:police-after": went.pk,
        "workflow:police-answer": question.pk,
        "workflow:decision-phone": phone.pk,
        "workflow:decision-999": call.pk,
        "workflow:police-999-after": call.pk,
    }


def keep_delegate(world: World) -> RoleHolding:
    """Somebody who acts for the Director, named by the Director."""
    at = world.now
    director = world.user(Role.DIRECTOR_CO, name="Naming Director")
    return name_delegate(
        by=world.actor(director),
        at=at,
        user=world.user(name="Acting Person"),
        ends_at=at + timedelta(days=7),
        reason="The Director is on leave until Thursday.",
        most_days=28,
    )
