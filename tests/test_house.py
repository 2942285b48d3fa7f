"""Rules of the house that no linter knows; the floors are kept by import-linter (pyproject.toml)."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

APPS = [config for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR]
MODELS = [model for config in APPS for model in config.get_models()]
MODULES = [
    path
    for folder in [*(Path(config.path) for config in APPS), settings.BASE_DIR / "mentorship"]
    for path in sorted(folder.rglob("*.py"))
    if not {"tests", "migrations"} & set(path.relative_to(settings.BASE_DIR).parts)
]
LONGEST_MODULE = 400


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_model_has_a_save_or_a_delete_of_its_own(model):
    """Bulk operations pass them by, so no rule may live there."""
    assert {"save", "delete"} & set(vars(model)) == set()


def test_nothing_listens_to_signals():
    listening = [
        path
        for path in MODULES
        if re.search(r"django\.(dispatch|db\.models\.signals)|signals import", path.read_text())
    ]

    assert listening == []


def test_no_module_is_too_long_to_read():
    assert [path.name for path in MODULES if len(path.read_text().splitlines()) > LONGEST_MODULE] == []


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("declarations.Declaration", marks=pytest.mark.clause("BM-2")),
        pytest.param("equality.Answers", marks=pytest.mark.clause("EI-7")),
    ],
)
def test_nobody_reaches_a_declaration_or_an_answer_by_walking_from_another_row(name):
    model = apps.get_model(name)
    ways = [field.remote_field for field in model._meta.get_fields() if field.is_relation]

    assert [way.hidden for way in ways] == [True] * len(ways)


def test_nothing_is_left_for_later():
    marks = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]))

    assert [path for path in MODULES if marks.search(path.read_text())] == []
