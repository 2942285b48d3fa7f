"""The office's pages for what waits about a partnership."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.models import Application
from applications.tests.factories import ApplicationFactory, MentorFactory, PolicyAcceptanceFactory
from outbox.models import Message
from overview.admin.verbs import VERBS
from overview.tests.answers import without_token
from partnerships import services
from partnerships.models import EndReason, Flag, Partnership
from partnerships.tests.factories import FlagFactory, circle, pair
from partnerships.tests.people import member, user
from programmes.models import Duty
from programmes.tests.factories import CohortFactory, DutyFactory, PathwayFactory

pytestmark = pytest.mark.django_db
LIST = reverse("admin:partnerships_flag_changelist")
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
NAMES = [verb.name for verb in VERBS]


@pytest.fixture
def cohort():
    cohort = CohortFactory()
    PathwayFactory(programme=cohort.programme, kind="circle", label="Circle", smallest=2, largest=6)
    return cohort


@pytest.fixture
def admin(cohort):
    return DutyFactory(programme=cohort.programme).user


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


def leaving(partnership, part="mentee", wants=True, **fields):
    details = {"kind": "leaving", "reason": "fit", "line": "CanaryLine", "wants_new_partner": wants}
    return FlagFactory(partnership=partnership, membership=member(partnership, part), **details | fields)


def url(flag, verb="change"):
    return reverse(f"admin:partnerships_flag_{verb}", args=[flag.pk])


def ready(factory, cohort, **fields):
    return PolicyAcceptanceFactory(application=factory(cohort=cohort, **fields)).application


def labels(page):
    return [verb.label for verb in page.context["verbs"]]


def said(answer):
    return [str(message) for message in answer.context["messages"]]


# The list


def test_what_waits_longest_stands_first_with_whom_it_is_about(office, cohort):
    newer = FlagFactory(partnership=circle(cohort))
    older = leaving(pair(cohort), raised_at=datetime(2026, 1, 2, 9, tzinfo=UTC))
    FlagFactory(partnership=pair(cohort), settled_at=NOW)

    page = office.get(LIST)
    text = page.content.decode()

    assert list(page.context["cl"].result_list) == [older, newer]
    for partnership in (older.partnership, newer.partnership):
        assert user(partnership).name in text
    assert "12 days" in text
    assert newer.partnership.name in text
    assert "CanaryLine" not in text


@pytest.mark.parametrize(("asked", "count"), [({}, 1), ({"settled": "yes"}, 2), ({"settled": "all"}, 3)])
def test_settled_ones_are_shown_on_request(office, cohort, asked, count):
    FlagFactory(partnership=pair(cohort))
    for _ in range(2):
        FlagFactory(partnership=pair(cohort), settled_at=NOW)

    assert len(office.get(LIST, asked).context["cl"].result_list) == count


@pytest.mark.clause("ALL-1")
def test_the_list_holds_flags_of_ones_own_programmes_and_none_about_oneself(office, cohort, admin):
    own = FlagFactory(partnership=pair(cohort))
    FlagFactory(partnership=pair())
    mine = FlagFactory(partnership=pair(cohort, mentor=MentorFactory(cohort=cohort, user=admin)))

    page = office.get(LIST, {"settled": "all"})

    assert list(page.context["cl"].result_list) == [own]
    assert user(mine.partnership).name not in page.content.decode()


@pytest.mark.parametrize("kind", [Duty.Kind.ELIGIBILITY, Duty.Kind.CONCERNS, None])
def test_only_who_administers_a_programme_opens_it(client, cohort, kind):
    person = UserFactory()
    if kind:
        DutyFactory(user=person, kind=kind, programme=cohort.programme)
    client.force_login(person)

    assert client.get(LIST, follow=True).status_code == 403


@pytest.mark.parametrize("search", ["", "Person"])
def test_the_list_asks_the_database_as_often_for_one_row_as_for_three(
    office, cohort, search, django_assert_num_queries, django_assert_max_num_queries
):
    leaving(pair(cohort))
    office.get(LIST)
    with django_assert_max_num_queries(25) as for_one:
        office.get(LIST, {"q": search})
    leaving(pair(cohort))
    FlagFactory(partnership=circle(cohort))

    with django_assert_num_queries(len(for_one)):
        assert len(office.get(LIST, {"q": search}).context["cl"].result_list) == 3


# One flag


@pytest.mark.clause("EI-1b")
def test_its_page_says_what_was_said_and_by_whom_and_leads_to_the_partnership(office, cohort):
    flag = leaving(pair(cohort), wants=False)
    other = FlagFactory(partnership=flag.partnership)

    text = office.get(url(flag)).content.decode()

    assert [part in text for part in ("CanaryLine", "We aren’t the right match", "No thank you")] == [
        True
    ] * 3
    assert user(flag.partnership).name in text
    assert reverse("admin:partnerships_partnership_change", args=[flag.partnership_id]) in text
    assert url(other) in text


@pytest.mark.parametrize(
    ("made", "buttons"),
    [
        (lambda cohort: pair(cohort), ["Settle", "Pause", "End"]),
        (lambda cohort: pair(cohort, state="paused", paused_at=NOW), ["Settle", "Resume", "End"]),
        (
            lambda cohort: circle(cohort),
            ["Settle", "Pause", "Let somebody go", "Add a facilitator", "Merge with another circle", "End"],
        ),
        (
            lambda cohort: pair(cohort, state="ended", ended_at=NOW, end_reason="office"),
            ["Settle"],
        ),
    ],
    ids=["pair", "paused pair", "circle", "ended pair"],
)
def test_its_buttons_are_what_can_be_done(office, cohort, made, buttons):
    flag = FlagFactory(partnership=made(cohort))

    page = office.get(url(flag))

    assert labels(page) == buttons
    for verb in page.context["verbs"]:
        assert f'href="{url(flag, verb.name)}"' in page.content.decode()


def test_a_settled_one_says_who_settled_it(office, cohort, admin):
    by_hand = FlagFactory(partnership=pair(cohort), settled_at=NOW, settled_by=admin)
    by_clock = FlagFactory(partnership=pair(cohort), settled_at=NOW)

    assert f"by {admin.name}" in office.get(url(by_hand)).content.decode()
    assert "by itself" in office.get(url(by_clock)).content.decode()


def test_nothing_of_it_is_written_by_hand(office, cohort):
    flag = leaving(pair(cohort))

    assert office.post(url(flag), {"line": "Other"}).status_code == 403
    assert office.get(reverse("admin:partnerships_flag_add")).status_code == 403
    assert office.post(url(flag, "delete")).status_code == 403
    assert Flag.objects.get().line == "CanaryLine"


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_flags_of_others_and_about_oneself_are_nowhere(office, cohort, admin, name, method):
    own = circle(cohort, facilitator=MentorFactory(cohort=cohort, user=admin, can_facilitate=True))
    left = circle(cohort)
    left.memberships.filter(pk=member(left).pk).update(left_on=date(2026, 1, 5))
    Application.objects.filter(pk=member(left).application_id).update(user=admin)
    flags = [FlagFactory(partnership=made) for made in (circle(), own, left)]
    send = getattr(office, method)
    missing = send(reverse(f"admin:partnerships_flag_{name}", args=[987654]))

    for flag in flags:
        answer = send(url(flag, name))
        assert (answer.status_code, without_token(answer)) == (404, without_token(missing))
    assert [office.get(url(flag)).status_code for flag in flags] == [302] * 3
    assert (Flag.objects.open().count(), Partnership.objects.active().count()) == (3, 3)


@pytest.mark.parametrize("name", NAMES)
def test_every_verb_asks_once_more_and_a_get_changes_nothing(office, cohort, name):
    made = circle(cohort)
    made.memberships.filter(part="facilitator").update(left_on=date(2026, 1, 5))
    if name == "resume":
        services.pause(made, by=None, at=NOW)
    flag = FlagFactory(partnership=made, kind="unled")
    before = Message.objects.count()

    page = office.get(url(flag, name))

    assert page.context["verb"].says in without_token(page).replace("&#x27;", "'")
    assert (Flag.objects.open().count(), Message.objects.count()) == (1, before)


# What the verbs do


def test_settling_tells_nobody(office, cohort, admin):
    flag = FlagFactory(partnership=pair(cohort))

    answer = office.post(url(flag, "settle"), follow=True)

    flag.refresh_from_db()
    assert (said(answer), flag.settled_by, Message.objects.count()) == (["Settled."], admin, 0)


@pytest.mark.clause("EI-6a")
def test_pausing_and_resuming_tell_everybody(office, cohort):
    flag = FlagFactory(partnership=pair(cohort))

    paused = office.post(url(flag, "pause"), follow=True)
    resumed = office.post(url(flag, "resume"), follow=True)

    assert [said(paused), said(resumed)] == [
        ["Paused. Everybody in it is told."],
        ["It goes on. Everybody in it is told."],
    ]
    assert Message.objects.count() == 4


@pytest.mark.clause("EI-1b")
def test_ending_comes_ticked_as_people_wished_and_settles_what_waited(office, cohort):
    flag = leaving(pair(cohort), wants=False)
    mentor, mentee = member(flag.partnership, "mentor").application, member(flag.partnership).application
    form = office.get(url(flag, "end")).context["form"]

    answer = office.post(url(flag, "end"), {"rematch": form.initial["rematch"]}, follow=True)

    partnership = Partnership.objects.get()
    mentee.refresh_from_db()
    assert form.initial["rematch"] == [mentor.pk]
    assert (partnership.state, partnership.end_reason, mentee.state) == (
        "ended",
        EndReason.LEAVING,
        "withdrawn",
    )
    assert said(answer) == ["Ended. Everybody in it is told."]
    assert Flag.objects.open().count() == 0


def test_the_office_may_tick_otherwise(office, cohort):
    flag = FlagFactory(partnership=pair(cohort))
    mentee, mentor = member(flag.partnership).application, member(flag.partnership, "mentor").application

    office.post(url(flag, "end"), {"rematch": [mentee.pk]})

    mentor.refresh_from_db()
    assert (Partnership.objects.get().end_reason, mentor.places) == (EndReason.OFFICE, 0)


def test_letting_go_is_preset_with_who_asked(office, cohort):
    flag = leaving(circle(cohort), wants=False)
    form = office.get(url(flag, "let_go")).context["form"]

    office.post(url(flag, "let_go"), {"membership": flag.membership_id})

    leaver = member(flag.partnership)
    assert form.initial == {"membership": leaver.pk, "wants_new_partner": False}
    assert (leaver.left_on, leaver.application.state) == (NOW.date(), "withdrawn")


def test_a_wrong_choice_stands_beside_its_field(office, cohort):
    flag, elsewhere = FlagFactory(partnership=circle(cohort)), circle(cohort)
    sent = {
        "let_go": {"membership": member(elsewhere).pk},
        "merge": {"into": flag.partnership_id},
        "add_facilitator": {"application": member(elsewhere, "facilitator").application_id},
        "end": {"rematch": [member(elsewhere).application_id]},
    }

    errors = {
        name: list(office.post(url(flag, name), data).context["form"].errors) for name, data in sent.items()
    }

    assert errors == {name: list(data) for name, data in sent.items()}
    assert (Partnership.objects.active().count(), Message.objects.count()) == (2, 0)


@pytest.mark.clause("BM-7")
def test_merging_offers_circles_with_room(office, cohort):
    flag, fits = FlagFactory(partnership=circle(cohort, members=2)), circle(cohort, members=3)
    circle(cohort, members=5)
    circle()

    form = office.get(url(flag, "merge")).context["form"]
    offered = [label for _, label in form.fields["into"].choices]
    answer = office.post(url(flag, "merge"), {"into": fits.pk}, follow=True)

    assert offered == [f"{fits.name}: 3 of 6 mentees"]
    assert said(answer) == ["The two circles are one. Everybody is told."]
    assert fits.memberships.current().filter(part="mentee").count() == 5


@pytest.mark.clause("BM-7")
def test_a_circle_without_a_facilitator_is_given_one_who_offered_and_leads_none(office, cohort):
    made = circle(cohort)
    circle(cohort)
    made.memberships.filter(part="facilitator").update(left_on=date(2026, 1, 5), stayed_to_the_end=False)
    flag = FlagFactory(partnership=made, kind="unled")
    lead = ready(MentorFactory, cohort, can_facilitate=True)
    ready(MentorFactory, cohort)
    ready(MentorFactory, cohort, can_facilitate=True, state="waitlisted")

    form = office.get(url(flag, "add_facilitator")).context["form"]
    offered = {pk.value for pk, _ in form.fields["application"].choices}
    answer = office.post(url(flag, "add_facilitator"), {"application": lead.pk}, follow=True)

    assert offered == {lead.pk, member(made, "facilitator").application_id}
    assert said(answer) == ["The circle has a new facilitator. Everybody is told."]


def test_a_refusal_of_the_service_is_said_on_the_page(office, cohort, admin):
    flag = FlagFactory(partnership=circle(cohort, members=2))
    own = circle(cohort, facilitator=MentorFactory(cohort=cohort, user=admin, can_facilitate=True))

    answer = office.post(url(flag, "merge"), {"into": own.pk})

    assert "let anybody into a partnership of your own" in answer.content.decode()
    assert Partnership.objects.active().count() == 2


def test_what_was_done_meanwhile_is_said_kindly(office, cohort):
    flag = FlagFactory(partnership=pair(cohort, state="ended", ended_at=NOW, end_reason="office"))

    for name in ("pause", "resume", "end", "let_go", "merge", "add_facilitator"):
        answer = office.post(url(flag, name), follow=True)
        assert said(answer) == ["That has been done meanwhile, or isn’t possible any more."]


def test_who_never_applied_to_the_cohort_is_offered_nowhere(office, cohort):
    flag = FlagFactory(partnership=circle(cohort))
    other = ready(MentorFactory, CohortFactory(), can_facilitate=True)
    ready(ApplicationFactory, cohort)

    form = office.get(url(flag, "add_facilitator")).context["form"]

    assert other.pk not in {pk for pk, _ in form.fields["application"].choices}
