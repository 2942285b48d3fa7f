"""Moments as their reader's clock shows them, with the name of the zone: “14:00 (London)”."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def when(moment: datetime, zone: ZoneInfo) -> str:
    """Day and time in a zone: “Tuesday 10 February 2026, 14:00 (London)”."""
    local = moment.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({name_of(zone)})"


def name_of(zone: ZoneInfo) -> str:
    """A zone by its place: “Europe/London” is London, “America/Argentina/Buenos_Aires” Buenos Aires."""
    return zone.key.rpartition("/")[2].replace("_", " ")
