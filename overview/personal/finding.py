"""Which rows are about a person where no foreign key says so: by address, by name, by what is sealed or packed."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from accounts.queries import people_by_address
from applications.eligibility import plain
from applications.models import AlumniRecord, Application, Interest
from concerns.models import Case, CaseExclusion, Entry
from equality import queries as equality
from equality.models import Answers
from matching.models import RunRecord
from matching.records import Broken, read, unpacked
from outbox.models import Message
from overview.models import DataRequest
from programmes.models import Programme, Question


def addresses_of(user: User) -> set[str]:
    """Every address by which they are found here, in small letters: of the account, proved, or of the office's sheet.

    Not one that they only added (it may be anybody's), nor one that another has proved, nor one at which an office
    is reached: what goes there is its team's.
    """
    proved = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    from_sheets = Application.objects.filter(user=user).values_list("office_email", flat=True)
    own = {address.lower() for address in [user.email, *proved, *from_sheets] if address} - _of_offices()
    others = {address for address, owner in people_by_address(own).items() if owner != user}
    return own - others


def _of_offices() -> set[str]:
    reached = [programme.contact_email for programme in Programme.objects.order_by("pk")]
    _, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return {address.lower() for address in [*reached, sender, settings.CONCERNS_CENTRAL_EMAIL]}


def account(user: User) -> QuerySet[User]:
    return User.objects.filter(pk=user.pk)


def sessions(user: User) -> QuerySet[Session]:
    """Of those that run: whose a session is stands inside it."""
    running = Session.objects.order_by("pk").iterator()
    own = [row.pk for row in running if str(row.get_decoded().get(SESSION_KEY)) == str(user.pk)]
    return Session.objects.filter(pk__in=own).order_by("pk")


def messages(user: User) -> QuerySet[Message]:
    """Mail to any of their addresses."""
    folded = Message.objects.annotate(folded=Lower("to"))
    return folded.filter(folded__in=addresses_of(user)).order_by("pk")


def questions(user: User) -> QuerySet[Question]:
    folded = Question.objects.annotate(folded=Lower("asker_email"))
    return folded.filter(folded__in=addresses_of(user)).order_by("pk")


def interests(user: User) -> QuerySet[Interest]:
    folded = Interest.objects.annotate(folded=Lower("address"))
    return folded.filter(folded__in=addresses_of(user)).order_by("pk")


def requests(user: User) -> QuerySet[DataRequest]:
    """Theirs, and what came in writing from an address of theirs."""
    folded = DataRequest.objects.annotate(folded=Lower("address"))
    return folded.filter(Q(person=user) | Q(folded__in=addresses_of(user))).order_by("pk")


def equality_answers(user: User) -> QuerySet[Answers]:
    """Found by the keyed hash of the account, as their own page finds them."""
    return equality.of_account(user.pk)


def alumni(user: User) -> QuerySet[AlumniRecord]:
    """As mentors are checked (EI-0): the same name, with a year or course that they gave. Others are namesakes'."""
    given = list(
        Application.objects.filter(user=user).order_by("pk").values_list("graduation_year", "courses")
    )
    years = {year for year, _ in given}
    courses = {plain(course) for _, text in given for course in text.replace("\n", ";").split(";")} - {""}
    if not (years - {None} or courses):
        return AlumniRecord.objects.none()
    rows = AlumniRecord.objects.order_by("pk").values_list("pk", "name", "graduation_year", "course")
    named = [row for row in rows.iterator() if plain(row[1]) == plain(user.name)]
    own = [pk for pk, _, year, course in named if year in years or plain(course) in courses]
    return AlumniRecord.objects.filter(pk__in=own).order_by("pk")


def cases(user: User) -> QuerySet[Case]:
    return Case.objects.of(user).order_by("pk")


def entries(user: User) -> QuerySet[Entry]:
    return Entry.objects.filter(case__in=Case.objects.of(user).order_by().values("pk")).order_by("pk")


def case_exclusions(user: User) -> QuerySet[CaseExclusion]:
    """By account, address or a word of the name: namesakes' too. The person never hears of these."""
    return CaseExclusion.objects.of(user).order_by("pk")


def run_records(user: User) -> QuerySet[RunRecord]:
    """Records of runs whose packed input has one of their applications; one that isn't whole may have."""
    numbers = set(Application.objects.filter(user=user).values_list("pk", flat=True))
    cohorts = Application.objects.filter(user=user).order_by().values("cohort")
    records = RunRecord.objects.filter(run__cohort__in=cohorts).order_by("pk")
    found = [record.pk for record in records.iterator() if numbers & _people_in(record, numbers)]
    return RunRecord.objects.filter(pk__in=found).order_by("pk")


def _people_in(record: RunRecord, in_doubt: set[int]) -> set[int]:
    try:
        pool, _ = read(unpacked(record.input))
    except (Broken, ValueError, KeyError):
        return in_doubt
    return set(pool.rows)


def history(user: User) -> QuerySet[LogEntry]:
    """What the admin's history says of the person's own rows. Of the table itself, it asks every other holding."""
    from overview.personal.registry import HOLDINGS

    asked = Q(pk__in=[])
    for holding in HOLDINGS:
        if holding.model_class is not LogEntry:
            asked |= _about(holding.model_class, holding.rows_of(user))
    return LogEntry.objects.filter(asked).order_by("pk")


def _about(model: type[Model], rows: QuerySet[Any]) -> Q:
    kind = ContentType.objects.get_for_model(model)
    return Q(content_type=kind, object_id__in=[str(pk) for pk in rows.values_list("pk", flat=True)])
