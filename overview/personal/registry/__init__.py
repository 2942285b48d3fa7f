"""Every table of the product: whose rows it has, or why it has none of anybody's.

A test fails for a table in neither list, for a column without a level and for a way to a person that isn't named.
A new table is one entry more, here or beside its neighbours. The record of processing is written from it.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps
from django.db.models import Model

from overview.personal.holding import Holding
from overview.personal.registry import accounts, concerns, matching, requests, taking_part

HOLDINGS: tuple[Holding, ...] = (
    *accounts.HOLDINGS,
    *taking_part.HOLDINGS,
    *matching.HOLDINGS,
    *concerns.HOLDINGS,
    *requests.HOLDINGS,
)

# Tables in which nobody stands, and why.
WITHOUT_PEOPLE: Mapping[str, str] = {
    "auth.Permission": "What code may ask for.",
    "auth.Group": "A name for permissions.",
    "auth.Group_permissions": "A name for permissions.",
    "contenttypes.ContentType": "A list of tables.",
    "programmes.Programme": "The office's own text, and an address that is the team's.",
    "programmes.Option": "What can be chosen.",
    "programmes.Ask": "What is asked.",
    "programmes.SheetColumn": "What a column of the office's sheet means.",
    "programmes.CatalogueRow": "As a programme was delivered.",
    "programmes.PolicyVersion": "Published text.",
    "programmes.DisclosedFact": "What a policy lists.",
    "programmes.Cohort": "Dates of a programme.",
    "programmes.KeyDate": "Dates of a programme.",
    "programmes.Aim": "The office's own text.",
    "programmes.Commitment": "The office's own text.",
    "programmes.Resource": "The office's own text.",
    "programmes.Pathway": "Rules of a programme.",
    "programmes.Weight": "Rules of a programme.",
    "programmes.Wording": "The office's own text.",
    "applications.WhoMayJoin": "For whom a programme was, when the clock last looked.",
    "overview.Snapshot": "That a cohort was counted in a month.",
    "overview.Table": "A rounded count; numbers of answers behind it are sealed, and lead nowhere once these go.",
    "overview.Figure": "A rounded count.",
    "overview.RetentionPeriod": "Months for each category.",
    "overview.RetentionRun": "Counts for each category.",
    "training.Session": "A date of a programme, with a place or link.",
}


def holding_of(model: type[Model]) -> Holding | None:
    """What is said of a table; None where nobody stands in it."""
    return {holding.model_class: holding for holding in HOLDINGS}.get(model)


def tables() -> list[type[Model]]:
    """Every table of the project and of the packages it uses."""
    return list(apps.get_models(include_auto_created=True))
