"""The message with which the programme closes (EI-2, EI-3)."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from applications.models import ContinuationInterest
from applications.tests.factories import ApplicationFactory, MentorFactory
from outbox.models import Message
from partnerships.models import Disclosure, EndReason, Membership
from partnerships.services.closing import post_closing
from partnerships.tasks import end_partnerships_due
from partnerships.tests.factories import circle, pair
from programmes.models import Wording
from programmes.tests.factories import CohortFactory, DisclosedFactFactory

pytestmark = pytest.mark.django_db
AFTER = datetime(2026, 5, 1, 5, tzinfo=UTC)


@pytest.fixture
def cohort():
    """Its policy shows names, and of mentees their e-mail address too."""
    cohort = CohortFactory(programme__name="Alumni mentoring", programme__team_name="alumni office")
    for direction in ("of_mentor", "of_mentee", "in_circle"):
        DisclosedFactFactory(policy_version=cohort.policy, direction=direction, fact="name")
        DisclosedFactFactory(policy_version=cohort.policy, direction=direction, fact="school_email")
    return cohort


@pytest.fixture
def made(cohort):
    mentor = MentorFactory(cohort=cohort, user__name="Mireille Sandoval")
    return pair(cohort, mentor, ApplicationFactory(cohort=cohort, user__name="Tobias Arkwright"))


def member(made, part):
    return made.memberships.get(part=part).application


def closing(made, part, **values):
    """Post the closing message to one of them; the message."""
    application = member(made, part)
    post_closing(made, application, at=AFTER, **values)
    return Message.objects.get(to=application.user.email)


@pytest.mark.clause("EI-2", "EI-3")
@pytest.mark.parametrize(
    ("part", "partner"), [("mentor", "Tobias Arkwright"), ("mentee", "Mireille Sandoval")]
)
def test_it_thanks_in_the_usual_words_and_asks_about_continuing(made, part, partner):
    message = closing(made, part)

    assert message.subject == "Your mentoring programme"
    assert message.programme == made.cohort.programme.slug
    for words in (message.text, message.html):
        assert f"has come to its official end, and with it your time with {partner}." in words
        assert "If you would like to take part in a later round, you can tell us here." in words
        assert "There is no need to decide now, or at all." in words
        assert "/continue/" in words


@pytest.mark.clause("EI-3")
@pytest.mark.parametrize("button", ["yes", "no"])
def test_its_link_leads_to_the_question_for_both_sides_signed_out(client, made, settings, button):
    settings.SITE_URL = "http://testserver"
    for part in ("mentor", "mentee"):
        text = closing(made, part).text
        (link,) = [word for word in text.split() if "/continue/" in word]
        client.post(link, {"answer": button})

    assert (
        list(ContinuationInterest.objects.values_list("wishes_to_continue", flat=True))
        == [button == "yes"] * 2
    )


@pytest.mark.clause("EI-2")
def test_a_programme_has_its_own_words_with_the_placeholders_filled(made):
    text = "Dear {name}: {partner} and you, until {ends}. {programme}, {team}."
    Wording.objects.create(programme=made.cohort.programme, kind="closing", text=text)

    message = closing(made, "mentee")

    for words in (message.text, message.html):
        assert (
            "Dear Tobias Arkwright: Mireille Sandoval and you, until 30 April."
            " Alumni mentoring, alumni office." in words
        )
        assert "official end" not in words


def test_another_programmes_words_and_another_message_are_not_taken(made):
    Wording.objects.create(programme=CohortFactory().programme, kind="closing", text="Elsewhere")
    Wording.objects.create(programme=made.cohort.programme, kind="reminder", text="Meet soon")

    assert "official end" in closing(made, "mentee").text


def test_what_a_programme_or_a_person_writes_is_shown_as_text(cohort):
    made = pair(cohort, MentorFactory(cohort=cohort, user__name="<b>{team}</b>"))
    Wording.objects.create(programme=cohort.programme, kind="closing", text="<script>x</script> {partner}")

    html = closing(made, "mentee").html

    assert "&lt;script&gt;x&lt;/script&gt; &lt;b&gt;{team}&lt;/b&gt;" in html


@pytest.mark.clause("EI-4a", "ALL-2")
def test_the_partners_name_comes_by_the_one_door_and_is_recorded(made):
    text = closing(made, "mentee").text

    shown = Disclosure.objects.get()
    assert (shown.to, shown.of, shown.facts, shown.channel) == (
        member(made, "mentee").user,
        member(made, "mentor"),
        "name",
        "email",
    )
    assert member(made, "mentor").user.email not in text


@pytest.mark.clause("EI-4a")
@pytest.mark.parametrize(("part", "words"), [("mentee", "your mentor"), ("mentor", "your mentee")])
def test_a_name_that_may_not_be_shown_is_not_written(made, part, words):
    made.cohort.policy.disclosed_facts.all().delete()

    text = closing(made, part).text

    assert f"and with it your time with {words}." in text
    assert not Disclosure.objects.exists()


@pytest.mark.clause("BM-7")
def test_a_circle_is_called_by_its_name_and_nobody_in_it_by_theirs(cohort):
    made = circle(cohort, name="The Thursday circle")

    for membership in made.memberships.all():
        post_closing(made, membership.application, at=AFTER)

    assert Message.objects.count() == 4
    assert all(
        "with it your time with The Thursday circle." in message.text for message in Message.objects.all()
    )
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("part", ["mentor", "facilitator"])
def test_mentors_and_facilitators_are_led_to_their_certificate_and_mentees_are_not(cohort, made, part):
    made = made if part == "mentor" else circle(cohort)
    mentee = made.memberships.filter(part="mentee").first().application
    post_closing(made, mentee, at=AFTER)
    address = reverse("certificate_of_thanks", args=[made.pk])

    message = closing(made, part)

    assert address in message.text and address in message.html
    theirs = Message.objects.get(to=mentee.user.email)
    assert "certificate" not in theirs.text and "certificate" not in theirs.html


@pytest.mark.clause("EI-2")
def test_nobody_has_two(made):
    for _ in range(2):
        message = closing(made, "mentee")

    assert message.key == f"ended/{made.pk}/{member(made, 'mentee').pk}"


@pytest.mark.clause("EI-2", "EI-3")
def test_the_end_of_the_programme_posts_it_to_both_once(made):
    assert (end_partnerships_due(AFTER), end_partnerships_due(AFTER)) == (1, 0)

    made.refresh_from_db()
    assert made.end_reason == EndReason.PROGRAMME
    assert list(Message.objects.values_list("kind", flat=True)) == ["partnerships/email/closing"] * 2
    assert made.memberships.filter(part=Membership.Part.MENTOR, stayed_to_the_end=True).exists()
