"""Mentees with answers, and runs that placed or left them out, for tests of equality figures."""

from datetime import UTC, datetime

from applications.tests.factories import ApplicationFactory, MentorFactory
from equality import services as answering
from matching.models import SuggestedMember, Suggestion
from matching.tests.factories import ExclusionFactory, RunFactory, suggested
from partnerships.tests.factories import PartnershipFactory

NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


def mentees(cohort, number, gender="woman"):
    people = ApplicationFactory.create_batch(number, cohort=cohort, state="waitlisted")
    for application in people:
        answers = {"gender": gender}
        answering.give(cohort=cohort, account=application.user_id, answers=answers, at=NOW)
    return people


def place(run, people, fit=7100):
    """Each of these mentees is suggested with a mentor of their own; nobody is introduced yet."""
    for application in people:
        suggested(run, MentorFactory(cohort=run.cohort), application)
    SuggestedMember.objects.filter(application__in=people).update(fit=fit)


def leave_out(run, people):
    for application in people:
        ExclusionFactory(run=run, application=application)


def release_one(run):
    """Somebody has been introduced from this run."""
    first = run.suggestions.order_by("pk").first()
    first.state, first.partnership = Suggestion.State.RELEASED, PartnershipFactory(cohort=run.cohort)
    first.save()


def run_of(cohort, *, placed, left_out, released=True, **facts):
    run = RunFactory(cohort=cohort, **facts)
    place(run, placed)
    leave_out(run, left_out)
    if released:
        release_one(run)
    return run
