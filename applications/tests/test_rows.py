from datetime import UTC, date, datetime

import pytest

from applications.answers import options_of
from applications.spreadsheet.columns import expected_columns, layout_of
from applications.spreadsheet.files import read
from applications.spreadsheet.rows import Rules, check, refuse_repeated, same_name
from applications.tests.sheets import cohort_with_a_sheet, sheet, somebody
from programmes.models import Ask, SheetColumn

pytestmark = pytest.mark.django_db

AT = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


def checked(*changes, cohort=None, **told):
    cohort = cohort or cohort_with_a_sheet()
    expected = expected_columns(cohort.programme, "mentee")
    table = read(sheet(*changes, **told), known=[column.heading for column in expected])
    layout = layout_of(table, expected)
    rules = Rules(options_of(cohort.programme), needs_school_address=True, at=AT)
    return refuse_repeated([check(row, layout=layout, rules=rules) for row in table.rows], field="LSE email")


def refusals(*changes, **told):
    return [str(refusal) for row in checked(*changes, **told) for refusal in row.refusals]


def test_a_good_row_is_understood_whole():
    [row] = checked({})

    facts = {**row.facts, "sectors": [option.name for option in row.facts["sectors"]]}
    assert (row.line, row.name, row.email, row.refusals) == (2, "Zoë Novak", "z.novak@lse.ac.uk", ())
    assert row.submitted_at == datetime(2025, 11, 4, 18, 26, tzinfo=UTC)
    assert (row.has_accepted, row.has_declared) == (True, True)
    assert facts == {
        "courses": "MSc Political Economy of Europe",
        "graduation_year": 2019,
        "country": "Belgium",
        "work_place": "Anywhere",
        "division": "Library",
        "sectors": ["Law", "Consulting"],
        "band": 7,
        "line_manager_email": "head1@lse.ac.uk",
        "pathway": "either",
        "places": 2,
        "can_facilitate": True,
        "has_mentor_until": None,
        "bio": "First in my family at university.",
        "linkedin": "https://www.linkedin.com/in/zoe",
    }


@pytest.mark.clause("BM-9")
def test_a_mentor_until_a_date_is_a_fact_of_the_row():
    [row] = checked({"I have a mentor already, until": "31/03/2026"})

    assert row.facts["has_mentor_until"] == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("heading", "cell", "reason"),
    [
        ("LSE email", "zoe", "“zoe” isn't an e-mail address."),
        ("LSE email", "", "It is empty, and an answer is needed."),
        (
            "LSE email",
            "zoe@mail.example",
            "“zoe@mail.example” isn't an address of the School (lse.ac.uk or lse.example).",
        ),
        (
            "LSE email",
            "zoe@alumni.lse.ac.uk",
            "“zoe@alumni.lse.ac.uk” isn't an address of the School (lse.ac.uk or lse.example).",
        ),
        ("Name", " ", "It is empty, and an answer is needed."),
        ("Name", "Zo\x00", "It has a character that can't be read or shown; please type it again."),
        ("Name", "Zo\nNovak", "It must stand on one line."),
        ("Name", "Z" * 151, "It has 151 characters; 150 is the most."),
        ("Timestamp", "soon", "“soon” isn't a moment like 04/11/2025 18:26."),
        ("Timestamp", "14/01/2026 09:31", "“14/01/2026 09:31” is in the future."),
        ("Timestamp", "", "It is empty, and an answer is needed."),
        ("Year of graduation", "2027", "“2027” isn't a year from 1895 to 2026."),
        ("Mentees I can take", "lots", "“lots” isn't a whole number from 0 to 20."),
        ("Mentees I can take", "", "It is empty, and an answer is needed."),
        ("Division", "Narnia", "“Narnia” isn't one of the options."),
        ("Sectors", "Law;Alchemy;", "“Alchemy” isn't one of the options."),
        ("Sectors", " ; ", "It is empty, and an answer is needed."),
        ("Line manager's email", "head", "“head” isn't an e-mail address."),
        ("LinkedIn (optional)", "https://evil.example/in/zoe", None),
        ("I accept the policy", "No", "No consent: the cell says “No”, and only Yes counts."),
        ("I accept the policy", "", "No consent: the cell is empty, and only Yes counts."),
        ("I accept the policy", "Later", "No consent: the cell says “Later”, and only Yes counts."),
        ("I identify and wish to join", "No", "No consent: the cell says “No”, and only Yes counts."),
        ("I identify and wish to join", "", "No consent: the cell is empty, and only Yes counts."),
    ],
)
def test_a_bad_cell_is_refused_with_its_line_its_heading_and_the_reason(heading, cell, reason):
    reason = reason or f"“{cell}” isn't a link to LinkedIn like https://www.linkedin.com/in/name."

    assert refusals(somebody(1), {heading: cell}, somebody(2)) == [f"line 3: {heading}: {reason}"]


def test_everything_that_is_wrong_with_a_row_is_said_at_once():
    bad = {"Timestamp": "soon", "LSE email": "zoe", "Band": "99", "I accept the policy": "No"}

    assert refusals(bad) == [
        "line 2: Timestamp: “soon” isn't a moment like 04/11/2025 18:26.",
        "line 2: LSE email: “zoe” isn't an e-mail address.",
        "line 2: I accept the policy: No consent: the cell says “No”, and only Yes counts.",
        "line 2: Band: “99” isn't a whole number from 1 to 20.",
    ]


@pytest.mark.clause("BM-2")
def test_a_declaration_that_need_not_be_made_may_be_missing():
    cohort = cohort_with_a_sheet()
    Ask.objects.filter(fact="declaration").update(is_required=False)

    rows = checked(somebody(1, **{"I identify and wish to join": "No"}), somebody(2), cohort=cohort)

    assert [(row.has_declared, row.refusals) for row in rows] == [(False, ()), (True, ())]


def test_a_name_may_stand_in_two_columns():
    cohort = cohort_with_a_sheet()
    SheetColumn.objects.filter(meaning="name").delete()
    for role in ("mentor", "mentee"):
        for meaning, column in (("last_name", "Last name"), ("first_name", "First name")):
            SheetColumn.objects.create(programme=cohort.programme, role=role, meaning=meaning, column=column)
    names = [("Zoë", "Novak"), ("", "Novak"), ("Z" * 100, "N" * 100)]

    rows = checked(
        *(somebody(n, **{"First name": a, "Last name": b}) for n, (a, b) in enumerate(names)), cohort=cohort
    )

    assert rows[0].name == "Zoë Novak"
    assert [[str(refusal) for refusal in row.refusals] for row in rows] == [
        [],
        ["line 3: First name: It is empty, and an answer is needed."],
        ["line 4: First name: It has 201 characters; 150 is the most."],
    ]


def test_an_address_that_comes_again_in_another_case_is_refused_naming_the_first():
    again = {"LSE email": "Z.Novak@LSE.ac.uk", "Name": "zoë  NOVAK"}

    assert refusals({}, somebody(1), again) == [
        "line 4: LSE email: “z.novak@lse.ac.uk” stands in line 2 already."
    ]


def test_an_address_that_comes_again_with_another_name_is_refused():
    assert refusals({}, {"Name": "Zoe Novak"}, {}) == [
        "line 3: LSE email: “z.novak@lse.ac.uk” stands in line 2 already, with another name.",
        "line 4: LSE email: “z.novak@lse.ac.uk” stands in line 2 already.",
    ]


def test_a_row_that_corrects_a_refused_one_stands_on_its_own():
    assert refusals({"Band": "77"}, {}) == ["line 2: Band: “77” isn't a whole number from 1 to 20."]


def test_another_name_is_an_error_even_if_the_first_row_is_refused_itself():
    assert refusals({"Band": "77"}, {"Name": "Somebody Else"}) == [
        "line 2: Band: “77” isn't a whole number from 1 to 20.",
        "line 3: LSE email: “z.novak@lse.ac.uk” stands in line 2 already, with another name.",
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Zoë Novak", "zoë  novak ", True),
        ("Zoe\u0308 Novak", "Zoë Novak", True),
        ("Pat O’Neill", "Pat O'Neill", True),
        ("Zoë Novak", "Zoe Novak", False),
        ("Ann Lee", "Lee Ann", False),
    ],
)
def test_names_are_compared_but_for_case_and_white_space(one, other, same):
    assert same_name(one, other) is same
