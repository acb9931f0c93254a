"""How words in accounts and notes are indexed and asked for: one expression for both.

PostgreSQL uses an index on an expression only for the same expression, so it is said here once.
"""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Left, Replace, Upper

LANGUAGE = "english"
_DASHES = re.compile(r"(?<!\w)-+")
# A search document holds at most a megabyte: the rest of a longer account is not searched.
SEARCHED = 100_000


def words_vector(field: str) -> SearchVector:
    """The words of a text column, without their endings."""
    return SearchVector(Left(F(field), SEARCHED), config=LANGUAGE)


def plain_words(text: str) -> str:
    """What was typed, so that nothing anybody types is an error in a query.

    A dash before a word would mean "without it", which nobody intends here, and PostgreSQL
    refuses a long run of dashes.
    """
    return _DASHES.sub(" ", text)


def words_query(text: str) -> SearchQuery:
    """What was typed, as a query."""
    return SearchQuery(plain_words(text), config=LANGUAGE, search_type="websearch")


def bare_reference(field: str) -> Func:
    """A reference of another organisation without its spaces, in capitals."""
    return Upper(Replace(F(field), Value(" "), Value("")), output_field=TextField())
