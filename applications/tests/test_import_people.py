import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from applications.models import Application, PolicyAcceptance
from applications.tests.sheets import cohort_with_a_sheet, sheet, somebody
from declarations.models import Declaration
from outbox.models import Message

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).parents[2] / "examples"
THE_FOUR = [
    ("ei-alumni", "2025-26", "mentor", "ei-2025-alumni.csv", "Organisation", 48),
    ("ei-alumni", "2025-26", "mentee", "ei-2025-students.csv", "Other email", 70),
    ("bame-staff", "2021-pilot", "mentor", "staff-2021-mentors.csv", "Training I can attend", 22),
    ("bame-staff", "2021-pilot", "mentee", "staff-2021-mentees.csv", "", 45),
]


def run(*args):
    out = StringIO()
    call_command("import_people", *map(str, args), stdout=out)
    return out.getvalue().splitlines()


def refusal(*args):
    with pytest.raises(CommandError) as error:
        run(*args)
    return str(error.value)


def everything():
    """All rows of all tables, as the database has them."""
    with connection.cursor() as cursor:
        tables = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            tables[table] = sorted(map(repr, cursor.fetchall()))
    return tables


def rows_of(name):
    with (EXAMPLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def programmes(settings):
    settings.SCHOOL_EMAIL_DOMAINS = ["lse.example"]
    call_command("install_programmes", stdout=StringIO())


@pytest.fixture
def cohort():
    return cohort_with_a_sheet(slug="third")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_bytes(sheet({}, somebody(1, Band="99", Pathway="Z"), somebody(2, Organisation="Acme")))
    return path


@pytest.mark.clause("EI-0")
@pytest.mark.parametrize(("programme", "cohort", "role", "name", "left_out", "people"), THE_FOUR)
def test_the_offices_sheets_come_in_whole(programmes, programme, cohort, role, name, left_out, people):
    lines = run(programme, cohort, role, EXAMPLES / name)

    assert lines == [
        *([f"left out, not stored: {left_out}"] if left_out else []),
        f"{people} new, 0 already there, 0 refused.",
    ]
    assert Application.objects.filter(cohort__slug=cohort, role=role, state="submitted").count() == people


def test_importing_the_four_again_changes_nothing_at_all(programmes):
    for programme, cohort, role, name, _, _ in THE_FOUR:
        run(programme, cohort, role, EXAMPLES / name)
    before = everything()

    last_lines = [
        run(programme, cohort, role, EXAMPLES / name)[-1] for programme, cohort, role, name, _, _ in THE_FOUR
    ]

    assert last_lines == [f"0 new, {people} already there, 0 refused." for *_, people in THE_FOUR]
    assert everything() == before


@pytest.mark.clause("EI-1", "BM-2")
def test_the_four_bring_acceptances_or_declarations_and_one_message_each(programmes):
    for programme, cohort, role, name, _, _ in THE_FOUR:
        run(programme, cohort, role, EXAMPLES / name)

    accepted = PolicyAcceptance.objects.filter(source="sheet")
    assert sorted({a.application.cohort.slug for a in accepted.select_related("application__cohort")}) == [
        "2025-26"
    ]
    assert (accepted.count(), Declaration.objects.count()) == (48 + 70, 22 + 45)
    assert Message.objects.filter(kind="applications/email/imported").count() == 48 + 70 + 22 + 45
    assert (
        Message.objects.filter(text__contains="read the policy on that page and accept it").count() == 22 + 45
    )


def test_what_is_not_asked_for_is_nowhere_in_the_database(programmes):
    for programme, cohort, role, name, _, _ in THE_FOUR:
        run(programme, cohort, role, EXAMPLES / name)
    organisations = {row["Organisation"] for row in rows_of("ei-2025-alumni.csv")} - {""}
    others = {row["Other email"] for row in rows_of("ei-2025-students.csv")}

    kept = repr(everything())

    assert [word for word in sorted(organisations | others) if word in kept] == []


@pytest.mark.clause("BM-8", "BM-9")
def test_the_staff_sheets_facts_arrive(programmes):
    run("bame-staff", "2021-pilot", "mentor", EXAMPLES / "staff-2021-mentors.csv")
    run("bame-staff", "2021-pilot", "mentee", EXAMPLES / "staff-2021-mentees.csv")
    mentors, mentees = rows_of("staff-2021-mentors.csv"), rows_of("staff-2021-mentees.csv")
    pathways = {"A: mentoring circle": "circle", "B: one-to-one": "one_to_one", "Either": "either"}

    applications = Application.objects.order_by("pk")

    assert list(
        applications.filter(role="mentor").values_list(
            "user__name", "places", "can_facilitate", "other_mentees"
        )
    ) == [
        (
            row["Name"],
            int(row["One-to-one mentees I can take"]),
            row["Would you facilitate a mentoring circle?"] == "Yes",
            int(row["People I already mentor in the Professional Services scheme"]),
        )
        for row in mentors
    ]
    assert [
        (
            a.user.name,
            a.staff_group,
            a.pathway,
            f"{a.has_mentor_until:%d/%m/%Y}" if a.has_mentor_until else "",
        )
        for a in applications.filter(role="mentee").select_related("user")
    ] == [
        (row["Name"], row["Staff group"], pathways[row["Pathway"]], row["I have a mentor already, until"])
        for row in mentees
    ]
    assert not applications.exclude(hold_until=None).exists()


def test_refusals_come_line_by_line_and_the_counts_last(cohort, file):
    lines = run("third", "2025-26", "mentee", file)

    assert lines == [
        "line 3: Band: “99” isn't a whole number from 1 to 20.",
        "line 3: Pathway: “Z” isn't one of the pathways.",
        "left out, not stored: Organisation",
        "2 new, 0 already there, 1 refused.",
    ]


def test_a_dry_run_says_the_same_and_stores_nothing(cohort, file):
    before = everything()

    dry = run("third", "2025-26", "mentee", file, "--dry-run")

    assert everything() == before
    assert dry == [
        *run("third", "2025-26", "mentee", file),
        "This was a dry run: nothing was stored and nobody was told.",
    ]


def test_an_optional_column_that_the_file_lacks_is_named(cohort, tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_bytes(sheet({}, without=["LinkedIn (optional)"]))

    assert run("third", "2025-26", "mentee", path) == [
        "not in this sheet: LinkedIn (optional)",
        "1 new, 0 already there, 0 refused.",
    ]


def test_an_unknown_programme_cohort_or_role_is_answered_with_those_there_are(cohort, file):
    assert refusal("fourth", "2025-26", "mentee", file) == "There is no programme “fourth”. There are: third."
    assert refusal("third", "2020", "mentee", file) == "There is no cohort “2020”. There are: 2025-26."
    assert (
        refusal("third", "2025-26", "tutor", file)
        == "There is no role “tutor”. The roles are: mentor, mentee."
    )


def test_a_file_that_cannot_be_had_or_read_is_refused_with_a_sentence(cohort, tmp_path):
    missing, workbook = tmp_path / "none.csv", tmp_path / "book.csv"
    workbook.write_bytes(b"PK\x03\x04 and so on")

    assert refusal("third", "2025-26", "mentee", missing) == (
        f"The file {missing} can't be read: No such file or directory."
    )
    assert (
        refusal("third", "2025-26", "mentee", tmp_path)
        == f"The file {tmp_path} can't be read: Is a directory."
    )
    assert refusal("third", "2025-26", "mentee", workbook) == (
        "The file is an Excel workbook, not a CSV file."
        " Please save it as CSV (UTF-8, separated by commas) and try again."
    )
