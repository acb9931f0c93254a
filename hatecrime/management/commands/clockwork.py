"""Do what must happen on time, until asked to stop."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand

from hatecrime.clockwork import started

STOPS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


class Command(BaseCommand):
    help = (
        "Anchor the ledger, watch unusual reading, make monthly reports and let paused clocks run"
        " again, each when it is due.  Runs until it is asked to stop; several may run, and one of"
        " them works."
    )

    def handle(self, **options: Any) -> None:
        # Blocked before there is a second thread, so that this one alone is asked.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        scheduler, turn = started()
        signal.sigwait(STOPS)
        scheduler.shutdown(wait=True)
        turn.end()
