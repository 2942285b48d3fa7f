from collections.abc import Sequence
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone

from programmes import catalogue
from programmes.catalogue.installing import Report, install
from programmes.catalogue.reading import Catalogue, read
from programmes.catalogue.tables import CatalogueError


class Command(BaseCommand):
    help = (
        "Installs the programmes of the catalogue, or brings them up to date. What an administrator changed, added"
        " or removed stays that way. All or nothing; can be run again at any time."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "files", nargs="*", type=Path, help="Files to install instead of the catalogue's own."
        )

    def handle(self, *args, **options):
        try:
            catalogues = [read(path) for path in options["files"] or catalogue.files()]
            try:
                reports = self._install(catalogues)
            except IntegrityError:  # somebody installs them at this very moment: go by what stands there now
                reports = self._install(catalogues)
        except CatalogueError as error:
            raise CommandError(f"Nothing was installed. {error}") from error
        for report in reports:
            self._print(report)

    @transaction.atomic
    def _install(self, catalogues: Sequence[Catalogue]) -> list[Report]:
        return [install(each, at=timezone.now()) for each in catalogues]

    def _print(self, report: Report) -> None:
        counts = f"{len(report.created)} created, {len(report.updated)} updated, {len(report.kept)} kept"
        self.stdout.write(f"{report.programme.slug}: {counts}")
        for path in report.updated:
            self.stdout.write(f"  updated: {path}")
        for path in report.kept:
            self.stdout.write(f"  kept as the office has it: {path}")
