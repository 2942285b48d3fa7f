"""What a new version of a text took out and added, paragraph by paragraph (EI-1a). Pure: texts in, pieces out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MOST_PIECES = 400  # of both texts; policies have some fifty
_ITEM = re.compile(r"[-*+] |\d+[.)] ")


class What(StrEnum):
    SAME = "same"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True)
class Piece:
    """A paragraph, a heading or one line of a list, and what became of it."""

    what: What
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The later text with what was taken out standing where it stood, before what came in its place."""
    old, new = pieces_of(before), pieces_of(after)
    return list(_pieces(old, new))


def compare_lists(before: Sequence[str], after: Sequence[str]) -> list[Piece]:
    """The same for a list, such as the facts that each side sees."""
    return list(_pieces(list(before), list(after)))


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    if len(old) + len(new) > MOST_PIECES:  # many alike take longer than a page may: then whole beside whole
        yield from (Piece(What.OUT, text) for text in old)
        yield from (Piece(What.IN, text) for text in new)
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Piece(What.SAME, text) for text in new[j1:j2])
        else:
            yield from (Piece(What.OUT, text) for text in old[i1:i2])
            yield from (Piece(What.IN, text) for text in new[j1:j2])


def pieces_of(text: str) -> list[str]:
    """Paragraphs, with each line of a list by itself; how a line is broken inside a paragraph doesn't count."""
    found: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
        open_lines: list[str] = []
        for line in lines:
            if open_lines and _ITEM.match(line):
                found.append(" ".join(open_lines))
                open_lines = []
            open_lines.append(line)
        if open_lines:
            found.append(" ".join(open_lines))
    return found
