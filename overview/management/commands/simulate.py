"""A cohort lived through in minutes: what a rehearsal shows, and what is compared before a release."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mentorship.lib.refusals import NotPossible
from overview.simulation import ledger, outgoing, promises
from overview.simulation.running import Faults, Rehearsal
from programmes.models import Programme

COMPARED = ("introduction", "closing", "nudge", "day-before", "away", "back", "flag")


class Command(BaseCommand):
    help = (
        "Lives through a cohort of invented people day by day, ending today, and compares every message with what"
        " the programme promises. For rehearsals: refuses to run in production."
    )

    def add_arguments(self, parser):
        parser.add_argument("programme", help="its slug, e.g. ei-alumni")
        parser.add_argument("--days", type=int, default=180, help="how many days to live through (180)")
        parser.add_argument(
            "--seed", type=int, default=1, help="which lives: the same number, the same lives (1)"
        )
        parser.add_argument("--pairs", type=int, default=12, help="how many mentors with their mentees (12)")
        parser.add_argument(
            "--without-clock",
            type=int,
            nargs="*",
            default=[],
            metavar="DAY",
            help="days on which the clock stands",
        )
        parser.add_argument("--clocks", type=int, default=1, help="how many clocks ring at once (1)")
        parser.add_argument(
            "--without-worker",
            type=int,
            nargs="*",
            default=[],
            metavar="DAY",
            help="days on which no mail leaves",
        )

    def handle(self, **options):
        if settings.IS_PRODUCTION:
            raise CommandError("This invents people and lives: it runs in a rehearsal only (EXAMPLE=1).")
        programme = Programme.objects.filter(slug=options["programme"]).first()
        if programme is None:
            raise CommandError(f"There is no programme “{options['programme']}”.")
        if not 1 <= options["days"] <= 1000 or not 1 <= options["pairs"] <= 500:
            raise CommandError("Give between 1 and 1,000 days, and between 1 and 500 pairs.")
        try:
            rehearsal = self._play(programme, options)
        except NotPossible as refusal:
            raise CommandError(str(refusal)) from refusal
        self._report(rehearsal)

    def _play(self, programme, options):
        start = timezone.localdate() - timedelta(days=options["days"])
        rehearsal = Rehearsal(
            programme,
            start=start,
            days=options["days"],
            seed=options["seed"],
            pairs=options["pairs"],
            faults=Faults(
                without_clock=frozenset(start + timedelta(days=day) for day in options["without_clock"]),
                clocks=options["clocks"],
                without_worker=frozenset(start + timedelta(days=day) for day in options["without_worker"]),
            ),
        )
        rehearsal.play()
        return rehearsal

    def _report(self, rehearsal):
        found = outgoing.sent(rehearsal)
        compared = [line for line in found if line.kind in COMPARED and not line.about.endswith(": squeezed")]
        expected = promises.expected(rehearsal.history)
        report = ledger.compare(expected, compared, days=True)
        breaches = ledger.breaches(rehearsal.history, found)
        say = self.stdout.write
        people, rows = len(rehearsal.applications), len(rehearsal.partnerships)
        say(f"{rehearsal.cohort}: {people} people, {rows} partnerships, {len(rehearsal.script.acts)} acts")
        for kind, number in sorted(Counter(line.kind for line in found).items()):
            say(f"  {number:6} {kind}")
        wrong = {"missing": report.missing, "unexpected": report.unexpected, "twice": report.twice}
        for name, lines in wrong.items():
            for line in lines:
                say(f"  {name}: {line.on} {line.kind} to {line.to} {line.about}")
        for breach in breaches:
            say(f"  broken: {breach}")
        counts = ", ".join(f"{name} {len(lines)}" for name, lines in wrong.items())
        say(f"messages {len(found)}, {counts}, broken {len(breaches)}")
        say(f"ledger {outgoing.fingerprint(compared, rehearsal)}")
        if any(wrong.values()) or breaches:
            raise CommandError("The messages aren't those that were promised.")
