"""After a restore from backup, before anything else."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from overview.services import erasing


class Command(BaseCommand):
    help = "Erase again whom the ledger names and a restored backup has brought back; may be run again."

    def handle(self, *args, **options):
        done, waiting = erasing.replay(at=timezone.now())
        self.stdout.write(f"Erased again: {done}. Waiting for the clock: {waiting}.")
