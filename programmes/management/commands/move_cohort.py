from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mentorship.lib.refusals import NotPossible
from programmes import services
from programmes.queries import cohort_named


class Command(BaseCommand):
    help = "Lets a cohort begin on another day: all of its dates move by as many days."

    def add_arguments(self, parser):
        parser.add_argument("programme", help="Slug of the programme, e.g. ei-alumni")
        parser.add_argument("cohort", help="Slug of the cohort, e.g. 2025-26")
        parser.add_argument("--start", required=True, help="Its new first day, e.g. 2026-12-01")

    def handle(self, *args, **options):
        try:
            start = date.fromisoformat(options["start"])
        except ValueError as error:
            raise CommandError(f"“{options['start']}” is no day; write it as 2026-12-01.") from error
        try:
            cohort = cohort_named(options["programme"], options["cohort"])
            cohort = services.move_cohort(cohort, start=start, by=None, at=timezone.now())
        except NotPossible as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{cohort}: sign-up {cohort.sign_up_opens_on} to {cohort.sign_up_closes_on},"
            f" runs {cohort.starts_on} to {cohort.ends_on}"
        )
