"""What the engine accepts as numbers: whole, finite, and small enough that every sum stays exact."""

from __future__ import annotations

from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Scalar = TypeVar("Scalar", bound=np.generic)

EXACT = 2**53
"""Whole numbers up to here are exact in double precision, in which the solvers calculate."""


BLOCK = 4096
"""Rows calculated together where a whole table would take too much memory."""


class InvalidProblem(ValueError):
    """The input contradicts itself or can't be calculated exactly; the text is a sentence that says where."""


def whole_numbers(values: ArrayLike, what: str, dimensions: int) -> Ints:
    """A read-only copy of whole numbers with that many dimensions; `what` names them in a refusal."""
    array = _numbers(values, what)
    if array.size == 0 and array.ndim < dimensions:
        array = array.reshape((0,) * dimensions)
    if array.ndim != dimensions:
        shape = {1: "a single row", 2: "a table with a row for each"}[dimensions]
        raise InvalidProblem(f"{what} must be {shape}, but came with {array.ndim} dimensions.")
    if array.dtype.kind == "f":
        if not np.isfinite(array).all():
            raise InvalidProblem(f"{what} must be numbers, but one of them is missing or infinite.")
        if (array != np.rint(array)).any():
            raise InvalidProblem(f"{what} must be whole numbers, but one of them has a fraction.")
    if array.size and (array.max() > EXACT or array.min() < -EXACT):
        raise InvalidProblem(f"{what} must stay below {EXACT:,} to be exact.")
    return sealed(array.astype(np.int64))


def _numbers(values: ArrayLike, what: str) -> NDArray[np.generic]:
    try:
        array = np.asarray(values)
    except ValueError:
        raise InvalidProblem(f"{what} must have rows of equal length.") from None
    if array.dtype.kind not in "biuf":
        raise InvalidProblem(f"{what} must be numbers.")
    return array


def counts(values: ArrayLike, what: str, length: int) -> Ints:
    """One number for each of `length` people, none of them below zero."""
    array = whole_numbers(values, what, 1)
    if len(array) != length:
        raise InvalidProblem(f"{what} must be given for each of {length:,}, but came for {len(array):,}.")
    if (array < 0).any():
        raise InvalidProblem(f"{what} can't be negative.")
    return array


def flags(values: ArrayLike, what: str, length: int) -> Flags:
    """Yes or no for each of `length` people."""
    array = counts(values, what, length)
    if (array > 1).any():
        raise InvalidProblem(f"{what} must be yes or no for each person.")
    return sealed(array.astype(np.bool_))


def index_pairs(values: ArrayLike, what: str, mentees: int, mentors: int) -> Ints:
    """Distinct (mentee, mentor) pairs in order, each of them within the problem."""
    pairs = whole_numbers(values, what, 2)
    if pairs.size == 0:
        return sealed(np.zeros((0, 2), dtype=np.int64))
    if pairs.shape[1] != 2:
        raise InvalidProblem(f"{what} must be pairs of a mentee's and a mentor's number.")
    if (pairs < 0).any() or (pairs >= (mentees, mentors)).any():
        raise InvalidProblem(f"{what} name somebody who isn't in the problem.")
    numbered = np.unique(pairs[:, 0] * mentors + pairs[:, 1])
    return sealed(np.column_stack(np.divmod(numbered, mentors)))


def sorted_pairs(pairs: Ints) -> Ints:
    """The same pairs by their first number and then by their second."""
    if not len(pairs):
        return pairs
    numbered = np.sort(pairs @ (int(pairs[:, 1].max()) + 1, 1))
    return np.column_stack(np.divmod(numbered, int(pairs[:, 1].max()) + 1))


def keys(values: ArrayLike | None, what: str, length: int) -> Ints:
    """The numbers by which lots are drawn: those given, each once, or else the row numbers."""
    if values is None:
        return sealed(np.arange(length, dtype=np.int64))
    array = counts(values, what, length)
    if len(np.unique(array)) != length:
        raise InvalidProblem(f"{what} must differ from person to person.")
    return array


def exact_sum(values: Ints) -> int:
    """The sum, exact however large."""
    return sum(values.tolist())


def reach(left: Ints, right: Ints) -> float:
    """No partial sum of any pair's fit lies further from zero than this, in whatever order it's summed."""
    heights = np.abs(right).max(axis=0, initial=0).astype(np.float64)
    blocks = (np.abs(left[start : start + BLOCK]) @ heights for start in range(0, len(left), BLOCK))
    return max((float(block.max()) for block in blocks), default=0.0)


def sealed(array: NDArray[Scalar]) -> NDArray[Scalar]:
    """The array itself, from now on read-only."""
    array.flags.writeable = False
    return array
