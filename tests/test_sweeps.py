import logging

import pytest

from applications.tests.factories import ApplicationFactory
from mentorship.lib.sweeps import BATCH, in_sets

pytestmark = pytest.mark.django_db


def test_everybody_is_sent_to_in_sets():
    sets = []

    def send(pks):
        sets.append(list(pks))
        return len(pks)

    assert in_sets(list(range(BATCH + 1)), send, what="application") == BATCH + 1
    assert [len(one) for one in sets] == [BATCH, 1]


def test_one_failure_holds_back_nobody_else_and_keeps_nothing_half_done(caplog):
    people = [ApplicationFactory() for _ in range(3)]
    broken = people[1]

    def send(pks):
        for person in people:
            if person.pk in pks:
                type(person).objects.filter(pk=person.pk).update(reason="told")
        if broken.pk in pks:
            raise ValueError("This one can't be told.")
        return len(pks)

    with caplog.at_level(logging.ERROR):
        assert in_sets([person.pk for person in people], send, what="application") == 2

    for person in people:
        person.refresh_from_db()
    assert [person.reason for person in people] == ["told", "", "told"]
    assert [record.getMessage() for record in caplog.records] == [
        f"No message could be written to application {broken.pk}."
    ]
