from partnerships.models.disclosure import Disclosure
from partnerships.models.partnership import (
    MOVES,
    AgreementAcceptance,
    EndReason,
    Flag,
    FlagQuerySet,
    Membership,
    MembershipQuerySet,
    Partnership,
    PartnershipQuerySet,
    Place,
    Seat,
    State,
)

__all__ = [
    "MOVES",
    "AgreementAcceptance",
    "Disclosure",
    "EndReason",
    "Flag",
    "FlagQuerySet",
    "Membership",
    "MembershipQuerySet",
    "Partnership",
    "PartnershipQuerySet",
    "Place",
    "Seat",
    "State",
]
