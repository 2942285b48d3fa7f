"""Pages of the people who handle concerns."""

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory
from concerns import contents, services
from concerns.models import About, AtRisk, Case, Category, Kind, Outcome, Reading, State
from concerns.tests.factories import AT, file_case, file_without_name, handler
from concerns.tests.pages import VERBS, body, queries_for, text_of
from partnerships.tests.factories import pair
from programmes.models import Duty
from programmes.tests.factories import DutyFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
LINES = r'<th scope="row"><a class="nowrap" href="/cases/[^"]+/">([^<]+)<'


@pytest.fixture
def case():
    return file_case(text="What I wrote.")


@pytest.fixture
def person(client, case):
    """A handler of the case, signed in."""
    user = handler(case.programme)
    client.force_login(user)
    return user


def pages_of(pk):
    return [reverse(name, args=[pk]) for name in ("case", *(f"case_{verb}" for verb in VERBS))]


def strangers(case):
    partnership = pair(mentee=ApplicationFactory(cohort=case.programme.cohorts.get()))
    return {
        "a handler of another programme": handler(ProgrammeFactory()),
        "its administrator": DutyFactory(programme=case.programme, kind=Duty.Kind.ADMINISTER).user,
        "who decides eligibility": DutyFactory(programme=case.programme, kind=Duty.Kind.ELIGIBILITY).user,
        "a superuser": UserFactory(is_superuser=True),
        "its reporter": contents.reporter_of(case),
        "a participant": partnership.memberships.get(part="mentor").application.user,
    }


@pytest.mark.clause("ALL-1", "EI-6")
def test_a_case_of_others_answers_exactly_like_one_that_isnt_there(client, case):
    missing = "00000000-0000-4000-8000-000000000000"
    told = []
    for who, user in strangers(case).items():
        client.force_login(user)
        for page, nowhere in zip(pages_of(case.pk), pages_of(missing), strict=True):
            for send in (client.get, client.post):
                theirs, none = send(page), send(nowhere)
                if (theirs.status_code, body(theirs, page)) != (none.status_code, body(none, nowhere)):
                    told.append((who, page))
                if theirs.status_code not in {404, 405}:
                    told.append((who, page, theirs.status_code))

    assert told == []
    assert (Reading.objects.count(), case.entries.count()) == (0, 1)


@pytest.mark.clause("EI-6a")
def test_a_handler_whom_it_is_about_finds_nothing_anywhere(client):
    partnership = pair()
    mentor, mentee = (membership.application.user for membership in partnership.memberships.all())
    DutyFactory(user=mentor, programme=partnership.cohort.programme, kind=Duty.Kind.CONCERNS)
    client.force_login(mentor)
    before = body(client.get(reverse("cases")), "")

    case = file_case(by=mentee, about=About.PARTNER)

    assert body(client.get(reverse("cases")), "") == before
    assert client.get(case.get_absolute_url()).status_code == 404


def test_the_list_is_nowhere_for_who_handles_nothing(client, case):
    for user in (UserFactory(is_superuser=True), DutyFactory(kind=Duty.Kind.ADMINISTER).user):
        client.force_login(user)
        assert client.get(reverse("cases")).status_code == 404


@pytest.mark.clause("ALL-1", "EI-6b")
def test_the_list_shows_the_visible_cases_with_risk_clock_and_handler(client, clock, case, person):
    late, other = case, file_case(text="Elsewhere.")
    clock.shift(timedelta(days=8))
    at_risk = file_case(
        programme=case.programme, at_risk=AtRisk.YES, category=Category.WELLBEING, key="2", at=AT
    )
    services.assign(at_risk, by=person, to=person, at=AT)
    client.force_login(person)

    html = client.get(reverse("cases")).content.decode()

    assert re.findall(LINES, html) == [at_risk.reference, late.reference]
    assert other.reference not in html
    words = text_of(client.get(reverse("cases")))
    assert "14 Jan 2026 (1 week, 1 day ago) Late was due Fri 16 Jan, 17:00 Received Nobody yet" in words
    assert f"{Category.WELLBEING.label} Yes" in words
    assert person.name in words


def test_the_list_doesnt_say_who_wrote_or_whether_they_gave_a_name(client, case, person):
    nameless = file_without_name(case.programme).case
    html = client.get(reverse("cases")).content.decode()

    rows = [re.sub(r"<a .*?</a>", "", row) for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL)[1:]]

    assert (len(rows), len(set(rows))) == (2, 1)
    assert {case.reference, nameless.reference} == set(re.findall(LINES, html))


@pytest.mark.parametrize(("kind", "shown"), [("administer", False), ("concerns", True)])
def test_the_programme_stands_in_the_list_of_who_handles_for_several(client, case, person, kind, shown):
    DutyFactory(user=person, kind=kind)

    page = client.get(reverse("cases")).content.decode()

    assert (case.programme.name in page.partition("<table")[2]) is shown


def test_the_list_is_of_open_cases_of_ones_own_or_of_closed_ones_behind_links(client, case, person):
    mine, closed = (file_case(programme=case.programme) for _ in range(2))
    for each in (mine, closed):
        services.answer(each, by=person, text="x", at=AT)
    services.close(closed, by=person, outcome=Outcome.ADVICE, policy="", at=AT)

    shown = {
        view: re.findall(LINES, client.get(f"{reverse('cases')}{view}").content.decode())
        for view in ("", "?show=open", "?show=mine", "?show=closed", "?show=nonsense")
    }

    open_ones = [case.reference, mine.reference]
    assert shown == {
        "": open_ones,
        "?show=open": open_ones,
        "?show=mine": [mine.reference],
        "?show=closed": [closed.reference],
        "?show=nonsense": open_ones,
    }


def test_thirty_cases_stand_on_two_pages_and_none_has_words_of_its_own(client, case, person):
    Case.objects.bulk_create(
        [Case(**_twin_of(case), reference=f"BBB-{number:03}", receipt_key=number) for number in range(29)]
    )

    pages = [client.get(reverse("cases"), {"page": page}).content.decode() for page in (1, 2)]
    empty = [text_of(client.get(reverse("cases"), {"show": view})) for view in ("mine", "closed")]

    assert [len(re.findall(LINES, page)) for page in pages] == [25, 5]
    assert ["Nothing is given to you" in empty[0], "Nothing is closed yet" in empty[1]] == [True, True]


def _twin_of(case):
    own = {"id", "reference", "receipt_key"}
    return {
        field.attname: getattr(case, field.attname) for field in Case._meta.fields if field.name not in own
    }


def test_the_list_costs_the_same_queries_however_long_it_is(client, case, person):
    one = queries_for(client, reverse("cases"))

    for _ in range(2):
        file_case(programme=case.programme)

    assert queries_for(client, reverse("cases")) == one


@pytest.mark.clause("EI-6a")
def test_a_handler_reads_a_case_and_the_reading_is_written_down(client, case, person):
    response = client.get(case.get_absolute_url())

    words = text_of(response)
    assert "What I wrote." in words
    assert contents.reporter_of(case).email in words
    assert f"Who has read it {person.name}, last on 14 Jan 2026, 09:30" in words
    assert list(Reading.objects.values_list("case", "user")) == [(case.pk, person.pk)]
    assert "no-store" in response["Cache-Control"]


def test_a_case_costs_the_same_queries_however_long_its_story_is(client, case, person):
    services.note(case, by=person, text="One.", at=AT)
    one = queries_for(client, case.get_absolute_url())

    for text in ("Two.", "Three."):
        services.note(case, by=person, text=text, at=AT)

    assert queries_for(client, case.get_absolute_url()) == one


@pytest.mark.clause("EI-6", "EI-6a")
def test_a_handler_follows_a_case_from_the_first_answer_to_its_end(client, case, person):
    other = handler(case.programme)
    steps = [
        ("answer", {"text": "We hear you."}),
        ("note", {"text": "Rang the tutor."}),
        ("assign", {"to": other.pk}),
        ("move", {"to": "referred", "policy": "Conduct procedure"}),
        ("close", {"outcome": "procedure", "policy": "Conduct procedure"}),
    ]

    for verb, answers in steps:
        response = client.post(reverse(f"case_{verb}", args=[case.pk]), answers)
        assert response.url == case.get_absolute_url()

    case.refresh_from_db()
    assert (case.state, case.outcome, case.handler) == (State.CLOSED, Outcome.PROCEDURE, other)
    words = text_of(client.get(case.get_absolute_url()))
    assert "Followed up under Conduct procedure" in words
    assert "Outcome Taken up under another procedure of the School, 14 January 2026" in words
    kinds = [
        Kind.FILED,
        Kind.ASSIGNED,
        Kind.STATE,
        Kind.ANSWER,
        Kind.NOTE,
        Kind.ASSIGNED,
        Kind.STATE,
        Kind.STATE,
    ]
    assert list(case.entries.values_list("kind", flat=True)) == kinds


@pytest.mark.parametrize(
    ("verb", "answers", "reason"),
    [
        ("answer", {"text": ""}, "Your answer – Please write something."),
        ("note", {"text": " "}, "Note – Please write something."),
        ("assign", {"to": "1000000"}, "Handler – Select a valid choice."),
        ("move", {"to": "closed"}, "New state – Select a valid choice."),
        ("move", {"to": "referred"}, "Say under which policy the case is referred."),
        ("close", {"outcome": "advice"}, "Answer the person first"),
    ],
)
def test_a_mistake_of_a_handler_is_said_beside_the_form(client, case, person, verb, answers, reason):
    response = client.post(reverse(f"case_{verb}", args=[case.pk]), answers)

    assert reason in text_of(response)
    assert "<title>Error: " in response.content.decode()
    assert case.entries.count() == 1


def test_a_closed_case_offers_little_but_reopening(client, case, person):
    services.answer(case, by=person, text="x", at=AT)
    services.close(case, by=person, outcome=Outcome.ADVICE, policy="", at=AT)

    html = client.get(case.get_absolute_url()).content.decode()

    assert re.findall(r'action="/cases/[^/]+/([\w-]+)/"', html) == ["move", "keep-from", "find"]
    assert re.findall(r'name="to"[^>]* value="(\w+)"', html) == ["in_progress"]


def test_what_people_typed_is_harmless_on_the_page_of_a_case(client):
    case = file_case(text="<script>alert(1)</script>", contact="<img src=x>")
    client.force_login(handler(case.programme))

    html = client.get(case.get_absolute_url()).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;img src=x&gt;" in html


def test_cases_are_not_in_the_admin():
    assert [model for model in admin.site._registry if model._meta.app_label == "concerns"] == []
