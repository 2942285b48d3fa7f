"""What a run keeps of its input, so that anybody can prove it later: one text, and its fingerprint.

People are numbers in it; there are no names and no addresses.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import asdict, fields
from typing import Any

from matching import engine
from matching.criteria import from_json
from matching.pool import Pool, Running


def written(pool: Pool, *, seed: int) -> bytes:
    """Everything that decides a run: rows, places, wishes, rules, weights, what the office decided, and the seed.

    The same pool and seed give the same bytes on every machine and database.
    """
    content = {
        "mentees": [[pk, _row(pool.rows[pk]), sorted(pool.wishes[pk])] for pk in pool.mentees],
        "mentors": [[pk, _row(pool.rows[pk]), dict(sorted(pool.rooms[pk].items()))] for pk in pool.mentors],
        "criteria": {kind: criteria.as_json() for kind, criteria in sorted(pool.criteria.items())},
        "sizes": pool.sizes,
        "refused": {kind: sorted(pairs) for kind, pairs in sorted(pool.refused.items())},
        "former": sorted(pool.former),
        "locked": {kind: list(pairs) for kind, pairs in sorted(pool.locked.items())},
        "running": [asdict(circle) for circle in pool.running],
        "seed": seed,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


class Broken(ValueError):
    """A stored input that isn't whole; the text is a sentence."""


def fingerprint(text: bytes) -> str:
    """SHA-256 of a run's input."""
    return hashlib.sha256(text).hexdigest()


def packed(text: bytes) -> bytes:
    return zlib.compress(text)


def unpacked(data: bytes | memoryview) -> bytes:
    """The text that `packed` was given; raises Broken if it isn't whole."""
    try:
        return zlib.decompress(bytes(data))
    except zlib.error as broken:
        raise Broken("The stored input isn't whole.") from broken


def read(text: bytes) -> tuple[Pool, int]:
    """The pool and the seed from what `written` gave."""
    content = json.loads(text)
    mentees, mentors = content["mentees"], content["mentors"]
    pool = Pool(
        mentees=tuple(pk for pk, _, _ in mentees),
        mentors=tuple(pk for pk, _, _ in mentors),
        rows={pk: _person(row) for pk, row, _ in (*mentees, *mentors)},
        rooms={pk: rooms for pk, _, rooms in mentors},
        wishes={pk: frozenset(wishes) for pk, _, wishes in mentees},
        criteria=from_json(content["criteria"]),
        sizes=(content["sizes"][0], content["sizes"][1]),
        refused=_pairs(content["refused"]),
        former=[(i, j) for i, j in content["former"]],
        locked=_pairs(content["locked"]),
        running=tuple(
            Running(c["partnership"], tuple(c["facilitators"]), c["members"]) for c in content["running"]
        ),
    )
    return pool, content["seed"]


_COLUMNS = [field.name for field in fields(engine.Person)]


def _row(person: engine.Person) -> list[Any]:
    return [getattr(person, name) for name in _COLUMNS]


def _person(row: list[Any]) -> engine.Person:
    values: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return engine.Person(**(values | lists))


def _pairs(by_kind: dict[str, list[list[int]]]) -> dict[str, list[tuple[int, int]]]:
    return {kind: [(i, j) for i, j in pairs] for kind, pairs in by_kind.items()}
