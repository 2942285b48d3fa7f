"""A partnership rests while a case is open, and a question is answered for everybody (EI-6, EI-6a)."""

import pytest

from concerns import services
from concerns.contents import open_case
from concerns.models import Case, Category, Deed, Kind
from concerns.tests.factories import AT, file_case, handler, mail
from mentorship.lib.refusals import NotPossible
from partnerships.models import State
from partnerships.tests.factories import pair
from programmes.models import Question

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership():
    return pair()


@pytest.fixture
def case(partnership):
    return file_case(by=partnership.memberships.get(part="mentee").application.user)


@pytest.fixture
def person(case):
    return handler(case.programme)


@pytest.mark.clause("EI-6a")
def test_a_handler_lets_a_partnership_rest_and_go_on_from_the_case(case, person, partnership):
    services.pause(case, by=person, partnership=partnership, at=AT)
    partnership.refresh_from_db()
    paused = partnership.state
    services.resume(case, by=person, partnership=partnership, at=AT)

    partnership.refresh_from_db()
    entries = open_case(Case.objects.get()).entries
    assert (paused, partnership.state) == (State.PAUSED, State.ACTIVE)
    assert [entry.kind for entry in entries] == [Kind.FILED, Deed.PAUSED, Deed.RESUMED]
    names = [str(member.application.user) for member in partnership.memberships.order_by("part", "pk")]
    assert entries[1].summary == " and ".join(names)


def test_no_partnership_of_another_programme_is_touched_from_a_case(case, person):
    elsewhere = pair()

    for act in (services.pause, services.resume):
        with pytest.raises(NotPossible, match="isn’t one of the programme"):
            act(case, by=person, partnership=elsewhere, at=AT)

    elsewhere.refresh_from_db()
    assert elsewhere.state == State.ACTIVE


def test_who_may_not_see_a_case_pauses_nothing_by_it(case, partnership):
    named = handler(case.programme, name="Ada Lovelace")
    services.keep_from(case, by=handler(case.programme), named="Lovelace", at=AT)

    with pytest.raises(NotPossible, match="isn’t open to you"):
        services.pause(case, by=named, partnership=partnership, at=AT)

    partnership.refresh_from_db()
    assert partnership.state == State.ACTIVE


@pytest.mark.clause("EI-6", "BM-13")
def test_a_question_is_answered_for_everybody_and_for_who_asked(case, person):
    for _ in range(2):
        services.publish(case, by=person, question="May we meet online?", text="Yes, gladly.", at=AT)

    published = Question.objects.get()
    assert (published.programme, published.text, published.answer, published.is_published) == (
        case.programme,
        "May we meet online?",
        "Yes, gladly.",
        True,
    )
    assert (published.asker_email, published.asked_at) == ("", AT.replace(hour=0, minute=0))
    entries = open_case(Case.objects.get()).entries
    assert [(entry.kind, entry.text) for entry in entries if entry.text != "What I wrote."][-2:] == [
        (Kind.ANSWER, "Yes, gladly."),
        (Deed.PUBLIC, "May we meet online?"),
    ]
    assert [kind for kind, _, _ in mail()].count("news") == 1


@pytest.mark.parametrize("category", [each for each in Category if each != Category.QUESTION])
def test_a_concern_is_never_answered_in_public(category):
    case = file_case(category=category)

    with pytest.raises(NotPossible, match="Only a question"):
        services.publish(case, by=handler(case.programme), question="x", text="x", at=AT)

    assert Question.objects.count() == 0


def test_another_handler_lifts_a_pause_from_its_own_case_and_from_no_other(case, person, partnership):
    kept_out = handler(case.programme, name="Ada Lovelace")
    colleague = handler(case.programme)
    services.keep_from(case, by=person, named="Lovelace", at=AT)
    services.pause(case, by=person, partnership=partnership, at=AT)
    other = file_case(case.programme)

    with pytest.raises(NotPossible, match="lifted by whoever ordered it"):
        services.resume(other, by=kept_out, partnership=partnership, at=AT)
    services.resume(case, by=colleague, partnership=partnership, at=AT)

    partnership.refresh_from_db()
    assert partnership.state == State.ACTIVE


def test_what_was_done_stands_in_no_clear_column(case, person, partnership):
    services.pause(case, by=person, partnership=partnership, at=AT)

    partnership.refresh_from_db()
    entry = case.entries.last()
    assert (entry.kind, entry.at == partnership.paused_at) == (Kind.DEED, False)
