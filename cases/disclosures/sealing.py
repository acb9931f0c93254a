"""What an approval is given for: these bytes, to this recipient, and nothing else (bar row 26)."""

from __future__ import annotations

from hashlib import sha256

from cases.audit.chain import frame
from cases.partners.models import AgencyContact

type Recipient = dict[str, str | int]

_ADDRESSES = ("secure_email", "portal", "phone", "post_address")


def recipient_of(contact: AgencyContact) -> Recipient:
    """The unit as it is now: which agency's, called what, and every way it is reached.

    When it was last checked is not in it: to check an unchanged address again changes nothing
    that was approved.
    """
    agency = contact.agency
    return {
        "agency": agency.pk,
        "agency_name": agency.name,
        "kind": agency.kind,
        "service": agency.service,
        "contact": contact.pk,
        "unit": contact.unit,
        "person": contact.person,
        **{way: getattr(contact, way) for way in _ADDRESSES},
    }


def seal_of(content_sha256: str, recipient: Recipient) -> str:
    """The SHA-256, in hexadecimal, over the bytes' own and each fact of the recipient."""
    said = [part for key in sorted(recipient) for part in (key, recipient[key])]
    return sha256(frame(content_sha256, *said)).hexdigest()
