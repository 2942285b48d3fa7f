from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils.html import escape

from accounts.tests.factories import UserFactory
from applications.models import Application, State
from applications.tests.factories import ApplicationFactory, PolicyAcceptanceFactory
from programmes.models import Ask, Commitment
from programmes.tests.factories import (
    CohortFactory,
    DisclosedFactFactory,
    OptionFactory,
    PathwayFactory,
    ProgrammeFactory,
)

pytestmark = pytest.mark.django_db
OPEN = datetime(2025, 10, 20, 12, tzinfo=UTC)


@pytest.fixture
def cohort(clock):
    """A cohort that is open for sign-up and asks mentees four things."""
    clock.move_to(OPEN)
    cohort = CohortFactory(programme__slug="alumni")
    PathwayFactory(programme=cohort.programme)
    OptionFactory(programme=cohort.programme, name="Law")
    for position, (fact, required) in enumerate(
        [("sectors", True), ("work_place", False), ("bio", False), ("linkedin", False)]
    ):
        Ask.objects.create(
            programme=cohort.programme,
            role="mentee",
            fact=fact,
            section="About you",
            label=f"Your {fact}",
            is_required=required,
            position=position,
        )
    for fact in ("name", "school_email", "sectors", "bio"):
        DisclosedFactFactory(policy_version=cohort.policy, direction="of_mentee", fact=fact)
    return cohort


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


APPLY = "/programmes/alumni/apply/mentee/"


def test_who_is_not_signed_in_signs_in_first(client, cohort):
    response = client.get(APPLY)

    assert response.status_code == 302
    assert response.url == f"/account/login/?next={APPLY}"


def test_the_form_asks_what_the_programme_asks(client, cohort, person):
    form = client.get(APPLY).context["form"]

    assert list(form.fields) == ["sectors", "work_place", "bio", "linkedin"]
    assert form.fields["bio"].label == "Your bio (optional)"


@pytest.mark.parametrize(
    "written", ["{{ request.user.password }}", "{% now 'Y' %}", "{% if", "<svg onload=x>"]
)
def test_what_an_office_writes_over_and_under_questions_is_shown_as_it_stands(
    client, cohort, person, written
):
    Ask.objects.update(section=written, help_text=written, label=written)

    html = client.get(APPLY).content.decode()

    assert html.count(escape(written)) >= 9
    assert (written in html) == (escape(written) == written)


def test_looking_at_the_form_begins_no_application(client, cohort, person):
    client.get(APPLY)

    assert Application.objects.count() == 0


def test_a_draft_is_kept_incomplete_and_taken_up_again(client, cohort, person):
    client.post(APPLY, {"bio": "Hello", "later": "1"})
    again = client.get(APPLY, follow=True)

    draft = Application.objects.get()
    assert (draft.state, draft.bio) == (State.DRAFT, "Hello")
    assert again.redirect_chain[-1][0] == reverse("edit_application", args=[draft.pk])
    assert again.context["form"]["bio"].value() == "Hello"


def test_an_error_names_the_field_links_to_it_and_keeps_what_was_typed(client, cohort, person):
    response = client.post(APPLY, {"bio": "Typed", "linkedin": "https://evil.example/x", "continue": "1"})
    page = response.content.decode()

    assert Application.objects.count() == 0
    assert 'href="#id_sectors_0"' in page
    assert 'href="#id_linkedin"' in page
    assert "Typed" in page


@pytest.mark.clause("EI-1", "EI-1f")
def test_the_whole_way_from_answers_to_submission(client, cohort, person):
    checking = client.post(APPLY, {"sectors": ["Law"], "bio": "Hello", "continue": "1"}, follow=True)
    application = Application.objects.get()
    check = reverse("check_application", args=[application.pk])
    assert checking.redirect_chain[-1][0] == check
    assert cohort.programme.safeguarding_url in checking.content.decode()
    assert cohort.programme.privacy_url in checking.content.decode()

    client.post(check, {"accepts_policy": "on"})
    client.post(check, {"accepts_policy": "on"})

    application.refresh_from_db()
    assert (application.state, application.submitted_at) == (State.SUBMITTED, OPEN)
    assert [a.policy_version for a in application.acceptances.all()] == [cohort.policy]


@pytest.mark.clause("EI-5a", "EI-5b", "EI-5d", "EI-5g")
def test_the_preview_is_the_card_and_the_rest_is_said_to_reach_the_office_alone(client, cohort, person):
    client.post(
        APPLY,
        {"sectors": ["Law"], "work_place": "Belgium", "bio": "Hello", "continue": "1"},
    )
    response = client.get(reverse("check_application", args=[Application.objects.get().pk]))

    (preview,) = response.context["cards"]
    assert [(line.key, line.value or line.values) for line in preview.card.lines] == [
        ("name", person.name),
        ("school_email", person.email),
        ("sectors", ("Law",)),
        ("bio", "Hello"),
    ]
    assert response.context["outsiders"] == ["Place of work wished for", "LinkedIn"]


@pytest.mark.clause("EI-1")
def test_the_commitments_and_the_policy_are_shown_before_anything_is_submitted(client, cohort, person):
    Commitment.objects.create(
        programme=cohort.programme, role="mentee", text="Come prepared to each meeting."
    )
    Commitment.objects.create(programme=cohort.programme, role="mentor", text="Of the other role.")
    client.post(APPLY, {"sectors": ["Law"], "continue": "1"})

    page = client.get(reverse("check_application", args=[Application.objects.get().pk])).content.decode()

    assert "Come prepared to each meeting." in page
    assert "Of the other role." not in page
    assert f'href="{cohort.policy.get_absolute_url()}"' in page


@pytest.mark.clause("BM-9")
@pytest.mark.parametrize(("choice", "held"), [("now", None), ("hold", date(2026, 3, 31))])
def test_who_has_a_mentor_chooses_to_take_part_now_or_to_be_held_until_then(
    client, cohort, person, choice, held
):
    Ask.objects.create(
        programme=cohort.programme,
        role="mentee",
        fact="has_mentor_until",
        section="You",
        label="Until",
        is_required=False,
    )

    asked = client.get(APPLY).content.decode()
    client.post(
        APPLY, {"sectors": ["Law"], "has_mentor_until": "2026-03-31", "hold": choice, "continue": "1"}
    )

    assert "worth continuing to its end" in asked
    application = Application.objects.get()
    assert (application.has_mentor_until, application.hold_until) == (date(2026, 3, 31), held)


def test_sending_the_last_page_twice_leads_to_the_same_application(client, cohort, person):
    client.post(APPLY, {"sectors": ["Law"], "continue": "1"})
    application = Application.objects.get()
    check = reverse("check_application", args=[application.pk])

    answers = [client.post(check, {"accepts_policy": "on", "version": cohort.policy_id}) for _ in range(2)]

    assert [(answer.status_code, answer.url) for answer in answers] == [
        (302, f"/applications/{application.pk}/")
    ] * 2


def test_who_withdrew_applies_again_from_what_they_had_written(client, cohort, person):
    client.post(APPLY, {"sectors": ["Law"], "bio": "Hello", "later": "1"})
    client.post(reverse("withdraw_application", args=[Application.objects.get().pk]))

    again = client.get(APPLY)
    client.post(APPLY, {"sectors": ["Law"], "bio": "Hello again", "continue": "1"})

    assert again.context["form"]["bio"].value() == "Hello"
    assert (Application.objects.get().state, Application.objects.get().bio) == (State.DRAFT, "Hello again")


def test_without_ticking_acceptance_it_stays_a_draft(client, cohort, person):
    client.post(APPLY, {"sectors": ["Law"], "continue": "1"})
    application = Application.objects.get()

    response = client.post(
        reverse("check_application", args=[application.pk]), {"csrfmiddlewaretoken": "sent"}
    )

    application.refresh_from_db()
    assert application.state == State.DRAFT
    assert 'href="#id_accepts_policy"' in response.content.decode()


def test_sign_up_that_is_closed_says_when_it_is_open(client, cohort, clock):
    clock.move_to(datetime(2025, 11, 17, 12, tzinfo=UTC))
    client.force_login(UserFactory())

    response = client.get(APPLY)

    assert response.status_code == 403
    assert "6 October" in response.content.decode() or "1 October 2025" in response.content.decode()


@pytest.mark.parametrize(
    "name",
    ["application", "edit_application", "check_application", "withdraw_application"],
)
def test_somebody_elses_application_is_not_there(client, cohort, person, name):
    other = ApplicationFactory(cohort=cohort)

    theirs = client.get(reverse(name, args=[other.pk]))
    missing = client.get(reverse(name, args=[other.pk + 1000]))

    assert (theirs.status_code, theirs.content) == (404, missing.content)


def test_a_programme_without_a_cohort_takes_nobody(client, cohort, person):
    ProgrammeFactory(slug="later")

    assert client.get("/programmes/later/apply/mentee/").status_code == 404


def test_an_unknown_role_or_programme_is_not_there(client, cohort, person):
    for address in (
        "/programmes/alumni/apply/mentor/",
        "/programmes/alumni/apply/boss/",
        "/programmes/x/apply/mentee/",
    ):
        assert client.get(address).status_code == 404


@pytest.mark.clause("EI-1")
def test_an_imported_person_reads_and_accepts_on_their_page(client, cohort, person):
    application = ApplicationFactory(cohort=cohort, user=person)

    page = client.get(reverse("application", args=[application.pk]))
    client.post(reverse("accept_policy", args=[application.pk]), {"accepts_policy": "on"})

    assert "Please read and accept" in page.content.decode()
    assert application.acceptances.get().policy_version == cohort.policy


def test_withdrawing_asks_once_more_and_then_withdraws(client, cohort, person):
    application = ApplicationFactory(cohort=cohort, user=person)
    PolicyAcceptanceFactory(application=application)
    address = reverse("withdraw_application", args=[application.pk])

    client.get(address)
    application.refresh_from_db()
    assert application.state == State.ACCEPTED
    client.post(address)
    application.refresh_from_db()
    assert application.state == State.WITHDRAWN


def test_what_somebody_typed_is_shown_as_text(client, cohort, person):
    client.post(APPLY, {"sectors": ["Law"], "bio": "<script>alert(1)</script>", "continue": "1"})

    page = client.get(reverse("check_application", args=[Application.objects.get().pk])).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
