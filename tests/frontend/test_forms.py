"""One template draws every form (hatecrime.forms, templates/forms)."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.template import Context, Template

from cases.fields import Checkboxes, DateField, MomentField, Radios
from hatecrime.forms import GovukRenderer


class Everything(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name", help_text="As they gave it")
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    on = DateField(label="When", subject="The day it happened")
    at = MomentField(label="When you rang")
    how = forms.ChoiceField(
        label="How",
        choices=[("ring", "Rang"), ("text", "Text")],
        widget=Radios(hints={"ring": "Hm"}),
    )
    kinds = forms.MultipleChoiceField(
        label="Kinds", choices=[("a", "A"), ("b", "B")], widget=Checkboxes(hints={"b": "Rare"})
    )
    story = forms.CharField(label="What happened?", widget=forms.Textarea)
    sure = forms.BooleanField(label="Read back")
    team = forms.ChoiceField(label="Team", choices=[("", ""), ("n", "North")])
    paper = forms.FileField(label="Paper")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


class Elements(HTMLParser):
    """Every element of some HTML as (tag, attributes)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def having(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.found if name in attributes]


def whole(form: forms.Form) -> str:
    page = '{% include "forms/form.html#summary" %}<form>{{ form }}</form>'
    return Template(page).render(Context({"form": form}))


@pytest.fixture
def refused() -> Elements:
    return Elements(whole(Everything({})))


def test_it_is_the_renderer_of_every_form() -> None:
    assert isinstance(Everything().renderer, GovukRenderer)


def test_each_line_of_the_summary_goes_to_an_element_of_its_field(refused: Elements) -> None:
    targets = [href.removeprefix("#") for href in refused.having("href")]
    assert len(targets) == 10
    assert set(targets) <= set(refused.having("id"))
    assert {"id_how_0", "id_kinds_0", "id_on_0", "id_at_0", "id_name", "id_sure"} <= set(targets)


def test_what_is_described_by_something_has_it_on_the_page(refused: Elements) -> None:
    described = " ".join(refused.having("aria-describedby")).split()
    assert {"id_name_helptext", "id_name_error", "id_how_error", "id_how_0-hint"} <= set(described)
    assert set(described) <= set(refused.having("id"))


def test_ids_are_given_once(refused: Elements) -> None:
    ids = refused.having("id")
    assert len(ids) == len(set(ids))


def test_every_label_names_an_element(refused: Elements) -> None:
    labels = [at["for"] for tag, at in refused.found if tag == "label"]
    assert labels
    assert set(labels) <= set(refused.having("id"))


def test_each_widget_has_its_own_class(refused: Elements) -> None:
    css = {
        at["name"]: at.get("class", "")
        for tag, at in refused.found
        if tag in ("input", "textarea", "select") and "name" in at
    }
    assert css["name"] == "govuk-input govuk-input--error"
    assert css["secret"].endswith("govuk-js-password-input-input govuk-input--error")
    assert css["story"] == "govuk-textarea govuk-textarea--error"
    assert css["team"] == "govuk-select govuk-select--error"
    assert css["paper"] == "govuk-file-upload govuk-file-upload--error"
    assert css["how"] == "govuk-radios__input"
    assert css["kinds"] == "govuk-checkboxes__input"
    assert (
        css["on_day"]
        == "govuk-input govuk-date-input__input govuk-input--width-2 govuk-input--error"
    )
    assert css["token"] == ""


def test_nothing_is_required_by_the_browser_or_remembered_by_it(refused: Elements) -> None:
    assert refused.having("required") == []
    typed = [at for tag, at in refused.found if tag == "textarea" or at.get("type") == "text"]
    assert {at["autocomplete"] for at in typed} == {"off"}


def test_a_password_is_still_for_the_browser_to_keep() -> None:
    class SignIn(forms.Form):
        """As django-allauth asks for it."""

        password = forms.CharField(widget=forms.PasswordInput({"autocomplete": "current-password"}))

    assert Elements(str(SignIn())).having("autocomplete") == ["current-password"]


def test_a_missing_answer_is_named() -> None:
    words = re.findall(r'<li><a href="#\w+">(.*?)</a></li>', whole(Everything({})))
    assert words == [
        "Enter name",
        "Enter password",
        "Enter the day it happened",
        "Enter date",
        "Answer “How”",
        "Answer “Kinds”",
        "Answer “What happened?”",
        "Answer “Read back”",
        "Choose team",
        "Choose paper",
    ]


def test_an_unbound_form_has_no_summary() -> None:
    assert "govuk-error" not in whole(Everything())


def test_errors_of_the_whole_form_are_in_the_summary() -> None:
    form = Everything({})
    form.add_error(None, "The two dates are the wrong way round")
    assert "<li>The two dates are the wrong way round</li>" in whole(form)


def test_optional_is_said_only_where_something_else_is_not() -> None:
    class Notes(forms.Form):
        """Nothing here has to be given."""

        note = forms.CharField(required=False)

    assert "(optional)" in str(Notes())
    Notes.mark_optional = False  # type: ignore[attr-defined]
    assert "(optional)" not in str(Notes())


def test_what_was_chosen_stays_chosen() -> None:
    html = Elements(str(Everything({"how": "text", "kinds": ["b"]})))
    chosen = [(at["name"], at["value"]) for _, at in html.found if "checked" in at]
    assert chosen == [("how", "text"), ("kinds", "b")]


def test_what_a_person_typed_is_never_markup() -> None:
    html = str(Everything({"name": '"><script>x</script>', "story": "</textarea><b>"}))
    assert "<script>" not in html
    assert "<b>" not in html
