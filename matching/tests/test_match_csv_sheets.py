"""Sheets that are read, files that are written, and what is refused; no test here asks for a database either."""

import pytest

from matching.tests.sheets import SHEETS, Office, student


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


@pytest.mark.parametrize(
    "writing",
    [{"encoding": "utf-8-sig"}, {"encoding": "cp1252"}, {"delimiter": ";"}, {"end": "\n"}],
    ids=str,
)
def test_a_sheet_may_be_saved_as_offices_save_them(office, writing):
    plain = office.fill("ei-alumni", [{}], [{}]).run().out.read_bytes()

    office.fill("ei-alumni", [{}], [{}], **writing).run("ei-alumni", "--force")

    assert office.out.read_bytes() == plain


def test_a_row_that_can_t_be_taken_is_left_out_with_its_line_and_all_reasons(office):
    bad = student(1, **{"Where would you like to work?": "Atlantis", "I accept the programme policy": "No"})
    office.fill("ei-alumni", [{}], [{}, bad]).run()

    assert office.left_out == [
        {
            "Role": "Mentee",
            "Name": "Guest 1",
            "Address": "guest1@lse.example",
            "Line in the sheet": "3",
            "Why": "I accept the programme policy: No consent: the cell says “No”, and only Yes counts."
            " Where would you like to work?: “Atlantis” is neither a country on the list nor “Anywhere”.",
        }
    ]


def test_a_row_with_too_few_cells_is_left_out_by_its_line(office):
    office.fill("ei-alumni", [{}], [{}])
    with office.mentees.open("a", encoding="utf-8") as file:
        file.write("only,three,cells\r\n")

    office.run()

    assert [(row["Name"], row["Line in the sheet"], row["Why"]) for row in office.left_out] == [
        ("", "3", "row: It has 3 cells where the headings are 9.")
    ]


def test_of_two_rows_with_one_address_the_first_submitted_counts_wherever_it_stands(office):
    later = {"Timestamp": "06/11/2025 09:00", "Where would you like to work?": "France"}
    office.fill("ei-alumni", [{}], [later, {}]).run()

    assert [row["Fit (of 10000)"] for row in office.pairs] == ["10000"]
    assert [(row["Line in the sheet"], row["Why"]) for row in office.left_out] == [
        ("2", "LSE email: “ann@lse.example” stands in line 3 already.")
    ]


def test_a_student_needs_an_address_of_the_school(office):
    office.fill("ei-alumni", [{}], [{"LSE email": "ann@mail.example"}]).run()

    assert office.why["Ann Early"].startswith("LSE email: “ann@mail.example” isn't an address of the School")


@pytest.mark.parametrize("programme", SHEETS)
def test_sheets_without_people_give_files_without_rows(office, programme):
    office.fill(programme, [], []).run(programme)

    assert (office.pairs, office.left_out) == ([], [])
    assert "Placed 0 of 0. Total fit 0, proved to be the best." in office.said


def test_cells_that_begin_like_a_formula_are_kept_as_text(office):
    mentor = {"First name": "=1+1", "Last name": "+2", "Email address": "-zoe@alumni.example"}
    left = student(1, **{"First name": " @SUM(A1)", "MSc programme": "?", "LSE email": "=cmd@lse.example"})
    office.fill("ei-alumni", [mentor], [{}, left]).run()

    assert [(row["Mentor"], row["Mentor's address"]) for row in office.pairs] == [
        ("'=1+1 +2", "'-zoe@alumni.example")
    ]
    assert [(row["Name"], row["Address"]) for row in office.left_out] == [
        ("'@SUM(A1) 1", "'=cmd@lse.example")
    ]


def test_a_file_that_is_there_stays_unless_force_is_given(office):
    office.fill("ei-alumni", [{}], [{}])
    office.left.write_text("The office's own.")

    refused = office.refusal()

    assert refused == f"{office.left} is there already. Give another name, or --force to replace it."
    assert (office.left.read_text(), office.out.exists()) == ("The office's own.", False)
    assert office.run("ei-alumni", "--force").left_out == []


def test_a_sheet_is_never_overwritten_even_by_force(office):
    before = office.take("ei-alumni").mentees.read_bytes()

    refused = office.refusal("ei-alumni", f"--left-out={office.mentees}", "--force")

    assert refused == f"{office.mentees} is one of the sheets to read. Please give the result another name."
    assert office.mentees.read_bytes() == before


def test_both_results_can_t_be_one_file(office):
    assert office.take("ei-alumni").refusal("ei-alumni", f"--left-out={office.out}") == (
        "--out and --left-out must be two files."
    )


def test_a_folder_that_isn_t_there_is_refused_before_the_matching(office, tmp_path):
    nowhere = tmp_path / "nowhere"

    assert office.take("ei-alumni").refusal("ei-alumni", f"--left-out={nowhere / 'x.csv'}") == (
        f"The folder {nowhere} isn't there."
    )


def test_a_place_where_nothing_can_be_written_is_named(office):
    office.take("ei-alumni").out.mkdir()

    assert office.refusal("ei-alumni", "--force") == (
        f"The file {office.out} can't be written: Is a directory."
    )


def test_an_unknown_programme_is_refused_with_those_that_there_are(office):
    assert office.refusal("chess-club") == (
        "There is no programme “chess-club”. There are: bame-staff, ei-alumni."
    )


def test_a_pathway_that_a_programme_doesn_t_have_is_refused(office):
    assert office.take("ei-alumni").refusal("ei-alumni", "--pathway=circle") == (
        "EI Alumni Mentorship Programme doesn't have that pathway; it has: one_to_one."
    )


def test_a_seed_below_zero_is_refused(office):
    assert office.take("ei-alumni").refusal("ei-alumni", "--seed=-1") == (
        "The seed must be a whole number, not below zero."
    )


def test_a_missing_column_is_named_with_its_sheet(office):
    office.fill("ei-alumni", [{}], [{}])
    office.mentees.write_text(office.mentees.read_text().replace("MSc programme", "Programme"))

    assert office.refusal() == (
        f"The mentees' sheet {office.mentees}: The file lacks columns that are needed: “MSc programme”."
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\x03\x04", "The file is an Excel workbook, not a CSV file."),
        (b"", "The file is empty."),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(office, data, why):
    office.take("ei-alumni").mentors.write_bytes(data)

    assert office.refusal().startswith(f"The mentors' sheet {office.mentors}: {why}")


def test_a_file_that_isn_t_there_is_refused(office):
    assert office.refusal() == (
        f"The mentors' sheet {office.mentors}: The file {office.mentors} can't be read: No such file or directory."
    )
