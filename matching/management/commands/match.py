"""Run the matching of a cohort from the command line; the admin does the same."""

import json
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from matching import queries
from matching.services import releasing, runs
from mentorship.lib.refusals import NotPossible
from programmes.models import Cohort, Pathway


class Command(BaseCommand):
    help = "Suggest a match for a cohort, both pathways in one run; nobody hears of it before a release."

    def add_arguments(self, parser):
        parser.add_argument("programme", help="e.g. ei-alumni")
        parser.add_argument("cohort", help="e.g. 2025-26")
        parser.add_argument("--pathway", choices=Pathway.Kind.values, default="", help="only this pathway")
        parser.add_argument("--seed", type=int, default=0, help="decides between equally good matches")
        parser.add_argument("--release", action="store_true", help="introduce people at once")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *, programme, cohort, pathway, seed, release, **options):
        now = timezone.now()
        try:
            found = Cohort.objects.select_related("programme").get(programme__slug=programme, slug=cohort)
        except Cohort.DoesNotExist:
            known = ", ".join(
                f"{c.programme.slug} {c.slug}" for c in Cohort.objects.select_related("programme")
            )
            raise CommandError(
                f"There is no cohort {programme} {cohort}. There are: {known or 'none'}."
            ) from None
        try:
            run = runs.run(cohort=found, pathway=pathway, seed=seed, by=None, at=now)
            outcome = releasing.release(run, by=None, at=now, delay=timedelta(0)) if release else None
        except NotPossible as refusal:
            raise CommandError(str(refusal)) from None
        report = queries.report(run, outcome)
        self.stdout.write(
            json.dumps(report, indent=2, ensure_ascii=False) if options["json"] else _in_words(report)
        )


def _in_words(report):
    lines = [f"Run {report['run']}: {report['placed']} placed, total fit {report['total']}"]
    lines[0] += _verdict(report)
    for suggestion in report["suggestions"]:
        people = "; ".join(f"{m['name']} ({m['part']})" for m in suggestion["members"])
        lines.append(f"  {suggestion['pathway']}, fit {suggestion['fit']}: {people}")
    lines += [f"  left out: {row['name']}: {row['reason']}" for row in report["left_out"]]
    if report["released"] is not None:
        lines.append(f"Released: {report['released']}.")
    lines += [f"  held back: {row['people']}: {row['reason']}" for row in report["held_back"]]
    return "\n".join(lines)


def _verdict(report):
    """Of circles the solver's word may go further than what whole numbers prove."""
    if not report["optimal"]:
        return f", bound {report['upper_bound']}."
    if report["proved_bound"] == report["total"]:
        return ", proved to be the best."
    return f", the best that the solver knows of; proved bound {report['proved_bound']}."
