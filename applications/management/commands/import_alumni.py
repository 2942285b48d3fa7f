"""Load a list of alumni."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from applications.services import importing_alumni
from applications.spreadsheet.files import Unreadable, load
from programmes.models import Programme


class Command(BaseCommand):
    help = (
        "Loads a CSV list of alumni (name, or first and last name; course; year of graduation) that mentors are checked"
        " against. One line per refusal (“line 12: heading: reason”), then the counts. Running it again changes"
        " nothing. Ends with 0 also if rows were refused; with 1 only if nothing could be read."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", help="the CSV file")
        parser.add_argument(
            "--programme", help="short name of the programme; needed only if several check a list of alumni"
        )

    def handle(self, *, file, programme, **options):
        try:
            loaded = importing_alumni.import_alumni(
                programme=_programme(programme), data=load(file), by=None, at=timezone.now()
            )
        except Unreadable as refusal:
            raise CommandError(str(refusal)) from None
        for refusal in loaded.refusals:
            self.stdout.write(str(refusal))
        self.stdout.write(f"{loaded.summary}.")


def _programme(slug):
    checking = {row.slug: row for row in Programme.objects.filter(checks_alumni_list=True).order_by("slug")}
    if slug is None and len(checking) == 1:
        return next(iter(checking.values()))
    if slug not in checking:
        what = (
            f"The programme “{slug}” isn't one that checks"
            if slug
            else "Please say for which programme that checks"
        )
        raise CommandError(f"{what} a list of alumni. There are: {', '.join(checking) or 'none yet'}.")
    return checking[slug]
