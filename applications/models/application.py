"""An application is a person's profile in one cohort: what the programme asked, and where it stands.

Nothing here is shared between programmes: a text written for one must never appear in another.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate
from django.urls import reverse

from accounts.models import User
from accounts.queries import with_addresses
from mentorship.lib.refusals import NotPossible
from programmes.facts import FACTS, Kind
from programmes.models import Cohort, Duty, Option, PolicyVersion, Programme, Role
from programmes.scope import ScopedQuerySet

MOST_PLACES = 20


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Waiting for a decision"
    QUERIED = "queried", "More information asked"
    WAITLISTED = "waitlisted", "On the waiting list"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


MOVES: dict[str, set[str]] = {
    State.DRAFT: {State.SUBMITTED, State.WITHDRAWN},
    State.SUBMITTED: {
        State.ACCEPTED,
        State.QUERIED,
        State.WAITLISTED,
        State.DECLINED,
        State.WITHDRAWN,
    },
    State.QUERIED: {State.SUBMITTED, State.DECLINED, State.WITHDRAWN},
    State.WAITLISTED: {State.ACCEPTED, State.DECLINED, State.WITHDRAWN},
    State.ACCEPTED: {State.WAITLISTED, State.DECLINED, State.WITHDRAWN},
    State.DECLINED: set(),
    State.WITHDRAWN: {State.DRAFT},
}


class ApplicationQuerySet(ScopedQuerySet):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Who decides eligibility reads and decides applications as who administers the programme does."""
        return self.of_duties(user, [Duty.Kind.ADMINISTER, Duty.Kind.ELIGIBILITY])

    def submitted(self) -> Self:
        return self.exclude(submitted_at=None)

    def editable(self) -> Self:
        return self.filter(
            state__in=[
                State.DRAFT,
                State.SUBMITTED,
                State.QUERIED,
                State.WAITLISTED,
                State.ACCEPTED,
            ]
        )

    def with_acceptance(self) -> Self:
        """Adds `has_accepted`: whether the person accepted what their cohort now runs under (EI-1, EI-1a).

        That is its policy, and the programme's newest guidance. Who accepted the policy accepted the guidance of that
        day with it; one published on that day or later has an acceptance of its own. To filter by there are also
        `has_accepted_policy` and `has_accepted_guidance`.
        """
        guidance = PolicyVersion.objects.published().filter(
            programme=OuterRef("cohort__programme"), kind=PolicyVersion.Kind.GUIDANCE
        )
        newest = guidance.order_by("-published_on", "-pk")
        accepted = PolicyAcceptance.objects.filter(application=OuterRef("pk"))
        of_policy = accepted.filter(policy_version=OuterRef("cohort__policy"))
        day = TruncDate("accepted_at", tzinfo=ZoneInfo(settings.TIME_ZONE))
        with_policy = of_policy.alias(day=day).filter(day__gt=OuterRef("guidance_since"))
        on_its_own = accepted.filter(policy_version=OuterRef("newest_guidance"))
        return (
            self.alias(
                newest_guidance=Subquery(newest.values("pk")[:1]),
                guidance_since=Subquery(newest.values("published_on")[:1]),
            )
            .alias(
                has_accepted_policy=Q(Exists(of_policy)),
                has_accepted_guidance=Q(newest_guidance=None) | Exists(on_its_own) | Exists(with_policy),
            )
            .annotate(has_accepted=Q(has_accepted_policy=True, has_accepted_guidance=True))
        )

    def with_introduction(self) -> Self:
        """Adds `is_introduced`: whether the person is in a partnership now."""
        inside = self.model._default_manager.filter(
            pk=OuterRef("pk"), memberships__isnull=False, memberships__left_on=None
        )
        return self.annotate(is_introduced=Exists(inside))

    def with_card_facts(self) -> Self:
        """Everything that `card.card_of` and `card.accepted_policy` read, in a fixed number of queries."""
        return self.select_related("user").prefetch_related(
            "sectors",
            "support_areas",
            with_addresses("user"),
            "acceptances__policy_version__disclosed_facts",
        )


class Application(models.Model):
    """One person, one cohort, one role. Empty facts are facts that weren't asked or weren't given."""

    class PathwayChoice(models.TextChoices):
        ONE_TO_ONE = "one_to_one", "One-to-one"
        CIRCLE = "circle", "Mentoring circle"
        EITHER = "either", "Either"

    class Source(models.TextChoices):
        WEB = "web", "Web form"
        SHEET = "sheet", "The office's sheet"

    PROGRAMME_PATH = "cohort__programme"
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="applications")
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="applications")
    role = models.CharField(max_length=10, choices=Role)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    source = models.CharField(max_length=6, choices=Source, default=Source.WEB)
    # The School address that the office's sheet gave for a person who hasn't verified one yet (EI-5b).
    office_email = models.EmailField(blank=True)

    # What the programme asks (see programmes.facts)
    courses = models.CharField(max_length=300, blank=True)
    graduation_year = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1895), MaxValueValidator(2100)],
    )
    country = models.CharField(max_length=60, blank=True)
    job_role = models.CharField(max_length=150, blank=True)
    job_title = models.CharField(max_length=150, blank=True)
    division = models.CharField(max_length=120, blank=True)
    study_programme = models.CharField(max_length=120, blank=True)
    sectors = models.ManyToManyField(Option, related_name="+", blank=True)
    support_areas = models.ManyToManyField(Option, related_name="+", blank=True)
    bio = models.TextField(max_length=1500, blank=True)
    linkedin = models.URLField(blank=True)
    circle_email = models.BooleanField(default=False)
    work_place = models.CharField(max_length=60, blank=True)
    band = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(20)])
    line_manager_email = models.EmailField(blank=True)
    staff_group = models.CharField(max_length=120, blank=True)
    pathway = models.CharField(
        max_length=12, choices=PathwayChoice, blank=True, help_text="Empty: not asked, so any that there is."
    )
    places = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(MOST_PLACES)])
    can_facilitate = models.BooleanField(default=False)
    other_mentees = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(50)])
    has_mentor_until = models.DateField(null=True, blank=True)
    hold_until = models.DateField(null=True, blank=True)

    # Where it stands
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    reason = models.CharField(
        max_length=500,
        blank=True,
        help_text="What the person was told about the decision.",
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "cohort", "role"], name="application_once_per_role"),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.WITHDRAWN]) | Q(submitted_at__isnull=False),
                name="application_submitted_with_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DRAFT) | Q(submitted_at=None),
                name="application_draft_not_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[
                        State.ACCEPTED,
                        State.WAITLISTED,
                        State.DECLINED,
                        State.QUERIED,
                    ]
                )
                | Q(decided_at__isnull=False),
                name="application_decided_with_a_moment",
            ),
            models.CheckConstraint(condition=Q(places__lte=MOST_PLACES), name="application_places_in_range"),
            models.CheckConstraint(
                condition=Q(hold_until=None)
                | Q(
                    has_mentor_until__isnull=False,
                    hold_until__lte=F("has_mentor_until"),
                ),
                name="application_held_for_a_mentor",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="application_role_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="application_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display().lower()})"

    def get_absolute_url(self) -> str:
        return reverse("application", args=[self.pk])

    @property
    def is_mentor(self) -> bool:
        return self.role == Role.MENTOR

    def wants(self, pathway: str) -> bool:
        """Whether this person would take part in a pathway: a mentee by choice, a mentor by room."""
        if self.is_mentor:
            return self.places > 0 if pathway == self.PathwayChoice.ONE_TO_ONE else self.can_facilitate
        return self.pathway in {"", pathway, self.PathwayChoice.EITHER}

    def move_to(self, state: State) -> None:
        """Set the state if the table of moves allows it; the caller holds the row's lock and saves."""
        if state not in MOVES[self.state]:
            raise NotPossible(
                f"An application that is “{self.get_state_display().lower()}” can't become “{state.label.lower()}”."
            )
        self.state = state


FIELDS_OF_FACTS = [key for key, fact in FACTS.items() if fact.kind not in {Kind.ACCOUNT, Kind.DECLARATION}]


class PolicyAcceptance(models.Model):
    """Who accepted which version, when, and how the office knows (EI-1)."""

    class Source(models.TextChoices):
        WEB = "web", "Accepted here"
        SHEET = "sheet", "The office's sheet"
        OFFICE = "office", "Recorded by the office"

    PROGRAMME_PATH = "application__cohort__programme"
    application = models.ForeignKey(Application, models.CASCADE, related_name="acceptances")
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="acceptances")
    accepted_at = models.DateTimeField()
    source = models.CharField(max_length=6, choices=Source)
    note = models.CharField(max_length=200, blank=True, help_text="Where the office has it from.")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "policy_version"],
                name="policy_version_accepted_once",
            ),
            models.CheckConstraint(
                condition=~Q(source="office") | ~Q(note=""),
                name="acceptance_by_the_office_says_whence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_version}, {self.accepted_at:%d %B %Y}"


class AbsenceQuerySet(ScopedQuerySet):
    def on(self, day: date) -> Self:
        """Absences that cover a day; `returned_on` is the first day back."""
        return self.filter(Q(returned_on=None) | Q(returned_on__gt=day), from_on__lte=day, until_on__gte=day)


class Absence(models.Model):
    """Days on which a person can't be reached, both included; no reason is asked (EI-1d).

    `returned_on` ends it early. One of more than a calendar month is told to partners at once, a shorter one only
    if the person wishes.
    """

    PROGRAMME_PATH = "application__cohort__programme"
    application = models.ForeignKey(Application, models.CASCADE, related_name="absences")
    from_on = models.DateField("first day away")
    until_on = models.DateField("last day away")
    returned_on = models.DateField(null=True, blank=True)
    tells_partners = models.BooleanField(default=False)
    announced_at = models.DateTimeField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "from_on"], name="absence_begins_once"),
            models.CheckConstraint(
                condition=Q(from_on__lte=F("until_on")),
                name="absence_in_order",
                violation_error_message="The last day away can’t lie before the first.",
            ),
            models.CheckConstraint(
                condition=Q(returned_on=None)
                | Q(returned_on__gte=F("from_on"), returned_on__lte=F("until_on")),
                name="absence_ends_early_within_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"Absence {self.pk}"

    @property
    def last_on(self) -> date:
        """The last day that counts; before `from_on` if the person was back before they left."""
        return self.returned_on - timedelta(days=1) if self.returned_on else self.until_on


class ContinuationInterest(models.Model):
    """Whether a person wishes to hear of the programme's next cohort, asked at the end of theirs (EI-3)."""

    PROGRAMME_PATH = "application__cohort__programme"
    application = models.OneToOneField(Application, models.CASCADE, related_name="continuation")
    wishes_to_continue = models.BooleanField()
    answered_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Continuation {self.pk}"


class AlumniRecord(models.Model):
    """A line of the list against which mentors who are alumni are checked (EI-0)."""

    PROGRAMME_PATH = "programme"
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="alumni_records")
    name = models.CharField(max_length=150)
    course = models.CharField(max_length=200)
    graduation_year = models.PositiveSmallIntegerField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["name", "graduation_year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "name", "course", "graduation_year"],
                name="alumni_record_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.course}, {self.graduation_year}"
