"""The few tables that `overview` has of its own."""

from overview.equality.models import Figure, Snapshot, Table
from overview.models.erasure import Erasure
from overview.models.requests import MOVES, DataRequest, DataRequestQuerySet, State
from overview.models.retention import RetentionPeriod, RetentionRun

__all__ = [
    "MOVES",
    "DataRequest",
    "DataRequestQuerySet",
    "Erasure",
    "Figure",
    "RetentionPeriod",
    "RetentionRun",
    "Snapshot",
    "State",
    "Table",
]
