"""Raising a concern: what is kept, who hears of it, and what a copy of the database tells."""

from datetime import datetime

import pytest
from django.db import connection

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory
from concerns import services
from concerns.contents import reporter_of
from concerns.models import About, AtRisk, Case, Category, Entry, Kind, State
from concerns.services.filing import SIGNS
from concerns.tests.factories import AT, file_case, handler, mail
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships.tests.factories import pair
from programmes.models import Duty
from programmes.tests.factories import DutyFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
FORM = "0b0e9c53-0f6e-4ef0-9d53-5cb0e6b7f1a2"


@pytest.fixture
def case():
    return file_case()


@pytest.fixture
def person(case):
    return handler(case.programme)


@pytest.mark.clause("EI-6", "BM-5", "BM-6")
def test_a_concern_is_kept_with_what_was_said_and_with_its_clock():
    case = file_case(
        category=Category.RELATIONSHIP,
        about=About.ME,
        at_risk=AtRisk.UNSURE,
        text=" We don’t get on. ",
        contact="x 12",
    )

    opened = services.read(case, by=handler(case.programme), at=AT)

    assert (case.state, case.category, case.at_risk) == (State.NEW, Category.RELATIONSHIP, AtRisk.UNSURE)
    assert (opened.about, opened.contact, opened.policy) == ("The person who wrote", "x 12", "")
    assert [(entry.kind, entry.text, entry.who) for entry in opened.entries] == [
        (Kind.FILED, "We don’t get on.", str(opened.reporter))
    ]
    assert case.answer_due_at == datetime.fromisoformat("2026-01-16T17:00:00+00:00")


@pytest.mark.clause("EI-6")
def test_the_clock_runs_for_the_working_days_of_the_programme():
    case = file_case(programme=ProgrammeFactory(concern_answer_days=5))

    assert case.answer_due_at == datetime.fromisoformat("2026-01-21T17:00:00+00:00")


def test_a_reference_can_be_read_out_and_is_never_given_twice():
    references = {file_case().reference for _ in range(20)}

    assert len(references) == 20
    assert {sign for reference in references for sign in reference} <= set(SIGNS) | {"-"}
    assert {(len(reference), reference[3]) for reference in references} == {(7, "-")}


def test_the_same_form_sent_twice_makes_one_case_one_receipt_and_one_alert():
    application = ApplicationFactory()
    handler(application.cohort.programme)

    first = file_case(by=application.user, key=FORM)
    second = file_case(by=application.user, key=FORM)

    assert second == first
    assert (Case.objects.count(), Entry.objects.count(), len(mail())) == (1, 1, 2)


def test_the_same_form_with_other_words_is_another_case():
    application = ApplicationFactory()

    first = file_case(by=application.user, key=FORM, text="This.")
    second = file_case(by=application.user, key=FORM, text="And that.")

    assert second != first


def test_the_same_form_sent_by_another_person_is_another_case():
    case = file_case(key=FORM)
    other = file_case(programme=case.programme, key=FORM)

    assert reporter_of(other) != reporter_of(case)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"text": " \n "}, "Please write something."),
        ({"text": "x" * 20_001}, "Please keep it to 20,000 letters."),
        ({"contact": "x" * 301}, "Please keep it to 300 letters."),
    ],
)
def test_what_cannot_be_kept_whole_is_refused(said, reason):
    with pytest.raises(NotPossible, match=reason):
        file_case(**said)


def test_nobody_writes_to_a_programme_that_is_neither_theirs_nor_public():
    with pytest.raises(NotPossible, match="can’t write to this programme"):
        file_case(programme=ProgrammeFactory(is_public=False), by=ApplicationFactory().user)


@pytest.mark.clause("EI-6b")
def test_whoever_has_an_account_may_write_to_a_public_programme():
    programme = ProgrammeFactory()

    assert file_case(programme=programme, by=UserFactory()).programme == programme


@pytest.mark.clause("EI-6")
def test_the_reporter_and_each_handler_hear_of_it_at_once(case):
    programme = ProgrammeFactory()
    one, other = handler(programme), handler(programme)
    handler(case.programme)
    Message.objects.all().delete()

    case = file_case(programme=programme)

    expected = [("received", reporter_of(case).email), ("waiting", one.email), ("waiting", other.email)]
    assert mail() == sorted((kind, to, programme.slug) for kind, to in expected)


def test_whoever_it_is_about_hears_nothing():
    partnership = pair()
    mentor, mentee = (membership.application.user for membership in partnership.memberships.all())
    programme = partnership.cohort.programme
    DutyFactory(user=mentor, programme=programme, kind=Duty.Kind.CONCERNS)
    other = handler(programme)

    file_case(by=mentee, about=About.PARTNER)

    assert [to for _, to, _ in mail()] == [mentee.email, other.email]


@pytest.mark.clause("EI-6")
def test_the_programme_itself_is_told_when_nobody_else_can_help():
    partnership = pair()
    mentor, mentee = (membership.application.user for membership in partnership.memberships.all())
    programme = partnership.cohort.programme
    DutyFactory(user=mentor, programme=programme, kind=Duty.Kind.CONCERNS)

    file_case(by=mentee, about=About.PARTNER)

    assert [(kind, to) for kind, to, _ in mail()] == [
        ("nobody", programme.contact_email),
        ("received", mentee.email),
    ]


CANARY = "Zaunkönig-7431"


def test_no_message_has_content_names_or_a_telling_subject():
    programme = ProgrammeFactory(
        name="A scheme whose name tells something", contact_address="office@lse.example"
    )
    case = file_case(programme=programme, text=CANARY, contact=CANARY, category=Category.CONDUCT)
    reader = handler(programme)
    services.answer(case, by=reader, text=CANARY, at=AT)
    services.chase(case, at=AT)

    messages = list(Message.objects.all())
    words = "".join(message.text + message.html for message in messages)

    assert {message.kind.rpartition("/")[2] for message in messages} == {"received", "news", "nobody", "late"}
    assert {message.subject for message in messages} == {"Your mentoring programme"}
    people = [reporter_of(case).name, reader.name]
    assert [
        told for told in [CANARY, programme.name, "conduct", *people] if told.lower() in words.lower()
    ] == []


@pytest.mark.clause("EI-6")
def test_a_message_to_the_reporter_does_not_lead_to_the_case(case, person):
    services.answer(case, by=person, text=CANARY, at=AT)
    messages = Message.objects.filter(to=reporter_of(case).email)
    stored = "".join(message.key + message.text + message.html for message in messages)

    assert len(messages) == 2
    assert (str(case.pk) in stored, case.reference in stored) == (False, False)


def dump():
    """Everything that stands in every table of the database, as one text."""
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [(table, row) for row in cursor.fetchall()]
    return "\n".join(
        f"{table} {[bytes(v) if isinstance(v, memoryview) else v for v in row]}" for table, row in rows
    )


@pytest.mark.clause("EI-6", "ALL-1")
def test_a_copy_of_the_database_tells_nothing_of_what_was_said(case, person):
    partnership = pair(mentee=ApplicationFactory(cohort=case.programme.cohorts.get()))
    mentee = partnership.memberships.get(part="mentee").application.user
    case = file_case(by=mentee, about=About.PARTNER, text="zaunkönig text", contact="zaunkönig contact")
    services.note(case, by=person, text="zaunkönig note", at=AT)
    services.answer(case, by=person, text="zaunkönig answer", at=AT)
    services.move(case, by=person, to=State.REFERRED, policy="zaunkönig policy", at=AT)

    lines = dump().splitlines()

    assert [line for line in lines if "zaunk" in line.lower() or "partner'" in line.lower()] == []
    assert sum(line.startswith("concerns_entry ") for line in lines) == 7
    opened = services.read(case, by=person, at=AT)
    assert [entry.text for entry in opened.entries if entry.text] == [
        "zaunkönig text",
        "zaunkönig note",
        "zaunkönig answer",
    ]


def test_no_row_of_a_case_holds_the_key_of_its_reporter():
    reporter = UserFactory(pk=740_519_283)
    ApplicationFactory(user=reporter)
    file_case(by=reporter)

    lines = dump().splitlines()

    assert [line for line in lines if line.startswith("concerns_") and "740519283" in line] == []
    assert any(line.startswith("applications_application ") and "740519283" in line for line in lines)
