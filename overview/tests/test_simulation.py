"""A rehearsal: a cohort of invented people, lived through day by day, and its messages set against what is promised."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import User
from overview.simulation import history, lives, running
from partnerships.models import Partnership
from programmes.models import Duty, Programme

pytestmark = pytest.mark.django_db

ASKED = history.Programme(date(2025, 12, 1), date(2026, 4, 30), weeks=(4, 6))
# What the clock rings and no cohort of the simulation has: runs, offers, concerns, other sites, the outbox, a past.
ELSEWHERE = ("matching.", "concerns.", "outbox.", "accounts.", "programmes.", "overview.tasks.purge")


@pytest.fixture
def installed(settings):
    settings.IS_PRODUCTION = False
    call_command("install_programmes", verbosity=0, stdout=StringIO())


def simulate(programme="ei-alumni", **options):
    said = StringIO()
    call_command("simulate", programme, stdout=said, **({"days": 45, "pairs": 3} | options))
    return said.getvalue().splitlines()


def test_every_sweep_of_the_clock_is_rung_in_a_rehearsal():
    rung = {entry["task"] for entry in project.CELERY_BEAT_SCHEDULE.values()}

    assert {task for task in rung if not task.startswith(ELSEWHERE)} == set(running.SWEEPS)


def test_the_same_seed_gives_the_same_lives_and_another_gives_others():
    def script(seed):
        return lives.write(ASKED, pairs=6, circles=1, until=date(2026, 6, 1), seed=seed)

    assert (script(1) == script(1), script(1) == script(2)) == (True, False)


def test_invented_people_act_on_working_days():
    acts = lives.write(ASKED, pairs=12, circles=2, until=date(2026, 6, 1), seed=1).acts

    assert {act.what for act in acts} >= {
        "introduce",
        "log",
        "plan",
        "go away",
        "ask to leave",
        "pause",
        "let go",
    }
    assert [act for act in acts if act.at.weekday() >= 5] == []


@pytest.mark.clause("EI-1b", "EI-1d", "EI-2", "BM-5", "BM-6")
@pytest.mark.parametrize("programme", ["ei-alumni", "bame-staff"])
def test_every_message_of_a_cohort_is_one_that_was_promised(installed, programme):
    *_, counts, ledger = simulate(programme, seed=3)

    assert counts.endswith("missing 0, unexpected 0, twice 0, broken 0")
    assert ledger.startswith("ledger ")
    assert Partnership.objects.filter(cohort__programme__slug=programme).exists()


def test_a_day_without_the_clock_changes_no_ledger(installed):
    start = timezone.localdate() - timedelta(days=30)
    sunday = next(number for number in range(10, 17) if (start + timedelta(days=number)).weekday() == 6)

    usual, faulty = (
        simulate(seed=5, days=30),
        simulate(seed=5, days=30, without_clock=[sunday], without_worker=[sunday + 7]),
    )

    assert faulty[-1] == usual[-1]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory has one connection")
@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_change_no_ledger(installed):
    usual, twice = (simulate(seed=5, clocks=clocks)[-1] for clocks in (1, 2))

    assert twice == usual


def test_nobody_of_a_rehearsal_can_sign_in_or_keeps_a_duty(installed):
    simulate(days=20)

    assert [user for user in User.objects.all() if user.has_usable_password()] == []
    assert Duty.objects.count() == 0


def test_production_has_no_rehearsals():
    call_command("install_programmes", verbosity=0, stdout=StringIO())

    with pytest.raises(CommandError, match="rehearsal only"):
        simulate()

    assert Programme.objects.filter(cohorts__slug__startswith="rehearsal-").count() == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"programme": "knitting"}, "There is no programme “knitting”."),
        ({"days": 0}, "Give between 1 and 1,000 days"),
        ({"pairs": 501}, "between 1 and 500 pairs"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused_with_a_sentence(installed, options, said):
    with pytest.raises(CommandError, match=said):
        simulate(**options)
