"""Link an account to a person of the organisation's single sign-on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.access import Actor, Refused, Role
from cases.staff.link_operations import link_single_sign_on
from cases.staff.models import User

COMMAND = Actor(id=None, name="the link_single_sign_on command", roles=frozenset({Role.SYSADMIN}))


class Command(BaseCommand):
    help = "Let somebody sign in through single sign-on, as the provider's subject (sub)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="what they sign in with here")
        parser.add_argument("subject", help="the provider's lasting id for them, not an address")

    def handle(self, *args: Any, **options: Any) -> None:
        apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
        if not apps:
            raise CommandError("OIDC_SERVER_URL is not set: there is nothing to link to.")
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody signs in with {options['email']}.")
        try:
            link_single_sign_on(
                by=COMMAND,
                at=timezone.now(),
                user=user,
                provider_id=str(apps[0]["provider_id"]),
                subject=options["subject"],
            )
        except Refused as refusal:
            raise CommandError(refusal.answer.reason) from refusal
        self.stdout.write(f"{user.full_name} is linked.")
