"""A report as it is downloaded: each version of it as PDF, spreadsheet and CSV.

Source: issue "monthly report"; domain 5.4 and 5.6.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cases.reporting import exports, pdf
from cases.reporting.choices import FileKind, Profile
from cases.reporting.composing import compose
from cases.reporting.models import ReportFile, Snapshot
from cases.reporting.showing import Report
from cases.reporting.suppression import Limits

MEDIA: Mapping[str, tuple[str, str]] = {
    FileKind.PDF: ("application/pdf", "pdf"),
    FileKind.XLSX: ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    FileKind.CSV: ("application/zip", "zip"),
}
"""What each kind of file is to a browser, and how its name ends."""


@dataclass(frozen=True)
class Written:
    """A file's bytes, and how many pages they are, if it has pages."""

    content: bytes
    pages: int | None = None


def _pdf(report: Report) -> Written:
    made = pdf.render(report)
    return Written(made.content, made.pages)


WRITERS: Mapping[str, Callable[[Report], Written]] = {
    FileKind.PDF: _pdf,
    FileKind.XLSX: lambda report: Written(exports.xlsx(report)),
    FileKind.CSV: lambda report: Written(exports.csv_zip(report)),
}


def profiles_of(snapshot: Snapshot) -> list[Profile]:
    """The versions a snapshot has: no version to share if that is withheld (differencing)."""
    return [Profile.INTERNAL] if snapshot.figures.get("withheld") else list(Profile)


def draw_files(
    snapshot: Snapshot, limits: Limits, at: datetime, told: Callable[[int, str], None]
) -> list[ReportFile]:
    """Every file of a snapshot, not kept yet; ``told`` of a hundred how far that is."""
    profiles = profiles_of(snapshot)
    files: list[ReportFile] = []
    for profile in profiles:
        report = compose(snapshot, profile, limits)
        for kind, write in WRITERS.items():
            done = 100 * len(files) // (len(profiles) * len(WRITERS))
            told(done, f"Writing: {profile.label}, {FileKind(kind).label}")
            written = write(report)
            files.append(
                ReportFile(
                    profile=profile,
                    kind=kind,
                    content=written.content,
                    sha256=sha256(written.content).hexdigest(),
                    pages=written.pages,
                    made_at=at,
                )
            )
    told(100, "Everything is written")
    return files


def name_of(file: ReportFile) -> str:
    """What a file is called on a disk: the month, the company, the version; nothing else."""
    run = file.snapshot.run
    company = f"-{run.entity.code.lower()}" if run.entity else ""
    _, ending = MEDIA[file.kind]
    return f"monthly-report-{run.first:%Y-%m}{company}-{file.profile}.{ending}"
