"""What the environment decides, and that production starts with safe settings or not at all."""

import runpy
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY = "a-secret-for-this-test-0123456789-abcdefghijklmnop"
OTHER_KEY = "another-one-for-this-test-9876543210-zyxwvutsrqpo"
OURS = ["SECRET_KEY", "CONCERN_KEYS", "EXAMPLE", "DEBUG", "SCHOOL_EMAIL_DOMAINS", "DATABASE_URL", "REDIS_URL"]


@pytest.fixture
def load(monkeypatch, tmp_path):
    """The settings that an environment gives, this test's own environment aside."""

    def load(**environment):
        for name in [*OURS, "SECURE_SSL_REDIRECT", "EMAIL_URL", "SITE_URL", "PORT"]:
            monkeypatch.delenv(name, raising=False)
        for name, value in {"ENV_FILE": "", "VAR_DIR": str(tmp_path), **environment}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(settings.BASE_DIR / "mentorship" / "settings.py"))

    return load


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"SECRET_KEY": KEY},
        {"CONCERN_KEYS": OTHER_KEY},
        {"SECRET_KEY": "short", "CONCERN_KEYS": OTHER_KEY},
        {"SECRET_KEY": "a" * 60, "CONCERN_KEYS": OTHER_KEY},
        {"SECRET_KEY": KEY, "CONCERN_KEYS": KEY},
        {"SECRET_KEY": KEY, "CONCERN_KEYS": f"{OTHER_KEY},{OTHER_KEY}"},
        {"SECRET_KEY": KEY, "CONCERN_KEYS": f"{OTHER_KEY},short"},
    ],
    ids=[
        "none",
        "no concern key",
        "no secret",
        "short",
        "one letter",
        "one for both",
        "twice",
        "short older key",
    ],
)
def test_production_refuses_to_start_without_secrets_of_its_own(load, environment):
    with pytest.raises(ImproperlyConfigured):
        load(**environment)


def test_production_sends_everybody_to_https_with_cookies_for_it_alone(load):
    made = load(SECRET_KEY=KEY, CONCERN_KEYS=OTHER_KEY)

    names = [
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_NAME",
        "DEBUG",
    ]
    assert [made[name] for name in names] == [True, True, True, "__Host-session", False]


def test_the_example_needs_no_secret_and_sends_no_mail(load):
    made = load(EXAMPLE="1")

    assert made["EMAIL_BACKEND"] == "django.core.mail.backends.dummy.EmailBackend"


@pytest.mark.parametrize(
    ("environment", "domains"),
    [
        ({"SECRET_KEY": KEY, "CONCERN_KEYS": OTHER_KEY}, ["lse.ac.uk"]),
        ({"EXAMPLE": "1"}, ["lse.ac.uk", "lse.example"]),
        (
            {"EXAMPLE": "1", "SCHOOL_EMAIL_DOMAINS": "LSE.ac.uk, school.example"},
            ["lse.ac.uk", "school.example"],
        ),
    ],
    ids=["production", "example", "set"],
)
def test_the_schools_domains(load, environment, domains):
    assert load(**environment)["SCHOOL_EMAIL_DOMAINS"] == domains


def test_what_the_product_writes_lies_in_one_folder(load, tmp_path):
    made = load(EXAMPLE="1")

    assert made["DATABASES"]["default"]["NAME"] == str(tmp_path / "mentorship.sqlite3")
    assert made["CELERY_BROKER_TRANSPORT_OPTIONS"]["data_folder_in"] == str(tmp_path / "queue")


def test_services_come_from_the_environment(load):
    made = load(
        EXAMPLE="1",
        DATABASE_URL="postgres://ada:pw@db.example/mentoring",
        REDIS_URL="redis://cache.example/3",
    )

    assert made["DATABASES"]["default"]["HOST"] == "db.example"
    assert (made["CACHES"]["default"]["LOCATION"], made["CELERY_BROKER_URL"]) == (
        "redis://cache.example/3",
    ) * 2


def test_a_developers_env_file_fills_what_the_environment_leaves_open(load, tmp_path):
    (tmp_path / "env").write_text("EXAMPLE=1\nSITE_URL=https://rehearsal.example/\n")

    assert load(ENV_FILE=str(tmp_path / "env"))["SITE_URL"] == "https://rehearsal.example"


@pytest.mark.parametrize(
    ("environment", "minutes"),
    [
        ({"SECRET_KEY": KEY, "CONCERN_KEYS": OTHER_KEY}, 15),
        ({"EXAMPLE": "1"}, 1),
        ({"EXAMPLE": "1", "RELEASE_DELAY_MINUTES": "0"}, 0),
    ],
    ids=["production", "example", "set"],
)
def test_a_release_can_be_called_back_for_a_while(load, environment, minutes):
    assert load(**environment)["RELEASE_DELAY"] == timedelta(minutes=minutes)
