"""What the walks need on the running site beside a user of each role."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.access import Role
from cases.staff.models import Course, User
from cases.staff.operations import record_training
from tests.browsing import Site


@pytest.fixture(scope="session")
def trained_site(live_site: Site) -> Site:
    """The site, with an officer and a manager whose training counts."""
    with live_site.in_process():
        now = timezone.now()
        today = timezone.localdate(now)
        by = User.objects.get(email=live_site.emails[Role.SYSADMIN]).actor(now)
        for role in (Role.HOUSING_OFFICER, Role.CASE_MANAGER):
            record_training(
                by=by,
                at=now,
                user=User.objects.get(email=live_site.emails[role]),
                course=Course.HATE_CRIME,
                completed_on=today - timedelta(days=30),
                expires_on=today + timedelta(days=300),
            )
    return live_site
