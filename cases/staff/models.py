"""The people who use the system: users, teams, roles held for a period, training."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models, transaction
from django.db.models.functions import Lower

from cases.access import Actor, Role
from cases.audit import context
from cases.audit.history import keep_history
from cases.lifecycle import append_only, no_delete

ROLE_CHOICES = [(role.value, role.label) for role in Role]


class Team(models.Model):
    """A team of officers with a manager; a case belongs to one."""

    name = models.TextField(unique=True)
    history = keep_history()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Users are made by operations; this is what Django and allauth need."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def working(self) -> models.QuerySet[User]:
        """Users who may sign in."""
        return self.filter(is_active=True)

    def holding(self, role: Role, at: datetime) -> models.QuerySet[User]:
        """Active users who hold the role at that moment."""
        held = RoleHolding.objects.filter(
            user=models.OuterRef("pk"), role=role, period__contains=at
        )
        return self.working().filter(models.Exists(held))


class User(AbstractBaseUser):
    """Somebody who signs in."""

    full_name = models.TextField("full name")
    email = models.EmailField("work email", max_length=254, unique=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="members")
    line_manager = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    entities = ArrayField(
        models.TextField(),
        default=list,
        blank=True,
        help_text="Codes of the companies they are scoped to; none means all (HC-20).",
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()
    history = keep_history(excluded_fields=["password", "last_login"])

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        ordering = ["full_name"]
        triggers = no_delete("staff_user")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="staff_user_email_once",
                violation_error_message="Somebody already signs in with this email address.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def check_password(self, raw_password: str | None) -> bool:
        """Whether it is theirs.  One kept in an older form is then kept in the newest."""

        def renew(password: str) -> None:
            by = Actor(id=self.pk, name=self.full_name)
            with transaction.atomic(), context.acting_as(by, purpose="password"):
                self.set_password(password)
                self.save(update_fields=["password"])

        return raw_password is not None and check_password(raw_password, self.password, renew)

    def get_full_name(self) -> str:
        return self.full_name

    def actor(self, at: datetime) -> Actor:
        """This user as an actor, with the roles held at that moment (one query)."""
        held = RoleHolding.objects.filter(user=self, period__contains=at)
        roles = frozenset(Role(code) for code in held.values_list("role", flat=True))
        return Actor(
            id=self.pk,
            name=self.full_name,
            roles=roles,
            team_id=self.team_id,
            entities=tuple(self.entities),
        )


def _delegate_of_the_director() -> pgtrigger.Trigger:
    """Refuse a delegate whom the Director did not name (domain 0.2, question 2).

    What was named may end earlier; it never lasts longer, and no other role becomes it.
    """
    return pgtrigger.Trigger(
        name="staff_roleholding_delegate_named",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__role=Role.ACTING_DIRECTOR.value),
        func="""
            IF TG_OP = 'UPDATE' THEN
                IF NEW.role <> OLD.role OR NEW.user_id <> OLD.user_id
                   OR NEW.granted_by_id IS DISTINCT FROM OLD.granted_by_id
                   OR NOT NEW.period <@ OLD.period THEN
                    RAISE EXCEPTION 'Acting for the Director ends earlier, or stays as named.';
                END IF;
                RETURN NEW;
            END IF;
            IF NOT EXISTS (
                SELECT FROM staff_roleholding held
                WHERE held.user_id = NEW.granted_by_id AND held.role = 'DIRECTOR_CO'
                  AND held.period @> coalesce(
                      nullif(current_setting('app.at', true), '')::timestamptz, now())) THEN
                RAISE EXCEPTION 'Only the Director names somebody to act for the Director.';
            END IF;
            RETURN NEW;
        """,
    )


class RoleHolding(models.Model):
    """A role held by somebody for a period, granted by somebody else (domain 11).

    An empty period is a grant that was withdrawn before it began: it counts at no moment.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="holdings")
    role = models.TextField(choices=ROLE_CHOICES)
    period = DateTimeRangeField()
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True, default="")
    history = keep_history()

    class Meta:
        ordering = ["role", "period"]
        triggers = [*no_delete("staff_roleholding"), _delegate_of_the_director()]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role=Role.ACTING_DIRECTOR)
                | models.Q(granted_by__isnull=False, period__upper_inf=False)
                & ~models.Q(reason=""),
                name="staff_roleholding_delegate_dated",
                violation_error_message="Say until when somebody acts for the Director, and why.",
            ),
            ExclusionConstraint(
                name="staff_roleholding_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message="They already hold this role in that period.",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]),
                name="staff_roleholding_role_known",
            ),
            models.CheckConstraint(
                condition=models.Q(granted_by__isnull=True)
                | ~models.Q(granted_by=models.F("user")),
                name="staff_roleholding_by_another",
                violation_error_message="Nobody can grant a role to themselves.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class Course(models.TextChoices):
    """Training the policy asks for (policy lines 176 to 178)."""

    HATE_CRIME = "HATE_CRIME", "Hate crime casework"
    SAFE_CONTACT = "SAFE_CONTACT", "Safe contact and confidentiality"


class TrainingRecord(models.Model):
    """A course somebody completed; it counts until it expires."""

    user = models.ForeignKey(User, models.PROTECT, related_name="training")
    course = models.TextField(choices=Course)
    completed_on = models.DateField()
    expires_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-completed_on"]
        triggers = append_only("staff_trainingrecord")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "course", "completed_on"],
                name="staff_trainingrecord_once",
                violation_error_message="This training is already recorded.",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_on__gt=models.F("completed_on")),
                name="staff_trainingrecord_expires_later",
                violation_error_message="The training must expire after it was completed.",
            ),
            models.CheckConstraint(
                condition=models.Q(course__in=Course.values),
                name="staff_trainingrecord_course_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_course_display()}, {self.completed_on}"

    def counts_on(self, day: date) -> bool:
        """Whether the training is in date on that day."""
        return self.completed_on <= day < self.expires_on
