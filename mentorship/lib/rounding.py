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


def figure(number: int, *, is_sensitive: bool = False) -> str:
    """A count as it is shown."""
    if is_sensitive and 0 < number < SENSITIVE:
        return f"<{SENSITIVE}"
    return str(nearest_five(number))


def share(part: int, whole: int, *, is_sensitive: bool = False) -> str:
    """Which part of a whole it is, in whole per cent; empty where it would tell more than the two figures do."""
    base = nearest_five(whole)
    if base < SMALLEST_BASE or (is_sensitive and 0 < part < SENSITIVE):
        return ""
    return f"{round(Fraction(100 * min(nearest_five(part), base), base))}%"


def average(values: Sequence[float]) -> str:
    """The mean of some percentages, to the nearest five per cent; empty for seven people or fewer."""
    if nearest_five(len(values)) < SMALLEST_MEAN:
        return ""
    return f"{nearest_five(round(fmean(values)))}%"


def of_concerns(number: int) -> str:
    """A count of concerns; below five in words that don't tell which."""
    return f"fewer than {STEP}" if number < STEP else str(nearest_five(number))
