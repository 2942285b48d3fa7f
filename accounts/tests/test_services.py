import pytest
from allauth.account.models import EmailAddress

from accounts import services
from accounts.models import GONE, User
from accounts.tests.factories import PASSWORD, UserFactory
from mentorship.lib.refusals import NotPossible

pytestmark = pytest.mark.django_db


def addresses(user):
    rows = EmailAddress.objects.filter(user=user).order_by("email")
    return list(rows.values_list("email", "verified", "primary"))


def test_an_imported_person_has_no_password_and_an_address_to_prove():
    user = services.create_imported(email=" Ada.Lovelace@LSE.ac.uk ", name=" Ada Lovelace ")

    assert (user.email, user.name) == ("ada.lovelace@lse.ac.uk", "Ada Lovelace")
    assert user.has_usable_password() is False
    assert addresses(user) == [("ada.lovelace@lse.ac.uk", False, True)]


def test_nobody_is_imported_twice_in_whatever_letter_case():
    services.create_imported(email="ada@lse.ac.uk", name="Ada")

    with pytest.raises(NotPossible):
        services.create_imported(email="ADA@lse.ac.uk", name="Ada")

    assert User.objects.count() == 1


def test_nobody_is_imported_under_another_person_s_second_address():
    EmailAddress.objects.create(user=UserFactory(), email="ada@home.example", verified=True)

    with pytest.raises(NotPossible):
        services.create_imported(email="Ada@home.example", name="Ada")

    assert User.objects.count() == 1


def test_a_proved_address_is_verified_and_primary():
    user = services.create_imported(email="ada@lse.ac.uk", name="Ada")

    services.prove_address(user, address="ada@lse.ac.uk")

    assert addresses(user) == [("ada@lse.ac.uk", True, True)]


def test_an_address_without_a_row_is_proved_too():
    user = UserFactory(email="ada@lse.ac.uk", verified=False)

    services.prove_address(user, address="ada@lse.ac.uk")

    assert addresses(user) == [("ada@lse.ac.uk", True, True)]


def test_a_proved_address_leaves_the_primary_one_as_it_is():
    user = UserFactory(email="ada@home.example")

    services.prove_address(user, address="ada@lse.ac.uk")

    assert addresses(user) == [("ada@home.example", True, True), ("ada@lse.ac.uk", True, False)]
    assert User.objects.get(pk=user.pk).email == "ada@home.example"


def test_an_address_that_another_account_has_proved_is_refused():
    EmailAddress.objects.create(user=UserFactory(), email="ada@lse.ac.uk", verified=True)
    user = UserFactory(verified=False)

    with pytest.raises(NotPossible):
        services.prove_address(user, address="ada@lse.ac.uk")

    assert addresses(user) == []


def test_a_password_chosen_before_the_address_was_proved_is_dropped():
    user = UserFactory(verified=False)

    services.prove_address(user, address=user.email)

    assert User.objects.get(pk=user.pk).has_usable_password() is False


def test_a_password_chosen_by_the_owner_of_the_address_stays():
    user = UserFactory()

    services.prove_address(user, address=user.email)

    assert User.objects.get(pk=user.pk).check_password(PASSWORD) is True


def test_of_who_becomes_nobody_a_row_is_left_that_nobody_signs_in_to():
    user = UserFactory(name="Ada Lovelace", is_superuser=True, time_zone="Europe/Athens", most_partnerships=3)

    person = services.become_nobody(user)

    person.refresh_from_db()
    assert (person.name, person.is_gone, person.is_active, person.is_superuser) == (GONE, True, False, False)
    assert (person.time_zone, person.most_partnerships, person.has_usable_password()) == (
        "Europe/London",
        None,
        False,
    )
    assert (person.pk, person.joined_at) == (user.pk, user.joined_at)
    assert services.become_nobody(UserFactory()).email != person.email
