"""Lists of the numbers of rows, by the hundred thousand, as a column.

Django looks at every element of an array, several times, when it is validated and written;
for what lies behind a month's figures that took as long as counting it.  psycopg writes a list
of whole numbers as it is, and PostgreSQL takes nothing else in such a column.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField


class IdList(ArrayField):  # type: ignore[type-arg]
    """An array of whole numbers that is handed to the database without looking at each."""

    def clean(self, value: Any, model_instance: Any) -> Any:
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return value
