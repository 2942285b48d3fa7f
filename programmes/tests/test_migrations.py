"""Migrations that carry data, on a database as it was before them."""

import pytest
from django.db import connection
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.executor import MigrationExecutor

from programmes.models import CatalogueRow, Pathway, Programme, Weight
from programmes.tests.factories import WeightFactory

# Each goes back through most migrations and forward again: where it matters (an office's data) is PostgreSQL.
pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="slow, and tried where offices run it"
)
BEFORE = ("programmes", "0001_initial")
MOVED = ("forbids_line_management", "forbids_same_manager")


def migrate(target):
    """Goes there; gives the models as they are there."""
    MigrationExecutor(connection).migrate([target])
    return MigrationExecutor(connection).loader.project_state([target]).apps


@pytest.fixture
def before(transactional_db):
    """The models of before, on tables of before; the newest tables come back in the end."""
    yield migrate(BEFORE)
    migrate_to_the_newest()


def migrate_to_the_newest():
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def programme_of(before, slug, *, kinds, apart):
    """A programme as the catalogue installed it, with two weights of which the office removed the second."""
    model = before.get_model("programmes", "Programme")
    programme = model.objects.create(
        slug=slug, name=slug, contact_address="team@lse.example", forbids_line_management=apart
    )
    remember(programme, "programme", programme.pk, name=slug, forbids_line_management=apart)
    for kind in kinds:
        remember(
            programme, f"pathways/{kind}", programme.pathways.create(kind=kind, label=kind).pk, kind=kind
        )
    for part, strength in [("sectors", 4), ("place", 1)]:
        weight = programme.weights.create(part=part, strength=strength)
        remember(programme, f"weights/{part}", weight.pk, part=part, strength=strength)
    programme.weights.filter(part="place").delete()
    programme.weights.create(part="level", strength=0)
    return programme


def remember(programme, path, pk, **values):
    programme.catalogue_rows.create(path=path, row_pk=pk, values=values)


def test_weights_of_a_programme_go_to_each_of_its_pathways(before):
    programme_of(before, "both", kinds=["one_to_one", "circle"], apart=False)
    programme_of(before, "pairs", kinds=["one_to_one"], apart=False)
    programme_of(before, "none", kinds=[], apart=False)

    migrate_to_the_newest()

    found = Weight.objects.values_list("pathway__programme__slug", "pathway__kind", "part", "strength")
    assert set(found) == {
        (slug, kind, part, strength)
        for slug, kind in [("both", "one_to_one"), ("both", "circle"), ("pairs", "one_to_one")]
        for part, strength in [("sectors", 4), ("level", 0)]
    }


def test_lines_of_management_stay_apart_on_each_pathway_and_nothing_else_changes(before):
    programme_of(before, "apart", kinds=["one_to_one", "circle"], apart=True)
    programme_of(before, "free", kinds=["one_to_one"], apart=False)

    migrate_to_the_newest()

    rules = [*MOVED, "forbids_same_division", "forbids_former_partners", "objective"]
    assert set(Pathway.objects.values_list("programme__slug", "kind", *rules)) == {
        ("apart", "one_to_one", True, True, False, True, "total"),
        ("apart", "circle", True, True, False, True, "total"),
        ("free", "one_to_one", False, False, False, True, "total"),
    }


def test_the_catalogue_remembers_what_it_wrote_under_the_new_names(before):
    programme_of(before, "both", kinds=["one_to_one", "circle"], apart=True)
    before.get_model("programmes", "Programme").objects.update(forbids_line_management=False)

    migrate_to_the_newest()

    programme = Programme.objects.get()
    memories = {row.path: row for row in programme.catalogue_rows.all()}
    expected = {"programme": {"name": "both"}}
    for kind in ["one_to_one", "circle"]:
        rules = dict.fromkeys(MOVED, True) | {"forbids_same_division": False, "forbids_former_partners": True}
        expected[f"pathways/{kind}"] = {"kind": kind, "objective": "total"} | rules
        expected[f"weights/{kind}/sectors"] = {"part": "sectors", "strength": 4}
        expected[f"weights/{kind}/place"] = {"part": "place", "strength": 1}
        weight = Weight.objects.get(pathway__kind=kind, part="sectors")
        assert memories[f"weights/{kind}/sectors"].row_pk == weight.pk
        assert memories[f"weights/{kind}/place"].row_pk == 0
    assert {path: row.values for path, row in memories.items()} == expected
    assert CatalogueRow.objects.count() == len(expected)


def test_rules_of_pathways_never_get_lost_on_the_way_back(transactional_db):
    WeightFactory(pathway__forbids_line_management=True)

    with pytest.raises(IrreversibleError, match="can't go back"):
        migrate(BEFORE)

    migrate_to_the_newest()
    assert Pathway.objects.get().forbids_line_management
