import pytest

from applications.spreadsheet.columns import expected_columns, layout_of
from applications.spreadsheet.files import Unreadable, read
from applications.tests.sheets import GOOD, as_csv, cohort_with_a_sheet, sheet
from programmes.models import Ask, SheetColumn
from programmes.tests.factories import CohortFactory

pytestmark = pytest.mark.django_db


def layout(cohort, data, role="mentee"):
    expected = expected_columns(cohort.programme, role)
    return layout_of(read(data, known=[column.heading for column in expected]), expected)


def refusal(cohort, data):
    with pytest.raises(Unreadable) as unreadable:
        layout(cohort, data)
    return str(unreadable.value)


def test_columns_are_found_in_any_order_case_and_white_space():
    cohort = cohort_with_a_sheet()
    typed = {"Line manager's email": "  LINE  manager’s Email "}
    headings = [typed.get(heading, heading.upper()) for heading in reversed(GOOD)]

    found = layout(cohort, as_csv([headings, list(reversed(GOOD.values()))]))

    assert {column.expected.heading: column.place for column in found.columns} == {
        heading: place for place, heading in enumerate(reversed(GOOD))
    }
    assert found.heading("line_manager_email") == "LINE manager’s Email"
    assert (found.left_out, found.absent) == ((), ())


def test_columns_that_nobody_asked_for_are_left_out_by_name():
    cohort = cohort_with_a_sheet()
    rows = [
        [*GOOD, "Organisation", "", "", "Other\u202e email"],
        [*GOOD.values(), "Acme", "", "x", "z@mail.example"],
    ]

    assert layout(cohort, as_csv(rows)).left_out == (
        "Organisation",
        "column 22, which has no heading",
        "“Other\ufffd email”",
    )


def test_needed_columns_that_are_missing_are_all_named():
    cohort = cohort_with_a_sheet()

    assert refusal(
        cohort, sheet({}, without=["LSE email", "Sectors", "I accept the policy", "Brief bio (optional)"])
    ) == ("The file lacks columns that are needed: “LSE email”, “I accept the policy”, “Sectors”.")


def test_an_optional_column_may_be_missing_and_is_named():
    cohort = cohort_with_a_sheet()

    assert layout(cohort, sheet({}, without=["Brief bio (optional)"])).absent == ("Brief bio (optional)",)


def test_a_question_without_a_column_is_not_looked_for():
    cohort = cohort_with_a_sheet()
    Ask.objects.filter(fact="band").update(column="")

    assert layout(cohort, sheet({})).left_out == ("Band",)


@pytest.mark.clause("BM-2")
def test_a_declaration_that_the_programme_has_no_wording_for_is_left_out():
    cohort = cohort_with_a_sheet(declaration_wording="")

    assert layout(cohort, sheet({})).left_out == ("I identify and wish to join",)


def test_each_role_has_columns_of_its_own():
    cohort = cohort_with_a_sheet()
    SheetColumn.objects.filter(role="mentor", meaning="email").update(column="Email address")

    found = layout(cohort, sheet({"Email address": "a@b.example"}), role="mentor")

    assert found.heading("email") == "Email address"
    assert found.left_out == ("LSE email",)


def test_a_programme_that_names_no_columns_can_read_no_sheet():
    cohort = CohortFactory()

    assert refusal(cohort, sheet({})) == (
        "The programme doesn't say yet which columns of this sheet hold the name and the address:"
        " please fill in its sheet columns first."
    )
