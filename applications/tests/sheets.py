"""A sheet with a column of every kind, the programme that reads it, and files made of rows."""

import csv
import io

from programmes.models import Ask, Option, Pathway, SheetColumn
from programmes.tests.factories import CohortFactory

SHEET_COLUMNS = {
    "timestamp": "Timestamp",
    "name": "Name",
    "email": "LSE email",
    "acceptance": "I accept the policy",
}
ASKS = {
    "courses": "Course(s) studied",
    "graduation_year": "Year of graduation",
    "country": "Country you live in",
    "work_place": "Where would you like to work?",
    "division": "Division",
    "sectors": "Sectors",
    "band": "Band",
    "line_manager_email": "Line manager's email",
    "pathway": "Pathway",
    "places": "Mentees I can take",
    "can_facilitate": "Would you facilitate a circle?",
    "has_mentor_until": "I have a mentor already, until",
    "bio": "Brief bio (optional)",
    "linkedin": "LinkedIn (optional)",
    "declaration": "I identify and wish to join",
}
OPTIONAL = {"work_place", "has_mentor_until", "bio", "linkedin"}
GOOD = {
    "Timestamp": "04/11/2025 18:26",
    "Name": "Zoë Novak",
    "LSE email": "z.novak@lse.ac.uk",
    "I accept the policy": "Yes",
    "Course(s) studied": "MSc Political Economy of Europe",
    "Year of graduation": "2019",
    "Country you live in": "Belgium",
    "Where would you like to work?": "Anywhere",
    "Division": "Library",
    "Sectors": "Law;Consulting;",
    "Band": "7",
    "Line manager's email": "head1@lse.ac.uk",
    "Pathway": "Either",
    "Mentees I can take": "2",
    "Would you facilitate a circle?": "Yes",
    "I have a mentor already, until": "",
    "Brief bio (optional)": "First in my family at university.",
    "LinkedIn (optional)": "https://www.linkedin.com/in/zoe",
    "I identify and wish to join": "Yes",
}


def cohort_with_a_sheet(**programme):
    """A cohort whose programme asks both roles all of `ASKS` and wants School addresses and a declaration."""
    told = {"declaration_wording": "I belong here.", "requires_school_email_of_mentors": True, **programme}
    cohort = CohortFactory(**{f"programme__{key}": value for key, value in told.items()})
    own = {"programme": cohort.programme}
    for role in ("mentor", "mentee"):
        SheetColumn.objects.bulk_create(
            SheetColumn(role=role, meaning=meaning, column=column, **own)
            for meaning, column in SHEET_COLUMNS.items()
        )
        Ask.objects.bulk_create(
            Ask(
                role=role,
                fact=fact,
                section="You",
                label=fact,
                column=column,
                is_required=fact not in OPTIONAL,
                **own,
            )
            for fact, column in ASKS.items()
        )
    options = [
        ("division", "Library"),
        ("division", "Estates"),
        ("sectors", "Law"),
        ("sectors", "Consulting"),
    ]
    Option.objects.bulk_create(Option(fact=fact, name=name, **own) for fact, name in options)
    Option.objects.create(fact="sectors", name="Alchemy", is_open=False, **own)
    Pathway.objects.create(kind="circle", label="A: mentoring circle", largest=8, **own)
    Pathway.objects.create(kind="one_to_one", label="B: one-to-one", **own)
    return cohort


def sheet(*changes, without=(), **writing):
    """A file with one row per set of changes to `GOOD`; headings that only the changes have come last."""
    headings = dict.fromkeys([*GOOD, *(h for row in changes for h in row)])
    headings = [heading for heading in headings if heading not in without]
    return as_csv([headings, *([{**GOOD, **row}.get(h, "") for h in headings] for row in changes)], **writing)


def as_csv(rows, *, encoding="utf-8", delimiter=",", end="\r\n"):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue().encode(encoding)


def somebody(n, **changes):
    """Changes that make a row of a person of their own."""
    return {"Name": f"Guest {n}", "LSE email": f"guest{n}@lse.ac.uk", **changes}
