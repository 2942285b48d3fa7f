"""What the catalogue has installed."""

from __future__ import annotations

from django.db import models

from programmes.models.programme import OfProgrammeQuerySet, Programme


class CatalogueRow(models.Model):
    """What the catalogue last wrote into a row, so that an update never overwrites what an administrator changed.

    A remembered row that is gone was removed by the office and stays gone; a field that holds something else than
    is remembered was changed by the office and stays as it is (`catalogue.installing`).
    """

    PROGRAMME_PATH = "programme"
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="catalogue_rows")
    path = models.CharField(
        max_length=200, help_text="The catalogue's name for it, e.g. commitments/mentor/guidance"
    )
    row_pk = models.PositiveBigIntegerField(help_text="Primary key in the table that the path begins with.")
    values = models.JSONField(help_text="Field by field, as the catalogue wrote it.")

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["programme", "path"], name="catalogue_row_once")]

    def __str__(self) -> str:
        return self.path
