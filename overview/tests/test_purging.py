"""What goes when its period is over, by a clock that is moved day by day (BM-2, trust.md 6)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from accounts.models import User
from accounts.tests.factories import UserFactory
from applications.models import AlumniRecord, Application, PolicyAcceptance
from applications.tests.factories import AbsenceFactory, ApplicationFactory, MentorFactory
from concerns import services as cases
from concerns.models import Case
from concerns.tests.factories import file_case, handler
from declarations.models import Declaration
from matching.models import Decision, MatchRun, Suggestion
from matching.tests.factories import DecisionFactory, RunFactory, SuggestionFactory
from meetings.models import Meeting, Nudge, NudgeLine
from meetings.tests.factories import ContactFrequencyFactory, noted
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from overview.models import DataRequest, RetentionPeriod, RetentionRun
from overview.personal.categories import CATEGORIES
from overview.purging.rules import RULES
from overview.services import periods, purging
from overview.tests.factories import DisclosureFactory, KeptMessageFactory
from partnerships.models import Disclosure, Membership, Partnership
from partnerships.tests.factories import pair
from programmes.models import Question
from programmes.tests.factories import CohortFactory, DutyFactory, ProgrammeFactory
from tests.at_once import at_once
from training.models import Booking
from training.tests.factories import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db
ENDED = date(2026, 4, 30)  # the cohort's last day


@pytest.fixture(autouse=True)
def superuser():
    return UserFactory(is_superuser=True)


def keep(**months):
    """Periods as an administrator sets them; all others so long that nothing of them falls due here."""
    periods.install()
    RetentionPeriod.objects.update(months=120)
    for key, number in months.items():
        RetentionPeriod.objects.filter(category=key.replace("_", "-")).update(months=number)


def at(day, hour=9):
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def due(key, on):
    """How many rows of a rule would go if a purge began on that day."""
    found = {each.rule.key: each.rows for each in purging.plan(at=at(on) - purging.NOTICE)}
    return found[key]


def purge(on):
    """A week's notice, then the purge on that day; what went, by rule."""
    run = purging.announce(at=at(on) - purging.NOTICE)
    if run is None:
        return {}
    purging.carry_out(run, at=at(on))
    run.refresh_from_db()
    return run.purged


def over(partnership):
    """A pair whose cohort is over, as the sweep leaves it."""
    partnership.memberships.update(left_on=ENDED, stayed_to_the_end=True)
    partnership.state, partnership.end_reason, partnership.ended_at = "ended", "programme", at(ENDED)
    partnership.save()
    return partnership


# The table of periods


def test_every_category_has_a_rule():
    ruled = {rule.category.key for rule in RULES}

    assert ruled == {category.key for category in CATEGORIES}
    assert len({rule.key for rule in RULES}) == len(RULES)


def test_periods_are_installed_once_and_what_somebody_set_stays():
    assert periods.install() == len(CATEGORIES)
    RetentionPeriod.objects.filter(category="mail").update(months=3)

    assert (periods.install(), periods.months_of()["mail"]) == (0, 3)


def test_without_a_row_the_categorys_own_period_holds():
    assert periods.months_of() == {category.key: category.months for category in CATEGORIES}


# Boundary days: (months, the day on which it falls due)

BOUNDARIES = [
    (1, date(2026, 5, 30)),
    (2, date(2026, 6, 30)),
    (10, date(2027, 2, 28)),
    (24, date(2028, 4, 30)),
]


@pytest.mark.clause("BM-2")
@pytest.mark.parametrize(("months", "day"), BOUNDARIES)
def test_a_declaration_goes_on_the_day_its_period_is_over_and_not_before(months, day):
    keep(declarations=months)
    application = ApplicationFactory(cohort=CohortFactory(ends_on=ENDED))
    Declaration.objects.create(
        user=application.user, cohort=application.cohort, wording="Yes", made_at=at(date(2025, 11, 1))
    )

    found = [due("declarations", day + timedelta(days=days)) for days in (-1, 0, 1)]

    assert found == [0, 1, 1]
    assert purge(day - timedelta(days=1)) == {}
    assert purge(day) == {"declarations": 1}
    assert Declaration.objects.count() == 0


@pytest.mark.clause("BM-2")
def test_a_declaration_that_was_taken_back_outlives_its_cohort_by_no_more_than_its_period():
    """As long as the cohort runs it stays: an old sheet, read once more, would bring the yes back."""
    keep(declarations=1)
    application = ApplicationFactory(cohort=CohortFactory(ends_on=ENDED))
    Declaration.objects.create(
        user=application.user,
        cohort=application.cohort,
        wording="Yes",
        made_at=at(date(2025, 11, 1)),
        withdrawn_at=at(date(2025, 12, 1)),
    )

    assert [due("declarations", day) for day in (ENDED, ENDED + timedelta(days=1))] == [0, 1]


@pytest.mark.parametrize(("months", "day"), BOUNDARIES)
def test_answers_of_an_application_are_forgotten_on_their_day_and_its_row_stays_for_what_leans_on_it(
    months, day
):
    keep(applications=months)
    partnership = over(pair(cohort=CohortFactory(ends_on=ENDED)))
    mentor = partnership.memberships.first().application
    Application.objects.filter(pk=mentor.pk).update(bio="I knit.", line_manager_email="boss@lse.example")
    AbsenceFactory(application=mentor)

    assert [due("applications", day + timedelta(days=days)) for days in (-1, 0, 1)] == [0, 1, 1]
    assert purge(day)["applications"] == 1
    mentor.refresh_from_db()
    assert (mentor.bio, mentor.line_manager_email, mentor.places, mentor.state) == ("", "", 0, "accepted")
    assert mentor.absences.count() == 0
    assert Partnership.objects.filter(pk=partnership.pk).exists()


@pytest.mark.parametrize(
    ("facts", "since"),
    [
        ({"state": "declined", "decided_at": at(date(2025, 11, 17))}, date(2025, 11, 17)),
        ({"draft": True}, date(2025, 11, 30)),
        ({"state": "withdrawn"}, date(2025, 11, 30)),
    ],
)
def test_what_came_to_nothing_goes_earlier_and_whole(facts, since):
    keep(applications=12)
    ApplicationFactory(cohort=CohortFactory(ends_on=ENDED, sign_up_closes_on=date(2025, 11, 30)), **facts)
    day = since.replace(year=2026)

    assert [due("applications/nothing", day + timedelta(days=days)) for days in (-1, 0)] == [0, 1]
    assert purge(day)["applications/nothing"] == 1
    assert Application.objects.count() == 0


def test_closed_concerns_lose_their_key_on_their_day():
    keep(concerns=12)
    case = file_case(text="It hurts.")
    by = handler(case.programme)
    cases.answer(case, by=by, text="Sorry.", at=at(date(2026, 1, 15)))
    cases.close(case, by=by, outcome="advice", policy="", at=at(date(2026, 1, 20)))

    assert [due("concerns", date(2027, 1, day)) for day in (19, 20, 21)] == [0, 1, 1]
    assert purge(date(2027, 1, 20)) == {"concerns": 1}
    assert Case.objects.get().key_id == ""
    assert due("concerns", date(2028, 1, 20)) == 0


def test_an_open_concern_never_falls_due():
    keep(concerns=1)
    file_case()

    assert due("concerns", date(2040, 1, 1)) == 0


@pytest.mark.parametrize(
    "moment", [datetime(2026, 6, 30, 22, 59, tzinfo=UTC), datetime(2026, 6, 30, 1, tzinfo=UTC)]
)
def test_mail_is_blanked_a_period_after_the_schools_day_on_which_it_left(moment):
    keep(mail=1)
    KeptMessageFactory(state="sent", sent_at=moment)
    KeptMessageFactory()

    assert [due("mail", date(2026, 7, day)) for day in (29, 30)] == [0, 1]
    purge(date(2026, 7, 30))
    blank = Message.objects.get(state="sent", kind="partnerships/email/introduction")
    assert (blank.to, blank.subject, blank.text, blank.key.startswith("kept/")) == ("", "", "", True)
    assert Message.objects.get(state="waiting", kind="partnerships/email/introduction").to != ""


def test_a_moment_after_midnight_in_london_counts_from_its_own_day():
    keep(mail=1)
    KeptMessageFactory(state="sent", sent_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))  # 0.30 in London

    assert [due("mail", date(2026, 7, 31)), due("mail", date(2026, 8, 1))] == [0, 1]


def test_who_asked_a_question_is_forgotten_and_one_that_was_not_published_goes():
    keep(questions=6)
    programme, answered = ProgrammeFactory(), at(date(2026, 1, 14))
    facts = {"programme": programme, "asker_email": "ada@lse.example", "asked_at": answered}
    Question.objects.create(text="Who?", answer="All.", answered_at=answered, is_published=True, **facts)
    Question.objects.create(text="I am ill?", answer="Oh.", answered_at=answered, **facts)
    Question.objects.create(text="When?", **facts)

    assert purge(date(2026, 7, 13)) == {}
    assert purge(date(2026, 7, 14)) == {"questions/askers": 1, "questions": 1}
    assert sorted(Question.objects.values_list("text", "asker_email")) == [
        ("When?", "ada@lse.example"),
        ("Who?", ""),
    ]


def test_a_list_of_alumni_goes_once_its_programme_has_no_cohort_any_more():
    keep(alumni=12)
    programme = ProgrammeFactory()
    AlumniRecord.objects.create(programme=programme, name="Ada", course="Maths", graduation_year=2015)
    CohortFactory(programme=programme, ends_on=ENDED)

    assert [due("alumni", date(2027, 4, day)) for day in (29, 30)] == [0, 1]

    CohortFactory(programme=programme, slug="next", ends_on=date(2027, 3, 1))
    assert due("alumni", date(2027, 4, 30)) == 0


# Accounts


def test_an_account_with_nothing_in_it_goes_a_period_after_the_last_sign_in():
    keep(account=24)
    idle = UserFactory(last_login=at(date(2026, 1, 14)), joined_at=at(date(2025, 1, 1)))
    KeptMessageFactory(to=idle.email, state="sent", sent_at=at(date(2026, 1, 14)))

    assert [due("account", date(2028, 1, day)) for day in (13, 14)] == [0, 1]
    assert purge(date(2028, 1, 14)) == {"account": 1}
    assert User.objects.filter(pk=idle.pk).count() == 0
    assert Message.objects.filter(to=idle.email).count() == 0


@pytest.mark.parametrize("what", ["application", "duty", "rank", "declaration", "request"])
def test_an_account_with_anything_in_it_stays(what):
    keep(account=1)
    user = UserFactory(is_superuser=what == "rank")
    if what == "application":
        ApplicationFactory(user=user)
    if what == "duty":
        DutyFactory(user=user)
    if what == "request":
        asked = {"received_on": date(2026, 1, 14), "due_on": date(2026, 2, 14)}
        DataRequest.objects.create(kind="access", channel="letter", person=user, **asked)
    if what == "declaration":
        Declaration.objects.create(user=user, cohort=CohortFactory(), wording="Yes", made_at=user.joined_at)

    assert due("account", date(2040, 1, 1)) == 0


# What leans on one another


def everything():
    """A cohort that is over, with something in every table of it."""
    cohort = CohortFactory(ends_on=ENDED)
    partnership = over(pair(cohort=cohort))
    mentor, mentee = (row.application for row in partnership.memberships.order_by("pk"))
    noted(partnership)
    ContactFrequencyFactory(partnership=partnership)
    DisclosureFactory(partnership=partnership, of=mentee, to=mentor.user)
    nudge = Nudge.objects.create(user=mentee.user, on=date(2026, 1, 5))
    NudgeLine.objects.create(
        nudge=nudge, membership=partnership.memberships.get(application=mentee), occasion=1, step=1
    )
    BookingFactory(session=SessionFactory(cohort=cohort), application=mentee)
    run = RunFactory(cohort=cohort)
    SuggestionFactory(run=run, state=Suggestion.State.RELEASED, partnership=partnership)
    return partnership


LEFT = (
    *(Partnership, Membership, Meeting, Disclosure, Nudge, NudgeLine, Booking, MatchRun, Suggestion),
    *(PolicyAcceptance, Application),
)


def test_a_cohort_goes_whole_in_one_purge_where_all_periods_are_alike():
    everything()
    keep(
        **dict.fromkeys(
            ("matching", "reminders", "disclosures", "meetings", "partnerships", "training", "acceptances"),
            24,
        ),
        applications=24,
    )

    purge(date(2028, 4, 29))
    assert all(model.objects.exists() for model in LEFT)

    gone = purge(date(2028, 4, 30))
    assert [model.__name__ for model in LEFT if model.objects.exists()] == []
    assert (gone["partnerships"], gone["applications/rows"]) == (1, 2)


def test_with_the_periods_as_delivered_everything_has_gone_when_the_last_is_over():
    everything()
    day = at(ENDED)
    while day < datetime(2032, 6, 1, tzinfo=UTC):
        purging.sweep(at=day)
        day += timedelta(days=15)

    assert [model.__name__ for model in LEFT if model.objects.exists()] == []
    assert [run.failed for run in RetentionRun.objects.all() if run.failed] == []


def test_a_partnership_waits_for_a_meeting_that_is_kept_longer():
    everything()
    keep(partnerships=6, meetings=24, matching=1, disclosures=1, reminders=1)

    assert [due("partnerships", date(2028, 4, day)) for day in (29, 30)] == [0, 1]


@pytest.mark.parametrize("key", [rule.key for rule in RULES])
def test_nothing_of_a_cohort_that_runs_ever_falls_due(key):
    """Periods of a month, a year later, with the cohort's end moved on: duties, mail and lists aside."""
    cohort = CohortFactory(ends_on=date(2030, 1, 1), sign_up_closes_on=date(2029, 1, 1))
    partnership = pair(cohort=cohort)
    noted(partnership)
    RunFactory(cohort=cohort)
    ApplicationFactory(cohort=cohort, draft=True)
    periods.install()
    RetentionPeriod.objects.update(months=1)

    assert due(key, date(2027, 6, 1)) == 0


def test_a_partnership_that_rests_beyond_its_cohort_stays():
    partnership = pair(cohort=CohortFactory(ends_on=ENDED))
    noted(partnership)
    keep(partnerships=1, meetings=1, matching=1, disclosures=1, reminders=1)

    assert (due("partnerships", date(2030, 1, 1)), due("meetings", date(2030, 1, 1))) == (0, 0)


def test_that_two_people_are_never_matched_outlives_other_decisions():
    cohort = CohortFactory(ends_on=ENDED)
    for kind, reason in (("apart", ""), ("never", "They know.")):
        DecisionFactory(
            cohort=cohort,
            mentee=ApplicationFactory(cohort=cohort),
            mentor=MentorFactory(cohort=cohort),
            kind=kind,
            reason=reason,
        )
    keep(matching=1)

    purge(date(2026, 5, 30))

    assert [row.kind for row in Decision.objects.all()] == ["never"]


# Concerns hold


def test_what_an_open_concern_needs_stays_until_it_is_closed_and_the_partner_is_held_with_it():
    partnership = everything()
    mentee = partnership.memberships.get(part="mentee").application.user
    case = file_case(by=mentee)
    by = handler(case.programme)
    keep(partnerships=1, meetings=1, matching=1, disclosures=1, reminders=1, acceptances=1, applications=1)

    gone = purge(date(2026, 5, 30))

    assert Partnership.objects.filter(pk=partnership.pk).exists()
    assert (gone.get("meetings"), gone.get("partnerships")) == (None, None)
    assert due("partnerships", date(2026, 6, 10)) == 1  # a count that differed would tell of the concern

    cases.answer(case, by=by, text="Done.", at=at(date(2026, 6, 1)))
    cases.close(case, by=by, outcome="advice", policy="", at=at(date(2026, 6, 2)))
    purge(date(2026, 6, 10))
    assert Partnership.objects.count() == 0


def test_what_an_open_concern_of_a_stranger_needs_holds_nobody_else():
    everything()
    file_case()
    keep(partnerships=1, meetings=1, matching=1, disclosures=1, reminders=1, acceptances=1, applications=1)

    purge(date(2026, 5, 30))

    assert Partnership.objects.count() == 0


# Notice


def test_superusers_read_a_week_before_what_goes_and_nothing_of_anybody(superuser):
    keep(declarations=1)
    application = ApplicationFactory(cohort=CohortFactory(ends_on=ENDED), user__name="Ada Private")
    Declaration.objects.create(
        user=application.user, cohort=application.cohort, wording="Yes", made_at=at(date(2025, 11, 1))
    )

    run = purging.announce(at=at(date(2026, 5, 25)))

    letter = Message.objects.get(kind="overview/email/purge")
    assert (letter.to, letter.subject) == (superuser.email, "Your mentoring programme")
    assert "Declarations: 1, due on 30 May 2026 (kept for 1 month)" in letter.text
    assert "Ada" not in letter.text + letter.html
    assert run.begins_at - run.reported_at == timedelta(days=7)


def test_nothing_goes_before_the_week_is_over(superuser):
    keep(mail=1)
    KeptMessageFactory(state="sent", sent_at=at(date(2026, 1, 1)))
    run = purging.announce(at=at(date(2026, 3, 1)))

    with pytest.raises(NotPossible, match="announced for 8 March 2026, 09:00"):
        purging.carry_out(run, at=at(date(2026, 3, 8)) - timedelta(seconds=1))

    assert purging.sweep(at=at(date(2026, 3, 8)) - timedelta(seconds=1)) == 0
    assert purging.sweep(at=at(date(2026, 3, 8))) == 1


def test_where_nobody_would_read_the_notice_nothing_goes(superuser, caplog):
    superuser.delete()
    keep(mail=1)
    KeptMessageFactory(state="sent", sent_at=at(date(2026, 1, 1)))

    assert purging.announce(at=at(date(2026, 3, 1))) is None
    assert "no superuser is there" in caplog.text


def test_where_nothing_falls_due_nobody_is_written_to():
    assert purging.announce(at=at(date(2026, 3, 1))) is None
    assert (Message.objects.count(), RetentionRun.objects.count()) == (0, 0)


def test_what_fell_due_after_the_notice_waits_for_the_next():
    keep(mail=1)
    KeptMessageFactory(state="sent", sent_at=at(date(2026, 1, 1)))
    run = purging.announce(at=at(date(2026, 3, 1)))
    for day in (1, 2):
        KeptMessageFactory(state="sent", sent_at=at(date(2025, 1, day)))

    assert purging.carry_out(run, at=at(date(2026, 3, 8))) == 1


def test_a_longer_period_set_in_the_week_holds_and_a_shorter_one_waits():
    keep(mail=1)
    KeptMessageFactory(state="sent", sent_at=at(date(2026, 1, 1)))
    KeptMessageFactory(state="sent", sent_at=at(date(2025, 1, 1)))
    run = purging.announce(at=at(date(2026, 3, 1)))

    keep(mail=12)
    assert purging.carry_out(run, at=at(date(2026, 3, 8))) == 1

    keep(mail=12)
    KeptMessageFactory(state="sent", sent_at=at(date(2025, 1, 1)))
    run = purging.announce(at=at(date(2026, 4, 1)))
    keep(mail=1)
    assert purging.carry_out(run, at=at(date(2026, 4, 8))) == 1


# Killed, twice, at once, and one that fails


def sent(number):
    for _ in range(number):
        KeptMessageFactory(state="sent", sent_at=at(date(2026, 1, 1)))


def addressed():
    return Message.objects.filter(kind="partnerships/email/introduction").exclude(to="").count()


def test_killed_in_between_it_goes_on_where_it_stood(monkeypatch):
    keep(mail=1)
    sent(7)
    run = purging.announce(at=at(date(2026, 3, 1)))
    monkeypatch.setattr(purging, "BATCH", 2)
    let_go, calls = purging._let_go, []

    def killed(*given, **more):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return let_go(*given, **more)

    monkeypatch.setattr(purging, "_let_go", killed)
    with pytest.raises(KeyboardInterrupt):
        purging.carry_out(run, at=at(date(2026, 3, 8)))
    run.refresh_from_db()
    assert (addressed(), run.purged, run.is_done) == (3, {"mail": 4}, False)

    assert purging.sweep(at=at(date(2026, 3, 9))) == 3
    run.refresh_from_db()
    assert (addressed(), run.purged, run.is_done) == (0, {"mail": 7}, True)


def test_a_batch_that_is_killed_in_the_middle_leaves_nothing_half_done(monkeypatch):
    keep(mail=1)
    sent(2)
    run = purging.announce(at=at(date(2026, 3, 1)))

    def killed(*given, **more):
        raise KeyboardInterrupt

    monkeypatch.setattr(RetentionRun, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        purging.carry_out(run, at=at(date(2026, 3, 8)))

    assert addressed() == 2


def test_twice_is_once():
    keep(mail=1)
    sent(3)
    run = purging.announce(at=at(date(2026, 3, 1)))

    assert [purging.carry_out(run, at=at(date(2026, 3, 8))) for _ in range(2)] == [3, 0]
    assert purging.announce(at=at(date(2026, 3, 1))) is None


def test_two_notices_at_once_are_one():
    keep(mail=1)
    sent(1)

    first, second = (purging.announce(at=at(date(2026, 3, 1))) for _ in range(2))

    assert first == second
    assert Message.objects.filter(kind="overview/email/purge").count() == 1


def test_one_row_that_fails_holds_back_no_other(caplog):
    keep(applications=1)
    applications = [
        ApplicationFactory(state="declined", cohort=CohortFactory(ends_on=ENDED)) for _ in range(3)
    ]
    # Something that the rules don't know of leans on one of them.
    Membership.objects.create(
        application=applications[1],
        partnership=over(pair(cohort=applications[1].cohort)),
        part="mentee",
        joined_on=ENDED,
        left_on=ENDED,
    )
    run = purging.announce(at=at(date(2026, 5, 1)))
    rule = next(rule for rule in RULES if rule.key == "applications/nothing")
    run.planned = {rule.key: 3}
    run.months = {rule.key: 1}
    run.save()
    reckless = replace(rule, free=None, rows=lambda on: _declined())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(purging, "RULES", (reckless,))
        purging.carry_out(run, at=at(date(2026, 5, 8)))

    run.refresh_from_db()
    assert (run.purged, run.failed) == ({rule.key: 2}, {rule.key: 1})
    assert Application.objects.filter(pk=applications[1].pk).exists()
    assert "could not be purged" in caplog.text


def _declined():
    return Application.objects.filter(state="declined").annotate(since=F("cohort__sign_up_closes_on"))


# The command


def command(*options):
    said = StringIO()
    call_command("purge", *options, stdout=said)
    return said.getvalue().splitlines()


def test_the_command_shows_a_dry_run_and_changes_nothing():
    sent(2)
    keep(mail=1)
    Message.objects.update(sent_at=at(date(2025, 11, 1)))

    *lines, last = command("--dry-run")

    assert "Kept e-mails (1 months): 2, from 1 December 2025 on" in lines
    assert last == "Together: 2. Nothing was changed."
    assert (addressed(), RetentionRun.objects.count()) == (2, 0)


def test_the_command_announces_and_deletes_a_week_later(clock):
    keep(mail=1)
    sent(2)
    Message.objects.update(sent_at=at(date(2025, 11, 1)))

    assert command() == ["Announced; it begins on 21 January 2026, 09:30."]
    with pytest.raises(CommandError, match="announced for 21 January 2026"):
        command()
    clock.shift(timedelta(days=7))
    assert command() == ["Rows that went: 2."]


def test_the_command_says_where_nothing_is_due():
    assert command() == ["Nothing falls due within a week, or no superuser is there to be told."]


# At once


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_take_each_row_once_and_no_more_than_was_announced():
    keep(mail=1)
    sent(30)
    run = purging.announce(at=at(date(2026, 3, 1)))
    sent(5)

    at_once(*[partial(purging.carry_out, run, at=at(date(2026, 3, 8))) for _ in range(3)])

    run.refresh_from_db()
    assert (addressed(), run.purged, run.failed) == (5, {"mail": 30}, {})


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_announce_once():
    keep(mail=1)
    sent(1)

    at_once(*[partial(purging.announce, at=at(date(2026, 3, 1))) for _ in range(3)])

    assert RetentionRun.objects.count() == 1
    assert Message.objects.filter(kind="overview/email/purge").count() == 1
