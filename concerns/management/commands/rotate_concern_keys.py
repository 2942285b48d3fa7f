from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import pluralize

from concerns import services
from concerns.sealing import Unreadable
from concerns.services import rotating


class Command(BaseCommand):
    help = (
        "Wraps the key of every concern anew under the first of CONCERN_KEYS; after that the older ones can go. What"
        " is sealed stays as it is. Can be stopped and run again at any time."
    )

    def handle(self, *args, **options):
        if unknown := rotating.unknown_keys():
            raise CommandError(
                f"No key of CONCERN_KEYS opens {unknown} concern{pluralize(unknown)}: put the missing key back at the"
                " end of the list and run this again. Nothing was changed."
            )
        try:
            changed = services.rotate_keys()
        except Unreadable:
            raise CommandError(
                "A concern doesn’t open with the key that wrapped it: the key or the row was altered. Those before it"
                " are done; compare CONCERN_KEYS with what you keep, and run this again."
            ) from None
        self.stdout.write(f"Wrapped anew: {changed}. Every concern opens with the first of CONCERN_KEYS.")
        self.stdout.write(
            "Older keys can be taken out of the list once every process of the site has started anew with it."
        )
