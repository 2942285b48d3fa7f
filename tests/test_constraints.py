"""Every constraint of the project's models is broken once, past all forms and services.

A new constraint needs a case here: a saved row that keeps it, and the change to that row which breaks it. Where rows
can't be altered at all, an unsaved row whose insertion breaks it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction

from accounts.tests.factories import UserFactory
from applications.models import Absence, AlumniRecord, ContinuationInterest, Interest, WhoMayJoin
from applications.tests.factories import AbsenceFactory, ApplicationFactory, PolicyAcceptanceFactory
from concerns.models import Case as ConcernCase
from concerns.models import CaseExclusion, Entry
from declarations.models import Declaration
from equality.questions import QUESTIONS
from equality.tests.factories import AnswersFactory
from matching.models import Decision, Exclusion, Offer, SuggestedMember
from matching.tests.factories import DecisionFactory, OfferFactory, RunFactory, SuggestionFactory
from meetings.models import Arranging, Attendance, ContactFrequency, Meeting, Nudge, NudgeLine
from outbox.models import Message
from overview.models import DataRequest, Erasure, Figure, RetentionPeriod, RetentionRun, Table
from overview.tests.factories import SnapshotFactory, TableFactory
from partnerships.models import AgreementAcceptance, Disclosure, Flag, Membership, Partnership, Seat
from partnerships.tests.factories import (
    FlagFactory,
    MembershipFactory,
    PartnershipFactory,
    PlaceFactory,
    SeatFactory,
    circle,
    pair,
)
from programmes import models as programmes
from programmes.tests.factories import (
    CohortFactory,
    DisclosedFactFactory,
    KeyDateFactory,
    OptionFactory,
    PathwayFactory,
    PolicyVersionFactory,
    ProgrammeFactory,
    WeightFactory,
)
from training.tests.factories import BookingFactory, SessionFactory

AT = datetime(2026, 1, 14, 9, tzinfo=UTC)
ON = AT.date()
Case = tuple[models.Model, dict[str, object]]
COVERED = {"User.email"}  # can't be broken alone: user_email_unique_in_any_case is broken with it


class Rule(NamedTuple):
    model: type[models.Model]
    name: str
    columns: tuple[str, ...]


def all_rules() -> dict[str, Rule]:
    """Constraints by name, and unique fields as Model.field, of every model whose code lies in this project."""
    rules = {}
    for model in apps.get_models():
        if Path(apps.get_app_config(model._meta.app_label).path).parent != settings.BASE_DIR:
            continue
        for constraint in model._meta.constraints:
            columns = [model._meta.get_field(field).column for field in getattr(constraint, "fields", ())]
            rules[constraint.name] = Rule(model, constraint.name, tuple(columns))
        for field in model._meta.local_fields:
            if field.unique and not field.primary_key:
                rules[f"{model.__name__}.{field.name}"] = Rule(model, "", (field.column,))
    return {name: rule for name, rule in rules.items() if name not in COVERED}


def is_about(error: IntegrityError, rule: Rule) -> bool:
    """Whether the database names this rule; SQLite names the columns of a unique one."""
    table = rule.model._meta.db_table
    if connection.vendor == "postgresql":
        broken = error.__cause__.diag.constraint_name
        return broken == rule.name if rule.name else broken.startswith(f"{table}_{rule.columns[0]}_")
    columns = ", ".join(f"{table}.{column}" for column in rule.columns)
    return str(error).rpartition("failed: ")[2] in {rule.name, f"index '{rule.name}'", columns}


def same(first: models.Model, second: models.Model, *fields: str) -> Case:
    """The second row becomes like the first in these fields."""
    return second, {field: getattr(first, field) for field in fields}


def twins(
    make: Callable[..., models.Model], field: str, shared: Callable[[], models.Model], *others: str
) -> Case:
    """Two rows that share `field` become alike in the other fields too."""
    owner = shared()
    return same(make(**{field: owner}), make(**{field: owner}), *others)


def numbered(model: type[models.Model], **fields: Callable[[int], object]) -> Callable[..., models.Model]:
    """Makes rows of a model, each field a function of how many there are."""

    def make(**given: object) -> models.Model:
        number = model.objects.count()
        return model.objects.create(**{name: value(number) for name, value in fields.items()}, **given)

    return make


def message(**fields: object) -> Message:
    number = Message.objects.count()
    fields = {"key": f"kind/{number}", "message_id": f"<{number}@mentoring.example>"} | fields
    return Message.objects.create(to="ada@lse.example", subject="s", not_before=AT, created_at=AT, **fields)


def application(**fields: object) -> models.Model:
    return ApplicationFactory(**fields)


def named_circle(**fields: object) -> models.Model:
    return PartnershipFactory(pathway="circle", name=f"Circle {Partnership.objects.count()}", **fields)


def membership(**fields: object) -> Membership:
    return MembershipFactory(part=Membership.Part.MENTOR, place=PlaceFactory(), **fields)


def disclosure(**fields: object) -> Disclosure:
    partnership = pair()
    mentor, mentee = (member.application for member in partnership.memberships.order_by("pk"))
    given = {
        "partnership": partnership,
        "of": mentor,
        "to": mentee.user,
        "policy_version": partnership.cohort.policy,
    }
    return Disclosure.objects.create(facts="name", channel="page", on=ON, first_at=AT, **(given | fields))


def another_day(row: Disclosure) -> Case:
    fields = {field: getattr(row, field) for field in ("partnership", "of", "to", "policy_version")}
    later = Disclosure.objects.create(
        facts="name", channel="page", on=ON + timedelta(days=1), first_at=AT, **fields
    )
    return same(row, later, "on")


def decision(**fields: object) -> Decision:
    people = {"mentee": ApplicationFactory(), "mentor": ApplicationFactory(role="mentor")} | fields
    return DecisionFactory(cohort=people["mentee"].cohort, **people)


def offer(**fields: object) -> Offer:
    return OfferFactory(**({"application": ApplicationFactory(), "suggestion": SuggestionFactory()} | fields))


def meeting(**fields: object) -> Meeting:
    fields.setdefault("held_on", ON - timedelta(days=Meeting.objects.count()))
    return Meeting.objects.create(minutes=60, format="video", logged_at=AT, **fields)


def planned(**fields: object) -> Meeting:
    starts_at = AT + timedelta(days=Meeting.objects.count())
    details = {"state": "planned", "starts_at": starts_at, "planned_at": AT, "minutes": 60, "format": "video"}
    return Meeting.objects.create(**(details | fields))


def flags_of_a_member() -> Case:
    row = MembershipFactory()
    kinds = [
        FlagFactory(kind=kind, membership=row, partnership=row.partnership) for kind in ("help", "broken")
    ]
    return same(*kinds, "kind")


def nudge_lines() -> Case:
    member = MembershipFactory()
    return same(
        *(nudge_line(nudge=nudge(user=UserFactory()), membership=member, occasion=n) for n in range(2)),
        "occasion",
    )


def concern(**fields: object) -> ConcernCase:
    number = ConcernCase.objects.count()
    case = ConcernCase(
        reference=f"R-{number}",
        receipt_key=f"{number}",
        created_at=AT,
        answer_due_at=AT,
        **({"unanswered_since": AT, "reporter_fingerprint": "of somebody"} | fields),
    )
    case.programme = ProgrammeFactory()
    case.take_new_key()
    for column in ("sealed_reporter", "sealed_subject", "sealed_contact", "sealed_policy"):
        case.seal(column, "")
    case.save()
    return case


def purge(**fields: object) -> RetentionRun:
    later = AT + timedelta(days=7)
    details = {"planned_at": AT, "reported_at": AT, "begins_at": later, "months": {}, "planned": {}}
    return RetentionRun.objects.create(**(details | fields))


def period(category: str) -> RetentionPeriod:
    return RetentionPeriod.objects.create(category=category, months=1)


def nameless(code: str) -> ConcernCase:
    return concern(reporter_fingerprint="", code_fingerprint=code)


def entry(**fields: object) -> Entry:
    return Entry(
        **({"case": concern(), "number": 1, "kind": "note", "at": AT, "sealed_content": b""} | fields)
    )


def entry_twice() -> Case:
    first = entry()
    first.save()
    return entry(case=first.case), {}


def attendances() -> Case:
    partnership = circle(members=2)
    held = meeting(partnership=partnership)
    return same(
        *(
            Attendance.objects.create(meeting=held, membership=member)
            for member in partnership.memberships.all()[:2]
        ),
        "membership",
    )


def contact_frequency() -> ContactFrequency:
    return ContactFrequency.objects.create(partnership=PartnershipFactory(), frequency="weekly", agreed_at=AT)


def mentee_twice() -> Case:
    one, other = MembershipFactory(), MembershipFactory()
    return same(one, other, "application")


def figure() -> Figure:
    return Figure.objects.create(table=TableFactory(), question="age", choice="unsaid", number=5)


def declarations() -> Case:
    cohort = CohortFactory()
    one, other = (
        Declaration.objects.create(user=UserFactory(), cohort=cohort, wording="w", made_at=AT)
        for _ in range(2)
    )
    return same(one, other, "user")


aim = numbered(programmes.Aim, text="Aim {}".format)
commitment = numbered(programmes.Commitment, text="Commitment {}".format)
question = numbered(programmes.Question, text="Question {}".format, asked_at=lambda _: AT)
resource = numbered(programmes.Resource, title="Resource {}".format)
catalogue_row = numbered(programmes.CatalogueRow, path="aims/{}".format, row_pk=int, values=lambda _: {})
alumni_record = numbered(
    AlumniRecord, name="Name {}".format, course=lambda _: "c", graduation_year=lambda _: 2010
)
suggested = numbered(SuggestedMember, application=lambda _: ApplicationFactory(), part=lambda _: "mentee")
exclusion = numbered(Exclusion, application=lambda _: ApplicationFactory(), reason=lambda _: "No room.")
ask = numbered(
    programmes.Ask, fact=["bio", "courses"].__getitem__, section=lambda _: "s", label=lambda _: "l"
)
sheet_column = numbered(programmes.SheetColumn, meaning=["name", "email"].__getitem__, column=lambda _: "c")
pathway = numbered(programmes.Pathway, kind=["one_to_one", "circle"].__getitem__, label=lambda _: "l")
wording = numbered(
    programmes.Wording, kind=["reminder", "second_reminder"].__getitem__, text=lambda _: "Do meet."
)
absence = numbered(
    Absence,
    from_on=lambda n: ON + timedelta(days=n),
    until_on=lambda n: ON + timedelta(days=9),
    announced_at=lambda _: AT,
)
continuation = numbered(
    ContinuationInterest,
    application=lambda _: ApplicationFactory(),
    wishes_to_continue=lambda _: True,
    answered_at=lambda _: AT,
)
interest = numbered(
    Interest, address=lambda n: f"a{n}@lse.example", asked_at=lambda _: AT, wording=lambda _: "Keep it."
)
school_page = numbered(programmes.SchoolPage, url=lambda _: "https://school.example/privacy")
who_may_join = numbered(WhoMayJoin, programme=lambda _: ProgrammeFactory(), answers=lambda _: {})


def data_request(**fields: object) -> DataRequest:
    facts: dict[str, object] = {
        "kind": "access",
        "channel": "letter",
        "received_on": ON,
        "due_on": ON,
        "name": "Ada",
    }
    return DataRequest.objects.create(**(facts | fields))


seat = numbered(Seat, number=lambda n: n + 1)
agreement = numbered(AgreementAcceptance, round=lambda n: n + 1, accepted_at=lambda _: AT)
flag = numbered(Flag, kind=["broken", "small"].__getitem__, raised_at=lambda _: AT)
arranging = numbered(Arranging, said_on=lambda n: ON + timedelta(days=n), until_on=lambda _: date(2026, 2, 1))
nudge = numbered(Nudge, on=lambda n: ON + timedelta(days=n))


def nudge_line(**fields: object) -> NudgeLine:
    details = {"occasion": 1, "step": 1} | fields
    details.setdefault("membership", MembershipFactory())
    return NudgeLine.objects.create(**details)


exclusion_of_case = numbered(CaseExclusion, person_fingerprint="{:064}".format, sealed_person=lambda _: b"")
duty = numbered(programmes.Duty, user=lambda _: UserFactory(), kind=lambda _: "administer")

erasure = numbered(
    Erasure,
    person=lambda _: UserFactory(),
    asked_at=lambda _: AT,
    ready_at=lambda _: AT,
    due_at=lambda _: AT + timedelta(days=30),
)

CASES: dict[str, Callable[[], Case]] = {
    # accounts
    "user_email_unique_in_any_case": lambda: (UserFactory(), {"email": UserFactory().email.upper()}),
    # outbox
    "Message.key": lambda: same(message(), message(), "key"),
    "Message.message_id": lambda: same(message(), message(), "message_id"),
    "message_sent_with_a_moment": lambda: (message(), {"state": "sent"}),
    "message_withdrawn_with_a_moment": lambda: (message(), {"state": "withdrawn"}),
    "message_lease_whole": lambda: (message(), {"lease_until": AT}),
    # programmes
    "Programme.slug": lambda: same(ProgrammeFactory(), ProgrammeFactory(), "slug"),
    "programme_has_a_contact_address": lambda: (ProgrammeFactory(), {"contact_address": ""}),
    "programme_rhythm_in_order": lambda: (
        ProgrammeFactory(weeks_between_meetings_least=4, weeks_between_meetings_most=6),
        {"weeks_between_meetings_most": 3},
    ),
    "aim_once_per_programme": lambda: twins(aim, "programme", ProgrammeFactory, "text"),
    "commitment_once_per_role": lambda: twins(commitment, "programme", ProgrammeFactory, "text"),
    "option_once_per_fact": lambda: twins(OptionFactory, "programme", ProgrammeFactory, "name"),
    "fact_asked_once_per_role": lambda: twins(ask, "programme", ProgrammeFactory, "fact"),
    "sheet_meaning_once_per_role": lambda: twins(sheet_column, "programme", ProgrammeFactory, "meaning"),
    "pathway_once_per_programme": lambda: twins(pathway, "programme", ProgrammeFactory, "kind"),
    "pathway_sizes_in_order": lambda: (PathwayFactory(), {"smallest": 4, "largest": 3}),
    "pathway_objective_known": lambda: (PathwayFactory(), {"objective": "best"}),
    "weight_once_per_part": lambda: same(
        weight := WeightFactory(), WeightFactory(pathway=weight.pathway, part="place"), "part"
    ),
    "weight_strength_in_range": lambda: (WeightFactory(), {"strength": 5}),
    "policy_version_label_once": lambda: twins(PolicyVersionFactory, "programme", ProgrammeFactory, "label"),
    "fact_disclosed_once": lambda: same(
        version := DisclosedFactFactory(),
        DisclosedFactFactory(policy_version=version.policy_version, fact="bio"),
        "fact",
    ),
    "cohort_slug_once_per_programme": lambda: same(
        cohort := CohortFactory(), CohortFactory(programme=cohort.programme, slug="2026-27"), "slug"
    ),
    "cohort_dates_in_order": lambda: (CohortFactory(), {"ends_on": date(2025, 11, 30)}),
    "cohort_sign_up_in_order": lambda: (CohortFactory(), {"sign_up_closes_on": date(2025, 9, 30)}),
    "key_date_title_once": lambda: twins(KeyDateFactory, "cohort", CohortFactory, "title"),
    "key_date_in_order": lambda: (KeyDateFactory(), {"closes_on": date(2025, 11, 30)}),
    "resource_title_once": lambda: twins(resource, "programme", ProgrammeFactory, "title"),
    "question_answered_with_a_moment": lambda: (question(programme=ProgrammeFactory()), {"answer": "Yes."}),
    "question_published_with_answer": lambda: (
        question(programme=ProgrammeFactory()),
        {"is_published": True},
    ),
    "question_waits_once": lambda: twins(question, "programme", ProgrammeFactory, "text"),
    "duty_once": lambda: twins(duty, "programme", ProgrammeFactory, "user"),
    "catalogue_row_once": lambda: twins(catalogue_row, "programme", ProgrammeFactory, "path"),
    "programme_reminds_weekly_at_most": lambda: (ProgrammeFactory(), {"days_between_reminders": 6}),
    "programme_links_are_https": lambda: (ProgrammeFactory(), {"privacy_url": "http://lse.example/"}),
    "resource_link_is_https": lambda: (
        resource(programme=ProgrammeFactory()),
        {"url": "http://lse.example/"},
    ),
    "wording_once_per_programme": lambda: twins(wording, "programme", ProgrammeFactory, "kind"),
    # equality
    "equality_answers_once": lambda: twins(AnswersFactory, "cohort", CohortFactory, "pseudonym"),
    "equality_answers_say_something": lambda: (AnswersFactory(age="25_34"), {"age": ""}),
    **{
        f"equality_{question}_known": lambda question=question: (
            AnswersFactory(),
            {question: "12 Rose Lane"},
        )
        for question in QUESTIONS
    },
    # overview
    "snapshot_once_a_month": lambda: twins(SnapshotFactory, "month", lambda: ON.replace(day=1), "cohort"),
    "snapshot_of_a_whole_month": lambda: (SnapshotFactory(), {"month": ON}),
    "table_once_a_month": lambda: twins(
        numbered(Table, stage=lambda n: ["applied", "matched"][n], number=lambda n: 10, behind=lambda n: b""),
        "snapshot",
        SnapshotFactory,
        "stage",
    ),
    "table_once_a_run": lambda: twins(
        numbered(
            Table,
            snapshot=lambda n: SnapshotFactory(),
            stage=lambda n: ["considered", "placed"][n],
            number=lambda n: 10,
            behind=lambda n: b"",
        ),
        "run",
        RunFactory,
        "stage",
    ),
    "table_of_a_cohort_or_of_a_run": lambda: (TableFactory(), {"stage": "placed"}),
    "table_is_rounded": lambda: (TableFactory(), {"number": 12}),
    "figure_once": lambda: twins(
        numbered(Figure, question=lambda n: "age", choice=lambda n: ["", "unsaid"][n], number=lambda n: 5),
        "table",
        TableFactory,
        "choice",
    ),
    "figure_is_rounded": lambda: (figure(), {"number": 3}),
    "mean_is_rounded": lambda: (figure(), {"mean": 71}),
    # declarations
    "declaration_stands_once": declarations,
    "declaration_taken_back_after_it_was_made": lambda: (
        Declaration.objects.create(user=UserFactory(), cohort=CohortFactory(), wording="w", made_at=AT),
        {"withdrawn_at": AT - timedelta(seconds=1)},
    ),
    # applications
    "application_once_per_role": lambda: twins(application, "cohort", CohortFactory, "user"),
    "application_submitted_with_a_moment": lambda: (ApplicationFactory(), {"submitted_at": None}),
    "application_draft_not_submitted": lambda: (ApplicationFactory(draft=True), {"submitted_at": AT}),
    "application_decided_with_a_moment": lambda: (ApplicationFactory(), {"decided_at": None}),
    "application_places_in_range": lambda: (ApplicationFactory(), {"places": 21}),
    "application_held_for_a_mentor": lambda: (ApplicationFactory(), {"hold_until": ON}),
    "application_role_known": lambda: (ApplicationFactory(), {"role": "guest"}),
    "application_state_known": lambda: (ApplicationFactory(), {"state": "lost"}),
    "policy_version_accepted_once": lambda: same(
        first := PolicyAcceptanceFactory(),
        PolicyAcceptanceFactory(application=first.application, policy_version=PolicyVersionFactory()),
        "policy_version",
    ),
    "acceptance_by_the_office_says_whence": lambda: (PolicyAcceptanceFactory(), {"source": "office"}),
    "alumni_record_once": lambda: twins(alumni_record, "programme", ProgrammeFactory, "name"),
    "absence_begins_once": lambda: twins(absence, "application", ApplicationFactory, "from_on"),
    "absence_in_order": lambda: (AbsenceFactory(), {"until_on": date(2026, 1, 14)}),
    "absence_ends_early_within_itself": lambda: (AbsenceFactory(), {"returned_on": date(2026, 1, 29)}),
    "ContinuationInterest.application": lambda: same(continuation(), continuation(), "application"),
    "school_page_once": lambda: same(
        (first := school_page(programme=ProgrammeFactory(), which="privacy")),
        school_page(programme=first.programme, which="safeguarding"),
        "which",
    ),
    "school_page_is_https": lambda: (
        school_page(programme=ProgrammeFactory(), which="privacy"),
        {"url": "http://school.example/privacy"},
    ),
    "school_page_failed_on_a_day": lambda: (
        school_page(programme=ProgrammeFactory(), which="privacy"),
        {"failure": "No."},
    ),
    # overview
    "data_request_kind_known": lambda: (data_request(), {"kind": "gossip"}),
    "data_request_state_known": lambda: (data_request(), {"state": "lost"}),
    "data_request_of_one_person": lambda: (data_request(), {"person": UserFactory()}),
    "data_request_closed_with_an_outcome": lambda: (data_request(), {"closed_on": ON}),
    "data_request_extended_with_a_reason": lambda: (data_request(), {"extended_on": ON}),
    "data_request_complaint_not_extended": lambda: (
        data_request(kind="complaint"),
        {"extended_on": ON, "extension_reason": "Much."},
    ),
    "data_request_acknowledged_on_a_day": lambda: (data_request(), {"state": "acknowledged"}),
    "data_request_in_order": lambda: (data_request(), {"received_on": ON + timedelta(days=1)}),
    "data_request_sent_once": lambda: same(
        (sent := data_request(name="", person=UserFactory())),
        data_request(name="", person=sent.person),
        "key",
    ),
    # applications
    "interest_once_in_any_case": lambda: (
        interest(programme=(left := interest(programme=ProgrammeFactory())).programme),
        {"address": left.address.upper()},
    ),
    "WhoMayJoin.programme": lambda: same(who_may_join(), who_may_join(), "programme"),
    # training
    "training_session_once": lambda: twins(SessionFactory, "cohort", CohortFactory, "title"),
    "training_session_has_places": lambda: (SessionFactory(), {"places": 0}),
    "training_session_minutes_in_range": lambda: (SessionFactory(), {"minutes": 4}),
    "booked_once": lambda: twins(BookingFactory, "session", SessionFactory, "application"),
    "training_place_taken_once": lambda: twins(BookingFactory, "session", SessionFactory, "number"),
    "who_is_booked_has_a_place": lambda: (BookingFactory(), {"state": "waiting"}),
    "booking_cancelled_with_a_moment": lambda: (BookingFactory(), {"cancelled_at": AT}),
    "only_who_is_booked_attends": lambda: (
        BookingFactory(state="waiting", number=None),
        {"has_attended": True},
    ),
    "booking_state_known": lambda: (BookingFactory(state="waiting", number=None), {"state": "lost"}),
    # partnerships
    "partnership_ended_with_moment_and_reason": lambda: (PartnershipFactory(), {"state": "ended"}),
    "partnership_paused_with_a_moment": lambda: (PartnershipFactory(), {"paused_at": AT}),
    "partnership_state_known": lambda: (PartnershipFactory(), {"state": "lost"}),
    "pause_sealed_while_paused": lambda: (PartnershipFactory(), {"pause_seal": "0" * 64}),
    "seat_numbered_once": lambda: twins(seat, "user", UserFactory, "number"),
    "seat_numbered_from_one": lambda: (SeatFactory(), {"number": 0}),
    "seat_taken_once": lambda: same(membership(), membership(), "seat"),
    "mentors_and_facilitators_hold_a_seat": lambda: (membership(), {"seat": None}),
    "agreement_accepted_once_a_round": lambda: twins(agreement, "membership", MembershipFactory, "round"),
    "flag_open_once": lambda: twins(flag, "partnership", PartnershipFactory, "kind"),
    "flag_open_once_per_member": flags_of_a_member,
    "who_leaves_gives_a_reason_and_a_wish": lambda: (FlagFactory(), {"reason": "time"}),
    "flag_kind_known": lambda: (FlagFactory(), {"kind": "gossip"}),
    "circle_has_a_name": lambda: (PartnershipFactory(), {"pathway": "circle"}),
    "circle_name_once": lambda: twins(named_circle, "cohort", CohortFactory, "name"),
    "place_numbered_once": lambda: same(
        first := PlaceFactory(number=1), PlaceFactory(application=first.application, number=2), "number"
    ),
    "place_number_in_range": lambda: (PlaceFactory(), {"number": 21}),
    "membership_once_at_a_time": lambda: twins(membership, "partnership", PartnershipFactory, "application"),
    "place_taken_once": lambda: same(membership(), membership(), "place"),
    "mentee_in_one_partnership": mentee_twice,
    "mentors_and_facilitators_hold_a_place": lambda: (membership(), {"place": None}),
    "who_stayed_has_a_last_day": lambda: (MembershipFactory(), {"stayed_to_the_end": True}),
    "disclosure_once_a_day": lambda: another_day(disclosure()),
    # matching
    "released_suggestion_has_partnership": lambda: (SuggestionFactory(), {"state": "released"}),
    "suggestion_leaves_at_a_moment": lambda: (SuggestionFactory(), {"leaves_at": AT}),
    "suggested_once_per_suggestion": lambda: twins(suggested, "suggestion", SuggestionFactory, "application"),
    "left_out_once_per_run": lambda: twins(exclusion, "run", RunFactory, "application"),
    "match_run_claimed_while_it_runs": lambda: (RunFactory(), {"claim": UUID(int=1)}),
    "match_run_finished_with_a_moment": lambda: (RunFactory(), {"finished_at": None}),
    "match_run_done_has_a_hash": lambda: (RunFactory(), {"input_hash": ""}),
    "match_run_failed_with_a_reason": lambda: (RunFactory(), {"failure": "No room."}),
    "match_run_bound_above_total": lambda: (RunFactory(), {"total": 1}),
    "decided_once_about_two_people": lambda: same(
        one := decision(kind="apart"), decision(kind="apart", mentee=one.mentee), "mentor"
    ),
    "locked_to_one_mentor": lambda: same(decision(), decision(), "mentee"),
    "never_has_a_reason": lambda: (decision(), {"kind": "never"}),
    "decision_about_two_people": lambda: (one := decision(), {"mentor": one.mentee}),
    "one_open_offer_per_person": lambda: same(offer(), offer(), "application"),
    "one_open_offer_per_suggestion": lambda: same(offer(), offer(), "suggestion"),
    "offer_closed_with_a_moment": lambda: (offer(), {"state": "declined"}),
    # overview
    "RetentionPeriod.category": lambda: same(period("mail"), period("account"), "category"),
    "retention_months_in_range": lambda: (period("mail"), {"months": 0}),
    "one_purge_at_a_time": lambda: (
        purge(is_done=True, done_at=AT + timedelta(days=8)),
        {"is_done": purge().is_done, "done_at": None},
    ),
    "purge_done_with_a_moment": lambda: (purge(), {"is_done": True}),
    "purge_announced_before_it_begins": lambda: (purge(), {"begins_at": AT}),
    "purge_done_after_its_beginning": lambda: (purge(), {"is_done": True, "done_at": AT}),
    # concerns
    "Case.reference": lambda: same(concern(), concern(), "reference"),
    "Case.receipt_key": lambda: same(concern(), concern(), "receipt_key"),
    "case_state_known": lambda: (concern(), {"state": "lost"}),
    "case_category_known": lambda: (concern(), {"category": "gossip"}),
    "case_risk_known": lambda: (concern(), {"at_risk": "perhaps"}),
    "case_closed_with_moment_and_outcome": lambda: (concern(), {"outcome": "advice"}),
    "case_closed_while_nobody_waits": lambda: (
        concern(state="acknowledged", first_answered_at=AT),
        {"state": "closed", "closed_at": AT, "outcome": "advice"},
    ),
    "case_waits_until_answered": lambda: (concern(), {"unanswered_since": None}),
    "case_of_a_person_or_a_code": lambda: (concern(), {"reporter_fingerprint": ""}),
    "case_of_one_code": lambda: same(nameless("one"), nameless("other"), "code_fingerprint"),
    "case_answered_is_not_new": lambda: (concern(), {"first_answered_at": AT}),
    "case_destroyed_when_closed": lambda: (concern(), {"key_id": ""}),
    "case_answer_due_after_filing": lambda: (concern(), {"answer_due_at": AT - timedelta(seconds=1)}),
    "entry_numbered_once": entry_twice,
    "entry_numbered_from_one": lambda: (entry(number=0), {}),
    "entry_kind_known": lambda: (entry(kind="gossip"), {}),
    "case_kept_from_a_person_once": lambda: twins(exclusion_of_case, "case", concern, "person_fingerprint"),
    # meetings
    "meeting_logged_once_a_day": lambda: twins(meeting, "partnership", PartnershipFactory, "held_on"),
    "meeting_minutes_in_range": lambda: (meeting(partnership=PartnershipFactory()), {"minutes": 4}),
    "meeting_planned_once": lambda: twins(planned, "partnership", PartnershipFactory, "starts_at"),
    "meeting_held_with_a_day": lambda: (meeting(partnership=PartnershipFactory()), {"logged_at": None}),
    "meeting_planned_with_a_moment": lambda: (
        planned(partnership=PartnershipFactory()),
        {"planned_at": None},
    ),
    "meeting_place_forgotten_afterwards": lambda: (
        meeting(partnership=PartnershipFactory()),
        {"place": "Room 1.04"},
    ),
    "meeting_state_known": lambda: (planned(partnership=PartnershipFactory()), {"state": "lost"}),
    "arranging_said_once_a_day": lambda: twins(arranging, "membership", MembershipFactory, "said_on"),
    "arranging_in_order": lambda: (arranging(membership=MembershipFactory()), {"until_on": date(2026, 1, 1)}),
    "nudged_once_a_day": lambda: twins(nudge, "user", UserFactory, "on"),
    "reminded_once_a_step": nudge_lines,
    "nudge_lists_a_partnership_once": lambda: same(
        one := nudge_line(nudge=nudge(user=UserFactory()), step=0),
        nudge_line(nudge=one.nudge, step=0),
        "membership",
    ),
    "nudge_step_known": lambda: (nudge_line(nudge=nudge(user=UserFactory())), {"step": 3}),
    "attended_once": attendances,
    "ContactFrequency.partnership": lambda: same(contact_frequency(), contact_frequency(), "partnership"),
    # overview
    "one_standing_erasure_per_person": lambda: same(erasure(), erasure(), "person"),
    "erasure_done_leads_to_nobody": lambda: (erasure(), {"done_at": AT, "pseudonym": "a"}),
    "erasure_moments_in_order": lambda: (erasure(), {"ready_at": AT + timedelta(days=31)}),
}


def test_every_constraint_has_a_case():
    assert set(CASES) ^ set(all_rules()) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(CASES))
def test_the_database_refuses_what_a_constraint_forbids(name):
    row, change = CASES[name]()

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        row.save() if row._state.adding else type(row).objects.filter(pk=row.pk).update(**change)

    assert is_about(refusal.value, all_rules()[name]), str(refusal.value)
