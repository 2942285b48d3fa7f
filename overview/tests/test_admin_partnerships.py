"""The office's list of partnerships and the page of one: how they stand, what happened, what it can do."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from applications.tests.factories import AbsenceFactory, ApplicationFactory, MentorFactory
from meetings.models import ContactFrequency, Meeting, Nudge, NudgeLine
from meetings.tests.factories import ContactFrequencyFactory, MeetingFactory
from outbox.models import Message
from overview.tests.answers import without_token
from partnerships.models import Disclosure, Flag, State
from partnerships.tests.factories import FlagFactory, circle, pair
from programmes.models import Wording
from programmes.tests.factories import CohortFactory, DutyFactory, ProgrammeFactory
from programmes.tests.pages import filled_in

pytestmark = pytest.mark.django_db

LIST = reverse("admin:partnerships_partnership_changelist")
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def programme():
    """It keeps a rhythm of four to six weeks: who was introduced on 1 December and never met is late since Tuesday."""
    return ProgrammeFactory(weeks_between_meetings_least=4, weeks_between_meetings_most=6)


@pytest.fixture
def cohort(programme):
    return CohortFactory(programme=programme)


@pytest.fixture
def administrator(programme):
    return DutyFactory(programme=programme).user


@pytest.fixture
def office(client, administrator):
    """The client, signed in as an administrator of the programme."""
    client.force_login(administrator)
    return client


def page_of(partnership):
    return reverse("admin:partnerships_partnership_change", args=[partnership.pk])


def log_page(partnership):
    return reverse("admin:partnerships_partnership_log_meeting", args=[partnership.pk])


def names(partnership):
    members = partnership.memberships.select_related("application__user").order_by("pk")
    return [member.application.user.name for member in members]


def listed(client, **query):
    return {row.pk: row for row in client.get(LIST, query).context["cl"].result_list}


def standing(client, partnership):
    return listed(client)[partnership.pk].standing


def with_me(cohort, user):
    """A pair in which the administrator is the mentor."""
    return pair(mentor=MentorFactory(cohort=cohort, user=user))


def moments(client, partnership):
    shown = client.get(page_of(partnership)).context["moments"]
    return [(moment.what, moment.who) for moment in shown]


def said(answer):
    return sorted(str(message) for message in answer.context["messages"])


# How they stand


@pytest.mark.clause("BM-5")
def test_a_rhythm_shows_how_many_meetings_were_held_and_when_the_last_was(office, cohort):
    partnership = pair(cohort=cohort)
    MeetingFactory(partnership=partnership)
    MeetingFactory(partnership=partnership, held_on=date(2026, 1, 12))
    MeetingFactory(
        partnership=partnership,
        state="planned",
        held_on=None,
        logged_at=None,
        starts_at=datetime(2026, 2, 12, 14, tzinfo=UTC),
        planned_at=NOW,
    )

    shown = standing(office, partnership)

    assert (shown.meetings, shown.is_overdue) == ("2 · last 12 January", False)


@pytest.mark.clause("EI-1b")
def test_official_meetings_are_shown_as_held_of_expected(office, programme, cohort):
    programme.official_meetings = 3
    programme.save()
    partnership = pair(cohort=cohort)
    MeetingFactory(partnership=partnership, is_official=True)
    MeetingFactory(partnership=partnership, is_official=False, held_on=date(2026, 1, 9))

    assert standing(office, partnership).meetings == "1 of 3"


@pytest.mark.clause("BM-5")
def test_who_is_late_with_a_meeting_is_marked(office, cohort):
    partnership = pair(cohort=cohort)

    shown = standing(office, partnership)

    assert (shown.meetings, shown.is_overdue) == ("None yet", True)
    assert 'None yet <span class="state state-warn">Overdue</span>' in office.get(LIST).content.decode()


@pytest.mark.clause("BM-11")
def test_a_row_shows_the_last_sign_of_life_who_is_away_and_what_waits_for_the_office(office, cohort):
    partnership = pair(cohort=cohort)
    mentee = partnership.memberships.get(part="mentee")
    AbsenceFactory(application=mentee.application, from_on=TODAY, until_on=date(2026, 1, 20))
    FlagFactory(partnership=partnership, kind=Flag.Kind.HELP, membership=mentee)
    FlagFactory(partnership=partnership, kind=Flag.Kind.BROKEN)
    FlagFactory(partnership=partnership, kind=Flag.Kind.SQUEEZED, settled_at=NOW)

    shown = standing(office, partnership)

    assert shown.last_sign_at == partnership.introduced_at
    assert shown.away == (f"{mentee.application.user.name} until 20 January",)
    assert sorted(shown.flags) == ["No meeting for too long", "Somebody asked for help"]


@pytest.mark.clause("EI-1d")
def test_who_is_back_or_not_gone_yet_is_not_away(office, cohort):
    partnership = pair(cohort=cohort)
    mentor, mentee = (member.application for member in partnership.memberships.order_by("pk"))
    AbsenceFactory(
        application=mentor, from_on=date(2026, 1, 5), until_on=date(2026, 1, 20), returned_on=TODAY
    )
    AbsenceFactory(application=mentee, from_on=date(2026, 1, 15), until_on=date(2026, 1, 20))

    assert standing(office, partnership).away == ()


def full_row(cohort):
    """A pair about which there is something to say in every column."""
    partnership = pair(cohort=cohort)
    mentor, mentee = partnership.memberships.order_by("pk")
    MeetingFactory(partnership=partnership).attendances.create(membership=mentor, confirmed_at=NOW)
    ContactFrequencyFactory(partnership=partnership, agreed_by=mentor.application.user)
    FlagFactory(partnership=partnership, kind=Flag.Kind.HELP, membership=mentee)
    FlagFactory(partnership=partnership)
    AbsenceFactory(application=mentor.application, from_on=TODAY)
    nudge = Nudge.objects.create(user=mentee.application.user, on=date(2026, 1, 13))
    NudgeLine.objects.create(nudge=nudge, membership=mentee, occasion=1, step=1)
    return partnership


@pytest.mark.parametrize("look", ["", "overdue", "flag", "never", "away", "paused", "agreement"])
def test_the_list_asks_the_database_as_often_for_one_row_as_for_three(
    office, cohort, look, django_assert_num_queries, django_assert_max_num_queries
):
    full_row(cohort)
    office.get(LIST)
    with django_assert_max_num_queries(35) as for_one:
        office.get(LIST, {"look": look} if look else {})
    full_row(cohort)
    full_row(cohort)

    with django_assert_num_queries(len(for_one)):
        office.get(LIST, {"look": look} if look else {})


# What needs a look


@pytest.mark.clause("BM-5")
def test_the_office_finds_what_needs_a_look(office, cohort):
    late = pair(cohort=cohort)
    met = pair(cohort=cohort)
    MeetingFactory(partnership=met, held_on=date(2026, 1, 9))
    paused = pair(cohort=cohort, state=State.PAUSED, paused_at=NOW)
    MeetingFactory(partnership=paused)
    asks = pair(cohort=cohort, introduced_at=NOW)
    FlagFactory(partnership=asks, kind=Flag.Kind.HELP, membership=asks.memberships.get(part="mentee"))
    FlagFactory(partnership=late, settled_at=NOW)
    AbsenceFactory(application=met.memberships.get(part="mentor").application, from_on=TODAY)
    pair(cohort=cohort, state=State.ENDED, ended_at=NOW, end_reason="office")

    found = {look: set(listed(office, look=look)) for look in ("overdue", "flag", "never", "away", "paused")}

    assert found == {
        "overdue": {late.pk},
        "flag": {asks.pk},
        "never": {late.pk, asks.pk},
        "away": {met.pk},
        "paused": {paused.pk},
    }


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize("look", ["overdue", "flag", "never", "away", "paused", "agreement"])
def test_no_look_finds_anything_of_another_programme(office, programme, look):
    rhythm = {"weeks_between_meetings_least": 4, "weeks_between_meetings_most": 6}
    elsewhere = CohortFactory(programme=ProgrammeFactory(**rhythm))
    late = pair(cohort=elsewhere)
    FlagFactory(partnership=late)
    AbsenceFactory(application=late.memberships.get(part="mentor").application, from_on=TODAY)
    pair(cohort=elsewhere, state=State.PAUSED, paused_at=NOW)

    assert listed(office, look=look) == {}


# Who administers and takes part


@pytest.mark.clause("ALL-1")
def test_a_row_of_ones_own_shows_no_flags_no_absence_and_no_sign_of_life(office, cohort, administrator):
    own = with_me(cohort, administrator)
    FlagFactory(partnership=own)
    mentee = own.memberships.get(part="mentee").application
    AbsenceFactory(application=mentee, from_on=TODAY)

    shown = standing(office, own)
    page = office.get(LIST).content.decode()

    assert (shown.is_own, shown.flags, shown.away, shown.last_sign_at) == (True, (), (), None)
    assert "Yours: a colleague looks after it" in page
    assert "No meeting for too long" not in page


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize("look", ["flag", "away"])
def test_no_look_tells_what_the_row_of_ones_own_does_not(office, cohort, administrator, look):
    own = with_me(cohort, administrator)
    FlagFactory(partnership=own)
    AbsenceFactory(application=own.memberships.get(part="mentee").application, from_on=TODAY)

    assert listed(office, look=look) == {}


@pytest.mark.clause("ALL-1")
def test_the_page_of_ones_own_has_no_timeline_no_flags_and_no_button(office, cohort, administrator):
    own = with_me(cohort, administrator)
    FlagFactory(partnership=own)
    AbsenceFactory(application=own.memberships.get(part="mentee").application, from_on=TODAY)

    page = office.get(page_of(own))

    assert (page.context["moments"], page.context["flags"], page.context["log_url"]) == ([], [], None)
    assert page.context["standing"].away == ()
    assert "a colleague looks after it" in page.content.decode()
    assert office.get(log_page(own)).status_code == 404
    assert office.post(log_page(own), {}).status_code == 404


@pytest.mark.clause("ALL-1")
def test_who_once_was_in_a_circle_leaves_it_to_a_colleague_too(office, cohort, administrator):
    partnership = circle(cohort=cohort)
    member = partnership.memberships.filter(part="mentee").first()
    member.application = ApplicationFactory(cohort=cohort, user=administrator)
    member.left_on = date(2026, 1, 5)
    member.save()

    assert standing(office, partnership).is_own
    assert moments(office, partnership) == []


@pytest.mark.clause("ALL-1")
def test_nobody_ends_or_reminds_a_partnership_of_their_own(office, cohort, administrator):
    own = with_me(cohort, administrator)
    ticked = {"_selected_action": [own.pk], "confirmed": "yes"}

    ended = office.post(LIST, {"action": "end", **ticked}, follow=True)
    reminded = office.post(LIST, {"action": "remind", **ticked}, follow=True)

    own.refresh_from_db()
    assert own.state == State.ACTIVE
    assert ["of your own" in text for text in said(ended)] == [True]
    assert ["you are in this partnership yourself" in text for text in said(reminded)] == [True, True]
    assert not Message.objects.exists()


# The page of one


@pytest.mark.clause("EI-6")
def test_the_page_shows_where_they_stand_and_everything_that_happened(office, cohort):
    partnership = full_row(cohort)
    mentor, mentee = names(partnership)

    page = office.get(page_of(partnership))
    text = page.content.decode()

    assert {flag.kind for flag in page.context["flags"]} == {"help", "broken"}
    for words in (mentor, mentee, "Somebody asked for help", "1 meeting so far", "until 28 January"):
        assert words in text
    assert "Contact between meetings agreed: Every week" in text


@pytest.mark.clause("EI-6")
def test_the_page_names_no_place_no_reason_and_nothing_of_a_concern(office, cohort):
    partnership = pair(cohort=cohort)
    mentee = partnership.memberships.get(part="mentee")
    MeetingFactory(
        partnership=partnership,
        state="planned",
        held_on=None,
        logged_at=None,
        place="https://canary.example/room",
        starts_at=datetime(2026, 2, 12, 14, tzinfo=UTC),
        planned_at=NOW,
    )
    FlagFactory(
        partnership=partnership,
        kind=Flag.Kind.LEAVING,
        membership=mentee,
        reason="fit",
        line="canary line",
        wants_new_partner=True,
    )

    text = office.get(page_of(partnership)).content.decode()

    assert "Meeting planned for 12 February 2026, 14:00" in text
    assert [word for word in ("canary", "right match", "oncern") if word in text] == []


@pytest.mark.clause("EI-6")
def test_the_page_asks_the_database_as_often_for_much_as_for_little(
    office, cohort, django_assert_num_queries, django_assert_max_num_queries
):
    partnership = full_row(cohort)
    office.get(page_of(partnership))
    with django_assert_max_num_queries(45) as for_one:
        office.get(page_of(partnership))
    mentor, mentee = partnership.memberships.order_by("pk")
    for day in (2, 3, 4):
        held = MeetingFactory(
            partnership=partnership, held_on=date(2026, 1, day), logged_by=mentor.application.user
        )
        held.attendances.create(membership=mentee, confirmed_at=NOW)
        FlagFactory(
            partnership=partnership,
            kind=Flag.Kind.SQUEEZED,
            settled_at=NOW,
            settled_by=mentor.application.user,
        )
        nudge = Nudge.objects.create(user=mentor.application.user, on=date(2026, 1, day))
        NudgeLine.objects.create(nudge=nudge, membership=mentor, occasion=day, step=1)

    with django_assert_num_queries(len(for_one)):
        office.get(page_of(partnership))


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize("method", ["get", "post"])
def test_for_another_programmes_partnership_there_is_nothing_to_log(office, method):
    elsewhere = pair()
    address = log_page(elsewhere)

    theirs = getattr(office, method)(address)
    missing = getattr(office, method)(address.replace(f"/{elsewhere.pk}/", "/987654/"))

    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert without_token(theirs) == without_token(missing)


# A meeting that the office notes


@pytest.mark.clause("BM-11")
def test_the_office_notes_the_first_meeting_of_a_pair_for_them(office, cohort, administrator):
    partnership = pair(cohort=cohort)
    assert log_page(partnership) in office.get(page_of(partnership)).content.decode()
    form = filled_in(office.get(log_page(partnership)), "log_meeting_form")

    answer = office.post(
        log_page(partnership),
        form | {"held_on": "2026-01-09", "minutes": "45", "format": "in_person", "frequency": "monthly"},
    )

    meeting = Meeting.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, page_of(partnership))
    assert (meeting.held_on, meeting.minutes, meeting.format, meeting.logged_by) == (
        date(2026, 1, 9),
        45,
        "in_person",
        administrator,
    )
    assert list(meeting.attendances.values_list("confirmed_at", flat=True)) == [None, None]
    assert ContactFrequency.objects.get().frequency == "monthly"
    assert (
        "Meeting held on 9 January 2026: 45 minutes, in person",
        f"noted by {administrator.name}",
    ) in moments(office, partnership)


@pytest.mark.clause("BM-7")
def test_the_office_ticks_who_was_in_a_circle_and_nobody_is_ticked_before(office, cohort):
    partnership = circle(cohort=cohort, members=3)
    members = list(partnership.memberships.order_by("pk"))
    form = filled_in(office.get(log_page(partnership)), "log_meeting_form")

    answer = office.post(
        log_page(partnership),
        form | {"held_on": "2026-01-09", "format": "video", "attendees": [members[0].pk, members[2].pk]},
    )

    assert "attendees" not in form
    assert answer.status_code == 302, answer.context["form"].errors
    assert set(Meeting.objects.get().attendances.values_list("membership", flat=True)) == {
        members[0].pk,
        members[2].pk,
    }


def test_what_is_wrong_is_said_beside_its_field(office, cohort):
    partnership = pair(cohort=cohort)

    answer = office.post(log_page(partnership), {"held_on": "2026-03-01", "minutes": "2", "format": "video"})

    assert set(answer.context["form"].errors) == {"held_on", "minutes"}
    assert "That day is still to come." in answer.content.decode()
    assert not Meeting.objects.exists()


def test_no_meeting_is_noted_once_the_office_has_ended_it(office, cohort):
    over = pair(cohort=cohort, state=State.ENDED, ended_at=NOW, end_reason="office")

    assert office.get(page_of(over)).context["log_url"] is None
    assert office.get(log_page(over)).status_code == 404


def test_opening_the_form_changes_nothing(office, cohort):
    partnership = pair(cohort=cohort)

    office.get(log_page(partnership), {"held_on": "2026-01-09", "minutes": "45", "format": "video"})

    assert not Meeting.objects.exists()


# A reminder by hand


@pytest.mark.clause("BM-5")
def test_a_reminder_is_read_before_it_is_sent_and_reading_sends_nothing(office, programme, cohort):
    Wording.objects.create(
        programme=programme, kind="reminder", text="Dear {name}, find a day with {partner}."
    )
    partnership, resting = pair(cohort=cohort), pair(cohort=cohort)
    away = resting.memberships.get(part="mentor").application
    AbsenceFactory(application=away, from_on=TODAY)
    ticked = {"action": "remind", "_selected_action": [partnership.pk, resting.pk]}

    page = office.post(LIST, ticked)

    rehearsal = page.context["rehearsal"]
    assert set(rehearsal.readers) == set(names(partnership))
    assert sorted(rehearsal.left) == sorted((name, "somebody is away") for name in names(resting))
    assert rehearsal.reader in names(partnership)
    assert f"Dear {rehearsal.reader}, find a day with" in rehearsal.text
    assert "Send 2 reminders" in page.content.decode()
    for model in (Message, Nudge, NudgeLine, Disclosure):
        assert not model.objects.exists()


@pytest.mark.clause("BM-5")
def test_what_was_read_is_then_sent_and_who_is_left_out_is_named(office, cohort):
    partnership, resting = pair(cohort=cohort), pair(cohort=cohort, state=State.PAUSED, paused_at=NOW)
    ticked = {"action": "remind", "_selected_action": [partnership.pk, resting.pk], "confirmed": "yes"}

    answer = office.post(LIST, ticked, follow=True)

    assert said(answer) == sorted(
        [
            "Reminders on their way: 2.",
            *(f"{name}: not reminded, since it is paused." for name in names(resting)),
        ]
    )
    addresses = set(partnership.memberships.values_list("application__user__email", flat=True))
    assert set(Message.objects.values_list("to", flat=True)) == addresses


def test_where_nobody_would_get_it_there_is_nothing_to_send(office, cohort):
    paused = pair(cohort=cohort, state=State.PAUSED, paused_at=NOW)

    page = office.post(LIST, {"action": "remind", "_selected_action": [paused.pk]}).content.decode()

    assert "Nobody would get it." in page
    assert "reminders" not in page.partition('class="submit-row"')[2]


@pytest.mark.clause("ALL-1")
def test_nobody_reminds_people_of_another_programme(office):
    elsewhere = pair()

    office.post(LIST, {"action": "remind", "_selected_action": [elsewhere.pk], "confirmed": "yes"})

    assert not Message.objects.exists()


def test_a_superuser_who_administers_and_takes_part_in_nothing_sees_it_all(client, cohort):
    partnership = full_row(cohort)
    client.force_login(DutyFactory(programme=cohort.programme, user__is_superuser=True).user)

    assert not standing(client, partnership).is_own
    assert moments(client, partnership) != []
