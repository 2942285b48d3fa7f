"""The second step at every way in: by password, by mail, by link, by passkey, by recovery code."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as all_settings
from django.contrib.auth import get_user
from django.urls import reverse

from accounts import links
from accounts.tests.entering import (
    Passkey,
    code_from_mail,
    code_of_app,
    enter_code,
    recovery_codes,
    set_up_app,
    set_up_passkey,
    sign_in,
)
from accounts.tests.factories import UserFactory
from outbox.models import Message
from programmes.tests.factories import DutyFactory

pytestmark = pytest.mark.django_db
ASKED = "/account/2fa/authenticate/"


@pytest.fixture(autouse=True)
def production(settings):
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def officer():
    return DutyFactory().user


@pytest.fixture
def passkey(client, officer, django_capture_on_commit_callbacks):
    """The officer's, who has set it up and signed out again."""
    sign_in(client, officer)
    with django_capture_on_commit_callbacks(execute=True):
        passkey = set_up_passkey(client)
    client.post("/account/logout/")
    return passkey


def signed_in(client):
    user = get_user(client)
    return user.email if user.is_authenticated else None


# An app


def test_a_password_alone_does_not_sign_in(client, officer):
    key = set_up_app(officer)

    asked = sign_in(client, officer, next="/admin/")
    assert (asked.url, signed_in(client)) == (ASKED, None)
    entered = enter_code(client, code_of_app(key))

    assert (entered.url, signed_in(client)) == ("/admin/", officer.email)
    assert client.get("/admin/").status_code == 200


def test_nor_does_a_code_by_mail(client, officer):
    key = set_up_app(officer)
    asked = client.post("/account/login/code/", {"email": officer.email})

    proved = client.post(asked.url, {"code": code_from_mail(officer)})
    assert (proved.url, signed_in(client)) == (ASKED, None)
    enter_code(client, code_of_app(key))

    assert signed_in(client) == officer.email


def test_nor_does_a_welcome_link(client, officer):
    key = set_up_app(officer)
    link = links.welcome_url(officer, next="/admin/").removeprefix(all_settings.SITE_URL)

    went_on = client.post(link)
    assert (went_on.url, signed_in(client)) == (ASKED, None)
    entered = enter_code(client, code_of_app(key))

    assert (entered.url, signed_in(client)) == ("/admin/", officer.email)


def test_nor_does_a_new_password(client, officer):
    key = set_up_app(officer)
    client.post("/account/password/reset/", {"email": officer.email})
    link = next(word for word in Message.objects.get().text.split() if "/key/" in word)
    form = client.get(link.removeprefix(all_settings.SITE_URL), follow=True).request["PATH_INFO"]
    client.post(form, {"password1": "another-long-sentence", "password2": "another-long-sentence"})

    asked = client.post("/account/login/", {"login": officer.email, "password": "another-long-sentence"})

    assert (asked.url, signed_in(client), bool(key)) == (ASKED, None, True)


def test_a_passkey_signs_in_alone(client, officer, passkey):

    login = reverse("mfa_login_webauthn")
    options = client.get(login, headers={"accept": "application/json"}).json()["request_options"]
    entered = client.post(login, {"credential": passkey.used(options), "next": "/admin/"})

    assert (entered.url, signed_in(client)) == ("/admin/", officer.email)
    assert client.get("/admin/").status_code == 200


def test_a_passkey_is_a_second_step_too(client, officer, passkey):
    asked = sign_in(client, officer)

    client.post(asked.url, {"credential": passkey.used(client.get(asked.url))})

    assert signed_in(client) == officer.email


def test_somebody_elses_passkey_opens_nothing(client, officer, passkey):
    other = DutyFactory().user
    set_up_app(other)
    asked = sign_in(client, other)

    refused = client.post(asked.url, {"credential": passkey.used(client.get(asked.url))})

    assert (refused.status_code, signed_in(client)) == (200, None)
    assert "This passkey doesn’t belong to the account" in refused.content.decode()


def test_a_forged_signature_opens_nothing(client, officer, passkey):
    forged = Passkey(officer)
    forged._id = passkey._id
    asked = sign_in(client, officer)

    refused = client.post(asked.url, {"credential": forged.used(client.get(asked.url))})

    assert (refused.status_code, signed_in(client)) == (200, None)


@pytest.mark.parametrize(
    "unreadable",
    ["", "[]", "5", "x", '{"id": 1}', '{"response": {"userHandle": 5}}', "[" * 5000, "9" * 5000, '"\\u0000"'],
    ids=["empty", "list", "number", "no json", "no text", "nobody", "deep", "large", "NUL"],
)
def test_what_no_browser_says_of_a_key_is_refused(client, officer, passkey, unreadable):
    alone = client.post(reverse("mfa_login_webauthn"), {"credential": unreadable})
    asked = sign_in(client, officer)

    second = client.post(asked.url, {"credential": unreadable})

    assert (alone.url, second.status_code, signed_in(client)) == ("/account/login/", 200, None)


@pytest.mark.parametrize("unreadable", ["", '{"id": 1}', "[" * 5000, '{"a": "\\u0000"}'])
def test_nor_is_such_a_key_set_up(client, officer, unreadable):
    sign_in(client, officer)
    client.get(reverse("mfa_add_webauthn"))

    refused = client.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": unreadable})

    assert (refused.status_code, Authenticator.objects.count()) == (200, 0)
    assert "This passkey couldn’t be used here." in refused.content.decode()


def test_a_recovery_code_opens_once(client, officer):
    set_up_app(officer)
    code, *_ = recovery_codes(officer)
    opened = []
    for _ in range(2):
        sign_in(client, officer)
        enter_code(client, code)
        opened.append(signed_in(client))
        client.post("/account/logout/")

    assert opened == [officer.email, None]


def test_a_code_of_the_app_opens_once(client, officer):
    code = code_of_app(set_up_app(officer))
    sign_in(client, officer)
    enter_code(client, code)
    client.post("/account/logout/")
    sign_in(client, officer)

    refused = enter_code(client, code)

    assert signed_in(client) is None
    assert "This isn’t the code, or it is too old." in refused.content.decode()


def test_codes_cannot_be_guessed_for_long(client, officer, clock):
    key = set_up_app(officer)
    sign_in(client, officer)
    wrong = f"{(int(code_of_app(key)) + 1) % 10**6:06}"
    for _ in range(5):
        enter_code(client, wrong)

    refused = enter_code(client, code_of_app(key))
    assert "This was tried too often." in refused.content.decode()
    clock.shift(timedelta(minutes=6))
    enter_code(client, code_of_app(key))

    assert signed_in(client) == officer.email


def test_a_participant_who_has_set_one_up_is_asked_for_it(client):
    person = UserFactory()
    key = set_up_app(person)

    asked = sign_in(client, person)
    enter_code(client, code_of_app(key))

    assert (asked.url, signed_in(client)) == (ASKED, person.email)


# Looking after passkeys


@pytest.fixture
def mine(client, officer, passkey):
    """The row of the officer's passkey; the officer is signed in by it."""
    asked = sign_in(client, officer)
    client.post(asked.url, {"credential": passkey.used(client.get(asked.url))})
    return Authenticator.objects.get(type="webauthn")


def test_passkeys_are_listed_by_their_names(client, mine):
    page = client.get("/account/2fa/webauthn/").content.decode()

    assert "<strong>My laptop</strong>" in page
    assert "last used on 14 January 2026" in page


def test_a_passkey_is_given_another_name(client, mine):
    address = f"/account/2fa/webauthn/keys/{mine.pk}/edit/"
    assert client.get(address).status_code == 200

    client.post(address, {"name": "The old laptop"})

    assert "<strong>The old laptop</strong>" in client.get("/account/2fa/webauthn/").content.decode()


def test_a_passkey_is_removed(client, mine):
    address = f"/account/2fa/webauthn/keys/{mine.pk}/remove/"
    assert "Remove “My laptop”?" in client.get(address).content.decode()

    client.post(address)

    assert Authenticator.objects.count() == 0


def test_somebody_elses_passkey_is_nobodys(client, mine):
    client.logout()
    sign_in(client, UserFactory())

    answers = [client.get(f"/account/2fa/webauthn/keys/{mine.pk}/{verb}/") for verb in ("edit", "remove")]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_new_recovery_codes_replace_the_old_ones(client, mine, officer, django_capture_on_commit_callbacks):
    before = recovery_codes(officer)
    assert (
        "will open nothing any more" in client.get("/account/2fa/recovery-codes/generate/").content.decode()
    )

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/recovery-codes/generate/")

    assert set(recovery_codes(officer)) & set(before) == set()


def test_recovery_codes_come_as_a_file_that_is_kept_nowhere(client, mine, officer):
    file = client.get("/account/2fa/recovery-codes/download/")

    assert file.content.decode().split() == recovery_codes(officer)
    assert "no-store" in file["Cache-Control"]
