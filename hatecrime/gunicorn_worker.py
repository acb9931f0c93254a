"""A gunicorn worker that, asked to stop, still answers everybody who is already connected.

gunicorn's own threaded worker answers what it has accepted and drops what waits in the listening
socket's queue: under load, a request for each connection somebody was just making. This one
accepts the queue first and closes the door behind it (bar row 80).
"""

import contextlib

from gunicorn.workers.gthread import ThreadWorker


class DrainingWorker(ThreadWorker):  # type: ignore[misc]
    """Accepts whoever is waiting before it stops listening."""

    def set_accept_enabled(self, enabled: bool) -> None:
        """Start or stop accepting; stopping for good empties the queue and closes the socket."""
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            listener.setblocking(False)
            with contextlib.suppress(OSError):
                while True:
                    before = self.nr_conns
                    self.accept(listener)
                    if self.nr_conns == before:  # nobody was waiting
                        break
            listener.close()
