import re
from datetime import date

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.models import Absence
from applications.tests.factories import AbsenceFactory, ApplicationFactory
from outbox.models import Message
from partnerships.queries.absences import Away
from partnerships.tests.factories import pair
from programmes.tests.factories import DutyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-1d")]
LONG = {"from_on": "2026-01-14", "until_on": "2026-02-14"}
SHORT = {"from_on": "2026-01-20", "until_on": "2026-01-25"}


@pytest.fixture
def application(client):
    """A mentee's, who is signed in and has a mentor."""
    application = pair().memberships.get(part="mentee").application
    client.force_login(application.user)
    return application


def away_url(application):
    return reverse("announce_absence", args=[application.pk])


def change_url(absence):
    return reverse("change_absence", args=[absence.pk])


def back_url(absence):
    return reverse("return_early", args=[absence.pk])


def text_of(answer):
    """The words of the page's content, in one line."""
    inside = re.search(r'<div class="content">(.*)</main>', answer.content.decode(), re.DOTALL)[1]
    return " ".join(re.sub(r"<[^>]+>", " ", inside).split())


def told():
    return Message.objects.filter(kind="partnerships/email/away").count()


# Announce


def test_a_long_absence_is_noted_and_told(client, application):
    answer = client.post(away_url(application), LONG, follow=True)

    absence = Absence.objects.get()
    assert answer.redirect_chain == [(away_url(application), 302)]
    assert (absence.application, absence.from_on, absence.until_on, absence.tells_partners) == (
        application,
        date(2026, 1, 14),
        date(2026, 2, 14),
        True,
    )
    assert told() == 1
    assert "Whoever you are partnered with is told the days, and nothing else." in text_of(answer)


def test_a_short_absence_is_noted_and_told_to_nobody(client, application):
    answer = client.post(away_url(application), SHORT, follow=True)

    assert (Absence.objects.get().tells_partners, told()) == (False, 0)
    assert "Nobody is told; our reminders rest meanwhile." in text_of(answer)


def test_a_short_absence_is_told_with_a_tick(client, application):
    client.post(away_url(application), SHORT | {"tells_partners": "on"})

    assert (Absence.objects.get().tells_partners, told()) == (True, 1)


def test_the_page_says_when_partners_are_told_and_that_no_reason_is_kept(client, application):
    page = text_of(client.get(away_url(application)))

    assert "No reason is asked or kept." in page
    assert "An absence of more than a month is told in any case." in page


def test_no_field_takes_words(client, application):
    page = client.get(away_url(application)).content.decode()

    assert (page.count("<textarea"), page.count('type="text"')) == (0, 0)


def test_words_that_are_sent_all_the_same_are_kept_nowhere(client, application):
    client.post(away_url(application), LONG | {"reason": "canary-reason"})

    kept = [
        str(value) for model in (Absence, Message) for row in model.objects.values() for value in row.values()
    ]
    assert [value for value in kept if "canary-reason" in value] == []


@pytest.mark.parametrize(
    ("sent", "field", "error"),
    [
        ({"from_on": ""}, "from_on", "Give the day."),
        ({"until_on": "soon"}, "until_on", "Give a day such as 31/01/2026."),
        ({"from_on": "2025-12-13"}, "from_on", "The first day can’t lie more than 31 days back."),
        ({"until_on": "2026-01-13"}, "until_on", "The last day away can’t lie before the first."),
        ({"until_on": "2027-01-15"}, "until_on", "Choose a last day within a year from today."),
    ],
)
def test_errors_stand_beside_their_field(client, application, sent, field, error):
    answer = client.post(away_url(application), LONG | sent)

    assert answer.context["form"].errors == {field: [error]}
    assert error in text_of(answer)
    assert Absence.objects.count() == 0


def test_an_overlap_is_refused_with_a_sentence(client, application):
    AbsenceFactory(application=application)

    answer = client.post(away_url(application), SHORT)

    assert answer.context["form"].non_field_errors() == [
        "You have told us already that you are away from 15 January 2026 to 28 January 2026."
        " Change that absence, or choose other days."
    ]


def test_own_absences_stand_on_the_page_until_they_are_over(client, application):
    AbsenceFactory(application=application, from_on=date(2026, 1, 1), until_on=date(2026, 1, 13))
    AbsenceFactory(application=application, from_on=date(2026, 1, 14), until_on=date(2026, 1, 14))
    AbsenceFactory(application=application, tells_partners=True)
    AbsenceFactory()

    page = text_of(client.get(away_url(application)))

    assert page.count("Partners are told the days") + page.count("Partners aren’t told") == 2
    assert "On 14 January 2026 Now Partners aren’t told" in page
    assert "From 15 January 2026 to 28 January 2026 To come Partners are told the days" in page


def test_the_page_asks_as_often_for_three_absences_as_for_one(
    client, application, django_assert_num_queries, django_assert_max_num_queries
):
    AbsenceFactory(application=application)
    with django_assert_max_num_queries(50) as asked:
        client.get(away_url(application))
    for month in (2, 3):
        AbsenceFactory(application=application, from_on=date(2026, month, 1), until_on=date(2026, month, 5))

    with django_assert_num_queries(len(asked)):
        client.get(away_url(application))


# Change, and be back


def test_the_last_day_moves(client, application):
    absence = AbsenceFactory(application=application)
    form = client.get(change_url(absence)).context["form"]

    answer = client.post(change_url(absence), {"until_on": "2026-01-30"}, follow=True)

    absence.refresh_from_db()
    assert form["until_on"].value() == date(2026, 1, 28)
    assert answer.redirect_chain == [(away_url(application), 302)]
    assert absence.until_on == date(2026, 1, 30)


@pytest.mark.parametrize(
    ("last", "error"),
    [
        ("", "Give the day."),
        ("2026-01-14", "The last day away can’t lie before the first."),
    ],
)
def test_a_wrong_last_day_is_said_beside_the_field(client, application, last, error):
    absence = AbsenceFactory(application=application)

    answer = client.post(change_url(absence), {"until_on": last})

    assert answer.context["form"].errors == {"until_on": [error]}


def test_a_change_that_meets_another_absence_is_refused(client, application):
    absence = AbsenceFactory(application=application)
    AbsenceFactory(application=application, from_on=date(2026, 2, 1), until_on=date(2026, 2, 5))

    answer = client.post(change_url(absence), {"until_on": "2026-02-01"})

    assert "from 1 February 2026 to 5 February 2026" in answer.context["form"].non_field_errors()[0]


def test_one_button_ends_an_absence(client, application):
    absence = AbsenceFactory(application=application, from_on=date(2026, 1, 10))

    answer = client.post(back_url(absence), follow=True)

    absence.refresh_from_db()
    assert answer.redirect_chain == [(away_url(application), 302)]
    assert absence.returned_on == date(2026, 1, 14)
    assert "Welcome back. Reminders begin again." in text_of(answer)


def test_the_same_button_calls_off_what_has_not_begun(client, application):
    absence = AbsenceFactory(application=application)

    answer = client.post(back_url(absence), follow=True)

    absence.refresh_from_db()
    assert absence.returned_on == absence.from_on
    assert "Thank you: that absence is called off." in text_of(answer)


def test_a_second_press_is_answered_kindly(client, application):
    absence = AbsenceFactory(application=application)

    answers = [client.post(back_url(absence), follow=True) for _ in range(2)]

    assert "This absence is over already." in text_of(answers[1])


def test_looking_ends_nothing(client, application):
    absence = AbsenceFactory(application=application)

    assert client.get(back_url(absence)).status_code == 405
    absence.refresh_from_db()
    assert absence.returned_on is None


# Whose it is


@pytest.mark.parametrize("who", ["a stranger", "the office", "the partner"])
def test_what_is_somebody_elses_is_not_there(client, application, who):
    absence = AbsenceFactory(application=application)
    other = {
        "a stranger": UserFactory,
        "the office": lambda: DutyFactory(programme=application.cohort.programme).user,
        "the partner": lambda: (
            Absence.objects.get()
            .application.memberships.get()
            .partnership.memberships.get(part="mentor")
            .application.user
        ),
    }[who]()
    client.force_login(other)

    answers = [
        client.get(away_url(application)),
        client.post(away_url(application), LONG),
        client.get(change_url(absence)),
        client.post(change_url(absence), {"until_on": "2026-02-01"}),
        client.post(back_url(absence)),
        client.get(away_url(ApplicationFactory.build(pk=987654))),
        client.post(back_url(AbsenceFactory.build(pk=987654))),
    ]

    assert [answer.status_code for answer in answers] == [404] * 7
    assert Absence.objects.values_list("until_on", "returned_on").get() == (date(2026, 1, 28), None)


def test_who_is_not_signed_in_is_asked_to(client):
    absence = AbsenceFactory()

    for url in (away_url(absence.application), change_url(absence), back_url(absence)):
        assert client.post(url)["Location"].startswith("/account/login/")


def test_a_draft_has_no_absences(client):
    draft = ApplicationFactory(draft=True)
    client.force_login(draft.user)

    assert client.get(away_url(draft)).status_code == 404


# On the partnership's page


def notice(away):
    return " ".join(
        re.sub(r"<[^>]+>", " ", render_to_string("partnerships/away_notice.html", {"away": away})).split()
    )


def test_the_notice_says_who_is_away_and_when():
    away = [
        Away("Ada <b>", date(2026, 1, 20), date(2026, 3, 1)),
        Away("Ben", date(2026, 2, 1), date(2026, 2, 1)),
    ]

    assert notice(away) == (
        "Away for a while Ada &lt;b&gt;: from 20 January 2026 to 1 March 2026 Ben: on 1 February 2026"
    )


def test_there_is_no_notice_while_everybody_is_here():
    assert notice([]) == ""
