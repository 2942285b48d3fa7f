import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from matching.criteria import Criteria, in_force
from matching.differences import of_trial
from matching.models import MatchRun
from matching.services import runs
from matching.tests.factories import RunFactory
from matching.tests.people import NOW, mentee, mentor
from programmes.models import Ask
from programmes.tests.factories import CohortFactory, DutyFactory, PathwayFactory, WeightFactory
from programmes.tests.pages import filled_in

pytestmark = pytest.mark.django_db


def address(name, *numbers):
    return reverse(f"admin:matching_{name}", args=numbers)


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


def sent_back(office, cohort, **changes):
    """The form as it stands on the page, with some answers changed; names without the pathway are of pairs."""
    values = filled_in(office.get(address("criteria", cohort.pk)), "criteria-form")
    values |= {name if "-" in name else f"one_to_one-{name}": value for name, value in changes.items()}
    return {name: value for name, value in values.items() if value is not None}


def asks(cohort, *facts):
    for fact in facts:
        for role in ("mentee", "mentor"):
            Ask.objects.create(programme=cohort.programme, role=role, fact=fact, section="S", label=fact)


@pytest.mark.clause("EI-M")
def test_an_administrator_sets_rules_and_weights(office, cohort):
    asks(cohort, "support_areas", "line_manager_email")
    changes = {"support_areas": "4", "sectors": "1", "forbids_line_management": "on", "objective": "fairest"}

    page = office.post(
        address("criteria", cohort.pk), sent_back(office, cohort, **changes), follow=True
    ).content.decode()

    assert in_force(cohort.programme) == {
        "one_to_one": Criteria(
            weights={"sectors": 1, "support_areas": 4}, forbids_line_management=True, objective="fairest"
        )
    }
    assert "Saved for “One-to-one”." in page


def test_sent_back_as_it_is_nothing_is_saved(office, cohort, with_circles):
    before = in_force(cohort.programme)

    page = office.post(address("criteria", cohort.pk), sent_back(office, cohort), follow=True)

    assert in_force(cohort.programme) == before
    assert "Nothing to save" in page.content.decode()


@pytest.mark.clause("BM-7")
def test_each_pathway_has_rules_and_weights_of_its_own(office, cohort, with_circles):
    office.post(address("criteria", cohort.pk), sent_back(office, cohort, **{"circle-sectors": "1"}))

    assert {kind: set_.weights for kind, set_ in in_force(cohort.programme).items()} == {
        "one_to_one": {"sectors": 3},
        "circle": {"sectors": 1},
    }


@pytest.mark.parametrize("button", ["criteria", "try"])
def test_something_must_count(office, cohort, button):
    before = in_force(cohort.programme)

    page = office.post(address(button, cohort.pk), sent_back(office, cohort, sectors="0"))

    assert "At least one part must count" in page.content.decode()
    assert (in_force(cohort.programme), MatchRun.objects.count()) == (before, 0)


@pytest.mark.parametrize("button", ["criteria", "try"])
@pytest.mark.parametrize(
    ("field", "sentence"),
    [("sectors", "Please choose how much this counts."), ("objective", "This field is required.")],
)
def test_an_answer_that_is_missing_is_asked_for_where_it_is(office, cohort, button, field, sentence):
    before = in_force(cohort.programme)

    page = office.post(address(button, cohort.pk), sent_back(office, cohort, **{field: None}))

    assert sentence in page.content.decode()
    assert (in_force(cohort.programme), MatchRun.objects.count()) == (before, 0)


def offered(office, cohort):
    html = office.get(address("criteria", cohort.pk)).content.decode()
    return sorted(set(re.findall(r'name="one_to_one-(\w+)"', html)))


def test_only_what_the_programme_asks_is_offered(office, cohort):
    cohort.programme.pathways.get().weights.all().delete()
    asks(cohort, "band")

    assert offered(office, cohort) == ["forbids_former_partners", "level", "objective"]


def test_what_is_set_is_never_hidden(office, cohort):
    cohort.programme.pathways.update(forbids_same_division=True)
    WeightFactory(pathway=cohort.programme.pathways.get(), part="course")

    assert offered(office, cohort) == [
        "course",
        "forbids_former_partners",
        "forbids_same_division",
        "objective",
        "sectors",
    ]


@pytest.mark.clause("EI-M")
def test_trying_out_saves_nothing_and_leads_to_the_trial(office, cohort):
    before = in_force(cohort.programme)

    answer = office.post(address("try", cohort.pk), sent_back(office, cohort, sectors="1"))

    trial = MatchRun.objects.get()
    assert (answer.status_code, answer.url) == (302, trial.get_absolute_url())
    assert (trial.is_trial, trial.state, trial.criteria["one_to_one"]["weights"]) == (
        True,
        "waiting",
        {"sectors": 1},
    )
    assert in_force(cohort.programme) == before


def test_trying_out_in_a_cohort_that_has_ended_is_refused_with_a_sentence(office, admin, cohort, clock):
    clock.move_to(datetime(2026, 5, 1, 9, tzinfo=UTC))
    office.force_login(admin)

    page = office.post(address("try", cohort.pk), sent_back(office, cohort))

    assert "ended on 30 April 2026" in page.content.decode()
    assert MatchRun.objects.count() == 0


def trial_of(cohort, **criteria):
    return runs.run(cohort=cohort, by=None, at=NOW, trying={"one_to_one": Criteria(**criteria)})


def test_a_trial_tells_what_would_change_and_is_saved_by_one_button(office, admin, cohort):
    mentor(cohort, "Law"), mentee(cohort, "Law")
    trial = trial_of(cohort, weights={"sectors": 1}, objective="fairest")

    shown = {"run": trial, "difference": of_trial(trial, viewer=admin)}
    html = render_to_string("admin/matching/trial.html", shown)
    page = office.post(address("adopt", cohort.pk, trial.pk), follow=True).content.decode()

    assert "No pair changes. As many people are placed: 1." in html
    assert f'action="{address("adopt", cohort.pk, trial.pk)}"' in html
    assert "Saved for “One-to-one”." in page
    assert in_force(cohort.programme)["one_to_one"] == Criteria(weights={"sectors": 1}, objective="fairest")


def test_a_run_that_is_no_trial_is_not_adopted(office, cohort):
    before = in_force(cohort.programme)
    run = RunFactory(cohort=cohort, criteria={"one_to_one": {"weights": {"sectors": 1}}})

    page = office.post(address("adopt", cohort.pk, run.pk), follow=True).content.decode()

    assert "a finished trial" in page
    assert in_force(cohort.programme) == before


def test_the_form_can_be_filled_in_from_a_trial(office, cohort):
    trial = trial_of(cohort, weights={"sectors": 1, "place": 2}, forbids_same_division=True)

    page = office.get(address("criteria", cohort.pk), {"trial": trial.pk})

    assert filled_in(page, "criteria-form") == {
        "csrfmiddlewaretoken": page.context["csrf_token"],
        "one_to_one-forbids_same_division": "on",
        "one_to_one-forbids_former_partners": "on",
        "one_to_one-sectors": "1",
        "one_to_one-place": "2",
        "one_to_one-objective": "total",
    }


def test_the_form_of_a_trial_keeps_what_only_the_trial_has(office, cohort):
    trial = trial_of(cohort, weights={"sectors": 1, "place": 2})
    page = office.get(address("criteria", cohort.pk), {"trial": trial.pk})

    office.post(address("criteria", cohort.pk) + f"?trial={trial.pk}", filled_in(page, "criteria-form"))

    assert in_force(cohort.programme)["one_to_one"].weights == {"sectors": 1, "place": 2}


@pytest.mark.parametrize("given", ["999999", "x", "²", "9" * 30])
def test_a_trial_that_is_not_there_is_a_page_that_is_not_there(office, cohort, given):
    assert office.get(address("criteria", cohort.pk), {"trial": given}).status_code == 404


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize("duty", ["administer", "eligibility"])
def test_another_programmes_cohort_answers_as_one_that_does_not_exist(client, cohort, duty):
    other = CohortFactory()
    WeightFactory(pathway=PathwayFactory(programme=other.programme))
    trial = RunFactory(cohort=other, is_trial=True, criteria={"one_to_one": {"weights": {"place": 1}}})
    user = DutyFactory(programme=cohort.programme).user
    if duty == "eligibility":
        user = DutyFactory(programme=other.programme, kind=duty).user
    client.force_login(user)
    before = in_force(other.programme)

    for method, name, *rest in (
        ("get", "criteria"),
        ("post", "criteria"),
        ("post", "try"),
        ("post", "adopt", trial.pk),
    ):
        there = getattr(client, method)(address(name, other.pk, *rest))
        missing = getattr(client, method)(address(name, 10**6, *rest))
        assert (there.status_code, there.content) == (missing.status_code, missing.content)
        assert there.status_code == 404
    assert (in_force(other.programme), MatchRun.objects.count()) == (before, 1)


@pytest.mark.clause("ALL-1")
def test_a_trial_of_another_cohort_is_neither_shown_nor_adopted(office, cohort):
    other = CohortFactory(programme=cohort.programme, slug="2024-25")
    trial = RunFactory(cohort=other, is_trial=True, criteria={"one_to_one": {"weights": {"place": 1}}})

    assert office.get(address("criteria", cohort.pk), {"trial": trial.pk}).status_code == 404
    assert office.post(address("adopt", cohort.pk, trial.pk)).status_code == 404


def test_looking_at_a_button_s_address_changes_nothing(office, cohort):
    trial = RunFactory(cohort=cohort, is_trial=True)

    answers = [
        office.get(address("try", cohort.pk)),
        office.get(address("adopt", cohort.pk, trial.pk)),
    ]

    assert [answer.status_code for answer in answers] == [405, 405]


def test_the_page_costs_the_same_for_one_weight_and_for_three(office, cohort):
    counts = []
    for parts in ([], ["course", "place"]):
        for part in parts:
            WeightFactory(pathway=cohort.programme.pathways.get(), part=part)
        with CaptureQueriesContext(connection) as queries:
            office.get(address("criteria", cohort.pk))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_each_scale_is_a_group_of_five_named_choices(office, cohort):
    html = office.get(address("criteria", cohort.pk)).content.decode()

    (scale,) = re.findall(r'<fieldset class="scale">(.*?)</fieldset>', html, re.DOTALL)
    assert re.findall(r"<legend>(.*?)</legend>", scale) == ["Sectors in common"]
    targets = re.findall(r'<label for="([^"]+)">', scale)
    assert [f'id="{target}"' in scale for target in targets] == [True] * 5
    assert re.findall(r"<span>(.*?)</span>", scale) == [
        "not at all",
        "a little",
        "somewhat",
        "much",
        "most of all",
    ]
