from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from applications.tests.factories import ApplicationFactory, MentorFactory, PolicyAcceptanceFactory
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from overview.tests.factories import KeptMessageFactory
from partnerships import permissions, services
from partnerships.models import EndReason, Flag, Partnership, State
from partnerships.queries.circles import with_room_for
from partnerships.tests.factories import FlagFactory, MembershipFactory, circle, pair
from partnerships.tests.people import member, names_and_addresses, user
from programmes.tests.factories import CohortFactory, DutyFactory, PathwayFactory
from tests.breaking import breaks

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-7")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def cohort():
    cohort = CohortFactory()
    PathwayFactory(programme=cohort.programme)
    PathwayFactory(programme=cohort.programme, kind="circle", label="Circle", smallest=3, largest=6)
    return cohort


def ready(factory, cohort, **fields):
    application = factory(cohort=cohort, **fields)
    PolicyAcceptanceFactory(application=application)
    return application


def letters(kind):
    return Message.objects.filter(kind=f"partnerships/email/{kind}").order_by("pk")


def kinds():
    rows = Partnership.objects.filter(flags__settled_at=None).exclude(flags=None)
    return sorted(rows.values_list("flags__kind", flat=True))


# Let somebody go


def test_who_is_let_go_is_out_at_once(client, cohort):
    made = circle(cohort)
    leaver = member(made)
    page = reverse("partnership", args=[made.pk])
    client.force_login(leaver.application.user)
    before = client.get(page).status_code

    services.let_go(leaver, by=None, at=NOW)

    leaver.refresh_from_db()
    assert (leaver.left_on, leaver.stayed_to_the_end) == (TODAY, False)
    assert (before, client.get(page).status_code) == (200, 404)
    assert not permissions.can_see_cards(leaver.application.user, made, at=NOW)
    assert list(Partnership.objects.of(leaver.application.user)) == []


def test_the_leaver_has_a_kind_letter_and_the_others_hear_that_somebody_left_and_not_who(cohort):
    made = circle(cohort)
    leaver = member(made)

    services.let_go(leaver, by=DutyFactory(programme=cohort.programme).user, at=NOW)

    assert list(letters("left").values_list("to", flat=True)) == [leaver.application.user.email]
    others = letters("somebody_left")
    assert {message.to for message in others} == {
        row.application.user.email for row in made.memberships.exclude(pk=leaver.pk)
    }
    for message in [*others, *letters("left")]:
        reader = made.memberships.get(application__user__email=message.to).application.user
        private = [*names_and_addresses(made, but=reader), "asked"]
        body = message.text + message.html
        assert (message.subject, [w for w in private if w in body]) == ("Your mentoring programme", [])


@pytest.mark.parametrize(
    ("asked", "said", "state"),
    [
        (None, None, "accepted"),
        (True, None, "accepted"),
        (False, None, "withdrawn"),
        (False, True, "accepted"),
        (None, False, "withdrawn"),
    ],
)
def test_the_leavers_own_wish_decides_unless_the_office_knows_better(cohort, asked, said, state):
    made = circle(cohort)
    leaver = member(made)
    if asked is not None:
        FlagFactory(
            partnership=made, membership=leaver, kind="leaving", reason="time", wants_new_partner=asked
        )

    services.let_go(leaver, by=None, at=NOW, wants_new_partner=said)

    leaver.application.refresh_from_db()
    assert leaver.application.state == state
    assert ("you keep your place in the order" in letters("left").get().text) == (state == "accepted")
    assert Flag.objects.open().count() == 0


def test_a_facilitators_place_is_free_again(cohort):
    made = circle(cohort)
    lead = member(made, "facilitator")

    services.let_go(lead, by=None, at=NOW)

    services.add_facilitator(made, application=lead.application, by=None, at=NOW)
    lead.application.refresh_from_db()
    assert lead.application.can_facilitate


def test_what_waits_for_the_leaver_about_the_circle_is_kept_back_and_nobody_elses(cohort):
    made = circle(cohort)
    leaver, stays = member(made), member(made, number=1)
    for person in (leaver, stays):
        KeptMessageFactory(key=f"day-before/{made.pk}/5/1/{person.pk}")
        KeptMessageFactory(key=f"nudge/{person.application.user_id}/2026-01-14")

    services.let_go(leaver, by=None, at=NOW)

    assert set(Message.objects.filter(state="withdrawn").values_list("key", flat=True)) == {
        f"day-before/{made.pk}/5/1/{leaver.pk}",
        f"nudge/{leaver.application.user_id}/2026-01-14",
    }


@pytest.mark.clause("ALL-1")
def test_only_the_programmes_office_lets_go_and_not_out_of_a_circle_of_its_own(cohort):
    made = circle(cohort)
    own = DutyFactory(programme=cohort.programme).user
    MembershipFactory(partnership=made, application=ApplicationFactory(cohort=cohort, user=own))

    for by, sentence in ((DutyFactory().user, "don't administer"), (own, "of your own")):
        with pytest.raises(NotPossible, match=sentence):
            services.let_go(member(made), by=by, at=NOW)
    assert made.memberships.current().count() == 5


def test_nobody_is_let_go_of_a_pair_nor_twice(cohort):
    made = circle(cohort)
    services.let_go(member(made), by=None, at=NOW)

    for row in (member(pair(cohort)), member(made)):
        with pytest.raises(NotPossible, match="in a circle now"):
            services.let_go(row, by=None, at=NOW)


# Join and lead


@pytest.mark.clause("BM-5")
def test_whoever_joins_lets_everybody_agree_afresh(cohort):
    made = circle(cohort)

    services.join(made, people=[ready(ApplicationFactory, cohort, pathway="circle")], by=None, at=NOW)
    services.add_facilitator(
        made, application=ready(MentorFactory, cohort, can_facilitate=True), by=None, at=NOW
    )

    made.refresh_from_db()
    assert made.agreement_round == 3


def test_a_new_facilitator_is_introduced_and_the_others_are_told(cohort):
    made = circle(cohort)
    lead = ready(MentorFactory, cohort, can_facilitate=True)

    services.add_facilitator(made, application=lead, by=DutyFactory(programme=cohort.programme).user, at=NOW)

    assert member(made, "facilitator", 1).application == lead
    assert list(letters("introduction").values_list("to", flat=True)) == [lead.user.email]
    assert letters("joined").count() == 4


def test_who_joins_again_is_introduced_again(cohort):
    made = circle(cohort, members=4)
    back = member(made).application
    services.join(made, people=[ready(ApplicationFactory, cohort, pathway="circle")], by=None, at=NOW)
    services.let_go(member(made), by=None, at=NOW)

    services.join(made, people=[back], by=None, at=NOW + timedelta(days=1))

    assert letters("introduction").filter(to=back.user.email).count() == 1
    assert letters("joined").count() == 5 + 5


def test_a_circle_has_two_facilitators_at_most_and_only_mentors_lead(cohort):
    made = circle(cohort)
    mentee = ready(ApplicationFactory, cohort)
    with pytest.raises(NotPossible, match="Mentors mentor or facilitate"):
        services.add_facilitator(made, application=mentee, by=None, at=NOW)
    with pytest.raises(NotPossible, match="Mentors mentor or facilitate"):
        services.join(made, people=[ready(MentorFactory, cohort)], by=None, at=NOW)
    with pytest.raises(NotPossible, match="no free place"):
        services.add_facilitator(made, application=ready(MentorFactory, cohort), by=None, at=NOW)
    services.add_facilitator(
        made, application=ready(MentorFactory, cohort, can_facilitate=True), by=None, at=NOW
    )

    with pytest.raises(NotPossible, match="has 2 facilitators already"):
        services.add_facilitator(
            made, application=ready(MentorFactory, cohort, can_facilitate=True), by=None, at=NOW
        )


@pytest.mark.clause("ALL-1")
def test_only_the_programmes_office_lets_somebody_in_and_not_into_a_circle_of_its_own(cohort):
    made = circle(cohort)
    lead = ready(MentorFactory, cohort, can_facilitate=True)
    own = DutyFactory(programme=cohort.programme).user
    MembershipFactory(partnership=made, application=ApplicationFactory(cohort=cohort, user=own))

    for by, sentence in ((DutyFactory().user, "don't administer"), (own, "of your own")):
        with pytest.raises(NotPossible, match=sentence):
            services.add_facilitator(made, application=lead, by=by, at=NOW)


# Merge


def test_the_mentees_of_one_circle_join_the_other_and_the_first_one_ends(cohort):
    small, other = circle(cohort, members=2), circle(cohort)
    moving = sorted(row.application_id for row in small.memberships.filter(part="mentee"))

    services.merge(small, into=other, by=DutyFactory(programme=cohort.programme).user, at=NOW)

    small.refresh_from_db()
    other.refresh_from_db()
    assert (small.state, small.end_reason, small.memberships.current().count()) == (
        State.ENDED,
        EndReason.MERGED,
        0,
    )
    inside = set(other.memberships.current().filter(part="mentee").values_list("application", flat=True))
    assert (set(moving) <= inside, len(inside), other.agreement_round) == (True, 5, 2)


def test_a_merger_tells_each_what_concerns_them_and_closes_for_nobody(cohort):
    small, other = circle(cohort, members=2), circle(cohort)
    movers = {user(small, number=number).email for number in range(2)}
    lead = user(small, "facilitator").email

    services.merge(small, into=other, by=None, at=NOW)

    assert {m.to: "You are part of that circle now" in m.text for m in letters("merged")} == {
        **dict.fromkeys(movers, True),
        lead: False,
    }
    assert set(letters("introduction").values_list("to", flat=True)) == movers
    assert letters("joined").count() == 4
    assert (letters("closing").count(), letters("ended_early").count()) == (0, 0)
    for message in letters("merged"):
        reader = small.memberships.get(application__user__email=message.to).application.user
        body = message.text + message.html
        assert [word for word in names_and_addresses(small, but=reader) if word in body] == []


def test_facilitators_of_the_first_circle_are_free_again(cohort):
    small, other = circle(cohort, members=2), circle(cohort)
    lead = member(small, "facilitator").application

    services.merge(small, into=other, by=None, at=NOW)

    services.add_facilitator(other, application=lead, by=None, at=NOW)
    assert other.memberships.current().filter(part="facilitator").count() == 2


def test_a_merger_that_cannot_be_leaves_everything_as_it_was(cohort):
    big, other, elsewhere, empty = (
        circle(cohort, members=4),
        circle(cohort),
        circle(CohortFactory()),
        circle(cohort, members=0),
    )
    asked = circle(cohort, members=1)
    FlagFactory(
        partnership=asked, membership=member(asked), kind="leaving", reason="time", wants_new_partner=True
    )
    refused = [
        (big, other, "has room for 3 more"),
        (big, elsewhere, "of one cohort"),
        (big, pair(cohort), "of one cohort"),
        (big, big, "another circle"),
        (empty, other, "nobody in it who could move"),
        (asked, other, "asked to leave"),
    ]

    for one, into, sentence in refused:
        with pytest.raises(NotPossible, match=sentence):
            services.merge(one, into=into, by=None, at=NOW)
    assert (Partnership.objects.active().count(), Message.objects.count()) == (6, 0)


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize("which", [0, 1])
def test_nobody_merges_a_circle_of_their_own_or_of_another_programme(cohort, which):
    circles = [circle(cohort, members=2), circle(cohort, members=2)]
    own = DutyFactory(programme=cohort.programme).user
    MembershipFactory(partnership=circles[which], application=ApplicationFactory(cohort=cohort, user=own))

    for by, sentence in ((DutyFactory().user, "don't administer"), (own, "of your own")):
        with pytest.raises(NotPossible, match=sentence):
            services.merge(circles[0], into=circles[1], by=by, at=NOW)
    assert Partnership.objects.active().count() == 2


def test_circles_with_room_for_everybody_are_offered(cohort):
    small, fits = circle(cohort, members=2), circle(cohort, members=4)
    circle(cohort, members=5)
    circle(cohort, members=1, state="paused", paused_at=NOW)
    pair(cohort)

    (offered,) = with_room_for(small)

    assert (offered, offered.mentees, offered.facilitators, offered.smallest, offered.largest) == (
        fits,
        4,
        1,
        3,
        6,
    )


# The sweep


def test_a_circle_that_is_too_small_or_has_nobody_to_lead_it_is_flagged_once(cohort):
    circle(cohort, members=3)
    small, unled = circle(cohort, members=2), circle(cohort, members=3)
    unled.memberships.filter(part="facilitator").update(left_on=date(2026, 1, 10))

    assert services.check_circles(at=NOW) == 2
    assert services.check_circles(at=NOW + timedelta(days=9)) == 0

    assert set(Flag.objects.values_list("partnership", "kind", "membership")) == {
        (small.pk, "small", None),
        (unled.pk, "unled", None),
    }
    assert Message.objects.count() == 2


def test_who_has_left_does_not_count(cohort):
    made = circle(cohort, members=3)
    services.check_circles(at=NOW)
    assert kinds() == []

    services.let_go(member(made), by=None, at=NOW)
    services.check_circles(at=NOW)

    assert kinds() == ["small"]


def test_a_flag_settles_by_itself_once_its_cause_is_gone(cohort):
    made = circle(cohort, members=2)
    services.check_circles(at=NOW)
    services.join(made, people=[ready(ApplicationFactory, cohort, pathway="circle")], by=None, at=NOW)

    services.check_circles(at=NOW + timedelta(days=1))

    flag = Flag.objects.get()
    assert (flag.settled_at, flag.settled_by) == (NOW + timedelta(days=1), None)


def test_paused_ended_and_over_circles_and_pairs_are_left_alone(cohort):
    circle(cohort, members=1, state="paused", paused_at=NOW)
    services.end(circle(cohort, members=1), by=None, at=NOW, reason=EndReason.OFFICE)
    pair(cohort)
    over = CohortFactory(programme=cohort.programme, slug="before", ends_on=date(2026, 1, 13))
    circle(over, members=1)

    assert services.check_circles(at=NOW) == 0


def test_what_the_office_has_settled_comes_again_only_once_the_circle_has_changed(cohort):
    made = circle(cohort, members=2)
    services.check_circles(at=NOW)
    services.settle(Flag.objects.get(), by=DutyFactory(programme=cohort.programme).user, at=NOW)
    later = NOW + timedelta(days=2)

    assert services.check_circles(at=later) == 0
    services.let_go(member(made), by=None, at=later)
    assert services.check_circles(at=later) == 1


def test_one_circle_that_cannot_be_flagged_holds_back_no_other(cohort, caplog):
    broken, whole = circle(cohort, members=2), circle(cohort, members=2)

    with breaks(Flag, partnership_id=broken.pk):
        assert services.check_circles(at=NOW) == 1

    assert list(Flag.objects.values_list("partnership", flat=True)) == [whole.pk]
    assert [record.message for record in caplog.records] == [f"Circle {broken.pk} could not be checked."]
