from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry

from accounts.tests.factories import UserFactory
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from programmes import services
from programmes.models import Duty, PolicyVersion, Question
from programmes.tests.factories import (
    CohortFactory,
    DisclosedFactFactory,
    DutyFactory,
    KeyDateFactory,
    PathwayFactory,
    PolicyVersionFactory,
    ProgrammeFactory,
    WeightFactory,
)

AT = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


class TestMoveCohort:
    def test_all_dates_of_a_cohort_move_together(self):
        cohort = CohortFactory()
        window = KeyDateFactory(cohort=cohort)
        services.move_cohort(cohort, start=date(2025, 12, 8), by=None, at=AT)
        cohort.refresh_from_db()
        window.refresh_from_db()
        assert (cohort.sign_up_opens_on, cohort.sign_up_closes_on) == (date(2025, 10, 8), date(2025, 11, 23))
        assert (cohort.starts_on, cohort.ends_on) == (date(2025, 12, 8), date(2026, 5, 7))
        assert (window.opens_on, window.closes_on) == (date(2025, 12, 8), date(2026, 2, 7))

    def test_a_cohort_can_move_back_by_years(self):
        cohort = CohortFactory()
        services.move_cohort(cohort, start=date(2021, 2, 10), by=None, at=AT)
        cohort.refresh_from_db()
        assert cohort.ends_on - cohort.starts_on == date(2026, 4, 30) - date(2025, 12, 1)

    def test_other_cohorts_stay_where_they_are(self):
        cohort = CohortFactory()
        other = KeyDateFactory(cohort=CohortFactory(programme=cohort.programme, slug="other"))
        services.move_cohort(cohort, start=date(2026, 12, 1), by=None, at=AT)
        other.refresh_from_db()
        assert (other.opens_on, other.cohort.starts_on) == (date(2025, 12, 1), date(2025, 12, 1))

    def test_who_moved_it_stands_in_its_history(self):
        cohort, office = CohortFactory(), UserFactory()
        services.move_cohort(cohort, start=date(2025, 12, 8), by=office, at=AT)
        entry = LogEntry.objects.get()
        assert (entry.user, entry.change_message) == (office, "All dates moved by 7 days.")

    def test_a_move_by_no_days_leaves_no_trace(self):
        services.move_cohort(CohortFactory(), start=date(2025, 12, 1), by=UserFactory(), at=AT)
        assert LogEntry.objects.count() == 0

    def test_a_date_outside_the_calendar_is_refused(self):
        cohort = CohortFactory()
        with pytest.raises(NotPossible, match="out of the calendar"):
            services.move_cohort(cohort, start=date(9999, 12, 1), by=None, at=AT)
        cohort.refresh_from_db()
        assert cohort.starts_on == date(2025, 12, 1)


def draft(*directions, **fields):
    version = PolicyVersionFactory(published_on=None, **fields)
    for direction in directions:
        DisclosedFactFactory(policy_version=version, direction=direction)
    return version


class TestPublish:
    @pytest.mark.clause("EI-1a")
    def test_a_version_is_published_on_the_day(self):
        version = draft("of_mentor", "of_mentee")
        services.publish(version, by=None, at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
        version.refresh_from_db()
        assert version.published_on == date(2026, 7, 1)

    def test_a_published_version_cant_be_published_again(self):
        version = PolicyVersionFactory()
        with pytest.raises(NotPossible, match="is published already"):
            services.publish(version, by=None, at=AT)
        version.refresh_from_db()
        assert version.published_on == date(2025, 9, 1)

    def test_a_policy_must_say_what_each_side_sees(self):
        version = draft("of_mentor")
        with pytest.raises(NotPossible, match="nothing is listed yet under “The mentor sees of the mentee”"):
            services.publish(version, by=None, at=AT)

    def test_a_policy_of_a_programme_with_circles_must_say_what_a_circle_sees(self):
        version = draft("of_mentor", "of_mentee")
        PathwayFactory(programme=version.programme, kind="circle", smallest=3, largest=8)
        with pytest.raises(NotPossible, match="under “Everybody in a circle sees of each other”"):
            services.publish(version, by=None, at=AT)

    def test_a_policy_of_circles_alone_needs_no_pairs(self):
        version = draft("in_circle")
        PathwayFactory(programme=version.programme, kind="circle", smallest=3, largest=8)
        assert services.publish(version, by=None, at=AT).published_on == AT.date()

    def test_guidance_discloses_nothing(self):
        version = draft(kind=PolicyVersion.Kind.GUIDANCE)
        assert services.publish(version, by=None, at=AT).published_on == AT.date()


@pytest.mark.clause("BM-13")
class TestQuestions:
    def test_a_question_is_kept_and_the_team_is_told(self):
        programme = ProgrammeFactory()
        question = services.ask_question(programme, text=" May I\n join? ", email="ada@mail.example", at=AT)
        assert (question.text, question.asker_email, question.asked_at) == (
            "May I join?",
            "ada@mail.example",
            AT,
        )
        message = Message.objects.get()
        assert (message.to, message.subject) == (programme.contact_address, "Your mentoring programme")
        assert "May I join?" in message.text
        assert "ada@mail.example" not in message.text + message.html

    def test_the_same_question_sent_twice_is_one(self):
        programme = ProgrammeFactory()
        first = services.ask_question(programme, text="May I join?", at=AT)
        assert services.ask_question(programme, text="May I join?", at=AT) == first
        assert (Question.objects.count(), Message.objects.count()) == (1, 1)

    def test_an_answered_question_can_be_asked_again(self):
        programme = ProgrammeFactory()
        first = services.ask_question(programme, text="May I join?", at=AT)
        services.answer_question(first, answer="Yes.", publish=False, by=None, at=AT)
        assert services.ask_question(programme, text="May I join?", at=AT) != first

    def test_an_empty_question_is_refused(self):
        with pytest.raises(NotPossible, match="write your question"):
            services.ask_question(ProgrammeFactory(), text=" \n ", at=AT)

    def test_a_flood_is_stopped_and_shown_another_way(self):
        programme = ProgrammeFactory()
        for number in range(services.MOST_QUESTIONS_AN_HOUR):
            services.ask_question(programme, text=f"Question {number}?", at=AT)
        with pytest.raises(NotPossible, match=programme.contact_address):
            services.ask_question(programme, text="One more?", at=AT)
        services.ask_question(programme, text="One more?", at=AT + timedelta(hours=1))
        assert Question.objects.count() == services.MOST_QUESTIONS_AN_HOUR + 1

    def test_who_left_an_address_is_sent_the_answer_once(self):
        question = services.ask_question(
            ProgrammeFactory(), text="May I join?", email="ada@mail.example", at=AT
        )
        services.answer_question(question, answer="**Yes.**", publish=True, by=None, at=AT)
        services.answer_question(question, answer="Yes, from May.", publish=True, by=None, at=AT)
        message = Message.objects.get(to="ada@mail.example")
        assert "<strong>Yes.</strong>" in message.html
        question.refresh_from_db()
        assert (question.answer, question.is_published, question.answered_at) == ("Yes, from May.", True, AT)

    def test_who_left_no_address_is_sent_nothing(self):
        question = services.ask_question(ProgrammeFactory(), text="May I join?", at=AT)
        services.answer_question(question, answer="Yes.", publish=True, by=None, at=AT)
        assert Message.objects.filter(key__endswith="answered").count() == 0

    def test_an_empty_answer_is_refused(self):
        question = services.ask_question(ProgrammeFactory(), text="May I join?", at=AT)
        with pytest.raises(NotPossible, match="write an answer"):
            services.answer_question(question, answer=" ", publish=True, by=None, at=AT)


class TestGiveDuty:
    def test_a_superuser_gives_a_duty_once(self):
        programme, person, root = ProgrammeFactory(), UserFactory(), UserFactory(is_superuser=True)
        for _ in range(2):
            services.give_duty(user=person, programme=programme, kind="administer", by=root, at=AT)
        assert list(Duty.objects.values_list("user", "programme", "kind")) == [
            (person.pk, programme.pk, "administer")
        ]
        assert Message.objects.count() == 0

    def test_nobody_else_gives_duties(self):
        duty = DutyFactory()
        with pytest.raises(NotPossible, match="by a superuser"):
            services.give_duty(user=duty.user, programme=duty.programme, kind="concerns", by=duty.user, at=AT)
        assert Duty.objects.count() == 1

    @pytest.mark.clause("ALL-1")
    def test_handlers_and_the_team_hear_of_a_superuser_who_joins_them(self):
        handler = DutyFactory(kind="concerns")
        elsewhere = DutyFactory(kind="concerns")
        root = UserFactory(is_superuser=True)
        services.give_duty(user=root, programme=handler.programme, kind="concerns", by=root, at=AT)
        assert set(Message.objects.values_list("to", "subject")) == {
            (handler.user.email, "Your mentoring programme"),
            (handler.programme.contact_email, "Your mentoring programme"),
        }
        assert elsewhere.user.email not in Message.objects.values_list("to", flat=True)

    @pytest.mark.clause("ALL-1")
    def test_a_superuser_who_takes_the_duty_from_all_others_first_is_reported_to_the_team(self):
        handler = DutyFactory(kind="concerns")
        programme, root = handler.programme, UserFactory(is_superuser=True)
        handler.delete()
        services.give_duty(user=root, programme=programme, kind="concerns", by=root, at=AT)
        assert list(Message.objects.values_list("to", flat=True)) == [programme.contact_email]

    @pytest.mark.clause("ALL-1")
    @pytest.mark.parametrize("kind", ["administer", "eligibility"])
    def test_the_team_hears_once_of_a_superuser_who_gives_a_duty_to_themselves(self, kind):
        programme, root = ProgrammeFactory(), UserFactory(is_superuser=True)
        for _ in range(2):
            services.give_duty(user=root, programme=programme, kind=kind, by=root, at=AT)
        assert list(Message.objects.values_list("to", "kind")) == [
            (programme.contact_email, "programmes/email/own_duty")
        ]


@pytest.fixture
def pathway():
    pathway = PathwayFactory(forbids_former_partners=True)
    WeightFactory(pathway=pathway, part="sectors", strength=2)
    WeightFactory(pathway=pathway, part="course", strength=1)
    return pathway


def criteria(**changes):
    return {"rules": {}, "objective": "total", "weights": {"sectors": 2, "course": 1}} | changes


def strengths(pathway):
    return dict(pathway.weights.values_list("part", "strength"))


class TestSetCriteria:
    @pytest.mark.clause("EI-M")
    def test_an_administrator_sets_rules_objective_and_weights(self, pathway):
        office = DutyFactory(programme=pathway.programme).user
        rules = {"forbids_line_management": True, "forbids_former_partners": False}
        wanted = criteria(rules=rules, objective="fairest", weights={"sectors": 4, "place": 3})
        services.set_criteria(pathway, by=office, at=AT, **wanted)
        pathway.refresh_from_db()
        assert {name: getattr(pathway, name) for name in rules} == rules
        assert (pathway.forbids_same_division, pathway.objective) == (False, "fairest")
        assert strengths(pathway) == {"sectors": 4, "course": 0, "place": 3}

    def test_what_changed_stands_in_the_programmes_history(self, pathway):
        office = DutyFactory(programme=pathway.programme).user
        wanted = criteria(rules={"forbids_former_partners": False}, weights={"sectors": 3, "course": 1})
        services.set_criteria(pathway, by=office, at=AT, **wanted)
        entry = LogEntry.objects.get()
        assert (entry.user, entry.object_id) == (office, str(pathway.programme.pk))
        assert entry.change_message == (
            "Matching of “One-to-one”: keep former partners apart off; “Sectors in common” counts much."
        )

    def test_setting_what_is_set_leaves_no_trace(self, pathway):
        office = DutyFactory(programme=pathway.programme).user
        services.set_criteria(pathway, by=office, at=AT, **criteria())
        assert LogEntry.objects.count() == 0

    @pytest.mark.parametrize("weights", [{}, {"sectors": 0, "course": 0}])
    def test_something_must_count(self, pathway, weights):
        with pytest.raises(NotPossible, match="At least one part must count"):
            services.set_criteria(pathway, by=None, at=AT, **criteria(weights=weights))
        assert strengths(pathway) == {"sectors": 2, "course": 1}

    @pytest.mark.parametrize(
        ("changes", "unknown"),
        [
            ({"rules": {"forbids_everything": True}}, "forbids_everything"),
            ({"objective": "luck"}, "luck"),
            ({"weights": {"charm": 1}}, "charm"),
            ({"weights": {"sectors": 5}}, "sectors 5"),
        ],
    )
    def test_what_the_matching_does_not_know_is_refused(self, pathway, changes, unknown):
        with pytest.raises(NotPossible, match=f"knows no “{unknown}”"):
            services.set_criteria(pathway, by=None, at=AT, **criteria(**changes))

    @pytest.mark.clause("ALL-1")
    def test_who_does_not_administer_the_programme_sets_nothing(self, pathway):
        for stranger in (
            DutyFactory().user,
            DutyFactory(programme=pathway.programme, kind="eligibility").user,
        ):
            with pytest.raises(NotPossible, match="don't administer"):
                services.set_criteria(pathway, by=stranger, at=AT, **criteria(weights={"sectors": 4}))
        assert strengths(pathway) == {"sectors": 2, "course": 1}
