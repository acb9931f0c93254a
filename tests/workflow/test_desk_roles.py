"""Each page of the desk and of a request, as each role: what is refused, and how."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cases.access import ROLES, Grant, Role
from tests.built import MakeBuilt
from tests.workflow.test_case_page import text_of

DESK = ("decisions", "decision", "decide", "decision-page", "decision-999", "delegates")
CASE = (
    *("police", "police-new", "police-request", "police-page", "police-check", "police-group"),
    *("police-take-back", "police-answer", "police-not-high", "police-new-facts"),
    *("police-phone", "police-after", "police-999", "police-999-after"),
)
WRITES = frozenset(CASE) - {"police", "police-request", "police-page"}
PARAMETERS = {
    "police-group": ("reference", "pk", "group"),
    **dict.fromkeys(("police", "police-new", "police-999"), ("reference",)),
    **dict.fromkeys(("decisions", "delegates"), ()),
}
ASKED = (
    *(Role.DIRECTOR_CO, Role.POLICY_SPONSOR, Role.HOUSING_OFFICER, Role.CASE_MANAGER),
    *(Role.CALL_HANDLER, Role.DPO),
)


@pytest.mark.parametrize("role", ASKED)
def test_every_page_as_a_role(built: MakeBuilt, role: Role) -> None:
    world, here = built(role)
    client = world.client(here.user)
    grants = ROLES[role]
    for name in (*DESK, *CASE):
        route = f"workflow:{name}"
        normal = ("pk",) if name in DESK else ("reference", "pk")
        wanted = PARAMETERS.get(name, normal)
        for whose in ("theirs", "not theirs"):
            address = reverse(route, kwargs=here.arguments(route, wanted, whose))
            response = client.get(address)
            said = text_of(response.content.decode(errors="replace"))
            where = f"{name}, {whose}: {response.status_code} {said[:200]}"
            if name in DESK:
                needs = Grant.NAME_DELEGATE if name == "delegates" else Grant.DECIDE_DISCLOSURE
            else:
                needs = Grant.WORK_CASES if name in WRITES else Grant.OPEN_CASES
            if needs not in grants and name not in ("police-after", "police-999-after"):
                assert response.status_code == 403, where
                assert needs.value in said, where
            elif whose == "not theirs" and wanted:
                assert response.status_code in (403, 404), where
                assert "Osei" not in said, where
            else:
                assert response.status_code in (200, 302, 403, 404), where
                if role is Role.DIRECTOR_CO and name in DESK:
                    assert response.status_code == 200, where
                if role is Role.HOUSING_OFFICER and name in ("police", "police-request"):
                    assert response.status_code == 200, where
