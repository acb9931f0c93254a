"""What the browser is sent: small, from here, and without inline script or style."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "static" / "build"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FIRST_VISIT = 120_000  # bytes as sent, page included (bar 6)
PAGE = 25_000  # what is left of that for the page itself


def sent(name: str) -> int:
    content = (BUILD / name).read_bytes()
    return len(content) if name.endswith("woff2") else len(gzip.compress(content, 6))


def test_a_first_visit_is_small() -> None:
    font = "fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2"
    assert sum(map(sent, ("app.css", "app.js", "start.js", font))) < FIRST_VISIT - PAGE


def test_the_styles_ask_nobody_else_for_anything() -> None:
    css = (BUILD / "app.css").read_text()
    addresses = set(re.findall(r"url\(([^)]*)\)", css))
    assert addresses
    for address in addresses:
        assert (BUILD / address.strip("\"'")).is_file(), address
    assert "GDS Transport" not in css
    assert "@import" not in css


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_what_the_content_policy_blocks(template: Path) -> None:
    html = re.sub(r"\{#.*?#\}", "", template.read_text())
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html), "inline style or script"
    for script in re.findall(r"<script[^>]*>", html):
        assert "src=" in script or "application/json" in script, script
    for address in re.findall(r"(?:src|href)=\"(https?:)?//", html):
        pytest.fail(f"asks another site: {address}")


def test_every_component_says_its_parameters_first() -> None:
    components = [
        path
        for path in (ROOT / "templates" / "components").rglob("*.html")
        if "icons" not in path.parts and not path.name.startswith("gallery")
    ]
    assert len(components) > 30
    silent = [path.name for path in components if not path.read_text().startswith("{#")]
    assert silent == []
