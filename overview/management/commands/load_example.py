"""Invented people for both programmes, dated from today, so that the rehearsal is always alive."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from overview import example


class Command(BaseCommand):
    help = "Load invented people into both programmes (only in the rehearsal); a second time changes nothing."

    def handle(self, *args, **options):
        if not (settings.EXAMPLE or settings.DEBUG):
            raise CommandError(
                "This would put invented people into a real database. Set EXAMPLE=1 to rehearse."
            )
        if example.is_loaded():
            self.stdout.write("The example is loaded already.")
            return
        example.load(at=timezone.now())
        self.stdout.write("The example is loaded.")
