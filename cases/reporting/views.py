"""The monitoring reports."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from cases.access import Grant
from cases.audit.pages import StaffRequest, page


@page(Grant.SEE_MONITORING)
def monitoring(request: StaffRequest) -> HttpResponse:
    """The newest report, and the way to everything else."""
    return render(request, "reporting/monitoring.html", {})
