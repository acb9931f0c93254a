"""The link with which somebody new chooses their first password.

Only for an account that has never had a password: an administrator cannot take over an
account that somebody uses.  Anybody else resets their own by email.
"""

from __future__ import annotations

from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record
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
