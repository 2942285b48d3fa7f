"""A programme's own words for its reminders: explained, checked, tried on real people, and never another's."""

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory, MentorFactory
from outbox.models import Message
from overview.tests.answers import without_token
from partnerships.models import Disclosure, State
from partnerships.tests.factories import pair
from programmes.models import Wording
from programmes.tests.factories import CohortFactory, DutyFactory, ProgrammeFactory
from programmes.tests.pages import filled_in
from programmes.wording import ALLOWED, USUAL

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-5")]

LIST = reverse("admin:programmes_wording_changelist")
ADD = reverse("admin:programmes_wording_add")


@pytest.fixture
def programme():
    return ProgrammeFactory()


@pytest.fixture
def administrator(programme):
    return DutyFactory(programme=programme).user


@pytest.fixture
def office(client, administrator):
    """The client, signed in as an administrator of the programme."""
    client.force_login(administrator)
    return client


@pytest.fixture
def wording(programme):
    return Wording.objects.create(
        programme=programme, kind="reminder", text="Dear {name}: {partner} would be glad."
    )


def page_of(wording):
    return reverse("admin:programmes_wording_change", args=[wording.pk])


def preview_of(wording):
    return reverse("admin:programmes_wording_preview", args=[wording.pk])


def named_pair(programme, **fields):
    cohort = CohortFactory(programme=programme)
    return pair(
        mentor=MentorFactory(cohort=cohort, user=UserFactory(name="Ada Lovelace")),
        mentee=ApplicationFactory(cohort=cohort, user=UserFactory(name="Grace Hopper")),
        **fields,
    )


def found(page):
    return [person.application.user.name for person in page.context["people"]]


# Writing


@pytest.mark.parametrize("kind", Wording.Kind.values)
def test_another_text_begins_with_the_usual_words_of_its_message(office, programme, kind):
    form = filled_in(office.get(ADD, {"kind": kind}), "wording_form")

    office.post(ADD, form | {"programme": programme.pk})

    assert list(Wording.objects.values_list("kind", "text")) == [(kind, USUAL[kind])]


def test_a_chosen_message_alone_is_explained(office):
    explained = office.get(ADD, {"kind": "closing"}).context["explained"]

    assert [each["kind"] for each in explained] == ["closing"]


def test_an_unknown_message_in_the_address_is_nothing(office):
    form = filled_in(office.get(ADD, {"kind": "canary"}), "wording_form")

    assert (form["kind"], form["text"]) == ("", "")


def test_every_placeholder_is_explained_beside_the_usual_words(office, wording):
    empty, own = office.get(ADD).context["explained"], office.get(page_of(wording))

    assert {each["kind"]: tuple(name for name, _ in each["placeholders"]) for each in empty} == {
        kind: tuple(f"{{{name}}}" for name in names) for kind, names in ALLOWED.items()
    }
    assert [each["kind"] for each in own.context["explained"]] == ["reminder"]
    assert "until when the meeting was due" in own.content.decode()


@pytest.mark.parametrize("text", ["Hello {nmae}", "{when}", "{}", "{{ name }}"])
def test_an_unknown_placeholder_is_refused_beside_the_text(office, wording, text):
    form = filled_in(office.get(page_of(wording)), "wording_form")

    answer = office.post(page_of(wording), form | {"text": text})

    wording.refresh_from_db()
    assert list(answer.context["adminform"].form.errors) == ["text"]
    assert "There is no placeholder" in answer.content.decode()
    assert wording.text == "Dear {name}: {partner} would be glad."


def test_each_message_has_one_text(office, wording):
    form = {"programme": wording.programme_id, "kind": "reminder", "text": "Another."}

    answer = office.post(ADD, form)

    assert answer.status_code == 200
    assert Wording.objects.count() == 1


def test_deleting_it_brings_the_usual_words_back(office, wording):
    office.post(reverse("admin:programmes_wording_delete", args=[wording.pk]), {"post": "yes"})

    assert not Wording.objects.exists()


@pytest.mark.clause("ALL-1")
def test_nobody_words_another_programmes_messages(office):
    elsewhere = ProgrammeFactory()

    answer = office.post(ADD, {"programme": elsewhere.pk, "kind": "reminder", "text": "Hello."})

    assert list(answer.context["adminform"].form.errors) == ["programme"]
    assert not Wording.objects.exists()


# Trying


def test_the_text_is_tried_on_a_real_person_and_nothing_is_sent(office, programme, wording):
    partnership = named_pair(programme)
    mentee = partnership.memberships.get(part="mentee")

    page = office.get(preview_of(wording), {"membership": mentee.pk})

    assert "Dear Grace Hopper: Ada Lovelace would be glad." in page.context["words"]
    assert "Dear Grace Hopper: Ada Lovelace would be glad." in page.content.decode()
    assert (Message.objects.exists(), Disclosure.objects.exists()) == (False, False)


@pytest.mark.parametrize("kind", Wording.Kind.values)
def test_the_usual_words_of_every_message_leave_no_hole(office, programme, kind):
    wording = Wording.objects.create(programme=programme, kind=kind, text=USUAL[kind])
    mentee = named_pair(programme).memberships.get(part="mentee")

    words = office.get(preview_of(wording), {"membership": mentee.pk}).context["words"]

    assert [sign for sign in "{}" if sign in words] == []
    assert "Ada Lovelace" in words


def test_people_are_found_by_a_part_of_their_name(office, programme, wording):
    named_pair(programme)

    everybody, some = office.get(preview_of(wording)), office.get(preview_of(wording), {"q": "hop"})

    assert (found(everybody), found(some)) == (["Ada Lovelace", "Grace Hopper"], ["Grace Hopper"])


@pytest.mark.clause("ALL-1")
def test_only_people_of_running_partnerships_of_the_programme_are_found(office, programme, wording):
    named_pair(ProgrammeFactory())
    over = named_pair(programme, state=State.ENDED, ended_at="2026-01-13T09:00Z", end_reason="office")

    page = office.get(preview_of(wording))

    assert found(page) == []
    assert office.get(preview_of(wording), {"membership": over.memberships.first().pk}).status_code == 404


@pytest.mark.clause("ALL-1")
def test_somebody_of_another_programme_is_like_nobody_at_all(office, wording):
    elsewhere = named_pair(ProgrammeFactory()).memberships.get(part="mentee")

    answers = [
        office.get(preview_of(wording), {"membership": pk}) for pk in (elsewhere.pk, 987654, "x", "9" * 40)
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert len({without_token(answer) for answer in answers}) == 1


@pytest.mark.clause("ALL-1")
def test_who_runs_two_programmes_tries_a_text_on_people_of_its_own(office, administrator, wording):
    other = DutyFactory(user=administrator).programme
    named_pair(other)

    assert found(office.get(preview_of(wording))) == []


@pytest.mark.clause("ALL-1")
def test_the_preview_of_another_programmes_text_is_nowhere(office):
    theirs = Wording.objects.create(programme=ProgrammeFactory(), kind="reminder", text="canary")

    answers = [
        office.get(preview_of(theirs)),
        office.get(preview_of(theirs).replace(f"/{theirs.pk}/", "/987654/")),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert without_token(answers[0]) == without_token(answers[1])


@pytest.mark.clause("ALL-1")
def test_ones_own_partnership_is_not_for_trying(office, programme, administrator, wording):
    own = pair(mentor=MentorFactory(cohort=CohortFactory(programme=programme), user=administrator))

    assert found(office.get(preview_of(wording))) == []
    assert office.get(preview_of(wording), {"membership": own.memberships.first().pk}).status_code == 404


def test_the_preview_only_reads(office, wording):
    assert office.post(preview_of(wording)).status_code == 405


def test_the_list_of_people_takes_as_many_questions_for_one_pair_as_for_three(
    office, programme, wording, django_assert_num_queries, django_assert_max_num_queries
):
    cohort = CohortFactory(programme=programme)
    pair(cohort=cohort)
    office.get(preview_of(wording))
    with django_assert_max_num_queries(20) as for_one:
        office.get(preview_of(wording))
    pair(cohort=cohort)
    pair(cohort=cohort)

    with django_assert_num_queries(len(for_one)):
        office.get(preview_of(wording))
