"""A gunicorn worker that, asked to stop, still answers everybody who is already connected.

gunicorn's own threaded worker answers what it has accepted and drops what waits in the listening
socket's queue: under load, a request for each connection somebody was just making. This one lets
nobody else in, accepts the queue, and closes the door behind it (bar row 80).
"""

import contextlib
import ctypes
import socket
import struct
import sys

from gunicorn.workers.gthread import ThreadWorker

SO_ATTACH_FILTER = 26  # Linux; Python has no name for it
DROP_EVERYTHING = struct.pack("HBBI", 0x06, 0, 0, 0)  # one instruction: return nothing of a packet


class DrainingWorker(ThreadWorker):  # type: ignore[misc]
    """Accepts whoever is waiting before it stops listening."""

    def set_accept_enabled(self, enabled: bool) -> None:
        """Start or stop accepting; stopping for good empties the queue and closes the socket."""
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            listener.setblocking(False)
            let_nobody_in(listener.sock)
            with contextlib.suppress(OSError):
                while True:
                    before = self.nr_conns
                    self.accept(listener)
                    if self.nr_conns == before:  # nobody was waiting
                        break
            listener.close()


def let_nobody_in(listener: socket.socket) -> None:
    """Have the kernel ignore who knocks now: they knock again in a second, and are refused.

    Without this, whoever connects between the last accept and the close is cut off. Who is
    connected already is not touched. Elsewhere than on Linux that moment remains.
    """
    if sys.platform != "linux":
        return
    program = ctypes.create_string_buffer(DROP_EVERYTHING)
    with contextlib.suppress(OSError):
        listener.setsockopt(
            socket.SOL_SOCKET,
            SO_ATTACH_FILTER,
            struct.pack("HL", 1, ctypes.addressof(program)),
        )
