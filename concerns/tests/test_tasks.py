from datetime import UTC, datetime, timedelta

import pytest

from concerns import services
from concerns.models import Case
from concerns.tasks import chase_unanswered
from concerns.tests.factories import AT, file_case, handler
from outbox.models import Message
from programmes.tests.factories import ProgrammeFactory

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 1, 16, 17, tzinfo=UTC)  # two working days after AT


def reminders():
    return sorted(Message.objects.filter(kind="concerns/email/late").values_list("to", "created_at"))


@pytest.mark.clause("EI-6")
def test_handlers_are_reminded_once_the_answer_is_late_and_not_before(clock):
    programme = ProgrammeFactory()
    one, other = sorted((handler(programme).email, handler(programme).email))
    file_case(programme=programme)

    clock.move_to(DUE - timedelta(minutes=1))
    chase_unanswered()
    assert reminders() == []

    clock.move_to(DUE)
    chase_unanswered()
    assert reminders() == [(one, DUE), (other, DUE)]


def test_a_handler_is_reminded_once_a_day_however_much_is_late(clock):
    programme = ProgrammeFactory()
    person = handler(programme)
    for _ in range(3):
        file_case(programme=programme)

    next_working_day = datetime(2026, 1, 19, 9, tzinfo=UTC)
    for at in (DUE, DUE + timedelta(minutes=30), next_working_day, next_working_day + timedelta(hours=5)):
        clock.move_to(at)
        chase_unanswered()

    assert reminders() == [(person.email, DUE), (person.email, next_working_day)]


def test_nobody_is_reminded_at_night_or_on_a_free_day(clock):
    programme = ProgrammeFactory()
    handler(programme)
    file_case(programme=programme)

    for at in (DUE + timedelta(hours=3), datetime(2026, 1, 17, 12, tzinfo=UTC)):
        clock.move_to(at)
        chase_unanswered()

    assert reminders() == []


def test_nothing_is_chased_after_an_answer(clock):
    case = file_case()
    person = handler(case.programme)
    services.answer(case, by=person, text="Thank you.", at=AT)

    clock.move_to(DUE)
    chase_unanswered()

    assert reminders() == []


def test_the_programme_is_reminded_if_no_handler_may_read_it(clock):
    case = file_case()
    Message.objects.all().delete()

    clock.move_to(DUE)
    chase_unanswered()

    assert list(Message.objects.values_list("kind", "to")) == [
        ("concerns/email/nobody", case.programme.contact_email)
    ]


def test_a_missed_day_loses_nothing(clock):
    case = file_case()
    person = handler(case.programme)

    clock.move_to(datetime(2026, 2, 12, 10, tzinfo=UTC))
    chase_unanswered()

    assert [to for to, _ in reminders()] == [person.email]
    assert Case.objects.get().first_answered_at is None
