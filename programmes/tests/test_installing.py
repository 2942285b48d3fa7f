from datetime import UTC, date, datetime

import pytest

from programmes.catalogue.installing import install
from programmes.catalogue.reading import read
from programmes.catalogue.tables import CatalogueError
from programmes.models import (
    Aim,
    CatalogueRow,
    Cohort,
    KeyDate,
    Option,
    Pathway,
    PolicyVersion,
    Programme,
    Question,
    Weight,
)
from programmes.services import set_criteria
from programmes.tests.factories import PolicyVersionFactory, ProgrammeFactory

AT = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
TEXT = """
[programme]
slug = "third"
name = "Third"
team_name = "Third team"
summary = "A third one."
introduction = '''
First line.
Second line.
'''
audience = "For whom."
contact_address = "third@lse.example"
safeguarding_url = "https://school.example/safeguarding"
privacy_url = "https://school.example/privacy"

[[aims]]
key = "one"
text = "First aim."
[[aims]]
key = "two"
text = "Second aim."

[options]
sectors = ["Law", "Technology"]

[pathways.one_to_one]
label = "In pairs"
forbids_line_management = true
[pathways.one_to_one.weights]
sectors = "much"

[[policy_versions]]
kind = "policy"
label = "2026"
published_on = 2026-01-01
text = "Be kind."
[policy_versions.disclosed_facts]
of_mentor = ["name"]
of_mentee = ["name"]

[[cohorts]]
slug = "2026"
name = "2026"
sign_up_opens_on = 2026-01-05
sign_up_closes_on = 2026-01-30
starts_on = 2026-02-02
ends_on = 2026-06-30
policy = "2026"
[[cohorts.key_dates]]
key = "start"
kind = "event"
title = "Welcome"
opens_on = 2026-02-02
closes_on = 2026-02-02

[[questions]]
key = "why"
text = "Why?"
answer = "Because."
"""
ROWS = 10  # aims, options, pathway, weight, policy version, cohort, key date, question


@pytest.fixture
def installed(db, tmp_path):
    """Installs the catalogue above, with some words in place of others; gives the report."""

    def install_with(*replacements):
        text = TEXT
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "third.toml"
        path.write_text(text, encoding="utf-8")
        return install(read(path), at=AT)

    return install_with


def contents():
    """All installed rows, whatever their table."""
    models = [Programme, Aim, Option, Pathway, Weight, PolicyVersion, Cohort, KeyDate, Question, CatalogueRow]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_a_programme_is_installed_with_all_that_belongs_to_it(installed):
    report = installed()
    assert len(report.created) == ROWS + 1
    assert [aim.text for aim in report.programme.aims.all()] == ["First aim.", "Second aim."]
    question = report.programme.questions.get()
    assert (question.is_published, question.asked_at, question.answered_at) == (True, AT, AT)


def test_installing_twice_changes_nothing(installed):
    installed()
    before = contents()
    report = installed()
    assert (report.created, report.updated, report.kept) == ([], [], [])
    assert contents() == before


def test_installing_again_asks_a_fixed_number_of_questions_of_the_database(
    installed, django_assert_max_num_queries
):
    installed()
    with django_assert_max_num_queries(16):
        installed()


def test_what_nobody_changed_follows_the_catalogue(installed):
    installed()
    report = installed(("A third one.", "A better one."), ("First aim.", "A better aim."))
    assert report.updated == ["programme (summary)", "aims/one (text)"]
    assert Programme.objects.get().summary == "A better one."
    assert Aim.objects.order_by("position").first().text == "A better aim."


def test_what_an_administrator_changed_stays(installed):
    installed()
    Programme.objects.update(summary="Ours.")
    Aim.objects.filter(text="First aim.").update(text="Our aim.")
    report = installed(("A third one.", "A better one."), ("First aim.", "A better aim."))
    assert report.kept == ["programme (summary)", "aims/one (text)"]
    assert Programme.objects.get().summary == "Ours."
    assert [aim.text for aim in Aim.objects.all()] == ["Our aim.", "Second aim."]


def test_beside_a_changed_field_the_others_still_follow(installed):
    installed()
    Programme.objects.update(summary="Ours.")
    installed(("A third one.", "A better one."), ("For whom.", "For everybody."))
    programme = Programme.objects.get()
    assert (programme.summary, programme.audience) == ("Ours.", "For everybody.")


def test_other_line_ends_from_a_browser_are_no_change_by_the_office(installed):
    installed()
    Programme.objects.update(introduction="First line.\r\nSecond line.")
    installed(("Second line.", "Third line."))
    assert Programme.objects.get().introduction == "First line.\nThird line."


def test_a_row_that_an_administrator_removed_stays_away(installed):
    installed()
    Aim.objects.get(text="Second aim.").delete()
    report = installed(("Second aim.", "Another aim."))
    assert report.kept == ["aims/two (removed by the office)"]
    assert [aim.text for aim in Aim.objects.all()] == ["First aim."]


def test_a_row_that_an_administrator_added_stays(installed):
    programme = installed().programme
    programme.aims.create(text="Our own aim.")
    installed(("First aim.", "A better aim."))
    assert [aim.text for aim in Aim.objects.all()] == ["A better aim.", "Second aim.", "Our own aim."]


def test_a_new_row_that_the_office_made_before_is_taken_up(installed):
    programme = installed().programme
    programme.options.create(fact="sectors", name="Consulting", is_open=False)
    report = installed(('"Law",', '"Law", "Consulting",'))
    assert report.created == []
    assert programme.options.get(name="Consulting").is_open is False


def test_a_new_text_that_the_office_has_in_another_row_leaves_both_alone(installed):
    programme = installed().programme
    programme.aims.create(text="A better aim.")
    report = installed(("First aim.", "A better aim."))
    assert report.kept == ["aims/one (text)"]
    assert [aim.text for aim in Aim.objects.all()] == ["First aim.", "Second aim.", "A better aim."]


def test_a_cohort_that_was_moved_keeps_its_dates(installed):
    installed()
    Cohort.objects.update(starts_on=date(2026, 3, 2), ends_on=date(2026, 7, 31))
    installed(("starts_on = 2026-02-02", "starts_on = 2026-02-09"), ('name = "2026"', 'name = "Spring"'))
    cohort = Cohort.objects.get()
    assert (cohort.name, cohort.starts_on, cohort.ends_on) == ("Spring", date(2026, 3, 2), date(2026, 7, 31))


def test_a_date_of_a_removed_cohort_isnt_installed(installed):
    installed(('[[cohorts.key_dates]]\nkey = "start"', '[[cohorts.key_dates]]\nkey = "first"'))
    Cohort.objects.all().delete()
    installed()
    assert KeyDate.objects.count() == 0


def test_rules_and_weights_that_nobody_changed_follow_the_catalogue(installed):
    installed()
    report = installed(("forbids_line_management = true", 'objective = "fairest"'), ('"much"', '"little"'))
    pathway = Pathway.objects.get()
    assert report.updated == [
        "pathways/one_to_one (forbids_line_management, objective)",
        "weights/one_to_one/sectors (strength)",
    ]
    assert (pathway.forbids_line_management, pathway.objective) == (False, "fairest")
    assert pathway.weights.get().get_strength_display() == "a little"


def test_rules_and_weights_that_an_administrator_changed_stay(installed):
    installed()
    Pathway.objects.update(forbids_line_management=False)
    Weight.objects.update(strength=0)
    report = installed(('"much"', '"little"'))
    assert report.kept == [
        "pathways/one_to_one (forbids_line_management)",
        "weights/one_to_one/sectors (strength)",
    ]
    assert (Pathway.objects.get().forbids_line_management, Weight.objects.get().strength) == (False, 0)


def test_a_weight_that_the_office_gave_a_pathway_before_the_catalogue_stays(installed):
    pathway = installed().programme.pathways.get()
    pathway.weights.create(part="place", strength=4)
    report = installed(('sectors = "much"', 'sectors = "much"\nplace = "little"'))
    assert report.kept == ["weights/one_to_one/place (strength)"]
    assert dict(pathway.weights.values_list("part", "strength")) == {"sectors": 3, "place": 4}


def test_what_an_administrator_saved_stays_whatever_the_catalogue_brings(installed):
    pathway = installed().programme.pathways.get()
    rules = {"forbids_line_management": False}
    set_criteria(
        pathway,
        by=None,
        at=AT,
        rules=rules,
        objective="total",
        weights={"course": 2, "sectors": 0, "place": 0},
    )
    installed(('sectors = "much"', 'sectors = "most"\nplace = "little"'))
    assert Pathway.objects.get().forbids_line_management is False
    assert dict(pathway.weights.values_list("part", "strength")) == {"sectors": 0, "place": 0, "course": 2}


@pytest.mark.clause("EI-1")
def test_a_published_text_is_never_altered(installed):
    installed()
    before = contents()
    with pytest.raises(CatalogueError) as caught:
        installed(("Be kind.", "Be kinder."))
    assert str(caught.value) == (
        "third.toml: policy_versions, entry 1: policy 2026 is published and stays as people accepted it;"
        " give the new text a new label."
    )
    assert contents() == before


@pytest.mark.clause("EI-1")
def test_what_a_published_policy_discloses_is_never_altered(installed):
    installed()
    with pytest.raises(CatalogueError, match="give the new text a new label"):
        installed(('of_mentor = ["name"]', 'of_mentor = ["name", "email"]'))
    assert PolicyVersion.objects.get().facts("of_mentor") == ["name"]


def test_a_new_text_comes_as_a_new_version_beside_the_old_one(installed):
    installed()
    newer = (
        '[[policy_versions]]\nkind = "policy"\nlabel = "2027"\npublished_on = 2027-01-01\ntext = "Kinder."\n'
    )
    report = installed(("\n[[cohorts]]", f"\n{newer}\n[[cohorts]]"))
    assert report.created == ["policy_versions/policy/2027"]
    assert list(PolicyVersion.objects.order_by("label").values_list("label", "text")) == [
        ("2026", "Be kind."),
        ("2027", "Kinder."),
    ]


def test_an_older_version_of_the_office_with_the_same_name_is_left_alone(installed):
    programme = ProgrammeFactory(slug="third")
    PolicyVersionFactory(programme=programme, label="2026", text="Ours.")
    report = installed()
    assert "policy_versions/policy/2026 (the office has one of this name)" in report.kept
    assert PolicyVersion.objects.get().text == "Ours."


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "third@lse.example",
            "nowhere",
            "third.toml: programme: contact_address: Enter a valid email address.",
        ),
        (
            "ends_on = 2026-06-30",
            "ends_on = 2026-01-01",
            "third.toml: cohorts, entry 1: __all__: A cohort can’t end before it begins.",
        ),
        (
            '"Technology"',
            f'"{"x" * 121}"',
            "third.toml: options.sectors, entry 2: name: "
            "Ensure this value has at most 120 characters (it has 121).",
        ),
    ],
)
def test_a_value_that_the_database_wouldnt_take_is_named_and_nothing_is_installed(installed, old, new, said):
    with pytest.raises(CatalogueError) as caught:
        installed((old, new))
    assert str(caught.value) == said
    assert Programme.objects.count() == 0
