"""Every table with a person in it is written down: whose, why, how near, how long, and what becomes of it."""

from collections.abc import Iterator

import pytest
from django.db.models import Field, Model

from accounts.models import User
from applications.models import Application
from overview.personal.categories import CATEGORIES
from overview.personal.holding import Erasure, Holding, Level
from overview.personal.registry import HOLDINGS, WITHOUT_PEOPLE, holding_of, tables
from partnerships.models import Membership

PEOPLE = (User, Application, Membership)
by_model = pytest.mark.parametrize("holding", HOLDINGS, ids=lambda holding: holding.model)


def columns_of(model: type[Model]) -> list[Field]:
    return list(model._meta.local_concrete_fields)


def leads_to_people(model: type[Model], seen: frozenset = frozenset()) -> bool:
    """Whether a row of this table leads to an account by any chain of foreign keys."""
    if model is User:
        return True
    targets = {field.related_model for field in columns_of(model) if field.related_model} - seen
    return any(leads_to_people(target, seen | {model}) for target in targets)


def unnamed_ways(holding: Holding) -> Iterator[str]:
    """Foreign keys to a person, or to what is one person's own, that neither `of` nor `by` begins with."""
    named = {way.split("__")[0] for way in (*holding.of, *holding.by)}
    for field in columns_of(holding.model_class):
        if field.related_model in PEOPLE and field.name not in named:
            yield field.name


def test_every_table_has_people_that_are_described_or_has_none_for_a_reason():
    described = [holding.model for holding in HOLDINGS]
    known = sorted([*described, *WITHOUT_PEOPLE])
    assert known == sorted(model._meta.label for model in tables())
    assert all(WITHOUT_PEOPLE.values())


@by_model
def test_every_column_says_how_near_it_comes_to_a_person(holding):
    assert sorted(holding.columns) == sorted(field.name for field in columns_of(holding.model_class))


@by_model
def test_every_way_to_a_person_is_named(holding):
    assert list(unnamed_ways(holding)) == []
    assert holding.of or holding.rows


def test_no_table_without_people_leads_to_one():
    # Figures of a match run: they come out of ten people or more, and a run for one has none.
    figures = {"overview.Table", "overview.Figure"}
    without = [model for model in tables() if holding_of(model) is None and model._meta.label not in figures]
    assert [model._meta.label for model in without if leads_to_people(model)] == []


@by_model
def test_every_holding_says_why_for_how_long_what_erasure_does_and_whether_a_copy_has_it(holding):
    assert holding.category in CATEGORIES
    assert holding.category.months > 0
    assert bool(holding.blank) == (holding.erasure is Erasure.BLANK)
    assert holding.erasure is Erasure.DELETE or holding.reason
    assert holding.is_exported == (holding.withheld == "")


@by_model
def test_what_is_blanked_fits_its_column_and_keys_are_never_blanked(holding):
    fields = {field.name: field for field in columns_of(holding.model_class)}
    for name, value in holding.blank.items():
        assert holding.columns[name] in {Level.PERSONAL, Level.SPECIAL}
        assert value is not None or fields[name].null
        assert not fields[name].primary_key


def test_categories_have_keys_of_their_own_and_every_line_is_filled_in():
    assert len({category.key for category in CATEGORIES}) == len(CATEGORIES)
    for category in CATEGORIES:
        assert all([category.title, category.purpose, category.basis, category.read_by, category.kept])


@pytest.mark.django_db
@by_model
def test_a_stranger_has_no_rows_but_their_account(holding, django_user_model):
    stranger = django_user_model.objects.create_user("nobody@lse.example", name="Quiet Stranger")
    expected = [stranger] if holding.model == "accounts.User" else []
    assert list(holding.rows_of(stranger)) == expected
