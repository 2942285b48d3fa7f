"""Which cohort a visitor asks about, what a programme's page shows, and rows named on a command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import User
from mentorship.lib.refusals import NotPossible
from programmes.comparing import Piece, compare_lists
from programmes.facts import FACTS, Direction, Kind
from programmes.models import Cohort, DisclosedFact, Duty, PolicyVersion, Programme, Question, Role

FEWEST_HANDLERS = 2


def current_cohort(programme: Programme, on: date) -> Cohort | None:
    """The cohort open for sign-up; else the next that opens; else the one under way; else the last that was.

    Reads `programme.cohorts`, so that a prefetch answers for many programmes at once.
    """
    newest_first = list(programme.cohorts.all())
    open_now = [cohort for cohort in newest_first if cohort.is_open_for_sign_up(on)]
    to_open = [cohort for cohort in newest_first if on < cohort.sign_up_opens_on]
    running = [cohort for cohort in newest_first if not cohort.has_ended(on)]
    return next(iter([*open_now, *reversed(to_open), *running, *newest_first]), None)


def cohorts_to_show(programme: Programme, on: date) -> list[Cohort]:
    """Every cohort that hasn't ended, the earliest first; when all have, the last one."""
    newest_first = list(programme.cohorts.all())
    alive = [cohort for cohort in reversed(newest_first) if not cohort.has_ended(on)]
    return alive or newest_first[:1]


def programme_page(slug: str, *, user: User | AnonymousUser) -> Programme:
    """A programme with everything that its page shows, in a fixed number of queries. Raises Programme.DoesNotExist."""
    versions = PolicyVersion.objects.published().defer("text").prefetch_related("disclosed_facts")
    return (
        Programme.objects.readable_by(user)
        .prefetch_related(
            "aims",
            "asks",
            "commitments",
            "pathways",
            "resources",
            Prefetch("cohorts", queryset=Cohort.objects.prefetch_related("key_dates")),
            Prefetch("policy_versions", queryset=versions, to_attr="published_versions"),
            Prefetch("questions", queryset=Question.objects.published(), to_attr="published_questions"),
        )
        .get(slug=slug)
    )


def roles_asked(programme: Programme) -> list[Role]:
    """The roles in which a programme takes applications: those it asks something."""
    asked = {ask.role for ask in programme.asks.all()}
    return [role for role in Role if role in asked]


def is_closed_to_some(programme: Programme) -> bool:
    """Whether an answer that can be chosen keeps people outside for now (BM-3)."""
    facts = [key for key, fact in FACTS.items() if fact.kind is Kind.CHOICE]
    return programme.options.filter(fact__in=facts, is_open=True, is_eligible=False).exists()


@dataclass(frozen=True)
class ShownFacts:
    """What one side sees of the other, in the words of a page."""

    title: str
    labels: list[str]


def shown_facts(version: PolicyVersion) -> list[ShownFacts]:
    """Direction by direction what a version discloses, in its order; directions without facts are left out."""
    rows = version.disclosed_facts.all()
    optional = {ask.fact for ask in version.programme.asks.all() if not ask.is_required}
    lists = [
        ShownFacts(title, [_words(row, optional) for row in rows if row.direction == direction])
        for direction, title in _TITLES_OF_DIRECTIONS
    ]
    return [shown for shown in lists if shown.labels]


def compared_facts(before: PolicyVersion, after: PolicyVersion) -> list[tuple[str, list[Piece]]]:
    """Direction by direction what a later version shows no more, still, and now as well."""
    old = {shown.title: shown.labels for shown in shown_facts(before)}
    new = {shown.title: shown.labels for shown in shown_facts(after)}
    titles = [title for _, title in _TITLES_OF_DIRECTIONS if title in old or title in new]
    return [(title, compare_lists(old.get(title, []), new.get(title, []))) for title in titles]


def with_notice(programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    """Programmes with their published privacy notices as `notices`, the newest first."""
    notices = PolicyVersion.objects.published().filter(kind=PolicyVersion.Kind.NOTICE).defer("text")
    newest_first = notices.order_by("-published_on", "-pk")
    return programmes.prefetch_related(Prefetch("policy_versions", queryset=newest_first, to_attr="notices"))


def _words(row: DisclosedFact, optional: set[str]) -> str:
    label = row.label or FACTS[row.fact].label
    return f"{label}, if they share it" if row.fact in optional else label


_TITLES_OF_DIRECTIONS = [
    (Direction.OF_MENTOR, "A mentee sees of their mentor"),
    (Direction.OF_MENTEE, "A mentor sees of their mentee"),
    (Direction.IN_CIRCLE, "In a circle, everybody sees of each other"),
]


def programme_named(slug: str) -> Programme:
    """The programme of a slug typed on a command line. Raises NotPossible, which names those that exist."""
    if programme := Programme.objects.filter(slug=slug).first():
        return programme
    known = ", ".join(Programme.objects.values_list("slug", flat=True))
    raise NotPossible(
        f"There is no programme “{slug}”. {f'There are: {known}.' if known else 'None is installed yet.'}"
    )


def cohort_named(programme_slug: str, cohort_slug: str) -> Cohort:
    """The cohort of two slugs typed on a command line. Raises NotPossible, which names those that exist."""
    programme = programme_named(programme_slug)
    cohorts = programme.cohorts.select_related("programme", "policy")
    if cohort := cohorts.filter(slug=cohort_slug).first():
        return cohort
    known = ", ".join(cohorts.values_list("slug", flat=True))
    raise NotPossible(
        f"{programme_slug} has no cohort “{cohort_slug}”. {f'There are: {known}.' if known else 'It has none yet.'}"
    )


def short_of_handlers() -> QuerySet[Programme]:
    """Programmes with fewer than two people who handle concerns, the number as `handlers`.

    With one alone, a concern about that one has no reader in the programme.
    """
    able = Q(duties__kind=Duty.Kind.CONCERNS, duties__user__is_active=True)
    counted = Programme.objects.annotate(handlers=Count("duties", filter=able))
    return counted.filter(handlers__lt=FEWEST_HANDLERS).order_by("name", "pk")
