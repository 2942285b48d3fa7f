"""Whether somebody may take part: yes, no or ask, with reasons (EI-0, BM-2, BM-3, BM-10).

Reads no protected characteristic (EI-7). Of a declaration it learns only that it stands; the reason it then gives
is neutral, since only who decides eligibility may know more.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from accounts.queries import school_address
from applications.models import AlumniRecord, Application
from declarations.models import Declaration
from programmes.facts import FACTS, Kind
from programmes.models import Ask, Option, Role


class Answer(StrEnum):
    YES = "yes"
    ASK = "ask"
    NO = "no"


@dataclass(frozen=True)
class Verdict:
    answer: Answer
    reasons: tuple[str, ...]


# Options of a fact with one answer: name -> whether it may join.
_Options = dict[tuple[int, str], dict[str, bool]]
_CHOICES = [key for key, fact in FACTS.items() if fact.kind is Kind.CHOICE]


@dataclass(frozen=True)
class _Finding:
    answer: Answer
    reason: str


def assess(applications: Sequence[Application]) -> dict[int, Verdict]:
    """The verdict on each application, by primary key, in a number of queries that doesn't grow with them.

    Load them with `user` and `cohort__programme`, and `accounts.queries.with_addresses("user")`.
    """
    alumni = _alumni_by_name(applications)
    options = _options_of(applications)
    declared = set(
        Declaration.objects.standing()
        .filter(
            cohort__in={a.cohort_id for a in applications},
            user__in={a.user_id for a in applications},
        )
        .values_list("user_id", "cohort_id")
    )
    required = _required(applications)
    return {
        a.pk: _verdict(
            [
                *_school_email(a),
                *_alumnus(a, alumni),
                *_options(a, options),
                *_declaration(a, declared),
                *_complete(a, required[a.cohort.programme_id, a.role]),
                *_room(a),
            ]
        )
        for a in applications
    }


def assess_one(application: Application) -> Verdict:
    return assess([application])[application.pk]


def _verdict(findings: Iterable[_Finding]) -> Verdict:
    found = list(findings)
    for answer in (Answer.NO, Answer.ASK):
        if reasons := tuple(f.reason for f in found if f.answer is answer):
            return Verdict(answer, reasons)
    return Verdict(Answer.YES, tuple(f.reason for f in found))


def _school_email(application: Application) -> list[_Finding]:
    programme = application.cohort.programme
    needed = (
        programme.requires_school_email_of_mentors
        if application.is_mentor
        else programme.requires_school_email_of_mentees
    )
    if not needed:
        return []
    if school_address(application.user):
        return [_Finding(Answer.YES, "School address verified.")]
    if application.office_email:
        return [
            _Finding(
                Answer.ASK,
                "School address from the office's sheet, not verified by the person yet.",
            )
        ]
    return [_Finding(Answer.NO, "No verified School address.")]


def _alumnus(application: Application, alumni: dict[tuple[int, str], list[AlumniRecord]]) -> list[_Finding]:
    programme = application.cohort.programme
    if not (programme.checks_alumni_list and application.is_mentor):
        return []
    records = alumni.get((programme.pk, plain(application.user.name)), [])
    if not records:
        return [_Finding(Answer.ASK, "Not found on the alumni list: check by hand.")]
    same_year = [r for r in records if r.graduation_year == application.graduation_year]
    if any(plain(r.course) in _courses(application.courses) for r in same_year):
        return [_Finding(Answer.YES, "Found on the alumni list.")]
    listed = "; ".join(f"{r.course}, {r.graduation_year}" for r in records[:3])
    return [
        _Finding(
            Answer.ASK,
            f"On the alumni list with another course or year ({listed}): ask.",
        )
    ]


def _options(application: Application, options: _Options) -> list[_Finding]:
    """Answers that are outside the programme (BM-3, BM-10), or that aren't among its options any more."""
    findings = []
    for fact in _CHOICES:
        answer, known = getattr(application, fact), options[application.cohort.programme_id, fact]
        if known.get(answer) is False:
            findings.append(
                _Finding(Answer.NO, f"{FACTS[fact].label} “{answer}” is outside this programme for now.")
            )
        elif answer and known and answer not in known:
            findings.append(
                _Finding(Answer.ASK, f"{FACTS[fact].label} “{answer}” isn't one of the options any more.")
            )
    return findings


def _declaration(application: Application, declared: set[tuple[int, int]]) -> list[_Finding]:
    if not application.cohort.programme.declaration_wording:
        return []
    if (application.user_id, application.cohort_id) in declared:
        return []
    return [
        _Finding(
            Answer.NO,
            "A condition of this programme isn't met; who decides eligibility can say more.",
        )
    ]


def _complete(application: Application, required: list[str]) -> list[_Finding]:
    missing = [FACTS[fact].label for fact in required if is_blank(application, fact)]
    return [_Finding(Answer.ASK, f"Not answered: {', '.join(missing)}.")] if missing else []


def _room(application: Application) -> list[_Finding]:
    if application.is_mentor and application.places == 0 and not application.can_facilitate:
        return [_Finding(Answer.ASK, "Offers no place at present.")]
    return []


def is_blank(application: Application, fact: str) -> bool:
    """Whether a required fact has no answer; a no and a nought are answers."""
    if FACTS[fact].kind in {Kind.YES_NO, Kind.DECLARATION}:
        return False
    if FACTS[fact].kind is Kind.CHOICES:
        return not getattr(application, fact).all()
    return getattr(application, fact) in (None, "")


def plain(text: str) -> str:
    """A name or course for comparison: case and white space don't count."""
    return re.sub(r"\s+", " ", text).strip().casefold()


def _courses(text: str) -> set[str]:
    return {plain(part) for part in re.split(r"[;\n]", text)} | {plain(text)}


def _alumni_by_name(
    applications: Sequence[Application],
) -> dict[tuple[int, str], list[AlumniRecord]]:
    programmes = {
        a.cohort.programme_id for a in applications if a.is_mentor and a.cohort.programme.checks_alumni_list
    }
    names = {plain(a.user.name) for a in applications if a.is_mentor}
    found: dict[tuple[int, str], list[AlumniRecord]] = defaultdict(list)
    if programmes:
        for record in AlumniRecord.objects.filter(programme__in=programmes):
            if plain(record.name) in names:
                found[record.programme_id, plain(record.name)].append(record)
    return found


def _options_of(applications: Sequence[Application]) -> _Options:
    programmes: set[int] = {a.cohort.programme_id for a in applications}
    options: _Options = defaultdict(dict)
    for row in Option.objects.filter(programme__in=programmes, fact__in=_CHOICES):
        options[row.programme_id, row.fact][row.name] = row.is_eligible
    return options


def _required(applications: Sequence[Application]) -> dict[tuple[int, str], list[str]]:
    programmes = {a.cohort.programme_id for a in applications}
    required: dict[tuple[int, str], list[str]] = {(pk, role): [] for pk in programmes for role in Role.values}
    for ask in Ask.objects.filter(programme__in=programmes, is_required=True):
        required[ask.programme_id, ask.role].append(ask.fact)
    return required
