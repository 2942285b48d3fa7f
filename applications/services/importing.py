"""Bring the people of an office's sheet into a cohort: look first, then store all that is right at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import links
from accounts import services as accounts
from accounts.models import User
from accounts.queries import is_school_address, people_by_address
from applications.answers import options_of
from applications.models import Application, PolicyAcceptance, State
from applications.spreadsheet.columns import expected_columns, layout_of
from applications.spreadsheet.files import read
from applications.spreadsheet.rows import (
    Checked,
    Refusal,
    Rules,
    check,
    refuse_repeated,
    same_name,
)
from declarations import services as declarations
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from outbox.services import Letter
from programmes.facts import FACTS, Kind
from programmes.models import Cohort, Role, SheetColumn
from programmes.permissions import can_administer

_CHANGED = "Something has changed since you looked. Please look again."


@dataclass(frozen=True)
class Newcomer:
    """A row to be stored, and the account that its person has already."""

    row: Checked
    user: User | None

    @property
    def has_proven_address(self) -> bool:
        return self.user is not None and bool(getattr(self.user, "verified_addresses", ()))


@dataclass(frozen=True)
class Plan:
    """What an import of a sheet does, or did."""

    cohort: Cohort
    role: Role
    new: tuple[Newcomer, ...]
    already_there: tuple[int, ...]  # lines
    refusals: tuple[Refusal, ...]  # in the order of the lines; a line may have several
    left_out: tuple[str, ...]  # headings of columns that nobody asked for
    absent: tuple[str, ...]  # headings of optional columns that the sheet doesn't have

    @property
    def refused_lines(self) -> list[int]:
        return sorted({refusal.line for refusal in self.refusals})

    @property
    def summary(self) -> str:
        return (
            f"{len(self.new)} new, {len(self.already_there)} already there, {len(self.refused_lines)} refused"
        )

    @property
    def digest(self) -> str:
        """Changes when anything changes of what the office was shown, and with nothing else (ALL-1)."""
        stored = [(person.row, person.row.submitted_at.isoformat()) for person in self.new]
        whole = repr((self.cohort.pk, str(self.role), stored, self.already_there, self.refusals))
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def plan_import(*, cohort: Cohort, role: Role, data: bytes, by: User | None, at: datetime) -> Plan:
    """What importing this file would do; stores nothing. Unreadable if the file as a whole can't be taken.

    `by` is the administrator, or None for who works at the server's own command line.
    """
    programme = cohort.programme
    if by is not None and not can_administer(by, programme):
        raise NotPossible("You don't administer this programme.")
    expected = expected_columns(programme, role)
    table = read(data, known=[column.heading for column in expected])
    layout = layout_of(table, expected)
    rules = Rules(options_of(programme), _needs_school_address(cohort, role), at)
    field = layout.heading(SheetColumn.Meaning.EMAIL)
    rows = refuse_repeated((check(row, layout=layout, rules=rules) for row in table.rows), field=field)
    new, already_there, rows = _sorted_out(rows, cohort=cohort, role=role, field=field)
    refusals = tuple(refusal for row in rows for refusal in row.refusals)
    return Plan(cohort, role, new, already_there, refusals, layout.left_out, layout.absent)


def import_people(
    *, cohort: Cohort, role: Role, data: bytes, by: User | None, at: datetime, digest: str = ""
) -> Plan:
    """Store every good row of a file, with account, application, acceptance, declaration and one message each.

    All good rows or none: a file is never half imported. With `digest` only if the plan is still the one that was
    looked at. Sign-up may be closed and the cohort over: what the office enters is up to the office.
    """
    try:
        with transaction.atomic():
            cohort = (
                Cohort.objects.select_for_update(of=("self",))
                .select_related("programme", "policy")
                .get(pk=cohort.pk)
            )
            plan = plan_import(cohort=cohort, role=role, data=data, by=by, at=at)
            if digest and digest != plan.digest:
                raise NotPossible(_CHANGED)
            _store(plan, by=by, at=at)
    except IntegrityError:
        raise NotPossible("Somebody in this sheet signed up at this very moment. Please try again.") from None
    return plan


def _needs_school_address(cohort: Cohort, role: Role) -> bool:
    programme = cohort.programme
    if role == Role.MENTOR:
        return programme.requires_school_email_of_mentors
    return programme.requires_school_email_of_mentees


def _sorted_out(
    rows: Sequence[Checked], *, cohort: Cohort, role: Role, field: str
) -> tuple[tuple[Newcomer, ...], tuple[int, ...], list[Checked]]:
    """Who is new and which lines are there already; and all rows, with what speaks against them in the database.

    An account is compared with the row only if this programme knows its person: whoever takes part elsewhere, or in
    nothing, is as new here as anybody, or an office could ask by a sheet who has an account (ALL-1).
    """
    people = people_by_address(row.email for row in rows if row.email)
    in_programme = Application.objects.filter(cohort__programme=cohort.programme_id)
    known = set(in_programme.values_list("user", flat=True))
    states = dict(Application.objects.filter(cohort=cohort, role=role).values_list("user", "state"))
    new, already_there, seen = [], [], []
    lines: dict[int, int] = {}
    for row in rows:
        user = people.get(row.email)
        is_known = user is not None and user.pk in known
        if user and is_known:
            row = _compared(row, user, state=states.get(user.pk), earlier=lines.get(user.pk), field=field)
        seen.append(row)
        if row.refusals:
            continue
        if user and is_known:
            lines[user.pk] = row.line
        if user and user.pk in states:
            already_there.append(row.line)
        else:
            new.append(Newcomer(row, user))
    return tuple(new), tuple(already_there), seen


def _compared(row: Checked, user: User, *, state: str | None, earlier: int | None, field: str) -> Checked:
    """The row with what its person's account says against it. Names are never told: only that they differ."""
    if not same_name(user.name, row.name):
        return row.refused(field, "The address belongs to an account with another name.")
    if not user.is_active:
        return row.refused(field, "The address belongs to an account that is closed.")
    if earlier:
        return row.refused(field, f"The address belongs to the person of line {earlier}.")
    if state == State.DRAFT:
        return row.refused(field, "The person has begun an application here and hasn't sent it yet.")
    return row


def _store(plan: Plan, *, by: User | None, at: datetime) -> None:
    newcomers = _one_form_each(plan.new)
    users = _accounts(newcomers)
    rows = [newcomer.row for newcomer in newcomers]
    applications = Application.objects.bulk_create(
        _application(row, user, plan) for row, user in zip(rows, users, strict=True)
    )
    _keep_choices(applications, rows)
    _keep_consents(applications, rows, cohort=plan.cohort, by=by)
    letters = (
        _letter(application, person) for application, person in zip(applications, newcomers, strict=True)
    )
    outbox.post_all("applications/email/imported", letters, programme=plan.cohort.programme.slug, at=at)


def _one_form_each(newcomers: Sequence[Newcomer]) -> list[Newcomer]:
    """The first row of somebody whose two addresses only they and their account know to be one person's."""
    taken: dict[object, Newcomer] = {}
    for person in newcomers:
        taken.setdefault((person.user and person.user.pk) or person.row.email, person)
    return list(taken.values())


def _accounts(newcomers: Sequence[Newcomer]) -> list[User]:
    """An account for each, in their order: the one they have, or a new one without a password."""
    strangers = [(person.row.email, person.row.name) for person in newcomers if not person.user]
    created = iter(accounts.create_all_imported(strangers))
    return [person.user or next(created) for person in newcomers]


def _application(row: Checked, user: User, plan: Plan) -> Application:
    return Application(
        user=user,
        cohort=plan.cohort,
        role=plan.role,
        state=State.SUBMITTED,
        source=Application.Source.SHEET,
        office_email=row.email if is_school_address(row.email) else "",
        started_at=row.submitted_at,
        submitted_at=row.submitted_at,
        **{fact: value for fact, value in row.facts.items() if FACTS[fact].kind is not Kind.CHOICES},
    )


def _keep_choices(applications: Sequence[Application], rows: Sequence[Checked]) -> None:
    for fact in (key for key, fact in FACTS.items() if fact.kind is Kind.CHOICES):
        through = getattr(Application, fact).through
        through.objects.bulk_create(
            through(application=application, option=option)
            for application, row in zip(applications, rows, strict=True)
            for option in row.facts.get(fact, [])
        )


def _keep_consents(
    applications: Sequence[Application], rows: Sequence[Checked], *, cohort: Cohort, by: User | None
) -> None:
    """The sheet's column is the acceptance of the cohort's version at its timestamp (EI-1); so for declarations."""
    PolicyAcceptance.objects.bulk_create(
        PolicyAcceptance(
            application=application,
            policy_version=cohort.policy,
            accepted_at=row.submitted_at,
            source=PolicyAcceptance.Source.SHEET,
            recorded_by=by,
        )
        for application, row in zip(applications, rows, strict=True)
        if row.has_accepted
    )
    declared = (
        (a.user, row.submitted_at) for a, row in zip(applications, rows, strict=True) if row.has_declared
    )
    declarations.declare_all(declared, cohort=cohort)


def _letter(application: Application, newcomer: Newcomer) -> Letter:
    """The office has added your form: look it over, and accept the policy if you haven't."""
    page = reverse("application", args=[application.pk])
    user = application.user
    return Letter(
        to=user.email,
        key=f"imported/{application.pk}",
        context={
            "name": user.name,
            "programme": application.cohort.programme,
            "submitted_on": timezone.localdate(newcomer.row.submitted_at),
            "has_accepted": newcomer.row.has_accepted,
            "is_known": newcomer.has_proven_address,
            "url": settings.SITE_URL + page
            if newcomer.has_proven_address
            else links.welcome_url(user, next=page),
            "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 3600),
        },
    )
