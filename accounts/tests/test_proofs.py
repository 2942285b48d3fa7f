"""Step-up: pages that ask again who one is, and the ways back to them."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from accounts.proofs import step_up
from accounts.tests.entering import (
    code_from_mail,
    code_of_app,
    enter_code,
    set_up_app,
    set_up_passkey,
    sign_in,
)
from accounts.tests.factories import PASSWORD, UserFactory
from matching.tests.factories import RunFactory
from programmes.models import Duty
from programmes.tests.factories import DutyFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
ADD = "/admin/programmes/duty/add/"
LIST = "/admin/programmes/duty/"
ASKED = "/account/reauthenticate/"
ADD_IS_NEXT = "?next=%2Fadmin%2Fprogrammes%2Fduty%2Fadd%2F"
HERE = "http://testserver"


@pytest.fixture(autouse=True)
def stepping_up(settings):
    settings.STEP_UP = settings.ACCOUNT_REAUTHENTICATION_REQUIRED = True


@pytest.fixture
def root(client):
    """A superuser who has just signed in by password."""
    root = UserFactory(is_superuser=True)
    sign_in(client, root)
    return root


@pytest.fixture
def wait(client, clock):
    """So many minutes pass, of which none is spent away for long."""

    def wait(minutes, seconds=0):
        for _ in range(minutes):
            clock.shift(timedelta(minutes=1))
            client.get("/")
        clock.shift(timedelta(seconds=seconds))

    return wait


def give_duty(client, person, referer=HERE + ADD):
    answers = {"email": person.email, "programme": ProgrammeFactory().pk, "kind": "administer"}
    return client.post(ADD, answers, headers={"referer": referer})


def test_whoever_has_just_signed_in_is_not_asked(client, root):
    assert client.get(ADD).status_code == 200


@pytest.mark.parametrize(("minutes", "seconds", "status"), [(14, 59, 200), (15, 0, 302)])
def test_a_page_opens_for_a_quarter_of_an_hour(client, root, wait, minutes, seconds, status):
    wait(minutes, seconds)

    assert client.get(ADD).status_code == status


@pytest.mark.parametrize(("minutes", "seconds", "given"), [(44, 59, 1), (45, 0, 0)])
def test_what_was_typed_is_taken_for_half_an_hour_more(client, root, wait, minutes, seconds, given):
    wait(minutes, seconds)

    give_duty(client, UserFactory())

    assert Duty.objects.count() == given


def test_the_password_leads_back(client, root, wait):
    wait(15)
    asked = client.get(ADD)
    assert asked.url == ASKED + ADD_IS_NEXT

    proved = client.post(asked.url, {"password": PASSWORD})

    assert (proved.url, client.get(ADD).status_code) == (ADD, 200)


def test_a_wrong_password_leads_nowhere(client, root, wait):
    wait(15)

    refused = client.post(ASKED + ADD_IS_NEXT, {"password": "not this one"})

    assert "This isn’t your password." in refused.content.decode()
    assert client.get(ADD).status_code == 302


def test_the_app_leads_back_too(client, root, wait, clock):
    key = set_up_app(root)
    client.logout()
    sign_in(client, root)
    enter_code(client, code_of_app(key))
    wait(15)
    page = client.get(ASKED + ADD_IS_NEXT).content.decode()
    other_way = "/account/2fa/reauthenticate/" + ADD_IS_NEXT
    assert f'<a href="{other_way}">Use a code from your app, or a recovery code</a>' in page

    proved = client.post(other_way, {"code": code_of_app(key)})

    assert (proved.url, client.get(ADD).status_code) == (ADD, 200)


def test_so_does_a_passkey(client, root, wait, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        passkey = set_up_passkey(client)
    wait(15)
    page = "/account/2fa/webauthn/reauthenticate/" + ADD_IS_NEXT

    proved = client.post(page, {"credential": passkey.used(client.get(page))})

    assert (proved.url, client.get(ADD).status_code) == (ADD, 200)


def test_whoever_has_neither_signs_in_again_and_comes_back(client, wait):
    root = UserFactory(is_superuser=True, password="!")
    client.post("/account/login/code/", {"email": root.email})
    client.post("/account/login/code/confirm/", {"code": code_from_mail(root)})
    assert client.get(ADD).status_code == 200
    wait(15)

    asked = client.get(ADD)
    assert asked.url == "/account/again/" + ADD_IS_NEXT
    assert "Please sign in again" in client.get(asked.url).content.decode()
    out = client.post("/account/logout/", {"next": client.get(asked.url).context["way_in"]})
    sent = client.post("/account/login/code/", {"email": root.email, "next": ADD})
    back = client.post(sent.url, {"code": code_from_mail(root)})

    assert out.url == "/account/login/code/" + ADD_IS_NEXT
    assert (back.url, client.get(ADD).status_code) == (ADD, 200)


def test_a_session_without_a_known_beginning_has_proved_nothing(client):
    client.force_login(UserFactory(is_superuser=True))

    assert client.get(ADD).url == ASKED + ADD_IS_NEXT


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_a_proof_leads_to_no_other_site(client, root, elsewhere):
    proved = client.post(ASKED, {"password": PASSWORD, "next": elsewhere})

    assert proved.url == "/"


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        (HERE + LIST + "?q=a#top", "%2Fadmin%2Fprogrammes%2Fduty%2F%3Fq%3Da"),
        ("https://evil.example/admin/", "%2F"),
        (HERE + "//evil.example/", "%2F"),
        ("http://[broken", "%2F"),
        ("", "%2F"),
    ],
    ids=["here", "elsewhere", "no path", "broken", "none"],
)
def test_what_was_sent_comes_back_to_the_page_before(client, root, wait, referer, back):
    wait(45)

    assert give_duty(client, UserFactory(), referer).url == f"{ASKED}?next={back}"


def test_or_to_the_page_that_an_address_names(rf):
    request = RequestFactory().post("/cases/1/answer/")
    request.user, request.session = UserFactory(), {}
    number = UUID(int=1)

    asked = step_up(back="case")(lambda request, pk: HttpResponse())(request, pk=number)

    assert asked.url == f"{ASKED}?next=%2Fcases%2F{number}%2F"


def test_whoever_is_signed_out_signs_in(rf):
    request = rf.get("/somewhere/?a=b")
    request.user, request.session = AnonymousUser(), {}

    assert step_up(lambda request: HttpResponse())(request).url == "/account/login/?next=/somewhere/%3Fa%3Db"


def test_the_setting_turns_it_off(client, root, wait, settings):
    settings.STEP_UP = False
    wait(15)

    assert client.get(ADD).status_code == 200


def test_guessing_the_password_ends_soon(client, root):
    answers = [client.post(ASKED, {"password": f"guess {number}"}).status_code for number in range(11)]

    assert answers == [200] * 10 + [429]


# What asks


def test_a_duty_is_taken_away_after_a_proof_only(client, root, wait):
    duty = DutyFactory()
    wait(45)

    client.post(f"{LIST}{duty.pk}/delete/", {"post": "yes"})
    client.post(LIST, {"action": "delete_selected", "_selected_action": [duty.pk], "post": "yes"})
    assert Duty.objects.count() == 1
    client.post(ASKED, {"password": PASSWORD})
    client.post(f"{LIST}{duty.pk}/delete/", {"post": "yes"})

    assert Duty.objects.count() == 0


def test_a_release_asks(client, root, wait):
    run = RunFactory()
    DutyFactory(user=root, programme=run.cohort.programme)
    page = reverse("admin:matching_release", args=[run.pk])
    before = client.get(page).status_code

    wait(15)

    assert (before, client.get(page).url) == (200, f"{ASKED}?next={page.replace('/', '%2F')}")


@pytest.mark.parametrize(
    "page", ["mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes", "account_set_password"]
)
def test_so_do_the_pages_of_ones_own_ways_in(client, root, wait, page):
    wait(15)

    assert client.get(reverse(page)).url.partition("?")[0] == ASKED


def test_addresses_are_changed_after_a_proof_only(client, root, wait):
    wait(45)

    asked = client.post(
        "/account/email/",
        {"email": "new@lse.ac.uk", "action_add": ""},
        headers={"referer": f"{HERE}/account/email/"},
    )

    assert asked.url == f"{ASKED}?next=%2Faccount%2Femail%2F"
    assert get_user(client).emailaddress_set.count() == 1
