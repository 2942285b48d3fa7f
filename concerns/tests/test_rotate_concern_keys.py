"""The command that brings every case under the newest key."""

import io

import pytest
from django.core.management import CommandError, call_command

from concerns.models import Case
from concerns.sealing import current_key_id
from concerns.tests.factories import file_case, file_without_name

pytestmark = pytest.mark.django_db
NEWER = "a newer key of the environment, 9876543210"


@pytest.fixture
def cases():
    return [file_case(), file_without_name().case]


def rotate():
    said = io.StringIO()
    call_command("rotate_concern_keys", stdout=said)
    return said.getvalue()


def refusal():
    with pytest.raises(CommandError) as error:
        rotate()
    return str(error.value)


def test_it_says_how_many_were_wrapped_anew_and_that_older_keys_can_go(cases, settings):
    settings.CONCERN_KEYS = [NEWER, *settings.CONCERN_KEYS]

    said = rotate()

    assert "Wrapped anew: 2." in said and "Older keys can be taken out" in said
    assert set(Case.objects.values_list("key_id", flat=True)) == {current_key_id()}


def test_it_may_be_run_again(cases, settings):
    settings.CONCERN_KEYS = [NEWER, *settings.CONCERN_KEYS]
    rotate()

    assert "Wrapped anew: 0." in rotate()


def test_what_was_stopped_half_way_is_finished_by_the_next_run(cases, settings):
    settings.CONCERN_KEYS = [NEWER, *settings.CONCERN_KEYS]
    rotate()
    file_case()
    settings.CONCERN_KEYS = ["the newest key of all, abcdefghijklmnopqrstuvwxyz", *settings.CONCERN_KEYS]

    assert "Wrapped anew: 3." in rotate()


def test_a_key_that_is_missing_stops_it_before_anything_and_no_key_is_named(cases, settings):
    missing = settings.CONCERN_KEYS
    before = set(Case.objects.values_list("pk", "key_id"))
    settings.CONCERN_KEYS = [NEWER]

    said = refusal()

    assert "No key of CONCERN_KEYS opens 2 concerns: put the missing key back" in said
    assert [key for key in [NEWER, *missing] if key in said] == []
    assert set(Case.objects.values_list("pk", "key_id")) == before


def test_a_case_whose_key_was_altered_stops_it_with_a_sentence(cases, settings):
    settings.CONCERN_KEYS = [NEWER, *settings.CONCERN_KEYS]
    Case.objects.filter(pk=cases[0].pk).update(wrapped_key=b"altered" * 10)

    assert "A concern doesn’t open with the key that wrapped it" in refusal()
