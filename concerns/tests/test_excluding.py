"""Deny wins: whoever a case is about, whoever is named and whoever is a partner never sees it (EI-6, ALL-1)."""

from datetime import timedelta

import pytest

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory, MentorFactory
from concerns import identity, queries, services
from concerns.contents import open_case
from concerns.models import Case, Deed
from concerns.tests.factories import AT, file_case, file_without_name, handler, mail
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships.tests.factories import pair
from programmes.models import Duty
from programmes.tests.factories import CohortFactory, DutyFactory, ProgrammeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-6", "ALL-1")]


@pytest.fixture
def programme():
    return CohortFactory().programme


def may_read(case, user):
    return Case.objects.visible_to(user).filter(pk=case.pk).exists()


def filed(door, programme, **said):
    return file_case(programme, **said) if door == "named" else file_without_name(programme, **said).case


@pytest.mark.parametrize("door", ["named", "anonymous"])
@pytest.mark.parametrize(
    "named",
    [
        "Ada Lovelace",
        "dr. LOVELACE",
        "Ada",
        "ada.l@lse.example",
        "the one at <ADA.L@lse.example>",
        "Lovelacé",
    ],
)
def test_a_handler_who_is_named_can_neither_read_a_case_nor_hear_of_it(programme, door, named):
    ada = handler(programme, name="Ada Lovelace", email="ada.l@lse.example")
    other = handler(programme, name="Grace Hopper")

    case = filed(door, programme, named=named)

    assert (may_read(case, ada), may_read(case, other)) == (False, True)
    assert [to for kind, to, _ in mail() if kind != "received"] == [other.email]


@pytest.mark.parametrize("text", ["It was Ada Lovelace, again.", "Mail from ada.l@lse.example came."])
def test_a_handler_whose_whole_name_or_address_stands_in_the_text_is_kept_out(programme, text):
    ada = handler(programme, name="Ada Lovelace", email="ada.l@lse.example")

    assert may_read(file_without_name(programme, text=text).case, ada) is False


def test_a_second_address_in_the_text_keeps_its_owner_out_too(programme):
    ada = handler(programme, name="Ada Lovelace")
    ada.emailaddress_set.create(email="ada@home.example", verified=True)

    assert may_read(file_case(programme, text="Mail from Ada@home.example came."), ada) is False


@pytest.mark.parametrize("said", [{"named": "Root"}, {"text": "It was Ada Root."}])
def test_a_superuser_who_is_named_takes_the_duty_and_another_name_and_reads_nothing(programme, said):
    root = UserFactory(name="Ada Root", is_superuser=True)
    case = file_case(programme, **said)

    root.name = "Somebody Else"
    root.save()
    DutyFactory(user=root, programme=programme, kind=Duty.Kind.CONCERNS)

    assert may_read(case, root) is False


def test_part_of_a_name_in_the_text_keeps_nobody_out(programme):
    ada = handler(programme, name="Ada Lovelace")

    assert may_read(file_case(programme, text="I told Ada."), ada) is True


@pytest.mark.parametrize("named", ["Ada Lovelace", "ada.l@lse.example"])
def test_who_is_named_first_and_becomes_a_handler_later_is_kept_out_all_the_same(programme, named):
    case = file_case(programme, named=named)

    ada = handler(programme, name="Ada Lovelace", email="ada.l@lse.example")

    assert may_read(case, ada) is False


def test_another_name_and_another_address_open_nothing(programme):
    ada = handler(programme, name="Ada Lovelace", email="ada.l@lse.example")
    case = file_case(programme, named="Lovelace")

    ada.name, ada.email = "Somebody Else", "else@lse.example"
    ada.save()

    assert may_read(case, ada) is False


def test_a_partner_who_is_introduced_after_the_filing_is_kept_out(programme):
    reporter = ApplicationFactory(cohort=programme.cohorts.get())
    case = file_case(programme, by=reporter.user)
    mentor = MentorFactory(cohort=reporter.cohort)
    DutyFactory(user=mentor.user, programme=programme, kind=Duty.Kind.CONCERNS)
    assert may_read(case, mentor.user) is True

    pair(mentor=mentor, mentee=reporter)

    assert may_read(case, mentor.user) is False


def test_a_partner_in_another_programme_is_kept_out_too(programme):
    reporter = ApplicationFactory(cohort=programme.cohorts.get()).user
    elsewhere = pair(mentee=ApplicationFactory(user=reporter))
    mentor = elsewhere.memberships.get(part="mentor").application.user
    DutyFactory(user=mentor, programme=programme, kind=Duty.Kind.CONCERNS)

    assert may_read(file_case(programme, by=reporter), mentor) is False


def test_a_handler_may_keep_a_case_from_others_who_then_hold_it_no_longer(programme):
    one, ada = handler(programme), handler(programme, name="Ada Lovelace")
    case = file_case(programme)
    services.assign(case, by=one, to=ada, at=AT)

    services.keep_from(case, by=one, named="Lovelace", at=AT)

    case.refresh_from_db()
    assert (may_read(case, ada), case.handler) == (False, None)
    assert [(entry.kind, entry.text) for entry in open_case(case).entries][-1] == (Deed.KEPT, "Lovelace")


def test_who_is_left_hears_that_a_case_has_lost_its_handler(programme):
    one, ada = handler(programme), handler(programme, name="Ada Lovelace")
    case = file_case(programme)
    services.answer(case, by=ada, text="Thank you.", at=AT)
    Message.objects.all().delete()

    services.keep_from(case, by=one, named="Lovelace", at=AT)

    assert mail() == [("waiting", one.email, programme.slug)]


@pytest.mark.parametrize(("named", "refusal"), [(" ", "Please write something."), ("1 2", "Write a name")])
def test_nobody_is_kept_out_by_no_name(programme, named, refusal):
    case = file_case(programme)

    with pytest.raises(NotPossible, match=refusal):
        services.keep_from(case, by=handler(programme), named=named, at=AT)


def test_what_a_reporter_adds_keeps_out_whom_it_names_and_takes_the_case_from_them(programme):
    ada = handler(programme, name="Ada Lovelace")
    receipt = file_without_name(programme)
    services.answer(receipt.case, by=ada, text="Thank you.", at=AT)

    services.add_by_code(receipt.code, text="It is about Ada Lovelace herself.", at=AT)

    case = Case.objects.get()
    assert (may_read(case, ada), case.handler) == (False, None)


@pytest.mark.parametrize("has_centre", [True, False])
def test_who_can_help_is_told_when_everybody_is_kept_out(programme, settings, has_centre):
    settings.CONCERNS_CENTRAL_EMAIL = "centre@lse.example" if has_centre else ""
    handler(programme, name="Ada Lovelace")
    for name in ("Root One", "Ada Root"):
        DutyFactory(user__name=name, user__is_superuser=True, user__email=f"{name[:3]}@lse.example".lower())

    case = file_without_name(programme, named="Ada").case

    assert queries.readers_of(case) == []
    assert mail() == [("nobody", "centre@lse.example" if has_centre else "roo@lse.example", programme.slug)]


def test_the_centre_hears_of_what_waits_on_the_second_day_and_not_before(programme, settings):
    settings.CONCERNS_CENTRAL_EMAIL = "centre@lse.example"
    handler(programme)
    case = file_case(programme)
    Message.objects.all().delete()

    services.chase(case, at=case.answer_due_at)
    on_the_day = [kind for kind, _, _ in mail()]
    services.chase(case, at=case.answer_due_at + timedelta(days=3))

    assert on_the_day == ["late"]
    assert [kind for kind, _, _ in mail()] == ["late", "late", "unanswered"]


def test_the_centre_hears_of_what_nobody_may_read_beside_what_nobody_has_answered(programme, settings):
    settings.CONCERNS_CENTRAL_EMAIL = "centre@lse.example"
    handler(programme, name="Ada Lovelace")
    unanswered, unread = file_case(programme), file_case(programme, named="Ada")
    Message.objects.all().delete()

    for case in (unanswered, unread):
        services.chase(case, at=case.answer_due_at + timedelta(days=3))

    assert [kind for kind, _, _ in mail()] == ["late", "nobody", "unanswered"]


def test_two_programmes_keep_their_cases_apart(programme):
    here, there = handler(programme), handler(ProgrammeFactory())
    case = file_without_name(programme).case

    assert (may_read(case, here), may_read(case, there)) == (True, False)


@pytest.mark.parametrize(
    "named",
    [
        "Har\u200briet Qu\u00adill",
        "Ｑｕｉｌｌ",
        "Qui-\nll",
        "h.quill@lse.example's mail",
        "(‘h.quill@lse.example’…)",
        "x@lse.example/h.quill@lse.example|y@lse.example",
        "h.quill+work@lse.example",
    ],
)
def test_a_name_is_found_however_it_was_typed_or_pasted(programme, named):
    harriet = handler(programme, name="Harriet Quill", email="h.quill@lse.example")

    assert may_read(file_without_name(programme, named=named).case, harriet) is False


@pytest.mark.parametrize("text", ["Then Ms Quill came.", "H. Quill’s letter", "It was QUILL", "ask 王芳老师"])
def test_of_a_handler_the_family_name_in_the_text_is_enough(programme, text):
    harriet = handler(programme, name="王芳" if "王" in text else "Harriet Quill")

    assert may_read(file_without_name(programme, text=text).case, harriet) is False


def test_a_word_that_is_no_name_keeps_nobody_out(programme):
    brown = handler(programme, name="Grace Brown")

    assert may_read(file_without_name(programme, text="somebody in a brown coat").case, brown) is True


def test_what_tells_how_to_reach_somebody_is_looked_through_too(programme):
    ada = handler(programme, name="Ada Lovelace", email="ada.l@lse.example")

    assert may_read(file_without_name(programme, contact="not by ada.l@lse.example").case, ada) is False


def test_whoever_was_told_of_before_any_duty_is_kept_out_when_it_comes(programme):
    ada = UserFactory(name="Ada Lovelace")
    case = file_case(programme, text="Ada Lovelace was there.")

    DutyFactory(user=ada, programme=programme, kind=Duty.Kind.CONCERNS)

    assert may_read(case, ada) is False


@pytest.mark.clause("ALL-1")
def test_a_case_names_nobody_of_another_programme_among_those_it_is_kept_from(programme):
    reporter = ApplicationFactory(cohort=programme.cohorts.get()).user
    elsewhere = pair(mentee=ApplicationFactory(user=reporter))
    other = elsewhere.memberships.get(part="mentor").application.user
    DutyFactory(user=other)
    here = pair(
        mentee=ApplicationFactory(cohort=programme.cohorts.get(), user=UserFactory(name="Somebody Else"))
    )
    beside = here.memberships.get(part="mentor").application.user

    case = file_case(programme, by=reporter, named=beside.email)

    kept_from = open_case(case).kept_from
    assert (str(beside) in kept_from, str(other) in kept_from) == (True, False)


def test_a_long_text_without_an_address_takes_no_time():
    assert identity.addresses_in("a" * 20_000 + "@") == set()
