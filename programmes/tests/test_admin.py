from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from outbox.models import Message
from programmes.models import Aim, Cohort, Duty, Option, PolicyVersion, Programme, Question
from programmes.sites import ORDER
from programmes.tests.factories import (
    CohortFactory,
    DisclosedFactFactory,
    DutyFactory,
    OptionFactory,
    PathwayFactory,
    PolicyVersionFactory,
    ProgrammeFactory,
)
from programmes.tests.pages import filled_in
from programmes.tests.setting_up import save, set_up_a_third_programme

pytestmark = pytest.mark.django_db


def page_of(row, name="change"):
    return reverse(f"admin:programmes_{row._meta.model_name}_{name}", args=[row.pk])


@pytest.fixture
def root(client):
    user = UserFactory(is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def office(client):
    """An administrator of one programme, signed in; gives the programme."""
    duty = DutyFactory()
    client.force_login(duty.user)
    return duty.programme


def test_a_third_programme_is_set_up_without_code(client, root):
    programme = set_up_a_third_programme(client)

    client.logout()
    said = " ".join(client.get(programme.get_absolute_url()).content.decode().split())
    wanted = [
        "A <strong>third</strong> one.",
        "Write together.",
        "Meet monthly.",
        "In pairs",
        "until <strong>Saturday 31 January 2026</strong>",
        reverse("apply", args=["research", "mentor"]),
        reverse("apply", args=["research", "mentee"]),
        "First meeting",
        "<h3>A mentor sees of their mentee</h3> <ul><li>Name</li><li>Areas of support</li></ul>",
        "How to begin",
    ]
    assert [text for text in wanted if text not in said] == []


def test_only_a_superuser_begins_a_programme(client, office):
    assert client.get(reverse("admin:programmes_programme_add")).status_code == 403
    assert Programme.objects.count() == 1


def test_an_administrator_keeps_a_programmes_texts_and_rows(client, office):
    Aim.objects.create(programme=office, text="Old aim")
    save(
        client,
        page_of(office),
        {"summary": "Better.", "aims-0-DELETE": "on", "aims-1-text": "New aim", "aims-TOTAL_FORMS": "3"},
    )
    office.refresh_from_db()
    assert (office.summary, [aim.text for aim in office.aims.all()]) == ("Better.", ["New aim"])


def test_a_slug_is_chosen_once(client, office):
    slug = office.slug
    save(client, page_of(office), {"slug": "another", "summary": "Better."})
    office.refresh_from_db()
    assert (office.slug, office.summary) == (slug, "Better.")


def test_an_option_that_people_may_have_chosen_is_closed_and_not_deleted(client, office):
    option = OptionFactory(programme=office)
    answers = filled_in(client.get(page_of(office)), "programme_form")
    assert [name for name in answers if name.startswith("options") and name.endswith("DELETE")] == []
    answers.pop("options-0-is_open")
    client.post(page_of(office), answers | {"options-0-DELETE": "on"})
    assert Option.objects.get(pk=option.pk).is_open is False


def test_a_pathway_that_circles_were_made_in_is_not_deleted(client, office):
    pathway = PathwayFactory(programme=office)
    answers = filled_in(client.get(page_of(office)), "programme_form")
    client.post(page_of(office), answers | {"pathways-0-DELETE": "on", "summary": "Better."})
    office.refresh_from_db()
    assert (office.summary, list(office.pathways.all())) == ("Better.", [pathway])


@pytest.mark.clause("BM-5")
def test_an_administrator_sets_the_clocks_of_reminders_and_a_circles_agreement(client, office):
    pathway = PathwayFactory(programme=office, kind="circle", smallest=3, largest=8)
    answers = {
        "days_between_reminders": "10",
        "days_until_the_office_is_told": "21",
        "pathways-0-agreement": "What is said here stays here.",
        "pathways-0-requires_training": "on",
    }

    save(client, page_of(office), answers)

    office.refresh_from_db()
    pathway.refresh_from_db()
    assert (office.days_between_reminders, office.days_until_the_office_is_told) == (10, 21)
    assert (pathway.agreement, pathway.requires_training) == ("What is said here stays here.", True)


def test_nobody_sets_more_than_one_reminder_a_week(client, office):
    answers = filled_in(client.get(page_of(office)), "programme_form")

    said = client.post(page_of(office), answers | {"days_between_reminders": "6"})

    assert list(said.context["adminform"].form.errors) == ["days_between_reminders"]


@pytest.mark.clause("BM-3")
def test_an_administrator_widens_who_may_join(client, office):
    option = OptionFactory(programme=office, fact="staff_group", name="Research", is_eligible=False)
    save(client, page_of(office), {"options-0-is_eligible": "on"})
    option.refresh_from_db()
    assert option.is_eligible


def test_a_broken_rule_is_said_in_words(client, office):
    answers = filled_in(client.get(page_of(office)), "programme_form")
    said = client.post(page_of(office), answers | {"contact_address": ""}).content.decode()
    assert "Give an address to write to." in said


def draft_with_facts(**fields):
    version = PolicyVersionFactory(published_on=None, **fields)
    for direction in ("of_mentor", "of_mentee"):
        DisclosedFactFactory(policy_version=version, direction=direction)
    return version


@pytest.mark.clause("EI-1a")
def test_a_draft_is_published_after_it_has_been_shown_once_more(client, office):
    draft = draft_with_facts(programme=office, text="Read **me**.")
    page = reverse("admin:programmes_policyversion_publish", args=[draft.pk])
    assert page in client.get(page_of(draft)).content.decode()
    assert "Read <strong>me</strong>." in client.get(page).content.decode()
    client.post(page)
    draft.refresh_from_db()
    assert draft.published_on == date(2026, 1, 14)
    assert client.get(page).status_code == 404


def test_a_draft_that_says_nothing_of_what_is_shown_isnt_published(client, office):
    draft = PolicyVersionFactory(programme=office, published_on=None)
    page = reverse("admin:programmes_policyversion_publish", args=[draft.pk])
    said = client.post(page, follow=True).content.decode()
    draft.refresh_from_db()
    assert "Say first what is shown" in said
    assert draft.published_on is None


@pytest.mark.clause("EI-1a")
def test_publishing_guidance_leads_to_who_still_has_to_accept_it(client, office):
    draft = PolicyVersionFactory(programme=office, kind="guidance", published_on=None)

    said = client.post(page_of(draft, "publish"), follow=True).content.decode()

    owing = f"{reverse('admin:applications_application_changelist')}?state__exact=accepted&amp;accepted=no"
    assert f'href="{owing}"' in said
    assert client.get(owing.replace("&amp;", "&")).status_code == 200


def test_guidance_asks_nothing_of_what_each_side_sees(client, office):
    guidance = PolicyVersionFactory(programme=office, kind="guidance", published_on=None)
    policy = PolicyVersionFactory(programme=office, published_on=None)

    asked = ["What each side sees" in client.get(page_of(row)).content.decode() for row in (guidance, policy)]

    assert asked == [False, True]


@pytest.mark.clause("EI-1")
def test_nothing_of_a_published_version_can_be_changed_or_removed(client, root):
    version = draft_with_facts()
    answers = filled_in(client.get(page_of(version)), "policyversion_form")
    PolicyVersion.objects.update(published_on=date(2026, 1, 1))
    facts = list(version.disclosed_facts.values())
    changed = {"text": "Other words.", "disclosed_facts-0-fact": "email", "disclosed_facts-1-DELETE": "on"}
    answers_given = [
        client.post(page_of(version), answers | changed).status_code,
        client.post(page_of(version, "delete"), {"post": "yes"}).status_code,
    ]
    version.refresh_from_db()
    assert answers_given == [403, 403]
    assert (version.text, list(version.disclosed_facts.values())) == ("The policy.", facts)


def test_a_draft_can_be_thrown_away(client, office):
    draft = draft_with_facts(programme=office)
    client.post(page_of(draft, "delete"), {"post": "yes"})
    assert PolicyVersion.objects.count() == 0


def test_a_cohort_runs_under_a_published_policy(client, office):
    cohort, draft = CohortFactory(programme=office), PolicyVersionFactory(programme=office, published_on=None)
    shown = client.get(page_of(cohort))
    assert draft not in shown.context["adminform"].form.fields["policy"].queryset
    client.post(page_of(cohort), filled_in(shown, "cohort_form") | {"policy": draft.pk})
    assert Cohort.objects.get().policy == cohort.policy


@pytest.mark.clause("BM-13")
def test_a_question_is_answered_published_and_sent(client, office):
    question = Question.objects.create(
        programme=office,
        text="May I join?",
        asker_email="ada@mail.example",
        asked_at=datetime(2026, 1, 13, tzinfo=UTC),
    )
    save(client, page_of(question), {"text": "May we join?", "answer": "Yes, you may.", "is_published": "on"})
    message = Message.objects.get()
    assert (message.to, "Yes, you may." in message.text) == ("ada@mail.example", True)
    said = client.get(office.get_absolute_url()).content.decode()
    assert ("May we join?" in said, "Yes, you may." in said, "ada@mail.example" in said) == (
        True,
        True,
        False,
    )


@pytest.mark.clause("BM-13")
def test_the_office_adds_questions_and_answers_of_its_own(client, office):
    page = reverse("admin:programmes_question_add")
    save(client, page, {"programme": office.pk, "text": "Why?", "answer": "Because.", "is_published": "on"})
    question = Question.objects.get()
    assert (question.answer, question.is_published, question.answered_at) == (
        "Because.",
        True,
        datetime(2026, 1, 14, 9, 30, tzinfo=UTC),
    )
    assert Message.objects.count() == 0


def test_a_published_answer_is_taken_from_the_page_again(client, office):
    at = datetime(2026, 1, 13, tzinfo=UTC)
    question = Question.objects.create(
        programme=office, text="Why?", answer="Because.", asked_at=at, answered_at=at, is_published=True
    )
    answers = filled_in(client.get(page_of(question)), "question_form")
    answers.pop("is_published")
    client.post(page_of(question), answers)
    question.refresh_from_db()
    assert (question.is_published, question.answer) == (False, "Because.")


@pytest.mark.parametrize(
    ("was", "changes", "said"),
    [
        ("", {"is_published": "on"}, "A question is published with its answer."),
        ("Because.", {"answer": ""}, "It is answered already: better the answer, but leave one."),
    ],
)
def test_a_question_without_an_answer_isnt_published_and_keeps_the_one_it_has(
    client, office, was, changes, said
):
    at = datetime(2026, 1, 13, tzinfo=UTC)
    question = Question.objects.create(
        programme=office, text="Why?", answer=was, asked_at=at, answered_at=at if was else None
    )
    response = client.post(
        page_of(question), filled_in(client.get(page_of(question)), "question_form") | changes
    )
    question.refresh_from_db()
    assert said in response.content.decode()
    assert (question.answer, question.is_published) == (was, False)


def test_questions_that_wait_can_be_listed(client, office):
    at = datetime(2026, 1, 13, tzinfo=UTC)
    Question.objects.create(programme=office, text="Waiting?", asked_at=at)
    Question.objects.create(programme=office, text="Answered?", answer="Yes.", asked_at=at, answered_at=at)
    page = reverse("admin:programmes_question_changelist")
    lists = [
        [q.text for q in client.get(f"{page}?waiting={w}").context["cl"].result_list] for w in ("yes", "no")
    ]
    assert lists == [["Waiting?"], ["Answered?"]]


def test_a_superuser_gives_a_duty_by_address_and_takes_it_away(client, root):
    programme, person = ProgrammeFactory(), UserFactory(email="ada@lse.example")
    page = reverse("admin:programmes_duty_add")
    save(client, page, {"email": "Ada@LSE.example", "programme": programme.pk, "kind": "administer"})
    duty = Duty.objects.get()
    assert (duty.user, duty.programme, duty.kind) == (person, programme, "administer")
    client.post(page_of(duty, "delete"), {"post": "yes"})
    assert Duty.objects.count() == 0


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nobody@lse.example", "Nobody signs in with this address."),
        ("ada@lse.example", "They have this duty already."),
    ],
)
def test_a_duty_needs_somebody_who_hasnt_it_yet(client, root, address, said):
    given = DutyFactory(user=UserFactory(email="ada@lse.example"))
    page = reverse("admin:programmes_duty_add")
    answers = filled_in(client.get(page), "duty_form")
    answers |= {"email": address, "programme": given.programme.pk, "kind": given.kind}
    assert said in client.post(page, answers).content.decode()
    assert Duty.objects.count() == 1


def test_an_administrator_neither_sees_nor_gives_duties(client, office):
    pages = [reverse("admin:programmes_duty_changelist"), reverse("admin:programmes_duty_add")]
    assert [client.get(page).status_code for page in pages] == [403, 403]
    assert "duties" not in client.get(reverse("admin:index")).content.decode().lower()


# The first page


def test_lists_stand_in_the_order_of_an_offices_work_each_with_what_it_is_for(client, office):
    groups = client.get(reverse("admin:index")).context["app_list"]

    assert [(group["name"], [row["object_name"] for row in group["models"]]) for group in groups] == [
        ("People", ["Application", "AlumniRecord"]),
        ("Partnerships", ["Flag", "Partnership", "MatchRun"]),
        ("Training", ["Session"]),
        ("What people read", ["Wording", "PolicyVersion", "SchoolPage", "Question"]),
        ("Set up", ["Cohort", "Programme"]),
        ("Records", ["Message", "Disclosure", "Snapshot"]),
    ]
    assert [row["object_name"] for group in groups for row in group["models"] if not row["hint"]] == []


def test_a_list_that_nobody_put_in_order_stands_at_the_end(client, office, monkeypatch):
    known = {heading: lists for heading, lists in ORDER.items() if heading != "Training"}
    monkeypatch.setattr("programmes.sites.ORDER", known)

    groups = client.get(reverse("admin:index")).context["app_list"]

    assert [row["object_name"] for row in groups[-1]["models"]] == ["Session"]


def test_who_administers_one_programme_need_not_choose_it(client, office):
    page = reverse("admin:programmes_cohort_add")
    alone = client.get(page).context["adminform"].form.initial
    DutyFactory(user=Duty.objects.get().user)
    several = client.get(page).context["adminform"].form.initial

    assert (alone["programme"], "programme" in several) == (office.pk, False)
