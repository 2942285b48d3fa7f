"""Time zones as people look for them: the usual ones first, the others by region."""

from __future__ import annotations

from collections import defaultdict
from zoneinfo import available_timezones

# Where most of the School's people and alumni live.
USUAL = (
    "Europe/London",
    "Europe/Dublin",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Brussels",
    "Europe/Athens",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Toronto",
    "America/Sao_Paulo",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Africa/Nairobi",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Tokyo",
    "Australia/Sydney",
    "UTC",
)
_REGIONS = {
    "Africa": "Africa",
    "America": "The Americas",
    "Antarctica": "Antarctica",
    "Asia": "Asia",
    "Atlantic": "Atlantic",
    "Australia": "Australia",
    "Europe": "Europe",
    "Indian": "Indian Ocean",
    "Pacific": "Pacific",
}
Choices = list[tuple[str, list[tuple[str, str]]]]


def choices(now: str) -> Choices:
    """Groups for a select, each zone once; `now` is a zone that must be among them, such as an old name."""
    regions: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in sorted(available_timezones()):
        region = _REGIONS.get(name.partition("/")[0])
        if region and name not in USUAL:
            regions[region].append((name, _place(name)))
    usual = [(name, _place(name)) for name in USUAL]
    known = {name for group in (usual, *regions.values()) for name, _ in group}
    if now not in known:
        usual.append((now, _place(now)))
    return [("Often chosen", usual), *sorted(regions.items())]


def _place(name: str) -> str:
    """“America/Argentina/Buenos_Aires” as “Buenos Aires (Argentina)”."""
    *above, place = name.replace("_", " ").split("/")
    if name == "Europe/London":
        return "London (the School)"
    return f"{place} ({above[-1]})" if len(above) > 1 else place
