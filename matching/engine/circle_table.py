"""A circle problem laid out as one table: a row per person to place, a column per mentor and per circle."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .arrays import Flags, Floats, Ints
from .circle_problem import CircleProblem
from .lots import lots
from .problem import placed_bonus
from .solution import Pathway


@dataclass(frozen=True)
class Option:
    """Circles that could take people: `lead` heads up to `most_open` of them, at least `least_open` must run.

    Each that runs takes from `fewest` to `most` newcomers. `facilitators` are known for one that meets
    already (`running` is its number); a new one with `needs_second` is given a second one.
    """

    lead: int
    facilitators: tuple[int, ...]
    fewest: int
    most: int
    least_open: int
    most_open: int
    needs_second: bool = False
    running: int | None = None


@dataclass(frozen=True, eq=False)
class Table:
    """Who is to be placed (`people`), where they could go, and what that is worth.

    The worth of what is allowed is `bonus` + fit and at least 1, and 0 otherwise. Rows and columns stand
    in an order drawn from the seed and the keys, so that the solver sees the same table whatever the order
    in which people came. `required` are rows with a locked membership: they're worth something only there.
    """

    problem: CircleProblem
    people: Ints
    mentors: Ints
    options: tuple[Option, ...]
    places: Ints
    pair_worth: Floats
    circle_worth: Floats
    required: Flags
    bonus: int
    seed: int

    @property
    def seats(self) -> Ints:
        """The most newcomers that each option could take."""
        return np.array([option.most * option.most_open for option in self.options], dtype=np.int64)

    @property
    def seats_each(self) -> Ints:
        """The most newcomers that one circle of each option could take."""
        return np.array([option.most for option in self.options], dtype=np.int64)

    @property
    def worth(self) -> Floats:
        return np.hstack([self.pair_worth, self.circle_worth])

    @property
    def largest_worth(self) -> int:
        return int(self.worth.max(initial=0))

    @property
    def has_decisions(self) -> bool:
        """Whether there is a circle that may run or not, or somebody who must be in one."""
        choices = any(option.least_open < option.most_open for option in self.options)
        return choices or bool(self.required.any())

    @cached_property
    def barred(self) -> Flags:
        """Per person and mentor (by the mentor's number) whether the two may not be in one circle."""
        barred = np.zeros((self.problem.mentees, self.problem.mentors), dtype=np.bool_)
        pairs = self.problem.forbidden_in_circles
        barred[pairs[:, 0], pairs[:, 1]] = True
        return barred[self.people]

    @property
    def option_numbers(self) -> dict[tuple[int, int | None, int], int]:
        """The options by lead, number of the running circle, and ordinal among those alike."""
        found: dict[tuple[int, int | None, int], int] = {}
        for number, option in enumerate(self.options):
            alike = sum(1 for lead, running, _ in found if (lead, running) == (option.lead, option.running))
            found[option.lead, option.running, alike] = number
        return found

    def split(self, number: int, at: int) -> tuple[Table, Table]:
        """The two cases in which at most `at` circles of an option run, or more do."""
        option = self.options[number]
        fewer = replace(option, most_open=min(option.most_open, at))
        more = replace(option, least_open=max(option.least_open, at + 1))
        before, after = self.options[:number], self.options[number + 1 :]
        first, second = (replace(self, options=(*before, case, *after)) for case in (fewer, more))
        return first, second

    def above(self, floor: int) -> Table:
        """The same without fits below `floor`; what is locked stays."""
        low = self.bonus + floor
        pairs = np.where(self.pair_worth < low, 0, self.pair_worth)
        circles = np.where((self.circle_worth < low) & ~self.required[:, None], 0, self.circle_worth)
        return replace(self, pair_worth=pairs, circle_worth=circles)


def table_of(problem: CircleProblem, seed: int, pathway: Pathway | None) -> Table:
    """The table of a problem; with a `pathway` nobody is newly placed in the other one."""
    lowest, highest = problem.fit_limits
    bonus = placed_bonus(problem.mentees, lowest, highest)
    people = _drawn_order(problem.mentee_keys, seed)
    people = people[~np.isin(people, problem.locked[:, 0])]
    mentors = _drawn_order(problem.mentor_keys, seed)
    places = problem.capacity - np.bincount(problem.locked[:, 1], minlength=problem.mentors)
    required = np.isin(people, problem.locked_members[:, 0])
    options = _options(problem, mentors)
    circle_worth = _circle_worth(problem, bonus, people, options, pathway is not Pathway.ONE_TO_ONE)
    usable = _usable(options, circle_worth)
    worth = _allowed_worth(problem.wants, problem.offers, problem.forbidden, bonus)
    pair_worth = worth[np.ix_(people, mentors)]
    pair_worth[required | ~problem.one_to_one[people] | (pathway is Pathway.CIRCLE)] = 0
    return Table(
        problem=problem,
        people=people,
        mentors=mentors,
        options=tuple(options[number] for number in usable),
        places=places[mentors],
        pair_worth=pair_worth,
        circle_worth=circle_worth[:, usable],
        required=required,
        bonus=bonus,
        seed=seed,
    )


def _drawn_order(keys: Ints, seed: int) -> Ints:
    drawn = lots(seed, keys, np.zeros(1, dtype=np.int64), 52)[:, 0]
    return np.lexsort([keys, drawn]).astype(np.int64)


def _allowed_worth(wants: Ints, offers: Ints, forbidden: Ints, bonus: int) -> Floats:
    worth: Floats = wants.astype(np.float64) @ offers.astype(np.float64).T + bonus
    worth[forbidden[:, 0], forbidden[:, 1]] = 0
    return worth


def _circle_worth(
    problem: CircleProblem, bonus: int, people: Ints, options: tuple[Option, ...], is_open: bool
) -> Floats:
    """Worth of each person in each option, 0 where a rule, a wish or a locked place is against it."""
    rules = problem.forbidden_in_circles
    worth = _allowed_worth(problem.circle_wants, problem.circle_offers, rules, bonus)
    table = np.zeros((len(people), len(options)))
    facilitator_of = dict(problem.locked_members.tolist())
    locked_to = np.array([facilitator_of.get(person, -1) for person in people.tolist()], dtype=np.int64)
    joins = problem.in_circle[people] & (locked_to < 0) & is_open
    for column, option in enumerate(options):
        may = joins | (locked_to == option.lead)
        allowed = worth[people][:, list(option.facilitators)].min(axis=1) > 0
        table[:, column] = np.where(may & allowed, worth[people, option.lead], 0)
    return table


def _usable(options: tuple[Option, ...], circle_worth: Floats) -> list[int]:
    """The options for which there are enough people."""
    takers = (circle_worth > 0).sum(axis=0).tolist()
    return [number for number, option in enumerate(options) if takers[number] >= max(option.fewest, 1)]


def _options(problem: CircleProblem, mentors: Ints) -> tuple[Option, ...]:
    """What could take people, facilitators in the drawn order, circles that meet already before new ones."""
    smallest, largest = problem.sizes
    options = []
    for mentor in mentors.tolist():
        for number, circle in enumerate(problem.running):
            if circle.facilitators[0] == mentor and circle.members < largest:
                short = max(smallest - circle.members, 0)
                most, least_open = largest - circle.members, int(short == 0)
                running = Option(mentor, circle.facilitators, short, most, least_open, 1, running=number)
                options.append(running)
        options += _new_options(problem, mentor)
    return tuple(options)


def _new_options(problem: CircleProblem, mentor: int) -> list[Option]:
    """The circles a mentor could open: alike where one leads them, one by one where a second is needed."""
    smallest, largest = problem.sizes
    circles = min(int(problem.circles[mentor]), problem.mentees // smallest)
    if not circles:
        return []
    if problem.facilitators[0] == 2:
        return [Option(mentor, (mentor,), smallest, largest, 0, 1, needs_second=True)] * circles
    return [Option(mentor, (mentor,), smallest, largest, 0, circles)]
