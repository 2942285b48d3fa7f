"""Two handlers at the same moment."""

from functools import partial

import pytest
from django.db import connection

from concerns import contents, services
from concerns.models import Case, Kind, State
from concerns.tests.factories import AT, file_case, handler
from tests.at_once import at_once

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("EI-6a"),
]


def test_two_handlers_who_answer_at_once_make_one_handler_and_two_answers():
    case = file_case()
    people = [handler(case.programme) for _ in range(2)]

    at_once(*[partial(services.answer, case, by=user, text=f"From {user.pk}.", at=AT) for user in people])

    case = Case.objects.get()
    kinds = list(case.entries.values_list("kind", flat=True))
    assert (kinds.count(Kind.ASSIGNED), kinds.count(Kind.ANSWER), case.state) == (1, 2, State.ACKNOWLEDGED)
    assert case.handler in people
    told = {line.text for line in contents.conversation_of(case) if line.is_answer}
    assert told == {f"From {user.pk}." for user in people}


def test_a_case_that_is_kept_from_somebody_at_the_moment_they_are_given_it_isnt_theirs():
    case = file_case()
    one, ada = handler(case.programme), handler(case.programme, name="Ada Lovelace")

    at_once(
        partial(services.assign, case, by=one, to=ada, at=AT),
        partial(services.keep_from, case, by=one, named="Ada Lovelace", at=AT),
    )

    assert Case.objects.get().handler is None
