"""A pack: exactly what would be told to whom, through which door, and the bytes it became."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cases.access import Actor
from cases.audit.history import keep_history
from cases.casework.models import Case, Involvement
from cases.disclosures.choices import PACK_STATES, Channel, Door, PackField, PackState
from cases.disclosures.triggers import one_way_out
from cases.lifecycle import append_only, fixed, guarded, no_delete
from cases.partners.models import Agency, AgencyContact
from cases.rows import PeersManager
from cases.staff.models import User


class ThroughCase[M: models.Model](models.QuerySet[M]):
    """Rows of a case, seen by whoever may see the case."""

    def visible_to(self, actor: Actor) -> Self:
        """The rows of every case the actor may see, and of no other."""
        return self.filter(case__in=Case.objects.visible_to(actor).values("pk"))


class PackQuerySet(ThroughCase["Pack"]):
    """The business's ways of saying which packs."""

    def waiting(self) -> Self:
        """Packs that are made ready and have not gone."""
        return self.filter(state=PackState.READY)


class Pack(models.Model):
    """What would be told to one agency about one person (or nobody), and why it may be."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="packs")
    about = models.ForeignKey(
        Involvement, models.PROTECT, null=True, blank=True, related_name="packs"
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="packs")
    contact = models.ForeignKey(AgencyContact, models.PROTECT, null=True, blank=True)
    door = models.TextField(choices=Door, blank=True, default="", help_text="None: our own teams.")
    title = models.TextField(help_text="What the page is called: no names.")
    purpose = models.TextField(help_text="What they are to do with it.")
    citation = models.TextField(blank=True, default="", help_text="D2, D6: the statute or order.")
    redactions = ArrayField(models.TextField(), default=list, blank=True)
    state = models.TextField(choices=PackState, default=PackState.DRAFT)
    version = models.PositiveIntegerField(default=1, help_text="Counted up by each change.")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ready_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ready_at = models.DateTimeField(null=True, blank=True)
    stopped_why = models.TextField(blank=True, default="")
    history = keep_history()

    objects = PeersManager.from_queryset(PackQuerySet)()

    class Meta:
        ordering = ["made_at", "id"]
        triggers = [
            *no_delete("disclosures_pack"),
            guarded("state", PACK_STATES, name="disclosures_pack_state"),
            fixed("case", "made_by", "made_at", name="disclosures_pack_first_facts"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(door__in=["", *Door.values]), name="disclosures_pack_door_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=PackState.values), name="disclosures_pack_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["READY", "GONE"])
                | (Q(contact__isnull=False) & ~Q(purpose="") & ~Q(title="")),
                name="disclosures_pack_whole",
                violation_error_message="Say to whom it goes, and what for.",
            ),
            models.CheckConstraint(
                condition=~Q(state="STOPPED") | ~Q(stopped_why=""),
                name="disclosures_pack_stopped_why",
                violation_error_message="Say why it is stopped.",
            ),
        ]

    def __str__(self) -> str:
        return f"Pack {self.pk}"


class PackItem(models.Model):
    """One thing in a pack: which field, whose, and the words as they will stand."""

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="items")
    field = models.TextField(choices=PackField)
    whose = models.ForeignKey(Involvement, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()
    why = models.TextField(blank=True, default="", help_text="Why it must be in.")
    taken_out = models.BooleanField(default=False)
    history = keep_history()

    objects = PeersManager["PackItem"]()

    class Meta:
        ordering = ["id"]
        triggers = no_delete("disclosures_packitem")
        constraints = [
            models.CheckConstraint(
                condition=Q(field__in=PackField.values), name="disclosures_packitem_field_known"
            ),
            models.CheckConstraint(
                condition=Q(taken_out=True) | ~Q(text=""),
                name="disclosures_packitem_says",
                violation_error_message="Say what they are told.",
            ),
            models.UniqueConstraint(
                fields=["pack", "field", "whose"],
                nulls_distinct=False,
                name="disclosures_packitem_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of pack {self.pack_id}"


class PackFile(models.Model):
    """The bytes one version of a pack became.  Previewed, approved and sent are this row.

    ``seal`` is the SHA-256 over the bytes' own SHA-256 and the recipient exactly as it was
    (agency, unit, person, addresses): what an approval is given for.
    """

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="files")
    version = models.PositiveIntegerField()
    content = models.BinaryField()
    sha256 = models.TextField()
    recipient = models.JSONField(help_text="The recipient as it was when the file was made.")
    seal = models.TextField()
    fields = ArrayField(models.TextField(choices=PackField), default=list)
    pages = models.PositiveSmallIntegerField()
    stamp = models.TextField(help_text="Where the ledger ended when it was made.")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = PeersManager["PackFile"]()

    class Meta:
        ordering = ["version"]
        triggers = append_only("disclosures_packfile")
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "version"], name="disclosures_packfile_version_once"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$") & Q(seal__regex=r"^[0-9a-f]{64}$"),
                name="disclosures_packfile_hashes",
            ),
            models.CheckConstraint(
                condition=Q(fields__contained_by=PackField.values),
                name="disclosures_packfile_fields_known",
            ),
        ]

    def __str__(self) -> str:
        return f"Pack {self.pack_id}, version {self.version}"


class PackApproval(models.Model):
    """A manager's (D2, D6) or a lead's (D4, D5) yes to one file, never the sender's own."""

    file = models.OneToOneField(PackFile, models.PROTECT, related_name="approval")
    door = models.TextField(choices=Door)
    made_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", help_text="Who made the pack, for the rule below."
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.TextField()

    objects = PeersManager["PackApproval"]()

    class Meta:
        triggers = append_only("disclosures_packapproval")
        constraints = [
            models.CheckConstraint(
                condition=Q(door__in=["D2", "D4", "D5", "D6"]),
                name="disclosures_packapproval_door",
            ),
            models.CheckConstraint(
                condition=~Q(by=F("made_by")),
                name="disclosures_packapproval_two_people",
                violation_error_message="Somebody else than whoever wrote it approves it.",
            ),
            models.CheckConstraint(
                condition=~Q(words=""),
                name="disclosures_packapproval_why",
                violation_error_message="Say why it may go.",
            ),
        ]

    def __str__(self) -> str:
        return f"File {self.file_id}"


class SendQuerySet(ThroughCase["Send"]):
    """The business's ways of saying which sends."""


class Send(models.Model):
    """One pack that left: once, to one unit, through one door.  The register's row."""

    pack = models.OneToOneField(Pack, models.PROTECT, related_name="send")
    file = models.OneToOneField(PackFile, models.PROTECT, related_name="send")
    case = models.ForeignKey(Case, models.PROTECT, related_name="sends")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    door = models.TextField(choices=Door, blank=True, default="")
    seal = models.TextField()
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    objects = PeersManager.from_queryset(SendQuerySet)()

    class Meta:
        ordering = ["-sent_at", "-id"]
        triggers = [*append_only("disclosures_send"), one_way_out("disclosures_send_approved")]
        indexes = [models.Index(fields=["door", "sent_at"], name="disclosures_send_door")]
        constraints = [
            models.CheckConstraint(
                condition=Q(door__in=["", *Door.values]), name="disclosures_send_door_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Send {self.pk}"


class SendOutcome(models.Model):
    """How it went and to whom, as the sender records it; a correction is another row."""

    send = models.ForeignKey(Send, models.PROTECT, related_name="outcomes")
    channel = models.TextField(choices=Channel)
    to_whom = models.TextField(blank=True, default="", help_text="Who took it there.")
    their_reference = models.TextField(blank=True, default="")
    words = models.TextField(blank=True, default="")
    went_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["SendOutcome"]()

    class Meta:
        ordering = ["at", "id"]
        triggers = append_only("disclosures_sendoutcome")
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="disclosures_sendoutcome_channel"
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.NOT_SENT) | ~Q(to_whom=""),
                name="disclosures_sendoutcome_somebody",
                violation_error_message="Say who took it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: send {self.send_id}"


class BlockedQuerySet(ThroughCase["Blocked"]):
    """The business's ways of saying which blocked attempts."""


class Blocked(models.Model):
    """An attempt the gate refused: kept as fully as a send (domain 7.4)."""

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="blocked")
    case = models.ForeignKey(Case, models.PROTECT, related_name="blocked")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    door = models.TextField(choices=Door, blank=True, default="")
    reasons = ArrayField(models.TextField(), help_text="Codes of the gate's refusals.")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager.from_queryset(BlockedQuerySet)()

    class Meta:
        ordering = ["-at", "-id"]
        triggers = append_only("disclosures_blocked")
        constraints = [
            models.CheckConstraint(
                condition=Q(door__in=["", *Door.values]), name="disclosures_blocked_door_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Blocked: pack {self.pack_id}"
