"""Every table of moves is tried over all pairs of states: what it allows works, what it doesn't allow is refused."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import TextChoices

import applications.models
import concerns.models
import meetings.models
import overview.models
import partnerships.models
import training.models
from applications.models import Application
from concerns.models import Case
from meetings.models import Meeting
from mentorship.lib.refusals import NotPossible
from overview.models import DataRequest
from partnerships.models import EndReason, Partnership
from partnerships.tests.factories import PartnershipFactory
from training.models import Booking

AT = datetime(2026, 1, 14, 9, tzinfo=UTC)


class Table(NamedTuple):
    moves: dict[str, set[str]]
    states: type[TextChoices]
    in_state: Callable[[str], models.Model]
    move: Callable[[models.Model, str], None]


def partnership(state: str) -> Partnership:
    has_ended = state == partnerships.models.State.ENDED
    return PartnershipFactory(
        state=state,
        paused_at=AT if state == partnerships.models.State.PAUSED else None,
        ended_at=AT if has_ended else None,
        end_reason=EndReason.OFFICE if has_ended else "",
    )


TABLES = {
    "applications": Table(
        applications.models.MOVES,
        applications.models.State,
        lambda state: Application(state=state),
        lambda application, state: application.move_to(state),
    ),
    "concerns": Table(
        concerns.models.MOVES,
        concerns.models.State,
        lambda state: Case(state=state),
        lambda case, state: case.move_to(state),
    ),
    "meetings": Table(
        meetings.models.MOVES,
        meetings.models.State,
        lambda state: Meeting(state=state),
        lambda meeting, state: meeting.move_to(state),
    ),
    "overview": Table(
        overview.models.MOVES,
        overview.models.State,
        lambda state: DataRequest(state=state),
        lambda request, state: request.move_to(state),
    ),
    "training": Table(
        training.models.MOVES,
        training.models.State,
        lambda state: Booking(state=state),
        lambda booking, state: booking.move_to(state),
    ),
    "partnerships": Table(
        partnerships.models.MOVES,
        partnerships.models.State,
        partnership,
        lambda partnership, state: partnership.move_to(state, at=AT, reason=EndReason.OFFICE),
    ),
}
PAIRS = [(app, *pair) for app, table in TABLES.items() for pair in product(table.states, repeat=2)]


def test_every_table_of_moves_is_tried_here():
    apps_with_moves = [
        config.label
        for config in apps.get_app_configs()
        if Path(config.path).parent == settings.BASE_DIR
        and config.models_module
        and hasattr(importlib.import_module(f"{config.name}.models"), "MOVES")
    ]

    assert sorted(apps_with_moves) == sorted(TABLES)


@pytest.mark.parametrize("app", TABLES)
def test_a_table_of_moves_knows_each_state(app):
    assert set(TABLES[app].moves) == set(TABLES[app].states)


@pytest.mark.django_db
@pytest.mark.parametrize(("app", "before", "after"), PAIRS)
def test_a_move_is_made_if_the_table_allows_it_and_refused_otherwise(app, before, after):
    table = TABLES[app]
    is_allowed = after in table.moves[before]
    row = table.in_state(before)

    with nullcontext() if is_allowed else pytest.raises(NotPossible):
        table.move(row, after)

    assert row.state == (after if is_allowed else before)
