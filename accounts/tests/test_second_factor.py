"""The second factor of staff: led to it, asked for it at every way in, and sealed where it is kept."""

import runpy

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings as all_settings
from django.urls import reverse
from django.utils.module_loading import import_string

from accounts.second_factor import SecondFactorAdapter, Unreadable
from accounts.tests.entering import (
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
STEPS, AGAIN = "/account/2fa/", "/account/2fa/reauthenticate/"


@pytest.fixture(autouse=True)
def production(settings):
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def officer():
    return DutyFactory().user


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


# Who needs one


@pytest.mark.parametrize("page", ["home", "admin:index", "cases", "account_settings"])
@pytest.mark.parametrize("kind", ["administer", "eligibility", "concerns"])
def test_whoever_holds_a_duty_is_led_to_set_one_up_before_anything_else(client, kind, page):
    client.force_login(DutyFactory(kind=kind).user)

    assert client.get(reverse(page)).url == STEPS


def test_so_is_a_superuser(client):
    client.force_login(UserFactory(is_superuser=True))

    assert client.get("/admin/").url == STEPS


def test_the_page_says_why(client, officer):
    client.force_login(officer)

    page = client.get("/admin/", follow=True).content.decode()

    assert page.count("You work with other people’s details here") == 1


def test_what_is_sent_is_held_back_too(client, officer):
    client.force_login(officer)

    assert client.post("/account/settings/", {"time_zone": "Europe/Athens"}).url == STEPS
    officer.refresh_from_db()
    assert officer.time_zone == "Europe/London"


@pytest.mark.parametrize("page", ["concern", "mfa_index", "account_email", "account_logout"])
def test_help_and_what_leads_to_a_second_factor_stay_open(client, officer, page):
    client.force_login(officer)

    assert client.get(reverse(page)).status_code == 200


def test_a_colleagues_second_factor_is_nobody_elses(client, officer):
    set_up_app(DutyFactory().user)
    sign_in(client, officer)

    assert client.get("/admin/").url.startswith(STEPS)


def test_participants_need_none(client):
    client.force_login(UserFactory())

    assert client.get(reverse("home")).status_code == 200


def test_a_duty_that_was_given_counts_from_the_next_request(client):
    person = UserFactory()
    client.force_login(person)
    before = client.get(reverse("home")).status_code

    DutyFactory(user=person)

    assert (before, client.get(reverse("home")).url) == (200, STEPS)


def test_without_the_setting_nobody_is_led_anywhere(client, officer, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(officer)

    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(("rehearsal", "is_on"), [("", True), ("1", False)])
def test_production_asks_for_it_and_the_rehearsal_does_not(monkeypatch, rehearsal, is_on):
    monkeypatch.setenv("EXAMPLE", rehearsal)
    monkeypatch.delenv("STAFF_SECOND_FACTOR")

    made = runpy.run_path(str(all_settings.BASE_DIR / "mentorship" / "settings.py"))

    assert made["STAFF_SECOND_FACTOR"] is is_on


# Setting one up


def test_an_app_is_set_up_and_the_door_is_open(client, officer, commit):
    sign_in(client, officer)
    page = client.get("/account/2fa/totp/activate/")
    assert "data:image/svg+xml;base64," in page.content.decode()

    with commit():
        done = client.post("/account/2fa/totp/activate/", {"code": code_of_app(page.context["form"].secret)})

    assert done.url == "/account/2fa/recovery-codes/"
    assert client.get(done.url).content.decode().count('<span class="reference">') == 10
    assert client.get("/admin/").status_code == 200


def test_its_owner_is_told_by_a_message_that_says_nothing_outside(client, officer, commit):
    sign_in(client, officer)
    page = client.get("/account/2fa/totp/activate/")

    with commit():
        client.post("/account/2fa/totp/activate/", {"code": code_of_app(page.context["form"].secret)})

    message = Message.objects.get(to=officer.email)
    assert (message.kind, message.subject) == ("mfa/email/totp_activated", "Your mentoring programme")
    assert "An app for codes has been set up" in message.text
    assert "An app for codes has been set up" in message.html


def test_a_passkey_is_set_up_and_the_door_is_open(client, officer, commit):
    sign_in(client, officer)

    with commit():
        set_up_passkey(client)

    assert client.get("/admin/").status_code == 200


def test_the_first_passkey_is_named_as_such_whatever_others_have(client, officer):
    for person in (DutyFactory().user, officer):
        client.force_login(person)
        name = SecondFactorAdapter(client.get("/account/2fa/").wsgi_request).generate_authenticator_name(
            person, Authenticator.Type.WEBAUTHN
        )
        assert name == "My passkey"
        Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data={})


def test_an_address_that_is_not_confirmed_can_be_removed_first(client, officer):
    EmailAddress.objects.create(user=officer, email="other@lse.ac.uk", verified=False)
    sign_in(client, officer)

    page = client.get("/account/2fa/totp/activate/", follow=True)
    assert "One of your addresses isn’t confirmed yet." in page.content.decode()
    client.post("/account/email/", {"email": "other@lse.ac.uk", "action_remove": ""})

    assert client.get("/account/2fa/totp/activate/").status_code == 200


def test_participants_may_set_one_up(client):
    sign_in(client, UserFactory())

    assert f'href="{STEPS}"' in client.get("/account/email/").content.decode()
    assert client.get("/account/2fa/totp/activate/").status_code == 200


def test_every_form_of_the_second_step_is_one_in_our_words():
    paths = all_settings.MFA_FORMS.values()

    assert [path for path in paths if not issubclass(import_string(path), forms.Form)] == []
    assert {path.rpartition(".")[0] for path in paths} == {"accounts.forms"}


# A session that hasn't used it


@pytest.mark.parametrize("page", ["/admin/", STEPS, "/account/email/", "/account/2fa/totp/deactivate/"])
def test_a_session_from_before_is_asked_for_it(client, officer, page):
    client.force_login(officer)
    set_up_app(officer)

    assert client.get(page).url.split("?") == [AGAIN, f"next={page.replace('/', '%2F')}"]


def test_having_used_it_it_goes_on(client, officer):
    client.force_login(officer)
    key = set_up_app(officer)

    went_on = client.post(f"{AGAIN}?next=/admin/", {"code": code_of_app(key)})

    assert (went_on.url, client.get("/admin/").status_code) == ("/admin/", 200)


def test_help_is_open_to_it_all_the_same(client, officer):
    client.force_login(officer)
    set_up_app(officer)

    assert client.get("/help/").status_code == 200


def test_whoever_takes_the_last_one_away_sets_one_up_again_at_once(client, officer):
    key = set_up_app(officer)
    sign_in(client, officer)
    enter_code(client, code_of_app(key))

    client.post("/account/2fa/totp/deactivate/")

    assert Authenticator.objects.count() == 0
    assert client.get("/admin/").url == STEPS


# Kept


def test_the_keys_are_sealed(officer):
    key = set_up_app(officer)
    recovery_codes(officer)
    adapter = SecondFactorAdapter()

    kept = dict(Authenticator.objects.values_list("type", "data"))

    assert key not in str(kept)
    assert adapter.decrypt(kept["totp"]["secret"]) == key
    assert len(bytes.fromhex(adapter.decrypt(kept["recovery_codes"]["seed"]))) == 40


def test_a_former_secret_key_still_opens_them(settings):
    adapter = SecondFactorAdapter()
    sealed = adapter.encrypt("a key")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-secret-key" * 3

    assert adapter.decrypt(sealed) == "a key"


def test_a_key_that_does_not_open_lets_nobody_in(client, officer, settings):
    sealed = SecondFactorAdapter().encrypt("a key")
    settings.SECRET_KEY = "another-secret-key" * 3

    with pytest.raises(Unreadable, match="opens this second factor"):
        SecondFactorAdapter().decrypt(sealed)
