"""Erasing somebody: what an open case holds, and what stays of a closed one."""

import pytest

from accounts.tests.factories import UserFactory
from concerns import contents, queries, services
from concerns.models import Case, Outcome
from concerns.tests.factories import AT, file_case, file_without_name, handler, mail

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-6")]


@pytest.fixture
def case():
    case = file_case(contact="ring me")
    handler(case.programme, email="handler@lse.example")
    return case


def close(case):
    by = queries.handlers_of(case.programme)[0]
    services.answer(case, by=by, text="Yes.", at=AT)
    services.close(case, by=by, outcome=Outcome.ADVICE, policy="", at=AT)


def test_an_open_case_keeps_its_reporter_and_a_closed_one_loses_them(case):
    reporter = contents.reporter_of(case)

    assert services.forget_reporter(reporter) == 0
    close(case)
    assert services.forget_reporter(reporter) == 1

    opened = contents.open_case(Case.objects.get())
    assert (opened.reporter, opened.who, opened.contact) == (None, contents.GONE, "")
    assert not Case.objects.of(reporter).exists()


def test_a_case_that_lost_its_reporter_still_moves_to_new_keys(case, settings):
    close(case)
    services.forget_reporter(contents.reporter_of(case))
    settings.CONCERN_KEYS = ["another-key-of-the-tests-0123456789-abcdef", *settings.CONCERN_KEYS]

    assert services.rotate_keys() == 1
    assert contents.open_case(Case.objects.get()).who == contents.GONE


def test_open_cases_about_somebody_are_those_they_raised_and_those_that_name_them(case):
    named = UserFactory(name="Ada Lovelace")
    about = file_case(case.programme, named="Lovelace")
    file_without_name(case.programme)

    assert queries.open_cases_about(contents.reporter_of(case)) == [case]
    assert queries.open_cases_about(named) == [about]
    assert queries.open_cases_about(UserFactory(name="Ada Byron")) == []


def test_handlers_hear_of_each_erasure_that_waits_once(case):
    before = mail()

    told = [services.tell_that_an_erasure_waits(case, mark=mark, at=AT) for mark in ("1", "1", "2")]

    assert told == [True, False, True]
    assert [kind for kind, to, _ in mail() if (to == "handler@lse.example")].count("waiting") == 2
    assert len(mail()) == len(before) + 2
    close(case)
    assert services.tell_that_an_erasure_waits(case, mark="3", at=AT) is False
