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
    at = said.pop("at", AT)
    return services.file(_report(programme, said), by=by, at=at)


def file_without_name(programme=None, **said) -> services.Receipt:
    """The same of somebody who gives no name: the case and its code."""
    at = said.pop("at", AT)
    return services.file_anonymously(_report(programme or ProgrammeFactory(), said), at=at)


def _report(programme, said):
    usual = {
        "category": Category.QUESTION,
        "about": About.UNSAID,
        "at_risk": AtRisk.NO,
        "text": "What I wrote.",
        "key": str(uuid.uuid4()),
    }
    return services.Report(programme=programme, **usual | said)


def mail():
    """Kind (without its folder), address and programme of every message of concerns."""
    rows = Message.objects.filter(kind__startswith="concerns/").values_list("kind", "to", "programme")
    return sorted((kind.removeprefix("concerns/email/"), to, programme) for kind, to, programme in rows)
