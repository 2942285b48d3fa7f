"""The file that a person downloads: the same data for programs (JSON) and for people (a page), and a few words."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html

from accounts.models import User
from overview.exporting import own
from overview.exporting.readable import Line, Reader, Table, in_words, plain
from overview.personal.categories import CATEGORIES
from overview.personal.holding import Category, Holding
from overview.personal.registry import HOLDINGS
from overview.services.periods import months_of

IN_MEMORY = 2 * 1024 * 1024  # bytes; what is larger goes through a file without a name
_CHAPTERS = "<!-- chapters -->"  # where they stand in the page: nobody else can write this there, since all is escaped
# The page is read without this site, so its few rules of style stand in it. Nothing here needs escaping.
_STYLE = (
    "body{font:1rem/1.5 Georgia,serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#1c2421;background:#fbfaf7}"
    "h1,h2,h3{line-height:1.2}h2{margin-top:3rem;border-top:1px solid #c9c5bb;padding-top:1rem}"
    "dl{margin:1rem 0;border-left:3px solid #c9c5bb;padding-left:1rem}dt{font-size:.85rem;color:#56605c}"
    "dd{margin:0 0 .5rem;white-space:pre-line;overflow-wrap:anywhere}.muted{color:#56605c}"
)


@dataclass(frozen=True)
class Part:
    """One table in words."""

    title: str
    lines: list[Line]
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def read(self) -> list[list[tuple[str, str]]]:
        """Each line as labels and words, without what is empty."""
        return [
            [(label, words) for label, value in line.items() if (words := in_words(value))]
            for line in self.lines
        ]


@dataclass(frozen=True)
class Chapter:
    """One category: why it is held, who reads it, how long, and the tables in which this person has rows."""

    category: Category
    months: int
    parts: list[Part]

    def as_data(self) -> dict[str, Any]:
        about = self.category
        tables = [{"table": p.title, "rows": p.lines, "left_out": p.left_out} for p in self.parts]
        return {
            "category": about.title,
            "purpose": about.purpose,
            "basis": about.basis,
            "read_by": about.read_by,
            "kept": f"{self.months} months from {about.kept}",
            "tables": tables,
        }


def chapters(user: User) -> Iterator[Chapter]:
    """Every category in which something is held of this person, one at a time: no more of it is in memory."""
    months, reader = months_of(), Reader(user, HOLDINGS)
    for category in CATEGORIES:
        holdings = [row for row in HOLDINGS if row.category == category and row.is_exported]
        found = [part for row in holdings if (part := _part(row, reader)).lines]
        deeds = [line for row in holdings for line in own.deeds(row, user)]
        if deeds:
            found.append(Part("What you did to rows that are about others", deeds))
        if found:
            yield Chapter(category, months[category.key], found)


def _part(holding: Holding, reader: Reader) -> Part:
    if holding.model in own.IN_OTHER_WORDS:
        title, lines_of = own.IN_OTHER_WORDS[holding.model]
        return Part(title, lines_of(reader.user))
    table = Table(holding, reader)
    if holding.model_class._meta.auto_created:  # stands with the row that it belongs to
        return Part(table.title, [])
    return Part(table.title, table.lines(own.rows_of(holding, reader.user)), table.left_out)


def withheld() -> dict[str, str]:
    """What no copy has, and why, whether or not there is something of this person: a copy must not tell."""
    return {
        str(row.model_class._meta.verbose_name_plural): row.withheld
        for row in HOLDINGS
        if not row.is_exported
    }


def write(user: User, *, at: datetime) -> IO[bytes]:
    """A ZIP of everything that is held about a person, open at its beginning; it is gone once it is closed."""
    made: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (whoever asked closes it)
    try:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            _fill(archive, user, at=at)
        made.seek(0)
    except BaseException:
        made.close()
        raise
    return made


def _fill(archive: zipfile.ZipFile, user: User, *, at: datetime) -> None:
    style = format_html("<style>{}</style>", _STYLE)
    context = {"of": user, "at": at, "withheld": withheld(), "style": style, "site_url": settings.SITE_URL}
    archive.writestr("README.txt", render_to_string("overview/export/readme.txt", context))
    beginning, _, end = render_to_string("overview/export/page.html", context).partition(_CHAPTERS)
    with SpooledTemporaryFile(max_size=IN_MEMORY) as page:
        page.write(beginning.encode())
        with archive.open("my-data.json", "w", force_zip64=True) as data:
            _write_json(data, page, user, at=at)
        page.write(end.encode())
        page.seek(0)
        with archive.open("my-data.html", "w", force_zip64=True) as shown:
            shutil.copyfileobj(page, shown)


def _write_json(data: IO[bytes], page: IO[bytes], user: User, *, at: datetime) -> None:
    """Category by category, each into both files."""
    head = {"made_at": at, "of": {"name": user.name, "address": user.email}, "withheld": withheld()}
    data.write(_json(head).removesuffix(b"\n}") + b',\n"categories": [\n')
    for number, chapter in enumerate(chapters(user)):
        data.write((b",\n" if number else b"") + _json(chapter.as_data()))
        page.write(render_to_string("overview/export/chapter.html", {"chapter": chapter}).encode())
    data.write(b"\n]}\n")


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=plain).encode()
