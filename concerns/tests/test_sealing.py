from uuid import uuid4

import pytest

from concerns import sealing
from concerns.sealing import DataKey, Unreadable

OLD, NEW = "an older key of the environment, 0123456789", "a newer key of the environment, 9876543210"
PLACE = "concerns_case/sealed_contact/1"


@pytest.fixture(autouse=True)
def keys(settings):
    settings.CONCERN_KEYS = [OLD]
    return settings


def sealed_key(place=PLACE):
    key = DataKey.new()
    return key, *key.wrap(place=place)


@pytest.mark.parametrize("value", ["", "a", "ü" * 63, "x" * 5000, {"by": 3, "text": "Łukasz \x80\x00"}, 12])
def test_what_is_sealed_opens_to_the_same(value):
    key = DataKey.new()

    assert key.open(key.seal(value, place=PLACE), place=PLACE) == value


def test_sealing_twice_never_gives_the_same():
    key = DataKey.new()

    assert key.seal("a", place=PLACE) != key.seal("a", place=PLACE)


@pytest.mark.parametrize(
    "place",
    ["concerns_case/sealed_reporter/1", "concerns_entry/sealed_contact/1", "concerns_case/sealed_contact/2"],
)
def test_a_value_that_was_moved_to_another_table_column_or_row_does_not_open(place):
    key = DataKey.new()
    sealed = key.seal("a", place=PLACE)

    with pytest.raises(Unreadable):
        key.open(sealed, place=place)


def test_a_value_that_was_altered_does_not_open():
    key = DataKey.new()
    sealed = bytearray(key.seal("a", place=PLACE))
    sealed[-1] ^= 1

    with pytest.raises(Unreadable):
        key.open(bytes(sealed), place=PLACE)


def test_the_key_of_another_case_opens_nothing():
    sealed = DataKey.new().seal("a", place=PLACE)

    with pytest.raises(Unreadable):
        DataKey.new().open(sealed, place=PLACE)


def test_lengths_do_not_tell_a_short_choice_from_a_long_one():
    key = DataKey.new()

    lengths = {
        len(key.seal(value, place=PLACE)) for value in ("", "me", "partner", "020 7946 0000, after six")
    }

    assert len(lengths) == 1


def test_a_new_first_key_wraps_and_the_old_one_still_opens(keys):
    key, key_id, wrapped = sealed_key()
    sealed = key.seal("a", place=PLACE)
    keys.CONCERN_KEYS = [NEW, OLD]

    again = DataKey.unwrap(key_id, wrapped, place=PLACE)

    assert again.open(sealed, place=PLACE) == "a"
    assert again.wrap(place=PLACE)[0] == DataKey.new().wrap(place=PLACE)[0] != key_id


def test_a_key_that_is_gone_from_the_list_opens_nothing(keys):
    _, key_id, wrapped = sealed_key()
    keys.CONCERN_KEYS = [NEW]

    with pytest.raises(Unreadable):
        DataKey.unwrap(key_id, wrapped, place=PLACE)


def test_a_wrapped_key_does_not_open_in_another_row():
    _, key_id, wrapped = sealed_key(place=f"concerns_case/wrapped_key/{uuid4()}")

    with pytest.raises(Unreadable):
        DataKey.unwrap(key_id, wrapped, place=f"concerns_case/wrapped_key/{uuid4()}")


def test_fingerprints_of_older_keys_are_found_after_a_new_key(keys):
    before = sealing.fingerprint("reporter", 7)
    keys.CONCERN_KEYS = [NEW, OLD]

    found = sealing.fingerprints("reporter", 7)

    assert found == [sealing.fingerprint("reporter", 7), before]


def test_fingerprints_of_two_purposes_cannot_be_compared():
    assert sealing.fingerprint("reporter", 7) != sealing.fingerprint("excluded", 7)


def test_a_fingerprint_cannot_be_made_without_the_key(keys):
    before = sealing.fingerprint("reporter", 7)
    keys.CONCERN_KEYS = [NEW]

    assert sealing.fingerprint("reporter", 7) != before
