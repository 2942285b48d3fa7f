"""Turns what people wrote in their applications into two tables whose product is the fit (EI-M).

A fit is a whole number from 0 to 10,000, shared out over the parts by the programme's weights. What each
part gives, of its points W:

=============  ============================================================================================
sectors        the share of what the mentee wants that the mentor has
support areas  the same
course         the same: W; a related one: half
place          the mentor lives where the mentee would like to work: W; in the same region: half
level          the mentor is `steps` bands or more above the mentee: W; fewer, but above: half
division       they work in different divisions: W
=============  ============================================================================================

"Half" is ⌊W / 2⌋. A part that either of the two left blank gives half: neither a match nor a penalty. So
do all mentors, for a mentee who left it blank or would work anywhere: that part then can't decide who is
best for them. W is shared out over k wanted options in whole points, the first W mod k of them in
alphabetical order getting one more, so that a mentor who has them all gives exactly W.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from .arrays import Ints, InvalidProblem, sealed

SCALE = 10_000
"""The fit of a pair for whom every part is met in full."""


class Part(StrEnum):
    """What a fit is made of; a programme gives each a weight."""

    SECTORS = "sectors"
    SUPPORT_AREAS = "support_areas"
    COURSE = "course"
    PLACE = "place"
    LEVEL = "level"
    DIVISION = "division"


class Ground(StrEnum):
    """Why a part gives points, from the strongest to none."""

    SHARED = "shared"
    SAME = "same"
    RELATED = "related"
    FAR_ABOVE = "far_above"
    ABOVE = "above"
    DIFFERENT = "different"
    ANYWHERE = "anywhere"
    MENTEE_BLANK = "mentee_blank"
    MENTOR_BLANK = "mentor_blank"
    NONE = "none"


NAMED = frozenset({Ground.SHARED, Ground.SAME})
"""The grounds on which a mentor has the very thing that a mentee named."""


@dataclass(frozen=True, slots=True)
class Person:
    """All that matching may know of somebody in one role.

    There's no name, picture, date of birth, ethnicity, sex, faith, disability or any other protected
    characteristic here, nor anything chosen to stand for one (EI-7, BM-2): what isn't in this row can't
    influence a match. `key` tells that two rows are the same human, and `managers` are the keys of the line
    managers, the nearest first, as far as they're known.

    A mentee's `courses` are what they study, a mentor's what they studied; a mentee's `places` are where
    they would like to work (or "Anywhere"), a mentor's is the one country they live in.
    """

    key: str
    sectors: tuple[str, ...] = ()
    support_areas: tuple[str, ...] = ()
    courses: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    band: int | None = None
    division: str = ""
    managers: tuple[str, ...] = ()


def course_family(course: str) -> str:
    """The course without a variant in brackets: a double degree is related to the degree of that name."""
    return course.split(" (")[0].strip()


@dataclass(frozen=True)
class World:
    """What counts as near: the region of each country (one that isn't named lies alone), the group of each
    course (one that isn't named: its name without a variant in brackets), how many bands make a distance,
    and how "anywhere" is written."""

    regions: Mapping[str, str] = field(default_factory=dict)
    course_groups: Mapping[str, str] = field(default_factory=dict)
    steps: int = 2
    anywhere: str = "Anywhere"

    def region(self, country: str) -> str:
        return self.regions.get(country, f"= {country}")

    def group(self, course: str) -> str:
        return self.course_groups.get(course, course_family(course))


@dataclass(frozen=True)
class Column:
    """One feature: the part and the ground that it stands for, and which option, if any."""

    part: Part
    ground: Ground
    option: str = ""


@dataclass(frozen=True, eq=False)
class Features:
    """The tables for `Problem`, what their columns mean, the points of each part, and per mentee the options
    they named in each part that counts, whether or not anybody offers them."""

    wants: Ints
    offers: Ints
    columns: tuple[Column, ...]
    points: Mapping[Part, int]
    named: tuple[Mapping[Part, tuple[str, ...]], ...] = ()


def points(weights: Mapping[str, int]) -> dict[Part, int]:
    """The 10,000 points shared out by weight in whole numbers, largest remainders first.

    Parts that have no weight get none. Without any weight every fit is 0.
    """
    unknown = sorted(set(weights) - set(Part))
    if unknown:
        raise InvalidProblem(f"There is no part of the fit called “{unknown[0]}”.")
    given = {Part(part): weight for part, weight in weights.items()}
    if any(weight < 0 for weight in given.values()):
        raise InvalidProblem("A weight can't be negative.")
    total = sum(given.values())
    if not total:
        return dict.fromkeys(Part, 0)
    shares = {part: divmod(SCALE * given.get(part, 0), total) for part in Part}
    spare = SCALE - sum(whole for whole, _ in shares.values())
    luckiest = sorted(Part, key=lambda part: -shares[part][1])[:spare]
    return {part: shares[part][0] + (part in luckiest) for part in Part}


def shares(options: Iterable[str], whole: int) -> dict[str, int]:
    """`whole` points over the distinct options, as evenly as whole numbers allow."""
    names = sorted(set(options))
    return {name: whole // len(names) + (rank < whole % len(names)) for rank, name in enumerate(names)}


def build_features(
    mentees: Sequence[Person],
    mentors: Sequence[Person],
    weights: Mapping[str, int],
    world: World | None = None,
) -> Features:
    """The feature tables of these people, in the order given, under weights by part (see above).

    Raises InvalidProblem for a negative weight, a part that doesn't exist, a distance of less than one band
    or a mentor with two places to live.
    """
    sheet = _Sheet(mentees, mentors, points(weights), world or World())
    for part, entered in _PARTS.items():
        if sheet.points[part]:
            entered(sheet, part)
    return sheet.features()


class _Sheet:
    """Gathers the entries of both tables, column by column as they come up."""

    def __init__(
        self, mentees: Sequence[Person], mentors: Sequence[Person], points: dict[Part, int], world: World
    ) -> None:
        self.mentees, self.mentors, self.points, self.world = mentees, mentors, points, world
        self._columns: dict[Column, int] = {}
        self._wants: list[tuple[int, int, int]] = []
        self._offers: list[tuple[int, int]] = []
        self._named: list[dict[Part, set[str]]] = [defaultdict(set) for _ in mentees]

    def want(self, row: int, column: Column, points: int) -> None:
        self._wants.append((row, self._columns.setdefault(column, len(self._columns)), points))
        if column.ground in NAMED:
            self._named[row][column.part].add(column.option)

    def offer(self, row: int, column: Column) -> None:
        """Enter what a mentor offers, if any mentee wants it: call it after all of the part's `want`."""
        if column in self._columns:
            self._offers.append((row, self._columns[column]))

    def want_neutral(self, row: int, part: Part, is_blank: bool) -> None:
        """Half the points from a mentor who left the part blank; if the mentee did, from all."""
        self.want(row, Column(part, Ground.MENTOR_BLANK), self.points[part] // 2)
        if is_blank:
            self.want(row, Column(part, Ground.MENTEE_BLANK), self.points[part] // 2)

    def offer_neutral(self, row: int, part: Part, is_blank: bool) -> None:
        self.offer(row, Column(part, Ground.MENTOR_BLANK if is_blank else Ground.MENTEE_BLANK))

    def features(self) -> Features:
        offered = np.zeros((len(self.mentors), len(self._columns)), dtype=np.int64)
        wanted = np.zeros((len(self.mentees), len(self._columns)), dtype=np.int64)
        for row, column in self._offers:
            offered[row, column] = 1
        for row, column, points in self._wants:
            wanted[row, column] += points
        used = np.flatnonzero(wanted.any(axis=0) & offered.any(axis=0))
        columns = tuple(self._columns)
        return Features(
            wants=sealed(wanted[:, used]),
            offers=sealed(offered[:, used]),
            columns=tuple(columns[number] for number in used),
            points=self.points,
            named=tuple({part: tuple(sorted(names)) for part, names in row.items()} for row in self._named),
        )


def _options_of(person: Person, part: Part) -> tuple[str, ...]:
    return person.sectors if part is Part.SECTORS else person.support_areas


def _enter_options(sheet: _Sheet, part: Part) -> None:
    for row, mentee in enumerate(sheet.mentees):
        options = _options_of(mentee, part)
        sheet.want_neutral(row, part, not options)
        for option, worth in shares(options, sheet.points[part]).items():
            sheet.want(row, Column(part, Ground.SHARED, option), worth)
    for row, mentor in enumerate(sheet.mentors):
        options = _options_of(mentor, part)
        sheet.offer_neutral(row, part, not options)
        for option in options:
            sheet.offer(row, Column(part, Ground.SHARED, option))


def _enter_courses(sheet: _Sheet, part: Part) -> None:
    group = sheet.world.group
    for row, mentee in enumerate(sheet.mentees):
        sheet.want_neutral(row, part, not mentee.courses)
        for course, worth in shares(mentee.courses, sheet.points[part]).items():
            sheet.want(row, Column(part, Ground.SAME, course), worth - worth // 2)
            sheet.want(row, Column(part, Ground.RELATED, group(course)), worth // 2)
    for row, mentor in enumerate(sheet.mentors):
        sheet.offer_neutral(row, part, not mentor.courses)
        for course in mentor.courses:
            sheet.offer(row, Column(part, Ground.SAME, course))
            sheet.offer(row, Column(part, Ground.RELATED, group(course)))


def _enter_places(sheet: _Sheet, part: Part) -> None:
    region, anywhere = sheet.world.region, sheet.world.anywhere
    whole, half = sheet.points[part], sheet.points[part] // 2
    for row, mentee in enumerate(sheet.mentees):
        if anywhere in mentee.places:
            sheet.want(row, Column(part, Ground.ANYWHERE), half)
            continue
        sheet.want_neutral(row, part, not mentee.places)
        for country in set(mentee.places):
            sheet.want(row, Column(part, Ground.SAME, country), whole - half)
        for name in {region(country) for country in mentee.places}:
            sheet.want(row, Column(part, Ground.RELATED, name), half)
    for row, mentor in enumerate(sheet.mentors):
        if len(mentor.places) > 1:
            raise InvalidProblem("A mentor lives in one country: the part “place” can't weigh two.")
        homes = [country for country in mentor.places if country != anywhere]
        sheet.offer(row, Column(part, Ground.ANYWHERE))
        sheet.offer_neutral(row, part, not homes)
        for country in homes:
            sheet.offer(row, Column(part, Ground.SAME, country))
            sheet.offer(row, Column(part, Ground.RELATED, region(country)))


def _enter_levels(sheet: _Sheet, part: Part) -> None:
    steps = sheet.world.steps
    if steps < 1:
        raise InvalidProblem("The distance between bands must be at least one band.")
    whole, half = sheet.points[part], sheet.points[part] // 2
    thresholds: set[int] = set()
    for row, mentee in enumerate(sheet.mentees):
        sheet.want_neutral(row, part, mentee.band is None)
        if mentee.band is not None:
            thresholds |= {mentee.band + 1, mentee.band + steps}
            sheet.want(row, Column(part, Ground.ABOVE, str(mentee.band + 1)), half)
            sheet.want(row, Column(part, Ground.FAR_ABOVE, str(mentee.band + steps)), whole - half)
    for row, mentor in enumerate(sheet.mentors):
        sheet.offer_neutral(row, part, mentor.band is None)
        for band in sorted(thresholds):
            if mentor.band is not None and band <= mentor.band:
                sheet.offer(row, Column(part, Ground.ABOVE, str(band)))
                sheet.offer(row, Column(part, Ground.FAR_ABOVE, str(band)))


def _enter_divisions(sheet: _Sheet, part: Part) -> None:
    for row, mentee in enumerate(sheet.mentees):
        sheet.want_neutral(row, part, not mentee.division)
        if mentee.division:
            sheet.want(row, Column(part, Ground.DIFFERENT, mentee.division), sheet.points[part])
    divisions = sorted({mentee.division for mentee in sheet.mentees} - {""})
    for row, mentor in enumerate(sheet.mentors):
        sheet.offer_neutral(row, part, not mentor.division)
        for division in divisions:
            if mentor.division and mentor.division != division:
                sheet.offer(row, Column(part, Ground.DIFFERENT, division))


_PARTS: dict[Part, Callable[[_Sheet, Part], None]] = {
    Part.SECTORS: _enter_options,
    Part.SUPPORT_AREAS: _enter_options,
    Part.COURSE: _enter_courses,
    Part.PLACE: _enter_places,
    Part.LEVEL: _enter_levels,
    Part.DIVISION: _enter_divisions,
}
