"""What people say of themselves to a programme, and who would like to."""

from applications.models.application import (
    FIELDS_OF_FACTS,
    MOST_PLACES,
    MOVES,
    Absence,
    AbsenceQuerySet,
    AlumniRecord,
    Application,
    ApplicationQuerySet,
    ContinuationInterest,
    PolicyAcceptance,
    State,
)
from applications.models.interest import Interest, WhoMayJoin

__all__ = [
    "FIELDS_OF_FACTS",
    "MOST_PLACES",
    "MOVES",
    "Absence",
    "AbsenceQuerySet",
    "AlumniRecord",
    "Application",
    "ApplicationQuerySet",
    "ContinuationInterest",
    "Interest",
    "PolicyAcceptance",
    "State",
    "WhoMayJoin",
]
