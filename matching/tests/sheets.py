"""An office with two sheets and no database, for tests."""

import csv
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from applications.tests.sheets import as_csv

EXAMPLES = settings.BASE_DIR / "examples"
SHEETS = {
    "ei-alumni": ("ei-2025-alumni.csv", "ei-2025-students.csv"),
    "bame-staff": ("staff-2021-mentors.csv", "staff-2021-mentees.csv"),
}
ALUMNA = {
    "Timestamp": "04/11/2025 18:26",
    "First name": "Zoë",
    "Last name": "Novak",
    "Email address": "zoe@alumni.example",
    "Course(s) studied": "MSc Political Economy of Europe",
    "Year of graduation": "2015",
    "Country you live in": "Belgium",
    "Current job role": "Analyst",
    "Sectors you know": "Law;Consulting;",
    "Support you can offer": "Working abroad;",
    "How many mentees could you take?": "1",
    "I accept the Alumni Mentor Policy": "Yes",
}
STUDENT = {
    "Timestamp": "05/11/2025 09:00",
    "First name": "Ann",
    "Last name": "Early",
    "LSE email": "ann@lse.example",
    "MSc programme": "MSc Political Economy of Europe",
    "Employment sectors of interest": "Law;",
    "What would you like support with?": "Working abroad;",
    "Where would you like to work?": "Belgium",
    "I accept the programme policy": "Yes",
}
COLLEAGUE = {
    "Timestamp": "04/02/2021 00:01",
    "Name": "Uche Hussain",
    "LSE email": "uche@lse.example",
    "Job title": "Manager",
    "Division": "Library",
    "Band": "5",
    "Line manager's email": "head1@lse.example",
    "Staff group": "Professional Services",
    "I identify as BAME and wish to join": "Yes",
}
SENIOR = {
    **COLLEAGUE,
    "Name": "Deniz Weber",
    "LSE email": "deniz@lse.example",
    "Division": "Estates",
    "Band": "8",
    "Line manager's email": "head2@lse.example",
    "One-to-one mentees I can take": "1",
    "Would you facilitate a mentoring circle?": "No",
    "Support you can offer": "Confidence;",
}
JUNIOR = {
    **COLLEAGUE,
    "Pathway": "B: one-to-one",
    "What would you like support with?": "Confidence;",
}
PEOPLE = {"ei-alumni": (ALUMNA, STUDENT), "bame-staff": (SENIOR, JUNIOR)}


class Office:
    """A folder with two sheets; `run` matches them and keeps what was printed and written."""

    def __init__(self, folder):
        self.mentors, self.mentees, self.out = (
            folder / name for name in ("mentors.csv", "mentees.csv", "p.csv")
        )
        self.left = folder / "p-left-out.csv"

    def fill(self, programme, mentors, mentees, **writing):
        """Sheets of the programme with a row per set of changes."""
        for path, changes, good in zip(
            (self.mentors, self.mentees), (mentors, mentees), PEOPLE[programme], strict=True
        ):
            headings = list(dict.fromkeys([*good, *(heading for row in changes for heading in row)]))
            rows = [[{**good, **row}.get(heading, "") for heading in headings] for row in changes]
            path.write_bytes(as_csv([headings, *rows], **writing))
        return self

    def take(self, programme):
        """The project's example sheets."""
        for path, name in zip((self.mentors, self.mentees), SHEETS[programme], strict=True):
            path.write_bytes((EXAMPLES / name).read_bytes())
        return self

    def run(self, programme="ei-alumni", *arguments):
        out = StringIO()
        paths = [f"--mentors={self.mentors}", f"--mentees={self.mentees}", f"--out={self.out}"]
        call_command("match_csv", f"--programme={programme}", *paths, *arguments, stdout=out)
        self.said = out.getvalue()
        return self

    def refusal(self, programme="ei-alumni", *arguments):
        with pytest.raises(CommandError) as refused:
            self.run(programme, *arguments)
        return str(refused.value)

    @property
    def pairs(self):
        return rows_of(self.out)

    @property
    def left_out(self):
        return rows_of(self.left)

    @property
    def couples(self):
        return {(row["Mentee"], row["Mentor"]) for row in self.pairs}

    @property
    def why(self):
        return {row["Name"]: row["Why"] for row in self.left_out}


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def student(n, **changes):
    return {"First name": "Guest", "Last name": f"{n}", "LSE email": f"guest{n}@lse.example", **changes}


def alumna(n, **changes):
    return {"First name": "Host", "Last name": f"{n}", "Email address": f"host{n}@alumni.example", **changes}


def colleague(n, **changes):
    return {"Name": f"Guest {n}", "LSE email": f"guest{n}@lse.example", **changes}


def facilitator(n=0, **changes):
    own = {"One-to-one mentees I can take": "0", "Would you facilitate a mentoring circle?": "Yes"}
    return {"Name": f"Host {n}", "LSE email": f"host{n}@lse.example", **own, **changes}
