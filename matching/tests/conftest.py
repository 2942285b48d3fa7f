import pytest

from programmes.tests.factories import (
    CohortFactory,
    DisclosedFactFactory,
    DutyFactory,
    PathwayFactory,
    WeightFactory,
)


@pytest.fixture
def cohort():
    """A cohort of pairs in which sectors alone count, with a policy that discloses names."""
    cohort = CohortFactory()
    pathway = PathwayFactory(programme=cohort.programme)
    WeightFactory(pathway=pathway, part="sectors", strength=3)
    for direction in ("of_mentor", "of_mentee", "in_circle"):
        DisclosedFactFactory(policy_version=cohort.policy, direction=direction, fact="name")
    return cohort


@pytest.fixture
def admin(cohort):
    return DutyFactory(programme=cohort.programme).user


@pytest.fixture
def with_circles(cohort):
    """The cohort has circles of two or three members too, in which sectors count as well."""
    pathway = PathwayFactory(programme=cohort.programme, kind="circle", label="Circle", smallest=2, largest=3)
    WeightFactory(pathway=pathway, part="sectors", strength=3)
    return pathway
