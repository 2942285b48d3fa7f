"""Match the people of two CSV sheets into two CSV files, without a database."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from applications.spreadsheet.files import Unreadable, load
from matching.sheets import files
from matching.sheets.choosing import match
from matching.sheets.entrants import read_sheet
from matching.sheets.scheme import scheme_of
from mentorship.lib.refusals import NotPossible
from programmes.catalogue.tables import CatalogueError
from programmes.models import Pathway, Role


class Command(BaseCommand):
    help = (
        "Matches the people of two CSV sheets, as the office's web forms export them, by the columns, rules and weights"
        " of the programme's file in the catalogue. Needs no database and stores nothing but two files: the pairs and"
        " circles, and who is left out and why. Prints counts only."
    )

    requires_system_checks = []  # they are about the site, and some may ask a database

    def add_arguments(self, parser):
        parser.add_argument("--programme", required=True, help="short name of the programme, e.g. ei-alumni")
        parser.add_argument("--pathway", choices=Pathway.Kind.values, default="", help="only this pathway")
        parser.add_argument("--mentors", required=True, help="the mentors' CSV file")
        parser.add_argument("--mentees", required=True, help="the mentees' CSV file")
        parser.add_argument("--out", required=True, help="the CSV file of pairs and circles to write")
        parser.add_argument(
            "--left-out", help="the CSV file of who is left out; beside the other if not given"
        )
        parser.add_argument("--seed", type=int, default=0, help="decides between equally good matches")
        parser.add_argument("--force", action="store_true", help="replace files that there are already")

    def handle(self, *, programme, pathway, mentors, mentees, out, left_out, seed, force, **options):
        out = Path(out)
        left_out = Path(left_out) if left_out else out.parent / f"{out.stem}-left-out.csv"
        _refuse_to_overwrite([out, left_out], sheets=[mentors, mentees], force=force)
        try:
            one = scheme_of(programme)
            one.offered(pathway)
            offering = _sheet(one, Role.MENTOR, mentors)
            seeking = _sheet(one, Role.MENTEE, mentees)
            found = match(one, seeking, offering, pathway=pathway, seed=seed)
        except (CatalogueError, NotPossible) as refusal:
            raise CommandError(str(refusal)) from None
        _write(out, files.pairs(found), force=force)
        _write(left_out, files.left_out(found), force=force)
        for line in (*_of_sheet(offering), *_of_sheet(seeking), in_words(found.solution, of=seeking.rows)):
            self.stdout.write(line)
        self.stdout.write(
            f"Pairs: {out} ({len(found.placed)}). Left out: {left_out} ({len(found.left_out)})."
        )


def _refuse_to_overwrite(written, *, sheets, force):
    """An office's file is never lost by mistake, and one of its sheets not even with --force."""
    places = [path.resolve() for path in written]
    if len(set(places)) < len(places):
        raise CommandError("--out and --left-out must be two files.")
    for path in written:
        if not path.parent.is_dir():
            raise CommandError(f"The folder {path.parent} isn't there.")
        if path.resolve() in [Path(sheet).resolve() for sheet in sheets]:
            raise CommandError(f"{path} is one of the sheets to read. Please give the result another name.")
        if path.exists() and not force:
            raise CommandError(f"{path} is there already. Give another name, or --force to replace it.")


def _sheet(one, role, path):
    try:
        return read_sheet(one, role, load(path), at=timezone.now())
    except Unreadable as refusal:
        raise CommandError(f"The {role.label.lower()}s' sheet {path}: {refusal}") from None


def _write(path, data, *, force):
    try:
        with path.open("wb" if force else "xb") as file:
            file.write(data)
    except OSError as error:
        raise CommandError(f"The file {path} can't be written: {error.strerror}.") from None


def _of_sheet(sheet):
    yield f"{sheet.role.label}s: {len(sheet.entrants)} of {sheet.rows} rows can be matched."
    for heading in sheet.absent:
        yield f"  not in this sheet: {heading}"


def in_words(solution, *, of):
    """How many of those in the mentees' sheet are placed, and how good that is known to be."""
    said = f"Placed {solution.placed} of {of}. Total fit {solution.total:,}"
    if solution.optimal and getattr(solution, "proved_bound", solution.total) == solution.total:
        return f"{said}, proved to be the best."
    if solution.optimal:  # of circles the solver's word may go further than what whole numbers prove
        return f"{said}, the best that the solver knows of (proved bound {solution.proved_bound:,})."
    most = getattr(solution, "most_placed", solution.placed)  # of pairs alone it is always reached
    more = f" At most {most} can be placed." if most > solution.placed else ""
    return f"{said}, at most {solution.gap:.2%} below the best of as many (bound {solution.upper_bound:,}).{more}"
