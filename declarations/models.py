"""Self-identification (BM-2): a yes to a shown wording, read by who decides eligibility and by nobody else.

No reverse names: nothing reaches these rows by walking from a person or a cohort.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import User
from programmes.models import Cohort, Duty


class DeclarationQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Only the eligibility duty of the programme opens them; a superuser's rank doesn't (BM-2).

        One that was taken back is closed to it too: it is kept as a record for the person, not for the office.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        duties = Duty.objects.filter(user=user, kind=Duty.Kind.ELIGIBILITY)
        return self.standing().filter(cohort__programme__in=duties.values("programme"))

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)


class Declaration(models.Model):
    """That a person said yes, to which wording, when, and when they took it back.

    Taken back, the row stays: whoever relied on a consent must be able to show that it was given, to what, and until
    when. It counts for nothing any more, and to say yes again makes another row.
    """

    PROGRAMME_PATH = "cohort__programme"
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="+")
    wording = models.TextField()
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "cohort"],
                condition=models.Q(withdrawn_at=None),
                name="declaration_stands_once",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(withdrawn_at__gte=models.F("made_at")),
                name="declaration_taken_back_after_it_was_made",
            ),
        ]

    def __str__(self) -> str:
        return f"Declaration {self.pk}"
