"""Small and awkward problems for the engine's tests, drawn by hypothesis or from a seed."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from matching.engine import CircleProblem, Problem, RunningCircle


@st.composite
def pair_lists(draw, mentees, mentors, most=12):
    if not mentees or not mentors:
        return []
    pair = st.tuples(st.integers(0, mentees - 1), st.integers(0, mentors - 1))
    return draw(st.lists(pair, max_size=most, unique=True))


@st.composite
def tables(draw, mentees, mentors):
    """Feature tables, often with heavy ties, sometimes with fits below zero or at the top of the scale."""
    values = draw(
        st.sampled_from(
            [st.integers(0, 1), st.integers(0, 3), st.integers(-2, 2), st.sampled_from([0, 5000])]
        )
    )
    width = draw(st.integers(0, 2))
    wants = draw(
        st.lists(st.lists(values, min_size=width, max_size=width), min_size=mentees, max_size=mentees)
    )
    offers = draw(
        st.lists(
            st.lists(st.integers(0, 2), min_size=width, max_size=width), min_size=mentors, max_size=mentors
        )
    )
    return np.array(wants).reshape(mentees, width), np.array(offers).reshape(mentors, width)


@st.composite
def problems(draw, with_locks=True):
    """One-to-one problems small enough to try everything."""
    mentees, mentors = draw(st.integers(0, 5)), draw(st.integers(0, 4))
    wants, offers = draw(tables(mentees, mentors))
    most = draw(st.sampled_from([1, 2, 50]))
    capacity = draw(st.lists(st.integers(0, most), min_size=mentors, max_size=mentors))
    forbidden = draw(pair_lists(mentees, mentors))
    locked = draw(pair_lists(mentees, mentors, most=2)) if with_locks else []
    return Problem(wants, offers, capacity, forbidden, _keepable(locked, forbidden, capacity))


def _keepable(locked, forbidden, capacity):
    """As many of the locked pairs as contradict nothing."""
    kept, left = {}, list(capacity)
    for mentee, mentor in locked:
        if mentee not in kept and (mentee, mentor) not in forbidden and left[mentor]:
            kept[mentee] = mentor
            left[mentor] -= 1
    return list(kept.items())


@st.composite
def circle_problems(draw, facilitators=(1, 2), most_circles=2):
    """Problems with circles small enough to try everything; the locked places may be impossible to keep."""
    mentees = draw(st.integers(0, 5))
    mentors = draw(st.integers(0, 3 if mentees < 5 else 2))
    wants, offers = draw(tables(mentees, mentors))
    capacity = draw(st.lists(st.integers(0, 1), min_size=mentors, max_size=mentors))
    circles = draw(st.lists(st.integers(0, most_circles), min_size=mentors, max_size=mentors))
    pathways = draw(st.lists(st.sampled_from("abe"), min_size=mentees, max_size=mentees))
    sizes = draw(st.sampled_from([(1, 2), (2, 2), (2, 3), (3, 4)]))
    forbidden = draw(pair_lists(mentees, mentors, most=6))
    locked = _keepable(draw(pair_lists(mentees, mentors, most=1)), forbidden, capacity)
    leads = [mentor for mentor in range(mentors) if circles[mentor]]
    running = [] if facilitators[0] == 2 else draw(running_circles(mentors, sizes[1]))
    leads += [circle.facilitators[0] for circle in running]
    members = [
        (mentee, mentor)
        for mentee, mentor in draw(pair_lists(mentees, mentors, most=1))
        if mentor in leads and (mentee, mentor) not in forbidden and mentee not in dict(locked)
    ]
    return CircleProblem(
        wants,
        offers,
        capacity,
        circles,
        [pathway in "be" for pathway in pathways],
        [pathway in "ae" for pathway in pathways],
        sizes=sizes,
        facilitators=facilitators,
        running=running,
        forbidden=forbidden,
        locked=locked,
        locked_members=members,
    )


@st.composite
def running_circles(draw, mentors, largest):
    leads = draw(st.lists(st.integers(0, mentors - 1), max_size=2)) if mentors else []
    return [RunningCircle((lead,), draw(st.integers(0, largest))) for lead in leads]


def town(mentees=60, seed=1, *, share_forbidden=0.2, most_places=3, levels=4):
    """A problem of a usual shape and size, always the same for a seed: arguments for `Problem`."""
    rng = np.random.default_rng([seed, mentees])
    mentors = mentees // 2
    wanted, offered = rng.random((mentees, 12)) < 0.25, rng.random((mentors, 12)) < 0.3
    shares = wanted * (6000 // np.maximum(wanted.sum(axis=1), 1))[:, None]
    level = np.eye(levels, dtype=int)
    wants = np.hstack([shares, level[rng.integers(0, levels, mentees)] * 4000])
    offers = np.hstack([offered, level[rng.integers(0, levels, mentors)]])
    forbidden = np.argwhere(rng.random((mentees, mentors)) < share_forbidden)
    return {
        "wants": wants,
        "offers": offers,
        "capacity": rng.integers(0, most_places + 1, mentors),
        "forbidden": forbidden,
    }
