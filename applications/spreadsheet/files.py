"""A file as an office exports it from its web forms, read into a table of texts."""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from applications.answers import folded, quoted

LARGEST_FILE = 5 * 1024 * 1024  # bytes
MOST_ROWS = 20_000
_MOST_LINES = 10 * MOST_ROWS
_MOST_LINES_OF_A_ROW = 100  # beyond, a quotation mark was never closed
_DELIMITERS = (",", ";", "\t")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")
_NOT_TEXT = {
    b"PK\x03\x04": "an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
}
_LONG = "One of its cells is longer than any answer may be."
_QUOTATION = "Its quotation marks don't match, so its cells can't be told apart."
_SAVE_AS = "Please save it as CSV (UTF-8, separated by commas) and try again."
_NO_CSV = f"The file can't be read as CSV. {_SAVE_AS}"


class Unreadable(Exception):
    """A file that can't be read at all; the message is a sentence for who chose it."""


@dataclass(frozen=True)
class Row:
    """One row with its cells in the order of the headings; `line` is the physical line on which it begins."""

    line: int
    cells: tuple[str, ...]
    fault: str = ""  # why its cells can't be trusted


@dataclass(frozen=True)
class Table:
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def load(path: str) -> bytes:
    """The bytes of a file, or a sentence about why they can't be had; never more than may be read."""
    try:
        with Path(path).open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise Unreadable(f"The file {path} can't be read: {error.strerror}.") from None


def read(data: bytes, *, known: Sequence[str]) -> Table:
    """The table in a file. `known` are headings to expect; by them the separator is recognised.

    Blank rows are left out. Unreadable if it isn't a CSV file, is too large, or has a heading twice.
    """
    lines = _lines(data)
    delimiter = _delimiter(lines, known)
    records = _records(lines, delimiter)
    head = next(records, None)
    if head is None:
        raise Unreadable("The file is empty.")
    headings = _headings(head)
    rows = []
    for record in records:
        rows.append(_squared(record, len(headings)))
        if len(rows) > MOST_ROWS:
            raise Unreadable(f"The file has more than {MOST_ROWS:,} rows. Please import it in parts.")
    return Table(headings, tuple(rows))


def _lines(data: bytes) -> list[str]:
    """The physical lines of a file with their ends, if it is a text of a size that can be taken."""
    if len(data) > LARGEST_FILE:
        raise Unreadable(
            f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB. Please import it in parts."
        )
    text = _decoded(data)
    if _is_noise(text[:4096]):
        raise Unreadable(_NO_CSV)
    lines = _LINE.findall(text)
    if len(lines) > _MOST_LINES:
        raise Unreadable(f"The file has more than {_MOST_LINES:,} lines. Please import it in parts.")
    return lines


def _decoded(data: bytes) -> str:
    """Text of the file: UTF-8, UTF-16 with its mark, or the Western European letters of older Excel.

    A stray byte in a file that otherwise is UTF-8 stays behind as a lone surrogate, which no answer lets pass: so it
    spoils its own cell and not the accents of everybody else.
    """
    for beginning, kind in _NOT_TEXT.items():
        if data.startswith(beginning):
            raise Unreadable(f"The file is {kind}, not a CSV file. {_SAVE_AS}")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16", errors="surrogatepass")
        except UnicodeDecodeError:
            raise Unreadable(f"The file ends in the middle of a letter. {_SAVE_AS}") from None
    text = data.decode("utf-8-sig", errors="surrogateescape")
    stray = sum("\udc80" <= sign <= "\udcff" for sign in text)
    proper = sum(sign > "\x7f" for sign in text) - stray
    if data.startswith(codecs.BOM_UTF8) or not stray or 0 < stray <= proper:
        return text
    return data.decode("cp1252", errors="surrogateescape")


def _is_noise(text: str) -> bool:
    """Whether this is no text at all but a picture, a program and the like: one sign in twelve has no shape."""
    return 12 * sum(_has_no_shape(sign) for sign in text) > len(text)


def _has_no_shape(sign: str) -> bool:
    return sign not in "\t\r\n" and unicodedata.category(sign) in {"Cc", "Cs"}


def _delimiter(lines: Sequence[str], known: Sequence[str]) -> str:
    """The separator under which most of the expected headings appear; if none does, the one with most columns."""
    expected = {folded(heading) for heading in known}

    def found(delimiter: str) -> tuple[int, int]:
        head = next(_records(lines, delimiter), Row(1, ()))
        return len({folded(cell) for cell in head.cells} & expected), len(head.cells)

    return max(_DELIMITERS, key=found)


def _records(lines: Sequence[str], delimiter: str) -> Iterator[Row]:
    """Rows that aren't blank. One with broken quotation marks is named, and the next line begins afresh."""
    start = 0
    while start < len(lines):
        reader = csv.reader(lines[start : start + _MOST_LINES_OF_A_ROW], delimiter=delimiter, strict=True)
        try:
            cells = tuple(next(reader))
        except csv.Error as error:
            yield Row(start + 1, (), _LONG if "limit" in str(error) else _QUOTATION)
            start += 1
            continue
        if any(cell.strip() for cell in cells):
            yield Row(start + 1, cells)
        start += reader.line_num


def _headings(head: Row) -> tuple[str, ...]:
    """The headings as they stand in the file, but for the white space."""
    headings = tuple(" ".join(cell.split()) for cell in head.cells)
    if head.fault or any(_has_no_shape(sign) for heading in headings for sign in heading):
        raise Unreadable(_NO_CSV)
    count = Counter(folded(heading) for heading in headings if heading)
    if twice := [heading for heading in dict.fromkeys(headings) if count[folded(heading)] > 1]:
        raise Unreadable(
            f"The file has a heading more than once: {', '.join(quoted(name) for name in twice)}."
        )
    return headings


def _squared(record: Row, width: int) -> Row:
    if record.fault or len(record.cells) == width:
        return record
    return Row(record.line, (), f"It has {len(record.cells)} cells where the headings are {width}.")
