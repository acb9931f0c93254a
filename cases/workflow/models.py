"""Forms that have been sent: the same one sent twice is done once."""

from __future__ import annotations

from django.db import models

from cases.lifecycle import append_only


class Submission(models.Model):
    """One form as it was sent: its one-time token and a digest of what it said.

    Changed words are another submission, so that nothing typed after going back is lost.
    """

    key = models.TextField(unique=True)
    actor_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        triggers = append_only("workflow_submission")

    def __str__(self) -> str:
        return f"Submission {self.pk}"
