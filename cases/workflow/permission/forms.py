"""One conversation about one agency, and taking a yes back: nothing is chosen beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from cases.calendar import add_months
from cases.consent import asking, rules
from cases.consent.choices import Again, Aid, How, Reply, Scope, Standing, Until
from cases.consent.rules import Conversation
from cases.fields import Checkboxes, DateField, Radios
from cases.workflow.forms import CaseForm

AS_IT_WAS = "NOT_ASKED"
ANSWERS = ((Reply.GIVEN.value, "Yes"), (Reply.REFUSED.value, "No"), (AS_IT_WAS, "Not asked"))
HINT_KNOWN = (
    "They may not say what they would say alone, and others may hear of it. Ask again with "
    "somebody from outside."
)


@dataclass(frozen=True)
class Asked:
    """What a conversation is about: whom, what stood before, and the words to ask with.

    ``name`` is what to call them; ``silent`` whether they asked not to be asked again.
    """

    name: str
    standing: Mapping[str, Standing]
    strands: frozenset[str]
    today: date
    months: int
    child: bool
    silent: bool

    @property
    def said_no(self) -> bool:
        """Whether asking about something needs a reason (HC-42)."""
        return self.silent or bool(rules.NO_BEFORE & set(self.standing.values()))


def field_of(scope: str) -> str:
    """The form's name for one question."""
    return f"ask_{scope.lower()}"


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ConversationForm(CaseForm):
    """What somebody said about one agency, one thing at a time."""

    mark_optional = False  # hardly anything is needed, so nothing says so

    words = forms.CharField(required=False, widget=_lines(3))
    conditions = forms.CharField(
        label="Any conditions", required=False, help_text="Such as “Not the officer who came”."
    )
    how = forms.ChoiceField(label="How it was asked", choices=How.choices, widget=Radios)
    until = forms.ChoiceField(label="Until", required=False, widget=Radios)
    until_on = DateField(
        label="The last day, if another date", required=False, subject="The last day"
    )
    not_again = forms.BooleanField(label="They asked not to be asked again", required=False)
    again = forms.ChoiceField(
        label="Why were they asked again?", choices=Again.choices, required=False, widget=Radios
    )
    again_words = forms.CharField(label="What changed", required=False, widget=_lines(2))
    aids = forms.MultipleChoiceField(
        label="What helped", choices=Aid.choices, required=False, widget=Checkboxes
    )
    interpreter = forms.CharField(label="Who interpreted, and from where", required=False)
    interpreter_known = forms.BooleanField(
        label="The interpreter is a relative, or from the same community",
        required=False,
        help_text=HINT_KNOWN,
    )
    guardian = forms.CharField(label="A parent or guardian who answered", required=False)
    guardian_basis = forms.CharField(label="Why they may answer", required=False)
    childs_view = forms.CharField(
        label="What the child wants, in their own words", required=False, widget=_lines(2)
    )
    lacks = forms.BooleanField(label="They cannot decide this now", required=False)
    decided_by = forms.CharField(
        label="Who decided what is best for them, and with whom", required=False
    )
    best_interests = forms.CharField(
        label="What was decided, and why it is best for them", required=False, widget=_lines(2)
    )

    def __init__(self, *args: Any, asked: Asked, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = asked
        for scope in Scope.values:
            self.fields[field_of(scope)] = forms.ChoiceField(
                label=asking.question(scope, asked.strands),
                choices=ANSWERS,
                required=False,
                widget=Radios,
                error_messages={"invalid_choice": "Choose Yes, No or Not asked."},
            )
        self.fields["words"].label = f"In {whose(asked.name)} words"
        end = add_months(asked.today, asked.months)
        months = f"{asked.months} months from now, {end.day} {end:%B %Y}"
        until = [(Until.MONTHS.value, months), *Until.choices[1:]]
        self.fields["until"].choices = until  # type: ignore[attr-defined]
        if not asked.said_no:
            del self.fields["again"], self.fields["again_words"]

    @property
    def replies(self) -> dict[str, str]:
        """What was answered, by scope; what was not asked is left out."""
        said = self.cleaned_data
        if said.get("lacks"):
            return dict.fromkeys(Scope.values, Reply.LACKS_CAPACITY.value)
        asked = {scope: said.get(field_of(scope), "") for scope in Scope.values}
        return {scope: reply for scope, reply in asked.items() if reply not in ("", AS_IT_WAS)}

    @property
    def ends(self) -> list[str]:
        """The scopes with a yes now that would have none afterwards."""
        yes = {scope for scope, now in self.of.standing.items() if now == Standing.GIVEN}
        ended = (Reply.REFUSED, Reply.LACKS_CAPACITY)
        replies = self.replies
        return [scope for scope in Scope.values if scope in yes and replies.get(scope) in ended]

    @property
    def details(self) -> dict[str, Any]:
        """What the operation takes beside the answers."""
        names = ("aids", "interpreter", "interpreter_known", "guardian", "guardian_basis")
        more = ("childs_view", "decided_by", "best_interests", "again", "again_words", "not_again")
        said = self.cleaned_data
        return {name: said[name] for name in (*names, *more) if said.get(name)}

    def clean(self) -> dict[str, Any]:
        """Whatever the rules still need, beside the field it is about."""
        said = super().clean() or self.cleaned_data
        said["until"] = said.get("until") or Until.MONTHS.value
        if said.get("lacks") and any(said.get(field_of(scope)) for scope in Scope.values):
            self.add_error(
                "lacks", "Leave the six questions alone, or say that they can decide this."
            )
            return said
        if "how" not in said or "until_on" not in said:
            return said  # said already beside the field
        self._judge(said)
        return said

    def _judge(self, said: Mapping[str, Any]) -> None:
        facts = Conversation(
            replies=self.replies,
            how=said["how"],
            until=said["until"],
            until_on=said["until_on"],
            today=self.of.today,
            child=self.of.child,
            silent=self.of.silent,
            before=self.of.standing,
            **self.details,
        )
        for name, sentence in rules.missing(facts):
            self.add_error(self._beside(name), sentence)

    def _beside(self, name: str) -> str:
        """The field that a sentence of the rules stands beside."""
        return {"replies": field_of(Scope.FACTS), "capacity": "lacks"}.get(name, name)


def whose(name: str) -> str:
    """Whose words: "Amara’s"; somebody who is not named here, "their"."""
    return f"{name}’s" if name != "them" else "their"


class TellForm(forms.Form):
    """Whether whoever was told already is to hear that permission was taken back."""

    tell = forms.ChoiceField(
        label="Do they want whoever was told to know that it is taken back?",
        choices=(("YES", "Yes, tell them"), ("NO", "No, leave it")),
        widget=Radios,
        error_messages={"required": "Ask if whoever was told is to know."},
    )


class WithdrawForm(CaseForm):
    """What somebody takes back, and in which words."""

    scopes = forms.MultipleChoiceField(
        label="What do they take back?",
        widget=Checkboxes,
        error_messages={"required": "Choose what they take back."},
    )
    words = forms.CharField(required=False, widget=_lines(3))
    how = forms.ChoiceField(label="How did they say so?", choices=How.choices, widget=Radios)

    def __init__(
        self, *args: Any, name: str, yes: Iterable[str], gone: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (scope, Scope(scope).label) for scope in Scope.values if scope in set(yes)
        ]
        self.fields["words"].label = f"In {whose(name)} words"
        if gone:
            self.fields["tell"] = TellForm().fields["tell"]
