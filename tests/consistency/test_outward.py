"""Nothing leaves but through the gate: every way out in the code, and why it is there.

A way out that is not in ``WHY`` fails; so does a reason for one that is gone.  Source: domain
7.4 ("used by every outward path"), docs/decisions/0024-one-gate.md.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.consistency.outward import ways_out

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    path
    for folder in ("cases", "hatecrime")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts and "demo" not in path.parts
)
GATE = "cases/disclosures/gate.py"
NO_CONTENT = "A mail to a colleague that says to sign in: a reference, no name and no words."
SHOWN = "The gate’s own bytes, shown or handed to whoever is signed in."
OWN_ANSWER = "A page of ours, of Django’s or of a browser’s own, to whoever is signed in."
NOT_READ = "Says that the bytes are not to be read with the row."

WHY: dict[tuple[str, str], tuple[int, str]] = {
    # The gate itself, and the page before it is a file.
    (GATE, "send"): (3, "The gate."),
    (GATE, "bytes"): (1, "The gate."),
    ("cases/disclosures/gate_facts.py", "bytes"): (1, "Hashed for the gate, and nothing else."),
    ("cases/disclosures/pack_making.py", "bytes"): (2, "The new page, on its way to its row."),
    ("cases/disclosures/pdf.py", "bytes"): (1, "The new page’s size."),
    ("cases/disclosures/pack_queries.py", "bytes"): (1, NOT_READ),
    ("cases/workflow/desk/views.py", "bytes"): (1, NOT_READ),
    ("cases/workflow/disclosing/loading.py", "bytes"): (1, NOT_READ),
    ("cases/workflow/desk/views.py", "answer"): (1, SHOWN),
    ("cases/workflow/disclosing/sending_views.py", "answer"): (1, SHOWN),
    ("cases/workflow/asking/after_views.py", "send"): (1, "An empty row, never kept: for a form."),
    # Mail, to colleagues alone.
    ("cases/disclosures/alerting.py", "module"): (1, NO_CONTENT),
    ("cases/disclosures/alerting.py", "mail"): (1, NO_CONTENT),
    ("cases/risk/message_operations.py", "module"): (1, NO_CONTENT),
    ("cases/risk/message_operations.py", "mail"): (1, NO_CONTENT),
    ("cases/workflow/watch_operations.py", "module"): (1, NO_CONTENT),
    ("cases/workflow/watch_operations.py", "mail"): (1, NO_CONTENT),
    # Answers to our own staff.
    ("cases/audit/masking.py", "bytes"): (2, "A response under way, its names covered."),
    ("cases/audit/pages.py", "bytes"): (1, "A response under way, looked at to be recorded."),
    ("cases/workflow/case_views.py", "answer"): (1, "Empty: a page was printed."),
    ("cases/workflow/looks_views.py", "answer"): (1, "Who looked at a case, for its own team."),
    ("cases/workflow/person_home_views.py", "answer"): (1, "An import’s errors, to the importer."),
    ("hatecrime/errors.py", "answer"): (1, OWN_ANSWER),
    ("hatecrime/health.py", "answer"): (1, "One word: ok, or not."),
    # The monthly report: counts, of which the version to share tells nobody apart.
    ("cases/reporting/files.py", "bytes"): (3, "A report’s own bytes, on their way to its row."),
    ("cases/reporting/run_operations.py", "bytes"): (1, "A report, to whoever may download it."),
    ("cases/reporting/run_queries.py", "bytes"): (1, NOT_READ),
    ("cases/reporting/run_views.py", "answer"): (1, "A report, to whoever may download it."),
    # The server and its database, on this machine.
    ("hatecrime/gunicorn_worker.py", "module"): (1, "The web server’s own socket."),
    ("hatecrime/postgres.py", "module"): (1, "The database’s socket, on this machine."),
    ("hatecrime/postgres_programs.py", "module"): (1, "The database’s own programs."),
    ("hatecrime/management/commands/bench.py", "module"): (1, "Measures, on made-up cases."),
}
"""How many ways of a kind a file holds, and why they may be there."""


@cache
def ways() -> Counter[tuple[str, str]]:
    """How many ways of each kind each file holds."""
    return Counter(
        (str(path.relative_to(ROOT)), way.kind)
        for path in SOURCES
        for way in ways_out(path.read_text())
    )


@pytest.mark.parametrize("way", sorted({*ways(), *WHY}), ids=" ".join)
def test_each_way_out_has_its_reason(way: tuple[str, str]) -> None:
    """As many as were looked at, neither one more nor one that is gone."""
    found, (known, why) = ways()[way], WHY.get(way, (0, ""))
    assert found == known, f"{way[0]}: {found} of {way[1]}, {known} with a reason"
    assert why


def test_only_the_gate_says_that_something_went() -> None:
    """Nobody else keeps a send; the bytes are handed out there alone."""
    kept = {file for (file, kind), (_, why) in WHY.items() if kind == "send" and "never" not in why}
    assert kept == {GATE}


PLANTED = (
    ("mail", "from django.core import mail\nmail.send_mail('x', words, None, [to])", "mail"),
    ("a mail of parts", "EmailMultiAlternatives(body=item.text).send()", "mail"),
    ("their portal", "import requests\nrequests.post(unit.portal, data=words)", "module"),
    ("within a function", "def go():\n    from urllib.request import urlopen", "module"),
    ("a hidden import", "__import__('smtplib').SMTP(host)", "module"),
    ("by name", "import importlib\nimportlib.import_module('http.client')", "module"),
    ("another program", "import subprocess\nsubprocess.run(['curl', there])", "module"),
    ("the bytes, shown", "HttpResponse(pack.files.get().content)", "bytes"),
    ("the bytes, picked", "PackFile.objects.values_list('content', flat=True)", "bytes"),
    ("the bytes, streamed", "FileResponse(open(path, 'rb'))", "answer"),
    ("a send past the gate", "Send(pack=pack, file=file).save()", "send"),
    ("a send in bulk", "models.Send.objects.bulk_create(rows)\nSend.objects.create()", "send"),
)


@pytest.mark.parametrize(("called", "source", "kind"), PLANTED, ids=[row[0] for row in PLANTED])
def test_a_planted_way_out_is_found(called: str, source: str, kind: str) -> None:
    assert kind in {way.kind for way in ways_out(source)}, called


def test_a_way_planted_into_our_own_code_is_found() -> None:
    """The same look at a file as it is and with one line more."""
    file = ROOT / "cases/disclosures/pack_queries.py"
    line = "\n\ndef leak(pack):\n    return HttpResponse(pack.files.first().content)\n"
    before, after = file.read_text(), file.read_text() + line
    more = Counter(way.kind for way in ways_out(after)) - Counter(
        way.kind for way in ways_out(before)
    )
    assert more == {"answer": 1, "bytes": 1}
