"""Files as a housing management system exports them, of any size, the same every time.

``python -m tests.people.source_files FOLDER [PEOPLE] [HOMES]`` writes four files.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

from cases.people.import_columns import KINDS

FIRST = [
    "Amara",
    "Efua",
    "Kofi",
    "Yaw",
    "Adwoa",
    "Priya",
    "Rohan",
    "Anjali",
    "Chloe",
    "Jack",
    "Olivia",
    "Mohammed",
    "Fatima",
    "Yusuf",
    "Aisha",
    "Zofia",
    "Piotr",
    "Katarzyna",
    "Wei",
    "Mei",
    "Daniel",
    "Sarah",
    "James",
    "Emma",
    "Callum",
    "Niamh",
    "Siobhán",
    "Rhys",
    "Ewa",
    "Tomasz",
    "Blessing",
    "Chidi",
    "Ngozi",
    "Tunde",
    "Leila",
    "Omar",
    "Hassan",
    "Layla",
    "Noor",
    "José",
    "María",
    "Ana",
    "Luca",
    "Giulia",
]
LAST = [
    "Osei",
    "Mensah",
    "Boateng",
    "Patel",
    "Shah",
    "Singh",
    "Kaur",
    "Khan",
    "Ahmed",
    "Hussain",
    "Begum",
    "Ali",
    "Smith",
    "Jones",
    "Taylor",
    "Brown",
    "Williams",
    "Wilson",
    "Evans",
    "Thomas",
    "Roberts",
    "Walker",
    "Kowalski",
    "Nowak",
    "Wiśniewska",
    "Chen",
    "Wang",
    "Li",
    "O'Brien",
    "O’Neill",
    "Murphy",
    "Okafor",
    "Adeyemi",
    "Nwosu",
    "Haddad",
    "García",
    "Martínez",
    "Rossi",
    "Byrne",
    "Doyle",
]
STREETS = [
    "Larkfield Court",
    "Elm Way",
    "Mill Lane",
    "Station Road",
    "Church Street",
    "Victoria Avenue",
    "Green Close",
    "Park View",
    "Orchard Drive",
    "The Crescent",
]
TOWNS = (("Wellby", "NN9"), ("Harrowden", "NN8"), ("Milton Keynes", "MK9"), ("Grantham", "NG31"))
TENURES = ("ASSURED", "AFFORDABLE", "SECURE", "SHARED_OWNER", "SUPPORTED_LICENCE")
HEADERS = {kind.code: [column.name for column in kind.columns] for kind in KINDS}
START = date(2012, 4, 1)


def write(path: Path, kind: str, rows: Iterable[Sequence[str]]) -> Path:
    """A file of one kind with these rows."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out)
        table.writerow(HEADERS[kind])
        table.writerows(rows)
    return path


def homes(count: int) -> Iterable[list[str]]:
    """That many homes, each with its own UPRN and address."""
    chance = random.Random(1)
    for number in range(count):
        town, area = TOWNS[number % len(TOWNS)]
        street = STREETS[number // 4 % len(STREETS)]
        postcode = f"{area} {number % 9 + 1}{chance.choice('ABDEFGH')}{chance.choice('JLNPQRS')}"
        address = f"{number // 40 + 1} {street}"
        uprn = str(100_000_000_000 + number)
        yield [f"H{number}", address, town, postcode, uprn, f"Patch {number % 12}", town, "", ""]


def people(count: int, home_count: int) -> Iterable[list[str]]:
    """That many people, two or three to a home."""
    chance = random.Random(2)
    for number in range(count):
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        born = date(1935, 1, 1) + timedelta(days=chance.randrange(31_000))
        written = born.isoformat() if number % 2 else f"{born:%d/%m/%Y}"
        phone = f"07700 9{number % 100_000:05d}" if number % 5 else ""
        email = f"person{number}@example.com" if number % 3 == 0 else ""
        language = "Polish" if number % 40 == 0 else ""
        home = f"H{number % home_count}"
        yield [f"P{number}", name, "", written, phone, email, language, "", home]


def tenancies(home_count: int, person_count: int) -> Iterable[list[str]]:
    """One tenancy a home that anybody lives in."""
    for number in range(min(home_count, person_count)):
        starts = (START + timedelta(days=number % 3000)).isoformat()
        tenure = TENURES[number % len(TENURES)]
        yield [f"T{number}", f"H{number}", f"P{number}", tenure, starts, ""]


def members(home_count: int, person_count: int) -> Iterable[list[str]]:
    """Everybody in the household of their home's tenancy."""
    for number in range(person_count):
        home = number % home_count
        relation = "TENANT" if number < home_count else "CHILD" if number % 2 else "SPOUSE"
        moved_in = (START + timedelta(days=home % 3000)).isoformat()
        yield [f"M{number}", f"T{home}", f"H{home}", f"P{number}", relation, moved_in, ""]


def write_all(folder: Path, person_count: int, home_count: int) -> list[Path]:
    """The four files."""
    return [
        write(folder / "members.csv", "MEMBER", members(home_count, person_count)),
        write(folder / "people.csv", "PERSON", people(person_count, home_count)),
        write(folder / "properties.csv", "PROPERTY", homes(home_count)),
        write(folder / "tenancies.csv", "TENANCY", tenancies(home_count, person_count)),
    ]


if __name__ == "__main__":
    sizes = [int(size) for size in sys.argv[2:4]] or [100_000, 40_000]
    for made in write_all(Path(sys.argv[1]), sizes[0], sizes[-1]):
        sys.stdout.write(f"{made}\n")
