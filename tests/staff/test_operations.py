"""Users, teams and roles are made by operations, each with its event."""

import pytest

from cases.access import Refused, Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.staff import operations
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_role_is_granted_by_somebody_else(world: World) -> None:
    admin = world.user(Role.SYSADMIN)
    user = world.user()
    operations.grant_role(by=world.actor(admin), at=world.now, user=user, role=Role.CALL_HANDLER)
    assert user.actor(world.now).holds(Role.CALL_HANDLER)
    event = Event.objects.order_by("-id")[0]
    assert (event.verb, event.subject_id) == (Verb.ROLE_GRANTED, user.pk)
    with pytest.raises(Refused, match="Nobody changes their own roles"):
        operations.grant_role(by=world.actor(admin), at=world.now, user=admin, role=Role.DPO)
