"""Import the people of an office's sheet."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from applications.services import importing
from applications.spreadsheet.files import Unreadable, load
from mentorship.lib.refusals import NotPossible
from programmes.models import Programme, Role


class Command(BaseCommand):
    help = (
        "Imports the people of a CSV sheet, as the office's web forms export it, into a cohort: one line per refusal"
        " (“line 12: heading: reason”), then the counts. A refused row holds back nobody else. Running it again"
        " changes nothing. Ends with 0 also if rows were refused; with 1 only if nothing could be read."
    )

    def add_arguments(self, parser):
        parser.add_argument("programme", help="short name of the programme, e.g. ei-alumni")
        parser.add_argument("cohort", help="short name of the cohort, e.g. 2025-26")
        parser.add_argument("role", help="mentor or mentee")
        parser.add_argument("file", help="the CSV file")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen, store and send nothing"
        )

    def handle(self, *, programme, cohort, role, file, dry_run, **options):
        programme = _one_of(Programme.objects.order_by("slug"), programme, "programme")
        cohort = _one_of(
            programme.cohorts.select_related("programme", "policy").order_by("slug"), cohort, "cohort"
        )
        if role not in Role.values:
            raise CommandError(f"There is no role “{role}”. The roles are: {', '.join(Role.values)}.")
        work = importing.plan_import if dry_run else importing.import_people
        try:
            plan = work(cohort=cohort, role=Role(role), data=load(file), by=None, at=timezone.now())
        except (Unreadable, NotPossible) as refusal:
            raise CommandError(str(refusal)) from None
        for line in report(plan):
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("This was a dry run: nothing was stored and nobody was told.")


def _one_of(rows, slug, what):
    """The row with this slug, or a sentence with those that there are."""
    by_slug = {row.slug: row for row in rows}
    if slug not in by_slug:
        there = ", ".join(by_slug) or "none yet"
        raise CommandError(f"There is no {what} “{slug}”. There are: {there}.")
    return by_slug[slug]


def report(plan):
    """What became of a file, line by line; the counts come last."""
    for refusal in plan.refusals:
        yield str(refusal)
    for heading in plan.left_out:
        yield f"left out, not stored: {heading}"
    for heading in plan.absent:
        yield f"not in this sheet: {heading}"
    yield f"{plan.summary}."
