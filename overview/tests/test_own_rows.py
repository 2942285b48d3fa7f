"""An administrator who also takes part neither sees nor decides here what concerns themselves (ALL-1)."""

from datetime import UTC, datetime

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from applications.models import PolicyAcceptance
from applications.tests.factories import ApplicationFactory, MentorFactory
from outbox.models import Message
from overview.tests.answers import without_token, without_what_was_said
from overview.tests.factories import DisclosureFactory, KeptMessageFactory
from partnerships.models import Flag
from partnerships.tests.factories import FlagFactory, pair
from partnerships.tests.people import member, user
from programmes.tests.factories import CohortFactory, DutyFactory
from training.models import Booking
from training.tests.factories import BookingFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ALL-1")]
AT = datetime(2026, 1, 10, 9, tzinfo=UTC)
MISSING = 987654


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture(params=["administer", "superuser"])
def reader(client, cohort, request):
    """Who looks: an administrator of the programme, or a superuser; rank makes no difference."""
    reader = DutyFactory(programme=cohort.programme, user__is_superuser=request.param == "superuser").user
    client.force_login(reader)
    return reader


@pytest.fixture
def own(cohort, reader):
    """A partnership in which the reader mentors somebody."""
    return pair(cohort, mentor=MentorFactory(cohort=cohort, user=reader))


def url(name, *args):
    return reverse(f"admin:{name}", args=args)


def listed(client, name):
    return list(client.get(url(f"{name}_changelist")).context["cl"].result_list)


def answer_of(client, page):
    without_what_was_said(client)
    answer = client.get(page)
    return answer.status_code, answer.headers.get("Location"), without_token(answer)


# Applications


def test_the_verdict_on_ones_own_application_is_a_colleagues(client, reader, own, cohort):
    other = member(own).application
    rows = {row.user: row.verdict_shown for row in listed(client, "applications_application")}

    page = client.get(
        url("applications_application_change", member(own, "mentor").application.pk)
    ).content.decode()

    assert rows[reader] == "Yours: a colleague looks after it"
    assert "state-" in rows[other.user]
    assert "a colleague decides about it" in page
    assert [word for word in ("Eligibility", "Acceptance of the policy", "Decline") if word in page] == []


@pytest.mark.parametrize("state", ["accepted", "waitlisted", "declined", "queried"])
def test_nobody_decides_on_their_own(client, reader, cohort, state):
    application = ApplicationFactory(cohort=cohort, user=reader, waiting=True)
    page = url("applications_application_decide", state)

    asked = client.get(page, {"ids": application.pk}).content.decode()
    answer = client.post(page, {"ids": application.pk, "reason": "Because."}, follow=True)

    application.refresh_from_db()
    assert application.state == "submitted"
    assert "Yours: a colleague looks after it" in asked
    assert "your own application" in answer.content.decode()


def test_nobody_records_an_acceptance_of_their_own(client, reader, cohort):
    application = ApplicationFactory(cohort=cohort, user=reader)
    sent = {"ids": application.pk, "accepted_on": "2026-01-10", "note": "By e-mail."}

    client.post(url("applications_application_record_acceptance"), sent)

    assert PolicyAcceptance.objects.count() == 0


# Partnerships, flags, disclosures, messages


@pytest.mark.parametrize("verb", ["pause", "resume", "end", "log_meeting"])
def test_no_verb_about_ones_own_partnership_is_anywhere(client, own, verb):
    pages = [url(f"partnerships_partnership_{verb}", pk) for pk in (own.pk, MISSING)]

    theirs, missing = (answer_of(client, page) for page in pages)

    assert theirs == missing
    assert theirs[0] == 404


@pytest.mark.parametrize("action", ["end", "remind"])
def test_no_action_over_many_touches_ones_own_partnership(client, own, action):
    sent = {"action": action, "confirmed": "yes", ACTION_CHECKBOX_NAME: [own.pk]}

    client.post(url("partnerships_partnership_changelist"), sent)

    own.refresh_from_db()
    assert (own.state, Message.objects.count()) == ("active", 0)


def test_flags_about_ones_own_partnership_are_nowhere(client, own):
    flag = FlagFactory(partnership=own)

    assert listed(client, "partnerships_flag") == []
    theirs, missing = (answer_of(client, url("partnerships_flag_change", pk)) for pk in (flag.pk, MISSING))
    assert str(theirs).replace(f"“{flag.pk}”", f"“{MISSING}”") == str(missing)
    assert Flag.objects.open().count() == 1


def test_what_was_shown_in_ones_own_partnership_is_on_ones_own_page_alone(client, own, cohort, reader):
    mine = DisclosureFactory(partnership=own, of=member(own).application, to=reader)
    others = pair(cohort)
    other = DisclosureFactory(partnership=others, of=member(others).application, to=user(others, "mentor"))

    assert listed(client, "partnerships_disclosure") == [other]
    theirs, missing = (
        answer_of(client, url("partnerships_disclosure_change", pk)) for pk in (mine.pk, MISSING)
    )
    assert str(theirs).replace(f"“{mine.pk}”", f"“{MISSING}”") == str(missing)


def test_messages_to_oneself_and_to_ones_partners_are_a_colleagues(client, own, cohort, reader):
    slug = cohort.programme.slug
    mine, partners = (KeptMessageFactory(programme=slug, to=each.email) for each in (reader, user(own)))
    other = KeptMessageFactory(programme=slug, to=user(pair(cohort)).email)

    assert listed(client, "outbox_message") == [other]
    for message in (mine, partners):
        pages = [url("outbox_message_change", pk) for pk in (message.pk, MISSING)]
        theirs, missing = (answer_of(client, page) for page in pages)
        assert str(theirs).replace(f"“{message.pk}”", f"“{MISSING}”") == str(missing)


def test_a_failed_message_of_ones_own_is_tried_again_by_a_colleague(client, own, cohort, reader):
    failed = KeptMessageFactory(programme=cohort.programme.slug, to=reader.email, state="failed", error="550")

    client.post(url("outbox_message_changelist"), {"action": "try_again", ACTION_CHECKBOX_NAME: [failed.pk]})

    failed.refresh_from_db()
    assert failed.state == "failed"


# Training


def test_nobody_records_that_they_were_there(client, own, cohort):
    session = SessionFactory(cohort=cohort, starts_at=AT)
    booking = BookingFactory(session=session, application=member(own, "mentor").application)
    client.post(
        url("training_session_changelist"), {"action": "record_everybody", ACTION_CHECKBOX_NAME: [session.pk]}
    )
    page = url("training_session_change", session.pk)
    formset = client.get(page).context["inline_admin_formsets"][0].formset

    assert [form.fields["has_attended"].disabled for form in formset.forms] == [True]
    assert Booking.objects.get(pk=booking.pk).has_attended is None
