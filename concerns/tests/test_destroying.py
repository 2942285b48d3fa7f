"""A closed case whose period is over: nothing that was sealed opens again, and a count stays."""

from datetime import timedelta

import pytest

from concerns import contents, services
from concerns.models import Case, CaseExclusion, Entry, Reading
from concerns.sealing import Unreadable
from concerns.services.rotating import unknown_keys
from concerns.tests.factories import AT, file_case, file_without_name, handler
from mentorship.lib.refusals import NotPossible

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-6")]


def closed(case):
    by = handler(case.programme)
    services.answer(case, by=by, text="Sorry.", at=AT)
    services.read(case, by=by, at=AT)
    services.close(case, by=by, outcome="advice", policy="Conduct", at=AT)
    return by


def test_nothing_that_was_written_opens_again_although_no_entry_was_altered():
    case = file_case(named="Ada Lovelace", contact="Ring me")
    closed(case)
    before = {entry.pk: bytes(entry.sealed_content) for entry in Entry.objects.all()}

    assert services.destroy_contents(case, at=AT) is True

    case = Case.objects.get()
    assert {entry.pk: bytes(entry.sealed_content) for entry in Entry.objects.all()} == before
    with pytest.raises(Unreadable):
        contents.open_case(case)
    assert [
        bytes(getattr(case, f"sealed_{name}")) for name in ("reporter", "subject", "contact", "policy")
    ] == [b""] * 4
    assert (CaseExclusion.objects.count(), Reading.objects.count()) == (0, 0)


def test_what_stays_is_a_count():
    case = file_case(category="conduct", at_risk="yes")
    closed(case)

    services.destroy_contents(case, at=AT)

    case = Case.objects.get()
    assert (case.category, case.at_risk, case.state, case.outcome) == ("conduct", "yes", "closed", "advice")
    assert (case.handler, case.closed_at) == (None, AT)


def test_no_door_leads_to_it_any_more():
    case = file_case()
    reporter = contents.reporter_of(case)
    by = closed(case)
    receipt = file_without_name(case.programme)
    services.answer(receipt.case, by=by, text="Sorry.", at=AT)
    services.close(receipt.case, by=by, outcome="advice", policy="", at=AT)

    for each in (case, receipt.case):
        services.destroy_contents(each, at=AT)

    assert (list(Case.objects.visible_to(by)), list(Case.objects.of(reporter))) == ([], [])
    with pytest.raises(NotPossible):
        services.open_by_code(receipt.code)
    assert sorted(case.is_anonymous for case in Case.objects.all()) == [False, True]


def test_an_open_case_keeps_what_was_written():
    case = file_case(text="It hurts.")

    with pytest.raises(NotPossible, match="An open case"):
        services.destroy_contents(case, at=AT)

    assert contents.open_case(Case.objects.get()).entries[0].text == "It hurts."


def test_one_that_was_closed_later_keeps_it_too():
    case = file_case()
    closed(case)

    with pytest.raises(NotPossible):
        services.destroy_contents(case, at=AT - timedelta(seconds=1))


def test_twice_is_once():
    case = file_case()
    closed(case)

    assert [services.destroy_contents(case, at=AT) for _ in range(2)] == [True, False]


def test_a_rotation_of_keys_passes_it_by(settings):
    case = file_case()
    closed(case)
    services.destroy_contents(case, at=AT)
    settings.CONCERN_KEYS = ["a newer key of the environment, 9876543210"]

    assert (services.rotate_keys(), unknown_keys()) == (0, 0)
