"""Erasure over every table: counts stay, people don't."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models
from django.urls import reverse

from accounts.models import GONE, NOWHERE, User
from accounts.tests.factories import UserFactory
from applications.models import AlumniRecord, Application, State
from applications.tests.factories import ApplicationFactory, MentorFactory
from concerns import contents
from concerns.models import Case
from concerns.queries import people_told_of
from matching.models import MatchRun, RunRecord, SuggestedMember
from meetings.models import Meeting
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from overview.models import DataRequest
from overview.personal.holding import Erasure as What
from overview.personal.registry import HOLDINGS
from overview.services import erasing
from overview.services.erasing.quoting import QUOTED
from overview.tests import whole_person
from overview.tests.factories import KeptMessageFactory
from overview.tests.whole_person import ADDRESSES, AT, NAME, words_in
from partnerships.models import Disclosure, EndReason, Flag, Membership, Partnership
from partnerships.models import State as PartnershipState
from partnerships.tests.factories import pair
from programmes.models import Duty, Question
from programmes.tests.factories import CohortFactory, DutyFactory

pytestmark = pytest.mark.django_db

# Columns with words in tables that erasure neither deletes nor blanks, and that name nobody.
NAMELESS = {
    "applications.Application": {"state", "role", "source"},
    "partnerships.Disclosure": {"facts"},
    "partnerships.Partnership": {"name"},  # `quoting` gives it a number
    "outbox.Message": {"programme", "key"},
}


@pytest.fixture
def person():
    return whole_person.build()


def erase(person):
    counts = erasing.erase(person, at=AT)
    return counts, User.objects.get(pk=person.pk)


def erase_for_good(person):
    """Where nothing leads to the account, it goes."""
    erasing.erase(person, at=AT)
    assert not User.objects.filter(pk=person.pk).exists()


def test_the_person_of_these_tests_has_rows_in_every_table(person):
    assert [holding.model for holding in HOLDINGS if not holding.rows_of(person).exists()] == []


def test_nothing_that_anybody_knew_of_the_person_is_left_anywhere(person):
    before = whole_person.found(whole_person.dump())

    erase(person)

    assert len(before) > 60
    assert whole_person.found(whole_person.dump()) == []


def test_every_text_about_a_person_is_deleted_blanked_or_looked_through():
    left = {
        (holding.model, column)
        for holding in HOLDINGS
        if holding.erasure is not What.DELETE and not holding.model.startswith("concerns.")
        for column in words_in(holding)
        if column not in {*holding.blank, *QUOTED.get(holding.model, ()), *NAMELESS.get(holding.model, ())}
    }

    assert left == set()


def test_what_the_registry_says_is_what_happens(person):
    numbers = [(each, list(each.rows_of(person).values_list("pk", flat=True))) for each in HOLDINGS]

    counts, _ = erase(person)

    for holding, pks in numbers:
        if holding.model == "overview.Erasure":
            continue
        rows = holding.model_class._default_manager.filter(pk__in=pks)
        assert rows.count() == (0 if holding.erasure is What.DELETE else len(pks) - _unpublished(holding))
        for name, value in holding.blank.items():
            assert {str(row) for row in rows.values_list(name, flat=True)} <= {str(value)}, (holding, name)
        is_told = not holding.model.startswith("concerns.")
        assert (counts[holding.model] >= len(pks)) == is_told


def _unpublished(holding):
    return 1 if holding.model == "programmes.Question" else 0


def test_nobody_signs_in_to_the_account_again(person, client):
    client.force_login(person)
    sessions = Session.objects.count()

    _, husk = erase(person)

    assert (husk.name, husk.is_active, husk.is_superuser, husk.last_login) == (GONE, False, False, None)
    assert (husk.has_usable_password(), husk.email.endswith(f"@{NOWHERE}"), husk.is_gone) == (
        False,
        True,
        True,
    )
    assert not EmailAddress.objects.filter(user=husk).exists()
    assert not Authenticator.objects.filter(user=husk).exists()
    assert not Duty.objects.filter(user=husk).exists()
    assert Session.objects.count() == sessions - 2
    assert client.get(reverse("seen")).status_code == 302


def test_how_many_applied_took_part_and_met_is_counted_as_before(person):
    def figures():
        taken = (
            Application.objects.filter(user=person)
            .order_by("pk")
            .values_list("cohort", "role", "submitted_at")
        )
        members = Membership.objects.order_by("pk").values_list(
            "partnership", "application", "part", "joined_on"
        )
        held = Meeting.objects.held().order_by("pk").values_list("partnership", "held_on", "minutes")
        runs = MatchRun.objects.order_by("pk").values_list("placed", "total", "input_hash")
        return [list(rows) for rows in (taken, members, held, runs)], Message.objects.filter(
            sent_at=AT
        ).count()

    before = figures()
    erase(person)

    assert figures() == before


def test_a_pair_ends_and_a_circle_goes_on_in_words_that_say_nothing(person):
    erase(person)

    couple = Partnership.objects.get(pathway="one_to_one")
    around = Partnership.objects.get(pathway="circle")
    assert (couple.state, couple.end_reason) == (PartnershipState.ENDED, EndReason.LEAVING)
    assert (around.state, around.name) == (PartnershipState.ACTIVE, f"Circle no. {around.pk}")
    assert set(Application.objects.filter(user=person).values_list("state", flat=True)) <= {
        State.WITHDRAWN,
        State.ACCEPTED,
    }
    letters = Message.objects.filter(state=Message.State.WAITING, created_at=AT).order_by("pk")
    told = {letter.kind: letter.text for letter in letters if "partnerships/" in letter.kind}
    assert set(told) == {"partnerships/email/ended_early", "partnerships/email/somebody_left"}
    assert not any(GONE in text for text in told.values())


def test_a_request_that_nobody_can_be_answered_any_more_is_closed(person):
    assert DataRequest.objects.of(person).open().count() == 1

    erase(person)

    assert DataRequest.objects.open().count() == 0


def test_no_letter_leaves_for_the_person(person):
    erase(person)

    assert not Message.objects.filter(state=Message.State.WAITING, to__in=["", *ADDRESSES]).exists()
    assert not Message.objects.filter(state=Message.State.WAITING, to__endswith=NOWHERE).exists()


def test_a_letter_that_still_waits_and_names_the_person_isnt_sent_and_others_are():
    mentor = MentorFactory(user__name="Ada Lovelace")
    partner = pair(mentor=mentor).memberships.get(part="mentee").application.user
    slug = mentor.cohort.programme.slug
    naming = KeptMessageFactory(to=partner.email, programme=slug, text="Ask Ada  Lovelace.")
    other = KeptMessageFactory(to=partner.email, programme=slug, text="See you.")

    erase(mentor.user)

    states = Message.objects.filter(pk__in=[naming.pk, other.pk]).order_by("pk").values_list("state", "text")
    assert list(states) == [("withdrawn", ""), ("waiting", "See you.")]


def test_who_has_changed_their_name_meanwhile_is_erased_by_the_new_one():
    known = UserFactory(name="Ada Byron")
    User.objects.filter(pk=known.pk).update(name="Ada Lovelace")
    letter = KeptMessageFactory(text="Ada Lovelace has written.")

    erase_for_good(known)

    letter.refresh_from_db()
    assert letter.text == f"{GONE} has written."


def test_what_only_claims_to_be_somebodys_address_is_left_alone():
    visitor = UserFactory(name="Ada Lovelace")
    programme = CohortFactory().programme
    for claimed in ("stranger@home.example", programme.contact_email):
        EmailAddress.objects.create(user=visitor, email=claimed, verified=False)
    letter = KeptMessageFactory(to="stranger@home.example", text=f"Write to {programme.contact_email}.")

    erase_for_good(visitor)

    letter.refresh_from_db()
    assert (letter.to, letter.text) == ("stranger@home.example", f"Write to {programme.contact_email}.")


def test_an_office_that_is_reached_at_a_persons_address_keeps_its_letters():
    programme = CohortFactory().programme
    olive = UserFactory(name="Olive Office", email=programme.contact_email)
    to_team = KeptMessageFactory(to=programme.contact_email, text="Two flags wait.")
    waiting = KeptMessageFactory(text=f"Olive Office helps: {programme.contact_email}")

    erase_for_good(olive)

    texts = (
        Message.objects.filter(pk__in=[to_team.pk, waiting.pk]).order_by("pk").values_list("state", "text")
    )
    assert list(texts) == [
        ("waiting", "Two flags wait."),
        ("waiting", f"{GONE} helps: {programme.contact_email}"),
    ]


@pytest.mark.clause("ALL-1")
def test_the_other_handlers_hear_that_one_has_left_and_not_who():
    programme = CohortFactory().programme
    ada = DutyFactory(user__name="Ada Lovelace", programme=programme, kind="concerns").user
    other = DutyFactory(programme=programme, kind="concerns").user

    erase_for_good(ada)

    told = Message.objects.filter(kind="programmes/email/handler_left").order_by("to")
    assert {letter.to for letter in told} == {programme.contact_email, other.email}
    assert all("Somebody who handled concerns" in letter.text for letter in told)
    assert not any("Ada" in letter.text + letter.html for letter in told)


def test_letters_of_another_programme_to_a_partner_stay():
    mentor = MentorFactory(user__name="Ada Lovelace")
    partner = pair(mentor=mentor).memberships.get(part="mentee").application.user
    sent = {"to": partner.email, "state": "sent", "sent_at": AT, "created_at": AT}
    KeptMessageFactory(**sent, programme=mentor.cohort.programme.slug, text="Your mentor works in Leeds.")
    KeptMessageFactory(**sent, programme="another", text="A word of another programme.")

    erase(mentor.user)

    texts = (
        Message.objects.filter(to=partner.email, state="sent").order_by("pk").values_list("text", flat=True)
    )
    assert list(texts) == ["", "A word of another programme."]


def test_a_partner_keeps_their_pages(person, client):
    partner = Membership.objects.get(partnership__pathway="one_to_one", part="mentee").application.user
    around = (
        Membership.objects.filter(partnership__pathway="circle").exclude(application__user=person).first()
    )

    erase(person)

    for reader, of in (
        (partner, Partnership.objects.get(pathway="one_to_one")),
        (around.application.user, around.partnership),
    ):
        client.force_login(reader)
        pages = [
            client.get(url)
            for url in (reverse("home"), reverse("partnership", args=[of.pk]), reverse("seen"))
        ]
        assert [page.status_code for page in pages] == [200, 200, 200]
        assert not any(NOWHERE in page.content.decode() for page in pages)
    shown = Disclosure.objects.filter(of__user=partner, to__name=GONE)
    assert shown.count() == 1


def test_the_office_keeps_its_pages(person, client):
    run = MatchRun.objects.get()
    officer = DutyFactory(programme=run.cohort.programme).user
    client.force_login(officer)

    erase(person)

    for name, args in (
        ("applications_application_changelist", []),
        ("partnerships_partnership_changelist", []),
        ("partnerships_partnership_change", [Partnership.objects.get(pathway="one_to_one").pk]),
        ("matching_matchrun_change", [run.pk]),
        ("outbox_message_changelist", []),
    ):
        page = client.get(reverse(f"admin:{name}", args=args))
        assert (page.status_code, NAME in page.content.decode()) == (200, False), name


def test_a_closed_case_stays_and_leads_to_nobody(person):
    case = next(case for case in Case.objects.order_by("pk") if contents.reporter_of(case) == person)
    partners = [row.pk for row in Case.objects.of(person)]

    _, husk = erase(person)

    case.refresh_from_db()
    assert partners == [case.pk]
    opened = contents.open_case(case)
    assert (opened.reporter, opened.who, opened.contact) == (None, contents.GONE, "")
    assert [entry.kind for entry in opened.entries][:1] == ["filed"]
    assert not Case.objects.of(husk).exists()


def test_a_partner_who_handles_concerns_still_cant_read_the_case(person):
    case = Case.objects.of(person).get()
    partner = Membership.objects.get(partnership__pathway="one_to_one", part="mentee").application.user
    DutyFactory(user=partner, programme=case.programme, kind="concerns")

    erase(person)

    assert not Case.objects.visible_to(partner).filter(pk=case.pk).exists()


def test_the_name_of_who_has_left_is_nobodys_in_a_later_concern(person):
    _, husk = erase(person)

    assert people_told_of("Somebody who has left the room was rude.") == []


def test_who_shares_a_line_manager_still_does(person):
    erase(person)

    managers = Application.objects.exclude(line_manager_email="").values_list("line_manager_email", flat=True)
    assert [address.endswith(NOWHERE) for address in managers] == [True]


def test_what_the_office_does_is_still_its_own(person):
    staff = User.objects.get(name="Olive Office")
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(
        user=person,
        content_type=kind,
        object_id=staff.pk,
        object_repr="Olive Office",
        action_flag=2,
        action_time=AT,
    )

    _, husk = erase(person)

    assert LogEntry.objects.get(user=husk).object_repr == "Olive Office"


def test_others_with_parts_of_the_same_name_lose_nothing():
    rose = UserFactory(name="Rose", email="rose@lse.example")
    other = UserFactory(name="Rose Rosen", email="rose@lse.example.org")
    ApplicationFactory(user=rose)
    AlumniRecord.objects.create(
        programme=CohortFactory().programme, name="Rose", course="c", graduation_year=1999
    )
    message = KeptMessageFactory(
        to=other.email, text="The sun rose. Write to rose@lse.example.org, primrose."
    )

    erase(rose)

    message.refresh_from_db()
    other.refresh_from_db()
    assert (message.text, other.name) == (
        "The sun rose. Write to rose@lse.example.org, primrose.",
        "Rose Rosen",
    )
    assert AlumniRecord.objects.filter(name="Rose").exists()


def test_an_account_to_which_nothing_leads_goes():
    visitor = UserFactory()
    drafts = ApplicationFactory(user__name="Only a Draft", draft=True)

    erasing.erase(visitor, at=AT)
    erasing.erase(drafts.user, at=AT)

    assert User.objects.filter(pk__in=[visitor.pk, drafts.user_id]).count() == 0


def test_a_proof_of_a_run_goes_with_anybody_who_was_in_it_and_no_other(person):
    elsewhere = RunRecord.objects.get()
    other = CohortFactory()
    run = MatchRun.objects.create(cohort=other, started_at=AT)
    RunRecord.objects.create(run=run, input=elsewhere.input, certificate={}, seal="s")

    erase(person)

    assert [row.pk for row in RunRecord.objects.order_by("pk")] == [run.pk]
    assert set(SuggestedMember.objects.values_list("fit", flat=True)) == {0}


def test_a_published_question_stays_without_its_asker(person):
    published = Question.objects.get(asker_email=ADDRESSES[1])
    Question.objects.filter(pk=published.pk).update(
        text="When?", answer="Soon.", answered_at=AT, is_published=True
    )

    erase(person)

    published.refresh_from_db()
    assert (published.text, published.asker_email) == ("When?", "")


def test_a_place_that_the_person_named_goes_and_anothers_stays(person):
    around = Partnership.objects.get(pathway="circle")
    leader = around.memberships.get(part="facilitator").application.user
    meeting = {"partnership": around, "state": "planned", "planned_at": AT, "minutes": 60, "format": "video"}
    Meeting.objects.create(**meeting, starts_at=AT, planned_by=person, place="My kitchen")
    Meeting.objects.create(**meeting, starts_at=AT.replace(day=20), planned_by=leader, place="Room 1")

    erase(person)

    assert list(around.meetings.order_by("pk").values_list("place", flat=True)) == ["", "Room 1"]


def test_that_somebody_asked_to_leave_stays_without_the_words(person):
    erase(person)

    asked = Flag.objects.filter(membership__application__user=person).values_list("kind", "reason", "line")
    assert list(asked) == [("leaving", "other", "")]


def test_the_only_one_who_runs_the_site_isnt_erased():
    root = UserFactory(is_superuser=True)

    with pytest.raises(NotPossible):
        erasing.erase(root, at=AT)
    UserFactory(is_superuser=True)
    erasing.erase(root, at=AT)

    assert not User.objects.filter(pk=root.pk).exists()


def test_the_models_with_words_that_are_looked_through_are_in_the_registry():
    by_name = {holding.model: holding.model_class for holding in HOLDINGS}
    for label, columns in QUOTED.items():
        fields = [by_name[label]._meta.get_field(column) for column in columns]
        assert all(isinstance(f, models.CharField | models.TextField | models.JSONField) for f in fields)
