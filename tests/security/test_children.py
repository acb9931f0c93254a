"""What belongs to one case is not there in another's address, by GET and by POST.

The answer is, to the letter, that for a number nobody has (issue: "To be shown" 4; bar row 15).
"""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from cases.access import Role
from cases.casework.models import Case
from cases.casework.operations import declare
from cases.disclosures.models import Request
from cases.disclosures.request_operations import ask_director, start_request, take_back
from hatecrime.url_map import Route
from tests.built import MakeBuilt
from tests.consistency.permission_world import Objects, PermissionWorld
from tests.intake.sheets import handler, new_sheet
from tests.security import walking_routes as walk
from tests.workflow.asked import fill
from tests.world import World

NOBODYS = 2**31 - 2
CHILD = walk.with_children()
# Between them they open every one of these; a route none of them opens fails.
WHO = (Role.CASE_MANAGER, Role.HOUSING_OFFICER, Role.SYSADMIN)


def last(route: Route) -> str:
    """The last thing named that is a row, and no word of ours: the one looked up by its parent."""
    return [name for name in walk.parameters(route) if name not in ("group", "field")][-1]


def opener(route: Route) -> Role:
    """The first of those who try whose role the route is for."""
    return next(role for role in WHO if role in route.roles())


def still_to_decide(world: World, here: PermissionWorld) -> None:
    """A request that is being written, and one that waits and of which nobody has rung."""
    rows, at = here.theirs.rows, world.now + timedelta(hours=3)
    case = Case.objects.get(pk=here.theirs.case.pk)
    by = world.actor(world.user(Role.HOUSING_OFFICER, name="Writing Officer"))
    before = Request.objects.get(pk=rows["workflow:police-check"])
    take_back(by=by, at=at, request=before, why="It was written anew.")
    about, contact = before.pack.about, before.pack.contact
    assert about is not None
    assert contact is not None
    waits, draft = (
        start_request(by=by, at=at, case=case, about=about, contact=contact, urgent=True)
        for _ in range(2)
    )
    fill(by, at, waits, new_facts="He came back a day sooner than anybody had said he would.")
    ask_director(by=by, at=at, request=waits, reviewed=True)
    rows |= {
        "workflow:police-check": draft.pk,
        "workflow:police-group": draft.pk,
        "workflow:police-phone": waits.pk,
    }


def opened(said: walk.Said) -> bool:
    return said.status in (200, 302, 400)


@pytest.mark.parametrize("role", WHO, ids=lambda role: role.value)
def test_a_child_is_reached_only_through_its_own(built: MakeBuilt, role: Role) -> None:
    world, here = built(role)
    by, again = world.actor(here.user), here.theirs.again
    if Case.objects.visible_to(by).filter(pk=again.pk).exists():  # or the question comes first
        declare(by=by, at=world.now, case=again, knows_somebody=False)
    still_to_decide(world, here)
    client, wrong, reached = world.client(here.user), [], set()
    for route in CHILD:
        for verb in route.methods or ():
            own = walk.ask(client, verb, walk.address_of(route, here))
            if not opened(own):
                continue
            reached.add(route.name)
            missing = walk.ask(client, verb, walk.address_of(route, here, **{last(route): NOBODYS}))
            assert missing.status == 404, (route.name, verb, missing.status)
            for kind, address in strangers(route, here):
                said = walk.ask(client, verb, address)
                if (said.status, said.body) != (missing.status, missing.body):
                    wrong.append(f"{verb} {route.name} with {kind}: {said.status}")
    assert wrong == []
    missed = {route.name for route in CHILD if opener(route) is role} - reached
    assert not missed, "nobody tried opens these"


def strangers(route: Route, here: PermissionWorld) -> list[tuple[str, str]]:
    """Addresses that name a child through a parent that is not its own."""
    name, child = last(route), here.arguments(route.name, walk.parameters(route), "theirs")
    hidden = here.arguments(route.name, walk.parameters(route), "not theirs")
    found = []
    if route.name.startswith("staff:"):
        return [("another user", walk.address_of(route, here, pk=here.user.pk))]
    if hidden[name] != child[name]:
        found.append(("a child kept from them", {**child, name: hidden[name]}))
        found.append(("their child under a case kept from them", {**hidden, name: child[name]}))
    other = other_parent(route, here.theirs)
    if other:
        found.append(("another case of theirs", {**child, "reference": other}))
    return [(kind, walk.address_of(route, here, **arguments)) for kind, arguments in found]


def other_parent(route: Route, objects: Objects) -> str:
    """Something else of the same kind that the same user may open."""
    return objects.again.reference if route.name.startswith("workflow:") else ""


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_a_call_sheet_is_whose_it_is(world: World, verb: str) -> None:
    """Not a colleague's of the same team, nor their manager's, nor an officer's."""
    taker = handler(world, "Joanne Pike")
    sheet = new_sheet(world, taker)
    address, nowhere = f"/reports/sheets/{sheet.key}/", f"/reports/sheets/{uuid.uuid4()}/"
    assert opened(walk.ask(world.client(taker), verb, address))
    for role in (Role.CALL_HANDLER, Role.HOUSING_OFFICER, Role.CASE_MANAGER):
        client = world.client(world.user(role, team=world.team()))
        said, missing = walk.ask(client, verb, address), walk.ask(client, verb, nowhere)
        assert said.status == missing.status == 404, role
        assert said.body == missing.body, role
