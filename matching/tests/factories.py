from datetime import UTC, datetime

import factory

from matching.models import Decision, Exclusion, MatchRun, Offer, SuggestedMember, Suggestion
from matching.tests.people import mentee, mentor
from partnerships.models import Membership
from programmes.tests.factories import CohortFactory

AT = datetime(2026, 1, 14, 9, tzinfo=UTC)


class RunFactory(factory.django.DjangoModelFactory):
    """A run that is done, with no suggestions; see `suggested` for some."""

    class Meta:
        model = MatchRun

    cohort = factory.SubFactory(CohortFactory)
    started_at = AT
    state = MatchRun.State.DONE
    finished_at = AT
    input_hash = "0" * 64


class SuggestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Suggestion

    run = factory.SubFactory(RunFactory)
    pathway = "one_to_one"
    fit = 5000


class ExclusionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Exclusion

    reason = "No mentor has a place left."


class DecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Decision

    pathway = "one_to_one"
    kind = Decision.Kind.TOGETHER
    at = AT


class OfferFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Offer

    made_at = AT
    answer_by = datetime(2026, 1, 21, tzinfo=UTC).date()


def suggested(run, *people, pathway="one_to_one", **details):
    """A suggestion of these applications: the mentors among them lead, the others are the mentees."""
    suggestion = SuggestionFactory(run=run, pathway=pathway, **details)
    lead = Membership.Part.FACILITATOR if pathway == "circle" else Membership.Part.MENTOR
    for application in people:
        part = lead if application.is_mentor else Membership.Part.MENTEE
        SuggestedMember.objects.create(suggestion=suggestion, application=application, part=part)
    return suggestion


def pairs_of(cohort, number=1):
    """A run that suggests so many pairs of people who could be introduced at once."""
    run = RunFactory(cohort=cohort)
    for _ in range(number):
        suggested(run, mentor(cohort), mentee(cohort))
    return run
