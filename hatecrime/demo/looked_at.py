"""What waits for somebody to look: two records of one person, and a file with rows refused."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from cases.people import operations as people
from cases.people.import_columns import Refusal
from cases.people.import_operations import import_batch, record_import
from cases.people.import_reading import SourceFile
from hatecrime.demo.desk import COMMAND, RECORDS, Desk

SYSTEM = "housing"
FILES = {
    "properties.csv": """property_key,address,town,postcode,uprn
H-2201,2 Saddlers Way,Wellby,NN98 4QT,100099000001
H-2202,4 Saddlers Way,Wellby,NN98 4QT,100099000002
H-2203,6 Saddlers Way,Wellby,NN98 4,100099000003
H-2204,8 Saddlers Way,Wellby,NN98 4QT,not known
""",
    "people.csv": """person_key,full_name,date_of_birth,phone,property_key
P-7701,Ewa Lis,1988-03-14,07700 900812,H-2201
P-7702,Rhodri Vaughan,14/11/1962,07700 900813,H-2202
P-7703,Chidi Nwosu,31/02/1990,07700 900814,H-2202
P-7704,Noor Haddad,1994-07-02,none,H-2201
P-7705,Bryn Vaughan,2009-05-05,,H-2299
""",
}
"""Exports as they come: some rows can be brought in, and some cannot."""


def leave_to_look_at(desk: Desk) -> None:
    """The second record of somebody who was harmed, and what became of the last files."""
    leah = desk.people["leah"]
    desk.do(
        people.add_person,
        by=RECORDS,
        at=desk.end - timedelta(days=20),
        full_name="Lea Rosen",
        date_of_birth=leah.date_of_birth,
        phone=leah.phone,
        home=leah.home,
    )
    with TemporaryDirectory() as folder:
        for name, text in FILES.items():
            path = Path(folder, name)
            path.write_text(text, encoding="utf-8")
            _bring_in(desk, path)


def _bring_in(desk: Desk, path: Path) -> None:
    """As ``import_people`` does, at a moment of the demo's own."""
    at = desk.end - timedelta(days=2)
    file = SourceFile(path)
    told = list(file.rows())
    refused = [row for row in told if isinstance(row, Refusal)]
    found = desk.do(
        import_batch,
        by=COMMAND,
        at=at,
        system=SYSTEM,
        kind=file.kind.code,
        rows=[row for row in told if not isinstance(row, Refusal)],
    )
    refused = sorted([*refused, *found.refused], key=lambda refusal: refusal.line)
    counts = Counter(
        added=found.added, changed=found.changed, unchanged=found.unchanged, refused=len(refused)
    )
    desk.do(
        record_import,
        by=COMMAND,
        at=at + timedelta(minutes=1),
        system=SYSTEM,
        kind=file.kind.code,
        file_name=path.name,
        started_at=at,
        dry_run=False,
        counts=dict(counts),
        refused=refused,
        held=found.held,
    )
