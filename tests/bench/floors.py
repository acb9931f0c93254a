"""The least a page can cost here: the same server, middleware and session, and nothing else.

(a) a constant page of 30 kB; (b) one indexed query for 25 rows and a bare template of 25 rows;
(c) one insert in a transaction and a redirect.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

PAGE = ("<p>" + "Thirty thousand bytes of nothing in particular. " * 5 + "</p>\n") * 122
ROWS = "SELECT id, reference, stage FROM casework_case ORDER BY id LIMIT 25"
INSERT = "INSERT INTO bench_floor (what) VALUES ('one row') RETURNING id"
TABLE = """
    CREATE TABLE IF NOT EXISTS bench_floor (id bigserial PRIMARY KEY, what text NOT NULL);
    GRANT SELECT, INSERT ON bench_floor TO hatecrime_app;
    GRANT USAGE ON SEQUENCE bench_floor_id_seq TO hatecrime_app;
"""


def constant(request: HttpRequest) -> HttpResponse:
    """Floor (a)."""
    return HttpResponse(PAGE)


def rows(request: HttpRequest) -> HttpResponse:
    """Floor (b)."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        found = cursor.fetchall()
    return render(request, "bench/rows.html", {"rows": found})


def insert(request: HttpRequest) -> HttpResponse:
    """Floor (c)."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT)
    return HttpResponseRedirect("/floor/b/")
