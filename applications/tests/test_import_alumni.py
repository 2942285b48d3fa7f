from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from applications.models import AlumniRecord
from applications.tests.sheets import as_csv
from programmes.tests.factories import ProgrammeFactory

pytestmark = pytest.mark.django_db


def run(path, *args):
    out = StringIO()
    call_command("import_alumni", str(path), *args, stdout=out)
    return out.getvalue().splitlines()


def listed():
    return list(AlumniRecord.objects.order_by("pk").values_list("name", "course", "graduation_year"))


@pytest.fixture
def programme():
    return ProgrammeFactory(slug="alumni", checks_alumni_list=True)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "alumni.csv"
    path.write_bytes(
        as_csv(
            [
                ["Name", "Course", "Year"],
                ["Joao Eze", "MSc Political Economy of Europe", "2003"],
                ["Zoë Novak", "MSc Political Economy of Europe", "1803"],
                ["", "MSc Political Economy of Europe", "two"],
                ["Chiara Umeh", "MSc International Migration and Public Policy", "2012"],
            ]
        )
    )
    return path


@pytest.mark.clause("EI-0")
def test_a_list_of_alumni_is_loaded_and_bad_rows_are_named(programme, path):
    lines = run(path)

    assert lines == [
        "line 3: Year: “1803” isn't a year from 1895 to 2026.",
        "line 4: Name: It is empty, and an answer is needed.",
        "line 4: Year: “two” isn't a year from 1895 to 2026.",
        "2 new, 0 already there, 2 refused.",
    ]
    assert listed() == [
        ("Joao Eze", "MSc Political Economy of Europe", 2003),
        ("Chiara Umeh", "MSc International Migration and Public Policy", 2012),
    ]


def test_loading_it_again_changes_nothing(programme, path):
    run(path)
    before = list(AlumniRecord.objects.order_by("pk").values())

    assert run(path)[-1] == "0 new, 2 already there, 2 refused."
    assert list(AlumniRecord.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    "headings",
    [
        ["First name", "Last name", "Course(s) studied", "Year of graduation"],
        [" FIRST  NAME ", "last name", "programme", "graduation year"],
    ],
)
def test_the_headings_may_be_those_of_other_lists(programme, tmp_path, headings):
    path = tmp_path / "alumni.csv"
    path.write_bytes(
        as_csv([headings, ["Joao", "Eze", "MSc", "2003"], ["joao", "EZE", "msc", "2003"]], delimiter=";")
    )

    assert run(path) == ["1 new, 1 already there, 0 refused."]
    assert listed() == [("Joao Eze", "MSc", 2003)]


def test_a_list_without_the_columns_it_needs_is_refused(programme, tmp_path):
    path = tmp_path / "alumni.csv"
    path.write_bytes(as_csv([["First name", "Year"], ["Joao", "2003"]]))

    with pytest.raises(CommandError) as error:
        run(path)

    assert str(error.value) == (
        "The file lacks columns that are needed: Name or Full name;"
        " Course or Course(s) studied or Courses or Programme."
    )


def test_the_programme_is_named_where_it_is_in_doubt(programme, path):
    other = ProgrammeFactory(slug="others", checks_alumni_list=True)

    with pytest.raises(CommandError) as error:
        run(path)
    run(path, "--programme", "others")

    assert str(error.value) == (
        "Please say for which programme that checks a list of alumni. There are: alumni, others."
    )
    assert set(AlumniRecord.objects.values_list("programme", flat=True)) == {other.pk}


def test_a_programme_that_checks_no_list_takes_none(programme, path):
    ProgrammeFactory(slug="staff")

    with pytest.raises(CommandError) as error:
        run(path, "--programme", "staff")

    assert (
        str(error.value) == "The programme “staff” isn't one that checks a list of alumni. There are: alumni."
    )
