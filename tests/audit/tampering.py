"""Somebody who may do anything to the database, and what verifying says afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from cases.audit.chain import ZERO, Entry, Link, body, digest, link_hash
from cases.audit.verifying import SETTINGS, Asked, verify
from tests import databases


@dataclass
class Sealed:
    """A database whose ledger holds real work, its anchors, and a superuser's hand in it."""

    name: str
    anchors: Path

    @property
    def auditor(self) -> str:
        """The address of somebody who may only read."""
        return databases.auditor_address(self.name)

    def faults(
        self, *, anchored: bool = False, since: int = 0, now: datetime | None = None
    ) -> list[str]:
        """What verifying says, as the auditor, with the anchors or without."""
        said: list[str] = []
        asked = Asked(self.auditor, self.anchors if anchored else None, since=since)
        verify(asked, now or timezone.now(), said.append)
        return said

    def tamper(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Do it as superuser with every trigger off; what it returns."""
        with databases.as_superuser(self.name) as server:
            server.execute("SET session_replication_role = replica")
            server.execute(SETTINGS)
            server.execute("SET search_path = public")
            done = server.execute(statement, values or None)
            return done.fetchall() if done.description else []

    def end(self) -> int:
        """The number of the last link."""
        return int(self.tamper("SELECT max(seq) FROM ledger.link")[0][0])

    def forget(self, seq: int) -> None:
        """Take a link out with its entries, and leave no row that it sealed."""
        kept = self.tamper(
            "SELECT coalesce(f.history_table, f.table_name), e.kept_id, e.row_id"
            " FROM ledger.entry e JOIN ledger.form f ON f.id = e.form WHERE e.seq = %s",
            seq,
        )
        for table, kept_id, row_id in kept:
            column = "id" if kept_id is None else "history_id"
            self.tamper(f"DELETE FROM {table} WHERE {column} = %s", kept_id or row_id)
        self.tamper("DELETE FROM ledger.entry WHERE seq = %s", seq)
        self.tamper("DELETE FROM ledger.link WHERE seq = %s", seq)

    def seal_row_again(self, table: str, row_id: int) -> int:
        """Write the digest that an altered row has now; returns the number of its link."""
        ((seq, n, salt, columns),) = self.tamper(
            "SELECT e.seq, e.n, e.salt, f.columns FROM ledger.entry e"
            " JOIN ledger.form f ON f.id = e.form WHERE f.table_name = %s AND e.row_id = %s",
            table,
            row_id,
        )
        names = ", ".join(f'"{column}"' for column in columns)
        ((said,),) = self.tamper(f"SELECT ROW({names})::text FROM {table} WHERE id = %s", row_id)
        self.tamper(
            "UPDATE ledger.entry SET digest = %s WHERE seq = %s AND n = %s",
            digest(salt, said),
            seq,
            n,
        )
        return int(seq)

    def hash_again(self) -> None:
        """Make every link follow from the one before it again, and the head from the last."""
        end, at_us, last = 0, 0, ZERO
        for row in self.tamper(f"SELECT {', '.join(Link._fields)} FROM ledger.link ORDER BY seq"):
            link = Link(*row)
            entries = self.tamper(
                f"SELECT {', '.join(Entry._fields)} FROM ledger.entry WHERE seq = %s ORDER BY n",
                link.seq,
            )
            link = link._replace(body=body([Entry(*one) for one in entries]), entries=len(entries))
            end, at_us, last = link.seq, link.at_us, link_hash(last, link)
            self.tamper(
                "UPDATE ledger.link SET body = %s, entries = %s, hash = %s WHERE seq = %s",
                link.body,
                link.entries,
                last,
                link.seq,
            )
        self.tamper("UPDATE ledger.head SET seq = %s, at_us = %s, hash = %s", end, at_us, last)
