from datetime import UTC, date, datetime

import pytest

from applications.models import State as ApplicationState
from applications.tests.factories import MentorFactory
from matching.gathering import gather
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from overview.tests.factories import KeptMessageFactory
from partnerships import services
from partnerships.models import EndReason, Flag, Membership, Partnership, State
from partnerships.tasks import end_partnerships_due
from partnerships.tests.factories import FlagFactory, MembershipFactory, PlaceFactory, circle, pair
from partnerships.tests.people import member, names_and_addresses, user
from programmes.tests.factories import CohortFactory, DutyFactory, PathwayFactory
from tests.breaking import breaks

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
TODAY = date(2026, 1, 14)
EARLY = [EndReason.OFFICE, EndReason.LEAVING]


def end(partnership, **fields):
    return services.end(partnership, **{"by": None, "at": NOW, "reason": EndReason.LEAVING, **fields})


def leaving(partnership, part, wants):
    person = member(partnership, part)
    return FlagFactory(
        partnership=partnership,
        membership=person,
        kind=Flag.Kind.LEAVING,
        reason="fit",
        line="CanaryLine",
        wants_new_partner=wants,
    )


def letter_to(person):
    return Message.objects.get(to=person.email, kind__startswith="partnerships/email/ended")


def application(partnership, part="mentee"):
    found = member(partnership, part).application
    found.refresh_from_db()
    return found


@pytest.mark.clause("EI-1b")
@pytest.mark.parametrize("reason", EARLY)
@pytest.mark.parametrize("made", [pair, circle])
def test_an_early_end_is_told_once_to_each_and_says_neither_who_asked_nor_why(made, reason):
    partnership = made()
    leaving(partnership, "mentee", wants=True)
    by = DutyFactory(programme=partnership.cohort.programme).user

    end(partnership, by=by, reason=reason)

    for row in partnership.memberships.select_related("application__user"):
        person = row.application.user
        said = letter_to(person)
        body = said.text + said.html
        private = [
            *names_and_addresses(partnership, but=person),
            by.name,
            "CanaryLine",
            "right match",
            "asked",
        ]
        assert (said.subject, [word for word in private if word in body]) == ("Your mentoring programme", [])


def test_the_two_of_a_pair_read_the_same_but_for_their_place():
    partnership = pair()
    leaving(partnership, "mentee", wants=False)

    end(partnership, rematch=[])

    texts = {
        letter_to(user(partnership, part)).text.replace(user(partnership, part).name, "…")
        for part in ("mentor", "mentee")
    }
    assert len(texts) == 1


def test_by_default_everybody_is_looked_after_but_who_said_no():
    partnership = pair()
    leaving(partnership, "mentee", wants=False)

    end(partnership)

    assert "We look for somebody new" not in letter_to(user(partnership)).text
    assert "we look for somebody new for you" in letter_to(user(partnership, "mentor")).text
    assert application(partnership).state == ApplicationState.WITHDRAWN


@pytest.mark.clause("EI-1b", "EI-M")
def test_who_wants_somebody_new_is_in_the_pool_again_with_their_place_in_the_order_and_never_with_the_same():
    cohort = CohortFactory()
    PathwayFactory(programme=cohort.programme)
    partnership = pair(cohort)
    mentor, mentee = application(partnership, "mentor"), application(partnership)

    assert gather(cohort, on=TODAY).mentees == ()
    end(partnership)

    pool = gather(cohort, on=TODAY)
    assert (pool.mentees, pool.mentors, pool.rooms[mentor.pk]["one_to_one"]) == (
        (mentee.pk,),
        (mentor.pk,),
        1,
    )
    assert list(pool.rules["one_to_one"]) == [(0, 0)]
    assert application(partnership).submitted_at == mentee.submitted_at


def test_a_mentee_who_wants_nobody_new_leaves_the_pool():
    cohort = CohortFactory()
    PathwayFactory(programme=cohort.programme)
    partnership = pair(cohort)

    end(partnership, rematch=[application(partnership, "mentor")])

    assert application(partnership).state == ApplicationState.WITHDRAWN
    assert gather(cohort, on=TODAY).mentees == ()


@pytest.mark.clause("BM-8")
@pytest.mark.parametrize(("places", "left"), [(1, 0), (3, 2)])
def test_a_mentor_who_wants_nobody_new_gives_that_place_back_and_no_other(places, left):
    partnership = pair(mentor=MentorFactory(places=places))

    end(partnership, rematch=[])

    assert application(partnership, "mentor").places == left


@pytest.mark.clause("BM-8")
def test_what_a_mentor_still_holds_stays_theirs():
    mentor = MentorFactory(places=1)
    partnership, kept = pair(mentor=mentor), pair(cohort=mentor.cohort)
    kept.memberships.filter(part="mentor").delete()
    place = PlaceFactory(application=mentor, number=2)
    MembershipFactory(partnership=kept, application=mentor, part=Membership.Part.MENTOR, place=place)

    end(partnership, rematch=[])

    assert application(partnership, "mentor").places == 1


def test_a_facilitator_who_wants_no_other_circle_offers_none():
    partnership = circle()

    end(partnership, rematch=[])

    assert application(partnership, "facilitator").can_facilitate is False


def test_an_early_end_frees_places_and_seats_settles_flags_and_keeps_back_reminders():
    partnership = pair()
    leaving(partnership, "mentee", wants=True)
    FlagFactory(partnership=partnership)
    by = DutyFactory(programme=partnership.cohort.programme).user
    KeptMessageFactory(key=f"nudge/{user(partnership, 'mentor').pk}/2026-01-14")
    KeptMessageFactory(key=f"day-before/{partnership.pk}/1/1/1")

    end(partnership, by=by)

    assert Membership.objects.current().count() == 0
    assert set(Flag.objects.values_list("settled_at", "settled_by")) == {(NOW, by.pk)}
    assert Message.objects.filter(state="withdrawn").count() == 2


@pytest.mark.clause("EI-2")
def test_a_paused_partnership_ends_with_its_programme_too():
    partnership = pair()
    services.pause(partnership, by=None, at=NOW)

    assert end_partnerships_due(datetime(2026, 5, 1, 9, tzinfo=UTC)) == 1

    partnership.refresh_from_db()
    assert (partnership.state, partnership.end_reason) == (State.ENDED, EndReason.PROGRAMME)


@pytest.mark.clause("EI-2")
def test_the_end_of_the_programme_closes_for_everybody_and_takes_nobody_out_of_the_pool():
    partnership = pair()
    leaving(partnership, "mentee", wants=False)

    end(partnership, reason=EndReason.PROGRAMME)

    assert set(Message.objects.values_list("kind", "to")) == {
        ("partnerships/email/closing", user(partnership, part).email) for part in ("mentor", "mentee")
    }
    assert (application(partnership).state, application(partnership, "mentor").places) == ("accepted", 1)


def test_merging_has_a_verb_of_its_own_and_nothing_ends_twice():
    partnership = circle()

    with pytest.raises(NotPossible, match="joining another one"):
        end(partnership, reason=EndReason.MERGED)
    end(partnership)
    with pytest.raises(NotPossible, match="ended already"):
        end(partnership)
    assert Message.objects.count() == 4


def test_who_was_in_it_before_decides_nothing_about_it_either():
    partnership = circle()
    by = DutyFactory(programme=partnership.cohort.programme).user
    MembershipFactory(partnership=partnership, application__user=by, left_on=date(2026, 1, 2))

    with pytest.raises(NotPossible, match="a partnership of your own"):
        end(partnership, by=by)
    assert Partnership.objects.get().is_active


@pytest.mark.clause("EI-2")
def test_one_that_cannot_be_ended_holds_back_no_other_and_is_tried_again(caplog):
    cohort = CohortFactory(ends_on=date(2026, 1, 13))
    broken, whole = pair(cohort), pair(cohort)

    with breaks(Partnership, pk=broken.pk):
        assert end_partnerships_due(NOW) == 1

    whole.refresh_from_db()
    assert whole.state == State.ENDED
    assert [record.message for record in caplog.records] == [f"Partnership {broken.pk} could not be ended."]
    assert end_partnerships_due(NOW) == 1
