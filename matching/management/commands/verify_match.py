"""Prove a run of the matching again, from what it kept, without solving."""

from django.core.management.base import BaseCommand, CommandError

from matching import proofs
from matching.models import MatchRun


class Command(BaseCommand):
    help = "Check a run's input, its suggestions and its bound from the stored record; fails if anything doesn't hold."

    def add_arguments(self, parser):
        parser.add_argument("run", type=int, help="number of the run, as its page shows it")

    def handle(self, *, run, **options):
        found = MatchRun.objects.select_related("cohort__programme").filter(pk=run).first()
        if found is None:
            raise CommandError(f"There is no match run {run}.")
        findings = proofs.prove(found)
        for finding in findings:
            self.stdout.write(f"{'holds' if finding.holds else 'FAILS'}  {finding.says}")
        if not all(finding.holds for finding in findings):
            raise CommandError(f"Match run {run} isn't proved.")
