"""The few tables that `overview` has of its own."""

from overview.equality.models import Figure, Snapshot, Table
from overview.models.erasure import Erasure

__all__ = ["Erasure", "Figure", "Snapshot", "Table"]
