import factory

from equality import keys
from equality.models import Answers
from programmes.tests.factories import CohortFactory


class AnswersFactory(factory.django.DjangoModelFactory):
    """Somebody's answers; give it the number of an `account` for those of a person."""

    class Meta:
        model = Answers

    class Params:
        account = factory.Sequence(lambda n: 1_000_000 + n)

    cohort = factory.SubFactory(CohortFactory)
    pseudonym = factory.LazyAttribute(lambda o: keys.pseudonym(cohort=o.cohort.pk, account=o.account))
    age = "35_44"
