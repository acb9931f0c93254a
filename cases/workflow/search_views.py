"""Search.  A POST that shows what it found: what people said is never in an address."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from cases.access import Grant
from cases.audit.pages import StaffRequest, page
from cases.workflow.search_forms import SearchForm
from cases.workflow.search_queries import search


@page(Grant.SEARCH, methods=("GET", "POST"))
def search_cases(request: StaffRequest) -> HttpResponse:
    """The box, and what it found."""
    if request.method != "POST":
        return render(request, "workflow/search.html", {"form": SearchForm()})
    form = SearchForm(request.POST)
    if not form.is_valid():
        return render(request, "workflow/search.html", {"form": form})
    text = form.cleaned_data["text"]
    found = search(request.actor, text, page=form.cleaned_data["page"], digest=digest_of(text))
    return render(request, "workflow/search.html", {"form": form, "found": found, "text": text})


def digest_of(text: str) -> str:
    """The same for the same words, and of no use to find out what they were."""
    return salted_hmac("search", " ".join(text.casefold().split()), algorithm="sha256").hexdigest()[
        :16
    ]
