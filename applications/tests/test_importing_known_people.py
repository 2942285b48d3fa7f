from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress

from accounts.tests.factories import UserFactory
from applications.models import Application, State
from applications.services import importing
from applications.tests.factories import ApplicationFactory
from applications.tests.sheets import cohort_with_a_sheet, sheet, somebody
from outbox.models import Message
from programmes.models import Role

pytestmark = pytest.mark.django_db

AT = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


def bring(cohort, data, digest=""):
    return importing.import_people(cohort=cohort, role=Role.MENTEE, data=data, by=None, at=AT, digest=digest)


def look(cohort, data):
    return importing.plan_import(cohort=cohort, role=Role.MENTEE, data=data, by=None, at=AT)


def someone_of(cohort, **account):
    """Somebody who is in the programme already, on the other side."""
    return ApplicationFactory(cohort=cohort, role=Role.MENTOR, user=UserFactory(**account)).user


def reasons(plan):
    return [str(refusal) for refusal in plan.refusals]


def test_who_is_there_already_stays_as_they_are():
    cohort = cohort_with_a_sheet()
    bring(cohort, sheet(somebody(1)))
    Application.objects.update(bio="Changed by the person", state=State.WITHDRAWN)

    plan = bring(cohort, sheet(somebody(1, **{"LSE email": "GUEST1@lse.ac.uk", "Band": "3"}), somebody(2)))

    first, second = Application.objects.order_by("pk")
    assert (plan.summary, plan.already_there) == ("1 new, 1 already there, 0 refused", (2,))
    assert (first.bio, first.state, first.band) == ("Changed by the person", State.WITHDRAWN, 7)
    assert second.user.email == "guest2@lse.ac.uk"


def test_a_person_of_the_programme_under_another_name_is_never_written_over():
    cohort = cohort_with_a_sheet()
    someone_of(cohort, email="z.novak@lse.ac.uk", name="Zachary Novak")

    plan = bring(cohort, sheet({}, somebody(1)))

    assert reasons(plan) == ["line 2: LSE email: The address belongs to an account with another name."]
    mentees = Application.objects.filter(cohort=cohort, role=Role.MENTEE)
    assert list(mentees.values_list("user__email", flat=True)) == ["guest1@lse.ac.uk"]


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize(
    "of_account",
    [{"name": "Zachary Novak"}, {"name": "Zoë Novak", "is_active": False}, {"name": "Zoë Novak"}],
    ids=["another name", "closed", "the same name"],
)
def test_a_look_tells_an_account_that_the_programme_does_not_know_from_no_account_in_nothing(of_account):
    cohort = cohort_with_a_sheet()
    before = look(cohort, sheet({}, somebody(1)))
    elsewhere = ApplicationFactory(user=UserFactory(email="z.novak@lse.ac.uk", **of_account))

    after = look(cohort, sheet({}, somebody(1)))

    assert elsewhere.cohort.programme != cohort.programme
    assert (
        (after.summary, after.refusals)
        == (before.summary, before.refusals)
        == ("2 new, 0 already there, 0 refused", ())
    )
    assert after.digest == before.digest


@pytest.mark.clause("ALL-1")
def test_what_was_looked_at_is_stored_although_an_account_was_made_in_between():
    cohort = cohort_with_a_sheet()
    seen = look(cohort, sheet({}))
    user = UserFactory(email="z.novak@lse.ac.uk", name="Zachary Novak")

    bring(cohort, sheet({}), digest=seen.digest)

    assert Application.objects.get().user == user
    assert "Dear Zachary Novak," in Message.objects.get().text


def test_a_person_who_signed_up_keeps_their_account_and_signs_in_as_always():
    user = UserFactory(email="z.novak@lse.ac.uk", name="ZOË NOVAK")
    password = user.password

    bring(cohort_with_a_sheet(), sheet({}))

    application, message = Application.objects.get(), Message.objects.get()
    user.refresh_from_db()
    assert (application.user, user.name, user.password) == (user, "ZOË NOVAK", password)
    assert f"Your page: https://mentoring.example/applications/{application.pk}/\n" in message.text
    assert "Sign in there as you always do." in message.text


def test_an_account_whose_address_was_never_proved_gets_the_link_that_proves_it():
    user = UserFactory(email="z.novak@lse.ac.uk", name="Zoë Novak", verified=False)

    bring(cohort_with_a_sheet(), sheet({}))

    assert Application.objects.get().user == user
    assert "https://mentoring.example/welcome/" in Message.objects.get().text


def test_a_person_is_found_by_another_address_that_they_proved():
    user = UserFactory(email="zoe@mail.example", name="Zoë Novak")
    EmailAddress.objects.create(user=user, email="z.novak@lse.ac.uk", verified=True)

    bring(cohort_with_a_sheet(), sheet({}))

    assert (Application.objects.get().user, Message.objects.get().to) == (user, "zoe@mail.example")


def test_an_address_that_somebody_else_added_and_never_proved_is_not_theirs():
    other = UserFactory(email="other@mail.example", name="Zoë Novak")
    EmailAddress.objects.create(user=other, email="z.novak@lse.ac.uk", verified=False)

    bring(cohort_with_a_sheet(), sheet({}))

    assert Application.objects.get().user.email == "z.novak@lse.ac.uk"


def test_two_rows_of_one_person_under_two_addresses_are_one_too_many():
    cohort = cohort_with_a_sheet()
    user = someone_of(cohort, email="zoe@lse.ac.uk", name="Zoë Novak")
    EmailAddress.objects.create(user=user, email="z.novak@lse.ac.uk", verified=True)

    plan = bring(cohort, sheet({}, {"LSE email": "zoe@lse.ac.uk"}))

    assert reasons(plan) == ["line 3: LSE email: The address belongs to the person of line 2."]


@pytest.mark.clause("ALL-1")
def test_two_addresses_of_somebody_the_programme_does_not_know_become_one_form_without_a_word():
    user = UserFactory(email="zoe@lse.ac.uk", name="Zoë Novak")
    EmailAddress.objects.create(user=user, email="z.novak@lse.ac.uk", verified=True)

    plan = bring(cohort_with_a_sheet(), sheet({}, {"LSE email": "zoe@lse.ac.uk"}))

    assert plan.summary == "2 new, 0 already there, 0 refused"
    assert (Application.objects.get().user, Message.objects.count()) == (user, 1)


def test_an_application_that_the_person_has_begun_is_not_written_over():
    cohort = cohort_with_a_sheet()
    draft = ApplicationFactory(
        draft=True, cohort=cohort, user__email="z.novak@lse.ac.uk", user__name="Zoë Novak", bio="Mine"
    )

    plan = bring(cohort, sheet({}))

    draft.refresh_from_db()
    assert reasons(plan) == [
        "line 2: LSE email: The person has begun an application here and hasn't sent it yet."
    ]
    assert (draft.state, draft.bio) == (State.DRAFT, "Mine")


def test_a_closed_account_takes_part_in_nothing():
    cohort = cohort_with_a_sheet()
    someone_of(cohort, email="z.novak@lse.ac.uk", name="Zoë Novak", is_active=False)

    plan = bring(cohort, sheet({}))

    assert reasons(plan) == ["line 2: LSE email: The address belongs to an account that is closed."]
