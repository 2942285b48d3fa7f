"""The prices that prove a result as plain numbers, lists and dictionaries, to be kept as JSON and read again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .arrays import InvalidProblem, whole_numbers
from .circle_solution import Cases, CircleDuals, CirclePrices

DEEPEST = 200
"""Cases within cases that are read; the search makes no more."""


def plain_duals(duals: CircleDuals) -> dict[str, Any]:
    """All of it in whole numbers, as JSON can keep it."""
    above = None if duals.above is None else _plain(duals.above)
    return {"most": _plain(duals.most), "total": _plain(duals.total), "above": above}


def read_duals(kept: Mapping[str, Any]) -> CircleDuals:
    """What `plain_duals` made, back again. Raises InvalidProblem if it isn't of that form."""
    try:
        above = None if kept["above"] is None else _read(kept["above"], 0)
        return CircleDuals(_read(kept["most"], 0), _read(kept["total"], 0), above)
    except (KeyError, TypeError, ValueError, AttributeError) as broken:
        if isinstance(broken, InvalidProblem):
            raise
        raise InvalidProblem("The prices that were kept aren't whole.") from None


def _plain(prices: CirclePrices) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "scale": prices.scale,
        "placing": prices.placing,
        "mentees": prices.mentees.tolist(),
        "leading": prices.leading.tolist(),
    }
    if (cases := prices.cases) is not None:
        split = [cases.lead, cases.running, cases.ordinal, cases.at]
        plain["cases"] = {"split": split, "fewer": _plain(cases.fewer), "more": _plain(cases.more)}
    return plain


def _read(kept: Mapping[str, Any], depth: int) -> CirclePrices:
    if depth > DEEPEST:
        raise InvalidProblem("The prices that were kept have too many cases within cases.")
    scale, placing = whole_numbers([kept["scale"], kept["placing"]], "The scale of the prices", 1).tolist()
    mentees = whole_numbers(kept["mentees"], "The prices of the mentees", 1)
    leading = whole_numbers(kept["leading"], "The prices of leading a circle", 1)
    cases = _read_cases(kept["cases"], depth + 1) if "cases" in kept else None
    return CirclePrices(scale, mentees, leading, placing, cases)


def _read_cases(kept: Mapping[str, Any], depth: int) -> Cases:
    lead, running, ordinal, at = kept["split"]
    lead, ordinal, at = whole_numbers([lead, ordinal, at], "The cases", 1).tolist()
    known = None if running is None else int(running)
    return Cases(lead, known, ordinal, at, _read(kept["fewer"], depth), _read(kept["more"], depth))
