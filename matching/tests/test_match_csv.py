"""No test here asks for a database, so the bed refuses any: that is the proof that the command needs none."""

import csv
import random
from collections import Counter
from dataclasses import replace
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from applications.tests.sheets import as_csv
from matching import engine
from matching.management.commands.match_csv import in_words

EXAMPLES = settings.BASE_DIR / "examples"
SHEETS = {
    "ei-alumni": ("ei-2025-alumni.csv", "ei-2025-students.csv"),
    "bame-staff": ("staff-2021-mentors.csv", "staff-2021-mentees.csv"),
}
ALUMNA = {
    "Timestamp": "04/11/2025 18:26",
    "First name": "Zoë",
    "Last name": "Novak",
    "Email address": "zoe@alumni.example",
    "Course(s) studied": "MSc Political Economy of Europe",
    "Year of graduation": "2015",
    "Country you live in": "Belgium",
    "Current job role": "Analyst",
    "Sectors you know": "Law;Consulting;",
    "Support you can offer": "Working abroad;",
    "How many mentees could you take?": "1",
    "I accept the Alumni Mentor Policy": "Yes",
}
STUDENT = {
    "Timestamp": "05/11/2025 09:00",
    "First name": "Ann",
    "Last name": "Early",
    "LSE email": "ann@lse.example",
    "MSc programme": "MSc Political Economy of Europe",
    "Employment sectors of interest": "Law;",
    "What would you like support with?": "Working abroad;",
    "Where would you like to work?": "Belgium",
    "I accept the programme policy": "Yes",
}
COLLEAGUE = {
    "Timestamp": "04/02/2021 00:01",
    "Name": "Uche Hussain",
    "LSE email": "uche@lse.example",
    "Job title": "Manager",
    "Division": "Library",
    "Band": "5",
    "Line manager's email": "head1@lse.example",
    "Staff group": "Professional Services",
    "I identify as BAME and wish to join": "Yes",
}
SENIOR = {
    **COLLEAGUE,
    "Name": "Deniz Weber",
    "LSE email": "deniz@lse.example",
    "Division": "Estates",
    "Band": "8",
    "Line manager's email": "head2@lse.example",
    "One-to-one mentees I can take": "1",
    "Would you facilitate a mentoring circle?": "No",
    "Support you can offer": "Confidence;",
}
JUNIOR = {
    **COLLEAGUE,
    "Pathway": "B: one-to-one",
    "What would you like support with?": "Confidence;",
}
PEOPLE = {"ei-alumni": (ALUMNA, STUDENT), "bame-staff": (SENIOR, JUNIOR)}


class Office:
    """A folder with two sheets; `run` matches them and keeps what was printed and written."""

    def __init__(self, folder):
        self.mentors, self.mentees, self.out = (
            folder / name for name in ("mentors.csv", "mentees.csv", "p.csv")
        )
        self.left = folder / "p-left-out.csv"

    def fill(self, programme, mentors, mentees, **writing):
        """Sheets of the programme with a row per set of changes."""
        for path, changes, good in zip(
            (self.mentors, self.mentees), (mentors, mentees), PEOPLE[programme], strict=True
        ):
            headings = list(dict.fromkeys([*good, *(heading for row in changes for heading in row)]))
            rows = [[{**good, **row}.get(heading, "") for heading in headings] for row in changes]
            path.write_bytes(as_csv([headings, *rows], **writing))
        return self

    def take(self, programme):
        """The project's example sheets."""
        for path, name in zip((self.mentors, self.mentees), SHEETS[programme], strict=True):
            path.write_bytes((EXAMPLES / name).read_bytes())
        return self

    def run(self, programme="ei-alumni", *arguments):
        out = StringIO()
        paths = [f"--mentors={self.mentors}", f"--mentees={self.mentees}", f"--out={self.out}"]
        call_command("match_csv", f"--programme={programme}", *paths, *arguments, stdout=out)
        self.said = out.getvalue()
        return self

    def refusal(self, programme="ei-alumni", *arguments):
        with pytest.raises(CommandError) as refused:
            self.run(programme, *arguments)
        return str(refused.value)

    @property
    def pairs(self):
        return rows_of(self.out)

    @property
    def left_out(self):
        return rows_of(self.left)

    @property
    def couples(self):
        return {(row["Mentee"], row["Mentor"]) for row in self.pairs}

    @property
    def why(self):
        return {row["Name"]: row["Why"] for row in self.left_out}


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def student(n, **changes):
    return {"First name": "Guest", "Last name": f"{n}", "LSE email": f"guest{n}@lse.example", **changes}


def alumna(n, **changes):
    return {"First name": "Host", "Last name": f"{n}", "Email address": f"host{n}@alumni.example", **changes}


def colleague(n, **changes):
    return {"Name": f"Guest {n}", "LSE email": f"guest{n}@lse.example", **changes}


def facilitator(n=0, **changes):
    own = {"One-to-one mentees I can take": "0", "Would you facilitate a mentoring circle?": "Yes"}
    return {"Name": f"Host {n}", "LSE email": f"host{n}@lse.example", **own, **changes}


@pytest.mark.clause("EI-M")
def test_a_pair_has_both_people_its_fit_and_its_reasons_in_words(office):
    office.fill("ei-alumni", [{}], [{}]).run()

    assert office.pairs == [
        {
            "Mentee": "Ann Early",
            "Mentee's address": "ann@lse.example",
            "Mentor": "Zoë Novak",
            "Mentor's address": "zoe@alumni.example",
            "Pathway": "One-to-one",
            "Fit (of 10000)": "10000",
            "In a word": "very good",
            "Reasons": "Both chose Law. Sought and offered: Working abroad."
            " The same course: MSc Political Economy of Europe."
            " The mentor lives in Belgium, where the mentee would like to work.",
        }
    ]
    assert office.left_out == []
    assert office.said == (
        "Mentors: 1 of 1 rows can be matched.\n"
        "  not in this sheet: Brief bio (optional, shared with your mentee)\n"
        "  not in this sheet: LinkedIn (optional, shared with your mentee)\n"
        "Mentees: 1 of 1 rows can be matched.\n"
        "  not in this sheet: Brief bio (optional, shared with your mentor)\n"
        "  not in this sheet: LinkedIn (optional, shared with your mentor)\n"
        "Placed 1 of 1. Total fit 10,000, proved to be the best.\n"
        f"Pairs: {office.out} (1). Left out: {office.left} (0).\n"
    )


@pytest.mark.clause("EI-M")
@pytest.mark.parametrize(
    ("programme", "mentors", "mentees", "placed"),
    [("ei-alumni", "48 of 48", "70 of 70", "52 of 70"), ("bame-staff", "21 of 22", "43 of 45", "43 of 45")],
)
def test_an_office_s_sheets_are_matched_without_a_word_about_anybody_on_the_screen(
    office, programme, mentors, mentees, placed
):
    office.take(programme).run(programme)

    total = sum(int(row["Fit (of 10000)"]) for row in office.pairs)
    assert [line for line in office.said.splitlines() if not line.startswith("  not in this sheet: ")] == [
        f"Mentors: {mentors} rows can be matched.",
        f"Mentees: {mentees} rows can be matched.",
        f"Placed {placed}. Total fit {total:,}, proved to be the best.",
        f"Pairs: {office.out} ({len(office.pairs)}). Left out: {office.left} ({len(office.left_out)}).",
    ]


@pytest.mark.clause("BM-8")
@pytest.mark.parametrize(
    ("programme", "room", "address"),
    [
        ("ei-alumni", "How many mentees could you take?", "Email address"),
        ("bame-staff", "One-to-one mentees I can take", "LSE email"),
    ],
)
def test_nobody_is_lost_nobody_placed_twice_and_no_mentor_has_more_than_they_offer(
    office, programme, room, address
):
    office.take(programme).run(programme)

    seen = [row["Mentee's address"] for row in office.pairs]
    seen += [row["Address"] for row in office.left_out if row["Role"] == "Mentee"]
    assert sorted(seen) == sorted(row["LSE email"] for row in rows_of(office.mentees))
    places = {row[address]: int(row[room]) for row in rows_of(office.mentors)}
    taken = Counter(row["Mentor's address"] for row in office.pairs if row["Pathway"] == "One-to-one")
    assert [mentor for mentor, count in taken.items() if count > places[mentor]] == []
    unused = {row["Address"] for row in office.left_out if row["Role"] == "Mentor"}
    assert unused == set(places) - {row["Mentor's address"] for row in office.pairs}


@pytest.mark.clause("BM-7")
def test_circles_and_pairs_are_formed_in_one_run_as_people_chose(office):
    office.take("bame-staff").run("bame-staff")

    chosen = {row["LSE email"]: row["Pathway"] for row in rows_of(office.mentees)}
    leads = {
        row["LSE email"]
        for row in rows_of(office.mentors)
        if row["Would you facilitate a mentoring circle?"] == "Yes"
    }
    circles = [row for row in office.pairs if row["Pathway"] != "One-to-one"]
    sizes = Counter(row["Pathway"] for row in circles)
    assert list(sizes) == [f"Circle {number}" for number in range(1, len(sizes) + 1)]
    assert {3 <= size <= 8 for size in sizes.values()} == {True}
    assert {row["Mentor's address"] for row in circles} <= leads
    assert {chosen[row["Mentee's address"]] for row in circles} == {"A: mentoring circle", "Either"}
    assert {chosen[row["Mentee's address"]] for row in office.pairs if row not in circles} <= {
        "B: one-to-one",
        "Either",
    }


@pytest.mark.parametrize("programme", SHEETS)
def test_the_order_of_the_rows_has_no_influence(office, programme):
    first = office.take(programme).run(programme).out.read_bytes()
    for path in (office.mentors, office.mentees):
        head, *rows = csv.reader(StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
        random.shuffle(rows)
        path.write_bytes(as_csv([head, *rows]))

    office.run(programme, "--force")

    assert office.out.read_bytes() == first


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


@pytest.mark.parametrize("group", ["Academic", "Research", "Other"])
def test_other_staff_groups_are_outside_the_pilot(office, group):
    office.fill("bame-staff", [{"Staff group": group}], [{"Staff group": group}]).run("bame-staff")

    why = f"Staff group “{group}” is outside this programme for now."
    assert office.pairs == []
    assert office.why == {"Deniz Weber": why, "Uche Hussain": why}


def test_a_mentor_elsewhere_is_no_bar(office):
    office.fill("bame-staff", [{}], [{"I have a mentor already, until": "31/12/2026"}]).run("bame-staff")

    assert office.couples == {("Uche Hussain", "Deniz Weber")}


def test_nobody_is_paired_with_themselves(office):
    both = {"LSE email": "uche@lse.example", "Name": "Uche Hussain"}
    office.fill("bame-staff", [both], [{}]).run("bame-staff")

    assert [(row["Role"], row["Why"]) for row in office.left_out] == [
        ("Mentee", "Every mentor with a place is the same person."),
        ("Mentor", "The rules exclude everybody who is waiting."),
    ]


@pytest.mark.parametrize(
    ("manager", "why"),
    [
        ("deniz@lse.example", "in their line of management"),
        ("head2@lse.example", "under the same line manager"),
    ],
)
@pytest.mark.parametrize("pathway", ["A: mentoring circle", "B: one-to-one"])
def test_lines_of_management_are_kept_apart_in_pairs_and_circles(office, manager, why, pathway):
    leads = {"Would you facilitate a mentoring circle?": "Yes"}
    below = [colleague(n, **{"Line manager's email": manager, "Pathway": pathway}) for n in range(3)]
    office.fill("bame-staff", [leads], below).run("bame-staff")

    who = "mentor" if pathway[0] == "B" else "facilitator"
    assert office.pairs == []
    assert office.why["Guest 0"] == f"Every {who} with a place is {why}."


@pytest.mark.clause("BM-7")
@pytest.mark.parametrize(("members", "placed"), [(2, 0), (3, 3), (8, 8), (9, 8)])
def test_a_circle_opens_from_three_and_takes_eight(office, members, placed):
    people = [colleague(n, Pathway="A: mentoring circle") for n in range(members)]
    office.fill("bame-staff", [facilitator()], people).run("bame-staff")

    assert Counter(row["Pathway"] for row in office.pairs) == Counter({"Circle 1": placed} if placed else {})
    assert len(office.left_out) == members - placed + (not placed)


def test_a_circle_that_would_be_too_small_is_the_reason_in_words(office):
    people = [colleague(n, Pathway="A: mentoring circle") for n in range(2)]
    office.fill("bame-staff", [facilitator()], people).run("bame-staff")

    assert office.why["Guest 0"] == "A further circle would not reach its smallest size of 3."


@pytest.mark.clause("BM-7")
def test_a_run_may_be_restricted_to_one_pathway(office):
    people = [colleague(n, Pathway="Either") for n in range(3)]
    office.fill("bame-staff", [{}, facilitator()], [{}, *people]).run("bame-staff", "--pathway=circle")

    assert office.couples == {(f"Guest {n}", "Host 0") for n in range(3)}
    assert office.why == {
        "Uche Hussain": "Would only take the other pathway, which this run doesn't cover.",
        "Deniz Weber": "Offers only the other pathway, which this run doesn't cover.",
    }


@pytest.mark.clause("BM-7")
def test_who_would_take_either_is_placed_where_most_people_find_a_place(office):
    people = [colleague(n, Pathway="A: mentoring circle") for n in range(2)]
    office.fill("bame-staff", [{}, facilitator()], [{"Pathway": "Either"}, *people]).run("bame-staff")

    assert {row["Mentee"]: row["Pathway"] for row in office.pairs} == dict.fromkeys(
        ["Uche Hussain", "Guest 0", "Guest 1"], "Circle 1"
    )


def test_a_mentor_who_offers_no_place_is_left_out_before_the_matching(office):
    none = {"One-to-one mentees I can take": "0"}
    office.fill("bame-staff", [none], [{}]).run("bame-staff")

    assert office.why == {
        "Deniz Weber": "Offers no place at present.",
        "Uche Hussain": "No mentor has a place left.",
    }


def test_a_mentor_whom_nobody_wants_is_told_so(office):
    office.fill("bame-staff", [facilitator()], [{}]).run("bame-staff")

    assert office.why["Host 0"] == "Nobody who is waiting would take what they offer."


@pytest.mark.clause("EI-M")
def test_a_seed_changes_only_who_wins_a_tie(office):
    elsewhere = alumna(9, **{"Country you live in": "Japan"})
    office.fill("ei-alumni", [{}, alumna(1), elsewhere], [{}, student(1)])

    found = [office.run("ei-alumni", f"--seed={seed}", "--force").couples for seed in range(20)]

    one = {("Ann Early", "Zoë Novak"), ("Guest 1", "Host 1")}
    other = {("Ann Early", "Host 1"), ("Guest 1", "Zoë Novak")}
    assert [couples for couples in found if couples not in (one, other)] == []
    assert one in found and other in found
    assert office.run("ei-alumni", "--seed=3", "--force").couples == found[3]


@pytest.mark.parametrize("programme", SHEETS)
def test_every_seed_places_as_many_with_the_same_total(office, programme):
    office.take(programme)

    said = {office.run(programme, f"--seed={seed}", "--force").said.split("Pairs:")[0] for seed in range(3)}

    assert len(said) == 1


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


@pytest.mark.parametrize(("most", "more"), [(1, ""), (2, " At most 2 can be placed.")])
def test_a_result_that_isn_t_proved_names_its_bound(most, more):
    problem = engine.CircleProblem([[9_000]], [[1]], [1], [0], [True], [False])
    stopped = replace(engine.solve_circles(problem), optimal=False, upper_bound=10_000, most_placed=most)

    assert in_words(stopped, of=12) == (
        f"Placed 1 of 12. Total fit 9,000, at most 10.00% below the best of as many (bound 10,000).{more}"
    )
