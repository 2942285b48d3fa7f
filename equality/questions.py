"""What the questionnaire asks: protected characteristics of the Equality Act 2010 of which figures can say something.

The wordings follow the UK's harmonised questions, shortened. Marriage, and pregnancy and maternity, are left out:
nobody needs them for figures about mentoring. Every question can stay empty, and every one offers not to say.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

UNSAID = ("unsaid", "Prefer not to say")


class Age(models.TextChoices):
    UNDER_25 = "under_25", "Under 25"
    FROM_25 = "25_34", "25 to 34"
    FROM_35 = "35_44", "35 to 44"
    FROM_45 = "45_54", "45 to 54"
    FROM_55 = "55_64", "55 to 64"
    FROM_65 = "65_over", "65 or over"
    UNSAID = UNSAID


class Disability(models.TextChoices):
    A_LOT = "a_lot", "Yes, and it limits me a lot"
    A_LITTLE = "a_little", "Yes, and it limits me a little"
    NOT_LIMITED = "not_limited", "Yes, and it doesn’t limit me"
    NO = "no", "No"
    UNSAID = UNSAID


class EthnicGroup(models.TextChoices):
    ASIAN = "asian", "Asian or Asian British"
    BLACK = "black", "Black, Black British, Caribbean or African"
    MIXED = "mixed", "Mixed or multiple ethnic groups"
    WHITE = "white", "White"
    OTHER = "other", "Another ethnic group"
    UNSAID = UNSAID


class Gender(models.TextChoices):
    WOMAN = "woman", "Woman"
    MAN = "man", "Man"
    OTHER = "other", "In another way, such as non-binary"
    UNSAID = UNSAID


class SameAsRegistered(models.TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    UNSAID = UNSAID


class Orientation(models.TextChoices):
    STRAIGHT = "straight", "Straight or heterosexual"
    GAY = "gay", "Gay or lesbian"
    BI = "bi", "Bisexual"
    OTHER = "other", "Another sexual orientation"
    UNSAID = UNSAID


class Religion(models.TextChoices):
    NONE = "none", "No religion"
    BUDDHIST = "buddhist", "Buddhist"
    CHRISTIAN = "christian", "Christian"
    HINDU = "hindu", "Hindu"
    JEWISH = "jewish", "Jewish"
    MUSLIM = "muslim", "Muslim"
    SIKH = "sikh", "Sikh"
    OTHER = "other", "Another religion or belief"
    UNSAID = UNSAID


class Caring(models.TextChoices):
    NO = "no", "No"
    CHILDREN = "children", "Yes, for children"
    ADULTS = "adults", "Yes, for adults"
    BOTH = "both", "Yes, for children and for adults"
    UNSAID = UNSAID


@dataclass(frozen=True)
class Question:
    """`title` stands over its figures, `asks` before its choices on the form."""

    title: str
    asks: str
    choices: type[models.TextChoices]


QUESTIONS = {
    "age": Question("Age", "How old are you?", Age),
    "disability": Question(
        "Disability",
        "Do you have a health condition, an illness or an impairment that has lasted, or will last, a year or more?",
        Disability,
    ),
    "ethnic_group": Question("Ethnic group", "What is your ethnic group?", EthnicGroup),
    "gender": Question("Gender", "How do you describe your gender?", Gender),
    "same_as_registered": Question(
        "Gender and registered sex",
        "Is your gender the same as the sex that was registered when you were born?",
        SameAsRegistered,
    ),
    "orientation": Question(
        "Sexual orientation", "Which of these best describes your sexual orientation?", Orientation
    ),
    "religion": Question("Religion or belief", "What is your religion or belief?", Religion),
    "caring": Question("Caring", "Do you look after somebody who couldn’t do without you?", Caring),
}
NOT_ANSWERED = ("", "Not answered")


def choices_of(question: str) -> list[tuple[str, str]]:
    """The answers in which figures are given, the empty one last."""
    return [*((str(value), str(label)) for value, label in QUESTIONS[question].choices.choices), NOT_ANSWERED]
