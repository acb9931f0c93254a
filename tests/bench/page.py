"""Write docs/reference/bench.md from what was measured at each size."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "bench.md"
ABOUT = """# How fast it is

<!-- Written by `make bench`. -->

The real server (one process, production settings) is asked by one signed-in person on one
connection. Every figure is the median, over the rounds, of its time divided by that of a floor
asked right before and after it, on the same server, session and machine: absolute times mean
nothing on a machine that others use too. Floor **b** is one indexed query for 25 rows and a bare
template; floor **c** is one insert in a transaction and a redirect. Both pass the same middleware:
session, user, roles.
"""
REPORT_ABOUT = """
## The month's report

One report as the clockwork makes it: everything counted at one moment, then written and kept as
spreadsheet, tables and PDF, with full numbers and to share. Its floor is one plain pass over what
it counts: one statement for each table that any measure reads, which reads every row and counts
them by month. The PDFs are apart, in seconds of CPU of both together; memory is the most that its
process ever had.
"""


def main(sizes: list[int]) -> None:
    """The table of the largest size, with the growth since the smallest."""
    measured = {size: json.loads(kept(size).read_text()) for size in sizes if kept(size).exists()}
    reports = {
        size: json.loads(kept_report(size).read_text())
        for size in sizes
        if kept_report(size).exists()
    }
    PAGE.write_text(page(measured) + report_section(reports))


def kept_report(size: int) -> Path:
    """What ``tests.bench.report`` kept of a size."""
    return ROOT / "var" / "bench" / f"report-{size}.json"


def kept(size: int) -> Path:
    """What ``tests.bench.run`` kept of a size."""
    return ROOT / "var" / "bench" / f"figures-{size}.json"


def page(measured: dict[int, Any]) -> str:
    """The page as Markdown."""
    small, large = min(measured), max(measured)
    before = {figure["name"].split(", page")[0]: figure for figure in measured[small]["figures"]}
    floors = ", ".join(f"{name} {took:.1f} ms" for name, took in measured[large]["floors"].items())
    lines = [
        ABOUT,
        f"{large:,} cases, all of them open, with three incidents each, thirty timeline entries,",
        "every promise, row history and the ledger, made in bulk (`manage.py bulk_cases`), passing",
        f"`manage.py check_integrity`. Growth is against {small:,} cases. Floors: {floors}.",
        "",
        "| What | Times its floor | Budget | Queries | Growth | |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for figure in measured[large]["figures"]:
        first = before.get(figure["name"].split(", page")[0])
        growth = f"{figure['ratio'] / first['ratio']:.2f}" if first else ""
        few = not figure["most_queries"] or figure["queries"] <= figure["most_queries"]
        over = "" if few and figure["ratio"] <= figure["budget"] else "over"
        lines.append(
            f"| {figure['name']} | {figure['ratio']:.1f} x {figure['floor']} "
            f"| {figure['budget']:g} | {figure['queries']} | {growth} | {over} |"
        )
    return "\n".join(lines) + "\n"


def report_section(reports: dict[int, Any]) -> str:
    """What a month's report costs, by size; nothing if it was not measured."""
    if not reports:
        return ""
    lines = [
        REPORT_ABOUT,
        "| Cases | The pass | Counting | Writing | Times the pass | Budget | PDFs, CPU | Budget "
        "| Memory, and with PDFs | |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for size, found in sorted(reports.items()):
        within = found["ratio"] <= found["budget"] and found["pdf"] <= found["pdf_budget"]
        lines.append(
            f"| {size:,} | {found['floor']:.2f} s | {found['counting']:.1f} s "
            f"| {found['writing']:.1f} s | {found['ratio']:.1f} | {found['budget']:g} "
            f"| {found['pdf']:.1f} s | {found['pdf_budget']:g} s "
            f"| {found['memory']:.0f} MB, {found['memory_with_pdf']:.0f} MB "
            f"| {'' if within else 'over'} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
