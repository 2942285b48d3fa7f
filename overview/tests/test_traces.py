"""By what somebody is recognised in a text, and what isn't them."""

import pytest

from accounts.models import GONE
from overview.services.erasing.traces import Traces

ADA = Traces("Ada O'Neill, Dr", frozenset({"ada@lse.example"}))


@pytest.mark.parametrize(
    "text",
    [
        "Ada O'Neill, Dr, is here.",
        "ADA o'neill,\n dr",
        "<p>Ada O&#x27;Neill, Dr</p>",
        "SUMMARY:Ada O'Neill\\, Dr",
        "DESCRIPTION:With Ada O'Ne\r\n ill\\, Dr",
        "mailto:ADA@lse.example?subject=x",
        "Write to ada@lse.example.",
        '"Duty \\u201cAda O\'Neill, Dr\\u201d"',
    ],
)
def test_a_name_and_an_address_are_found_as_letters_and_calendars_write_them(text):
    assert ADA.are_in(text)
    assert GONE in ADA.taken_out_of(text)
    assert not ADA.are_in(ADA.taken_out_of(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ada O'Neill",
        "Ada O'Neill, Drake",
        "granada@lse.example",
        "ada@lse.example.org",
        "ada@lse.examples",
    ],
)
def test_longer_words_and_other_addresses_are_somebody_elses(text):
    assert not ADA.are_in(text)
    assert ADA.taken_out_of(text) == text


def test_a_name_of_one_word_counts_in_its_own_letters_and_a_very_short_one_not_at_all():
    rose, li = Traces("Rose", frozenset()), Traces("Li", frozenset())

    assert [rose.are_in(text) for text in ("Rose is here", "the sun rose", "Roses")] == [True, False, False]
    assert not li.are_in("Li is here")


def test_only_a_name_that_can_be_no_word_is_taken_out_of_what_still_leaves():
    names = {name: Traces(name, frozenset()).certain.name for name in ("Rose", "Margaret", "Ada Li")}

    assert names == {"Rose": "", "Margaret": "Margaret", "Ada Li": "Ada Li"}


def test_it_is_taken_out_of_plain_data_too():
    said = [{"changed": {"name": ["ada@lse.example", 1, None]}}]

    assert ADA.taken_out_of_all(said) == [{"changed": {"name": [GONE, 1, None]}}]
