"""Who may never be paired, and by which rule."""

import pytest

from matching.engine import HardRule, Person, forbidden_pairs


def rules(mentees, mentors, **switches):
    return forbidden_pairs(mentees, mentors, **switches).rule_of()


def test_nobody_is_paired_with_themselves_even_with_every_rule_off():
    found = rules(
        [Person("a"), Person("b")], [Person("b"), Person("c")], management_line=False, same_manager=False
    )

    assert found == {(1, 0): HardRule.SAME_PERSON}


@pytest.mark.parametrize("mentor_line", [("m1", "m2"), ("m1",)])
def test_a_line_manager_is_forbidden_in_either_direction_and_at_any_distance(mentor_line):
    """The mentee's line is their manager m1 and m1's manager m2, told by the one row or the other."""
    mentee = Person("a", managers=mentor_line)
    mentors = [Person("m1", managers=("m2",)), Person("m2"), Person("other")]
    juniors = [Person("junior", managers=("a",)), Person("junior's junior", managers=("junior",))]

    assert rules([mentee], mentors) == dict.fromkeys([(0, 0), (0, 1)], HardRule.MANAGEMENT_LINE)
    assert rules([mentee], juniors) == dict.fromkeys([(0, 0), (0, 1)], HardRule.MANAGEMENT_LINE)


def test_the_line_is_followed_through_people_in_the_other_role():
    """a reports to b, a mentee, who reports to c, a mentor."""
    mentees = [Person("a", managers=("b",)), Person("b", managers=("c",))]

    found = rules(mentees, [Person("c")])

    assert found == {(0, 0): HardRule.MANAGEMENT_LINE, (1, 0): HardRule.MANAGEMENT_LINE}


def test_rows_that_contradict_each_other_are_followed_to_their_end():
    people = [Person("a", managers=("b",)), Person("b", managers=("a",))]

    found = rules(people, people)

    assert found == {
        (0, 0): HardRule.SAME_PERSON,
        (0, 1): HardRule.MANAGEMENT_LINE,
        (1, 0): HardRule.MANAGEMENT_LINE,
        (1, 1): HardRule.SAME_PERSON,
    }


def test_people_with_the_same_direct_manager_are_forbidden_and_an_unknown_manager_is_nobody():
    mentees = [Person("a", managers=("m", "top")), Person("b")]
    mentors = [Person("c", managers=("m",)), Person("d", managers=("top",)), Person("e")]

    assert rules(mentees, mentors) == {(0, 0): HardRule.SAME_MANAGER}
    assert rules(mentees, mentors, same_manager=False) == {}


def test_one_division_is_forbidden_only_where_the_programme_says_so():
    mentees, mentors = (
        [Person("a", division="Library"), Person("b")],
        [Person("c", division="Library"), Person("d")],
    )

    assert rules(mentees, mentors) == {}
    assert rules(mentees, mentors, same_division=True) == {(0, 0): HardRule.SAME_DIVISION}


def test_pairs_of_the_caller_come_with_their_own_rule():
    people = [Person("a"), Person("b"), Person("c")], [Person("d"), Person("e")]

    found = forbidden_pairs(*people, refused=[(2, 1)], ended=[(0, 1), (2, 1)], other=[(1, 0)])

    assert found.pairs.tolist() == [[0, 1], [1, 0], [2, 1]]
    assert found.rules == (HardRule.ENDED, HardRule.OTHER, HardRule.REFUSED)


def test_nobody_at_all_makes_no_pairs():
    assert forbidden_pairs([], []).pairs.shape == (0, 2)
