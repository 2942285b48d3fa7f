"""What changes in a programme by a rule: dates that move together, texts, questions, duties, how it is matched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from programmes import permissions
from programmes.facts import Direction
from programmes.models import Cohort, Duty, KeyDate, Pathway, PolicyVersion, Programme, Question, Weight

_RULES = {
    field.name: field.verbose_name
    for field in Pathway._meta.concrete_fields
    if field.name.startswith("forbids_")
}
MOST_QUESTIONS_AN_HOUR = 30  # to one programme from its open page: more than people ask, less than a flood


@transaction.atomic
def move_cohort(cohort: Cohort, *, start: date, by: User | None, at: datetime) -> Cohort:
    """Let a cohort begin on another day: its sign-up, end and key dates move by as many days, and nothing else."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    shift = start - cohort.starts_on
    if not shift:
        return cohort
    for name in ("sign_up_opens_on", "sign_up_closes_on", "starts_on", "ends_on"):
        setattr(cohort, name, _moved(getattr(cohort, name), shift))
    cohort.save(update_fields=["sign_up_opens_on", "sign_up_closes_on", "starts_on", "ends_on"])
    key_dates = list(cohort.key_dates.all())
    for key_date in key_dates:
        key_date.opens_on = _moved(key_date.opens_on, shift)
        key_date.closes_on = _moved(key_date.closes_on, shift)
    KeyDate.objects.bulk_update(key_dates, ["opens_on", "closes_on"])
    _note(cohort, f"All dates moved by {shift.days} days.", by=by, at=at)
    return cohort


def _moved(day: date, shift: timedelta) -> date:
    try:
        return day + shift
    except OverflowError as error:
        raise NotPossible("This would move a date out of the calendar.") from error


@transaction.atomic
def publish(policy_version: PolicyVersion, *, by: User | None, at: datetime) -> PolicyVersion:
    """Publish a text for good (EI-1a). A policy must say first what each side sees of the other (EI-4, EI-5)."""
    version = PolicyVersion.objects.select_for_update().get(pk=policy_version.pk)
    if version.published_on is not None:
        raise NotPossible("This version is published already; a new wording is a new version.")
    if missing := _directions_without_facts(version):
        raise NotPossible(f"Say first what is shown: nothing is listed yet under “{missing[0]}”.")
    version.published_on = timezone.localdate(at)
    version.save(update_fields=["published_on"])
    _note(version, "Published.", by=by, at=at)
    return version


def _directions_without_facts(version: PolicyVersion) -> list[str]:
    """Directions that the programme's pathways need and that list no fact; guidance discloses nothing."""
    if version.kind != PolicyVersion.Kind.POLICY:
        return []
    kinds = {pathway.kind for pathway in version.programme.pathways.all()}
    needed = (
        [Direction.OF_MENTOR, Direction.OF_MENTEE] if Pathway.Kind.ONE_TO_ONE in kinds or not kinds else []
    )
    needed += [Direction.IN_CIRCLE] if Pathway.Kind.CIRCLE in kinds else []
    return [direction.label for direction in needed if not version.facts(direction)]


@transaction.atomic
def ask_question(programme: Programme, *, text: str, email: str = "", at: datetime) -> Question:
    """Keep a visitor's question and tell the team (BM-13). The same question sent twice is one question."""
    text = " ".join(text.split())
    if not text:
        raise NotPossible("Please write your question.")
    waiting = Question.objects.waiting().filter(programme=programme)
    if known := waiting.filter(text=text, asker_email=email).first():
        return known
    if waiting.filter(asked_at__gt=at - timedelta(hours=1)).count() >= MOST_QUESTIONS_AN_HOUR:
        raise NotPossible(f"Many questions have come in just now. Please write to {programme.contact_email}.")
    question, is_new = Question.objects.get_or_create(
        programme=programme, text=text, asker_email=email, answered_at=None, defaults={"asked_at": at}
    )
    if is_new:
        _tell_the_team(question, at=at)
    return question


def _tell_the_team(question: Question, *, at: datetime) -> None:
    page = reverse("admin:programmes_question_change", args=[question.pk])
    outbox.post(
        "programmes/email/question",
        to=question.programme.contact_email,
        key=f"question/{question.pk}/asked",
        context={"question": question, "url": settings.SITE_URL + page},
        programme=question.programme.slug,
        at=at,
    )


@transaction.atomic
def answer_question(
    question: Question, *, answer: str, publish: bool, by: User | None, at: datetime
) -> Question:
    """Answer a question, or better its answer; who left an address hears of the first answer, once (BM-13)."""
    question = Question.objects.select_for_update().select_related("programme").get(pk=question.pk)
    if not answer.strip():
        raise NotPossible("Please write an answer.")
    question.answer = answer.strip()
    question.is_published = publish
    question.answered_at = question.answered_at or at
    question.save(update_fields=["answer", "is_published", "answered_at"])
    if question.asker_email:
        outbox.post(
            "programmes/email/answer",
            to=question.asker_email,
            key=f"question/{question.pk}/answered",
            context={"question": question, "programme": question.programme},
            programme=question.programme.slug,
            at=at,
        )
    return question


@transaction.atomic
def publish_answer(programme: Programme, *, question: str, answer: str, at: datetime) -> Question:
    """Put a question and its answer on the programme's page; who asked is known to nobody here (BM-13).

    The caller has made sure that whoever writes it works for the programme.
    """
    question, answer = " ".join(question.split()), answer.strip()
    if not (question and answer):
        raise NotPossible("Write both the question and its answer.")
    return Question.objects.create(
        programme=programme, text=question, answer=answer, is_published=True, asked_at=at, answered_at=at
    )


@transaction.atomic
def give_duty(*, user: User, programme: Programme, kind: str, by: User, at: datetime) -> Duty:
    """Give somebody a duty. The other handlers of concerns and the team are told of each new handler (ALL-1).

    The team as well, so that nobody becomes a handler unseen by taking the duty from all others first. It also hears of
    whoever gives a duty to themselves, since rank alone opens nobody's application.
    """
    if not by.is_superuser:
        raise NotPossible("Duties are given by a superuser.")
    duty, is_new = Duty.objects.get_or_create(user=user, programme=programme, kind=kind)
    if is_new and kind == Duty.Kind.CONCERNS:
        _tell_of_a_handler(duty, by=by, at=at)
    elif is_new and user == by:
        team = {programme.contact_email: programme.team_name}
        _post_about_a_duty("own_duty", duty, team, by=by, at=at)
    return duty


def _tell_of_a_handler(duty: Duty, *, by: User, at: datetime) -> None:
    told = _who_hears_of_handlers(duty)
    told.pop(duty.user.email, None)
    _post_about_a_duty("new_handler", duty, told, by=by, at=at)


@transaction.atomic
def take_duty(duty: Duty, *, by: User | None, at: datetime) -> None:
    """Take a duty away; it is gone with the person's next request. Twice is once.

    Of a handler's the person themselves, the other handlers and the team are told, as of a new one: else somebody
    could empty the circle of those who read concerns unseen (ALL-1). `by` is nobody where the person leaves; the
    others then hear that somebody has left.
    """
    if by is not None and not by.is_superuser:
        raise NotPossible("Duties are taken away by a superuser.")
    told = _who_hears_of_handlers(duty) | {duty.user.email: duty.user.name}
    if by is None:
        del told[duty.user.email]
    taken, _ = Duty.objects.filter(pk=duty.pk).delete()
    if taken and duty.kind == Duty.Kind.CONCERNS:
        _post_about_a_duty("handler_left", duty, told, by=by, at=at)


def _who_hears_of_handlers(duty: Duty) -> dict[str, str]:
    """Addresses and names: everybody who handles the programme's concerns, and the team."""
    programme = duty.programme
    handlers = User.objects.filter(duties__programme=programme, duties__kind=Duty.Kind.CONCERNS)
    return {programme.contact_email: programme.team_name} | {each.email: each.name for each in handlers}


def _post_about_a_duty(
    name: str, duty: Duty, told: Mapping[str, str], *, by: User | None, at: datetime
) -> None:
    for address, reader in told.items():
        outbox.post(
            f"programmes/email/{name}",
            to=address,
            key=f"duty/{duty.pk}/{name.replace('_', '-')}/{address}"[:200],
            context={
                "name": reader,
                "handler": duty.user,
                "duty": duty.get_kind_display(),
                "is_reader": address == duty.user.email,
                "by": by,
                "programme": duty.programme,
            },
            programme=duty.programme.slug,
            at=at,
        )


def _note(row: models.Model, text: str, *, by: User | None, at: datetime) -> None:
    """A line in the row's history in the admin, if a person did it."""
    if by is not None:
        LogEntry.objects.create(
            user=by,
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=str(row)[:200],
            action_flag=CHANGE,
            change_message=text,
            action_time=at,
        )


@transaction.atomic
def set_criteria(
    pathway: Pathway,
    *,
    by: User | None,
    at: datetime,
    rules: Mapping[str, bool],
    objective: str,
    weights: Mapping[str, int],
) -> Pathway:
    """Set who is kept apart, what decides and how much each part of the fit counts (EI-M).

    A rule that isn't named stays as it is; a part that isn't named doesn't count any more. A weight's row is set to
    nought and never removed, so that it stays what the office made of it when the catalogue is installed again.
    """
    if by is not None and not permissions.can_administer(by, pathway.programme):
        raise NotPossible("You don't administer this programme.")
    refuse_senseless_criteria(rules, objective, weights)
    pathway = Pathway.objects.select_for_update(no_key=True).get(pk=pathway.pk)
    changes = [*_set_rules(pathway, rules, objective), *_set_weights(pathway, weights)]
    if changes:
        _note(pathway.programme, f"Matching of “{pathway}”: {'; '.join(changes)}.", by=by, at=at)
    return pathway


def refuse_senseless_criteria(rules: Mapping[str, bool], objective: str, weights: Mapping[str, int]) -> None:
    """NotPossible for what the matching doesn't know, and where nothing at all would count."""
    unknown = [
        *sorted(set(rules) - set(_RULES)),
        *sorted({objective} - set(Pathway.Objective.values)),
        *sorted(set(weights) - set(Weight.Part.values)),
        *sorted(f"{part} {value}" for part, value in weights.items() if value not in Weight.Strength.values),
    ]
    if unknown:
        raise NotPossible(f"The matching knows no “{unknown[0]}”.")
    if not any(weights.values()):
        raise NotPossible(
            "At least one part must count: without any, every match would be as good as another."
        )


def _set_rules(pathway: Pathway, rules: Mapping[str, bool], objective: str) -> list[str]:
    """Set switches and objective; what changed, in words."""
    changed = {name: is_on for name, is_on in rules.items() if getattr(pathway, name) != is_on}
    said = [f"{_RULES[name]} {'on' if is_on else 'off'}" for name, is_on in changed.items()]
    for name, is_on in changed.items():
        setattr(pathway, name, is_on)
    if pathway.objective != objective:
        said.append(f"what decides: {Pathway.Objective(objective).label.lower()}")
    pathway.objective = objective
    pathway.save(update_fields=[*changed, "objective"])
    return said


def _set_weights(pathway: Pathway, weights: Mapping[str, int]) -> list[str]:
    """Set the strength of every part; what changed, in words."""
    rows = {row.part: row for row in pathway.weights.all()}
    changed = []
    for part in Weight.Part:
        if part not in rows and part not in weights:
            continue
        row = rows.get(part) or Weight(pathway=pathway, part=part, strength=Weight.Strength.NONE)
        before, row.strength = row.strength, weights.get(part, Weight.Strength.NONE)
        if row.pk is None or row.strength != before:
            row.save()
        if row.strength != before:
            changed.append(f"“{part.label}” counts {Weight.Strength(row.strength).label}")
    return changed
