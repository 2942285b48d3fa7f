"""Small numbers: the one place where a count of people becomes a figure that others may read.

Equality figures follow the rounding strategy of HESA (the UK's Higher Education Statistics Agency): counts to the
nearest five; no percentage of fewer than 22.5 people, no average of seven people or fewer. Where taking part in the
programme itself tells something sensitive, one to nine people are “<10”. Concerns are fewer and graver: below five,
nought included, they are “fewer than 5”.

All that is shown follows from the rounded counts alone, so that nothing shown narrows down what a count was: a share
is that of two rounded counts, and an average is cut to steps of five.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from statistics import fmean

STEP = 5
SMALLEST_BASE = 25  # rounded: 22.5 people or more
SMALLEST_MEAN = 10  # rounded: more than seven people
SENSITIVE = 10


def nearest_five(number: int) -> int:
    """A count of people to the nearest five: 2 gives 0, 3 gives 5. A half can't occur."""
    return STEP * ((2 * number + STEP) // (2 * STEP))


def kept(number: int, *, is_sensitive: bool = False) -> int | None:
    """A count as it may be stored: to the nearest five, or nothing where it is shown as “<10”."""
    return None if is_sensitive and 0 < number < SENSITIVE else nearest_five(number)


def shown(number: int | None) -> str:
    """A stored count as it is shown."""
    return f"<{SENSITIVE}" if number is None else str(number)


def figure(number: int, *, is_sensitive: bool = False) -> str:
    """A count as it is shown."""
    return shown(kept(number, is_sensitive=is_sensitive))


def share_of_kept(part: int | None, whole: int | None) -> str:
    """Which part of a whole it is, by two stored counts; empty where it would tell more than the two figures do."""
    if part is None or whole is None or whole < SMALLEST_BASE:
        return ""
    return f"{round(Fraction(100 * min(part, whole), whole))}%"


def share(part: int, whole: int, *, is_sensitive: bool = False) -> str:
    """Which part of a whole it is, in whole per cent; empty where it would tell more than the two figures do."""
    return share_of_kept(kept(part, is_sensitive=is_sensitive), kept(whole, is_sensitive=is_sensitive))


def kept_average(values: Sequence[float], *, is_sensitive: bool = False) -> int | None:
    """The mean of some percentages as it may be stored, to the nearest five per cent.

    Nothing for seven people or fewer, and nothing where their number is shown as “<10”.
    """
    if (kept(len(values), is_sensitive=is_sensitive) or 0) < SMALLEST_MEAN:
        return None
    return nearest_five(round(fmean(values)))


def average(values: Sequence[float]) -> str:
    """The mean of some percentages, to the nearest five per cent; empty for seven people or fewer."""
    mean = kept_average(values)
    return "" if mean is None else f"{mean}%"


def of_concerns(number: int) -> str:
    """A count of concerns; below five in words that don't tell which."""
    return f"fewer than {STEP}" if number < STEP else str(nearest_five(number))
