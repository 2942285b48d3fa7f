"""The few tables that `overview` has of its own."""

from overview.equality.models import Figure, Snapshot, Table

__all__ = ["Figure", "Snapshot", "Table"]
