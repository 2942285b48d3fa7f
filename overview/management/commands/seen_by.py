"""What an account saw in a period."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from mentorship.lib.refusals import NotPossible
from overview.queries.seen_by import as_csv
from overview.services.looking import look


class Command(BaseCommand):
    help = (
        "Lists the people and facts that an account was shown in a period, how many concerns it opened, and what it"
        " could open without a record. For when somebody else may have used it. The look is noted in the log."
    )

    def add_arguments(self, parser):
        parser.add_argument("address", help="the address with which the account signs in")
        parser.add_argument(
            "--from", dest="since", required=True, type=_day, help="first day, e.g. 2026-01-05"
        )
        parser.add_argument("--until", required=True, type=_day, help="last day, included")
        parser.add_argument("--csv", action="store_true", help="the people and facts alone, as CSV")

    def handle(self, *, address, since, until, **options):
        account = User.objects.filter(email__iexact=address).first()
        if account is None:
            raise CommandError("Nobody has an account with this address.")
        try:
            report = look(account, since=since, until=until, by=None, at=timezone.now())
        except NotPossible as refusal:
            raise CommandError(str(refusal)) from None
        if options["csv"]:
            self.stdout.write(as_csv(report), ending="")
            return
        self._say(report)

    def _say(self, report):
        for line in report.lines:
            self.stdout.write(
                f"{line.person} <{line.address}>, {line.programme}: {', '.join(line.facts)}"
                f" ({line.channel.lower()}, {line.first_on} to {line.last_on}, days: {line.days})"
            )
        self.stdout.write(
            f"People: {report.people}. Concerns opened: {report.cases_read}. Changes in the admin: {report.changes}."
        )
        self.stdout.write("Not recorded:")
        for sentence in report.unrecorded:
            self.stdout.write(f"- {sentence}")


def _day(text):
    return date.fromisoformat(text)
