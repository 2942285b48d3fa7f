"""The record of processing, from the code."""

from django.core.management.base import BaseCommand, CommandError

from overview.personal import data_map


class Command(BaseCommand):
    help = "Write docs/data-map.md: what is held about people, why, for how long, and who reads it."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="Write nothing; fail if the page is stale.")

    def handle(self, *args, check, **options):
        page = data_map.written()
        if not check:
            data_map.PATH.write_text(page, encoding="utf-8")
            self.stdout.write(f"Written to {data_map.PATH}.")
        elif not data_map.PATH.is_file() or data_map.PATH.read_text(encoding="utf-8") != page:
            raise CommandError("docs/data-map.md is stale: run `manage.py data_map`.")
