"""Small histories written by hand, any history at all, and what is promised for them, for tests."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from overview.simulation.history import Away, History, Leaving, Member, Partnership, Plan, Programme
from overview.simulation.promises import expected

LONDON = ZoneInfo("Europe/London")
TEAM = "team@example.org"
RHYTHM = Programme(date(2026, 1, 1), date(2026, 6, 30), weeks=(4, 6))
OFFICIAL = Programme(
    date(2025, 12, 1),
    date(2026, 4, 30),
    official=2,
    windows=((date(2025, 12, 1), date(2026, 1, 16)), (date(2026, 1, 17), date(2026, 3, 6))),
)


def on(month, day, year=2026):
    return date(year, month, day)


def at(month, day, hour=8, minute=0, year=2026, fold=0):
    return datetime(year, month, day, hour, minute, tzinfo=LONDON, fold=fold)


def pair(introduced_at=None, **more):
    introduced_at = introduced_at or at(1, 1)
    members = [Member("mentor", "mentor", introduced_at), Member("mentee", "mentee", introduced_at)]
    return Partnership("pair", False, introduced_at, members, **more)


def circle(*mentees, lead="lead", introduced_at=None, **more):
    introduced_at = introduced_at or at(1, 1)
    members = [Member(lead, "facilitator", introduced_at)] if lead else []
    members += [Member(person, "mentee", introduced_at) for person in mentees]
    return Partnership("circle", True, introduced_at, members, **more)


def cohort(*partnerships, programme=RHYTHM, absences=(), hours=(7, 10), zones=None, without=()):
    """A history whose clock ran twice on each day but those in `without`, for a week longer than the programme."""
    days = (programme.ends_on - programme.starts_on).days + 7
    every = [programme.starts_on + timedelta(days=number) for number in range(days)]
    ticks = [
        datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)
        for day in every
        for hour in hours
        if day not in without
    ]
    return History(programme, TEAM, list(partnerships), list(absences), ticks, zones or {})


def told(history, kind, to=None):
    """The days of one kind's messages; of those to one person, if one is named."""
    return [row.on for row in expected(history) if row.kind == kind and to in (None, row.to)]


def flags(history):
    return [(row.on, row.about) for row in expected(history) if row.kind == "flag"]


def away(person, first, last, announced_at=None, **more):
    return Away(person, (first, last), announced_at or at(1, 2), **more)


def plan(starts_at, planned_at=None, **more):
    planned_at = planned_at or at(1, 2)
    return Plan(starts_at, planned_at, more.pop("changed_at", planned_at), **more)


# Any history at all


START, SHORT = datetime(2026, 3, 20, tzinfo=UTC), 100  # over the night to 29 March
PEOPLE = ("ann", "bea", "cem", "dev")
PROGRAMMES = [
    Programme(on(3, 25), on(6, 20), weeks=(2, 3), first_days=5, again_days=4, told_after_days=6),
    Programme(
        on(3, 25),
        on(6, 20),
        official=3,
        windows=((on(3, 25), on(4, 10)), (on(4, 11), on(5, 5)), (on(5, 6), on(6, 10))),
        first_days=5,
        again_days=4,
    ),
]
moments = st.integers(0, SHORT * 24).map(lambda hours: START + timedelta(hours=hours))
spans = st.tuples(moments, st.integers(1, 900)).map(lambda row: (row[0], row[0] + timedelta(hours=row[1])))
people = st.sampled_from(PEOPLE)


@st.composite
def absences(draw):
    (first, last), announced = draw(spans), draw(spans)
    back_at = draw(st.sampled_from([None, announced[1]]))
    return Away(draw(people), (first.date(), last.date()), announced[0], draw(st.booleans()), back_at)


@st.composite
def plans(draw):
    planned_at, starts_at = draw(spans)
    over_at = draw(st.sampled_from([None, starts_at - timedelta(hours=30), starts_at + timedelta(hours=2)]))
    return Plan(starts_at, planned_at, planned_at, over_at)


@st.composite
def partnerships(draw, name):
    introduced_at = draw(st.integers(0, 40 * 24).map(lambda hours: START + timedelta(hours=hours)))
    is_circle = draw(st.booleans())
    parts = ["facilitator", "mentee", "mentee", "mentee"] if is_circle else ["mentor", "mentee"]
    joining = zip(draw(st.permutations(PEOPLE)), parts, strict=False)
    left = st.sampled_from([None, None, introduced_at + timedelta(days=20)])
    members = [Member(person, part, introduced_at, draw(left)) for person, part in joining]
    ended_at = draw(
        st.one_of(st.none(), st.integers(1, 2000).map(lambda h: introduced_at + timedelta(hours=h)))
    )
    logged = draw(st.lists(moments, max_size=4))
    return Partnership(
        name,
        is_circle,
        introduced_at,
        members,
        held=[(moment, moment.date(), True) for moment in logged],
        plans=draw(st.lists(plans(), max_size=3)),
        arranging=[(PEOPLE[0], moment) for moment in draw(st.lists(moments, max_size=2))],
        leaving=[Leaving(PEOPLE[0], *span) for span in draw(st.lists(spans, max_size=1))],
        pauses=draw(st.lists(spans, max_size=2)),
        ended_at=ended_at,
        end="office" if ended_at else "",
    )


@st.composite
def histories(draw):
    ticks = [START + timedelta(days=day, hours=hour) for day in range(SHORT) for hour in (6, 9)]
    return History(
        draw(st.sampled_from(PROGRAMMES)),
        TEAM,
        [draw(partnerships(name)) for name in ("one", "two", "three")],
        draw(st.lists(absences(), max_size=4)),
        ticks,
        {"bea": "Pacific/Auckland", "cem": "America/Los_Angeles"},
    )
