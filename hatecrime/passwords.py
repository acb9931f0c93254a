"""Passwords people of this organisation would try first are refused (bar row 2)."""

from __future__ import annotations

from typing import Any

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
