"""Who is outside a programme for now and would like to hear when it widens (BM-3)."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from programmes.models import Programme
from programmes.scope import ScopedQuerySet


class Interest(models.Model):
    """An address that somebody outside a programme left for the day it widens, and the wording that they agreed to.

    Nothing else: not who they are, nor to which group of staff they belong. The office learns how many there are
    and reads no address. Kept only once its owner has confirmed it, and removed as soon as they have been told.
    """

    PROGRAMME_PATH = "programme"
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="interests")
    address = models.EmailField()
    asked_at = models.DateTimeField()
    wording = models.TextField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("programme", Lower("address"), name="interest_once_in_any_case"),
        ]

    def __str__(self) -> str:
        return f"Interest {self.pk}"


class WhoMayJoin(models.Model):
    """Which answers a programme was open to when the clock last looked, so that a widening can be seen (BM-3).

    `answers`: for each fact that keeps somebody outside, the numbers of the options with which one may join. Numbers,
    since an option that is only called something else lets nobody new in.
    """

    PROGRAMME_PATH = "programme"
    programme = models.OneToOneField(Programme, models.CASCADE, related_name="who_may_join")
    answers = models.JSONField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Who may join {self.programme_id}"
