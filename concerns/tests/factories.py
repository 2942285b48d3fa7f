import uuid
from datetime import UTC, datetime

from applications.tests.factories import ApplicationFactory
from concerns import services
from concerns.models import About, AtRisk, Case, Category
from outbox.models import Message
from programmes.models import Duty
from programmes.tests.factories import CohortFactory, DutyFactory, ProgrammeFactory

AT = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)  # a Wednesday


def handler(programme, **user):
    """Somebody who handles concerns for a programme."""
    names = {f"user__{field}": value for field, value in user.items()}
    return DutyFactory(programme=programme, kind=Duty.Kind.CONCERNS, **names).user


def file_case(programme=None, by=None, **said) -> Case:
    """A question of a participant (one is made up if need be), filed at `AT`, unless told otherwise."""
    programme = programme or (by.applications.get().cohort.programme if by else ProgrammeFactory())
    by = by or ApplicationFactory(cohort=programme.cohorts.first() or CohortFactory(programme=programme)).user
    return services.file(by=by, programme=programme, **_usual() | said)


def file_without_name(programme=None, **said) -> services.Receipt:
    """The same of somebody who gives no name: the case and its code."""
    return services.file_anonymously(programme=programme or ProgrammeFactory(), **_usual() | said)


def _usual():
    return {
        "category": Category.QUESTION,
        "about": About.UNSAID,
        "at_risk": AtRisk.NO,
        "text": "What I wrote.",
        "contact": "",
        "key": str(uuid.uuid4()),
        "at": AT,
    }


def mail():
    """Kind (without its folder), address and programme of every message of concerns."""
    rows = Message.objects.filter(kind__startswith="concerns/").values_list("kind", "to", "programme")
    return sorted((kind.removeprefix("concerns/email/"), to, programme) for kind, to, programme in rows)
