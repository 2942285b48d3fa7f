from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.utils import timezone

from accounts import links, services
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def parts(url):
    """uidb64 and token of a welcome address."""
    return url.split("/welcome/")[1].split("/")[:2]


@pytest.fixture
def ada():
    return services.create_imported(email="ada@lse.ac.uk", name="Ada")


def test_a_link_is_absolute_and_leads_on(ada):
    url = links.welcome_url(ada, next="/applications/7/")

    assert url.startswith("https://mentoring.example/welcome/")
    assert url.endswith("/?next=%2Fapplications%2F7%2F")


def test_a_link_says_whose_it_is(ada):
    link = links.read(*parts(links.welcome_url(ada, next="/")))

    assert (link.user, link.is_alive) == (ada, True)


def changed(ada, **fields):
    for name, value in fields.items():
        setattr(ada, name, value)
    ada.save()


@pytest.mark.parametrize(
    "change",
    [
        {"last_login": timezone.now() + timedelta(days=1)},
        {"password": "another"},
        {"email": "countess@lse.ac.uk"},
        {"is_active": False},
    ],
)
def test_a_link_dies_with_a_sign_in_another_password_another_address_or_the_account(ada, change):
    url = links.welcome_url(ada, next="/")

    changed(ada, **change)

    assert links.read(*parts(url)).is_alive is False


def test_a_link_dies_in_time(ada, clock):
    url = links.welcome_url(ada, next="/")

    clock.shift(timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT))
    assert links.read(*parts(url)).is_alive is True

    clock.shift(timedelta(seconds=1))
    assert links.read(*parts(url)).is_alive is False


def test_a_link_that_we_did_not_make_says_nothing(ada):
    uid, token = parts(links.welcome_url(ada, next="/"))
    other, _ = parts(links.welcome_url(UserFactory(), next="/"))

    assert links.read(other, token) is None
    assert links.read(uid, token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert links.read(uid, "x") is None
    assert links.read(uid, default_token_generator.make_token(ada)) is None


def test_a_link_of_somebody_who_is_no_more_says_nothing(ada):
    url = links.welcome_url(ada, next="/")
    ada.delete()

    assert links.read(*parts(url)) is None


@pytest.mark.parametrize("address", ["/applications/7/", "/programmes/ei-alumni/?a=1#b"])
def test_an_address_on_this_site_is_followed(address):
    assert links.local(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "cases",
        "?a=1",
        "//[",
    ],
)
def test_an_address_elsewhere_is_not_followed(address):
    assert links.local(address) == "/"


def test_an_address_is_veiled_but_for_its_first_letter_and_domain():
    assert links.veiled("jane.doe@lse.ac.uk") == "j…@lse.ac.uk"
