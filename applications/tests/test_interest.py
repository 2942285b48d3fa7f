"""Who is outside a programme for now: told kindly, written to once when it widens, and forgotten (BM-3, BM-10)."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from accounts.tests.factories import UserFactory
from applications import interest_links, tasks
from applications.models import Application, Interest
from applications.services import interest, writing
from applications.tests.factories import ApplicationFactory
from conftest import NOW
from declarations.models import Declaration
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from programmes.models import Ask
from programmes.tests.factories import CohortFactory, DutyFactory, OptionFactory, ProgrammeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-3", "BM-10")]
PAGE = "/programmes/scheme/outside/"
GIVEN = {"address": "Ada@lse.example", "agrees": "on"}


@pytest.fixture
def programme():
    """Open to Professional Services, and neither to Academic nor to Research for now."""
    made = ProgrammeFactory(slug="scheme", name="The scheme")
    for position, (name, is_eligible) in enumerate(
        [("Professional Services", True), ("Academic", False), ("Research", False)]
    ):
        OptionFactory(
            programme=made, fact="staff_group", name=name, is_eligible=is_eligible, position=position
        )
    return made


def widen(programme, name="Academic"):
    programme.options.filter(name=name).update(is_eligible=True)


def link(programme, address="ada@lse.example"):
    return urlsplit(interest_links.interest_url(programme, address)).path


def keep(programme, address="ada@lse.example"):
    return interest.keep(programme, address=address, at=NOW)


# The page


def test_the_page_says_who_can_join_and_who_cannot_yet(client, programme):
    shown = client.get(PAGE).context["boundaries"]

    assert [
        (each.label, [o.name for o in each.inside], [o.name for o in each.outside]) for each in shown
    ] == [("Staff group", ["Professional Services"], ["Academic", "Research"])]


def test_a_programme_that_keeps_nobody_outside_has_no_such_page(client, programme):
    programme.options.update(is_eligible=True)

    assert client.get(PAGE).url == "/programmes/scheme/"


def test_the_programmes_page_leads_there_only_while_somebody_is_outside(client, programme):
    before = PAGE in client.get("/programmes/scheme/").content.decode()
    programme.options.update(is_eligible=True)

    assert (before, PAGE in client.get("/programmes/scheme/").content.decode()) == (True, False)


@pytest.mark.parametrize("way", ["continue", "later"])
def test_whoever_answers_so_is_told_before_they_go_on_and_their_draft_stays(client, clock, programme, way):
    cohort = CohortFactory(programme=programme)
    clock.move_to(NOW.replace(year=2025, month=10, day=20))
    Ask.objects.create(programme=programme, role="mentee", fact="staff_group", section="You", label="Group")
    client.force_login(person := UserFactory())

    response = client.post(
        "/programmes/scheme/apply/mentee/", {"staff_group": "Academic", way: "1"}, follow=True
    )

    expected = {"continue": PAGE, "later": "/"}
    assert response.redirect_chain[-1][0] == expected[way]
    assert list(Application.objects.filter(cohort=cohort).values_list("user", "state")) == [
        (person.pk, "draft")
    ]


def test_nobody_declares_anything_for_an_application_that_cannot_be_taken(clock, programme):
    programme.declaration_wording = "I identify as BAME."
    programme.save()
    clock.move_to(opened := NOW.replace(year=2025, month=10, day=20))
    draft = ApplicationFactory(cohort=CohortFactory(programme=programme), draft=True, staff_group="Research")

    with pytest.raises(NotPossible, match="isn't open yet to: Research"):
        writing.submit(draft, by=draft.user, at=opened, accepts_policy=True, declares=True)

    draft.refresh_from_db()
    assert (draft.state, Declaration.objects.count()) == ("draft", 0)


# Leaving an address


def test_an_address_is_kept_only_after_its_owner_said_yes_to_the_shown_wording(client, programme):
    client.post(PAGE, GIVEN)
    before = Interest.objects.count()
    shown = client.get(link(programme))
    client.post(link(programme), {"answer": "yes"})

    assert before == 0
    assert shown.context["wording"] in shown.content.decode()
    assert list(Interest.objects.values("programme", "address", "asked_at", "wording")) == [
        {
            "programme": programme.pk,
            "address": "ada@lse.example",
            "asked_at": NOW,
            "wording": shown.context["wording"],
        }
    ]


def test_an_address_without_the_tick_gets_no_letter(client, programme):
    response = client.post(PAGE, {"address": "ada@lse.example"})

    assert response.context["form"].errors == {"agrees": ["Please tick this: we keep no address without."]}
    assert Message.objects.count() == 0


def test_a_form_filled_in_by_a_machine_gets_no_letter(client, programme):
    assert client.post(PAGE, GIVEN | {"website": "https://spam.example"}).url == "/programmes/scheme/"
    assert Message.objects.count() == 0


def test_the_answer_is_the_same_for_a_known_address_and_an_unknown_one(client, programme):
    keep(programme)

    def answered(address):
        response = client.post(PAGE, GIVEN | {"address": address})
        page = client.get(response.url)
        letter = Message.objects.latest("pk")
        return (
            response.status_code,
            response.url,
            [str(said) for said in page.context["messages"]],
            letter.subject,
            [line for line in letter.text.splitlines() if "/interest/" not in line],
        )

    assert answered("ADA@lse.example") == answered("ben@lse.example")


def test_an_address_is_written_to_once_a_day(programme):
    for address in ("ada@lse.example", "ADA@lse.example"):
        interest.ask(programme, address=address, at=NOW)
    interest.ask(programme, address="ada@lse.example", at=NOW + timedelta(days=1))

    assert Message.objects.count() == 2


def test_a_flood_of_addresses_is_held_up(programme, monkeypatch):
    monkeypatch.setattr(interest, "MOST_LETTERS_AN_HOUR", 1)
    interest.ask(programme, address="ada@lse.example", at=NOW)

    with pytest.raises(NotPossible, match="try again in an hour"):
        interest.ask(programme, address="ben@lse.example", at=NOW)
    interest.ask(programme, address="ben@lse.example", at=NOW + timedelta(hours=2))


def test_neither_the_link_nor_the_messages_key_shows_the_address(programme):
    interest.ask(programme, address="ada@lse.example", at=NOW)
    letter = Message.objects.get()

    assert "ada" not in letter.key
    assert "lse.example" not in link(programme)
    assert interest_links.opened(link(programme).split("/")[2]) == (programme, "ada@lse.example")


@pytest.mark.parametrize("token", ["invented", "gAAAA", "_"])
def test_an_invented_link_leads_nowhere(client, programme, token):
    assert client.get(f"/interest/{token}/").status_code == 404


def test_yes_twice_in_any_case_is_one_address_and_no_removes_it(client, programme):
    for address in ("ada@lse.example", "ADA@lse.example"):
        client.post(link(programme, address), {"answer": "yes"})
    kept = Interest.objects.count()
    client.post(link(programme), {"answer": "no"})

    assert (kept, Interest.objects.count()) == (1, 0)


def test_looking_at_the_link_changes_nothing(client, programme):
    client.get(link(programme))
    keep(programme)
    client.get(link(programme))

    assert Interest.objects.count() == 1


def test_a_link_of_before_the_widening_leads_to_the_programme(client, programme):
    programme.options.update(is_eligible=True)

    assert client.post(link(programme), {"answer": "yes"}).url == "/programmes/scheme/"
    assert Interest.objects.count() == 0


# When it widens


def test_whoever_left_an_address_hears_once_when_the_programme_widens_and_is_forgotten(programme):
    keep(programme)
    widen(programme)

    told = [tasks.tell_of_widening() for _ in range(2)]

    letter = Message.objects.get()
    assert (told, letter.to, letter.subject) == ([1, 0], "ada@lse.example", "News that you asked for")
    assert "It now takes people who answer: Academic." in letter.text
    assert "not open yet to: Research." in letter.text
    assert Interest.objects.count() == 0


def test_nobody_is_told_of_anything_but_a_widening(programme):
    keep(programme)
    programme.options.filter(name="Professional Services").update(name="Professional services staff")
    OptionFactory(programme=programme, fact="staff_group", name="Visiting", is_eligible=False)
    OptionFactory(programme=programme, fact="division", name="Library")
    programme.options.filter(name="Research").update(is_open=False)

    assert tasks.tell_of_widening() == 0
    assert Interest.objects.count() == 1


def test_a_new_group_that_may_join_is_a_widening(programme):
    keep(programme)
    OptionFactory(programme=programme, fact="staff_group", name="Visiting")

    assert tasks.tell_of_widening() == 1


def test_a_widening_that_was_taken_back_and_made_again_is_told_to_those_who_asked_since(programme):
    keep(programme)
    widen(programme)
    tasks.tell_of_widening()
    programme.options.filter(name="Academic").update(is_eligible=False)
    tasks.tell_of_widening()
    keep(programme)
    widen(programme)

    assert tasks.tell_of_widening() == 1
    assert Message.objects.count() == 2


def test_a_programme_in_preparation_tells_nobody_until_it_is_public(programme):
    keep(programme)
    widen(programme)
    type(programme).objects.update(is_public=False)
    before = tasks.tell_of_widening()
    type(programme).objects.update(is_public=True)

    assert (before, tasks.tell_of_widening()) == (0, 1)


def test_an_address_that_cannot_be_written_to_holds_back_nobody_and_is_tried_again(programme, monkeypatch):
    for address in ("ada@lse.example", "ben@lse.example"):
        keep(programme, address)
    widen(programme)
    post_all = interest.outbox.post_all

    def post(template, letters, **facts):
        if any(letter.to == "ada@lse.example" for letter in letters):
            raise RuntimeError("no")
        return post_all(template, letters, **facts)

    with monkeypatch.context() as patch:
        patch.setattr(interest.outbox, "post_all", post)
        first = tasks.tell_of_widening()

    assert (first, tasks.tell_of_widening(), Interest.objects.count()) == (1, 1, 0)


def test_the_office_sees_how_many_and_nobodys_address(client, programme):
    keep(programme)
    keep(_another())
    administrator = DutyFactory(programme=programme).user
    client.force_login(administrator)

    response = client.get("/admin/applications/application/")

    assert response.context["interests"] == [("The scheme", 1)]
    assert "ada@lse.example" not in response.content.decode()
    assert "The scheme: 1 person outside it left an address" in " ".join(response.content.decode().split())


def _another():
    made = ProgrammeFactory()
    OptionFactory(programme=made, fact="staff_group", is_eligible=False)
    return made


def test_neither_letter_stands_in_an_offices_list_of_messages(client, programme):
    interest.ask(programme, address="ada@lse.example", at=NOW)
    keep(programme)
    widen(programme)
    tasks.tell_of_widening()
    client.force_login(DutyFactory(programme=programme).user)

    assert Message.objects.count() == 2
    assert list(client.get("/admin/outbox/message/").context["cl"].result_list) == []
