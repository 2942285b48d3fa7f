from datetime import UTC, date, datetime

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from applications.models import Application, PolicyAcceptance, State
from applications.services import importing
from applications.tests.sheets import cohort_with_a_sheet, sheet, somebody
from declarations.models import Declaration
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from programmes.models import Role, SheetColumn
from programmes.tests.factories import DutyFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
SUBMITTED = datetime(2025, 11, 4, 18, 26, tzinfo=UTC)


def bring(cohort, data, role=Role.MENTEE, by=None, **told):
    return importing.import_people(cohort=cohort, role=role, data=data, by=by, at=AT, **told)


def look(cohort, data, role=Role.MENTEE, by=None):
    return importing.plan_import(cohort=cohort, role=role, data=data, by=by, at=AT)


def reasons(plan):
    return [str(refusal) for refusal in plan.refusals]


def test_a_row_becomes_a_submitted_application_with_what_the_sheet_says():
    cohort = cohort_with_a_sheet()

    plan = bring(cohort, sheet({}))

    application = Application.objects.get()
    assert plan.summary == "1 new, 0 already there, 0 refused"
    assert (application.cohort, application.role, application.state, application.source) == (
        cohort,
        "mentee",
        State.SUBMITTED,
        "sheet",
    )
    assert (application.started_at, application.submitted_at) == (SUBMITTED, SUBMITTED)
    assert (
        application.courses,
        application.graduation_year,
        application.country,
        application.work_place,
    ) == (
        "MSc Political Economy of Europe",
        2019,
        "Belgium",
        "Anywhere",
    )
    assert (application.division, application.band, application.line_manager_email) == (
        "Library",
        7,
        "head1@lse.ac.uk",
    )
    assert [option.name for option in application.sectors.order_by("pk")] == ["Law", "Consulting"]
    assert (application.bio, application.linkedin) == (
        "First in my family at university.",
        "https://www.linkedin.com/in/zoe",
    )


@pytest.mark.clause("EI-0", "EI-5b")
def test_an_imported_person_has_an_account_without_password_and_an_address_to_prove():
    bring(cohort_with_a_sheet(), sheet({"LSE email": "Z.Novak@LSE.ac.uk"}))

    user = User.objects.get()
    assert (user.name, user.email, user.has_usable_password()) == ("Zoë Novak", "z.novak@lse.ac.uk", False)
    assert list(EmailAddress.objects.values_list("user", "email", "verified", "primary")) == [
        (user.pk, "z.novak@lse.ac.uk", False, True)
    ]


@pytest.mark.clause("EI-5b")
def test_the_sheets_address_is_the_offices_word_for_it_only_at_a_school_domain():
    cohort = cohort_with_a_sheet(requires_school_email_of_mentors=False)

    bring(cohort, sheet(somebody(1), somebody(2, **{"LSE email": "two@alumni.example"})), role=Role.MENTOR)

    assert list(Application.objects.order_by("pk").values_list("user__email", "office_email")) == [
        ("guest1@lse.ac.uk", "guest1@lse.ac.uk"),
        ("two@alumni.example", ""),
    ]


@pytest.mark.clause("EI-1")
def test_the_sheets_column_is_the_acceptance_of_the_cohorts_version_at_its_timestamp():
    cohort = cohort_with_a_sheet()

    bring(cohort, sheet({}))

    acceptance = PolicyAcceptance.objects.get()
    assert (acceptance.application.user.name, acceptance.policy_version) == ("Zoë Novak", cohort.policy)
    assert (acceptance.source, acceptance.accepted_at, acceptance.recorded_by) == ("sheet", SUBMITTED, None)


@pytest.mark.clause("EI-1")
def test_a_sheet_without_the_column_brings_no_acceptance_and_the_message_asks_for_it():
    cohort = cohort_with_a_sheet()
    SheetColumn.objects.filter(meaning="acceptance").delete()

    bring(cohort, sheet({}, without=["I accept the policy"]))

    assert not PolicyAcceptance.objects.exists()
    assert "please read the policy on that page and accept it" in Message.objects.get().text


@pytest.mark.clause("BM-2")
def test_a_declaration_is_kept_apart_with_its_wording_and_moment():
    cohort = cohort_with_a_sheet(declaration_wording="I identify as belonging here.")

    bring(cohort, sheet({}))

    user = User.objects.get()
    assert list(Declaration.objects.values_list("user", "cohort", "wording", "made_at", "withdrawn_at")) == [
        (user.pk, cohort.pk, "I identify as belonging here.", SUBMITTED, None)
    ]


@pytest.mark.clause("BM-2")
def test_who_declared_for_the_other_role_has_one_declaration():
    cohort = cohort_with_a_sheet()

    bring(cohort, sheet({}), role=Role.MENTEE)
    bring(cohort, sheet({}), role=Role.MENTOR)

    assert (Application.objects.count(), Declaration.objects.count(), User.objects.count()) == (2, 1, 1)


@pytest.mark.clause("BM-8")
def test_room_comes_as_declared_beside_what_a_mentor_has():
    cohort = cohort_with_a_sheet()
    rows = [
        somebody(1, **{"Mentees I can take": "0"}),
        somebody(2, **{"Would you facilitate a circle?": "No"}),
    ]

    bring(cohort, sheet(*rows), role=Role.MENTOR)

    assert list(Application.objects.order_by("pk").values_list("places", "can_facilitate")) == [
        (0, True),
        (2, False),
    ]


@pytest.mark.clause("BM-9")
def test_a_mentee_who_has_a_mentor_until_a_date_is_not_put_on_hold_for_it():
    bring(cohort_with_a_sheet(), sheet({"I have a mentor already, until": "31/03/2026"}))

    application = Application.objects.get()
    assert (application.has_mentor_until, application.hold_until) == (date(2026, 3, 31), None)


HOSTILE = [
    "<script>alert('x')</script>",
    '=HYPERLINK("https://evil.example","Click")',
    "O’Neill; “quoted”, 'single' & \"double\"",
    "Łukasz Şahin-Ørsted, 李小龙, Αθηνά, Олена",
    "مرحبا \u200f بالعالم",
    "🧑🏽‍🎓 🏳️‍🌈",
    "{{ user.password }} {% debug %}",
    "'); DROP TABLE applications_application;--",
    "one\r\ntwo\n\nthree\tfour",
    "-1+2",
    "\\N",
]


def test_text_arrives_as_it_was_typed():
    bring(
        cohort_with_a_sheet(),
        sheet(*(somebody(n, **{"Brief bio (optional)": t}) for n, t in enumerate(HOSTILE))),
    )

    assert list(Application.objects.order_by("pk").values_list("bio", flat=True)) == HOSTILE


def test_names_arrive_as_they_were_typed_and_are_harmless_in_the_message():
    names = [text for text in HOSTILE if "\n" not in text]

    bring(cohort_with_a_sheet(), sheet(*(somebody(n, Name=name) for n, name in enumerate(names))))

    messages = Message.objects.order_by("pk")
    assert list(User.objects.order_by("pk").values_list("name", flat=True)) == names
    assert [f"Dear {name}," in message.text for message, name in zip(messages, names, strict=True)] == [
        True
    ] * len(names)
    assert {message.subject for message in messages} == {"Your mentoring programme"}
    assert "<script>" not in messages[0].html


def test_a_bad_row_holds_back_nobody_else_and_leaves_nothing_behind():
    cohort = cohort_with_a_sheet()

    plan = bring(cohort, sheet(somebody(1), somebody(2, Band="99", Sectors="Magic"), somebody(3)))

    assert plan.summary == "2 new, 0 already there, 1 refused"
    assert reasons(plan) == [
        "line 3: Sectors: “Magic” isn't one of the options.",
        "line 3: Band: “99” isn't a whole number from 1 to 20.",
    ]
    assert list(User.objects.values_list("email", flat=True)) == ["guest1@lse.ac.uk", "guest3@lse.ac.uk"]
    assert list(EmailAddress.objects.order_by("pk").values_list("email", flat=True)) == [
        "guest1@lse.ac.uk",
        "guest3@lse.ac.uk",
    ]
    assert [PolicyAcceptance.objects.count(), Declaration.objects.count(), Message.objects.count()] == [
        2,
        2,
        2,
    ]


def test_each_new_person_has_one_message_with_a_link_that_proves_the_address():
    cohort = cohort_with_a_sheet()

    bring(cohort, sheet({}))

    application, message = Application.objects.get(), Message.objects.get()
    assert (message.key, message.kind, message.to) == (
        f"imported/{application.pk}",
        "applications/email/imported",
        "z.novak@lse.ac.uk",
    )
    assert (message.subject, message.programme) == ("Your mentoring programme", cohort.programme.slug)
    assert "the mentoring form that you sent on 4 November 2025" in message.text
    assert "https://mentoring.example/welcome/" in message.text
    assert f"?next=%2Fapplications%2F{application.pk}%2F\n" in message.text
    assert "You accepted the policy with your form." in message.text
    assert cohort.programme.name not in message.text + message.html


def test_the_link_of_the_message_signs_in_and_leads_to_the_persons_page(client):
    bring(cohort_with_a_sheet(), sheet({}))
    application = Application.objects.get()
    link = next(word for word in Message.objects.get().text.split() if "/welcome/" in word)

    answer = client.post(link.removeprefix("https://mentoring.example"))

    assert (answer.status_code, answer.url) == (302, f"/applications/{application.pk}/")
    assert EmailAddress.objects.get().verified is True


def test_a_look_stores_nothing_and_tells_nobody():
    cohort = cohort_with_a_sheet()

    plan = look(cohort, sheet({}, somebody(1, Band="99")))

    assert plan.summary == "1 new, 0 already there, 1 refused"
    assert [
        model.objects.count() for model in (User, Application, PolicyAcceptance, Declaration, Message)
    ] == [0] * 5


def test_the_office_may_import_when_sign_up_is_closed_and_the_cohort_is_over(clock):
    cohort = cohort_with_a_sheet()
    clock.move_to(datetime(2027, 1, 14, tzinfo=UTC))

    plan = importing.import_people(
        cohort=cohort, role=Role.MENTEE, data=sheet({}), by=None, at=datetime(2027, 1, 14, tzinfo=UTC)
    )

    assert plan.summary == "1 new, 0 already there, 0 refused"


@pytest.mark.clause("ALL-1")
def test_only_an_administrator_of_the_programme_imports_or_looks():
    cohort = cohort_with_a_sheet()
    other = DutyFactory().user

    for work in (look, bring):
        with pytest.raises(NotPossible, match="^You don't administer this programme.$"):
            work(cohort, sheet({}), by=other)

    assert not Application.objects.exists()


@pytest.mark.clause("EI-1")
def test_an_acceptance_says_who_imported_it():
    cohort = cohort_with_a_sheet()
    administrator = DutyFactory(programme=cohort.programme).user

    bring(cohort, sheet({}), by=administrator)

    assert PolicyAcceptance.objects.get().recorded_by == administrator


def test_what_was_looked_at_is_what_is_imported_or_nothing_is():
    cohort = cohort_with_a_sheet()
    seen = look(cohort, sheet({}, somebody(1)))
    bring(cohort, sheet(somebody(1)))

    with pytest.raises(NotPossible, match="^Something has changed since you looked. Please look again.$"):
        bring(cohort, sheet({}, somebody(1)), digest=seen.digest)

    assert Application.objects.count() == 1


def test_with_nothing_changed_the_plan_that_was_looked_at_is_carried_out():
    cohort = cohort_with_a_sheet()
    seen = look(cohort, sheet({}, somebody(1, Band="99")))

    plan = bring(cohort, sheet({}, somebody(1, Band="99")), digest=seen.digest)

    assert plan.digest == seen.digest
    assert Application.objects.count() == 1


def test_sixty_people_take_as_many_queries_as_two():
    cohort = cohort_with_a_sheet()

    def queries(first, last):
        with CaptureQueriesContext(connection) as captured:
            bring(cohort, sheet(*(somebody(n) for n in range(first, last))))
        return len(captured)

    few = queries(0, 2)
    many = queries(2, 62)

    # SQLite takes 999 values at once, so that long rows go in by the dozen
    assert Application.objects.count() == 62
    assert many - few <= 6
