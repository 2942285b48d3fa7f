"""Let somebody in again who has lost their second factor."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import services
from accounts.queries import people_by_address
from mentorship.lib.refusals import NotPossible


class Command(BaseCommand):
    help = (
        "Takes the app, the passkeys and the recovery codes away from an account, and tells its owner by e-mail. Make"
        " sure first that it is them who asks, on another way than by mail. Staff set up a new one when they sign in."
    )

    def add_arguments(self, parser):
        parser.add_argument("address", help="an e-mail address of the account")

    def handle(self, *, address, **options):
        user = people_by_address([address]).get(address.lower())
        if user is None:
            raise CommandError("Nobody signs in with this address.")
        try:
            services.forget_second_factor(user, at=timezone.now())
        except NotPossible as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write("The second step is gone. Its owner has been told.")
