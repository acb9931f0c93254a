"""The module in which Django looks for a database backend."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db.backends.postgresql import base

from hatecrime import patience


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that waits for an answer as long as we promised, once a request."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect.  Raises OperationalError at once in a request that has waited in vain."""
        patience.refuse_second_wait()
        try:
            connection = super().get_new_connection(conn_params)
        except psycopg.errors.ConnectionTimeout:
            patience.note_vain_wait()
            raise
        if self.settings_dict.get("PATIENT", True):  # not who migrates (hatecrime.owner)
            patience.limit_waiting(connection)
        return connection
