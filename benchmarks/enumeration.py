"""`python -m benchmarks.enumeration`: whether the time of an answer tells if an address is known here.

Each form that takes an address is sent, in random turns, with one that nobody has and with those of people of every
kind: with a password, brought by the office's sheet and so without one, not proved yet, no longer active. Everything
is as in production (Argon2, sessions and messages in the database, e-mails kept in the outbox), but for the limits on
how often somebody may try. Nothing leaves this machine and nothing stays on it.
"""

from __future__ import annotations

import argparse
import os
import random
import secrets
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import django
from scipy.stats import mannwhitneyu

if TYPE_CHECKING:
    from django.test import Client

KINDS = ("unknown", "password", "sheet", "unproved", "inactive")
ASKER = "asker@lse.example"
PASSWORD, WRONG = "correct-horse-battery", "wrong-horse-battery"
PEOPLE_PER_KIND = 40
FEWEST_ROUNDS = 4
SURE = 0.001  # below this chance of finding as much where there is nothing, a difference counts as found
_fresh = count()
clock: list[Callable[[], float]] = [perf_counter]
Step = tuple[str, float]
Times = dict[str, dict[str, list[float]]]  # step, kind: seconds


@dataclass(frozen=True)
class Form:
    name: str
    steps: Callable[[str], Iterator[Step]]
    share: float  # of the time there is


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-enumeration ARGS=…", description=__doc__)
    parser.add_argument("--short", action="store_true", help="20 seconds instead of a minute")
    parser.add_argument("--seconds", type=float, help="as long as this instead")
    parser.add_argument(
        "--processor", action="store_true", help="time of the processor, not of the clock: for a busy machine"
    )
    parser.add_argument("--form", help="only the form whose name contains this")
    given = parser.parse_args()
    if given.processor:
        clock.append(process_time)
    seconds = given.seconds or (15 if given.short else 50)
    with tempfile.TemporaryDirectory() as folder:
        begin(folder)
        people = invent()
        forms = [form for form in all_forms() if (given.form or "") in form.name]
        print(f"{'form':<40}{'against nobody':<17}{'ms':>8}{'ratio':>8}{'p':>8}   times")
        for form in forms:
            times = measure(form, people, seconds * form.share / sum(each.share for each in forms))
            for step, found in times.items():
                report(f"{form.name}: {step}", found)


def begin(folder: str) -> None:
    """Production's settings on a database of its own."""
    os.environ.update(
        ENV_FILE="",
        EXAMPLE="",
        DEBUG="",
        VAR_DIR=folder,
        DATABASE_URL=f"sqlite:///{folder}/db.sqlite3",
        REDIS_URL="",
        SECRET_KEY=secrets.token_urlsafe(50),
        CONCERN_KEYS=secrets.token_urlsafe(50),
        ALLOWED_HOSTS="testserver",
        SECURE_SSL_REDIRECT="0",
        EMAIL_URL="dummymail://",
        STEP_UP="0",
        DJANGO_SETTINGS_MODULE="mentorship.settings",
    )
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ACCOUNT_RATE_LIMITS = False
    call_command("migrate", verbosity=0)


def invent() -> dict[str, Callable[[], str]]:
    """For each kind, what gives the address of somebody of it."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password

    from accounts import services
    from accounts.models import User

    hashed = make_password(PASSWORD)
    known: dict[str, list[str]] = defaultdict(list)
    for kind in KINDS[1:]:
        for number in range(PEOPLE_PER_KIND):
            address = f"{kind}.{number:06}@lse.example"
            known[kind].append(address)
            if kind == "sheet":
                services.create_imported(email=address, name="Ada Lovelace")
                continue
            user = User.objects.create(
                email=address, name="Ada Lovelace", password=hashed, is_active=kind != "inactive"
            )
            EmailAddress.objects.create(user=user, email=address, primary=True, verified=kind != "unproved")
    User.objects.create(email=ASKER, name="Ada Lovelace", password=hashed)
    somebody = {kind: lambda kind=kind: random.choice(known[kind]) for kind in KINDS[1:]}
    return {"unknown": lambda: f"unknown.{next(_fresh):06}@lse.example", **somebody}


def all_forms() -> list[Form]:
    return [
        Form("sign up", sign_up, 4),
        Form("sign in by password", sign_in, 3),
        Form("sign in by code", ask_for_code, 1),
        Form("new password", reset_password, 1),
        Form("add an address", add_address, 1),
    ]


def sign_up(address: str) -> Iterator[Step]:
    browser = _browser()
    sent = {"name": "Ada Lovelace", "email": address, "password1": PASSWORD}
    yield "sent", _timed(browser, "/account/signup/", sent)
    yield from _codes(browser, "/account/confirm-email/")


def sign_in(address: str) -> Iterator[Step]:
    yield "sent", _timed(_browser(), "/account/login/", {"login": address, "password": WRONG}, status=200)


def ask_for_code(address: str) -> Iterator[Step]:
    browser = _browser()
    yield "sent", _timed(browser, "/account/login/code/", {"email": address})
    yield from _codes(browser, "/account/login/code/confirm/")


def reset_password(address: str) -> Iterator[Step]:
    yield "sent", _timed(_browser(), "/account/password/reset/", {"email": address})


def add_address(address: str) -> Iterator[Step]:
    from accounts.models import User

    browser = _browser()
    browser.force_login(User.objects.get(email=ASKER))
    yield "sent", _timed(browser, "/account/email/", {"email": address, "action_add": ""})
    yield from _codes(browser, "/account/confirm-email/")


def _codes(browser: Client, page: str) -> Iterator[Step]:
    yield "the page for the code", _timed(browser, page)
    yield "a wrong code", _timed(browser, page, {"code": "WRONG"}, status=200)
    yield "sent again", _timed(browser, page, {"action": "resend"})


def _browser() -> Client:
    from django.test import Client

    return Client()


def _timed(
    browser: Client, address: str, sent: dict[str, str] | None = None, *, status: int | None = None
) -> float:
    """Seconds of one request, which must be answered as such a request is."""
    status = status or (200 if sent is None else 302)
    now = clock[-1]
    began = now()
    answer = browser.get(address) if sent is None else browser.post(address, sent)
    took = now() - began
    if answer.status_code != status:
        raise SystemExit(f"{address} answered {answer.status_code} instead of {status}.")
    return took


def measure(form: Form, people: dict[str, Callable[[], str]], seconds: float) -> Times:
    """Rounds of one person of each kind in random order, for so many seconds; the first round warms up."""
    times: Times = defaultdict(lambda: defaultdict(list))
    began, rounds = perf_counter(), 0
    while rounds < FEWEST_ROUNDS or perf_counter() < began + seconds:
        for kind in random.sample(KINDS, len(KINDS)):
            for step, took in form.steps(people[kind]()):
                if rounds:
                    times[step][kind].append(took)
        rounds += 1
    return times


def report(name: str, found: dict[str, list[float]]) -> None:
    unknown = found["unknown"]
    for kind in KINDS[1:]:
        known = found[kind]
        chance = mannwhitneyu(known, unknown).pvalue
        ratio = _median(known) / _median(unknown)
        verdict = "  DIFFERENT" if chance < SURE else ""
        print(
            f"{name:<40}{kind:<17}{_median(known) * 1000:8.2f}{ratio:8.3f}{chance:8.3f}{len(known):8}{verdict}"
        )
    sys.stdout.flush()


def _median(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


if __name__ == "__main__":
    main()
