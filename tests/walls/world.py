"""Two programmes with everything, the people who knock, and the addresses at which they do."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import links as welcome_links
from accounts.tests.factories import UserFactory
from applications.interest_links import interest_url
from applications.links import continue_url
from meetings.links import token_of
from overview.links import call_back_url
from tests.walls.canaries import OURS, THEIRS, Herd
from tests.walls.data import WITH_THEIRS
from tests.walls.routes import without_a_name
from tests.walls.side import Side, build

# Who knocks, in the order of the table's columns, and the part of ours or theirs that they have.
ROLES = {
    "An": None,  # nobody who is signed in
    "Ap": ("ours", "applicant"),
    "Pa": ("ours", "mentee"),  # in an active pair; the concern is theirs
    "Ci": ("ours", "member"),  # in a circle
    "Ex": ("ours", "past mentor"),  # whose partnership is over and whose card is closed
    "AD": ("ours", "administrator"),
    "EL": ("ours", "eligibility"),
    "XA": ("theirs", "administrator"),
    "CH": ("ours", "handler"),
    "XH": ("theirs", "handler"),
    "SH": ("ours", "mentor"),  # a handler, and the partner of who raised the concern
    "GO": ("ours", "former"),  # had every duty, and has none
    "SU": None,  # a superuser without a duty
    "AP": ("ours", "office mentor"),  # administers, and mentors
}
TOGETHER = {
    "partner": {"mentee", "mentor"},
    "circle": {"member", "other member", "facilitator"},
    "former": {"past mentor", "past mentee"},
    "mentee": {"office mentor", "office mentee"},
}
CASE_VERBS = [
    *("_answer", "_note", "_publish", "_assign", "_move", "_close"),
    *("_keep_from", "_pause", "_resume", "_find"),
]
THEIR_SLUG = f"{THEIRS}0x"
MISSING = 987654
MISSING_CASE = "00000000-0000-4000-8000-000000000000"


class Visitor(Client):
    """A client that keeps no copy of each template's context: most of what a crawl would wait for."""

    def request(self, **request):
        answer = self.handler(self._base_environ(**request))
        self.cookies.update(answer.cookies)
        return answer


@dataclass
class World:
    ours: Side
    theirs: Side
    clients: dict[str, Client] = field(default_factory=dict)
    people: dict = field(default_factory=dict)
    newest: int = 0  # the last message that was kept before anybody knocked

    def row(self, name: str):
        """A row by the table's name for it: “pair” is ours, “their pair” theirs; None where none is meant."""
        side = self.theirs if name.startswith("their ") else self.ours
        return side.rows.get(name.removeprefix("their "))

    def side(self, name: str) -> Side:
        return self.theirs if name.startswith("their ") else self.ours


def build_world() -> World:
    """Both sides, and a client for each role that is signed in once."""
    ours = build(Herd(OURS), slug="ours", is_public=True)
    theirs = build(Herd(THEIRS), slug=THEIR_SLUG, is_public=False)
    theirs.herd.stands_for[THEIR_SLUG] = ("programme.slug", 0)
    _make_the_partner_a_handler(ours)
    world = World(ours, theirs)
    for role, part in ROLES.items():
        world.clients[role] = Visitor()
        if role != "An":
            world.people[role] = _person(world, role, part)
            world.clients[role].force_login(world.people[role])
    connection.run_on_commit.clear()  # nobody is to be told of what was only built
    return world


def _make_the_partner_a_handler(side):
    side.rows["programme"].duties.create(user=side.people["mentor"], kind="concerns")


def _person(world, role, part):
    if part is None:
        return UserFactory(name="Root", email="root@lse.example", is_superuser=True)
    side, name = part
    return getattr(world, side).people[name]


# Where an object stands in an address


def address(world: World, route: str, of: str) -> str:
    """The address of a route for an object of the table."""
    of = of.removesuffix(WITH_THEIRS)
    query = _QUERIES[route](world, of) if route in _QUERIES else ""
    if route.startswith("/"):
        row = world.row(of)
        return without_a_name(route, str(MISSING if row is None else row.pk))
    return reverse(route, args=_arguments(world, route, of)) + query


def _arguments(world, route, of):
    if (of.startswith("-") or route in _QUERIES) and route not in _SPECIAL:
        return []
    if (special := _SPECIAL.get(route)) is not None:
        return special(world, of)
    row = world.row(of)
    return [MISSING if row is None else row.pk]


def _slug(world, of):
    return "missing" if of == "missing" else world.side(of).rows["programme"].slug


def _version(world, of):
    if (version := world.row(of)) is None:
        return [_slug(world, "their x" if "their" in of else "x"), "policy", "missing"]
    return [version.programme.slug, version.kind, version.label]


def _apply(world, of):
    return [_slug(world, of), "mentee"]


def _welcome(world, of):
    if of == "missing":
        return ["invented", "invented"]
    url = welcome_links.welcome_url(world.side(of).people["newcomer"], next="/")
    return urlsplit(url).path.strip("/").split("/")[1:]


def _membership_token(world, of):
    if (row := world.row(of)) is None:
        return ["invented"]
    return [token_of(row.memberships.order_by("-pk").first())]


def _continue_token(world, of):
    if (row := world.row(of)) is None:
        return ["invented"]
    return [urlsplit(continue_url(row.memberships.first().application)).path.strip("/").split("/")[-1]]


def _erasure_token(world, of):
    if (row := world.row(of)) is None:
        return ["invented"]
    return [urlsplit(call_back_url(row)).path.strip("/").split("/")[-1]]


def _interest_token(world, of):
    if of == "missing":
        return ["invented"]
    return [
        urlsplit(interest_url(world.side(of).rows["programme"], "visitor@example.org")).path.split("/")[2]
    ]


def _case(world, of):
    return [MISSING_CASE if (row := world.row(of)) is None else row.pk]


def _reference(world, of):
    return ["BBB-BBB" if (row := world.row(of)) is None else row.reference]


def _cohort_and(name):
    """Routes whose address names a cohort and a row of it: theirs under our cohort is tried as well."""

    def arguments(world, of):
        if of == "their row of our cohort":
            return [world.ours.rows["cohort"].pk, world.theirs.rows[name].pk]
        if of == "missing":
            return [world.ours.rows["cohort"].pk, MISSING]
        if of == "missing cohort":
            return [MISSING, world.ours.rows[name].pk]
        side = world.side(of)
        return [side.rows["cohort"].pk, side.rows[name].pk]

    return arguments


_SPECIAL = {
    **{
        name: lambda world, of: [_slug(world, of)]
        for name in ("programme", "toolkit", "ask_question", "outside")
    },
    "policy_version": _version,
    "compare_versions": lambda world, of: [*_version(world, of), world.side(of).rows["earlier_policy"].label],
    "apply": _apply,
    "welcome": _welcome,
    **{f"answer_{name}": _membership_token for name in ("arranging", "help", "met", "away")},
    "continue_interest": _continue_token,
    "call_back_erasure": _erasure_token,
    "interest": _interest_token,
    **{f"case{verb}": _case for verb in ("", *CASE_VERBS)},
    "concern_received": _reference,
    "my_concern_add": _reference,
    "account_reset_password_from_key": lambda world, of: ["0", "invented"],
    "admin:app_list": lambda world, of: [of],
    "admin:applications_application_decide": lambda world, of: ["declined"],
    "admin:matching_adopt": _cohort_and("trial"),
    "admin:matching_offer": _cohort_and("suggestion"),
    "admin:matching_withdraw_offer": _cohort_and("offer"),
}


def _ids(world, of):
    row = world.row(of)
    return f"?ids={MISSING if row is None else row.pk}"


_QUERIES = {
    "admin:applications_application_decide": _ids,
    "admin:applications_application_record_acceptance": _ids,
}
