"""Whether people would like to continue, and what follows (EI-3)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import UserFactory
from applications import links, tasks
from applications.models import Application, ContinuationInterest, State
from applications.services import continuing, writing
from applications.tests.factories import ApplicationFactory, MentorFactory, PolicyAcceptanceFactory
from conftest import NOW
from outbox.models import Message
from programmes.models import Ask
from programmes.tests.factories import CohortFactory, OptionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-3")]
OPEN = datetime(2026, 10, 5, 9, tzinfo=UTC)
ASKED = [
    ("study_programme", True),
    ("sectors", True),
    ("bio", False),
    ("has_mentor_until", False),
]


@pytest.fixture
def cohort():
    """The cohort of 2025–26; its programme asks mentees four things, mentors one."""
    cohort = CohortFactory(programme__slug="alumni", programme__name="Alumni mentoring")
    for position, (fact, is_required) in enumerate(ASKED):
        ask(cohort, fact, position=position, is_required=is_required)
    ask(cohort, "places", role="mentor")
    return cohort


@pytest.fixture
def later(cohort):
    return next_cohort(cohort)


def ask(cohort, fact, role="mentee", **values):
    Ask.objects.create(
        programme=cohort.programme, role=role, fact=fact, section="You", label=f"Your {fact}", **values
    )


def next_cohort(cohort, year=2026, **values):
    dates = {
        "sign_up_opens_on": date(year, 10, 1),
        "sign_up_closes_on": date(year, 11, 15),
        "starts_on": date(year, 12, 1),
        "ends_on": date(year + 1, 4, 30),
    }
    return CohortFactory(
        programme=cohort.programme,
        policy=cohort.policy,
        **{"slug": f"{year}", "name": f"Round {year}", **dates, **values},
    )


def answered(cohort, wishes=True, made=ApplicationFactory, **values):
    application = made(cohort=cohort, **values)
    continuing.answer(application, wishes_to_continue=wishes, at=NOW)
    return application


def path_of(application):
    return links.continue_url(application).removeprefix("http://testserver")


# The link


@pytest.fixture
def site(settings):
    settings.SITE_URL = "http://testserver"


def test_looking_changes_nothing(client, cohort, site):
    page = client.get(path_of(ApplicationFactory(cohort=cohort)))

    assert "Alumni mentoring" in page.content.decode()
    assert page.content.decode().count('name="answer"') == 2
    assert not ContinuationInterest.objects.exists()


@pytest.mark.parametrize(
    ("button", "wishes", "said"), [("yes", True, "You said yes"), ("no", False, "You said no")]
)
def test_who_is_signed_out_answers_with_one_press_and_reads_what_follows(
    client, cohort, site, button, wishes, said
):
    application = ApplicationFactory(cohort=cohort)

    page = client.post(path_of(application), {"answer": button}, follow=True)

    interest = ContinuationInterest.objects.get()
    assert (interest.application, interest.wishes_to_continue, interest.answered_at) == (
        application,
        wishes,
        NOW,
    )
    assert page.redirect_chain == [(path_of(application), 302)]
    assert said in page.content.decode()


def test_the_answer_can_be_changed(client, cohort, site, clock):
    address = path_of(ApplicationFactory(cohort=cohort))

    client.post(address, {"answer": "yes"})
    clock.shift(timedelta(days=3))
    client.post(address, {"answer": "no"})

    interest = ContinuationInterest.objects.get()
    assert (interest.wishes_to_continue, interest.answered_at) == (False, NOW + timedelta(days=3))


@pytest.mark.parametrize("sent", [{}, {"answer": "maybe"}])
def test_anything_but_the_two_buttons_changes_nothing(client, cohort, site, sent):
    page = client.post(path_of(ApplicationFactory(cohort=cohort)), sent)

    assert (page.status_code, ContinuationInterest.objects.count()) == (200, 0)


def test_the_page_says_nothing_of_who_the_person_is(client, cohort, site):
    application = ApplicationFactory(cohort=cohort, user__name="Ottilie Unusual", bio="A bio of mine")

    page = client.get(path_of(application)).content.decode()

    for secret in ("Ottilie", application.user.email, "A bio of mine"):
        assert secret not in page


def test_the_page_is_kept_in_no_cache(client, cohort, site):
    page = client.get(path_of(ApplicationFactory(cohort=cohort)))

    assert "no-store" in page["Cache-Control"]


def test_a_token_that_was_changed_or_made_elsewhere_is_not_there(client, cohort, site):
    application = ApplicationFactory(cohort=cohort)
    token = path_of(application).split("/")[2]
    payload, _, rest = token.partition(":")
    other = signing.dumps(application.pk + 1, salt="applications.links.continue").partition(":")[0]
    missing = client.get("/continue/nothing/")

    for bad in (
        f"{other}:{rest}",
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        payload,
        signing.dumps(application.pk),
        signing.dumps(application.pk, salt="another"),
        signing.dumps(10**9, salt="applications.links.continue"),
        str(application.pk),
    ):
        for response in (
            client.get(f"/continue/{bad}/"),
            client.post(f"/continue/{bad}/", {"answer": "yes"}),
        ):
            assert (response.status_code, response.content) == (404, missing.content)
    assert not ContinuationInterest.objects.exists()


@pytest.mark.parametrize(("days", "status"), [(links.DAYS_VALID, 200), (links.DAYS_VALID + 1, 404)])
def test_the_link_lives_until_the_next_round_and_not_for_ever(client, cohort, site, clock, days, status):
    address = path_of(ApplicationFactory(cohort=cohort))

    clock.shift(timedelta(days=days))

    assert client.get(address).status_code == status


def test_the_link_of_a_closed_account_is_not_there(client, cohort, site):
    application = ApplicationFactory(cohort=cohort, user__is_active=False)

    assert client.get(path_of(application)).status_code == 404


def test_the_link_signs_nobody_in(client, cohort, site):
    client.post(path_of(ApplicationFactory(cohort=cohort)), {"answer": "yes"})

    assert "_auth_user_id" not in client.session


# The next cohort


def test_who_said_yes_hears_once_that_sign_up_is_open(cohort, later, clock):
    application = answered(cohort)
    clock.move_to(datetime(2026, 9, 30, 22, 59, tzinfo=UTC))  # the last minute before, in London
    assert tasks.tell_of_next_cohort() == 0
    clock.move_to(datetime(2026, 9, 30, 23, 1, tzinfo=UTC))

    assert (tasks.tell_of_next_cohort(), tasks.tell_of_next_cohort()) == (1, 0)
    clock.shift(timedelta(days=20))
    assert tasks.tell_of_next_cohort() == 0

    message = Message.objects.get()
    assert message.key == f"next-cohort/{later.pk}/{application.user_id}"
    assert (message.to, message.programme) == (application.user.email, "alumni")
    assert message.subject == "Your mentoring programme"
    for words in (message.text, message.html):
        assert "Alumni mentoring, Round 2026, is open until 15 November 2026" in words
        assert "/programmes/alumni/apply/mentee/" in words


def test_nobody_hears_of_it_when_sign_up_has_closed(cohort, later):
    answered(cohort)

    assert continuing.tell_of_next_cohort(at=datetime(2026, 11, 16, 0, 1, tzinfo=UTC)) == 0
    assert continuing.tell_of_next_cohort(at=datetime(2026, 11, 15, 23, 59, tzinfo=UTC)) == 1


def test_who_said_no_or_nothing_or_has_gone_hears_nothing(cohort, later):
    answered(cohort, wishes=False)
    ApplicationFactory(cohort=cohort)
    answered(cohort, user__is_active=False)
    answered(CohortFactory())

    assert continuing.tell_of_next_cohort(at=OPEN) == 0


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.WITHDRAWN])
def test_who_has_applied_there_already_hears_nothing(cohort, later, state):
    application = answered(cohort)
    values = {"state": state, "submitted_at": None} if state != State.SUBMITTED else {"state": state}
    ApplicationFactory(cohort=later, user=application.user, decided_at=None, **values)

    assert continuing.tell_of_next_cohort(at=OPEN) == 0


def test_a_programme_that_asks_the_role_no_more_or_is_being_prepared_tells_nobody(cohort, later):
    answered(cohort)
    Ask.objects.filter(role="mentee").delete()
    assert continuing.tell_of_next_cohort(at=OPEN) == 0

    ask(cohort, "bio")
    cohort.programme.is_public = False
    cohort.programme.save()
    assert continuing.tell_of_next_cohort(at=OPEN) == 0


def test_who_said_yes_in_both_roles_has_one_message(cohort, later):
    user = UserFactory()
    answered(cohort, user=user)
    answered(cohort, made=MentorFactory, user=user)

    assert continuing.tell_of_next_cohort(at=OPEN) == 1


def test_the_next_round_but_one_is_told_of_too_unless_they_have_taken_part_since(cohort, later):
    stays, returns = answered(cohort), answered(cohort)
    ApplicationFactory(cohort=later, user=returns.user)
    after = next_cohort(cohort, year=2027)

    assert continuing.tell_of_next_cohort(at=datetime(2027, 10, 5, 9, tzinfo=UTC)) == 1

    assert Message.objects.get().key == f"next-cohort/{after.pk}/{stays.user_id}"


def test_the_same_cohort_is_not_a_later_one(cohort):
    answered(cohort)

    assert continuing.tell_of_next_cohort(at=datetime(2025, 10, 20, 9, tzinfo=UTC)) == 0


def test_the_queries_do_not_grow_with_the_people(cohort, later):
    counts = []
    for number in (1, 3):
        for _ in range(number):
            answered(cohort)
        with CaptureQueriesContext(connection) as asked:
            assert continuing.tell_of_next_cohort(at=OPEN) == number
        counts.append(len(asked))

    assert counts[0] == counts[1]


# The next application


def full(cohort, wishes=True, **values):
    """Somebody who answered everything, with a sector that is closed by then."""
    kept = OptionFactory(programme=cohort.programme, name="Law")
    closed = OptionFactory(programme=cohort.programme, name="Coal", is_open=False)
    OptionFactory(programme=cohort.programme, fact="study_programme", name="MSc Europe")
    given = {
        "study_programme": "MSc Europe",
        "bio": "Hello",
        "country": "Belgium",
        "has_mentor_until": date(2026, 3, 31),
        "hold_until": date(2026, 3, 1),
        "reason": "You are in.",
    }
    application = answered(cohort, wishes=wishes, **{**given, **values})
    application.sectors.set([kept, closed])
    PolicyAcceptanceFactory(application=application)
    return application


def start(cohort, user):
    return writing.start(by=user, cohort=cohort, role="mentee", at=OPEN)


def test_who_said_yes_starts_from_their_answers_as_far_as_they_are_asked_and_open(cohort, later):
    before = full(cohort)

    draft = Application.objects.get(pk=start(later, before.user).pk)

    assert (draft.study_programme, draft.bio) == ("MSc Europe", "Hello")
    assert [option.name for option in draft.sectors.all()] == ["Law"]
    assert draft.country == ""


def test_a_hold_an_acceptance_and_a_decision_are_never_taken_over(cohort, later):
    draft = Application.objects.get(pk=start(later, full(cohort).user).pk)

    assert (draft.state, draft.has_mentor_until, draft.hold_until) == (State.DRAFT, None, None)
    assert (draft.decided_at, draft.reason, draft.submitted_at) == (None, "", None)
    assert not draft.acceptances.exists()


def test_a_course_that_is_offered_no_more_has_to_be_chosen_anew(cohort, later):
    before = full(cohort)
    cohort.programme.options.filter(fact="study_programme").update(is_open=False)

    assert start(later, before.user).study_programme == ""


def test_who_said_no_or_nothing_starts_blank(cohort, later):
    refused, silent = full(cohort, wishes=False), ApplicationFactory(cohort=cohort, bio="Hello")

    assert [start(later, person.user).bio for person in (refused, silent)] == ["", ""]


def test_somebody_elses_answers_are_never_taken_over(cohort, later):
    full(cohort)

    assert start(later, UserFactory()).bio == ""


def test_the_other_role_and_another_programme_are_not_looked_at(cohort, later):
    mentor = answered(cohort, made=MentorFactory, bio="As a mentor")
    elsewhere = answered(CohortFactory(), bio="Of another programme")

    assert [start(later, person.user).bio for person in (mentor, elsewhere)] == ["", ""]


def test_only_the_latest_round_counts(cohort, later):
    user = full(cohort).user
    answered(later, wishes=False, user=user)
    after = next_cohort(cohort, year=2027)

    draft = writing.start(by=user, cohort=after, role="mentee", at=datetime(2027, 10, 5, 9, tzinfo=UTC))

    assert draft.bio == ""


def test_a_draft_that_is_there_is_left_as_it_is(cohort, later):
    before = full(cohort)
    draft = start(later, before.user)
    writing.save_answers(draft, by=before.user, answers={"bio": "New"}, at=OPEN)

    assert start(later, before.user).bio == "New"


def test_the_page_is_filled_in_says_so_and_keeps_nothing_before_it_is_saved(client, cohort, later, clock):
    before = full(cohort)
    clock.move_to(OPEN)
    client.force_login(before.user)

    page = client.get("/programmes/alumni/apply/mentee/")
    form = page.context["form"]

    assert "This form starts from your answers of 2025–26" in page.content.decode()
    assert (form["study_programme"].value(), form["bio"].value()) == ("MSc Europe", "Hello")
    assert form["sectors"].value() == ["Law"]
    assert form["has_mentor_until"].value() is None
    assert Application.objects.count() == 1


def test_what_is_emptied_on_the_page_stays_empty(client, cohort, later, clock):
    before = full(cohort)
    clock.move_to(OPEN)
    client.force_login(before.user)

    client.post("/programmes/alumni/apply/mentee/", {"bio": "", "sectors": [], "later": "1"})

    draft = Application.objects.get(cohort=later)
    assert (draft.bio, draft.study_programme, draft.sectors.count()) == ("", "", 0)


def test_who_said_no_reads_of_no_earlier_answers(client, cohort, later, clock):
    before = full(cohort, wishes=False)
    clock.move_to(OPEN)
    client.force_login(before.user)

    page = client.get("/programmes/alumni/apply/mentee/")

    assert "starts from your answers" not in page.content.decode()
    assert page.context["form"]["bio"].value() is None
