"""How many statements a request ran, in a header: beginning and ending transactions aside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

TRANSACTION = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


class CountQueries:
    """Adds ``X-Queries`` to every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count = 0

        def counting(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
            nonlocal count
            if not str(sql).startswith(TRANSACTION):
                count += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(counting):
            response = self.get_response(request)
        response.headers["X-Queries"] = str(count)
        return response
