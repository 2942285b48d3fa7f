"""No test here asks for a database, so the bed refuses any: that is the proof that the command needs none."""

import csv
import random
from collections import Counter
from dataclasses import replace
from io import StringIO

import pytest

from applications.tests.sheets import as_csv
from matching import engine
from matching.management.commands.match_csv import in_words
from matching.tests.sheets import SHEETS, Office, alumna, colleague, facilitator, rows_of, student


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


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


@pytest.mark.parametrize(("most", "more"), [(1, ""), (2, " At most 2 can be placed.")])
def test_a_result_that_isn_t_proved_names_its_bound(most, more):
    problem = engine.CircleProblem([[9_000]], [[1]], [1], [0], [True], [False])
    stopped = replace(engine.solve_circles(problem), optimal=False, upper_bound=10_000, most_placed=most)

    assert in_words(stopped, of=12) == (
        f"Placed 1 of 12. Total fit 9,000, at most 10.00% below the best of as many (bound 10,000).{more}"
    )
