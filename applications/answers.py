"""Typed answers: one place that turns what somebody typed into the value that an application keeps.

The web form and the office's sheet both come through here, so that an answer means the same by either way. Nothing is
guessed, shortened or repaired: what can't be kept as it was typed is refused with a sentence for whoever typed it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import models
from django.utils import timezone

from accounts.models import User
from applications.models import MOST_PLACES, Application
from programmes import countries
from programmes.facts import FACTS, Kind
from programmes.models import Option, Pathway, Programme

FIRST_YEAR = 1895  # the School's first
LIMITS = {"places": (0, MOST_PLACES), "other_mentees": (0, 50), "band": (1, 20)}
ANYWHERE = countries.ANYWHERE
EITHER = "Either"
_YES, _NO = {"yes", "y", "true"}, {"no", "n", "false"}
_MOMENTS = ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
_DAY = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})|(?P<iso>\d{4}-\d{2}-\d{2})", re.ASCII)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.ASCII | re.IGNORECASE)
_PROFILE = re.compile(r"https://(?:[a-z0-9-]+\.)*linkedin\.com/[^\s\\<>\"]+", re.ASCII | re.IGNORECASE)
_is_email = EmailValidator()


class BadAnswer(ValidationError):
    """An answer that can't be kept. A `ValidationError`, so that forms can call these functions as they are."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence


class Options(dict[str, dict[str, Option]]):
    """Fact -> `folded` name -> option that may be chosen; `pathways` does the same for labels of pathways."""

    pathways: dict[str, str]


def options_of(programme: Programme) -> Options:
    """The programme's open options and its pathways, in two queries."""
    options = Options()
    for option in programme.options.filter(is_open=True):
        options.setdefault(option.fact, {})[folded(option.name)] = option
    options.pathways = {folded(pathway.label): pathway.kind for pathway in programme.pathways.all()}
    if set(options.pathways.values()) == set(Pathway.Kind.values):
        options.pathways[folded(EITHER)] = Application.PathwayChoice.EITHER
    return options


def folded(text: str) -> str:
    """How names, headings and options are compared: capitals, white space and kinds of quotes don't count."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_QUOTES).casefold().split())


def quoted(text: str, longest: int = 60) -> str:
    """A typed text for a sentence: on one line, without anything that a terminal would obey, and not endless."""
    seen = "".join(sign if sign.isprintable() else " " if sign.isspace() else "\ufffd" for sign in text)
    return f"“{seen if len(seen) <= longest else seen[: longest - 1] + '…'}”"


def clean(
    fact: str, raw: str, *, options: Mapping[str, Mapping[str, Option]], today: date | None = None
) -> Any:
    """The value of a fact as `Application` keeps it; an empty answer is the field's empty value.

    `today` closes the years; it is the present day in London if it isn't given. BadAnswer if it can't be kept.
    """
    if not raw.strip():
        return empty(fact)
    kind = FACTS[fact].kind
    if kind is Kind.YEAR:
        return year(raw, today=today or timezone.localdate())
    if kind is Kind.NUMBER:
        smallest, largest = LIMITS[fact]
        return number(raw, smallest=smallest, largest=largest)
    if kind is Kind.CHOICE:
        return option(raw, named=options.get(fact, {})).name
    if kind is Kind.CHOICES:
        return several(raw, named=options.get(fact, {}))
    if kind is Kind.PATHWAY:
        return pathway(raw, labels=getattr(options, "pathways", {}))
    if kind in {Kind.TEXT, Kind.LONG_TEXT}:
        longest = longest_of(Application, fact)
        return line(raw, longest=longest) if kind is Kind.TEXT else long_text(raw, longest=longest)
    return _SIMPLE[kind](raw)


def empty(fact: str) -> Any:
    """What an application keeps of a fact that wasn't answered."""
    kind = FACTS[fact].kind
    if kind is Kind.CHOICES:
        return []
    return False if kind is Kind.DECLARATION else _field(Application, fact).get_default()


def longest_of(model: type[models.Model], field: str) -> int:
    """The most characters that a field takes."""
    return _field(model, field).max_length or 0


def _field(model: type[models.Model], name: str) -> models.Field:
    return cast(models.Field, model._meta.get_field(name))


# Texts


def line(raw: str, *, longest: int) -> str:
    """One line of text, as typed but for the white space around it."""
    text = raw.strip()
    if len(text.splitlines()) > 1:
        raise BadAnswer("It must stand on one line.")
    return _text(text, longest)


def long_text(raw: str, *, longest: int) -> str:
    """A text that may have several lines, as typed but for the white space around it."""
    return _text(raw.strip(), longest)


def _text(text: str, longest: int) -> str:
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text if sign not in "\t\n\r"):
        raise BadAnswer("It has a character that can't be read or shown; please type it again.")
    if len(text) > longest:
        raise BadAnswer(f"It has {len(text)} characters; {longest} is the most.")
    return text


def name(raw: str) -> str:
    """A person's name, in whatever letters."""
    return line(raw, longest=longest_of(User, "name"))


# Dates and numbers


def year(raw: str, *, today: date) -> int:
    """A year from the School's first to this one."""
    text = raw.strip()
    if not re.fullmatch(r"\d{4}", text, re.ASCII) or not FIRST_YEAR <= int(text) <= today.year:
        raise BadAnswer(f"{quoted(text)} isn't a year from {FIRST_YEAR} to {today.year}.")
    return int(text)


def number(raw: str, *, smallest: int, largest: int) -> int:
    """A whole number between two limits, both allowed."""
    text = raw.strip()
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not smallest <= int(text) <= largest:
        raise BadAnswer(f"{quoted(text)} isn't a whole number from {smallest} to {largest}.")
    return int(text)


def day(raw: str) -> date:
    """A date as day/month/year or as year-month-day, in this century."""
    text = raw.strip()
    match = _DAY.fullmatch(text)
    if not match:
        raise BadAnswer(f"{quoted(text)} isn't a date like 31/03/2026.")
    try:
        if match["iso"]:
            found = date.fromisoformat(match["iso"])
        else:
            found = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        raise BadAnswer(f"{quoted(text)} isn't a day of the calendar.") from None
    if not 2000 <= found.year <= 2100:
        raise BadAnswer(f"{quoted(text)} isn't between 2000 and 2100.")
    return found


def moment(raw: str, *, latest: datetime) -> datetime:
    """When a form was submitted, by the clocks of London: day/month/year hour:minute, not after `latest`.

    Form tools also write seconds, or the order of ISO 8601; month before day is refused, as nobody could tell.
    """
    text = raw.strip()
    found = next((m for shape in _MOMENTS if (m := _parsed(text, shape))), None)
    if found is None:
        raise BadAnswer(f"{quoted(text)} isn't a moment like 04/11/2025 18:26.")
    if found.year < 2000:
        raise BadAnswer(f"{quoted(text)} is before the year 2000.")
    if found > latest:
        raise BadAnswer(f"{quoted(text)} is in the future.")
    return found


def _parsed(text: str, shape: str) -> datetime | None:
    try:
        return datetime.strptime(text.replace("T", " "), shape).replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    except ValueError:
        return None


# Choices


def yes_or_no(raw: str) -> bool:
    answer = folded(raw)
    if answer not in _YES | _NO:
        raise BadAnswer(f"{quoted(raw.strip())} is neither Yes nor No.")
    return answer in _YES


def option(raw: str, *, named: Mapping[str, Option]) -> Option:
    """The option of this name; capitals and white space don't count."""
    try:
        return named[folded(raw)]
    except KeyError:
        raise BadAnswer(f"{quoted(raw.strip())} isn't one of the options.") from None


def several(raw: str | Iterable[str], *, named: Mapping[str, Option]) -> list[Option]:
    """Options in their typed order, each once; a sheet's cell separates them by semicolons and may end in one."""
    parts = raw.split(";") if isinstance(raw, str) else raw
    typed = [part for part in parts if part.strip()]
    unknown = [quoted(part.strip()) for part in typed if folded(part) not in named]
    if unknown:
        are = "isn't one" if len(unknown) == 1 else "aren't any"
        raise BadAnswer(f"{', '.join(unknown)} {are} of the options.")
    return list({found.pk: found for found in (named[folded(part)] for part in typed)}.values())


def pathway(raw: str, *, labels: Mapping[str, str]) -> str:
    """A pathway by its label, or “Either” where the programme has both (BM-7)."""
    try:
        return labels[folded(raw)]
    except KeyError:
        raise BadAnswer(f"{quoted(raw.strip())} isn't one of the pathways.") from None


def country(raw: str) -> str:
    """A country by the name under which it is kept."""
    if not (found := countries.canonical(raw.strip())):
        raise BadAnswer(f"{quoted(raw.strip())} isn't a country on the list.")
    return found


def place(raw: str) -> str:
    """A country, or anywhere."""
    if not (found := countries.canonical_place(raw.strip())):
        raise BadAnswer(f"{quoted(raw.strip())} is neither a country on the list nor “{ANYWHERE}”.")
    return found


# Addresses


def email(raw: str) -> str:
    """An address in small letters; what stands before the @ is ASCII, so that no two addresses look alike."""
    address = line(raw, longest=longest_of(User, "email"))
    local, _, domain = address.rpartition("@")
    try:
        _is_email(address)
        local.encode("ascii")
        domain.encode("idna")
    except (ValidationError, UnicodeError):
        raise BadAnswer(f"{quoted(address)} isn't an e-mail address.") from None
    return address.lower()


def linkedin(raw: str) -> str:
    """An https link to a page of LinkedIn and to nowhere else; `https://` is added where no scheme was typed."""
    text = raw.strip()
    link = text if _SCHEME.match(text) else f"https://{text}"
    if not _PROFILE.fullmatch(link):
        raise BadAnswer(f"{quoted(text)} isn't a link to LinkedIn like https://www.linkedin.com/in/name.")
    return line(link, longest=longest_of(Application, "linkedin"))


_SIMPLE: dict[Kind, Callable[[str], Any]] = {
    Kind.DATE: day,
    Kind.YES_NO: yes_or_no,
    Kind.DECLARATION: yes_or_no,
    Kind.COUNTRY: country,
    Kind.PLACE: place,
    Kind.EMAIL: email,
    Kind.LINKEDIN: linkedin,
}
