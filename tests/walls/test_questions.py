"""What the admin's lists can be asked: search, filters, actions; none tells of another programme (ALL-1)."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.urls import reverse

from applications.models import Application
from outbox.models import Message
from overview.tests.canaries import OF_THE_HOUSE
from tests.walls.canaries import OURS, THEIRS, met
from tests.walls.crawl import knock
from tests.walls.table import Row
from tests.walls.table.unnamed import OLD_ROWS
from tests.walls.world import MISSING

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ALL-1")]
# Who works in the admin of one programme, and the herd that they must never meet.
OFFICES = {"AD": THEIRS, "EL": THEIRS, "XA": OURS}
MODELS = [pytest.param(model, id=model._meta.model_name) for model in admin.site._registry]


def list_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def row_of(world, model, whose=""):
    """One row of a model of ours, or of theirs."""
    name = OLD_ROWS[f"{model._meta.app_label}/{model._meta.model_name}"]
    return world.row(f"their {name}" if whose == "their" else name)


def ask(world, role, page, method="GET", **data):
    """One question, after which everything is as it was: the answer's cell."""
    row = Row(page, "-", method, {})
    world.newest = Message.objects.order_by("-pk").values_list("pk", flat=True)[0]
    return knock(world, row, page, role, "ok", data)


def strangers(world, role, words):
    """Columns of the other programme that a role met; a public page's words are everybody's."""
    herd = world.theirs.herd if OFFICES[role] == THEIRS else world.ours.herd
    return sorted({herd.stands_for[word][0] for word in words if word.startswith(herd.name)})


def offices_of(model):
    """Who decides eligibility has one list; the other lists refuse them, as the table says."""
    return [role for role in OFFICES if role != "EL" or model is Application]


def pages_of(world, role, page):
    """The list, and each page that one of its filters or dates leads to."""
    said = world.clients[role].get(page).content.decode()
    links = {unescape(link) for link in re.findall(r'href="(\?[^"]*)"', said)}
    return [page, *sorted(page + link for link in links if not link.startswith("?o="))]


@pytest.mark.parametrize("model", MODELS)
def test_no_filter_of_a_list_shows_another_programme(world, model):
    said = {
        (role, page): strangers(world, role, ask(world, role, page).met)
        for role in offices_of(model)
        for page in pages_of(world, role, list_of(model))
    }

    assert {place: words for place, words in said.items() if words} == {}


@pytest.mark.parametrize("model", MODELS)
def test_no_search_finds_anything_of_another_programme(world, model):
    said = {}
    for role in offices_of(model):
        words = (OFFICES[role], "nobody")
        theirs, nothing = (ask(world, role, f"{list_of(model)}?q={word}") for word in words)
        said[role] = (theirs.got == nothing.got, strangers(world, role, theirs.met))

    assert said == dict.fromkeys(offices_of(model), (True, []))


def actions_of(model):
    return ["delete_selected", "nonsense", *(action for action in admin.site._registry[model].actions or [])]


@pytest.mark.parametrize("model", MODELS)
def test_a_ticked_row_of_another_programme_is_like_one_that_is_missing(world, model):
    """For each action of the list; once asked and once confirmed."""
    differ = []
    for role in set(offices_of(model)) - {"XA"}:
        for action in actions_of(model):
            for more in ({}, {"confirmed": "yes", "post": "yes"}):
                theirs, missing = (
                    ask(
                        world,
                        role,
                        list_of(model),
                        "POST",
                        action=action,
                        **{ACTION_CHECKBOX_NAME: pk},
                        **more,
                    )
                    for pk in (row_of(world, model, "their").pk, MISSING)
                )
                told = [(cell.got, cell.answer, cell.wrote) for cell in (theirs, missing)]
                if told[0] != told[1] or theirs.wrote:
                    differ.append((role, action, theirs.got, missing.got, set(theirs.wrote)))

    assert differ == []


@pytest.mark.parametrize("model", MODELS)
def test_an_action_on_all_rows_takes_those_of_the_own_programme_alone(world, model):
    """“Select all” and a tick of each side: what answers and what is posted has no word of the other."""
    said = {}
    for action in actions_of(model):
        ticked = [row_of(world, model).pk, row_of(world, model, "their").pk]
        for more in ({}, {"confirmed": "yes", "post": "yes"}):
            data = {"action": action, ACTION_CHECKBOX_NAME: ticked, "select_across": "1", **more}
            cell = ask(world, "AD", list_of(model), "POST", **data)
            words = set(cell.met).union(*(words for _, _, words in cell.letters))
            said[action, bool(more)] = strangers(world, "AD", words)

    assert {place: words for place, words in said.items() if words} == {}


FIELDS = [
    (model, field) for model in admin.site._registry for field in model._meta.fields if field.remote_field
]


@pytest.mark.parametrize("role", list(OFFICES))
def test_autocomplete_finds_nothing_of_another_programme(world, role):
    said = {}
    for model, field in FIELDS:
        names = {
            "app_label": model._meta.app_label,
            "model_name": model._meta.model_name,
            "field_name": field.name,
        }
        query = urlencode(names)
        for term in ("", OFFICES[role]):
            met_there = ask(world, role, f"{reverse('admin:autocomplete')}?{query}&term={term}").met
            said[model, field.name, term] = strangers(world, role, met_there)

    assert {place: words for place, words in said.items() if words} == {}


@pytest.mark.parametrize("column", ["name", "text", "bio", "user__email", "cohort__programme__name"])
def test_a_question_by_the_address_is_refused_alike_whatever_it_would_find(world, column):
    differ = []
    for model in admin.site._registry:
        page = f"{list_of(model)}?{column}__startswith="
        theirs, nothing = (ask(world, "AD", page + word).got for word in (THEIRS, "nobody"))
        if theirs != nothing:
            differ.append((model, theirs, nothing))

    assert differ == []


def test_the_herds_words_are_met_by_their_own_office(world):
    """Or the tests above would pass where nothing is shown at all."""
    for herd, office in ((OURS, "AD"), (THEIRS, "XA")):
        with transaction.atomic():
            pages = [
                "".join(world.clients[role].get(list_of(model)).content.decode() for role in (office, "SU"))
                for model in admin.site._registry
                if model not in OF_THE_HOUSE
            ]
            transaction.set_rollback(True)
        assert len([page for page in pages if any(word.startswith(herd) for word in met(page))]) == len(pages)
