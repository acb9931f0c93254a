"""References that read well aloud and reveal nothing by their order.

Year and random letters and digits from an alphabet without look-alikes or vowels
(so no words; 2, 5 and 8 stay and Z, S are left out, as are 0, 1, I, L and O).  Pure.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

ALPHABET = "23456789BCDFGHJKMNPQRTVWXY"

CASE = re.compile(rf"HC-\d{{4}}-[{ALPHABET}]{{4,6}}")
REPORT = re.compile(rf"R-\d{{4}}-[{ALPHABET}]{{5}}")
PERSON = re.compile(rf"P-[{ALPHABET}]{{6}}")


def _letters(count: int, choose: Callable[[str], str]) -> str:
    return "".join(choose(ALPHABET) for _ in range(count))


def case_reference(year: int, choose: Callable[[str], str] = secrets.choice) -> str:
    """A new case reference, such as ``HC-2026-7K4R``.  Uniqueness is the database's."""
    return f"HC-{year}-{_letters(4, choose)}"


def report_reference(year: int, choose: Callable[[str], str] = secrets.choice) -> str:
    """A new report reference, such as ``R-2026-7K4RW``."""
    return f"R-{year}-{_letters(5, choose)}"


def person_reference(choose: Callable[[str], str] = secrets.choice) -> str:
    """A new person reference, such as ``P-7K4RWD``."""
    return f"P-{_letters(6, choose)}"


def tidy(text: str) -> str:
    """A reference as typed, in the form it is stored: spaces, case and dashes forgiven."""
    bare = re.sub(r"[^A-Z0-9]", "", text.upper())
    for pattern, parts in (
        (r"(HC)(\d{4})(\w{4,6})", 3),
        (r"(R)(\d{4})(\w{5})", 3),
        (r"(P)(\w{6})", 2),
    ):
        if match := re.fullmatch(pattern, bare):
            return "-".join(match.group(i + 1) for i in range(parts))
    return text.strip().upper()
