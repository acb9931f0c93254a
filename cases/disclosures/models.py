"""What leaves the building: packs, sends, and telling the police without permission."""

from cases.disclosures.alert_models import Alert
from cases.disclosures.pack_models import (
    Blocked,
    Pack,
    PackApproval,
    PackFile,
    PackItem,
    Send,
    SendOutcome,
)
from cases.disclosures.request_models import (
    Afterwards,
    Decision,
    Emergency,
    EmergencyReview,
    Message,
    PhoneApproval,
    Request,
)

__all__ = [
    "Afterwards",
    "Alert",
    "Blocked",
    "Decision",
    "Emergency",
    "EmergencyReview",
    "Message",
    "Pack",
    "PackApproval",
    "PackFile",
    "PackItem",
    "PhoneApproval",
    "Request",
    "Send",
    "SendOutcome",
]
