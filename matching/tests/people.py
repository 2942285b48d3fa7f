"""People for a cohort, and short ways to run it and to read what came out."""

from datetime import UTC, datetime

from applications.tests.factories import ApplicationFactory, MentorFactory, PolicyAcceptanceFactory
from matching.services import runs
from programmes.models import Option
from programmes.tests.factories import OptionFactory

NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


def sector(cohort, name):
    known = Option.objects.filter(programme=cohort.programme, fact="sectors", name=name).first()
    return known or OptionFactory(programme=cohort.programme, fact="sectors", name=name)


def mentor(cohort, *sectors, accepted=True, **details):
    """An accepted mentor who knows these sectors and, unless said otherwise, has accepted the policy."""
    return _person(MentorFactory, cohort, sectors, accepted, details)


def mentee(cohort, *sectors, accepted=True, **details):
    return _person(ApplicationFactory, cohort, sectors, accepted, details)


def _person(factory, cohort, sectors, accepted, details):
    application = factory(cohort=cohort, **details)
    application.sectors.set([sector(cohort, name) for name in sectors])
    if accepted:
        PolicyAcceptanceFactory(application=application)
    return application


def run(cohort, **choices):
    """A run that is carried out at once."""
    return runs.run(**{"cohort": cohort, "by": None, "at": NOW, **choices})


def people_of(run):
    """Sets of application numbers, one per suggestion."""
    return {frozenset(s.members.values_list("application", flat=True)) for s in run.suggestions.all()}


def placed_in(run):
    return {pk for people in people_of(run) for pk in people}
