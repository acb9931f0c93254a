"""A page that is one form: heading, what to know first, the form, one button."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cases.staff.models import User


def form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    heading: str,
    button: str,
    page_name: str = "",
    about: User | None = None,
    back: str = "",
    back_text: str = "",
    words: str = "",
    warning: bool = False,
) -> HttpResponse:
    """Show the form.  ``about`` is the user it is about: their name stands over the heading.

    ``page_name`` is the title where the heading holds words somebody typed: a title stays in
    the browser's history.
    """
    if about is not None:
        back = back or reverse("staff:user", args=[about.pk])
        back_text = back_text or about.full_name
    return render(
        request,
        "staff/form.html",
        {
            "form": form,
            "heading": heading,
            "page_name": page_name or heading,
            "button": button,
            "person": about,
            "back": back,
            "back_text": back_text,
            "words": words,
            "warning": warning,
        },
    )
