"""Somebody who has rows in every table of the registry, with a word of their own in every text about them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib import import_module

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, models, transaction

from accounts.tests.factories import UserFactory
from applications.models import AlumniRecord, ContinuationInterest, Interest
from applications.tests.factories import AbsenceFactory, ApplicationFactory, MentorFactory
from concerns import services as concerns
from concerns.models import Outcome
from concerns.tests.factories import file_case, handler
from declarations.models import Declaration
from equality import services as equality
from matching import records
from matching.gathering import gather
from matching.models import RunRecord
from matching.tests.factories import (
    DecisionFactory,
    ExclusionFactory,
    OfferFactory,
    RunFactory,
    suggested,
)
from meetings.models import Arranging, Nudge, NudgeLine
from meetings.tests.factories import ContactFrequencyFactory, PlannedFactory, noted
from overview.models import DataRequest, Erasure
from overview.personal.holding import Level
from overview.personal.registry import HOLDINGS
from overview.tests.factories import DisclosureFactory, KeptMessageFactory
from partnerships.models import AgreementAcceptance
from partnerships.tests.factories import FlagFactory, circle, pair
from programmes.models import Question, SchoolPage
from programmes.tests.factories import CohortFactory, DutyFactory, OptionFactory, PathwayFactory
from training.tests.factories import BookingFactory, SessionFactory

AT = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
NAME = "Zaphodine O’Quillfeather"
ADDRESSES = ("zaphodine@lse.example", "second-quillfeather@home.example", "sheet-quillfeather@lse.example")
MARK = "xcanaryx"
# By which rows are found, whose content means something, or which stay and hold no word of a person.
_FIXED = {
    "address",
    "email",
    "to",
    "asker_email",
    "key",
    "programme",
    "facts",
    "password",
    "object_id",
    "pseudonym",
}
_FIXED_BY_TABLE = {
    "accounts.User": {"name"},
    "applications.Application": {"office_email"},
    "applications.AlumniRecord": {"name"},
    "partnerships.Partnership": {"name"},
}


def build():
    """The person: a mentor in one programme, led by a circle in the other, with all that may hang on somebody."""
    person = UserFactory(name=NAME, email=ADDRESSES[0])
    staff = UserFactory(name="Olive Office", email="office@lse.example")
    EmailAddress.objects.create(user=person, email=ADDRESSES[1], verified=True)
    added = EmailAddress.objects.create(user=person, email="anybodys@home.example", verified=False)
    EmailConfirmation.objects.create(email_address=added, key="k", created=AT, sent=AT)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": MARK})
    person.groups.add(Group.objects.create(name="Group"))
    person.user_permissions.add(Permission.objects.order_by("pk").first())
    DutyFactory(user=person, kind="administer")
    mentor, partnership = _in_the_first(person, staff)
    _in_the_second(person)
    _mail(person, partnership)
    _case(person, mentor.cohort.programme)
    _asked(person, mentor.cohort)
    Erasure.objects.create(person=person, asked_at=AT, ready_at=AT, due_at=AT, called_back_at=AT)
    _sign_in(person)
    _plant(person)
    _history(person, staff)
    return person


def _in_the_first(person, staff):
    """A pair, with everything that a programme may hold."""
    cohort = CohortFactory()
    PathwayFactory(programme=cohort.programme)
    mentor = MentorFactory(
        user=person, cohort=cohort, places=2, graduation_year=2001, office_email=ADDRESSES[2], band=7
    )
    mentor.sectors.add(OptionFactory(programme=cohort.programme))
    mentor.support_areas.add(OptionFactory(programme=cohort.programme))
    partnership = pair(mentor=mentor)
    member = partnership.memberships.get(application=mentor)
    mentee = partnership.memberships.exclude(pk=member.pk).get().application
    noted(partnership, planned_by=None, logged_by=person)
    PlannedFactory(partnership=partnership, planned_by=person, place="x")
    ContactFrequencyFactory(partnership=partnership, agreed_by=person)
    AbsenceFactory(application=mentor)
    ContinuationInterest.objects.create(application=mentor, wishes_to_continue=True, answered_at=AT)
    AlumniRecord.objects.create(programme=cohort.programme, name=NAME, course="c", graduation_year=2001)
    Question.objects.create(programme=cohort.programme, text="q", asker_email=ADDRESSES[1], asked_at=AT)
    FlagFactory(
        partnership=partnership,
        kind="leaving",
        membership=member,
        reason="fit",
        line="l",
        wants_new_partner=False,
    )
    Arranging.objects.create(membership=member, said_on=AT.date(), until_on=AT.date())
    nudge = Nudge.objects.create(user=person, on=AT.date())
    NudgeLine.objects.create(nudge=nudge, membership=member, occasion=1, step=1)
    DisclosureFactory(partnership=partnership, of=mentor, to=mentee.user)
    DisclosureFactory(partnership=partnership, of=mentee, to=person)
    BookingFactory(session=SessionFactory(cohort=cohort), application=mentor)
    _matched(mentor, mentee, staff)
    # In words of others
    ApplicationFactory(
        cohort=cohort,
        line_manager_email=ADDRESSES[0].title(),
        reason=f"{NAME} says that you know each other.",
    )
    FlagFactory(
        partnership=partnership,
        kind="leaving",
        membership=partnership.memberships.get(application=mentee),
        reason="silence",
        line=f"I hear nothing from {NAME.upper()}.",
        wants_new_partner=True,
    )
    return mentor, partnership


def _matched(mentor, mentee, staff):
    cohort = mentor.cohort
    waiting = ApplicationFactory(cohort=cohort)
    run = RunFactory(cohort=cohort, started_by=staff, only_for=mentor)
    pool = gather(cohort, on=AT.date())
    assert mentor.pk in pool.rows
    RunRecord.objects.create(
        run=run, input=records.packed(records.written(pool, seed=1)), certificate={}, seal="s"
    )
    suggestion = suggested(run, mentor, waiting)
    suggestion.members.filter(application=waiting).update(reasons=[f"Both know {MARK}."])
    OfferFactory(suggestion=suggestion, application=mentor)
    ExclusionFactory(run=run, application=mentor)
    DecisionFactory(cohort=cohort, mentor=mentor, mentee=mentee, kind="never", reason="r", by=staff)
    DecisionFactory(
        cohort=cohort,
        mentor=MentorFactory(cohort=cohort),
        mentee=mentee,
        kind="apart",
        reason=f"{NAME} asked for it.",
    )


def _in_the_second(person):
    """A circle that goes on without them, in a programme with a declaration."""
    cohort = CohortFactory(programme__declaration_wording="I do.")
    leader = MentorFactory(cohort=cohort)
    made = circle(cohort=cohort, facilitator=leader, members=2, name=f"{NAME}’s circle")
    member = made.memberships.filter(part="mentee").order_by("pk").first()
    type(member.application).objects.filter(pk=member.application_id).update(user=person)
    AgreementAcceptance.objects.create(membership=member, round=1, accepted_at=AT)
    Declaration.objects.create(user=person, cohort=cohort, wording="w", made_at=AT)


def _mail(person, partnership):
    slug = partnership.cohort.programme.slug
    partner = partnership.memberships.exclude(application__user=person).get().application.user
    KeptMessageFactory(to=ADDRESSES[0].upper(), programme=slug)
    KeptMessageFactory(to=ADDRESSES[1], state="sent", sent_at=AT)
    told = {"to": partner.email, "programme": slug, "state": "sent", "sent_at": AT, "created_at": AT}
    KeptMessageFactory(**told, text=f"Your mentor studied {MARK}.")
    KeptMessageFactory(text=f"{NAME} has a question.", html=f"<p>{NAME}</p>")
    KeptMessageFactory(calendar="DESCRIPTION:With Zaphodine O’Qu\r\n illfeather", state="failed")
    KeptMessageFactory(key=f"duty/1/handler-came/{ADDRESSES[0]}", text="")


def _case(person, programme):
    handles = handler(programme, name="Hannah Handler", email="hannah@lse.example")
    case = file_case(programme, by=person, text=f"{MARK} was rude.", contact=MARK)
    concerns.read(case, by=handles, at=AT)
    concerns.answer(case, by=handles, text="Thank you.", at=AT)
    concerns.close(case, by=handles, outcome=Outcome.ADVICE, policy="", at=AT)
    # They handle another one, and have read it.
    DutyFactory(user=person, programme=(other := CohortFactory()).programme, kind="concerns")
    concerns.read(concern := file_case(other.programme), by=person, at=AT)
    concerns.answer(concern, by=person, text="Yes.", at=AT)
    concerns.close(concern, by=person, outcome=Outcome.ADVICE, policy="", at=AT)
    # One in which they are named
    third = file_case(programme, named=NAME)
    concerns.answer(third, by=handles, text="Yes.", at=AT)
    concerns.close(third, by=handles, outcome=Outcome.ADVICE, policy="", at=AT)


def _asked(person, cohort):
    """What they asked for, signed in and by letter, and what they answered apart."""
    asked = {"received_on": AT.date(), "due_on": AT.date()}
    answered = {"state": "answered", "closed_on": AT.date(), "outcome": MARK}
    DataRequest.objects.create(kind="access", channel="site", person=person, text=MARK, **asked)
    DataRequest.objects.create(
        kind="complaint", channel="letter", name=NAME, address=ADDRESSES[1], **asked, **answered
    )
    Interest.objects.create(
        programme=cohort.programme, address=ADDRESSES[0].upper(), asked_at=AT, wording="w"
    )
    SchoolPage.objects.create(
        programme=cohort.programme,
        which="privacy",
        url="https://www.lse.example/privacy",
        looked_at_on=AT.date(),
        looked_at_by=person,
    )
    equality.give(cohort=cohort, account=person.pk, answers={"age": "35_44"}, at=AT)


def _sign_in(person):
    """A session of theirs, one of an office that was just told of them, one of who typed their address."""
    own = open_session({SESSION_KEY: str(person.pk), "x": MARK})
    return own, open_session({"_messages": f"{NAME} was accepted."}), open_session({"login": ADDRESSES[0]})


def open_session(content):
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update(content)
    session.save()
    return session


def _plant(person):
    """A word in every text column of every row about them."""
    for holding in HOLDINGS:
        for row in holding.rows_of(person):
            for column in words_in(holding):
                _put(row, column)


def words_in(holding):
    """Text columns that say something of the person, but those by which their rows are found."""
    fixed = _FIXED | _FIXED_BY_TABLE.get(holding.model, set())
    for field in holding.model_class._meta.local_concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
        is_theirs = holding.columns[field.name] in {Level.PERSONAL, Level.SPECIAL}
        if is_text and is_theirs and not (field.choices or field.primary_key or field.name in fixed):
            yield field.name


def _put(row, column):
    field = row._meta.get_field(column)
    said = [MARK] if isinstance(field, models.JSONField) else f"{MARK}{row.pk}{column}"[: field.max_length]
    try:
        with transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**{column: said})
    except IntegrityError:  # a rule keeps this column empty here
        return


def _history(person, staff):
    """The office changed rows of theirs, and wrote of them in the history of another."""
    log = {"user": staff, "action_flag": CHANGE, "action_time": AT}
    for row in (person, person.applications.order_by("pk").first()):
        kind = ContentType.objects.get_for_model(type(row))
        LogEntry.objects.create(
            content_type=kind, object_id=row.pk, object_repr=str(row), change_message=MARK, **log
        )
    kind = ContentType.objects.get_for_model(type(person))
    said = json.dumps([{"changed": {"name": NAME}}])
    LogEntry.objects.create(
        content_type=kind, object_id=staff.pk, object_repr=NAME, change_message=said, **log
    )


def dump():
    """Every value of every table as text, sessions unpacked."""
    said = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            said += [
                f"{table}.{name}: {_shown(value)}"
                for row in cursor
                for name, value in zip(names, row, strict=True)
            ]
    sessions = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()
    return said + [f"session: {row.get_decoded()}" for row in sessions.objects.order_by("pk")]


def _shown(value):
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)


def found(said):
    """Which values of a dump still tell of the person."""
    needles = [MARK, "zaphodine", "quillfeather"]
    return [line[:200] for line in said if any(needle in line.lower() for needle in needles)]
