import pytest
from allauth.account.models import EmailAddress

from accounts.queries import is_school_address, people_by_address, school_address
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_owner_of_an_address_is_who_signs_in_with_it_or_proved_it_in_whatever_letter_case():
    ada = UserFactory(email="ada@lse.ac.uk")
    EmailAddress.objects.create(user=ada, email="ada@home.example", verified=True)

    owners = people_by_address(["ADA@lse.ac.uk", "Ada@home.example", "nobody@lse.ac.uk"])

    assert owners == {"ada@lse.ac.uk": ada, "ada@home.example": ada}


def test_an_address_that_somebody_added_and_never_proved_is_nobody_s():
    UserFactory().emailaddress_set.create(email="ada@home.example")

    assert people_by_address(["ada@home.example"]) == {}


def test_the_owners_of_many_addresses_take_as_many_questions_as_of_one(django_assert_num_queries):
    people = UserFactory.create_batch(3)

    for some in (people[:1], people):
        with django_assert_num_queries(5):
            owners = people_by_address([user.email for user in some])
        assert set(owners.values()) == set(some)


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("ada@lse.ac.uk", True),
        ("ada@LSE.ac.uk", True),
        ("ada@alumni.lse.ac.uk", False),
        ("ada@lse.ac.uk.example", False),
        ("lse.ac.uk@home.example", False),
    ],
)
def test_only_the_school_s_own_domains_are_the_school_s(address, answer):
    assert is_school_address(address) is answer


@pytest.mark.clause("EI-5b")
def test_the_school_address_is_the_verified_one_whatever_somebody_signs_in_with():
    user = UserFactory(email="ada@home.example")
    EmailAddress.objects.create(user=user, email="ada@lse.ac.uk", verified=True)

    assert school_address(user) == "ada@lse.ac.uk"


@pytest.mark.clause("EI-5b")
def test_a_school_address_that_nobody_proved_is_none():
    user = UserFactory(email="ada@home.example")
    EmailAddress.objects.create(user=user, email="ada@lse.ac.uk", verified=False)

    assert school_address(user) == ""
