"""ALL-1 over every page of the admin: a programme's rows of all apps, walked by the office of another one."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from accounts.tests.factories import UserFactory
from applications.models import AlumniRecord
from applications.tests.factories import ApplicationFactory, MentorFactory
from matching.models import MatchRun
from matching.tests.factories import RunFactory
from meetings.tests.factories import ContactFrequencyFactory, MeetingFactory
from overview.models import DataRequest
from overview.tests.answers import without_token, without_what_was_said
from overview.tests.canaries import OF_THE_HOUSE
from overview.tests.factories import DisclosureFactory, KeptMessageFactory, SnapshotFactory
from partnerships.tests.factories import FlagFactory, pair
from programmes.models import Programme, Question, SchoolPage, Wording
from programmes.tests.factories import CohortFactory, DutyFactory, PolicyVersionFactory, ProgrammeFactory
from training.tests.factories import BookingFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ALL-1")]
CANARY = "canary"
AT = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
PAGES = ["change", "history", "delete"]


@pytest.fixture
def office(client):
    """The client, signed in as an administrator of one programme, in which there is a pair as well."""
    duty = DutyFactory()
    pair(cohort=CohortFactory(programme=duty.programme))
    client.force_login(duty.user)
    return client


@pytest.fixture
def rows():
    """A row of every model in the admin, all of another programme, with the canary wherever words are."""
    programme = ProgrammeFactory(name=CANARY, slug=CANARY, team_name=CANARY)
    policy = PolicyVersionFactory(programme=programme, label=CANARY)
    cohort = CohortFactory(programme=programme, name=CANARY, policy=policy)
    people = [UserFactory(name=f"{CANARY} {n}", email=f"{CANARY}{n}@lse.example") for n in range(3)]
    mentor = MentorFactory(user=people[0], cohort=cohort, courses=CANARY, country=CANARY)
    mentee = ApplicationFactory(user=people[1], cohort=cohort, bio=CANARY)
    partnership = pair(mentor=mentor, mentee=mentee)
    MeetingFactory(partnership=partnership)
    ContactFrequencyFactory(partnership=partnership)
    session = SessionFactory(cohort=cohort, title=CANARY, place=CANARY)
    BookingFactory(session=session, application=mentor)
    return [
        programme,
        policy,
        cohort,
        DutyFactory(user=people[2], programme=programme),
        Question.objects.create(programme=programme, text=CANARY, asked_at=AT),
        AlumniRecord.objects.create(programme=programme, name=CANARY, course=CANARY, graduation_year=2015),
        Wording.objects.create(programme=programme, kind="reminder", text=CANARY),
        mentee,
        RunFactory(cohort=cohort, started_at=AT, started_by=people[2], input_hash=CANARY),
        partnership,
        FlagFactory(partnership=partnership),
        session,
        DisclosureFactory(partnership=partnership, of=mentee, to=mentor.user),
        SchoolPage.objects.create(programme=programme, which="privacy", url="https://school.example/privacy"),
        DataRequest.objects.create(
            kind="access", channel="letter", name=CANARY, received_on=AT.date(), due_on=AT.date()
        ),
        KeptMessageFactory(programme=CANARY, to=mentor.user.email),
        SnapshotFactory(cohort=cohort),
    ]


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def told(send, page):
    """Status, where to, what this answer said, and the page without its token and what was said before."""
    without_what_was_said(send.__self__)
    answer = send(page)
    said = [str(message) for message in answer.wsgi_request._messages._queued_messages]
    return answer.status_code, answer.headers.get("Location"), said, without_token(answer)


def test_the_canary_is_in_every_model_of_the_admin_and_its_own_office_meets_it(client, rows):
    root = UserFactory(is_superuser=True)
    for programme in Programme.objects.all():
        DutyFactory(user=root, programme=programme)
    client.force_login(root)

    lists = {type(row): client.get(address(type(row), "changelist")).content.decode() for row in rows}

    assert set(lists) | OF_THE_HOUSE == set(admin.site._registry)
    assert [model for model, page in lists.items() if CANARY not in page] == []


def test_no_list_shows_anything_of_another_programme(office, rows):
    said = {
        model: office.get(address(model, "changelist")).content.decode() for model in admin.site._registry
    }

    assert [model for model, page in said.items() if CANARY in page] == []


def test_no_list_finds_anything_of_another_programme(office, rows):
    pages = [office.get(address(model, "changelist"), {"q": CANARY}) for model in admin.site._registry]
    found = [row for page in pages if page.status_code == 200 for row in page.context["cl"].queryset]

    assert [row for row in found if row in rows] == []


def test_no_other_page_without_a_row_shows_anything_of_another_programme(office, rows):
    pages = [reverse("admin:index")]
    for page in admin.site._registry.values():
        for url in page.get_urls():
            with suppress(NoReverseMatch):  # those that need a row
                pages.append(reverse(f"admin:{url.name}"))

    said = {page: office.get(page).content.decode() for page in pages}

    assert len(said) > len(admin.site._registry)
    assert [page for page, text in said.items() if CANARY in text] == []


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", PAGES)
def test_another_programmes_row_answers_like_one_that_does_not_exist(office, rows, page, method):
    send, differ = getattr(office, method), []
    for row in rows:
        theirs = told(send, address(type(row), page, row.pk))
        missing = told(send, address(type(row), page, 987654))
        if str(theirs).replace(f"“{row.pk}”", "“987654”") != str(missing):
            differ.append((row, theirs[:3], missing[:3]))

    assert differ == []


@pytest.mark.parametrize("page", ["release", "call_back", "lock", "unlock", "refuse", "put-back", "cancel"])
def test_the_steps_of_another_programmes_match_run_are_nowhere(office, rows, page):
    run = next(row for row in rows if isinstance(row, MatchRun))

    answers = [office.post(reverse(f"admin:matching_{page}", args=[pk])) for pk in (run.pk, 987654)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert without_token(answers[0]) == without_token(answers[1])
