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
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

SO_ATTACH_FILTER = 26  # Linux; Python has no name for it
SETTLING = 0.05  # seconds for whoever was shaking hands at that moment
# Of every packet: its flags; without SYN it passes whole, with it nothing of it does.
DROP_WHO_KNOCKS = b"".join(
    struct.pack("HBBI", *instruction)
    for instruction in ((0x30, 0, 0, 13), (0x45, 0, 1, 0x02), (0x06, 0, 0, 0), (0x06, 0, 0, 2**31))
)


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
            self.accept_all(listener)
            time.sleep(SETTLING)
            self.accept_all(listener)
            listener.close()

    def accept_all(self, listener: Any) -> None:
        """Accept everybody who waits."""
        with contextlib.suppress(OSError):
            while True:
                before = self.nr_conns
                self.accept(listener)
                if self.nr_conns == before:
                    return


def let_nobody_in(listener: socket.socket) -> None:
    """Have the kernel ignore who knocks now: they knock again in a second, and are refused.

    Without this, whoever connects between the last accept and the close is cut off. Who is
    connected already, or in the middle of connecting, is not touched. Elsewhere than on Linux
    that moment remains.
    """
    if sys.platform != "linux":
        return
    program = ctypes.create_string_buffer(DROP_WHO_KNOCKS)
    with contextlib.suppress(OSError):
        listener.setsockopt(
            socket.SOL_SOCKET,
            SO_ATTACH_FILTER,
            struct.pack("HL", len(DROP_WHO_KNOCKS) // 8, ctypes.addressof(program)),
        )
