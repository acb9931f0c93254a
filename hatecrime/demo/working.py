"""Working a case, as its officers would: each duty done in its turn until the demo's present."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from cases.access import Actor
from cases.audit.context import Read
from cases.audit.ledger import record_access
from cases.casework import operations as ops
from cases.casework.choices import ClockState, ContactKind, NoteKind, Part, Stage
from cases.casework.clock_operations import running_kinds
from cases.casework.clocks import DUTIES, ClockKind, MetBy
from cases.casework.models import Case, Clock, Involvement
from cases.casework.rules import needed_to_leave
from cases.people.choices import Reach
from cases.people.models import SafeContact
from cases.people.operations import change_person
from cases.risk.levels import HIGH_KINDS
from hatecrime.demo.desk import Desk
from hatecrime.demo.permission import ask_who_may_be_told
from hatecrime.demo.population import UNTRAINED
from hatecrime.demo.records import keep_records
from hatecrime.demo.risks import assess
from hatecrime.demo.stories import Story, Turn

ORDER = (Stage.CONTACT, Stage.ASSESS, Stage.PLAN, Stage.INVESTIGATE, Stage.MONITOR)
TRAINING = "Their training is booked for next week and nobody else is free."
WORDS: dict[str, str] = {
    ClockKind.CHILDREN: "Asked how the children are sleeping and about school.",
    ClockKind.POLICE: "Said once what the police can do. Their choice is respected.",
    ClockKind.SUPPORT_OWN: "Offered our tenancy support and a named contact.",
    ClockKind.SUPPORT_SPECIALIST: "Gave the number of the local specialist service.",
    ClockKind.SUPPORT_THIRD_PARTY: "Offered support and asked about their own safety.",
    ClockKind.PERMISSION: "Went through each agency and wrote down every answer.",
    ClockKind.ACTION_PLAN: "Agreed what we do, by when, and how we keep in touch.",
    ClockKind.GRAFFITI_PHOTO: "Photographed from three sides before it was cleaned.",
    ClockKind.GRAFFITI_REMOVE: "Caretaker removed it the same morning.",
    ClockKind.SECURE_HOME: "Lock changed and a letterbox guard fitted.",
    ClockKind.DUTY_MANAGER: "Rang the duty manager and told them what was promised.",
    ClockKind.MANAGER_REVIEW: "Read the report and the first steps. Agreed with them.",
    ClockKind.SAFETY_TONIGHT: "Somebody stays with them tonight. They know to ring 999.",
    ClockKind.DASH: "Completed with the Domestic Abuse lead.",
    ClockKind.MANAGER_TOLD: "Rang with the reference and what must happen today.",
    ClockKind.DIRECTOR_TOLD: "Sent the reference, no name.",
    ClockKind.SAFEGUARDING_TOLD: "Rang the Safeguarding lead.",
    ClockKind.DA_TOLD: "Rang the Domestic Abuse lead.",
    ClockKind.POLICE_DECISION: "They agreed that we ring the police together.",
    ClockKind.SECURITY_VISIT: "Looked at every door and window, and fitted a spy hole.",
    ClockKind.FIRE_SERVICE: "Offered a visit and a letterbox guard.",
    ClockKind.AGENCIES_MEET: "Met with the police and the council about how to keep them safe.",
    ClockKind.RISK_WORRY: "Read the answers and spoke with the lead. The plan covers the worry.",
    ClockKind.WORKPLACE_PLAN: "No lone visits to that block, and a check-in call after each visit.",
}
FIRST_CHOICE = {
    ClockKind.POLICE: "Not now",
    ClockKind.PERMISSION: "Asked and recorded",
    ClockKind.POLICE_DECISION: "We may tell the police",
}
MANAGERS = (ClockKind.MANAGER_REVIEW, ClockKind.RISK_WORRY)
OFFERS = ("Accepted", "Accepted", "Considering it", "Declined")
FIRST = "We spoke. They know my name and how to reach me."
SINCE = (
    "Quiet since we last spoke. They sleep better.",
    "Nothing new. They asked what happens next and I said.",
    "He looked at them on the stairs and said nothing. They wrote it down.",
    "They went to the shop alone for the first time.",
    "Still careful about going out in the evening. We talked through who to ring.",
)


class NotYet(Exception):
    """The next thing would happen after the demo's present: the case stays as it is."""


class Casework:
    """One case and the moment it has come to."""

    def __init__(self, desk: Desk, story: Story, case: Case, begun: datetime) -> None:
        self.desk, self.story, self.case, self.at = desk, story, case, begun
        self.manager = "Sunita Bhatt"
        self.lead = ""

    def work(self) -> None:
        """Take the case as far as its story and the time allow, then keep in touch."""
        self._through_the_stages()
        if self.lead and self.story.turn not in (Turn.FORGOTTEN, Turn.NOT_REACHED):
            self._keep_in_touch()

    def tell_duty_manager(self) -> None:
        """Out of hours the duty manager is rung at once, by whoever is on duty."""
        clock = self.case.clocks.filter(kind=ClockKind.DUTY_MANAGER).first()
        at = self.at + self.desk.some(5, 50)
        if clock is None or at >= self.desk.end:
            return
        self.desk.do(
            ops.do_duty,
            by=self.desk.actor("Sunita Bhatt", at),
            at=at,
            case=self.case,
            clock=clock,
            outcome="Told",
            words=WORDS[ClockKind.DUTY_MANAGER],
        )

    def _through_the_stages(self) -> None:
        try:
            self._allocate()
            if self.story.turn == Turn.FORGOTTEN:
                return
            self._tried()
            for stage in ORDER[: ORDER.index(self.story.upto) + 1]:
                self._finish(stage)
                keep_records(self._do, self.case, stage)
                if stage == Stage.PLAN:
                    self._particulars()
                if stage is self.story.upto or stage is Stage.MONITOR:
                    return
                if needed_to_leave(self.case.stage, running_kinds(self.case)):
                    return
                self._do(ops.move_stage, to=ORDER[ORDER.index(stage) + 1])
        except NotYet:
            return

    def _keep_in_touch(self) -> None:
        """Speak again before each time promised; now and then the last one is let slip."""
        try:
            while clock := self.case.clocks.filter(
                kind=ClockKind.UPDATE, state=ClockState.RUNNING
            ).first():
                due: datetime = clock.due_at or self.desk.end
                early = (due - clock.started_at) * self.desk.random.uniform(0.12, 0.2)
                at = due - max(early, timedelta(days=3))  # a weekend may come between
                slips = self.desk.end - due < timedelta(days=3)
                if at >= self.desk.end or (slips and self.desk.random.random() < 0.3):
                    return
                self.at = max(self.at, at)
                self._contact(ClockKind.FIRST_CONTACT, self.desk.random.choice(SINCE))
                self._ask_again()
        except NotYet:
            return

    def _do(self, act: Any, *, who: str = "", least: int = 5, most: int = 50, **values: Any) -> Any:
        """Do something to the case a little later, as its lead unless somebody else is named."""
        self.at = self._open(self.at + self.desk.some(least, most))
        if self.at >= self.desk.end:
            raise NotYet
        by = self.desk.actor(who or self.lead, self.at)
        self.case = Case.objects.get(pk=self.case.pk)
        done = self.desk.do(act, by=by, at=self.at, case=self.case, **values)
        self.case = Case.objects.get(pk=self.case.pk)
        return done

    def _open(self, at: datetime) -> datetime:
        """In opening hours, but what came in yesterday or today is somebody's at once: an
        emergency does not wait for Monday, and nor does whoever looks at the demo on a Sunday.
        """
        urgent = self.desk.end - self.case.received_at < timedelta(hours=44)
        return at if urgent else self.desk.office(at)

    def _allocate(self) -> None:
        team = self.case.team.name if self.case.team else "North"
        managers = {"North": "Sunita Bhatt", "South": "Anna Weir"}
        self.manager = managers.get(team, "Steph Oduya")
        officers = {
            "North": ("Dawn Mistry", "Tom Ellery", "Priti Shah"),
            "South": ("Carol Nkemelu", UNTRAINED),
        }.get(team, ("Mo Rahman", "Ellen Frost"))
        if self.case.restricted:
            officers = (self.manager,)
        lead = self.story.lead or self.desk.random.choice(officers)
        self._do(
            ops.allocate,
            who=self.manager,
            least=20,
            most=45 if self.story.lead else 150,  # who was named is in the story told
            lead=self.desk.users[lead],
            reason=TRAINING if lead == UNTRAINED else "",
            story="Read the safe-contact line first." if self.desk.random.random() < 0.2 else "",
        )
        self.lead = lead
        self._look(lead)
        self._do(ops.declare, knows_somebody=False, most=15)
        if self.story.turn != Turn.FORGOTTEN or self.desk.random.random() < 0.5:
            self._duty(ClockKind.MANAGER_REVIEW)

    def _look(self, who: str) -> None:
        """The page was opened: what the gate of every page writes down."""
        record_access(
            [Read("casework.case", [self.case.pk], self.case.reference)],
            by=self.desk.actor(who, self.at),
            at=self.at,
            what="workflow:case",
        )

    def _tried(self) -> None:
        """Attempts that nobody answered: they never stop the clock."""
        part = self._part(Part.VICTIM)
        tries = {Turn.NOT_REACHED: 3, Turn.LATE_CONTACT: 2}.get(self.story.turn, 0)
        if part is None:
            return
        for _ in range(tries or (1 if self.desk.random.random() < 0.2 else 0)):
            self._do(
                ops.log_contact,
                involvement=part,
                kind=ContactKind.ATTEMPT,
                channel=self._safe_way(part) or "ring",
                summary="No reply yet.",
                most=240,
            )
        if self.story.turn == Turn.NOT_REACHED:
            raise NotYet
        if self.story.turn == Turn.LATE_CONTACT:
            self.at += timedelta(hours=self.desk.random.randint(24, 40))

    def _finish(self, stage: Stage) -> None:
        for kind in list(self._running(stage)):
            if self.case.clocks.filter(kind=kind, state=ClockState.RUNNING).exists():
                self._duty(kind)
        if stage in (Stage.INVESTIGATE, Stage.MONITOR) and self.desk.random.random() < 0.6:
            self._do(
                ops.add_note,
                kind=self.desk.random.choice((NoteKind.CASE, NoteKind.ADVICE)),
                text="Spoke with the caretaker. The camera by the door works again.",
                least=600,
                most=6000,
            )

    def _running(self, stage: Stage) -> Iterator[ClockKind]:
        for clock in self.case.clocks.filter(state=ClockState.RUNNING):
            duty = DUTIES[ClockKind(clock.kind)]
            here = duty.gate == stage or (
                duty.gate in ("", Stage.TRIAGE) and stage == Stage.CONTACT
            )
            if here and (duty.met_by is not MetBy.SYSTEM or clock.kind == ClockKind.RISK):
                yield ClockKind(clock.kind)
            elif here and clock.kind == ClockKind.SETTLE_VIEW and self.story.turn == Turn.SETTLED:
                yield ClockKind.SETTLE_VIEW

    def _duty(self, kind: ClockKind) -> None:
        if kind in (ClockKind.FIRST_CONTACT, ClockKind.THIRD_PARTY_CONTACT):
            self._contact(kind)
        elif kind == ClockKind.SETTLE_VIEW:
            self._settle()
        elif kind == ClockKind.IDENTIFY_VICTIM:
            self._identify()
        elif kind == ClockKind.RISK:
            self._assess(self.story.risk or self.desk.random.choice(self._risks()))
        elif kind == ClockKind.PERMISSION and (part := self._main_victim()):
            ask_who_may_be_told(self._do, self.case, part, raised=self.story.risk != "High")
            self._by_hand(kind)  # a no on the first call is a full answer
        else:
            self._by_hand(kind)

    def _assess(self, level: str) -> None:
        """Ask about risk; what High brings is done the same day, or is still to do."""
        part = self._part(Part.VICTIM)
        if part is None:
            raise NotYet
        chance, flag = self.desk.random, self.story.flag
        self._do(assess, about=part, level=level, chance=chance, flag=flag, most=90)
        for kind in (*HIGH_KINDS, ClockKind.RISK_WORRY):
            self._by_hand(kind)

    def _ask_again(self) -> None:
        """The review that is due by the next contact: it has mostly become quieter, but not where
        a red flag was said yes to.

        Of cases long ago only the last ones, so that the demo is soon there.
        """
        if self.desk.end - self.at > timedelta(days=100):
            return
        due = self.case.clocks.filter(kind=ClockKind.RISK_REVIEW, state=ClockState.RUNNING).first()
        if due is not None and due.due_at and due.due_at < self.at + timedelta(days=7):
            quieter = "Standard" if self.desk.random.random() < 0.7 else "Medium"
            self._assess(self.story.risk if self.story.flag else quieter)

    def _by_hand(self, kind: ClockKind) -> None:
        clock = Clock.objects.filter(case=self.case, kind=kind, state=ClockState.RUNNING).first()
        if clock is None:
            return
        self._do(
            ops.do_duty,
            who=self.manager if kind in MANAGERS else "",
            clock=clock,
            outcome=self._outcome(kind),
            words=WORDS.get(kind, "Asked them on the phone, in their own time."),
            most=90,
        )

    def _outcome(self, kind: ClockKind) -> str:
        outcomes = DUTIES[kind].outcomes
        if outcomes[:2] == ("Accepted", "Declined"):
            return self.desk.random.choice(OFFERS)
        return FIRST_CHOICE.get(kind, outcomes[0])

    def _risks(self) -> tuple[str, ...]:
        """What the risk may be: what is still open after so long has become quieter."""
        levels = ("Standard", "Medium", "High")
        return levels[: 1 if self.story.ago > 120 else 2 if self.story.ago > 60 else 3]

    def _part(self, part: Part) -> Involvement | None:
        return self.case.involvements.filter(part=part, ended_at__isnull=True).first()

    def _main_victim(self) -> Involvement | None:
        """Whoever the case is about, once they are known."""
        theirs = self.case.involvements.filter(part=Part.VICTIM, person=self.case.victim_id)
        return theirs.filter(ended_at__isnull=True).first() if self.case.who.identified else None

    def _safe_way(self, part: Involvement) -> str:
        """A way they said is safe, or "" if none is known."""
        safe = SafeContact.objects.filter(person=part.person).first() if part.person else None
        ways = ("text", "ring", "email", "visit", "post")
        return next((way for way in ways if safe and getattr(safe, way) == Reach.SAFE), "")

    def _contact(self, kind: ClockKind, said: str = FIRST) -> None:
        wanted = Part.VICTIM if kind == ClockKind.FIRST_CONTACT else Part.THIRD_PARTY
        if kind == ClockKind.FIRST_CONTACT and not self.case.victim.identified:
            wanted = Part.THIRD_PARTY
        part = self._part(wanted)
        if part is None:
            raise NotYet
        way = self._safe_way(part)
        self._do(
            ops.log_contact,
            involvement=part,
            kind=ContactKind.INTERACTION,
            channel=way or "ring",
            incoming=not way,
            summary=said if way else "They rang us of their own accord and asked for me.",
            most=300,
        )

    def _settle(self) -> None:
        incident = self.case.incidents.first()
        if incident is None:
            return
        self._do(
            _add_view,
            incident=incident,
            holds="YES",
            capacity="VICTIM",
            person=self.case.victim,
            words="Now that I think of it, yes, I am sure.",
        )

    def _identify(self) -> None:
        """Found out safely: most are; some keep a placeholder and stop here."""
        if self.story.ago < 20 and self.desk.random.random() < 0.5:
            raise NotYet
        name = self.desk.random.choice(("Jola Mazur", "Ken Abbott", "Ruta Petrauskas", "Ade Cole"))
        self._do(_name_victim, full_name=name)
        self._by_hand(ClockKind.IDENTIFY_VICTIM)

    def _particulars(self) -> None:
        """What sets the case apart, once it is known what happened."""
        turn = self.story.turn
        if turn == Turn.HELD:
            review = (self.desk.end + timedelta(days=8)).date()
            reason = "The police asked us to wait until they have spoken to the witnesses."
            self._do(ops.hold, reason=reason, review_on=review)
            raise NotYet
        if turn == Turn.RESTRICTED:
            self._do(
                ops.restrict_case,
                who=self.manager,
                reason="Somebody who could be recognised may be harmed if this is known.",
                named=[self.desk.users[self.manager]],
            )


def _add_view(*, by: Actor, at: datetime, case: Case, **values: Any) -> Any:
    return ops.add_perception(by=by, at=at, **values)


def _name_victim(*, by: Actor, at: datetime, case: Case, full_name: str) -> Any:
    return change_person(by=by, at=at, person=case.victim, full_name=full_name)
