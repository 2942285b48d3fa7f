"""What is due to be deleted, and its deletion, for whoever runs the server."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import date_format

from mentorship.lib.refusals import NotPossible
from overview.models import RetentionRun
from overview.services import periods, purging


class Command(BaseCommand):
    help = "Announce what is due, or delete what was announced a week ago; --dry-run only counts."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Count what falls due within a week.")

    def handle(self, *args, **options):
        now = timezone.now()
        if options["dry_run"]:
            self._show(purging.plan(at=now))
            return
        periods.install()
        run = RetentionRun.objects.open().first()
        if run is None:
            self._announce(now)
            return
        try:
            gone = purging.carry_out(run, at=now)
        except NotPossible as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Rows that went: {gone}.")

    def _announce(self, now):
        run = purging.announce(at=now)
        if run is None:
            self.stdout.write("Nothing falls due within a week, or no superuser is there to be told.")
            return
        self.stdout.write(
            f"Announced; it begins on {date_format(timezone.localtime(run.begins_at), 'j F Y, H:i')}."
        )

    def _show(self, found):
        for due in found:
            when = f", from {date_format(due.first_on, 'j F Y')} on" if due.first_on else ""
            self.stdout.write(f"{due.rule.title} ({due.months} months): {due.rows}{when}")
        self.stdout.write(f"Together: {sum(due.rows for due in found)}. Nothing was changed.")
