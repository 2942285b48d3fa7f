import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse

from accounts import links, services
from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NEXT = "/account/email/"


@pytest.fixture
def ada():
    return services.create_imported(email="ada@lse.ac.uk", name="Ada Lovelace")


def path_for(user, next=NEXT):
    return links.welcome_url(user, next=next).removeprefix("https://mentoring.example")


def is_proved(user):
    return EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()


def signed_in(client):
    user = get_user(client)
    return user.email if user.is_authenticated else None


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_a_link_changes_nothing(client, ada, method):
    response = getattr(client, method)(path_for(ada))

    assert response.status_code == 200
    assert (is_proved(ada), signed_in(client)) == (False, None)
    assert User.objects.get().last_login is None


def test_the_page_says_whose_the_link_is_without_giving_the_address_away(client, ada):
    page = text(client.get(path_for(ada)))

    assert "a…@lse.ac.uk" in page
    assert [secret for secret in ("ada@", "Lovelace") if secret in page] == []


def test_the_page_is_kept_nowhere(client, ada):
    assert "no-store" in client.get(path_for(ada))["Cache-Control"]


def test_going_on_proves_the_address_signs_in_and_leads_on(client, ada):
    response = client.post(path_for(ada))

    assert response.url == NEXT
    assert (is_proved(ada), signed_in(client)) == (True, ada.email)


def test_going_on_leads_to_no_other_site(client, ada):
    assert client.post(path_for(ada, next="https://elsewhere.example/")).url == reverse("home")


def test_signing_in_by_a_link_rotates_the_session(client, ada):
    client.post("/account/login/code/", {"email": "somebody@lse.ac.uk"})
    before = client.session.session_key

    client.post(path_for(ada))

    assert before is not None
    assert client.session.session_key != before


def test_a_link_opens_once(client, ada):
    path = path_for(ada)
    client.post(path)

    other = Client()
    opened, entered = other.get(path), other.post(path)

    for response in (opened, entered):
        assert "has done its work" in text(response)
        assert "/account/login/code/?next=%2Faccount%2Femail%2F" in text(response)
    assert signed_in(other) is None


def test_a_link_of_an_account_that_was_closed_opens_nothing(client, ada):
    User.objects.update(is_active=False)

    response = client.post(path_for(ada))

    assert "has done its work" in text(response)
    assert (is_proved(ada), signed_in(client)) == (False, None)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_forged_link_is_not_there(client, ada, method):
    forged = path_for(ada).replace(".", "x", 1)

    assert getattr(client, method)(forged).status_code == 404
    assert (is_proved(ada), signed_in(client)) == (False, None)


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_else_who_is_signed_in_changes_nothing_and_may_sign_out(client, ada, method):
    grace = UserFactory(email="grace@lse.ac.uk")
    client.force_login(grace)
    path = path_for(ada)

    response = getattr(client, method)(path)

    assert "This link is for somebody else" in text(response)
    assert (is_proved(ada), signed_in(client)) == (False, grace.email)
    assert client.post("/account/logout/", {"next": path}).url == path
    assert signed_in(client) is None


def test_the_person_who_is_signed_in_already_just_goes_on(client, ada):
    path = path_for(ada)
    client.post(path)

    assert client.get(path).url == NEXT


def test_a_link_locks_out_whoever_chose_a_password_for_the_address_before(client):
    ada = UserFactory(email="ada@lse.ac.uk", verified=False)

    client.post(path_for(ada))

    assert signed_in(client) == ada.email
    assert Client().login(email=ada.email, password=PASSWORD) is False


def test_a_link_for_an_address_that_another_account_has_proved_opens_nothing(client, ada):
    EmailAddress.objects.create(user=UserFactory(), email=ada.email, verified=True)

    response = client.post(path_for(ada))

    assert "has done its work" in text(response)
    assert signed_in(client) is None
