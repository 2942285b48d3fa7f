from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from outbox.models import Message
from programmes.models import Aim, Ask, Commitment, PolicyVersion, Question, Resource
from programmes.tests.factories import (
    CohortFactory,
    DisclosedFactFactory,
    DutyFactory,
    KeyDateFactory,
    PathwayFactory,
    PolicyVersionFactory,
    ProgrammeFactory,
)

AT = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def text_of(response):
    """What a page says, without what lies between the words of a sentence."""
    return " ".join(response.content.decode().split())


def furnished(programme, number):
    """One more row of everything that a programme's page lists."""
    Aim.objects.create(programme=programme, text=f"Aim {number}")
    for role in ("mentor", "mentee"):
        Commitment.objects.create(programme=programme, role=role, text=f"Promise {number}")
    Resource.objects.create(programme=programme, title=f"Resource {number}", text="Text.")
    Question.objects.create(
        programme=programme,
        text=f"Question {number}?",
        answer="Answer.",
        asked_at=AT,
        answered_at=AT,
        is_published=True,
    )
    Ask.objects.create(
        programme=programme,
        role="mentor",
        fact=["bio", "linkedin", "country"][number],
        section="s",
        label="l",
    )
    for kind in PolicyVersion.Kind.values:
        version = PolicyVersionFactory(programme=programme, kind=kind, published_on=date(2025, 1, 1 + number))
        DisclosedFactFactory(policy_version=version, fact="name")
    cohort = CohortFactory(programme=programme, slug=f"cohort-{number}", policy=version)
    KeyDateFactory(cohort=cohort)


def test_a_programmes_page_asks_as_many_queries_for_three_rows_as_for_one(client, django_assert_num_queries):
    programme = ProgrammeFactory()
    PathwayFactory(programme=programme)
    furnished(programme, 0)
    address = programme.get_absolute_url()
    client.get(address)
    with django_assert_num_queries(12):
        one = client.get(address)
    furnished(programme, 1)
    furnished(programme, 2)
    with django_assert_num_queries(12):
        three = client.get(address)
    assert [text_of(page).count("Promise") for page in (one, three)] == [2, 6]


@pytest.mark.clause("BM-1")
def test_a_programmes_page_says_what_it_is_and_what_it_aims_at(client):
    programme = ProgrammeFactory(introduction="Something **good**.")
    Aim.objects.create(programme=programme, text="Confidence: more of it.")
    said = text_of(client.get(programme.get_absolute_url()))
    assert "Something <strong>good</strong>." in said
    assert "<li>Confidence: more of it.</li>" in said


def test_an_empty_programme_has_a_page_all_the_same(client):
    programme = ProgrammeFactory()
    said = text_of(client.get(programme.get_absolute_url()))
    assert f"<h1>{programme.name}</h1>" in said
    assert "Sign-up isn’t open yet." in said


@pytest.mark.clause("EI-1f")
def test_a_programmes_page_leads_to_the_schools_own_policies(client):
    programme = ProgrammeFactory()
    said = text_of(client.get(programme.get_absolute_url()))
    assert f'href="{programme.safeguarding_url}"' in said
    assert f'href="{programme.privacy_url}"' in said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2025, 9, 30), "Sign-up for 2025–26 opens on <strong>Wednesday 1 October 2025</strong>"),
        (date(2025, 10, 1), "Sign-up for 2025–26 is open until <strong>Sunday 16 November 2025</strong>"),
        (date(2025, 11, 16), "Sign-up for 2025–26 is open until <strong>Sunday 16 November 2025</strong>"),
        (date(2025, 11, 17), "Sign-up for 2025–26 closed on 16 November 2025."),
        (date(2026, 5, 1), "The last cohort, 2025–26, ended on 30 April 2026."),
    ],
)
def test_a_programmes_page_says_when_one_can_apply(client, clock, day, said):
    clock.move_to(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    programme = CohortFactory().programme
    assert said in text_of(client.get(programme.get_absolute_url()))


@pytest.mark.parametrize(("day", "roles"), [(16, ["mentor"]), (17, [])])
def test_one_applies_while_sign_up_is_open_and_in_roles_that_are_asked_something(client, clock, day, roles):
    clock.move_to(datetime(2025, 11, day, 12, tzinfo=UTC))
    programme = CohortFactory().programme
    Ask.objects.create(programme=programme, role="mentor", fact="bio", section="s", label="l")
    said = text_of(client.get(programme.get_absolute_url()))
    shown = [r for r in ("mentor", "mentee") if reverse("apply", args=[programme.slug, r]) in said]
    assert shown == roles


def test_the_page_lists_what_each_side_sees(client):
    cohort = CohortFactory()
    for position, fact in enumerate(["name", "email", "bio"]):
        DisclosedFactFactory(policy_version=cohort.policy, fact=fact, position=position)
    Ask.objects.create(
        programme=cohort.programme, role="mentor", fact="bio", section="s", label="l", is_required=False
    )
    said = text_of(client.get(cohort.programme.get_absolute_url()))
    shown = "<ul><li>Name</li><li>E-mail</li><li>About me, if they share it</li></ul>"
    assert f"<h3>A mentee sees of their mentor</h3> {shown}" in said
    assert "A mentor sees of their mentee" not in said


@pytest.mark.clause("EI-1a")
def test_an_old_version_stays_readable_and_says_that_there_is_a_newer_one(client):
    old = PolicyVersionFactory(label="2024-25", text="Old words.", published_on=date(2024, 9, 1))
    new = PolicyVersionFactory(programme=old.programme, label="2025-26", text="New words.")
    pages = [text_of(client.get(version.get_absolute_url())) for version in (old, new)]
    assert ["Old words." in page for page in pages] == [True, False]
    assert ["There is a newer version" in page for page in pages] == [True, False]
    assert [other.get_absolute_url() in page for other, page in zip((new, old), pages, strict=True)] == [
        True
    ] * 2


def test_a_draft_is_nobodys_to_read(client):
    draft = PolicyVersionFactory(published_on=None, text="Not yet.")
    response = client.get(draft.get_absolute_url())
    assert (response.status_code, "Not yet." in text_of(response)) == (404, False)


def test_a_script_in_an_administrators_text_does_nothing(client):
    programme = ProgrammeFactory(introduction="<script>alert(1)</script>[x](javascript:alert(2))")
    said = text_of(client.get(programme.get_absolute_url()))
    assert "alert(1)" not in said
    assert "javascript:" not in said


@pytest.mark.parametrize("name", ["programme", "toolkit", "ask_question"])
def test_a_programme_in_preparation_is_its_offices_alone(client, name):
    programme = ProgrammeFactory(is_public=False)
    office, other_office = DutyFactory(programme=programme).user, DutyFactory().user
    address = reverse(name, args=[programme.slug])
    answers = [client.get(address).status_code]
    for person in (other_office, office):
        client.force_login(person)
        answers.append(client.get(address).status_code)
    assert answers == [404, 404, 200]


def test_a_programme_in_preparation_offers_nobody_to_apply(client, clock):
    clock.move_to(datetime(2025, 11, 1, 12, tzinfo=UTC))
    programme = CohortFactory(programme__is_public=False).programme
    Ask.objects.create(programme=programme, role="mentor", fact="bio", section="s", label="l")
    client.force_login(DutyFactory(programme=programme).user)
    apply = reverse("apply", args=[programme.slug, "mentor"])
    said = text_of(client.get(programme.get_absolute_url()))
    assert (client.get(apply).status_code, apply in said, "Sign-up for" in said) == (404, False, False)
    assert "nobody can apply yet" in said


@pytest.mark.clause("BM-1")
def test_the_toolkit_shows_its_texts_in_order(client):
    programme = ProgrammeFactory()
    Resource.objects.create(programme=programme, title="Second", text="*Two.*", position=2)
    Resource.objects.create(
        programme=programme, title="First", url="https://school.example/first", position=1
    )
    said = text_of(client.get(reverse("toolkit", args=[programme.slug])))
    assert said.index("First") < said.index("https://school.example/first") < said.index("Second")
    assert "<em>Two.</em>" in said


def test_an_empty_toolkit_says_so(client):
    said = text_of(client.get(reverse("toolkit", args=[ProgrammeFactory().slug])))
    assert "Nothing here yet" in said


@pytest.mark.clause("BM-13")
def test_published_questions_stand_on_the_page_and_others_dont(client):
    programme = ProgrammeFactory()
    given = {"programme": programme, "answer": "Yes.", "asked_at": AT, "answered_at": AT}
    Question.objects.create(**given, text="Public?", is_published=True, asker_email="ada@mail.example")
    Question.objects.create(**given, text="Private?")
    said = text_of(client.get(programme.get_absolute_url()))
    assert ("Public?" in said, "Private?" in said, "ada@mail.example" in said) == (True, False, False)


@pytest.mark.clause("BM-13")
def test_a_visitor_asks_a_question_without_signing_in(client):
    programme = ProgrammeFactory()
    address = reverse("ask_question", args=[programme.slug])
    assert "Your question" in text_of(client.get(address))
    response = client.post(address, {"text": "May I join?", "email": "ada@mail.example"}, follow=True)
    assert response.redirect_chain == [(f"{programme.get_absolute_url()}#questions", 302)]
    assert "your question has reached the team" in text_of(response)
    assert Question.objects.values_list("text", "asker_email", "is_published").get() == (
        "May I join?",
        "ada@mail.example",
        False,
    )


def test_a_question_posted_twice_is_one(client):
    address = reverse("ask_question", args=[ProgrammeFactory().slug])
    for _ in range(2):
        client.post(address, {"text": "May I join?"})
    assert (Question.objects.count(), Message.objects.count()) == (1, 1)


def test_what_falls_into_the_trap_leaves_nothing(client):
    address = reverse("ask_question", args=[ProgrammeFactory().slug])
    response = client.post(address, {"text": "Buy!", "website": "https://spam.example"}, follow=True)
    assert "your question has reached the team" in text_of(response)
    assert (Question.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"text": ""}, "id_text"),
        ({"text": "x" * 501}, "id_text"),
        ({"text": "May I?", "email": "no"}, "id_email"),
    ],
)
def test_a_question_with_an_error_names_the_field_and_keeps_nothing(client, answers, field):
    response = client.post(reverse("ask_question", args=[ProgrammeFactory().slug]), answers)
    said = text_of(response)
    assert "<title>Error: Ask a question" in said
    assert f'<a href="#{field}">' in said
    assert Question.objects.count() == 0
