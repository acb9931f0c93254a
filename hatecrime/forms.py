"""How every form is drawn: GOV.UK's anatomy, from one template (docs: ``templates/forms``).

``{{ form }}`` draws all fields, ``{{ form.name.as_field_group }}`` one, and
``{% include "forms/form.html#summary" %}`` the list of errors for the top of the page.
"""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input

COVERED = "govuk-input govuk-password-input__input govuk-js-password-input-input"

# First match wins, so a special widget stands before the one it is made from.
KINDS: tuple[tuple[type[forms.Widget], str, str], ...] = (
    (forms.HiddenInput, "hidden", ""),
    (forms.CheckboxSelectMultiple, "checkboxes", ""),
    (forms.RadioSelect, "radios", ""),
    (forms.CheckboxInput, "checkbox", "govuk-checkboxes__input"),
    (forms.MultiWidget, "group", ""),
    (forms.Textarea, "text", "govuk-textarea"),
    (forms.Select, "text", "govuk-select"),
    (forms.FileInput, "text", "govuk-file-upload"),
    (forms.PasswordInput, "password", COVERED),
    (Input, "text", "govuk-input"),
)


class GovukBoundField(forms.BoundField):
    """A field that knows which anatomy it has, and which element a link to its error goes to."""

    @property
    def kind(self) -> str:
        """The branch of ``forms/form.html#field`` that draws this field."""
        return _anatomy(self.field.widget)[0]

    @property
    def error_target(self) -> str:
        """The id a line of the error summary links to.

        Radios, checkboxes and dates have no element of their own id: the first of their parts.
        """
        parts = self.kind in ("radios", "checkboxes", "group")
        return f"{self.auto_id}_0" if parts else self.id_for_label or self.auto_id

    @property
    def problems(self) -> list[str]:
        """The sentences of its errors. Django's "This field is required." names no field."""
        default = str(forms.Field.default_error_messages["required"])
        return [self._missing() if error == default else error for error in map(str, self.errors)]

    def _missing(self) -> str:
        label = str(self.label)
        if self.kind in ("text", "password") and not label.endswith("?"):
            chosen = isinstance(self.field.widget, forms.Select | forms.FileInput)
            verb = "Choose" if chosen else "Enter"
            return f"{verb} {label[:1].lower()}{label[1:]}"
        return f"Answer “{label}”"

    @property
    def optional(self) -> bool:
        """Whether the label says so. A form where nothing is required sets mark_optional False.

        A field that is needed with some answers and not with others sets ``needed_sometimes``:
        its hint says when.
        """
        marked: bool = getattr(self.form, "mark_optional", True)
        marked = marked and not getattr(self.field, "needed_sometimes", False)
        return marked and not self.field.required and self.kind in ("text", "password")

    @property
    def options(self) -> list[dict[str, Any]]:
        """The choices as values for ``components/radios.html`` and ``components/checkboxes.html``.

        Hints, and headings above a choice, come from the widget's, by value.
        """
        hints = getattr(self.field.widget, "hints", {})
        headings = getattr(self.field.widget, "headings", {})
        return [
            {
                "value": option.data["value"],
                "text": option.choice_label,
                "checked": option.data["selected"],
                "hint": hints.get(str(option.data["value"]), ""),
                "heading": headings.get(str(option.data["value"]), ""),
                "id": option.id_for_label,
            }
            for option in self.subwidgets
        ]

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        """GOV.UK's class for this widget; never ``required``, which stops a form half-way down."""
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        built.pop("required", None)
        css = _anatomy(widget)[1]
        if css:
            own = [css, widget.attrs.get("class", "")]
            error = f"{css.split()[0]}--error" if self.errors else ""
            built["class"] = " ".join(filter(None, [*own, error]))
        if css in ("govuk-input", "govuk-textarea", COVERED):
            # A placeholder goes when it is needed: the label says it.
            built["placeholder"] = False
            # What is typed here is about other people: the browser is not to remember it.
            built.setdefault("autocomplete", widget.attrs.get("autocomplete", "off"))
        return built


def _anatomy(widget: forms.Widget) -> tuple[str, str]:
    for kind, branch, css in KINDS:
        if isinstance(widget, kind):
            return branch, css
    return "text", ""


class GovukRenderer(TemplatesSetting):
    """The project's form renderer (``FORM_RENDERER``)."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/form.html#field"
    bound_field_class = GovukBoundField
