"""What production promises to browsers, to people and about them, asked under production's own settings."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as tests_settings
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.password_validation import get_password_validators, validate_password
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory
from mentorship.middleware import LARGEST_REQUEST
from tests import test_settings
from tests.test_settings import KEY, OTHER_KEY

load = test_settings.load
OF_BROWSERS = ("SECURE_", "SESSION_", "CSRF_", "ALLAUTH_", "ACCOUNT_", "MESSAGE_")
BY_THE_PROXY = {"Host": "testserver", "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.1"}
PAGES = ["/", "/account/login/", "/account/signup/", "/help/", "/nothing/", "/admin/"]


@pytest.fixture
def made(load):
    """Production's settings, with nothing set but the secrets."""
    return load(SECRET_KEY=KEY, CONCERN_KEYS=OTHER_KEY)


@pytest.fixture
def browser(made, settings):
    """A browser before production, by way of one proxy that speaks HTTPS."""
    for name, value in made.items():
        if name.startswith(OF_BROWSERS):
            setattr(settings, name, value)
    return Client(headers=BY_THE_PROXY)


def sign_in(browser, person):
    return browser.post("/account/login/", {"login": person.email, "password": PASSWORD})


# Settings as a whole


def test_django_finds_nothing_to_say_against_them():
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "mentorship.settings",
        "ENV_FILE": "",
        "DATABASE_URL": "sqlite://:memory:",
        "SECRET_KEY": KEY,
        "CONCERN_KEYS": OTHER_KEY,
    }

    run = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=tests_settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert (run.returncode, run.stdout) == (0, "System check identified no issues (0 silenced).\n"), (
        run.stderr
    )


def test_the_line_of_the_log_is_for_machines_in_production_and_for_people_in_the_rehearsal(load):
    in_production, in_rehearsals, in_debugging = (
        load(**environment)["LOGGING"]["handlers"]["console"]["formatter"]
        for environment in (
            {"SECRET_KEY": KEY, "CONCERN_KEYS": OTHER_KEY},
            {"EXAMPLE": "1", "DEBUG": ""},
            {"DEBUG": "1"},
        )
    )

    assert (in_production, in_rehearsals, in_debugging) == ("json", "plain", "full")


def test_sessions_are_rows_that_last_twelve_hours_and_end_with_the_browser(made):
    names = [
        "SESSION_ENGINE",
        "SESSION_COOKIE_AGE",
        "ACCOUNT_SESSION_REMEMBER",
        "SESSION_COOKIE_DOMAIN",
        "SESSION_COOKIE_PATH",
    ]
    assert [made.get(name) for name in names] == [
        "django.contrib.sessions.backends.db",
        12 * 3600,
        False,
        None,
        None,
    ]


def test_accounts_are_proved_by_mail_and_say_nothing_about_who_has_one(made):
    expected = {
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
        "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED": True,
        "ACCOUNT_PREVENT_ENUMERATION": True,
        "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": True,
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
    }
    assert {name: made[name] for name in expected} == expected
    assert made["ACCOUNT_RATE_LIMITS"]["signup"] == "120/m/ip"


# Cookies


@pytest.mark.django_db
def test_every_cookie_is_for_this_host_alone_and_closed_to_scripts_and_other_sites(browser):
    browser.get("/account/login/")
    sign_in(browser, UserFactory())
    browser.get("/account/email/")

    assert sorted(browser.cookies) == ["__Host-csrf", "__Host-session"]
    for cookie in browser.cookies.values():
        kept = {name: cookie[name] for name in ("secure", "httponly", "samesite", "path", "domain")}
        assert kept == {"secure": True, "httponly": True, "samesite": "Lax", "path": "/", "domain": ""}


@pytest.mark.django_db
def test_the_session_s_cookie_goes_with_the_browser(browser):
    sign_in(browser, UserFactory())

    cookie = browser.cookies["__Host-session"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")


# What every answer carries


@pytest.mark.django_db
@pytest.mark.parametrize("page", [*PAGES, "/static/css/site.css"])
def test_every_answer_tells_the_browser_what_it_may_do(browser, page):
    answer = browser.get(page)
    answer.close()

    told = {
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert {name: answer.get(name) for name in told} == told
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(answer["Permissions-Policy"].split(", "))
    assert re.fullmatch(r"[0-9a-f]{32}", answer["X-Request-ID"])


@pytest.mark.django_db
@pytest.mark.parametrize("page", [*PAGES, "/static/css/site.css"])
def test_every_answer_names_this_host_alone_as_the_source_of_anything(browser, page):
    answer = browser.get(page)
    answer.close()

    without_nonce = re.sub(r" 'nonce-[^']{16,}'", "", answer["Content-Security-Policy"])
    assert sorted(without_nonce.split("; ")) == [
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "manifest-src 'self'",
        "object-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
    ]


@pytest.mark.django_db
def test_no_page_has_a_style_or_a_script_within_it_or_from_elsewhere(browser):
    pages = [body(browser.get(page)) for page in [*PAGES, "/admin/login/"]]
    sign_in(browser, UserFactory(is_superuser=True))
    pages += [body(browser.get(page)) for page in open_to_all_who_sign_in()]

    for page in pages:
        within = re.findall(r"<(?:script|style)(?![^>]*(?:\ssrc=|\snonce=|application/json))[^>]*>", page)
        handlers = re.findall(r"<[^>]+\s(?:style|on[a-z]+)=\"[^>]*>", page)
        elsewhere = re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"(?:https?:)?//[^>]*>", page)
        assert (within, handlers, elsewhere) == ([], [], [])


def body(answer):
    """Its words, read to the end; a file to download has none that a browser shows."""
    whole = b"".join(answer)
    return "" if answer.streaming else whole.decode()


def open_to_all_who_sign_in():
    """Addresses of all pages that need no number, admin included."""
    names = [name for name in get_resolver().reverse_dict if isinstance(name, str)]
    admin = get_resolver().namespace_dict["admin"][1].reverse_dict
    for name in [*names, *(f"admin:{name}" for name in admin if isinstance(name, str))]:
        try:
            yield reverse(name)
        except NoReverseMatch:
            continue


@pytest.mark.django_db
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_no_page_is_stored_anywhere(browser, is_signed_in):
    if is_signed_in:
        sign_in(browser, UserFactory(is_superuser=True))
    pages = [page for page in open_to_all_who_sign_in() if "logout" not in page]

    answers = {page: browser.get(page) for page in [*pages, "/nothing/"]}
    stored = [page for page, answer in answers.items() if "no-store" not in answer["Cache-Control"]]
    read = [body(answer) for answer in answers.values()]

    assert stored == []
    assert len(read) > 40


# The proxy in front


@pytest.mark.django_db
def test_whoever_comes_without_https_is_sent_there(browser):
    answer = browser.get("/help/", headers={"X-Forwarded-Proto": "http"})

    assert (answer.status_code, answer.url) == (301, "https://testserver/help/")


def sign_up_from(browser, forwarded):
    sent = {"name": "Ada", "email": "ada@lse.ac.uk", "password1": "short"}
    return browser.post("/account/signup/", sent, headers={"X-Forwarded-For": forwarded}).status_code


@pytest.mark.django_db
def test_a_lecture_hall_signs_up_behind_one_address_and_another_address_has_a_limit_of_its_own(browser):
    hall = [sign_up_from(browser, "198.51.100.1") for _ in range(121)]

    assert hall == [200] * 120 + [429]
    assert sign_up_from(browser, "198.51.100.2") == 200


@pytest.mark.django_db
def test_an_address_that_the_sender_puts_in_front_gains_nothing(browser, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"signup": "2/m/ip"}

    forged = [sign_up_from(browser, f"203.0.113.{number}, 198.51.100.1") for number in range(3)]

    assert forged == [200, 200, 429]
    assert sign_up_from(browser, "198.51.100.1, 198.51.100.2") == 200


# Passwords


@pytest.mark.parametrize(
    "password",
    ["elevenchars", "qwerty123456", "ada.lovelace", "adalovelace1", "lovelace@lse.example", "839201746529"],
    ids=["short", "common", "name", "nearly the name", "address", "figures"],
)
def test_a_password_that_is_easily_guessed_is_refused(made, password):
    person = User(name="Ada Lovelace", email="lovelace@lse.example")
    validators = get_password_validators(made["AUTH_PASSWORD_VALIDATORS"])

    with pytest.raises(ValidationError):
        validate_password(password, person, password_validators=validators)


def test_a_password_of_twelve_letters_is_long_enough(made):
    validators = get_password_validators(made["AUTH_PASSWORD_VALIDATORS"])

    assert validate_password("qwmzpxlaeiou", User(), password_validators=validators) is None


def test_passwords_are_kept_by_argon2_and_older_ones_are_still_read(made, settings):
    settings.PASSWORD_HASHERS = made["PASSWORD_HASHERS"]

    assert identify_hasher(make_password(PASSWORD)).algorithm == "argon2"
    assert check_password(PASSWORD, make_password(PASSWORD, hasher="pbkdf2_sha256"))


# What people send


def test_no_row_keeps_a_file():
    columns = [field for model in apps.get_models() for field in model._meta.get_fields()]

    assert [field for field in columns if isinstance(field, models.FileField)] == []


def test_one_page_alone_takes_a_file_the_office_s_import():
    folders = [Path(config.path) for config in apps.get_app_configs()]
    ours = [folder for folder in folders if folder.parent == tests_settings.BASE_DIR]

    takers = [
        path.relative_to(tests_settings.BASE_DIR).as_posix()
        for folder in ours
        for path in folder.rglob("*.py")
        if "tests" not in path.parts and re.search(r"FileField\(|ImageField\(|\.FILES", path.read_text())
    ]
    assert takers == ["applications/admin/importing.py"]


@pytest.mark.django_db
@pytest.mark.parametrize("length", [str(LARGEST_REQUEST + 1), "many", "-1"])
def test_what_is_larger_than_any_sheet_is_refused_unread(browser, length):
    answer = browser.generic("POST", "/help/", b"x", CONTENT_LENGTH=length)

    assert (answer.status_code, answer.templates[0].name) == (400, "400.html")


@pytest.mark.django_db
def test_two_files_at_once_are_refused(browser):
    files = [SimpleUploadedFile(f"{number}.csv", b"a") for number in range(2)]

    assert browser.post("/help/", {"file": files}).status_code == 400


# Words are given back when a form can't be taken

WORDS = "Something that took a while to write."


def send_without_our_cookie(origin):
    browser = Client(enforce_csrf_checks=True, headers=BY_THE_PROXY | {"Origin": origin})
    return browser.post("/help/", {"text": WORDS, "password": WORDS, "category": "other"})


@pytest.mark.django_db
def test_a_form_of_ours_that_is_refused_gives_back_what_was_typed_and_keeps_nothing(browser):
    page = send_without_our_cookie("https://testserver")

    assert page.status_code == 403
    assert page.context["typed"] == [WORDS]
    assert f">{WORDS}</textarea>" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_the_words_of_another_site_s_form_are_not_shown(browser, origin):
    page = send_without_our_cookie(origin)

    assert page.status_code == 403
    assert WORDS not in page.content.decode()
