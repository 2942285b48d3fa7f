"""Every fact about a person that a programme may ask for, and every fact that a policy may disclose.

A fact is the smallest thing that one person can learn about another. Policies list facts by their key; forms and
spreadsheets ask for facts by their key; `applications.card` knows how to render each. Adding one is adding a line
here, a field to `applications.Application` and, if it may be disclosed, nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db import models


class Kind(StrEnum):
    """How a fact is asked and read."""

    TEXT = "text"  # one line
    LONG_TEXT = "long text"
    YEAR = "year"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes or no"
    CHOICE = "one option"  # from the programme's options
    CHOICES = "several options"
    COUNTRY = "country"
    PLACE = "country or anywhere"
    PATHWAY = "pathway"
    EMAIL = "e-mail"
    LINKEDIN = "LinkedIn"
    DECLARATION = "declaration"  # kept in `declarations`, never in the application
    ACCOUNT = "account"  # name and addresses: known from the account, never asked in the form


@dataclass(frozen=True)
class Fact:
    """`key` is also the name of the field of `Application` that holds it, unless it belongs to the account."""

    key: str
    label: str
    kind: Kind
    may_be_disclosed: bool = False


_FACTS = [
    # Of the account
    Fact("name", "Name", Kind.ACCOUNT, may_be_disclosed=True),
    Fact("email", "E-mail", Kind.ACCOUNT, may_be_disclosed=True),
    Fact("school_email", "LSE e-mail", Kind.ACCOUNT, may_be_disclosed=True),
    # Of the application, disclosed where a policy says so
    Fact("courses", "Course(s) studied", Kind.TEXT, may_be_disclosed=True),
    Fact("graduation_year", "Year of graduation", Kind.YEAR, may_be_disclosed=True),
    Fact("country", "Country", Kind.COUNTRY, may_be_disclosed=True),
    Fact("job_role", "Current job role", Kind.TEXT, may_be_disclosed=True),
    Fact("job_title", "Job title", Kind.TEXT, may_be_disclosed=True),
    Fact("division", "Division", Kind.CHOICE, may_be_disclosed=True),
    Fact("study_programme", "MSc programme", Kind.CHOICE, may_be_disclosed=True),
    Fact("sectors", "Employment sectors", Kind.CHOICES, may_be_disclosed=True),
    Fact("support_areas", "Areas of support", Kind.CHOICES, may_be_disclosed=True),
    Fact("bio", "About me", Kind.LONG_TEXT, may_be_disclosed=True),
    Fact("linkedin", "LinkedIn", Kind.LINKEDIN, may_be_disclosed=True),
    Fact(
        "circle_email", "E-mail", Kind.YES_NO, may_be_disclosed=True
    ),  # the School address, if the person ticked it
    # Of the application, for the office and for matching only
    Fact("work_place", "Place of work wished for", Kind.PLACE),
    Fact("band", "Band", Kind.NUMBER),
    Fact("line_manager_email", "Line manager's e-mail", Kind.EMAIL),
    Fact("staff_group", "Staff group", Kind.CHOICE),
    Fact("pathway", "Pathway", Kind.PATHWAY),
    Fact("places", "One-to-one mentees", Kind.NUMBER),
    Fact("can_facilitate", "Facilitating a circle", Kind.YES_NO),
    Fact("other_mentees", "People mentored already", Kind.NUMBER),
    Fact("has_mentor_until", "A mentor elsewhere until", Kind.DATE),
    Fact("declaration", "Declaration", Kind.DECLARATION),
]
FACTS: dict[str, Fact] = {fact.key: fact for fact in _FACTS}
ASKABLE = [(fact.key, fact.label) for fact in _FACTS if fact.kind is not Kind.ACCOUNT]
DISCLOSABLE = [(fact.key, fact.label) for fact in _FACTS if fact.may_be_disclosed]
WITH_OPTIONS = [(fact.key, fact.label) for fact in _FACTS if fact.kind in {Kind.CHOICE, Kind.CHOICES}]


class Direction(models.TextChoices):
    """Whose facts a policy shows to whom."""

    OF_MENTOR = "of_mentor", "The mentee sees of the mentor"
    OF_MENTEE = "of_mentee", "The mentor sees of the mentee"
    IN_CIRCLE = "in_circle", "Everybody in a circle sees of each other"
