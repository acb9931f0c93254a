"""Writers by operations: python -m tests.soak.operating FIRST HOW-MANY SECONDS (for sealing).

Each thread adds notes to a case of its own, with other work in the same transaction; prints how
many a second all of them together were.
"""

from __future__ import annotations

import sys
import threading
import time

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from cases.access import Role  # noqa: E402
from cases.casework.case_models import Case  # noqa: E402
from cases.casework.choices import OPEN_STAGES, NoteKind  # noqa: E402
from cases.casework.contact_operations import add_note  # noqa: E402
from cases.staff.models import RoleHolding  # noqa: E402

OTHER_WORK = 0.05  # seconds


def write(case: Case, until: float, done: list[int]) -> None:
    """Add notes to one case until it is time to stop."""
    now = timezone.now()
    by = RoleHolding.objects.filter(role=Role.CASE_MANAGER, user__is_active=True)[0].user.actor(now)
    while time.monotonic() < until:
        with transaction.atomic():
            add_note(by=by, at=timezone.now(), case=case, kind=NoteKind.CASE, text="Soaked.")
            time.sleep(OTHER_WORK)
        done.append(1)
    connection.close()


def main(first: int, many: int, seconds: float) -> None:
    cases = list(Case.objects.filter(stage__in=OPEN_STAGES).order_by("id"))
    done = list[int]()
    begun = time.monotonic()
    threads = [
        threading.Thread(target=write, args=(cases[n % len(cases)], begun + seconds, done))
        for n in range(first, first + many)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(len(done) / (time.monotonic() - begun))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
