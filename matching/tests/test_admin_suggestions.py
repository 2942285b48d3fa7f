"""One suggestion in the admin: read, decided, given another mentor."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching.models import Decision, MatchRun, Suggestion
from matching.tests.factories import RunFactory, suggested
from matching.tests.people import mentee, mentor, run
from partnerships.models import Partnership
from partnerships.tests.factories import circle
from programmes.tests.factories import CohortFactory, DutyFactory, PathwayFactory

pytestmark = pytest.mark.django_db
RUNS = "/admin/matching/matchrun/"
OWN = "A match of your own: a colleague reviews it."
VERBS = ["lock", "unlock", "refuse", "never", "put-back", "choose"]


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


def page_of(suggestion, rest=""):
    return f"{RUNS}suggestion/{suggestion.pk}/{rest}"


def text(answer):
    return answer.content.decode()


def state_of(suggestion):
    suggestion.refresh_from_db()
    return suggestion.state, suggestion.is_locked


def made_for(cohort, *sectors):
    """A run with one pair that shares these sectors, and its suggestion."""
    two = mentor(cohort, *sectors), mentee(cohort, *sectors)
    return run(cohort).suggestions.get(), *two


def test_both_people_are_read_side_by_side_with_the_parts_of_their_fit(office, cohort):
    suggestion, offers, asks = made_for(cohort, "Law", "Tea")

    page = office.get(page_of(suggestion))

    (one,) = page.context["closer"].mentees
    assert (one.name, page.context["closer"].lead.name) == (asks.user.name, offers.user.name)
    assert "<strong>10,000</strong> of 10,000" in text(page)
    assert "Both chose Law and Tea." in text(page)
    assert "<title>A suggestion" in text(page).replace("\n", "")


@pytest.mark.parametrize(
    ("verb", "before", "after", "kinds"),
    [
        ("lock", ("proposed", False), ("proposed", True), ["together"]),
        ("unlock", ("proposed", True), ("proposed", False), []),
        ("refuse", ("proposed", False), ("refused", False), ["apart"]),
        ("put-back", ("refused", False), ("proposed", False), []),
    ],
)
def test_each_button_decides_and_comes_back_to_the_page_of_the_run(
    office, cohort, verb, before, after, kinds
):
    suggestion, _, _ = made_for(cohort)
    Suggestion.objects.filter(pk=suggestion.pk).update(state=before[0], is_locked=before[1])

    answer = office.post(page_of(suggestion, f"{verb}/"), {"page": "2"})

    assert answer.url == f"{suggestion.run.get_absolute_url()}?page=2"
    assert state_of(suggestion) == after
    assert list(Decision.objects.values_list("kind", flat=True)) == kinds


def test_never_needs_a_reason_that_fits(office, cohort):
    suggestion, _, _ = made_for(cohort)

    for reason in ("", "   ", "x" * 301):
        answer = office.post(page_of(suggestion, "never/"), {"reason": reason, "page": "3"}, follow=True)
        assert answer.redirect_chain[-1][0] == f"{page_of(suggestion)}?page=3"
        assert "Please say why they should never be matched, in 300 characters at most." in text(answer)
    assert (state_of(suggestion), Decision.objects.count()) == (("proposed", False), 0)

    office.post(page_of(suggestion, "never/"), {"reason": "They are cousins."})

    assert list(Decision.objects.values_list("kind", "reason")) == [("never", "They are cousins.")]


def test_a_button_that_comes_too_late_says_so(office, cohort):
    suggestion, _, _ = made_for(cohort)
    Suggestion.objects.filter(pk=suggestion.pk).update(state="offered")

    answer = office.post(page_of(suggestion, "lock/"), follow=True)

    assert "nothing was changed" in text(answer)
    assert state_of(suggestion) == ("offered", False)


@pytest.mark.parametrize("state", ["offered", "leaving", "released"])
def test_what_is_on_its_way_has_no_buttons(office, cohort, state):
    details = {
        "offered": {},
        "leaving": {"leaves_at": "2026-01-14T09:40:00Z"},
        "released": {
            "partnership": Partnership.objects.create(cohort=cohort, introduced_at="2026-01-14T09:00:00Z")
        },
    }
    suggestion = suggested(
        RunFactory(cohort=cohort), mentor(cohort), mentee(cohort), state=state, **details[state]
    )

    page = office.get(page_of(suggestion))

    assert f'action="{page_of(suggestion)}' not in text(page)
    assert suggestion.get_state_display() in text(page)
    assert page.context["chooser"] is None


def test_nothing_of_a_trial_can_be_decided(office, cohort):
    trial = RunFactory(cohort=cohort, is_trial=True)
    offers, asks = mentor(cohort), mentee(cohort)
    suggestion = suggested(trial, offers, asks)
    chosen = {"mentee": asks.pk, "mentor": offers.pk, "pathway": "one_to_one"}

    page = office.get(page_of(suggestion))
    answer = office.post(page_of(suggestion, "choose/"), chosen, follow=True)

    assert f'action="{page_of(suggestion)}' not in text(page)
    assert "Nobody else can be chosen here any more" in text(answer)
    assert (Decision.objects.count(), MatchRun.objects.count()) == (0, 1)


def test_another_mentor_is_chosen_by_a_lock_and_a_new_run(office, cohort):
    suggestion, _, asks = made_for(cohort, "Law")
    other = mentor(cohort)

    (choice,) = office.get(page_of(suggestion)).context["choices"]
    fields = {"mentee": asks.pk, "mentor": choice.mentor, "pathway": choice.pathway}
    first = office.post(page_of(suggestion, "choose/"), fields)
    second = office.post(page_of(suggestion, "choose/"), fields)

    started = MatchRun.objects.latest("pk")
    assert first.url == second.url == started.get_absolute_url()
    assert (started.state, MatchRun.objects.count()) == ("waiting", 2)
    assert list(Decision.objects.values_list("mentee", "mentor", "kind")) == [(asks.pk, other.pk, "together")]
    assert state_of(suggestion) == ("proposed", False)


def test_who_is_not_in_the_suggestion_or_the_cohort_is_not_chosen(office, cohort):
    suggestion, offers, asks = made_for(cohort)
    elsewhere = CohortFactory(programme=cohort.programme, slug="later", policy=cohort.policy)
    wrong = [
        {"mentee": mentee(cohort).pk, "mentor": offers.pk, "pathway": "one_to_one"},
        {"mentee": asks.pk, "mentor": mentor(elsewhere).pk, "pathway": "one_to_one"},
        {"mentee": asks.pk, "mentor": offers.pk, "pathway": "other"},
        {"mentee": "x" * 30, "mentor": "9" * 40, "pathway": "one_to_one"},
        {},
    ]

    answers = [office.post(page_of(suggestion, "choose/"), fields).status_code for fields in wrong]

    assert answers == [404] * 5
    assert Decision.objects.count() == 0


def test_a_choice_that_is_not_possible_any_more_says_why(office, cohort):
    suggestion, _, asks = made_for(cohort)
    full = mentor(cohort, places=0)
    fields = {"mentee": asks.pk, "mentor": full.pk, "pathway": "one_to_one"}

    answer = office.post(page_of(suggestion, "choose/"), fields, follow=True)

    assert f"{full.user} has no free place in this pathway." in text(answer)
    assert (Decision.objects.count(), MatchRun.objects.count()) == (0, 1)


@pytest.mark.clause("BM-7")
def test_another_place_is_looked_for_for_the_member_of_a_circle_who_is_asked_for(
    office, cohort, with_circles
):
    mentor(cohort, places=0, can_facilitate=True)
    single = mentor(cohort)
    people = [mentee(cohort), mentee(cohort), mentee(cohort), mentee(cohort, pathway="one_to_one")]
    suggestion = run(cohort).suggestions.get(pathway="circle")
    asks = suggestion.members.filter(part="mentee").order_by("pk")[0].application

    plain = office.get(page_of(suggestion))
    asked = office.get(page_of(suggestion, f"?for={asks.pk}"))
    stranger = office.get(page_of(suggestion, f"?for={people[-1].pk}"))

    assert (plain.context["chooser"], stranger.context["chooser"]) == (None, None)
    assert asked.context["chooser"].application == asks
    assert [choice.mentor for choice in asked.context["choices"]] == [single.pk]


@pytest.mark.parametrize("part", [mentor, mentee])
def test_an_administrator_who_is_in_a_suggestion_gets_nothing_of_it(office, admin, cohort, part):
    part(cohort, user=admin)
    other = mentee(cohort) if part is mentor else mentor(cohort)
    suggestion = run(cohort).suggestions.get()
    theirs = {"mentee": suggestion.members.get(part="mentee").application_id, "pathway": "one_to_one"}

    page = office.get(page_of(suggestion))
    for verb in VERBS:
        fields = {"reason": "Because", "mentor": mentor(cohort).pk, **theirs}
        answer = office.post(page_of(suggestion, f"{verb}/"), fields, follow=True)
        assert "a match of your own: ask a colleague" in text(answer)
        assert OWN in text(answer)

    assert OWN in text(page)
    assert other.user.name not in text(page)
    assert (state_of(suggestion), Decision.objects.count()) == (("proposed", False), 0)


def test_an_administrator_in_a_circle_gets_nothing_of_who_joins_it(office, admin, cohort, with_circles):
    meets = circle(cohort=cohort, facilitator=mentor(cohort, user=admin, can_facilitate=True, accepted=False))
    joins = mentee(cohort)
    suggestion = suggested(RunFactory(cohort=cohort), joins, pathway="circle", partnership=meets)

    page = text(office.get(page_of(suggestion)))

    assert OWN in page
    assert joins.user.name not in page


@pytest.mark.clause("ALL-1")
def test_another_programmes_suggestion_answers_as_a_missing_one(office):
    other = CohortFactory()
    PathwayFactory(programme=other.programme)
    suggestion, _, _ = made_for(other)
    addresses = [page_of(suggestion), page_of(Suggestion(pk=10**6))]

    read = [office.get(address) for address in addresses]
    sent = [office.post(f"{address}{verb}/", {"reason": "x"}) for address in addresses for verb in VERBS]

    assert {answer.status_code for answer in (*read, *sent)} == {404}
    assert Decision.objects.count() == 0


@pytest.mark.clause("ALL-1")
def test_who_only_decides_eligibility_reads_no_suggestion(client, cohort):
    suggestion, _, _ = made_for(cohort)
    client.force_login(DutyFactory(programme=cohort.programme, kind="eligibility").user)

    assert client.get(page_of(suggestion)).status_code == 404
    assert client.get(f"{RUNS}pair/{cohort.pk}/").status_code == 404
    assert client.get(f"{RUNS}decisions/{cohort.pk}/").status_code == 404


def test_looking_at_a_buttons_address_changes_nothing(office, cohort):
    suggestion, _, _ = made_for(cohort)

    assert [office.get(page_of(suggestion, f"{verb}/")).status_code for verb in VERBS] == [405] * 6
    assert (state_of(suggestion), Decision.objects.count()) == (("proposed", False), 0)


def test_a_suggestion_costs_the_same_queries_with_one_choice_and_with_three(office, cohort):
    counts = []
    for more in (2, 2):
        for _ in range(more):
            mentor(cohort), mentee(cohort)
        suggestion = run(cohort).suggestions.order_by("pk")[0]
        with CaptureQueriesContext(connection) as queries:
            office.get(page_of(suggestion))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_circle_costs_the_same_queries_with_one_member_and_with_three(office, cohort, with_circles):
    counts = []
    for members in (1, 3):
        people = [mentee(cohort, "Law") for _ in range(members)]
        lead = mentor(cohort, can_facilitate=True)
        suggestion = suggested(RunFactory(cohort=cohort), lead, *people, pathway="circle")
        with CaptureQueriesContext(connection) as queries:
            office.get(page_of(suggestion))
        counts.append(len(queries))

    assert counts[0] == counts[1]
