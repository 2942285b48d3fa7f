"""From asking to be erased to the end of it: days of grace, the clock, what holds it, and the ledger."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory
from applications.tests.factories import ApplicationFactory, MentorFactory
from concerns import contents
from concerns import services as concerns
from concerns.models import Case, Outcome
from concerns.queries import handlers_of
from concerns.tests.factories import file_case, handler, mail
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from overview import links
from overview.models import Erasure
from overview.services import erasing
from overview.services.erasing import carrying_out
from overview.services.erasing import ledger as book
from overview.tasks import carry_out_erasures
from overview.tests import whole_person
from partnerships.tests.factories import pair
from programmes.tests.factories import DutyFactory
from tests.at_once import at_once

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
READY = AT + timedelta(days=3)


@pytest.fixture(autouse=True)
def path(settings, tmp_path):
    settings.ERASURE_LEDGER = tmp_path / "ledger" / "erasures.ledger"
    return settings.ERASURE_LEDGER


@pytest.fixture
def ada():
    """Somebody to whom others' records lead."""
    return ApplicationFactory(user__name="Ada Lovelace", user__email="ada@lse.example").user


def close(case):
    by = handlers_of(case.programme)[0]
    concerns.answer(case, by=by, text="Thank you.", at=AT)
    concerns.close(case, by=by, outcome=Outcome.ADVICE, policy="", at=AT)


def is_gone(user):
    return User.objects.get(pk=user.pk).is_gone


# Asking


def test_asking_begins_three_days_of_grace_and_a_month_at_most(ada):
    erasure = erasing.ask(ada, AT)

    assert erasure == erasing.standing_request(ada)
    assert (erasure.ready_at, erasure.due_at) == (READY, datetime(2026, 2, 13, 9, 30, tzinfo=UTC))


def test_asking_twice_is_asking_once(ada):
    assert erasing.ask(ada, AT) == erasing.ask(ada, READY)
    assert Message.objects.filter(kind="overview/email/erasure_asked").count() == 1


def test_the_letter_says_until_when_and_how_to_call_it_back(ada):
    erasure = erasing.ask(ada, AT)

    letter = Message.objects.get(to=ada.email)
    for words in (letter.text, letter.html):
        assert "done by 13 February 2026" in words
        assert "Nothing happens before 17 January 2026" in words
        assert links.call_back_url(erasure) in words
    assert letter.subject == "Your mentoring programme"


def test_the_only_one_who_runs_the_site_hears_that_somebody_else_must_first():
    root = UserFactory(is_superuser=True)

    with pytest.raises(NotPossible, match="the only one who runs this site"):
        erasing.ask(root, AT)


def test_who_is_gone_cant_ask_again(ada):
    erasing.erase(ada, at=AT)

    with pytest.raises(NotPossible, match="erased already"):
        erasing.ask(ada, AT)


def test_what_was_called_back_isnt_carried_out_and_can_be_asked_again(ada):
    erasing.ask(ada, AT)
    erasing.call_back(ada, READY - timedelta(minutes=1))

    assert (erasing.carry_out_due(at=READY), erasing.standing_request(ada), is_gone(ada)) == (0, None, False)
    assert erasing.ask(ada, READY).ready_at == READY + timedelta(days=3)


def test_once_it_has_begun_it_is_called_back_no_more(ada):
    erasing.ask(ada, AT)

    with pytest.raises(NotPossible, match="no request"):
        erasing.call_back(ada, READY)


def test_the_link_of_an_earlier_request_calls_back_no_later_one(ada, client):
    url = links.call_back_url(erasing.ask(ada, AT)).removeprefix("https://mentoring.example")
    erasing.call_back(ada, AT)
    erasing.ask(ada, AT)

    client.post(url)

    assert erasing.standing_request(ada) is not None


def test_nobody_calls_back_what_they_havent_asked_for(ada):
    erasing.ask(UserFactory(), AT)

    with pytest.raises(NotPossible, match="no request"):
        erasing.call_back(ada, AT)


# The link of the letter


def test_looking_at_the_link_changes_nothing_and_the_button_calls_it_back(ada, client):
    url = links.call_back_url(erasing.ask(ada, AT)).removeprefix("https://mentoring.example")

    asks = client.get(url).content.decode()
    assert erasing.standing_request(ada) is not None
    says = client.post(url, follow=True).content.decode()

    assert "Keep my account" in asks
    assert "ada" not in asks.lower()
    assert "Nothing is erased" in says
    assert erasing.standing_request(ada) is None
    assert client.post(url).status_code == 302


def test_an_invented_link_and_one_of_who_is_erased_answer_alike(ada, client):
    url = links.call_back_url(erasing.ask(ada, AT)).removeprefix("https://mentoring.example")
    erasing.carry_out_due(at=READY)

    gone, invented = client.get(url), client.get(reverse("call_back_erasure", args=["invented"]))

    assert (gone.status_code, gone.content) == (404, invented.content)


# The clock


def test_nothing_happens_in_the_days_of_grace_and_then_the_clock_does_it(ada, clock):
    erasing.ask(ada, AT)

    clock.move_to(READY - timedelta(minutes=1))
    assert (carry_out_erasures(), is_gone(ada)) == (0, False)
    clock.move_to(READY)
    assert (carry_out_erasures(), is_gone(ada)) == (1, True)


def test_what_is_kept_of_it_are_counts_and_a_pseudonym(ada):
    mark = book.pseudonym(ada)
    erasure = erasing.ask(ada, AT)

    erasing.carry_out_due(at=READY)

    erasure.refresh_from_db()
    assert (erasure.person, erasure.pseudonym, erasure.done_at) == (None, mark, READY)
    assert erasure.counts == {
        "accounts.User": 1,
        "account.EmailAddress": 1,
        "outbox.Message": 1,
        "applications.Application": 1,
    }


def test_twice_is_once(ada, path):
    erasing.ask(ada, AT)

    assert (erasing.carry_out_due(at=READY), erasing.carry_out_due(at=READY)) == (1, 0)
    assert len(path.read_text().split("\n\n")) == 1


def test_who_fails_holds_back_nobody(ada, monkeypatch, caplog):
    one, other = UserFactory(name="One"), UserFactory(name="Other")
    erase = carrying_out.erase

    def fails_for_one(user, *, at):
        if user == one:
            erase(user, at=at)
            raise ValueError
        return erase(user, at=at)

    monkeypatch.setattr(carrying_out, "erase", fails_for_one)
    for user in (one, ada, other):
        erasing.ask(user, AT)

    assert erasing.carry_out_due(at=READY) == 2
    assert (User.objects.get(pk=one.pk).name, is_gone(ada)) == ("One", True)
    assert "could not be carried out" in caplog.text
    assert "One" not in caplog.text


def test_nobody_is_erased_whom_the_ledger_cant_name(ada, path):
    path.mkdir(parents=True)
    erasing.ask(ada, AT)

    assert (erasing.carry_out_due(at=READY), is_gone(ada)) == (0, False)
    path.rmdir()
    assert (erasing.carry_out_due(at=READY), is_gone(ada)) == (1, True)


# What holds it


@pytest.mark.clause("EI-6")
def test_an_open_case_that_somebody_raised_holds_it_until_it_is_closed(ada):
    case = file_case(by=ada)
    handler(case.programme)
    erasing.ask(ada, AT)

    assert (erasing.carry_out_due(at=READY), is_gone(ada)) == (0, False)
    close(case)
    assert (erasing.carry_out_due(at=READY), is_gone(ada)) == (1, True)


@pytest.mark.clause("EI-6")
@pytest.mark.parametrize("named", ["Ada Lovelace", "Ms Lovelace", "ada@lse.example"])
def test_an_open_case_about_somebody_holds_it(ada, named):
    case = file_case(ada.applications.get().cohort.programme, named=named)
    handler(case.programme)
    erasing.ask(ada, AT)

    assert erasing.carry_out_due(at=READY) == 0
    close(case)
    assert erasing.carry_out_due(at=READY) == 1


@pytest.mark.clause("EI-6")
def test_an_open_case_of_a_partner_holds_it():
    mentor = MentorFactory()
    mentee = pair(mentor=mentor).memberships.get(part="mentee").application.user
    file_case(by=mentee)
    erasing.ask(mentor.user, AT)

    assert erasing.carry_out_due(at=READY) == 0


def test_a_case_about_somebody_else_holds_nothing(ada):
    file_case(ada.applications.get().cohort.programme, named="Ada Byron")
    erasing.ask(ada, AT)

    assert erasing.carry_out_due(at=READY) == 1


@pytest.mark.clause("EI-6a")
def test_the_handlers_hear_once_that_an_erasure_waits_and_of_whom_they_dont_hear(ada):
    case = file_case(by=ada)
    handles = handler(case.programme)
    before = mail()
    erasing.ask(ada, AT)

    for _ in range(3):
        erasing.carry_out_due(at=READY)

    opened = contents.open_case(Case.objects.get(pk=case.pk))
    waits = [entry for entry in opened.entries if entry.kind == "waits"]
    assert [(entry.who, "Ada" in entry.text) for entry in waits] == [("the clock", False)]
    assert [row for row in mail() if row not in before] == [("waiting", handles.email, case.programme.slug)]


@pytest.mark.clause("EI-6")
def test_who_is_named_in_a_case_reads_the_same_as_everybody_else(ada, client):
    other = UserFactory(name="Ada Byron", email="byron@lse.example")
    case = file_case(ada.applications.get().cohort.programme, named="Ada Lovelace")
    handler(case.programme)

    def reads(user):
        erasing.ask(user, AT)
        erasing.carry_out_due(at=READY - timedelta(days=2))
        erasure = erasing.standing_request(user)
        page = client.get(links.call_back_url(erasure).removeprefix("https://mentoring.example"))
        told = Message.objects.filter(to=user.email).order_by("pk").values_list("kind", "state")
        kept = Erasure.objects.filter(pk=erasure.pk).values_list("asked_at", "ready_at", "due_at", "counts")
        words = page.content.decode().split("<main")[1].split("csrfmiddlewaretoken")[0]
        return words, list(told), list(kept)

    free, held = reads(other), reads(ada)
    assert free == held


@pytest.mark.clause("EI-6")
def test_nobody_sees_that_an_erasure_is_held_once_it_has_begun(client, clock):
    """Neither the person nor who mentors with them: what runs ends, nobody signs in, nothing can be called back."""
    free, held = pair(), pair()
    people = [made.memberships.get(part="mentor").application.user for made in (free, held)]
    for person, name in zip(people, ("Ada Byron", "Ada Lovelace"), strict=True):
        person.name = name
        person.set_password(PASSWORD)
        person.save()
    handler(held.cohort.programme)
    file_case(held.cohort.programme, named="Ada Lovelace")
    addresses = [person.email for person in people]
    urls = [links.call_back_url(erasing.ask(person, AT)) for person in people]

    clock.move_to(READY)
    assert erasing.carry_out_due(at=READY) == 1

    opened = [client.get(url.removeprefix("https://mentoring.example")) for url in urls]
    signed_in = [client.login(email=address, password=PASSWORD) for address in addresses]
    for made in (free, held):
        made.refresh_from_db()
    assert [answer.status_code for answer in opened] == [404, 404]
    assert opened[0].content == opened[1].content
    assert signed_in == [False, False]
    assert (free.state, held.state) == ("ended", "ended")
    assert not Message.objects.filter(to__in=addresses, state="waiting").exists()
    assert [is_gone(person) for person in people] == [True, False]


# The ledger


def test_the_ledger_has_days_and_pseudonyms_and_nobodys_name(ada, path):
    mark = book.pseudonym(ada)
    erasing.ask(ada, AT)

    erasing.carry_out_due(at=READY)

    assert path.read_text() == f"\n2026-01-17 {mark}\n"
    assert path.stat().st_mode & 0o077 == 0


def test_a_torn_line_spoils_no_other(path):
    path.parent.mkdir()
    path.write_text("\n2026-01-17 " + "a" * 64 + "\n\n2026-01-17 bbbb")
    book.add("c" * 64, at=AT)

    assert book.read() == {"a" * 64, "c" * 64}


def restored(person, **details):
    """The same account as the backup has it: its number, its moment, its name."""
    User.objects.filter(pk=person.pk).delete()
    return UserFactory(pk=person.pk, name=person.name, email=person.email, **details)


def test_after_a_restore_whoever_the_ledger_names_is_erased_again(capsys):
    person, other = UserFactory(name="Ada Lovelace"), UserFactory(name="Ada Byron")
    erasing.ask(person, AT)
    erasing.carry_out_due(at=READY)
    again = restored(person, joined_at=person.joined_at)
    application = ApplicationFactory(user=again, bio="I count.")

    call_command("replay_erasures")
    call_command("replay_erasures")

    application.refresh_from_db()
    assert (application.bio, is_gone(again), is_gone(other)) == ("", True, False)
    assert capsys.readouterr().out.splitlines() == [
        "Erased again: 1. Waiting for the clock: 0.",
        "Erased again: 0. Waiting for the clock: 0.",
    ]


def test_a_new_account_with_an_old_number_isnt_the_one_that_was_erased():
    person = UserFactory()
    erasing.ask(person, AT)
    erasing.carry_out_due(at=READY)
    restored(person, joined_at=person.joined_at + timedelta(microseconds=1))

    assert erasing.replay(at=READY) == (0, 0)


def test_a_ledger_under_a_former_key_still_finds_people(settings, ada):
    book.add(book.pseudonym(ada), at=AT)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-of-the-tests-0123456789-abcdefghij"

    assert erasing.replay(at=READY) == (1, 0)


def test_a_case_that_the_backup_has_open_holds_it_and_the_clock_does_it_later(ada):
    case = file_case(by=ada)
    handler(case.programme)
    book.add(book.pseudonym(ada), at=AT)
    erasing.ask(ada, AT)

    assert erasing.replay(at=AT + timedelta(days=1)) == (0, 1)
    close(case)
    assert erasing.carry_out_due(at=AT + timedelta(days=1)) == 1


# At once


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_clocks_erase_each_once(path):
    people = [whole_person.build(), *[ApplicationFactory().user for _ in range(3)]]
    for person in people:
        erasing.ask(person, AT)
    done = []

    at_once(*[lambda: done.append(erasing.carry_out_due(at=READY)) for _ in range(3)])

    assert (sum(done), len(book.read())) == (4, 4)
    assert whole_person.found(whole_person.dump()) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_somebody_who_asks_several_times_at_once_has_asked_once():
    person = DutyFactory().user

    at_once(*[lambda: erasing.ask(person, AT) for _ in range(4)])

    assert Erasure.objects.standing().count() == 1
