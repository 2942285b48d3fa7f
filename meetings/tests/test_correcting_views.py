"""Pages on which people confirm, correct and strike what is noted."""

from datetime import date

import pytest

from meetings.models import Meeting
from meetings.tests.acts import NOW
from meetings.tests.factories import PlannedFactory, noted
from meetings.tests.pages import NOTED, log_url, page_of, said, url
from meetings.tests.people import members, person
from partnerships.models import AgreementAcceptance, EndReason
from partnerships.services import end
from partnerships.tests.factories import circle, pair
from programmes.tests.factories import PathwayFactory

pytestmark = pytest.mark.django_db


def test_one_button_confirms(client):
    partnership = pair()
    meeting = noted(partnership, logged_by=person(partnership, "mentor"))
    client.force_login(person(partnership))

    answer = client.post(url("confirm_meeting", meeting), follow=True)

    assert said(answer) == ["Thank you: you have confirmed it."]
    assert meeting.attendances.get(membership__part="mentee").confirmed_at == NOW


def test_confirming_takes_a_button_and_no_link(client):
    meeting = noted(pair())
    client.force_login(person(meeting.partnership))

    assert client.get(url("confirm_meeting", meeting)).status_code == 405
    assert meeting.attendances.filter(confirmed_at__isnull=False).count() == 0


def test_who_was_not_there_is_told_how_to_correct_it(client):
    partnership = circle()
    meeting = noted(partnership, present=members(partnership)[:2])
    client.force_login(members(partnership)[-1].application.user)

    answer = client.post(url("confirm_meeting", meeting), follow=True)

    assert said(answer) == ["You aren’t noted as having been there. If you were, correct it."]


@pytest.mark.clause("BM-7")
def test_the_facts_stand_in_the_form_and_are_corrected_there_with_who_was_there(client):
    partnership = circle()
    everybody = members(partnership)
    meeting = noted(partnership, present=everybody[:2])
    client.force_login(everybody[-1].application.user)

    form = client.get(url("correct_meeting", meeting)).context["form"]
    shown = form["held_on"].value(), form["minutes"].value(), form["attendees"].value()
    ticks = [row.pk for row in everybody]
    client.post(
        url("correct_meeting", meeting),
        {"held_on": "2025-12-11", "minutes": "45", "format": "video", "attendees": ticks},
    )

    assert shown == (date(2025, 12, 10), 60, [row.pk for row in everybody[:2]])
    meeting.refresh_from_db()
    assert (meeting.held_on, meeting.minutes, meeting.attendances.count()) == (date(2025, 12, 11), 45, 4)


def test_a_correction_to_the_day_of_another_is_refused_on_the_page(client):
    partnership = pair()
    meeting = noted(partnership)
    noted(partnership, held_on=date(2026, 1, 7))
    client.force_login(person(partnership))

    form = client.post(
        url("correct_meeting", meeting), {"held_on": "2026-01-07", "minutes": "45", "format": "video"}
    ).context["form"]

    assert form.non_field_errors()[0].startswith("A meeting on 7 January 2026 is logged already.")


def test_a_page_asks_before_a_meeting_is_struck(client):
    meeting = noted(pair())
    client.force_login(person(meeting.partnership))

    asked = client.get(url("strike_meeting", meeting))
    before = Meeting.objects.count()
    answer = client.post(url("strike_meeting", meeting))

    assert (asked.context["held_on"], before, Meeting.objects.count()) == (date(2025, 12, 10), 1, 0)
    assert answer.url == page_of(meeting.partnership)


@pytest.mark.clause("EI-2")
@pytest.mark.parametrize("name", NOTED)
def test_after_the_end_what_is_noted_stays(client, name):
    meeting = noted(pair())
    user = person(meeting.partnership)
    end(meeting.partnership, by=None, at=NOW, reason=EndReason.OFFICE)
    client.force_login(user)

    assert said(client.get(url(name, meeting), follow=True)) == [
        "What is noted of this meeting can’t be changed any more."
    ]


@pytest.mark.parametrize("name", NOTED)
def test_what_is_only_planned_has_nothing_noted(client, name):
    meeting = PlannedFactory(partnership=pair())
    client.force_login(person(meeting.partnership))

    assert said(client.get(url(name, meeting), follow=True)) == [
        "What is noted of this meeting can’t be changed any more."
    ]


@pytest.mark.clause("EI-6")
def test_no_field_of_a_correction_takes_words(client):
    meeting = noted(pair())
    client.force_login(person(meeting.partnership))

    page = client.get(url("correct_meeting", meeting)).content.decode()

    assert (page.count("<textarea"), page.count('type="text"')) == (0, 0)


@pytest.mark.clause("BM-5")
def test_who_has_not_accepted_what_the_circle_agrees_to_sees_no_names_to_tick(client):
    partnership = circle()
    PathwayFactory(programme=partnership.cohort.programme, kind="circle", agreement="Be kind.")
    meeting = noted(partnership)
    user = person(partnership)
    client.force_login(user)
    pages = [log_url(partnership), url("correct_meeting", meeting)]

    before = [said(client.get(page, follow=True)) for page in pages]
    AgreementAcceptance.objects.create(membership=members(partnership, "mentee")[0], round=1, accepted_at=NOW)
    after = [client.get(page).status_code for page in pages]

    assert before == [["First read and accept what your circle agrees to."]] * 2
    assert after == [200, 200]
