"""Passwords people of this organisation would try first are refused (bar row 2)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

WORDS = ("amplius", "housing", "hatecrime", "longhurst", "grandunion")


class ContextWordValidator:
    """Refuse a password that is mostly one of our own words and little else."""

    def validate(self, password: str, user: Any = None) -> None:
        bare = "".join(letter for letter in password.lower() if letter.isalpha())
        for word in WORDS:
            bare = bare.replace(word, "")
        contains = any(
            word in "".join(ch for ch in password.lower() if ch.isalpha()) for word in WORDS
        )
        if contains and len(bare) < 8:
            raise ValidationError(
                "Choose a password that does not rest on the organisation's name or work."
            )

    def get_help_text(self) -> str:
        return "Do not rest it on the organisation's name or work."


class PaddedPasswordValidator:
    """Refuse a common password made long: two run together, or a few letters over and over.

    Few passwords of the list of common ones are as long as ours must be, so that the list
    alone would refuse almost nothing.
    """

    LONGEST_UNIT = 5

    def __init__(self) -> None:
        self.common: set[str] = CommonPasswordValidator().passwords

    def validate(self, password: str, user: Any = None) -> None:
        text = password.lower()
        halves = ((text[:cut], text[cut:]) for cut in range(1, len(text)))
        if any(first in self.common and second in self.common for first, second in halves):
            raise ValidationError("Choose a password that is not two common ones run together.")
        for length in range(1, self.LONGEST_UNIT + 1):
            unit = text[:length]
            if text and (unit * (len(text) // length + 1))[: len(text)] == text:
                raise ValidationError("Choose a password that does not repeat itself.")

    def get_help_text(self) -> str:
        return "Do not make a short password long by repeating it."
