import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from programmes.models import Programme
from programmes.tests.factories import CohortFactory

pytestmark = pytest.mark.django_db


def said_by(*command):
    output = StringIO()
    call_command(*command, stdout=output)
    return output.getvalue()


def test_install_programmes_says_what_it_did():
    first = said_by("install_programmes").splitlines()
    assert [line.partition(":")[0] for line in first] == ["bame-staff", "ei-alumni"]
    Programme.objects.filter(slug="ei-alumni").update(summary="Ours.")
    assert said_by("install_programmes").splitlines() == [
        "bame-staff: 0 created, 0 updated, 0 kept",
        "ei-alumni: 0 created, 0 updated, 1 kept",
        "  kept as the office has it: programme (summary)",
    ]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_installing_twice_at_one_moment_installs_once():
    start = threading.Barrier(2)

    def install(_):
        start.wait()
        call_command("install_programmes", stdout=StringIO())
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(install, range(2)))

    assert sorted(Programme.objects.values_list("slug", flat=True)) == ["bame-staff", "ei-alumni"]


def test_a_broken_file_installs_nothing_at_all(tmp_path):
    good, broken = tmp_path / "good.toml", tmp_path / "broken.toml"
    good.write_text("")
    broken.write_text("[programme")
    with pytest.raises(
        CommandError, match=r"^Nothing was installed. good.toml: the file: “programme” is missing"
    ):
        call_command("install_programmes", str(good), str(broken))
    assert Programme.objects.count() == 0


def test_move_cohort_moves_and_says_where_to():
    cohort = CohortFactory(programme__slug="ei-alumni", programme__name="EI")
    said = said_by("move_cohort", "ei-alumni", "2025-26", "--start", "2025-12-08")
    assert said == "EI, 2025–26: sign-up 2025-10-08 to 2025-11-23, runs 2025-12-08 to 2026-05-07\n"
    cohort.refresh_from_db()
    assert cohort.starts_on == date(2025, 12, 8)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ei-alumni", "2025-26", "--start", "1/12/2025"], "“1/12/2025” is no day; write it as 2026-12-01."),
        (
            ["ei-alumni", "2025-26", "--start", "2025-02-30"],
            "“2025-02-30” is no day; write it as 2026-12-01.",
        ),
        (["x", "2025-26", "--start", "2025-12-08"], "There is no programme “x”. There are: ei-alumni."),
        (
            ["ei-alumni", "x", "--start", "2025-12-08"],
            "ei-alumni has no cohort “x”. There are: 2025-26.",
        ),
    ],
)
def test_move_cohort_says_what_is_wrong_and_moves_nothing(arguments, said):
    cohort = CohortFactory(programme__slug="ei-alumni")
    with pytest.raises(CommandError) as caught:
        call_command("move_cohort", *arguments)
    cohort.refresh_from_db()
    assert (str(caught.value), cohort.starts_on) == (said, date(2025, 12, 1))
