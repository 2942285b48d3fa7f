"""Somebody writes without a name and comes back with a code (EI-6, EI-6b)."""

from datetime import timedelta

import pytest
from django.db import connection

from concerns import contents, limits, services
from concerns.models import AtRisk, Case, Entry, Kind, State
from concerns.services.filing import SIGNS
from concerns.tests.factories import AT, file_case, file_without_name, handler, mail
from concerns.tests.test_filing import dump
from mentorship.lib.refusals import NotPossible
from programmes.tests.factories import ProgrammeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-6", "EI-6b")]
FORM = "0b0e9c53-0f6e-4ef0-9d53-5cb0e6b7f1a2"
LATER = AT + timedelta(hours=3)


@pytest.fixture
def receipt():
    return file_without_name()


@pytest.fixture
def person(receipt):
    return handler(receipt.case.programme)


def test_a_case_without_a_name_has_no_reporter_and_hears_nothing_by_mail(receipt, person):
    services.answer(receipt.case, by=person, text="Thank you.", at=AT)

    opened = services.read(receipt.case, by=person, at=AT)
    assert (opened.reporter, opened.who) == (None, contents.NAMELESS)
    assert [kind for kind, _, _ in mail()] == ["nobody"]  # there was no handler yet


def test_a_code_is_long_can_be_read_out_and_is_never_given_twice():
    codes = {file_without_name().code for _ in range(10)}

    assert (len(codes), {len(code) for code in codes}) == (10, {16})
    assert {sign for code in codes for sign in code} <= set(SIGNS)


def test_the_code_stands_nowhere_in_the_database(receipt):
    assert receipt.code.lower() not in dump().lower()


def test_the_same_form_sent_twice_gives_the_same_case_and_code():
    programme = ProgrammeFactory()

    receipts = [file_without_name(programme, key=FORM) for _ in range(2)]

    assert receipts[0] == receipts[1]
    assert (Case.objects.count(), Entry.objects.count()) == (1, 1)


def test_it_does_so_after_a_new_key_is_put_in_front(settings):
    programme = ProgrammeFactory()
    first = file_without_name(programme, key=FORM)

    settings.CONCERN_KEYS = ["a newer key of the environment, 9876543210", *settings.CONCERN_KEYS]

    assert file_without_name(programme, key=FORM) == first


@pytest.mark.parametrize("key", ["", "x", "form 1", "0" * 4000])
def test_a_form_that_we_did_not_make_shares_its_case_with_nobody(key):
    programme = ProgrammeFactory()

    receipts = {file_without_name(programme, key=key, text="Help.").code for _ in range(2)}

    assert len(receipts) == 2


@pytest.mark.parametrize("spelt", [str.lower, lambda code: f" {code[:4]}-{code[4:8]} {code[8:]}\n"])
def test_a_code_opens_its_case_however_it_is_typed(receipt, spelt):
    assert services.open_by_code(spelt(receipt.code)) == receipt.case


@pytest.mark.parametrize("code", ["", "2222222222222222", "'; --", "é" * 16, "²" * 16])
def test_any_other_code_opens_nothing(receipt, code):
    file_case()

    for act in (services.open_by_code, lambda code: services.add_by_code(code, text="x", at=AT)):
        with pytest.raises(NotPossible, match="Nothing belongs to this code"):
            act(code)


def test_answers_and_the_moments_of_ones_own_words_are_read_with_the_code(receipt, person):
    services.answer(receipt.case, by=person, text="Thank you.", at=AT)
    services.note(receipt.case, by=person, text="For us.", at=AT)
    services.add_by_code(receipt.code, text="One thing more.", at=LATER)

    case = services.open_by_code(receipt.code)

    assert [(line.at, line.is_answer, line.text) for line in contents.conversation_of(case)] == [
        (AT, False, ""),
        (AT, True, "Thank you."),
        (LATER, False, ""),
    ]


def test_what_is_added_reaches_the_handlers_and_starts_the_clock_again(receipt, person):
    services.answer(receipt.case, by=person, text="Thank you.", at=AT)

    for _ in range(2):
        services.add_by_code(receipt.code, text="One thing more.", at=LATER)

    case = Case.objects.get()
    assert (case.unanswered_since, case.first_answered_at) == (LATER, AT)
    assert [(kind, to) for kind, to, _ in mail() if kind == "waiting"] == [("waiting", person.email)]
    assert [entry.text for entry in contents.open_case(case).entries if entry.kind == Kind.MESSAGE] == [
        "One thing more."
    ]


def test_adding_before_the_answer_leaves_the_clock_as_it_is(receipt):
    due = receipt.case.answer_due_at

    services.add_by_code(receipt.code, text="One thing more.", at=LATER)

    case = Case.objects.get()
    assert (case.unanswered_since, case.answer_due_at) == (AT, due)


def test_adding_to_a_closed_case_opens_it_again(receipt, person):
    services.answer(receipt.case, by=person, text="Thank you.", at=AT)
    services.close(receipt.case, by=person, outcome="advice", policy="", at=AT)

    services.add_by_code(receipt.code, text="It began again.", at=LATER)

    case = Case.objects.get()
    assert (case.state, case.closed_at, case.unanswered_since) == (State.IN_PROGRESS, None, LATER)


def test_who_gave_their_name_adds_to_their_own_case_and_to_no_other():
    case, other = file_case(), file_case()
    reporter, stranger = contents.reporter_of(case), contents.reporter_of(other)

    services.add(case, by=reporter, text="One thing more.", at=LATER)

    assert case.entries.count() == 2
    with pytest.raises(NotPossible, match="isn’t open to you"):
        services.add(case, by=stranger, text="Mine?", at=LATER)


@pytest.mark.parametrize("settled", [{"allows_anonymous_concerns": False}, {"is_public": False}])
def test_a_programme_may_take_nothing_without_a_name(settled):
    with pytest.raises(NotPossible, match="takes nothing without a name"):
        file_without_name(ProgrammeFactory(**settled))


def test_a_flood_is_refused_with_other_ways(monkeypatch):
    monkeypatch.setattr(limits, "MOST_ANONYMOUS_AN_HOUR", 1)
    programme = ProgrammeFactory()
    file_without_name(programme)

    with pytest.raises(NotPossible, match="Please write to"):
        file_without_name(programme)

    assert file_without_name(programme, at=AT + timedelta(hours=2)).case.programme == programme


@pytest.mark.parametrize(("at_risk", "due"), [(AtRisk.YES, 14), (AtRisk.UNSURE, 16)])
def test_where_somebody_is_at_risk_an_answer_is_due_the_same_day(at_risk, due):
    case = file_without_name(at_risk=at_risk).case

    assert (case.answer_due_at.day, case.answer_due_at.hour) == (due, 17)


def test_no_statement_holds_what_was_written():
    with connection.execute_wrapper(_refuse_words), pytest.raises(ZeroDivisionError):
        connection.cursor().execute("SELECT 'zaunkönig'")  # the wrapper sees statements

    with connection.execute_wrapper(_refuse_words):
        receipt = file_without_name(text="zaunkönig", contact="zaunkönig", named="zaunkönig")
        services.add_by_code(receipt.code, text="zaunkönig again", at=LATER)

    assert receipt.case.entries.count() == 2


def _refuse_words(execute, sql, params, many, context):
    if "zaunk" in f"{sql} {params}".lower():
        raise ZeroDivisionError
    return execute(sql, params, many, context)
