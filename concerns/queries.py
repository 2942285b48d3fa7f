"""Who may raise a concern where, whom it is kept from, and who reads it."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from accounts.queries import people_by_address, people_here
from applications.models import Application
from concerns import identity, sealing
from concerns.models import Case, CaseExclusion, numbers_of_partners
from outbox.models import Message
from partnerships.models import Membership, Partnership, State
from programmes.models import Duty, Programme

MOST_FOUND = 20  # partnerships that one search of a handler gives


def programmes_of(user: User | AnonymousUser) -> QuerySet[Programme]:
    """Where a person takes part: they have applied, been in a partnership, or work for it."""
    if not user.is_authenticated:
        return Programme.objects.none()
    applied = Application.objects.filter(user=user, submitted_at__isnull=False)
    matched = Membership.objects.filter(application__user=user)
    duties = Duty.objects.filter(user=user)
    return Programme.objects.filter(
        Q(pk__in=applied.values("cohort__programme"))
        | Q(pk__in=matched.values("partnership__cohort__programme"))
        | Q(pk__in=duties.values("programme"))
    )


def programmes_open_to(user: User | AnonymousUser) -> QuerySet[Programme]:
    """Where a person may write with their name: their own programmes and every public one."""
    if not user.is_authenticated:
        return Programme.objects.none()
    return Programme.objects.filter(Q(pk__in=programmes_of(user).values("pk")) | Q(is_public=True))


def programmes_for_anonymous() -> QuerySet[Programme]:
    """Where anybody may write without a name."""
    return Programme.objects.public().filter(allows_anonymous_concerns=True)


def partners_of(user: User) -> list[User]:
    """Everybody else who is or ever was in a partnership with this person, in any programme."""
    return list(User.objects.filter(pk__in=numbers_of_partners(user)).exclude(pk=user.pk).order_by("pk"))


def handlers_of(programme: Programme) -> list[User]:
    """Who handles concerns for a programme, whether or not they may read a given case."""
    people = User.objects.filter(duties__programme=programme, duties__kind=Duty.Kind.CONCERNS)
    return list(people.distinct().order_by("pk"))


def readers_of(case: Case) -> list[User]:
    """The handlers who may open a case. Each is asked at the door itself, so that there is one rule only."""
    return [
        user
        for user in handlers_of(case.programme)
        if Case.objects.visible_to(user).filter(pk=case.pk).exists()
    ]


def is_kept_from(case: Case, user: User) -> bool:
    """Whether somebody is named in a case, or it is their own; whatever their duties."""
    own = case.reporter_fingerprint in sealing.fingerprints("reporter", user.pk)
    return own or CaseExclusion.objects.of(user).filter(case=case).exists()


def open_cases_about(user: User) -> list[Case]:
    """Open cases that somebody raised with their name, or in which they are named: they hold what would erase them.

    By account, address or family name, so that a namesake's may hold it too. Only the clock asks this: nothing that
    a person sees may depend on it.
    """
    marks = identity.marks_of(user)
    family = identity.words_in((user.name.split() or [""])[-1])
    certain = {mark for mark in marks if mark[0] != "word" or mark[1] in family}
    named = CaseExclusion.objects.filter(person_fingerprint__in=identity.fingerprints(certain))
    own = sealing.fingerprints("reporter", user.pk)
    rows = Case.objects.still_open().filter(Q(reporter_fingerprint__in=own) | Q(pk__in=named.values("case")))
    return list(rows.order_by("created_at", "pk"))


@sensitive_variables()
def people_told_of(text: str) -> list[User]:
    """Whose address, or two words of whose name, stand in a text, whatever they are here: they may get a duty later."""
    words = identity.words_in(text)
    addressed = {user.pk for user in people_by_address(identity.addresses_in(text)).values()}
    people = people_here().order_by("pk").values_list("pk", "name").iterator()
    found = [pk for pk, name in people if pk in addressed or identity.is_named_in(name, words)]
    return list(User.objects.filter(pk__in=found).order_by("pk"))


def who_could_read(programme: Programme) -> list[User]:
    """Handlers of a programme, and who could make themselves one."""
    return [*handlers_of(programme), *User.objects.filter(is_superuser=True).order_by("pk")]


def partnerships_of(people: Iterable[User], programme: Programme) -> list[Partnership]:
    """Partnerships of a programme that run or rest, and in which one of these people is."""
    theirs = Membership.objects.current().filter(application__user__in=list(people))
    rows = running_in(programme).filter(pk__in=theirs.order_by().values("partnership"))
    return list(rows.select_related("cohort").order_by("pk")[:MOST_FOUND])


def partnerships_numbered(numbers: Iterable[int], programme: Programme) -> list[Partnership]:
    """Of these partnerships, those of a programme that run or rest."""
    rows = running_in(programme).filter(pk__in=list(numbers))
    return list(rows.select_related("cohort").order_by("pk"))


def running_in(programme: Programme) -> QuerySet[Partnership]:
    """A programme's partnerships that run or rest."""
    return Partnership.objects.filter(cohort__programme=programme, state__in=[State.ACTIVE, State.PAUSED])


@sensitive_variables()
def people_called(named: str, programme: Programme) -> list[User]:
    """Who of a programme's participants has one of these addresses, or a name with all of these words in it."""
    words = identity.words_in(named)
    taking_part = Membership.objects.filter(partnership__cohort__programme=programme).order_by()
    people = User.objects.filter(pk__in=taking_part.values("application__user")).order_by("pk")
    if addresses := identity.addresses_in(named):
        return list(people.filter(pk__in=[user.pk for user in people_by_address(addresses).values()]))
    return [user for user in people if words and words <= identity.words_in(user.name)]


def messages_of(case: Case) -> QuerySet[Message]:
    """The e-mails that went out about a case: for its handlers, as long as the outbox keeps them."""
    mark = sealing.fingerprints("message", case.pk)
    asked = Q()
    for each in mark:
        asked |= Q(key__startswith=f"concerns/{each[:32]}/")
    return Message.objects.filter(asked).order_by("created_at", "pk")
