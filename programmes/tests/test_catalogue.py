"""What the catalogue says of the two programmes, against the documents that they come from."""

import csv
from datetime import UTC, date, datetime

import pytest
from django.conf import settings

from programmes import catalogue
from programmes.catalogue.installing import install
from programmes.catalogue.reading import read
from programmes.facts import Direction
from programmes.models import Ask, Cohort, Option, Pathway, PolicyVersion, Programme

AT = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
SHEETS = {
    ("ei-alumni", "mentor"): "ei-2025-alumni.csv",
    ("ei-alumni", "mentee"): "ei-2025-students.csv",
    ("bame-staff", "mentor"): "staff-2021-mentors.csv",
    ("bame-staff", "mentee"): "staff-2021-mentees.csv",
}
LEFT_OUT = {
    ("ei-alumni", "mentor"): {"Organisation"},
    ("ei-alumni", "mentee"): {"Other email"},
    ("bame-staff", "mentor"): {"Training I can attend"},
    ("bame-staff", "mentee"): set(),
}


@pytest.fixture
def programmes(db):
    for path in catalogue.files():
        install(read(path), at=AT)
    return {programme.slug: programme for programme in Programme.objects.order_by("pk")}


def rows_of(sheet):
    with (settings.BASE_DIR / "examples" / sheet).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def policy_of(programme):
    return programme.policy_versions.newest(PolicyVersion.Kind.POLICY)


@pytest.mark.clause("EI-4a", "EI-4b", "EI-4c", "EI-4d", "EI-4e", "EI-4f", "EI-4g", "EI-4h")
def test_the_policy_shows_exactly_eight_facts_of_an_alumnus(programmes):
    assert policy_of(programmes["ei-alumni"]).facts(Direction.OF_MENTOR) == [
        "name",
        "email",
        "courses",
        "graduation_year",
        "country",
        "job_role",
        "bio",
        "linkedin",
    ]


@pytest.mark.clause("EI-5a", "EI-5b", "EI-5c", "EI-5d", "EI-5e", "EI-5f", "EI-5g")
def test_the_policy_shows_exactly_seven_facts_of_a_student(programmes):
    assert policy_of(programmes["ei-alumni"]).facts(Direction.OF_MENTEE) == [
        "name",
        "school_email",
        "study_programme",
        "sectors",
        "support_areas",
        "linkedin",
        "bio",
    ]


def test_the_ei_programme_has_no_circles_and_shows_nothing_in_one(programmes):
    assert policy_of(programmes["ei-alumni"]).facts(Direction.IN_CIRCLE) == []


def test_staff_see_the_same_facts_of_each_other_in_both_directions(programmes):
    policy = policy_of(programmes["bame-staff"])
    facts = ["name", "school_email", "job_title", "division", "support_areas", "bio", "linkedin"]
    assert policy.facts(Direction.OF_MENTOR) == facts
    assert policy.facts(Direction.OF_MENTEE) == facts
    assert policy.facts(Direction.IN_CIRCLE) == ["name", "job_title", "division", "circle_email"]


@pytest.mark.clause("BM-1")
def test_the_aims_of_the_staff_scheme_are_the_areas_of_support_to_choose_from(programmes):
    staff = programmes["bame-staff"]
    areas = [option.name for option in staff.options.filter(fact="support_areas")]
    assert [aim.text.partition(":")[0] for aim in staff.aims.all()] == areas


@pytest.mark.clause("BM-7")
def test_staff_choose_between_circles_of_three_to_eight_and_one_to_one(programmes):
    pathways = programmes["bame-staff"].pathways.values_list("kind", "label", "smallest", "largest")
    assert list(pathways) == [
        (Pathway.Kind.CIRCLE, "A: mentoring circle", 3, 8),
        (Pathway.Kind.ONE_TO_ONE, "B: one-to-one", 1, 1),
    ]


@pytest.mark.clause("BM-5")
def test_a_circle_agrees_on_what_stays_there_and_pairs_have_no_agreement(programmes):
    texts = dict(Pathway.objects.values_list("programme__slug", "agreement").filter(kind="one_to_one"))
    circle = Pathway.objects.get(programme=programmes["bame-staff"], kind="circle").agreement

    assert texts == {"ei-alumni": "", "bame-staff": ""}
    for said in (
        "stays there",
        "is at risk",
        "anybody may raise a concern",
        "Nobody records",
        "when somebody joins",
    ):
        assert said in circle


@pytest.mark.clause("BM-12")
def test_no_pathway_asks_for_training_first_unless_its_office_says_so(programmes):
    assert set(Pathway.objects.values_list("requires_training", flat=True)) == {False}


@pytest.mark.clause("BM-5")
def test_reminders_are_a_week_apart_and_the_office_is_told_after_two(programmes):
    days = Programme.objects.values_list("days_between_reminders", "days_until_the_office_is_told")

    assert set(days) == {(7, 14)}


def test_staff_are_kept_apart_by_line_of_management_and_by_manager_on_both_pathways(programmes):
    rules = ["forbids_line_management", "forbids_same_manager", "forbids_same_division"]
    apart = {slug: list(p.pathways.values_list("kind", *rules)) for slug, p in programmes.items()}
    assert apart == {
        "ei-alumni": [("one_to_one", False, False, False)],
        "bame-staff": [("circle", True, True, False), ("one_to_one", True, True, False)],
    }


def test_each_pathway_of_the_catalogue_has_its_weights(programmes):
    strengths = {
        (slug, pathway.kind): {w.part: w.get_strength_display() for w in pathway.weights.all()}
        for slug, programme in programmes.items()
        for pathway in programme.pathways.all()
    }
    staff = {"support_areas": "most of all", "level": "somewhat", "division": "somewhat"}
    assert strengths == {
        ("ei-alumni", "one_to_one"): {
            "sectors": "most of all",
            "support_areas": "much",
            "course": "somewhat",
            "place": "a little",
        },
        ("bame-staff", "circle"): staff,
        ("bame-staff", "one_to_one"): staff,
    }


@pytest.mark.clause("BM-3", "BM-10")
def test_only_professional_services_staff_may_join_for_now(programmes):
    groups = Option.objects.filter(programme=programmes["bame-staff"], fact="staff_group")
    assert [group.name for group in groups if group.is_eligible] == ["Professional Services"]
    assert {group.name for group in groups} >= {"Academic", "Research"}


@pytest.mark.clause("EI-0")
def test_students_need_a_school_address_and_alumni_a_list_entry(programmes):
    ei = programmes["ei-alumni"]
    assert (ei.requires_school_email_of_mentees, ei.requires_school_email_of_mentors) == (True, False)
    assert ei.checks_alumni_list


@pytest.mark.clause("EI-2")
def test_the_first_cohorts_have_the_dates_of_the_documents(programmes):
    ei = Cohort.objects.get(programme=programmes["ei-alumni"], slug="2025-26")
    staff = Cohort.objects.get(programme=programmes["bame-staff"], slug="2021-pilot")
    assert (ei.starts_on, ei.ends_on) == (date(2025, 12, 1), date(2026, 4, 30))
    assert (staff.starts_on, staff.ends_on) == (date(2021, 2, 10), date(2021, 11, 9))


@pytest.mark.clause("EI-1b")
def test_the_three_official_meetings_have_dated_windows_without_gaps_or_overlaps(programmes):
    windows = programmes["ei-alumni"].cohorts.get().key_dates.filter(kind="meeting")
    assert [(window.opens_on, window.closes_on) for window in windows] == [
        (date(2025, 12, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 3, 15)),
        (date(2026, 3, 16), date(2026, 4, 15)),
    ]
    assert programmes["ei-alumni"].official_meetings == len(windows)


def test_the_training_of_the_pilot_is_on_a_wednesday_in_february(programmes):
    training = programmes["bame-staff"].cohorts.get().key_dates.get(kind="training")
    assert (training.opens_on, training.opens_on.strftime("%A")) == (date(2021, 2, 10), "Wednesday")


@pytest.mark.clause("BM-5", "BM-6")
def test_staff_meet_for_an_hour_every_four_to_six_weeks(programmes):
    staff = programmes["bame-staff"]
    assert (
        staff.weeks_between_meetings_least,
        staff.weeks_between_meetings_most,
        staff.meeting_minutes,
    ) == (4, 6, 60)


def test_a_mentor_of_the_ei_programme_takes_on_six_commitments(programmes):
    assert programmes["ei-alumni"].commitments.filter(role="mentor").count() == 6


def test_the_ei_team_is_written_to_at_its_own_address(programmes, settings):
    settings.ORGANISATIONAL_LEARNING_EMAIL = "learning@lse.example"
    assert programmes["ei-alumni"].contact_email == "ei.alumni@lse.ac.uk"
    assert programmes["bame-staff"].contact_email == "learning@lse.example"


@pytest.mark.parametrize(("key", "sheet"), SHEETS.items())
def test_every_column_of_an_office_sheet_is_known_or_left_out_on_purpose(programmes, key, sheet):
    slug, role = key
    programme = programmes[slug]
    columns = set(programme.asks.filter(role=role).exclude(column="").values_list("column", flat=True))
    columns |= set(programme.sheet_columns.filter(role=role).values_list("column", flat=True))
    assert set(rows_of(sheet)[0]) - columns == LEFT_OUT[key]
    assert columns - set(rows_of(sheet)[0]) == set()


@pytest.mark.parametrize(("key", "sheet"), SHEETS.items())
def test_every_answer_in_an_office_sheet_can_be_chosen(programmes, key, sheet):
    slug, role = key
    for ask in Ask.objects.filter(programme=programmes[slug], role=role).exclude(column=""):
        names = set(programmes[slug].options.filter(fact=ask.fact).values_list("name", flat=True))
        given = {part.strip() for row in rows_of(sheet) for part in row[ask.column].split(";")}
        assert not names or given - {""} <= names, ask.column


def test_neither_employer_nor_second_address_nor_training_is_asked(programmes):
    asked = {(ask.programme.slug, ask.role, ask.fact) for ask in Ask.objects.select_related("programme")}
    assert {key for key in asked if key[2] in {"email", "organisation", "training"}} == set()
    assert ("bame-staff", "mentor", "circle_email") in asked


def test_a_sheet_speaks_of_acceptance_in_the_ei_programme_only(programmes):
    accepting = {
        slug: set(p.sheet_columns.filter(meaning="acceptance").values_list("role", flat=True))
        for slug, p in programmes.items()
    }
    assert accepting == {"ei-alumni": {"mentor", "mentee"}, "bame-staff": set()}
