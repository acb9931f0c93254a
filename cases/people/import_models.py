"""What is kept of imports, of old details that are not safe, and of who is not the same."""

from __future__ import annotations

from django.db import models

from cases.audit.history import keep_history
from cases.lifecycle import append_only, no_delete
from cases.people.choices import DetailKind, ImportKind, ImportNoteKind
from cases.rows import PeersManager


class SourceKey(models.Model):
    """Which row of ours a key of another system stands for, and what that system said last.

    ``subject_id`` has no foreign key: it may be of five tables, of which no row ever goes.
    """

    system = models.TextField()
    kind = models.TextField(choices=ImportKind)
    key = models.TextField()
    subject_id = models.BigIntegerField()
    values = models.JSONField(default=dict)

    class Meta:
        triggers = no_delete("people_sourcekey")
        constraints = [
            models.UniqueConstraint(fields=["system", "kind", "key"], name="people_sourcekey_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=ImportKind.values), name="people_sourcekey_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["kind", "subject_id"], name="people_sourcekey_subject")]

    def __str__(self) -> str:
        return f"{self.system} {self.kind} {self.key}"


class ImportRun(models.Model):
    """One file brought in, or tried out: written when it is over."""

    system = models.TextField()
    kind = models.TextField(choices=ImportKind, blank=True, default="")
    file_name = models.TextField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.TextField()
    dry_run = models.BooleanField(default=False)
    added = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    held = models.IntegerField(default=0)
    missing = models.IntegerField(default=0, help_text="In an earlier file, and not in this one.")
    stopped = models.TextField(blank=True, default="", help_text="Why it ended early.")

    objects = PeersManager["ImportRun"]()

    class Meta:
        ordering = ["-pk"]
        triggers = append_only("people_importrun")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["", *ImportKind.values]),
                name="people_importrun_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportNote(models.Model):
    """A row that was refused, a value that was held back, or a row that is missing; nothing of
    what it said.  What is missing has no line.
    """

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="notes")
    what = models.TextField(choices=ImportNoteKind)
    line = models.IntegerField(help_text="0 if it is on none.")
    column = models.TextField(blank=True, default="")
    key = models.TextField(blank=True, default="")
    reason = models.TextField()

    objects = PeersManager["ImportNote"]()

    class Meta:
        ordering = ["pk"]
        triggers = append_only("people_importnote")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(what__in=ImportNoteKind.values),
                name="people_importnote_what_known",
            ),
        ]

    def __str__(self) -> str:
        return f"Line {self.line}: {self.reason}"


class UnsafeDetail(models.Model):
    """A number, address or email they no longer want used: kept, so that it never comes back."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="unsafe_details")
    kind = models.TextField(choices=DetailKind)
    value = models.TextField(blank=True, default="", help_text="A phone number or email.")
    home = models.ForeignKey("people.Property", models.PROTECT, null=True, blank=True)
    since = models.DateTimeField()
    safe_again_at = models.DateTimeField(null=True, blank=True)
    history = keep_history()

    objects = PeersManager["UnsafeDetail"]()

    class Meta:
        ordering = ["-since", "-pk"]
        triggers = no_delete("people_unsafedetail")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=DetailKind.values),
                name="people_unsafedetail_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="home", home__isnull=False, value="")
                | (~models.Q(kind="home") & ~models.Q(value="") & models.Q(home__isnull=True)),
                name="people_unsafedetail_says_which",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "value", "home"],
                condition=models.Q(safe_again_at__isnull=True),
                nulls_distinct=False,
                name="people_unsafedetail_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.person_id}"


class NotSame(models.Model):
    """Two records that somebody found to be of two people: never proposed again."""

    one = models.ForeignKey("people.Person", models.PROTECT, related_name="not_same_later")
    other = models.ForeignKey("people.Person", models.PROTECT, related_name="not_same_earlier")
    decided_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True, blank=True)

    objects = PeersManager["NotSame"]()

    class Meta:
        triggers = append_only("people_notsame")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")), name="people_notsame_in_order"
            ),
            models.UniqueConstraint(fields=["one", "other"], name="people_notsame_once"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} is not {self.other_id}"
