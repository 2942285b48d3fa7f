"""A row of every model in the admin in one programme, with a word of its own in every text column."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import IntegrityError, models, transaction

from accounts.tests.factories import UserFactory
from applications.models import AlumniRecord
from applications.tests.factories import ApplicationFactory, MentorFactory
from matching.tests.factories import RunFactory
from overview.models import DataRequest, RetentionPeriod, RetentionRun
from overview.tests.factories import DisclosureFactory, KeptMessageFactory, SnapshotFactory
from partnerships.tests.factories import FlagFactory, pair
from programmes.models import Aim, Ask, Commitment, Question, Resource, SchoolPage, Wording
from programmes.tests.factories import (
    CohortFactory,
    DisclosedFactFactory,
    DutyFactory,
    KeyDateFactory,
    OptionFactory,
    PathwayFactory,
    PolicyVersionFactory,
    ProgrammeFactory,
)
from training.tests.factories import BookingFactory, SessionFactory

AT = datetime(2026, 1, 10, 9, tzinfo=UTC)
# Of no programme: no office has a row of these (`test_retention_admin`).
OF_THE_HOUSE = {RetentionPeriod, RetentionRun}
# Columns by which rows are found, and those whose content means something.
_KEPT = {"slug", "programme", "kind", "facts", "path", "fact", "pause_seal", "input_hash", "password", "zone"}


def plant(mark):
    """The rows by model, those of the inlines as well; every text column begins with `mark`."""
    programme = ProgrammeFactory(slug=mark.lower())
    draft = PolicyVersionFactory(programme=programme, published_on=None)
    cohort = CohortFactory(programme=programme, policy=PolicyVersionFactory(programme=programme))
    mentor, mentee = MentorFactory(cohort=cohort), ApplicationFactory(cohort=cohort)
    partnership = pair(mentor=mentor, mentee=mentee)
    worker = UserFactory()
    session = SessionFactory(cohort=cohort, starts_at=AT)
    rows = [
        programme,
        draft,
        cohort,
        DutyFactory(user=worker, programme=programme),
        Question.objects.create(programme=programme, text="q", asked_at=AT),
        AlumniRecord.objects.create(programme=programme, name="n", course="c", graduation_year=2015),
        Wording.objects.create(programme=programme, kind="reminder", text="w"),
        mentee,
        RunFactory(cohort=cohort, started_at=AT, started_by=worker),
        partnership,
        FlagFactory(partnership=partnership, raised_at=AT),
        session,
        DisclosureFactory(partnership=partnership, of=mentee, to=mentor.user),
        KeptMessageFactory(programme=programme.slug),
        SnapshotFactory(cohort=cohort),
        SchoolPage.objects.create(
            programme=programme, which="privacy", url=programme.privacy_url, asked_on=AT.date()
        ),
        DataRequest.objects.create(
            kind="access", channel="letter", name="n", received_on=AT.date(), due_on=AT.date()
        ),
    ]
    inside = [
        Aim.objects.create(programme=programme, text="a"),
        Ask.objects.create(programme=programme, role="mentee", fact="bio", section="s", label="l"),
        Commitment.objects.create(programme=programme, role="mentor", text="c"),
        Resource.objects.create(programme=programme, title="r"),
        OptionFactory(programme=programme),
        PathwayFactory(programme=programme),
        KeyDateFactory(cohort=cohort),
        DisclosedFactFactory(policy_version=draft),
        BookingFactory(session=session, application=mentor),
    ]
    for row in [*rows, *inside, mentor, mentor.user, mentee.user, worker]:
        _mark(row, mark)
    return {type(row): row for row in [*rows, *inside]}


def text_columns(model):
    """Columns that hold words, rather than a choice, a key or a code."""
    columns = [f for f in model._meta.concrete_fields if isinstance(f, models.CharField | models.TextField)]
    return [f.name for f in columns if not f.choices and f.name not in _KEPT]


def word(row, column, mark):
    """The word that stands in one column of one row, and nowhere else."""
    field = row._meta.get_field(column)
    said = f"{mark}{row.pk}{row._meta.model_name}{column}".replace("_", "")
    if isinstance(field, models.EmailField):
        return f"{said}@lse.example"
    if isinstance(field, models.URLField):
        return f"https://{said}.example"
    return said[: field.max_length or None]


def _mark(row, mark):
    for column in text_columns(type(row)):
        try:
            with transaction.atomic():
                type(row).objects.filter(pk=row.pk).update(**{column: word(row, column, mark)})
        except IntegrityError:  # a rule keeps this column empty here
            continue
    row.refresh_from_db()
