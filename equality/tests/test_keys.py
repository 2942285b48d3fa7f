from uuid import uuid4

import pytest

from equality import keys

pytestmark = pytest.mark.clause("EI-7")
OTHER = "another-secret-" + "y8R" * 12


def test_a_pseudonym_is_a_persons_own_in_each_cohort():
    made = [keys.pseudonym(cohort=c, account=a) for c, a in [(1, 1), (1, 2), (2, 1), (11, 1), (1, 11)]]

    assert (len(set(made)), {len(each) for each in made}) == (5, {64})
    assert keys.pseudonym(cohort=1, account=1) == made[0]


def test_without_the_secret_a_pseudonym_cannot_be_made(settings):
    made = keys.pseudonym(cohort=1, account=1)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER, []

    assert made not in keys.pseudonyms(cohort=1, account=1)


def test_a_former_secret_still_finds_and_the_present_one_makes(settings):
    former, made = settings.SECRET_KEY, keys.pseudonym(cohort=1, account=1)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER, [former]

    first, second = keys.pseudonyms(cohort=1, account=1)

    assert (second, keys.pseudonym(cohort=1, account=1)) == (made, first)


@pytest.mark.parametrize("number", [0, 1, 63, 64, 65])
def test_a_sealed_list_opens_again_in_its_place_and_nowhere_else(number):
    rows = frozenset(uuid4() for _ in range(number))
    sealed = keys.seal(rows, place="here")

    assert (keys.unseal(sealed, place="here"), keys.unseal(sealed, place="there")) == (rows, None)


def test_the_length_of_a_sealed_list_tells_its_rows_in_steps_alone():
    lengths = {len(keys.seal([uuid4() for _ in range(number)], place="here")) for number in range(1, 65)}

    assert len(lengths) == 1


def test_a_list_whose_secret_is_gone_or_that_was_emptied_does_not_open(settings):
    sealed = keys.seal([uuid4()], place="here")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER, []

    assert [keys.unseal(each, place="here") for each in (sealed, b"")] == [None, None]


def test_a_former_secret_still_opens_a_list(settings):
    rows = frozenset({uuid4()})
    sealed = keys.seal(rows, place="here")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER, [settings.SECRET_KEY]

    assert keys.unseal(sealed, place="here") == rows
