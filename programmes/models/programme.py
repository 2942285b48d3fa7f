"""What an office runs, with its rules; and how rows that belong to a programme are scoped."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from programmes.scope import ScopedQuerySet


def is_https(field: str) -> Q:
    """A link that nobody reads or changes on its way, or none."""
    return Q(**{field: ""}) | Q(**{f"{field}__startswith": "https://"})


LAST = 1000  # position of a row that nobody has put into an order: after those that somebody has


class Role(models.TextChoices):
    MENTOR = "mentor", "Mentor"
    MENTEE = "mentee", "Mentee"


class ProgrammeQuerySet(ScopedQuerySet):
    is_open_to_rank = True

    def public(self) -> Self:
        return self.filter(is_public=True)

    def readable_by(self, user: User | AnonymousUser) -> Self:
        """What anybody may read, and for an office also what it is preparing."""
        return self.filter(Q(is_public=True) | Q(pk__in=self.visible_to(user).values("pk")))


class Programme(models.Model):
    """A mentoring programme as its office describes it. All of it is data: a further programme needs no code."""

    PROGRAMME_PATH = ""

    class Contact(models.TextChoices):
        ADDRESS = "address", "The address below"
        LEARNING_TEAM = "learning_team", "The Organisational Learning Team (a setting of the site)"

    slug = models.SlugField(unique=True, max_length=40, help_text="Its part of the address, e.g. ei-alumni.")
    name = models.CharField(max_length=120)
    team_name = models.CharField(max_length=120, help_text="Who runs it, as people call them.")
    summary = models.CharField(max_length=250, help_text="One sentence for the front page.")
    introduction = models.TextField(help_text="What it is. Markdown.")
    audience = models.TextField(help_text="For whom. Markdown.")
    contact = models.CharField(max_length=20, choices=Contact, default=Contact.ADDRESS)
    contact_address = models.EmailField(blank=True)
    safeguarding_url = models.URLField("safeguarding policy", help_text="The School's page.")
    privacy_url = models.URLField("privacy policy", help_text="The School's page.")
    conduct_policy = models.CharField(
        max_length=200, blank=True, help_text="Policy under which conduct is followed up."
    )
    is_public = models.BooleanField(
        "on the front page",
        default=True,
        help_text="Untick while you prepare it: only its office sees its pages then.",
    )
    position = models.PositiveSmallIntegerField(default=LAST)

    # Eligibility
    requires_school_email_of_mentors = models.BooleanField("mentors need a School address", default=False)
    requires_school_email_of_mentees = models.BooleanField("mentees need a School address", default=True)
    checks_alumni_list = models.BooleanField(
        "mentors are checked against the alumni list",
        default=False,
        help_text="Mentors are alumni: by name, course and year of graduation.",
    )
    declaration_wording = models.TextField(
        blank=True,
        help_text="What applicants must declare about themselves to join; empty for no declaration.",
    )
    is_sensitive = models.BooleanField(
        "taking part says something sensitive",
        default=False,
        help_text="Tick it where being in the programme itself tells of a protected characteristic: in equality figures"
        " one to nine people then read “<10”.",
    )

    # The life of a partnership
    official_meetings = models.PositiveSmallIntegerField(
        default=0, help_text="Official meetings that each pair holds; 0 if a rhythm counts instead."
    )
    weeks_between_meetings_least = models.PositiveSmallIntegerField(
        "fewest weeks between meetings", null=True, blank=True
    )
    weeks_between_meetings_most = models.PositiveSmallIntegerField(
        "most weeks between meetings", null=True, blank=True
    )
    meeting_minutes = models.PositiveSmallIntegerField(default=60, validators=[MinValueValidator(5)])
    first_meeting_within_days = models.PositiveSmallIntegerField(
        "days until the first meeting",
        default=21,
        help_text="Days after the introduction when a pair without a logged meeting is reminded.",
    )
    days_between_reminders = models.PositiveSmallIntegerField(
        default=7,
        validators=[MinValueValidator(7), MaxValueValidator(60)],
        help_text="Days between the two reminders of a meeting that is due; nobody has more than one a week.",
    )
    days_until_the_office_is_told = models.PositiveSmallIntegerField(
        default=14,
        validators=[MinValueValidator(7), MaxValueValidator(120)],
        help_text="Days after a meeting was due, without one, when the partnership is flagged for the office.",
    )
    card_closes_after_days = models.PositiveSmallIntegerField(
        "days until cards close",
        default=28,
        help_text="Days after the end during which partners still see each other's card.",
    )
    concern_answer_days = models.PositiveSmallIntegerField(
        "days to answer a concern",
        default=2,
        help_text="Working days until a concern has its first answer from a person.",
    )
    allows_anonymous_concerns = models.BooleanField(
        "concerns may come without a name",
        default=True,
        help_text="Whoever writes so gets a code, with which they read the answer and write again.",
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contact="learning_team") | ~Q(contact_address=""),
                name="programme_has_a_contact_address",
                violation_error_message="Give an address to write to.",
            ),
            models.CheckConstraint(
                condition=Q(weeks_between_meetings_least=None, weeks_between_meetings_most=None)
                | Q(
                    weeks_between_meetings_least__isnull=False,  # a comparison with nothing would let it pass
                    weeks_between_meetings_most__isnull=False,
                    weeks_between_meetings_least__lte=F("weeks_between_meetings_most"),
                ),
                name="programme_rhythm_in_order",
                violation_error_message="Give both numbers of weeks, the smaller one first, or neither.",
            ),
            models.CheckConstraint(
                condition=Q(days_between_reminders__gte=7, days_until_the_office_is_told__gte=7),
                name="programme_reminds_weekly_at_most",
                violation_error_message="Leave a week at least between reminders.",
            ),
            models.CheckConstraint(
                condition=is_https("safeguarding_url") & is_https("privacy_url"),
                name="programme_links_are_https",
                violation_error_message="Links begin with https://.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programme", args=[self.slug])

    @property
    def notice(self) -> models.Model | None:
        """The privacy notice in force, if there is one yet."""
        return self.policy_versions.newest("notice")

    @property
    def contact_email(self) -> str:
        if self.contact == self.Contact.LEARNING_TEAM:
            return settings.ORGANISATIONAL_LEARNING_EMAIL
        return self.contact_address


class OfProgrammeQuerySet(ScopedQuerySet):
    """Rows that a programme is made of; superusers set them up."""

    is_open_to_rank = True
