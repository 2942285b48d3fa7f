"""Nobody learns by asking whether an address is known here: membership alone can tell what is to stay untold.

What is said is equal to the byte, and so are mails, password hashes and questions to the database, on which the time
of an answer depends. `make bench-enumeration` measures the time itself.
"""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from allauth.account import app_settings
from allauth.account.models import EmailAddress
from django.conf import settings as as_in_production
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import services
from accounts.tests.factories import PASSWORD, UserFactory
from applications.models import Application
from outbox.models import Message
from programmes.models import Ask
from programmes.tests.factories import CohortFactory, PathwayFactory

pytestmark = pytest.mark.django_db
LIMITS = as_in_production.ACCOUNT_RATE_LIMITS
UNKNOWN = "nobody.s@lse.ac.uk"
# Of one length each, so that pages that show them can be compared.
KNOWN = ["person.p@lse.ac.uk", "person.i@lse.ac.uk", "person.u@lse.ac.uk", "person.n@lse.ac.uk"]
CODE_AFTER_SIGNING_UP, CODE_TO_SIGN_IN = "/account/confirm-email/", "/account/login/code/confirm/"
FORMS = {
    "sign up": ("/account/signup/", {"name": "Ada", "email": "{}", "password1": PASSWORD}),
    "sign up, no password": ("/account/signup/", {"name": "Ada", "email": "{}", "password1": "short"}),
    "sign in by password": ("/account/login/", {"login": "{}", "password": "wrong-horse-battery"}),
    "sign in by code": ("/account/login/code/", {"email": "{}"}),
    "new password": ("/account/password/reset/", {"email": "{}"}),
}
PAGES = {"sign up": CODE_AFTER_SIGNING_UP, "sign in by code": CODE_TO_SIGN_IN}


class CountingHasher(MD5PasswordHasher):
    """Each hash is an item: of Argon2 one takes longer than all the rest of an answer."""

    hashed = 0

    def encode(self, password, salt):
        CountingHasher.hashed += 1
        return super().encode(password, salt)


@pytest.fixture(autouse=True)
def people(settings):
    """Somebody of each kind: with a password, from the office's sheet, not proved, no longer active."""
    settings.PASSWORD_HASHERS = ["accounts.tests.test_enumeration.CountingHasher"]
    settings.ACCOUNT_RATE_LIMITS = False
    hashed = CountingHasher().encode(PASSWORD, "a" * 22)
    with_password, from_sheet, unproved, inactive = KNOWN
    UserFactory(email=with_password, password=hashed)
    services.create_imported(email=from_sheet, name="Ada")
    person = UserFactory(email=unproved, password=hashed, verified=False)
    EmailAddress.objects.create(user=person, email=unproved, primary=True)
    UserFactory(email=inactive, password=hashed, is_active=False)


def ask(browser, address, page, sent=None):
    """All that an asker can see, and what its time depends on."""
    CountingHasher.hashed, before = 0, Message.objects.count()
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(page) if sent is None else browser.post(page, sent)
    return {
        "status": answer.status_code,
        "headers": {name: answer[name] for name in answer.headers if name != "X-Request-ID"},
        "cookies": {name: without_value(cookie) for name, cookie in answer.cookies.items()},
        "page": without_token(answer.content.decode()).replace(address, "…"),
        "mails": Message.objects.count() - before,
        "hashes": CountingHasher.hashed,
        "statements": Counter(kind_of(query["sql"]) for query in asked if "SAVEPOINT" not in query["sql"]),
    }


def kind_of(sql):
    """Verb and table, as in "SELECT accounts_user"."""
    verb, _, rest = sql.partition(" ")
    return f"{verb} {re.search(r'(?:FROM|INTO|UPDATE) .([a-z_]+)', sql)[1]}"


def without_value(cookie):
    return {**cookie, "length": len(cookie.value)}


def without_token(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def filled_in(sent, address):
    return {name: value.format(address) for name, value in sent.items()}


def steps(name, address):
    """A form, and what follows it: the page for a code, a wrong one, and asking for another."""
    browser = Client()
    page, sent = FORMS[name]
    yield ask(browser, address, page, filled_in(sent, address))
    if page_for_code := PAGES.get(name):
        yield ask(browser, address, page_for_code)
        yield ask(browser, address, page_for_code, {"code": "WRONG"})
        yield ask(browser, address, page_for_code, {"action": "resend"})
        yield ask(browser, address, page_for_code)


@pytest.mark.parametrize(
    "address", KNOWN, ids=["with a password", "from the sheet", "not proved", "inactive"]
)
@pytest.mark.parametrize("name", FORMS)
def test_a_form_answers_for_a_known_address_as_for_an_unknown_one(name, address):
    for known, unknown in zip(list(steps(name, address)), list(steps(name, UNKNOWN)), strict=True):
        assert known == unknown


@pytest.mark.parametrize("address", KNOWN[1:])
def test_adding_the_address_of_somebody_else_looks_like_adding_one_that_nobody_has(address):
    def add(address):
        browser = Client()
        browser.force_login(UserFactory())
        yield ask(browser, address, "/account/email/", {"email": address, "action_add": ""})
        yield ask(browser, address, CODE_AFTER_SIGNING_UP)
        yield ask(browser, address, CODE_AFTER_SIGNING_UP, {"code": "WRONG"})
        yield ask(browser, address, CODE_AFTER_SIGNING_UP, {"action": "resend"})

    for known, unknown in zip(list(add(address)), list(add(UNKNOWN)), strict=True):
        assert known == unknown


@pytest.mark.parametrize("name", FORMS)
def test_forms_are_refused_after_as_many_tries_for_a_known_address_as_for_an_unknown_one(name, settings):
    settings.ACCOUNT_RATE_LIMITS = LIMITS
    page, sent = FORMS[name]

    def tries(address):
        return [Client().post(page, filled_in(sent, address)).status_code for _ in range(7)]

    assert tries(KNOWN[0]) == tries(UNKNOWN)


def test_each_form_that_asks_for_an_address_sends_one_message_whoever_has_it():
    """So that the answer may say that there is one."""
    for name in ("sign up", "sign in by code", "new password"):
        for address in [*KNOWN, UNKNOWN]:
            assert next(steps(name, address))["mails"] == 1, (name, address)
            Message.objects.all().delete()


def test_an_application_says_nothing_of_the_address_that_it_names(clock):
    """Whoever a line manager is, it is kept as typed."""
    clock.move_to(datetime(2025, 10, 20, 12, tzinfo=UTC))
    programme = CohortFactory(programme__slug="staff").programme
    PathwayFactory(programme=programme)
    asked = {"section": "You", "label": "Line manager"}
    Ask.objects.create(programme=programme, role="mentee", fact="line_manager_email", **asked)

    def apply(address):
        browser = Client()
        browser.force_login(UserFactory(name="Ada"))
        sent = {"line_manager_email": address, "later": "1"}
        return ask(browser, address, "/programmes/staff/apply/mentee/", sent)

    assert apply(KNOWN[0]) == apply(UNKNOWN)
    kept = Application.objects.order_by("pk").values_list("line_manager_email", flat=True)
    assert list(kept) == [KNOWN[0], UNKNOWN]


def test_no_limit_by_address_keeps_a_lecture_hall_out(settings):
    """Everybody there comes from one address; guessing one person's password is bound by that person's own limit."""
    settings.ACCOUNT_RATE_LIMITS = LIMITS

    limits = {name: limit for name, limit in app_settings.RATE_LIMITS.items() if limit and "/ip" in limit}

    by_address = {name: int(re.search(r"(\d+)/m/ip", limit)[1]) for name, limit in limits.items()}
    assert {name: most for name, most in by_address.items() if most < 60} == {"verify_phone": 3}
    assert app_settings.RATE_LIMITS["login_failed"].endswith("5/5m/key")
