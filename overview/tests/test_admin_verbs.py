"""What the office can do from a partnership's page, without waiting for a flag (EI-6a, BM-7)."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from applications.tests.factories import MentorFactory
from outbox.models import Message
from overview.admin.verbs import VERBS
from overview.tests.answers import without_token
from partnerships import services
from partnerships.models import EndReason, Flag, Partnership
from partnerships.tests.factories import FlagFactory, circle, pair
from partnerships.tests.people import member
from programmes.tests.factories import CohortFactory, DutyFactory, PathwayFactory

pytestmark = pytest.mark.django_db
LIST = reverse("admin:partnerships_partnership_changelist")
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
OFFERED = [verb for verb in VERBS if not verb.needs_flag]
NAMES = [verb.name for verb in OFFERED]


@pytest.fixture
def cohort():
    cohort = CohortFactory()
    PathwayFactory(
        programme=cohort.programme,
        kind="circle",
        label="Circle",
        smallest=2,
        largest=6,
        agreement="We agree.",
    )
    return cohort


@pytest.fixture
def admin(cohort):
    return DutyFactory(programme=cohort.programme).user


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


def url(partnership, verb="change"):
    return reverse(f"admin:partnerships_partnership_{verb}", args=[partnership.pk])


def said(answer):
    return [str(message) for message in answer.context["messages"]]


@pytest.mark.parametrize(
    ("made", "buttons"),
    [
        (lambda cohort: pair(cohort), ["Pause", "End"]),
        (lambda cohort: pair(cohort, state="paused", paused_at=NOW), ["Resume", "End"]),
        (
            lambda cohort: circle(cohort),
            ["Pause", "Let somebody go", "Add a facilitator", "Merge with another circle", "End"],
        ),
        (lambda cohort: pair(cohort, state="ended", ended_at=NOW, end_reason="office"), []),
    ],
    ids=["pair", "paused pair", "circle", "ended pair"],
)
def test_its_page_offers_what_can_be_done(office, cohort, made, buttons):
    partnership = made(cohort)

    page = office.get(url(partnership))

    assert [verb.label for verb in page.context["verbs"]] == buttons
    for verb in page.context["verbs"]:
        assert f'href="{url(partnership, verb.name)}"' in page.content.decode()


def test_its_page_leads_to_what_waits_about_it(office, cohort):
    flag = FlagFactory(partnership=pair(cohort))
    settled = FlagFactory(partnership=flag.partnership, settled_at=NOW)

    text = office.get(url(flag.partnership)).content.decode()

    pages = [reverse("admin:partnerships_flag_change", args=[each.pk]) for each in (flag, settled)]
    assert [f'href="{page}"' in text for page in pages] == [True, False]


@pytest.mark.parametrize(("state", "shown"), [({}, True), ({"state": "paused", "paused_at": NOW}, False)])
def test_a_reminder_is_offered_while_it_runs(office, cohort, state, shown):
    page = office.get(url(pair(cohort, **state))).content.decode()

    assert ("Send a reminder…" in page) is shown


def test_a_reminder_from_its_page_is_shown_first_and_goes_back_there(office, cohort):
    partnership = pair(cohort)

    page = office.post(LIST, {"action": "remind", "_selected_action": [partnership.pk]})

    assert page.context["back"] == url(partnership)
    assert len(page.context["rehearsal"].readers) == 2
    assert Message.objects.count() == 0


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_of_others_and_of_ones_own_nothing_is_found(office, cohort, admin, name, method):
    own = circle(cohort, facilitator=MentorFactory(cohort=cohort, user=admin, can_facilitate=True))
    send = getattr(office, method)
    missing = send(reverse(f"admin:partnerships_partnership_{name}", args=[987654]))

    for partnership in (circle(), own):
        answer = send(url(partnership, name))
        assert (answer.status_code, without_token(answer)) == (404, without_token(missing))
    assert (Partnership.objects.active().count(), Message.objects.count()) == (2, 0)


@pytest.mark.clause("ALL-1")
def test_ones_own_page_offers_nothing(office, cohort, admin):
    page = office.get(url(pair(cohort, mentor=MentorFactory(cohort=cohort, user=admin))))

    assert (page.context["verbs"], page.context["runs"]) == ([], False)


@pytest.mark.parametrize("name", NAMES)
def test_every_verb_asks_once_more_and_a_get_changes_nothing(office, cohort, name):
    partnership = circle(cohort)
    if name == "resume":
        services.pause(partnership, by=None, at=NOW)
    before = Message.objects.count()

    page = office.get(url(partnership, name))

    assert page.context["verb"].says in without_token(page).replace("&#x27;", "'")
    assert Message.objects.count() == before


@pytest.mark.clause("EI-6a")
def test_pausing_and_resuming_tell_everybody(office, cohort):
    partnership = pair(cohort)

    paused = office.post(url(partnership, "pause"), follow=True)
    resumed = office.post(url(partnership, "resume"), follow=True)

    assert [said(paused), said(resumed)] == [
        ["Paused. Everybody in it is told."],
        ["It goes on. Everybody in it is told."],
    ]
    assert paused.redirect_chain == [(url(partnership), 302)]
    assert Message.objects.count() == 4


@pytest.mark.clause("EI-2")
@pytest.mark.parametrize(("asked", "reason"), [(False, EndReason.OFFICE), (True, EndReason.LEAVING)])
def test_ending_asks_who_would_like_somebody_new(office, cohort, asked, reason):
    partnership = pair(cohort)
    mentor, mentee = (member(partnership, part).application for part in ("mentor", "mentee"))
    if asked:
        asks = {"membership": member(partnership), "reason": "fit", "wants_new_partner": False}
        FlagFactory(partnership=partnership, kind="leaving", **asks)

    office.post(url(partnership, "end"), {"rematch": [mentor.pk]})

    partnership.refresh_from_db()
    mentee.refresh_from_db()
    assert (partnership.state, partnership.end_reason, mentee.state) == ("ended", reason, "withdrawn")
    assert Flag.objects.open().count() == 0


@pytest.mark.clause("BM-7")
def test_nobody_is_preset_to_leave_a_circle(office, cohort):
    partnership = circle(cohort)
    leaver = member(partnership)
    form = office.get(url(partnership, "let_go")).context["form"]

    office.post(url(partnership, "let_go"), {"membership": leaver.pk})

    leaver.refresh_from_db()
    assert (form.initial["membership"], leaver.left_on) == (None, NOW.date())


def test_what_was_done_meanwhile_is_said_kindly(office, cohort):
    partnership = pair(cohort, state="ended", ended_at=NOW, end_reason="office")

    for name in NAMES:
        answer = office.post(url(partnership, name), follow=True)
        assert said(answer) == ["That has been done meanwhile, or isn’t possible any more."]


@pytest.mark.parametrize("name", ["add_facilitator", "merge"])
def test_where_there_is_nobody_to_choose_the_page_says_so_and_has_no_button(office, cohort, name):
    page = office.get(url(circle(cohort), name))

    assert page.context["form"].why_not in page.content.decode()
    assert 'type="submit" class="default"' not in page.content.decode()


def test_a_refusal_of_the_service_is_said_on_the_page(office, cohort, admin):
    partnership = circle(cohort, members=2)
    own = circle(cohort, facilitator=MentorFactory(cohort=cohort, user=admin, can_facilitate=True))

    answer = office.post(url(partnership, "merge"), {"into": own.pk})

    assert "let anybody into a partnership of your own" in answer.content.decode()
    assert Partnership.objects.active().count() == 2


@pytest.mark.clause("BM-5")
def test_circles_whose_agreement_somebody_still_owes_are_found(office, cohort):
    owing, left = circle(cohort), circle(cohort)
    left.memberships.update(left_on=date(2026, 1, 5), stayed_to_the_end=False)
    pair(cohort)

    found = office.get(LIST, {"look": "agreement"}).context["cl"].result_list

    assert [row.pk for row in found] == [owing.pk]
