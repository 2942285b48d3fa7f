"""Migrations that carry data, on a database as it was before them."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from matching.models import Decision, MatchRun, Suggestion

BEFORE = ("matching", "0001_initial")
AT = datetime(2026, 1, 14, 9, tzinfo=UTC)


PROGRAMMES = ("programmes", "0002_rules_and_weights_of_pathways")


def migrate(target):
    """Goes there; gives the models as the tables are then."""
    MigrationExecutor(connection).migrate([target])
    loader = MigrationExecutor(connection).loader
    return loader.project_state(list(loader.applied_migrations)).apps


@pytest.fixture
def before(transactional_db):
    """The models of before, on tables of before; the newest tables come back in the end."""
    yield migrate(BEFORE)
    migrate_to_the_newest()


def migrate_to_the_newest():
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_what_was_locked_or_taken_out_becomes_a_decision_and_runs_so_far_are_done(before):
    def model(name):
        return before.get_model(*name.split("."))

    programme = model("programmes.Programme").objects.create(
        slug="p", name="P", contact_address="team@lse.example"
    )
    policy = model("programmes.PolicyVersion").objects.create(
        programme=programme, kind="policy", label="1", text="…"
    )
    cohort = model("programmes.Cohort").objects.create(
        policy=policy,
        programme=programme, slug="c", name="C", starts_on="2026-01-01", ends_on="2026-06-30",
        sign_up_opens_on="2025-11-01", sign_up_closes_on="2025-12-31",
    )  # fmt: skip
    run = model("matching.MatchRun").objects.create(
        cohort=cohort, started_at=AT, weights={"sectors": 4}, input_hash="a" * 64
    )
    people = []
    for number in range(3):
        pair = []
        for role in ("mentor", "mentee"):
            user = model("accounts.User").objects.create(email=f"{role}{number}@lse.example")
            pair.append(
                model("applications.Application").objects.create(
                    user=user, cohort=cohort, role=role, state="accepted",
                    started_at=AT, submitted_at=AT, decided_at=AT,
                )
            )  # fmt: skip
        people.append(pair)
    for state, pair in zip(("locked", "taken_out", "proposed"), people, strict=True):
        suggestion = model("matching.Suggestion").objects.create(
            run=run, pathway="one_to_one", fit=1, state=state
        )
        for application in pair:
            suggestion.members.create(application=application, part=application.role)

    migrate_to_the_newest()

    decisions = Decision.objects.order_by("kind").values_list("kind", "mentee", "mentor")
    (first, second, _) = people
    assert list(decisions) == [
        ("apart", second[1].pk, second[0].pk),
        ("together", first[1].pk, first[0].pk),
    ]
    assert list(Suggestion.objects.order_by("pk").values_list("state", "is_locked")) == [
        ("proposed", True),
        ("refused", False),
        ("proposed", False),
    ]
    made = MatchRun.objects.get()
    assert (made.state, made.finished_at) == ("done", AT)
    assert made.criteria == {"one_to_one": {"weights": {"sectors": 4}}}
