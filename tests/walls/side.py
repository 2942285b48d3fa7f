"""One programme with everything that there is: the two sides of the wall are built alike."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from accounts.tests.factories import UserFactory
from applications.models import AlumniRecord, Application, ContinuationInterest, Interest
from applications.tests.factories import (
    AbsenceFactory,
    ApplicationFactory,
    MentorFactory,
    PolicyAcceptanceFactory,
)
from concerns import services as cases
from concerns.tests.factories import file_case, file_without_name
from declarations.models import Declaration
from equality import services as equality
from matching.models import Decision, MatchRun, Offer, Suggestion
from matching.services import runs
from matching.tests.factories import DecisionFactory, ExclusionFactory, OfferFactory, RunFactory, suggested
from meetings.tests.factories import ContactFrequencyFactory, PlannedFactory, noted
from overview.models import DataRequest, Erasure, Figure, RetentionPeriod, RetentionRun
from overview.services import periods
from overview.tests.factories import DisclosureFactory, KeptMessageFactory, SnapshotFactory, TableFactory
from partnerships.models import AgreementAcceptance, Flag, Membership
from partnerships.tests.factories import FlagFactory, circle, pair
from programmes.facts import ASKABLE
from programmes.models import (
    Aim,
    Ask,
    Commitment,
    Duty,
    PolicyVersion,
    Question,
    Resource,
    SchoolPage,
    SheetColumn,
    Wording,
)
from programmes.tests.factories import (
    CohortFactory,
    DisclosedFactFactory,
    DutyFactory,
    KeyDateFactory,
    OptionFactory,
    PathwayFactory,
    PolicyVersionFactory,
    ProgrammeFactory,
    WeightFactory,
)
from tests.walls.canaries import Herd
from training.tests.factories import BookingFactory, SessionFactory

NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
BEFORE = datetime(2025, 12, 1, 9, tzinfo=UTC)
# What the policy of both sides shows; everything else of an application is kept from partners.
SHOWN = {
    "of_mentor": ["name", "email", "courses", "job_role", "bio", "linkedin"],
    "of_mentee": ["name", "school_email", "study_programme", "bio"],
    "in_circle": ["name", "division"],
}

_KEPT = ("mail", "training")  # of the house: the two sides can't have the same
# Everything that can be asked, but for what would make a form ask further.
ASKED = [fact for fact, _ in ASKABLE if fact not in {"declaration", "has_mentor_until"}]


@dataclass
class Side:
    """A programme, its people by their part in it, and its rows by the name that the table gives them."""

    herd: Herd
    slug: str
    is_public: bool
    people: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)
    code: str = ""  # opens the concern without a name, where one may be raised

    def person(self, part: str):
        """Somebody whose name and address are words of this side's herd."""
        name, address = self.herd.word("user.name", part), self.herd.word("user.email", part)
        self.people[part] = UserFactory(name=name.title(), email=f"{address}@lse.example")
        return self.people[part]

    def keep(self, **rows):
        self.rows |= rows

    @property
    def parts(self) -> dict[int, str]:
        """Whose each application is."""
        people = {user.pk: part for part, user in self.people.items()}
        rows = Application.objects.filter(user__in=people)
        return {pk: people[user] for pk, user in rows.values_list("pk", "user")}


def build(herd: Herd, *, slug: str, is_public: bool) -> Side:
    """A programme in the middle of its cohort. Canaries are planted last, so that no service trips over them."""
    side = Side(herd, slug, is_public)
    _programme(side)
    _duties(side)
    _applicants(side)
    _partnerships(side)
    _meetings(side)
    _training(side)
    _office(side)
    _requests(side)
    _matching(side)
    _cases(side)
    _equality(side)
    herd.plant(side.rows["programme"])
    for row in side.rows.values():
        row.refresh_from_db()
    return side


def _cases(side):
    """Of the mentee: one that is new and lets a pair rest, and one that was answered. And one without a name."""
    mentor, mentee = _apply(side, "resting mentor", role="mentor"), _apply(side, "resting mentee")
    side.keep(resting=pair(mentor=mentor, mentee=mentee))
    side.keep(case=file_of_the_mentee(side), **{"answered case": file_of_the_mentee(side)})
    by = side.people["handler"]
    cases.pause(side.rows["case"], by=by, partnership=side.rows["resting"], at=NOW)
    cases.answer(side.rows["answered case"], by=by, text="Thank you.", at=NOW)
    if side.is_public:
        receipt = file_without_name(side.rows["programme"])
        side.code = receipt.code
        side.keep(**{"anonymous case": receipt.case})


def _equality(side):
    """Who applies has answered; a month has figures, though of nobody in particular."""
    for name in ("accepted", "mentee"):
        own = side.rows[name]
        equality.give(cohort=own.cohort, account=own.user_id, answers={"age": "35_44"}, at=NOW)
    table = TableFactory(snapshot=SnapshotFactory(cohort=side.rows["cohort"]))
    Figure.objects.create(table=table, question="age", choice="35_44", number=10)
    side.keep(snapshot=table.snapshot)


def file_of_the_mentee(side, *, tells="", named=""):
    """A concern of the mentee's about their partner: the one place that knows how one is filed."""
    word = side.herd.word("case.text", len(side.herd.stands_for))
    text = word + tells
    facts = {"by": side.people["mentee"], "text": text, "contact": word, "named": named}
    return file_case(side.rows["programme"], **facts)


def _programme(side):
    programme = ProgrammeFactory(
        slug=side.slug, is_public=side.is_public, declaration_wording="I belong.", conduct_policy="Conduct"
    )
    policy = _policy(programme, label="p1")
    dates = {"sign_up_closes_on": date(2026, 2, 28), "policy": policy}
    cohort = CohortFactory(programme=programme, **dates)
    past = CohortFactory(
        programme=programme,
        slug="2024-25",
        policy=policy,
        sign_up_opens_on=date(2024, 10, 1),
        sign_up_closes_on=date(2024, 11, 1),
        starts_on=date(2024, 12, 1),
        ends_on=date(2025, 11, 30),
    )
    for kind in ("one_to_one", "circle"):
        pathway = PathwayFactory(
            programme=programme, kind=kind, label=kind, largest=6, agreement="We listen."
        )
        WeightFactory(pathway=pathway)
    KeyDateFactory(cohort=cohort)
    sector = OptionFactory(programme=programme)
    OptionFactory(programme=programme, fact="division")
    OptionFactory(programme=programme, fact="staff_group", is_eligible=False)
    for role in ("mentor", "mentee"):
        Commitment.objects.create(programme=programme, role=role, text="I come.")
        SheetColumn.objects.create(programme=programme, role=role, meaning="name", column="Name")
        for fact in ASKED:
            Ask.objects.create(
                programme=programme, role=role, fact=fact, section="You", label=fact, is_required=False
            )
    Aim.objects.create(programme=programme, text="To meet.")
    Resource.objects.create(programme=programme, title="How", text="So.", url="https://school.example/how")
    side.keep(
        programme=programme,
        policy=policy,
        cohort=cohort,
        past_cohort=past,
        draft_policy=_policy(programme, label="p2", published_on=None),
        question=Question.objects.create(
            programme=programme, text="Who?", asker_email="a@b.example", asked_at=BEFORE
        ),
        answered=Question.objects.create(
            programme=programme,
            text="When?",
            answer="Now.",
            asked_at=BEFORE,
            answered_at=NOW,
            is_published=True,
        ),
        wording=Wording.objects.create(programme=programme, kind="reminder", text="Please meet."),
        interest=Interest.objects.create(
            programme=programme, address="a@b.example", asked_at=BEFORE, wording="Yes"
        ),
        alumni=AlumniRecord.objects.create(programme=programme, name="A", course="B", graduation_year=2015),
    )
    # Published long ago, so that accepting the policy accepted it too.
    guidance = PolicyVersionFactory(programme=programme, kind=PolicyVersion.Kind.GUIDANCE, label="g1")
    earlier = _policy(programme, label="p0", published_on=date(2025, 1, 1))
    notice = PolicyVersionFactory(programme=programme, kind=PolicyVersion.Kind.NOTICE, label="n1")
    page = SchoolPage.objects.create(
        programme=programme, which="privacy", url=programme.privacy_url, asked_on=NOW.date(), failure="No."
    )
    side.keep(school_page=page)
    side.keep(guidance=guidance, sector=sector, earlier_policy=earlier, notice=notice)


def _policy(programme, **facts):
    policy = PolicyVersionFactory(programme=programme, **facts)
    for direction, shown in SHOWN.items():
        for fact in shown:
            DisclosedFactFactory(policy_version=policy, direction=direction, fact=fact)
    return policy


def _duties(side):
    kinds = {
        "administrator": Duty.Kind.ADMINISTER,
        "eligibility": Duty.Kind.ELIGIBILITY,
        "handler": Duty.Kind.CONCERNS,
    }
    for part, kind in kinds.items():
        duty = DutyFactory(user=side.person(part), programme=side.rows["programme"], kind=kind)
        side.keep(**{f"duty of {part}": duty})
    for kind in kinds.values():
        user = side.people.get("former") or side.person("former")
        DutyFactory(user=user, programme=side.rows["programme"], kind=kind).delete()
    side.keep(duty=side.rows.pop("duty of eligibility"))


def _apply(side, part, **facts):
    """An application of somebody new, or another one of somebody known."""
    user = side.people.get(part) or side.person(part)
    factory = MentorFactory if facts.get("role") == "mentor" else ApplicationFactory
    made = factory(user=user, cohort=facts.pop("cohort", side.rows["cohort"]), **facts)
    if made.state == "accepted":
        PolicyAcceptanceFactory(application=made)
        Declaration.objects.create(user=user, cohort=made.cohort, wording="Yes", made_at=BEFORE)
    return made


def _applicants(side):
    """The applicant has a draft as mentor and is accepted as mentee, waiting; the other states are other people's."""
    side.keep(
        draft=_apply(side, "applicant", role="mentor", draft=True),
        accepted=_apply(side, "applicant", has_mentor_until=date(2026, 3, 1)),
        submitted=_apply(side, "newcomer", waiting=True),
    )
    asked = {"asked_at": BEFORE, "ready_at": NOW + timedelta(days=2), "due_at": NOW + timedelta(days=30)}
    side.keep(erasure=Erasure.objects.create(person=side.people["newcomer"], **asked))
    for state in ("queried", "waitlisted", "declined", "withdrawn"):
        side.keep(**{state: _apply(side, state, state=state)})


def _partnerships(side):
    past = side.rows["past_cohort"]
    mentee, mentor = _apply(side, "mentee"), _apply(side, "mentor", role="mentor")
    led = _apply(side, "facilitator", role="mentor", can_facilitate=True, places=0)
    made = circle(facilitator=led, members=0)
    for part in ("member", "other member"):
        made.memberships.create(application=_apply(side, part), part=Membership.Part.MENTEE, joined_on=BEFORE)
    ended = pair(
        mentor=_apply(side, "past mentor", role="mentor", cohort=past),
        mentee=_apply(side, "past mentee", cohort=past),
    )
    own = pair(mentor=_apply(side, "office mentor", role="mentor"), mentee=_apply(side, "office mentee"))
    DutyFactory(user=side.people["office mentor"], programme=side.rows["programme"])
    side.keep(
        mentee=mentee,
        mentor=mentor,
        member=made.memberships.get(application__user=side.people["member"]).application,
        pair=pair(mentor=mentor, mentee=mentee),
        circle=made,
        ended=ended,
        office_pair=own,
        other_circle=_another_circle(side),
    )
    _end(ended)
    for membership in made.memberships.order_by("pk"):
        AgreementAcceptance.objects.create(membership=membership, round=1, accepted_at=BEFORE)
    side.keep(
        absence=AbsenceFactory(application=mentee),
        flag=FlagFactory(partnership=side.rows["pair"]),
        asked=FlagFactory(
            partnership=made,
            kind=Flag.Kind.LEAVING,
            membership=made.memberships.get(application__user=side.people["member"]),
            reason=Flag.Reason.TIME,
            line="No time.",
            wants_new_partner=False,
        ),
        own_flag=FlagFactory(partnership=own),
        disclosure=DisclosureFactory(partnership=side.rows["pair"], of=mentee, to=mentor.user),
    )
    ContinuationInterest.objects.create(
        application=ended.memberships.first().application, wishes_to_continue=True, answered_at=NOW
    )


def _another_circle(side):
    """A smaller one, with room for everybody of the first."""
    led = _apply(side, "other facilitator", role="mentor", can_facilitate=True, places=0)
    return circle(facilitator=led, members=0, name="Other")


def _end(partnership):
    """Over since November: longer ago than cards stay open."""
    over = datetime(2025, 11, 30, 9, tzinfo=UTC)
    partnership.memberships.update(left_on=over.date(), stayed_to_the_end=True)
    partnership.state, partnership.ended_at, partnership.end_reason = "ended", over, "programme"
    partnership.introduced_at = datetime(2025, 1, 1, 9, tzinfo=UTC)
    partnership.save()


def _meetings(side):
    partnership = side.rows["pair"]
    ContactFrequencyFactory(partnership=partnership)
    side.keep(
        held=noted(partnership),
        planned=PlannedFactory(partnership=partnership),
        past_plan=PlannedFactory(partnership=partnership, starts_at=datetime(2026, 1, 13, 17, tzinfo=UTC)),
        circle_held=noted(side.rows["circle"]),
        circle_planned=PlannedFactory(partnership=side.rows["circle"]),
    )


def _training(side):
    cohort, mentee = side.rows["cohort"], side.rows["mentee"]
    side.keep(
        session=SessionFactory(cohort=cohort),
        past_session=SessionFactory(cohort=cohort, starts_at=datetime(2026, 1, 6, 14, tzinfo=UTC)),
        mentors_session=SessionFactory(cohort=cohort, role="mentor"),
    )
    BookingFactory(session=side.rows["session"], application=mentee)
    BookingFactory(session=side.rows["past_session"], application=mentee, has_attended=True)


def _requests(side):
    """Of the mentee, and of somebody without an account: neither belongs to a programme."""
    word, facts = side.herd.word, {"kind": "access", "received_on": NOW.date(), "due_on": date(2026, 4, 14)}
    side.keep(
        request=DataRequest.objects.create(
            person=side.people["mentee"],
            channel="site",
            text=word("datarequest.text", 1),
            state="extended",
            extended_on=NOW.date(),
            extension_reason=word("datarequest.extension_reason", 1),
            **facts,
        ),
        outsiders_request=DataRequest.objects.create(
            name=word("datarequest.name", 2),
            address=word("datarequest.address", 2),
            channel="letter",
            **facts,
        ),
    )


def _office(side):
    periods.install()
    side.keep(
        message=KeptMessageFactory(
            key=f"kept/{side.slug}",
            programme=side.slug,
            to=side.people["mentee"].email,
            state="failed",
            error="SMTP 550",
        ),
        period=RetentionPeriod.objects.get(category=_KEPT[side.slug == "ours"]),
        purge=RetentionRun.objects.create(
            planned_at=BEFORE,
            reported_at=BEFORE,
            begins_at=NOW,
            months={},
            planned={},
            is_done=True,
            done_at=NOW,
        ),
        letter=KeptMessageFactory(programme=side.slug, to=side.people["mentee"].email, html="<head></head>"),
    )


def _matching(side):
    """A run as the engine makes it, and one made by hand for each state that a page asks for."""
    cohort, by = side.rows["cohort"], side.people["administrator"]
    free = [_apply(side, "free mentor", role="mentor"), _apply(side, "free mentee")]
    run = runs.run(cohort=cohort, by=by, at=NOW)
    trial = runs.run(cohort=cohort, by=by, at=NOW)
    MatchRun.objects.filter(pk=trial.pk).update(is_trial=True)
    late_mentor, late_mentee = _apply(side, "late mentor", role="mentor"), _apply(side, "late mentee")
    offered = suggested(run, free[0], side.rows["accepted"], state=Suggestion.State.OFFERED)
    side.keep(
        free_mentor=free[0],
        free_mentee=free[1],
        late_mentor=late_mentor,
        late_mentee=late_mentee,
        run=run,
        trial=trial,
        waiting_run=RunFactory(
            cohort=cohort, state="waiting", finished_at=None, input_hash="", started_by=by
        ),
        suggestion=run.suggestions.exclude(pk=offered.pk).order_by("pk")[0],
        leaving=suggested(run, free[0], free[1], state=Suggestion.State.LEAVING, leaves_at=NOW),
        own_suggestion=suggested(run, side.people["office mentor"].applications.get(), free[1]),
        exclusion=run.exclusions.first() or ExclusionFactory(run=run, application=free[1]),
        decision=DecisionFactory(
            cohort=cohort, mentee=free[1], mentor=free[0], kind=Decision.Kind.APART, by=by
        ),
        offer=OfferFactory(suggestion=offered, application=side.rows["accepted"], state=Offer.State.OPEN),
    )
