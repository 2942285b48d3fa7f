"""Sign-up and sign-in by HTTP, each code read where the person reads it: in the message."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client

from accounts import services
from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory
from outbox.models import Message

pytestmark = pytest.mark.django_db
SIGN_UP, SIGN_IN, ASK, ENTER = (
    "/account/signup/",
    "/account/login/",
    "/account/login/code/",
    "/account/login/code/confirm/",
)


def sign_up(client, email, **more):
    data = {"name": "Ada Lovelace", "email": email, "password1": PASSWORD} | more
    return client.post(SIGN_UP, data)


def code_for(email):
    text = Message.objects.filter(to=email).latest("pk").text
    return re.search(r"^[A-Z0-9]{3,}(-[A-Z0-9]{3,})*$", text, re.MULTILINE).group()


def kinds(email):
    return list(Message.objects.filter(to=email).order_by("pk").values_list("kind", flat=True))


def signed_in(client):
    user = get_user(client)
    return user.email if user.is_authenticated else None


def page(response, email):
    """A page without what differs anyway: the address typed, and the token against forged forms."""
    text = response.content.decode().replace(email, "…")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


# Sign-up


def test_a_person_signs_up_proves_the_address_and_goes_on_where_they_were(client):
    asked = sign_up(client, "Ada@lse.ac.uk", next="/account/email/")
    assert asked.url == "/account/confirm-email/"
    assert signed_in(client) is None

    entered = client.post(asked.url, {"code": code_for("ada@lse.ac.uk")})

    assert entered.url == "/account/email/"
    assert signed_in(client) == "ada@lse.ac.uk"
    assert User.objects.get().name == "Ada Lovelace"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("ada@lse.ac.uk", True, True)
    ]


def test_a_wrong_code_proves_nothing(client):
    asked = sign_up(client, "ada@lse.ac.uk")

    client.post(asked.url, {"code": "WRONG"})

    assert signed_in(client) is None
    assert EmailAddress.objects.get().verified is False


def test_signing_up_leads_to_no_other_site(client):
    asked = sign_up(client, "ada@lse.ac.uk", next="https://elsewhere.example/")

    entered = client.post(asked.url, {"code": code_for("ada@lse.ac.uk")})

    assert entered.url == "/"


def test_signing_up_looks_the_same_for_an_address_that_is_known():
    UserFactory(email="known@lse.ac.uk")
    seen = {}
    for email in ("known@lse.ac.uk", "new@lse.ac.uk"):
        client = Client()
        asked = sign_up(client, email)
        seen[email] = (asked.status_code, asked.url, page(client.get(asked.url), email))

    assert seen["known@lse.ac.uk"] == seen["new@lse.ac.uk"]
    assert kinds("known@lse.ac.uk") == ["account/email/account_already_exists"]
    assert kinds("new@lse.ac.uk") == ["account/email/email_confirmation_signup"]


class CountingHasher(MD5PasswordHasher):
    hashed = 0

    def encode(self, password, salt):
        CountingHasher.hashed += 1
        return super().encode(password, salt)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_signing_up_several_times_at_one_moment_makes_one_account(settings):
    settings.ACCOUNT_RATE_LIMITS = False
    start = threading.Barrier(4)

    def send(_):
        start.wait()
        answer = sign_up(Client(), "ada@lse.ac.uk")
        connection.close()
        return answer.status_code, answer.get("Location")

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(send, range(4)))

    assert answers == {(302, "/account/confirm-email/")}
    assert User.objects.count() == 1


def test_signing_up_takes_as_long_for_an_address_that_is_known(settings):
    UserFactory(email="known@lse.ac.uk")
    settings.PASSWORD_HASHERS = ["accounts.tests.test_sign_in.CountingHasher"]
    hashed = {}
    for email in ("known@lse.ac.uk", "new@lse.ac.uk"):
        CountingHasher.hashed = 0
        sign_up(Client(), email)
        hashed[email] = CountingHasher.hashed

    assert hashed == {"known@lse.ac.uk": 1, "new@lse.ac.uk": 1}


# Sign-in by password


def test_a_person_signs_in_by_password_and_goes_on_where_they_were(client):
    user = UserFactory()

    entered = client.post(SIGN_IN, {"login": user.email, "password": PASSWORD, "next": "/account/email/"})

    assert entered.url == "/account/email/"
    assert signed_in(client) == user.email


def test_a_password_alone_does_not_do_before_the_address_is_proved(client):
    user = UserFactory(verified=False)

    asked = client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})

    assert asked.url == "/account/confirm-email/"
    assert signed_in(client) is None


def test_a_wrong_password_looks_the_same_for_an_unknown_address():
    UserFactory(email="known@lse.ac.uk")
    imported = services.create_imported(email="imported@lse.ac.uk", name="Ada")
    pages = {
        page(Client().post(SIGN_IN, {"login": email, "password": "wrong-horse-battery"}), email)
        for email in ("known@lse.ac.uk", "unknown@lse.ac.uk", imported.email)
    }

    assert len(pages) == 1
    assert Message.objects.count() == 0


# Sign-in by code


def test_a_person_signs_in_by_code_and_goes_on_where_they_were(client):
    user = UserFactory()

    asked = client.post(ASK, {"email": user.email, "next": "/account/email/"})
    entered = client.post(asked.url, {"code": code_for(user.email)})

    assert entered.url == "/account/email/"
    assert signed_in(client) == user.email


def test_a_wrong_code_signs_nobody_in(client):
    user = UserFactory()
    client.post(ASK, {"email": user.email})

    client.post(ENTER, {"code": "WRONG"})

    assert signed_in(client) is None


def test_a_new_code_takes_the_place_of_the_first(client):
    user = UserFactory()
    client.post(ASK, {"email": user.email})
    first = code_for(user.email)
    client.post(ENTER, {"action": "resend"})

    client.post(ENTER, {"code": first})
    assert signed_in(client) is None

    client.post(ENTER, {"code": code_for(user.email)})
    assert signed_in(client) == user.email
    assert kinds(user.email) == ["account/email/login_code"] * 2


def test_asking_for_a_code_looks_the_same_for_an_unknown_address():
    UserFactory(email="known@lse.ac.uk")
    services.create_imported(email="imported@lse.ac.uk", name="Ada")
    seen = set()
    for email in ("known@lse.ac.uk", "unknown@lse.ac.uk", "imported@lse.ac.uk"):
        client = Client()
        asked = client.post(ASK, {"email": email})
        entered = client.post(asked.url, {"code": "WRONG"})
        seen.add((asked.status_code, asked.url, page(client.get(asked.url), email), page(entered, email)))

    assert len(seen) == 1
    assert kinds("known@lse.ac.uk") == kinds("imported@lse.ac.uk") == ["account/email/login_code"]
    assert kinds("unknown@lse.ac.uk") == ["account/email/unknown_account"]


def test_an_imported_person_proves_the_address_by_signing_in_by_code(client):
    user = services.create_imported(email="ada@lse.ac.uk", name="Ada")

    client.post(ASK, {"email": "Ada@LSE.ac.uk"})
    client.post(ENTER, {"code": code_for("ada@lse.ac.uk")})

    assert signed_in(client) == user.email
    assert list(EmailAddress.objects.values_list("verified", "primary")) == [(True, True)]


def test_an_imported_person_who_signs_up_instead_is_told_by_mail_and_keeps_one_account(client):
    services.create_imported(email="ada@lse.ac.uk", name="Ada")

    sign_up(client, "ada@lse.ac.uk")

    assert User.objects.count() == 1
    assert kinds("ada@lse.ac.uk") == ["account/email/account_already_exists"]


def test_a_stranger_who_signed_up_with_somebody_s_address_is_locked_out_when_its_owner_comes(client):
    stranger = Client()
    sign_up(stranger, "ada@lse.ac.uk")

    client.post(ASK, {"email": "ada@lse.ac.uk"})
    client.post(ENTER, {"code": code_for("ada@lse.ac.uk")})
    stranger.post(SIGN_IN, {"login": "ada@lse.ac.uk", "password": PASSWORD})
    Client().post(SIGN_IN, {"login": "ada@lse.ac.uk", "password": PASSWORD})

    assert signed_in(client) == "ada@lse.ac.uk"
    assert signed_in(stranger) is None
    assert User.objects.get().has_usable_password() is False


def test_signing_in_by_code_leaves_the_password_of_the_owner(client):
    user = UserFactory()

    client.post(ASK, {"email": user.email})
    client.post(ENTER, {"code": code_for(user.email)})

    assert User.objects.get().check_password(PASSWORD) is True


# A new password


def test_a_person_who_forgot_the_password_sets_another_by_the_link_in_the_message(client):
    user = UserFactory()
    client.post("/account/password/reset/", {"email": user.email})
    link = re.search(r"https?://[^/]+(/account/password/reset/key/\S+)", Message.objects.get().text).group(1)

    form = client.get(link)
    client.post(form.url, {"password1": "another-horse-battery", "password2": "another-horse-battery"})

    assert User.objects.get().check_password("another-horse-battery") is True


# Mail


def test_mail_of_accounts_goes_by_the_outbox_before_all_other_and_its_subject_says_nothing(client):
    sign_up(client, "ada@lse.ac.uk")

    message = Message.objects.get()

    assert mail.outbox == []
    assert (message.to, message.subject, message.is_urgent) == (
        "ada@lse.ac.uk",
        "Your mentoring programme",
        True,
    )
    assert re.fullmatch(r"account/email/email_confirmation_signup/[0-9a-f-]{36}", message.key)
    assert code_for("ada@lse.ac.uk") in message.html
