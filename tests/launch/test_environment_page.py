"""docs/reference/environment.md names exactly what the code reads from the environment."""

import re

from tests.launch.machine import ROOT

READ = re.compile(
    r"""(?:\benv(?:\.\w+)?\(|os\.environ\.get\(|os\.environ\[)\s*["']([A-Z][A-Z_]+)["']"""
)
HELPERS = (ROOT / "tests" / "browsing.py", ROOT / "tests" / "databases.py")
NOT_OURS = {"PATH", "DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE"}


def test_the_page_and_the_code_name_the_same():
    sources = [*ROOT.glob("hatecrime/*.py"), *ROOT.glob("tools/*.py"), *HELPERS]
    read = {name for path in sources for name in READ.findall(path.read_text())} - NOT_OURS
    page = (ROOT / "docs" / "reference" / "environment.md").read_text()
    rows = "\n".join(line.split("|")[1] for line in page.splitlines() if line.startswith("|"))
    assert set(re.findall(r"`([A-Z_]+)`", rows)) == read
