"""Packs about Amara by real operations, for every test of what leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from cases.access import Actor, Role
from cases.casework.models import Case, Involvement
from cases.disclosures import gate, pack_operations
from cases.disclosures.models import Blocked, Pack, PackFile, Send
from cases.partners.models import Agency, AgencyContact
from cases.partners.unit_operations import add_unit, verify_unit
from tests.casework.story import Story, tell
from tests.consent.asking import Asking, directory
from tests.world import World

FACTS = "Verbal abuse and spitting, about 18 November 2026, outside the block."


@dataclass
class Packs:
    """Amara's case, who may be told of it, and a unit of each that was checked."""

    story: Story
    asking: Asking
    keeper: Actor
    ppu: AgencyContact
    safety: AgencyContact

    @property
    def case(self) -> Case:
        return self.story.case

    @property
    def lead(self) -> Actor:
        return self.story.lead

    @property
    def now(self) -> datetime:
        """Two days after the case was opened."""
        return self.story.at(days=2)

    def unit(self, agency: Agency, *, checked: bool = True, **said: Any) -> AgencyContact:
        """A unit of the agency, checked unless said."""
        facts = {"unit": "Duty team", "secure_email": "duty@agency.example", **said}
        at = self.story.at()
        unit = add_unit(by=self.keeper, at=at, agency=agency, **facts)
        if checked:
            self.check(unit, at)
        return unit

    def check(self, unit: AgencyContact, at: datetime) -> None:
        """Somebody rang and the unit's details are right."""
        verify_unit(by=self.keeper, at=at, contact=unit, how="Rang the switchboard.")
        unit.refresh_from_db()

    def start(self, unit: AgencyContact | None = None, *, door: str = "D1", **more: Any) -> Pack:
        """A pack for the police (or the unit) about Amara, with nothing in it."""
        to = unit or self.ppu
        facts: dict[str, Any] = {
            "case": self.case,
            "agency": to.agency,
            "contact": to,
            "about": self.story.victim,
            "door": door,
            "title": "Report of hate crime",
            "purpose": "To look into what happened.",
        }
        facts |= more
        by, at = facts.pop("by", self.lead), facts.pop("at", self.story.at(days=1))
        return pack_operations.start_pack(by=by, at=at, **facts)

    def tell(
        self, pack: Pack, field: str, text: str, whose: Involvement | None = None, **more: Any
    ) -> Any:
        """Choose one thing to be told."""
        return pack_operations.set_item(
            by=self.lead, at=self.now, pack=pack, field=field, whose=whose, text=text, **more
        )

    def make(self, pack: Pack, at: datetime | None = None, by: Actor | None = None) -> PackFile:
        """Look at it, and make it ready."""
        return pack_operations.make_ready(
            by=by or self.lead,
            at=at or self.now,
            pack=pack,
            reviewed=True,
            redactions_confirmed=True,
        )

    def ready(self, unit: AgencyContact | None = None, *, door: str = "D1", **more: Any) -> Pack:
        """A pack that holds what happened, ready to go."""
        pack = self.start(unit, door=door, **more)
        self.tell(pack, "FACTS", FACTS)
        self.make(pack)
        return pack

    def send(
        self, pack: Pack, at: datetime | None = None, by: Actor | None = None
    ) -> Send | Blocked:
        """Try to send it."""
        return gate.send_pack(by=by or self.lead, at=at or self.now, pack=pack)

    def codes(self, pack: Pack, at: datetime | None = None, by: Actor | None = None) -> list[str]:
        """The codes of the refusals there would be."""
        return [str(no.code) for no in gate.judge(pack, by or self.lead, at or self.now)]


def packs(world: World) -> Packs:
    """Amara's case, led by Dawn, and two agencies with a unit each."""
    story = tell(world).allocated()
    asking = directory(story)
    keeper = story.by(story.world.user(Role.CASE_MANAGER))
    found = Packs(story, asking, keeper, None, None)  # type: ignore[arg-type]
    found.ppu = found.unit(asking.police, unit="Public Protection Unit")
    found.safety = found.unit(asking.council, unit="Community safety")
    return found


def sent(result: Send | Blocked) -> Send:
    """The send; fails with why it was blocked."""
    assert isinstance(result, Send), result.reasons
    return result


def blocked(result: Send | Blocked) -> list[str]:
    """Why it was blocked."""
    assert isinstance(result, Blocked)
    return result.reasons


def read(content: bytes) -> str:
    """Every word of a PDF's text layer, in one line."""
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split()
    )


def everything(content: bytes) -> str:
    """All that a PDF holds besides its pictures and fonts: words, metadata, structure, names."""
    reader = PdfReader(BytesIO(content))
    said = [page.extract_text() for page in reader.pages]
    said.append(str(reader.metadata))
    said.append(str(reader.xmp_metadata and reader.xmp_metadata.stream.get_data()))
    for number in range(1, int(str(reader.trailer["/Size"]))):
        try:
            one: Any = reader.get_object(number)
        except Exception:  # a free entry
            continue
        said.append(repr(one))
        if hasattr(one, "get_data") and one.get("/Type") not in ("/XObject",):
            said.append(one.get_data().decode("latin-1"))
    return "\n".join(said)
