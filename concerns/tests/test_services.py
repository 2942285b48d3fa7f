"""Following a case up: reading, answering, giving, moving, closing."""

from datetime import timedelta
from itertools import product

import pytest

from accounts.tests.factories import UserFactory
from concerns import contents, services
from concerns.contents import reporter_of
from concerns.models import MOVES, Case, Kind, Outcome, Reading, State
from concerns.tests.factories import AT, file_case, handler, mail
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from programmes.models import Duty
from programmes.tests.factories import DutyFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=3)


@pytest.fixture
def case():
    return file_case()


@pytest.fixture
def person(case):
    return handler(case.programme)


def put(case, state):
    """A case in a state, with what the database wants beside it."""
    answered = state != State.NEW
    Case.objects.filter(pk=case.pk).update(
        state=state,
        first_answered_at=AT if answered else None,
        unanswered_since=None if answered else AT,
        closed_at=AT if state == State.CLOSED else None,
        outcome=Outcome.ADVICE if state == State.CLOSED else "",
    )


# Reading


@pytest.mark.clause("EI-6a")
def test_each_reading_by_a_handler_is_written_down(case, person):
    services.read(case, by=person, at=AT)
    services.read(case, by=person, at=LATER)

    assert list(Reading.objects.values_list("case", "user", "at")) == [
        (case.pk, person.pk, AT),
        (case.pk, person.pk, LATER),
    ]


def act_on(case, verb, by):
    acts = {
        "read": lambda: services.read(case, by=by, at=AT),
        "answer": lambda: services.answer(case, by=by, text="x", at=AT),
        "note": lambda: services.note(case, by=by, text="x", at=AT),
        "assign": lambda: services.assign(case, by=by, to=by, at=AT),
        "move": lambda: services.move(case, by=by, to=State.IN_PROGRESS, at=AT),
        "close": lambda: services.close(case, by=by, outcome=Outcome.ADVICE, policy="", at=AT),
    }
    acts[verb]()


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize("verb", ["read", "answer", "note", "assign", "move", "close"])
def test_who_may_not_see_a_case_can_do_nothing_with_it(case, verb):
    strangers = [
        handler(ProgrammeFactory()),
        DutyFactory(programme=case.programme, kind=Duty.Kind.ADMINISTER).user,
        UserFactory(is_superuser=True),
        reporter_of(case),
    ]

    for stranger in strangers:
        with pytest.raises(NotPossible, match="This case isn’t open to you."):
            act_on(case, verb, stranger)

    assert (case.entries.count(), Reading.objects.count()) == (1, 0)


def test_names_of_people_who_are_gone_are_said_to_be_gone(case, person):
    services.note(case, by=person, text="x", at=AT)
    Reading.objects.all().delete()
    reporter = reporter_of(case)
    reporter.applications.all().delete()
    reporter.delete()
    other = handler(case.programme)
    person.delete()

    opened = services.read(case, by=other, at=AT)

    assert (opened.reporter, [entry.who for entry in opened.entries]) == (
        None,
        [contents.GONE, contents.GONE],
    )


# Answering


@pytest.mark.clause("EI-6")
def test_the_first_answer_stops_the_clock_and_acknowledges(case, person):
    services.answer(case, by=person, text="Thank you.", at=AT)
    services.answer(case, by=person, text="And more.", at=LATER)

    case.refresh_from_db()
    assert (case.first_answered_at, case.state, case.handler) == (AT, State.ACKNOWLEDGED, person)
    assert case.unanswered_since is None
    assert [line.text for line in contents.conversation_of(case) if line.is_answer] == [
        "Thank you.",
        "And more.",
    ]
    assert [kind for kind, _, _ in mail()] == ["news", "news", "nobody", "received"]


def test_the_same_answer_sent_twice_is_one(case, person):
    services.answer(case, by=person, text="Thank you.", at=AT)
    services.answer(case, by=person, text="Thank you. ", at=AT)

    assert case.entries.filter(kind=Kind.ANSWER).count() == 1
    assert [kind for kind, _, _ in mail()].count("news") == 1


def test_a_note_is_for_the_handlers_only(case, person):
    services.note(case, by=person, text="Ask the tutor.", at=AT)
    services.note(case, by=person, text="Ask the tutor.", at=AT)

    case.refresh_from_db()
    assert [line.is_answer for line in contents.conversation_of(case)] == [False]
    assert (case.first_answered_at, case.unanswered_since) == (None, AT)
    assert case.entries.filter(kind=Kind.NOTE).count() == 1
    assert "news" not in [kind for kind, _, _ in mail()]


def test_a_reporter_whose_account_is_closed_gets_no_mail(case, person):
    reporter = reporter_of(case)
    reporter.is_active = False
    reporter.save()

    services.answer(case, by=person, text="Thank you.", at=AT)

    assert [kind for kind, _, _ in mail()] == ["nobody", "received"]


# Giving


@pytest.mark.clause("EI-6a")
def test_a_case_is_given_to_a_handler_who_is_told(case, person):
    other = handler(case.programme)
    Message.objects.all().delete()

    services.assign(case, by=person, to=other, at=AT)
    services.assign(case, by=person, to=other, at=AT)

    case.refresh_from_db()
    assert case.handler == other
    assert mail() == [("waiting", other.email, case.programme.slug)]
    assert [entry.summary for entry in contents.open_case(case).entries] == ["", str(other)]


def test_who_takes_a_case_gets_no_mail_about_it(case, person):
    Message.objects.all().delete()

    services.assign(case, by=person, to=person, at=AT)

    assert mail() == []


def test_a_case_is_given_to_nobody_who_may_not_read_it(case, person):
    for stranger in (handler(ProgrammeFactory()), reporter_of(case), UserFactory(is_superuser=True)):
        with pytest.raises(NotPossible, match="can’t be given the case"):
            services.assign(case, by=person, to=stranger, at=AT)

    case.refresh_from_db()
    assert case.handler is None


# Moving and closing


def go(case, to, by):
    if to == State.CLOSED:
        services.close(case, by=by, outcome=Outcome.ADVICE, policy="", at=LATER)
    else:
        services.move(case, by=by, to=to, policy="Conduct procedure", at=LATER)


@pytest.mark.clause("EI-6a")
@pytest.mark.parametrize(("start", "to"), list(product(State, State)))
def test_a_case_moves_as_the_table_says_and_no_other_way(case, person, start, to):
    put(case, start)
    is_allowed = to in MOVES[start]

    if is_allowed:
        go(case, to, person)
    else:
        with pytest.raises(NotPossible):
            go(case, to, person)

    case.refresh_from_db()
    assert case.state == (to if is_allowed else start)
    assert case.entries.filter(kind=Kind.STATE).count() == is_allowed


@pytest.mark.clause("EI-6a")
def test_who_refers_a_case_says_under_which_policy(case, person):
    with pytest.raises(NotPossible, match="under which policy"):
        services.move(case, by=person, to=State.REFERRED, policy=" ", at=AT)

    services.move(case, by=person, to=State.REFERRED, policy="Conduct procedure", at=AT)

    opened = services.read(case, by=person, at=AT)
    assert opened.policy == "Conduct procedure"
    assert opened.entries[-1].summary == "From “Received” to “Referred” · Policy: Conduct procedure"


def test_a_policy_is_kept_only_with_a_referral_or_an_end(case, person):
    services.move(case, by=person, to=State.IN_PROGRESS, policy="Conduct procedure", at=AT)

    opened = services.read(case, by=person, at=AT)
    assert (opened.policy, opened.entries[-1].summary) == ("", "From “Received” to “In progress”")


@pytest.mark.clause("EI-6a")
def test_a_case_is_closed_with_its_outcome_and_the_policy(case, person):
    services.answer(case, by=person, text="Thank you.", at=AT)

    services.close(case, by=person, outcome=Outcome.PROCEDURE, policy="Conduct procedure", at=LATER)

    case.refresh_from_db()
    assert (case.state, case.outcome, case.closed_at) == (State.CLOSED, Outcome.PROCEDURE, LATER)
    opened = services.read(case, by=person, at=LATER)
    assert opened.policy == "Conduct procedure"
    assert [kind for kind, _, _ in mail()].count("news") == 2


@pytest.mark.clause("EI-6")
def test_a_case_that_nobody_has_answered_cannot_be_closed(case, person):
    services.move(case, by=person, to=State.IN_PROGRESS, at=AT)

    with pytest.raises(NotPossible, match="Answer the person first"):
        services.close(case, by=person, outcome=Outcome.NOTHING, policy="", at=AT)


@pytest.mark.parametrize("verb", ["answer", "note", "assign"])
def test_a_closed_case_is_reopened_before_anything_else(case, person, verb):
    put(case, State.CLOSED)

    with pytest.raises(NotPossible, match="Reopen it first"):
        act_on(case, verb, person)

    services.move(case, by=person, to=State.IN_PROGRESS, at=LATER)
    act_on(case, verb, person)
    case.refresh_from_db()
    assert (case.outcome, case.closed_at) == ("", None)


def test_entries_are_numbered_without_a_gap(case, person):
    services.note(case, by=person, text="One.", at=AT)
    services.answer(case, by=person, text="Two.", at=AT)
    services.close(case, by=person, outcome=Outcome.ADVICE, policy="", at=AT)

    assert list(case.entries.values_list("number", "kind")) == [
        (1, "filed"),
        (2, "note"),
        (3, "assigned"),
        (4, "state"),
        (5, "answer"),
        (6, "state"),
    ]
