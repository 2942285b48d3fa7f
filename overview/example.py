"""The rehearsal: an alumni cohort under way and a staff cohort ready to match, from the office's own sheets.

Everything goes through the services that real people's data go through; only the moments are set back.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from random import Random

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Least
from django.utils import timezone

from accounts.models import User
from applications.models import Application, PolicyAcceptance, State
from applications.services import deciding, writing
from declarations.models import Declaration
from equality.questions import QUESTIONS
from matching.services import releasing, runs
from meetings import services as meetings
from meetings.models import ContactFrequency, Meeting
from overview.equality import answering, snapshots
from partnerships import services as partnerships
from partnerships.models import Membership, Partnership
from partnerships.services import absences
from programmes import services as programmes
from programmes.models import Cohort, Duty, Programme, Role
from training import services as trainings
from training.models import Session

PASSWORD = "mentoring-demo-2025"  # noqa: S105 - printed by `make run`, and for invented people only
_DAYS_UNDER_WAY = 70
_DAYS_BEFORE_STAFF_START = 14
_SHEETS = Path(settings.BASE_DIR) / "examples"
_OFFICE = [
    (
        "ei-admin@lse.example",
        "Edith Marlowe",
        "ei-alumni",
        [Duty.Kind.ADMINISTER, Duty.Kind.ELIGIBILITY],
    ),
    (
        "staff-admin@lse.example",
        "Stanley Adomako",
        "bame-staff",
        [Duty.Kind.ADMINISTER, Duty.Kind.ELIGIBILITY],
    ),
    ("ei-handler@lse.example", "Harriet Quill", "ei-alumni", [Duty.Kind.CONCERNS]),
    (
        "staff-handler@lse.example",
        "Samuel Teversham",
        "bame-staff",
        [Duty.Kind.CONCERNS],
    ),
]
_TRAININGS = [
    (Session.Kind.ONE_TO_ONE, "One-to-one mentoring: the first meetings", 4),
    (Session.Kind.CIRCLE, "Facilitating a mentoring circle", 12),
]


def is_loaded() -> bool:
    return User.objects.filter(email=_OFFICE[0][0]).exists()


@transaction.atomic
def load(*, at: datetime) -> None:
    """Make the accounts and both cohorts; needs `install_programmes` first."""
    for email, name, slug, kinds in _OFFICE:
        user = _person(email, name)
        for kind in kinds:
            Duty.objects.create(user=user, programme=Programme.objects.get(slug=slug), kind=kind)
    _person("root@lse.example", "Ruth Overton", is_superuser=True)
    _person("outsider@lse.example", "Oscar Stillwell")
    _alumni_cohort_under_way(at)
    _staff_cohort_ready_to_match(at)
    _answer_about_themselves(at)


def _answer_about_themselves(at: datetime) -> None:
    """Nine in ten answered the questionnaire, some of its questions not; and this month has been counted."""
    chance = Random(2025)  # noqa: S311 - invented answers
    for application in Application.objects.submitted().select_related("user", "cohort").order_by("pk"):
        answers = {
            name: chance.choice(["", *question.choices.values]) for name, question in QUESTIONS.items()
        }
        if chance.random() < 0.9:
            answering.answer(application, by=application.user, answers=answers, at=at)
    snapshots.take_due(at=at)


def _person(email: str, name: str, **fields: bool) -> User:
    user = User.objects.create_user(email, PASSWORD, name=name, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _alumni_cohort_under_way(at: datetime) -> None:
    today = timezone.localdate(at)
    cohort = _moved("ei-alumni", "2025-26", today - timedelta(days=_DAYS_UNDER_WAY), at)
    Cohort.objects.filter(pk=cohort.pk).update(
        name=f"{cohort.starts_on.year}–{cohort.ends_on:%y}",
        sign_up_closes_on=today + timedelta(days=21),
    )
    cohort.refresh_from_db()
    call_command(
        "import_alumni",
        str(_SHEETS / "ei-alumni-list.csv"),
        programme="ei-alumni",
        verbosity=0,
    )
    _import(cohort, Role.MENTOR, "ei-2025-alumni.csv", written_for=date(2025, 12, 1))
    _import(cohort, Role.MENTEE, "ei-2025-students.csv", written_for=date(2025, 12, 1))
    began = at - timedelta(days=_DAYS_UNDER_WAY)
    admin = User.objects.get(email="ei-admin@lse.example")
    pair = _the_pair(cohort, by=admin, at=began - timedelta(days=20))
    _accept_everybody(cohort, by=admin, at=began - timedelta(days=10))
    partnerships.introduce(
        cohort=cohort,
        pathway="one_to_one",
        people=[(pair[0], Membership.Part.MENTOR), (pair[1], Membership.Part.MENTEE)],
        by=admin,
        at=began,
    )
    run = runs.run(cohort=cohort, by=admin, at=began)
    releasing.release(run, by=admin, at=began, delay=timedelta(0))
    _meet(cohort, began=began, at=at)
    _plan_and_go_away(cohort, at=at)


def _plan_and_go_away(cohort: Cohort, *, at: datetime) -> None:
    """The visitor's pair has its next meeting in the diary; somebody else is away for some weeks."""
    pairs = list(Partnership.objects.filter(cohort=cohort).order_by("pk")[:3])
    day = timezone.localdate(at) + timedelta(days=5)
    meetings.plan(
        pairs[0],
        by=_people(pairs[0])[0].user,
        starts_at=datetime.combine(day, time(17), tzinfo=timezone.get_current_timezone()),
        minutes=60,
        format=Meeting.Format.VIDEO,
        place="https://meet.example/room-for-two",
        at=at - timedelta(days=1),
    )
    away = _people(pairs[2])[0]
    first = timezone.localdate(at) - timedelta(days=3)
    absences.announce(
        away, by=away.user, from_on=first, until_on=first + timedelta(days=40), at=at - timedelta(days=4)
    )


def _people(partnership: Partnership) -> list[Application]:
    """Mentor first."""
    rows = partnership.memberships.order_by("pk").select_related("application__user")
    return [row.application for row in rows]


def _trainings(cohort: Cohort, *, by: User, at: datetime) -> None:
    """One date for each thing that mentors learn; the first has fewer places than people who ask."""
    for number, (kind, title, places) in enumerate(_TRAININGS):
        day = timezone.localdate(at) + timedelta(days=6 + 2 * number)
        session = Session(
            cohort=cohort,
            kind=kind,
            title=title,
            role=Role.MENTOR,
            starts_at=datetime.combine(day, time(14), tzinfo=timezone.get_current_timezone()),
            place="Old Building, room 1.04",
            places=places,
        )
        made = trainings.set_session(session, by=by, at=at - timedelta(days=1))
        mentors = Application.objects.filter(cohort=cohort, role=Role.MENTOR, state=State.ACCEPTED)
        for mentor in mentors.select_related("user").order_by("pk")[number : places + 1]:
            trainings.book(made, by=mentor.user, at=at - timedelta(hours=20))


def _staff_cohort_ready_to_match(at: datetime) -> None:
    start = timezone.localdate(at) + timedelta(days=_DAYS_BEFORE_STAFF_START)
    cohort = _moved("bame-staff", "2021-pilot", start, at)
    _import(cohort, Role.MENTOR, "staff-2021-mentors.csv", written_for=date(2021, 2, 10))
    _import(cohort, Role.MENTEE, "staff-2021-mentees.csv", written_for=date(2021, 2, 10))
    admin = User.objects.get(email="staff-admin@lse.example")
    refused = _accept_everybody(cohort, by=admin, at=at - timedelta(days=2))
    deciding.decide(
        refused,
        to=State.DECLINED,
        by=admin,
        at=at - timedelta(days=1),
        reason="For now the scheme is open to Professional Services staff. We would be glad to hear from you"
        " when it widens.",
    )
    accepted = Application.objects.filter(cohort=cohort, state=State.ACCEPTED).select_related(
        "user", "cohort__policy"
    )
    for application in accepted.order_by("pk")[3:]:
        writing.accept_policy(application, by=application.user, at=at - timedelta(days=1))
    _trainings(cohort, by=admin, at=at)


def _moved(slug: str, cohort_slug: str, start: date, at: datetime) -> Cohort:
    cohort = Cohort.objects.select_related("programme").get(programme__slug=slug, slug=cohort_slug)
    return programmes.move_cohort(cohort, start=start, by=None, at=at)


def _import(cohort: Cohort, role: str, sheet: str, *, written_for: date) -> None:
    """Import a sheet that was written for a cohort of another day, and move its moments along with the cohort."""
    call_command(
        "import_people",
        cohort.programme.slug,
        cohort.slug,
        role,
        str(_SHEETS / sheet),
        verbosity=0,
    )
    later = cohort.starts_on - written_for
    people = Application.objects.filter(cohort=cohort, role=role)
    PolicyAcceptance.objects.filter(application__in=people).update(accepted_at=F("accepted_at") + later)
    people.update(submitted_at=F("submitted_at") + later, started_at=F("started_at") + later)
    made = Declaration.objects.filter(cohort=cohort, user__in=people.values("user"))
    made.update(made_at=Least(F("made_at") + later, Value(timezone.now())))
    people.exclude(has_mentor_until=None).update(has_mentor_until=F("has_mentor_until") + later)


def _accept_everybody(cohort: Cohort, *, by: User, at: datetime) -> list[Application]:
    waiting = Application.objects.filter(cohort=cohort, state=State.SUBMITTED)
    return [
        application for application, _ in deciding.decide(waiting, to=State.ACCEPTED, by=by, at=at).refused
    ]


def _the_pair(cohort: Cohort, *, by: User, at: datetime) -> tuple[Application, Application]:
    """The two accounts that a visitor signs in with: an alumna and her student."""
    mentor = _applied(
        _person("mentor@alumni.example", "Mireille Sandoval"),
        cohort,
        Role.MENTOR,
        at,
        courses="MSc Political Economy of Europe",
        graduation_year=2014,
        country="Belgium",
        job_role="Policy adviser",
        places=1,
        bio="From a traineeship in Brussels to trade policy, by way of two wrong turns that I am glad to talk about.",
        linkedin="https://www.linkedin.com/in/mireille-sandoval-example",
        sectors=["EU institutions", "Government and public policy"],
        support_areas=["Exploring career options", "CV and applications"],
    )
    mentee = _applied(
        _person("mentee@lse.example", "Tobias Arkwright"),
        cohort,
        Role.MENTEE,
        at,
        study_programme="MSc Political Economy of Europe",
        work_place="Belgium",
        bio="I came from local journalism and would like to work where policy is made.",
        sectors=["EU institutions", "Media and communications"],
        support_areas=["Exploring career options", "Working abroad"],
    )
    deciding.decide([mentor, mentee], to=State.ACCEPTED, by=by, at=at + timedelta(days=5))
    return mentor, mentee


def _applied(user: User, cohort: Cohort, role: str, at: datetime, **answers: object) -> Application:
    options = {(o.fact, o.name): o for o in cohort.programme.options.all()}
    chosen = {
        fact: [options[fact, name] for name in value] if isinstance(value, list) else value
        for fact, value in answers.items()
    }
    application = writing.start(by=user, cohort=cohort, role=role, at=at)
    writing.save_answers(application, by=user, answers=chosen, at=at)
    return writing.submit(application, by=user, at=at, accepts_policy=True)


def _meet(cohort: Cohort, *, began: datetime, at: datetime) -> None:
    """Pairs at different stages: some have met twice, some once, some not at all."""
    stages = cycle([(12, 45), (18,), (9, 38), (), (25,)])
    pairs = (
        Partnership.objects.filter(cohort=cohort)
        .order_by("pk")
        .prefetch_related("memberships__application__user")
    )
    for partnership, days in zip(pairs, stages, strict=False):
        members = list(partnership.memberships.all())
        for number, day in enumerate(days):
            moment = began + timedelta(days=day)
            meetings.log_meeting(
                partnership,
                by=members[0].application.user,
                held_on=timezone.localdate(moment),
                minutes=60 if number == 0 else 45,
                format=Meeting.Format.VIDEO if partnership.pk % 3 else Meeting.Format.IN_PERSON,
                is_official=True,
                attendees=members,
                frequency=ContactFrequency.Frequency.FORTNIGHTLY if number == 0 else None,
                at=min(moment + timedelta(hours=2), at),
            )
