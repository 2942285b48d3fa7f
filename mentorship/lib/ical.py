"""Calendar entries (RFC 5545, RFC 5546): neutral title, the reader alone as attendee, times in UTC.

Nothing of a third person is in an entry: it ends up in calendars that colleagues, families and assistants read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac
from icalendar import Calendar, Event, vCalAddress, vText, vUri

TITLE = "Your mentoring programme"
Method = Literal["REQUEST", "CANCEL", "PUBLISH"]


@dataclass(frozen=True)
class Entry:
    """What a calendar shows of one appointment.

    `key` names it for good, e.g. "meeting/12": every version of the entry has the same UID, and `sequence` grows.
    `url` is the page of this site that says more to who may read it.
    """

    key: str
    sequence: int
    starts_at: datetime
    minutes: int
    changed_at: datetime
    url: str
    place: str = ""


def invitation(entry: Entry, *, to: str, method: Method = "REQUEST") -> str:
    """The iCalendar object for one reader at the address `to`.

    REQUEST invites or brings a change, CANCEL takes it away; both go by e-mail. PUBLISH is a file to download.
    """
    event = Event()
    event.add("uid", uid(entry.key))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", (entry.starts_at + timedelta(minutes=entry.minutes)).astimezone(UTC))
    event.add("summary", TITLE)
    event.add("url", vUri(entry.url))
    event.add("description", entry.url)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    if entry.place:
        event.add("location", entry.place)
    if method != "PUBLISH":
        event.add("organizer", _address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1]), encode=False)
        event.add("attendee", _address(to), encode=False)
    calendar = Calendar()
    calendar.add("prodid", "-//Mentoring programmes//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return calendar.to_ical().decode()


def uid(key: str) -> str:
    """The UID of an entry: always the same, and it says nothing about what it stands for."""
    digest = salted_hmac("mentorship.ical", key, algorithm="sha256").hexdigest()
    return f"{digest[:40]}@{urlsplit(settings.SITE_URL).hostname}"


def method_of(calendar: str) -> str:
    """The method that a kept iCalendar object names, for the header of the mail that carries it."""
    return next(line.partition(":")[2] for line in calendar.splitlines() if line.startswith("METHOD:"))


def _address(email: str) -> vCalAddress:
    address = vCalAddress(f"MAILTO:{email}")
    address.params["RSVP"] = vText("FALSE")
    return address
