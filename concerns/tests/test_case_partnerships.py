"""Partnerships on the page of a case: where its people stand, and how one rests without a sign (EI-6a)."""

import re

import pytest
from django.db import transaction
from django.forms import model_to_dict
from django.test import Client
from django.urls import reverse

from applications.tests.factories import ApplicationFactory, MentorFactory
from concerns import places, services
from concerns.contents import open_case
from concerns.models import Deed, Kind
from concerns.tests.factories import AT, file_case, file_without_name, handler
from concerns.tests.pages import queries_for, text_of
from outbox.models import Message
from partnerships.models import Partnership
from partnerships.services import pausing
from partnerships.tests.factories import circle, pair
from programmes.models import Duty
from programmes.tests.factories import CohortFactory, DutyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-6a")]


@pytest.fixture
def cohort():
    return CohortFactory(name="2025–26")


def couple(cohort, mentor, mentee):
    return pair(
        mentor=MentorFactory(
            cohort=cohort, user__name=mentor, user__email=f"{mentor.split()[0]}@lse.example".lower()
        ),
        mentee=ApplicationFactory(cohort=cohort, user__name=mentee),
    )


@pytest.fixture
def partnership(cohort):
    return couple(cohort, "Mary Somerville", "Ada Lovelace")


@pytest.fixture
def case(partnership):
    return file_case(by=partnership.memberships.get(part="mentee").application.user)


@pytest.fixture
def person(client, case):
    user = handler(case.programme)
    client.force_login(user)
    return user


def do(client, case, verb, **answers):
    return client.post(reverse(f"case_{verb}", args=[case.pk]), answers)


def offered(response, verb):
    form = next((form for form in response.context["protecting"] if form.verb == verb), None)
    return [pair.words for pair in form.pairs] if form else None


def test_the_page_says_where_the_reporter_takes_part_and_with_whom(client, case, person):
    page = client.get(case.get_absolute_url())

    words = text_of(page)
    assert "Mentee, 2025–26 Mary Somerville (mentor) and Ada Lovelace (mentee) – active" in words
    assert "/partnership" not in page.content.decode()


def test_who_is_in_no_partnership_is_said_to_be_in_none(client, cohort):
    case = file_case(cohort.programme, by=ApplicationFactory(cohort=cohort, waiting=True).user)
    client.force_login(handler(cohort.programme))

    assert "Mentee, 2025–26 In no partnership; application: waiting for a decision" in text_of(
        client.get(case.get_absolute_url())
    )


def test_nothing_of_another_programme_is_told(client, case, partnership, person):
    reporter = partnership.memberships.get(part="mentee").application.user
    pair(mentee=ApplicationFactory(user=reporter), mentor=MentorFactory(user__name="Elsewhere Only"))

    page = client.get(case.get_absolute_url())

    assert [place.cohort for place in page.context["places"]] == ["2025–26"]
    assert len(offered(page, "pause")) == 1


def test_of_who_gave_no_name_no_place_is_known(cohort):
    case = file_without_name(cohort.programme).case

    assert (places.places_of(None, cohort.programme), places.pairs_of(case)) == ((), [])


def test_a_circle_is_told_by_its_name_and_everybody_in_it(cohort):
    made = circle(cohort, members=2, name="Circle Green")
    names = [str(row.application.user) for row in made.memberships.order_by("pk")]
    case = file_case(by=made.memberships.filter(part="mentee").first().application.user)

    words = f"Circle Green: {names[0]} (facilitator), {names[1]} (mentee) and {names[2]} (mentee), 2025–26"
    assert [pair.words for pair in places.pairs_of(case)] == [words]


def test_partnerships_of_the_reporter_and_of_people_who_are_named_are_offered(client, cohort, partnership):
    couple(cohort, "Emmy Noether", "Sofia Kovalevskaya")
    couple(cohort, "Unnamed Mentor", "Unnamed Mentee")
    reporter = partnership.memberships.get(part="mentee").application.user
    case = file_case(by=reporter, text="It is Emmy Noether, who mentors somebody else.")
    client.force_login(handler(cohort.programme))

    page = client.get(case.get_absolute_url())

    assert sorted(offered(page, "pause")) == [
        "Emmy Noether (mentor) and Sofia Kovalevskaya (mentee), 2025–26",
        "Mary Somerville (mentor) and Ada Lovelace (mentee), 2025–26",
    ]
    assert offered(page, "resume") == []


def test_a_partnership_is_paused_and_let_go_on_from_the_page(client, case, person, partnership):
    paused = do(client, case, "pause", partnership=partnership.pk)
    page = client.get(case.get_absolute_url())
    resumed = do(client, case, "resume", partnership=partnership.pk)

    partnership.refresh_from_db()
    assert (paused.url, resumed.url) == (case.get_absolute_url(), case.get_absolute_url())
    words = "Mary Somerville (mentor) and Ada Lovelace (mentee), 2025–26"
    assert (offered(page, "pause"), offered(page, "resume"), partnership.is_active) == ([], [words], True)
    assert [entry.kind for entry in open_case(case).entries] == [Kind.FILED, Deed.PAUSED, Deed.RESUMED]


@pytest.mark.parametrize("typed", ["emmy NOETHER", "Noether", "emmy@lse.example"])
def test_somebody_elses_partnership_is_found_and_nothing_typed_stands_in_an_address(
    client, cohort, case, person, typed
):
    found = couple(cohort, "Emmy Noether", "Sofia Kovalevskaya")

    page = do(client, case, "find", named=typed)
    response = do(client, case, "pause", partnership=found.pk)

    words = "Emmy Noether (mentor) and Sofia Kovalevskaya (mentee), 2025–26"
    assert (page.status_code, offered(page, "pause")[0]) == (200, words)
    assert "Found: 1 partnership, now among the choices." in text_of(page)
    assert page.content.decode().count("autofocus") == 1
    found.refresh_from_db()
    assert (response.url, found.is_paused) == (case.get_absolute_url(), True)
    assert words in offered(client.get(case.get_absolute_url()), "resume")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "Please write a name or an e-mail address."),
        ("Nobody Here", "Nobody who is called so is in a partnership of this programme."),
        ("1", "Nobody who is called so"),
    ],
)
def test_who_isnt_found_is_said_beside_the_form(client, case, person, typed, reason):
    page = do(client, case, "find", named=typed)

    assert reason in text_of(page)
    assert 'id="partnerships" open' in page.content.decode()


@pytest.mark.clause("ALL-1")
def test_nobody_of_another_programme_is_found_or_paused(client, case, person):
    elsewhere = couple(CohortFactory(), "Emmy Noether", "Sofia Kovalevskaya")

    page = do(client, case, "find", named="Emmy Noether")
    response = do(client, case, "pause", partnership=elsewhere.pk)

    assert "Nobody who is called so" in text_of(page)
    assert "Please choose one of these partnerships." in text_of(response)
    assert "Kovalevskaya" not in page.content.decode() + response.content.decode()
    elsewhere.refresh_from_db()
    assert elsewhere.is_active


@pytest.mark.parametrize("typed", ["", "x", "999999999999999999999999", "\0"])
def test_what_is_no_partnership_is_refused(client, case, person, typed):
    response = do(client, case, "pause", partnership=typed)

    assert "Please check what you entered Partnership –" in text_of(response)
    assert case.entries.count() == 1


def test_a_handler_pauses_no_partnership_of_their_own(client, cohort, case):
    own = couple(cohort, "Emmy Noether", "Sofia Kovalevskaya")
    mentor = own.memberships.get(part="mentor").application.user
    DutyFactory(user=mentor, programme=cohort.programme, kind=Duty.Kind.CONCERNS)
    client.force_login(mentor)

    response = do(client, case, "pause", partnership=own.pk)

    assert "You can't pause a partnership of your own for the office" in text_of(response)
    own.refresh_from_db()
    assert own.is_active


def test_what_has_changed_meanwhile_is_said(client, case, person, partnership):
    services.pause(case, by=person, partnership=partnership, at=AT)

    assert "This partnership is paused already." in text_of(
        do(client, case, "pause", partnership=partnership.pk)
    )


def seen(partnership, reader):
    """What its people, the office and the outbox have of a partnership, and its row but for the seal."""
    pages = {}
    for member in partnership.memberships.select_related("application__user").order_by("pk"):
        client = signed_in(member.application.user)
        for page in (reverse("home"), partnership.get_absolute_url(), reverse("my_concerns")):
            pages[member.pk, page] = without_token(client.get(page))
    office = signed_in(reader)
    for name, args in (("changelist", []), ("change", [partnership.pk]), ("history", [partnership.pk])):
        page = reverse(f"admin:partnerships_partnership_{name}", args=args)
        pages["office", page] = without_token(office.get(page))
    row = model_to_dict(Partnership.objects.get(pk=partnership.pk), exclude=["pause_seal"])
    letters = Message.objects.not_of_concerns().order_by("key")
    return pages, row, list(letters.values_list("key", "kind", "to", "subject", "text", "html"))


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def without_token(response):
    tokens = r'name="csrfmiddlewaretoken" value="[^"]+"'
    return response.status_code, re.sub(tokens, "", response.content.decode())


def after(act, look):
    """What is to be seen once something is done, which is then undone."""
    with transaction.atomic():
        act()
        found = look()
        transaction.set_rollback(True)
    return found


@pytest.mark.clause("ALL-1")
def test_a_pause_from_a_case_looks_to_everybody_else_like_one_by_the_office(case, person, partnership):
    office, reader = (DutyFactory(programme=case.programme).user for _ in range(2))

    def look():
        return seen(partnership, reader)

    by_the_office = after(lambda: pausing.pause(partnership, by=office, at=AT), look)
    from_the_case = after(lambda: services.pause(case, by=person, partnership=partnership, at=AT), look)

    assert from_the_case == by_the_office
    assert len(by_the_office[2]) == 2


def test_the_page_costs_the_same_however_many_partnerships_it_offers(client, cohort, partnership):
    reporter = partnership.memberships.get(part="mentee").application.user
    names = [("Emmy Noether", "A B"), ("Grace Hopper", "C D"), ("Hedy Lamarr", "E F")]
    for mentor, mentee in names:
        couple(cohort, mentor, mentee)
    few = file_case(by=reporter, text="Emmy Noether.")
    many = file_case(by=reporter, text="Emmy Noether, Grace Hopper and Hedy Lamarr.")
    client.force_login(handler(cohort.programme))

    assert queries_for(client, many.get_absolute_url()) == queries_for(client, few.get_absolute_url())
