"""How an account gets its way in: a first password, or the organisation's single sign-on.

A link to choose a password is only for an account that has never had one: an administrator
cannot take over an account that somebody uses.  Anybody else resets their own by email.
"""

from __future__ import annotations

from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.staff import rules
from cases.staff.models import User


@operation
def make_sign_in_link(*, by: Actor, at: datetime, user: User) -> str:
    """The path of a link that works once, until PASSWORD_RESET_TIMEOUT.  Raises Refused."""
    allowed = rules.may_have_sign_in_link(
        by, user_id=user.pk, active=user.is_active, has_password=user.has_usable_password()
    )
    enforce(allowed)
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    uid, token = key.split("-", 1)
    record(Verb.USER_CHANGED, by=by, at=at, subject=user, changes={"changed": ["sign_in_link"]})
    return reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})


@operation
def link_single_sign_on(
    *, by: Actor, at: datetime, user: User, provider_id: str, subject: str
) -> None:
    """Let a user sign in through the provider as this subject (its ``sub``), and nobody else.

    Raises Refused, and for a subject that is somebody else's.
    """
    taken = SocialAccount.objects.filter(provider=provider_id, uid=subject).first()
    enforce(rules.link_single_sign_on(by, user_id=user.pk, taken_by=taken and taken.user_id))
    if taken is not None:
        unchanged()
        return
    SocialAccount.objects.create(user=user, provider=provider_id, uid=subject)
    record(Verb.USER_CHANGED, by=by, at=at, subject=user, changes={"changed": ["single_sign_on"]})
