"""The record of processing activities (Article 30 UK GDPR), written from the registry and the tables themselves."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from overview.personal.categories import CATEGORIES
from overview.personal.holding import Category, Erasure, Holding, Level
from overview.personal.registry import HOLDINGS, WITHOUT_PEOPLE

PATH = settings.BASE_DIR / "docs" / "data-map.md"

_ABOVE = (
    "# Data map\n",
    "What the product holds about people, why, for how long, who reads it, and what becomes of it when somebody asks"
    " to be erased. `manage.py data_map` writes this page from the code; CI fails when the two differ.\n",
    "- **Whose**: each programme's privacy notice names the controller and its data protection officer.",
    "- **Bases and periods** are defaults. The officer checks them before the product is used.",
    "- **Recipients**: nobody outside the School but the mail server that delivers. Nothing else is sent anywhere.",
    "- **Security**: who may read what is decided per programme and duty; staff use a second step; concerns are"
    " sealed ([concerns.md](concerns.md)).\n",
    "How near a column comes to a person: *special* is of Article 9, or tells that somebody is in a programme that is"
    " for one group; *proof* is what somebody proves themselves with, and never part of a copy. Columns that say"
    " nothing of anybody (numbers of rows, states of the system) aren't listed.\n",
)
_LEVELS = {Level.SPECIAL: "special", Level.PROOF: "proof"}


def written() -> str:
    """The whole page."""
    return "\n".join(
        [*_ABOVE, *(part for category in CATEGORIES for part in _category(category)), *_without()]
    )


def _category(category: Category) -> Iterator[str]:
    """Nothing for a category of which no table is here yet."""
    holdings = [holding for holding in HOLDINGS if holding.category is category]
    if not holdings:
        return
    yield f"## {category.title}\n"
    yield f"- **Purpose**: {category.purpose}"
    yield f"- **Lawful basis**: {category.basis}."
    yield f"- **Kept**: {category.months} months from {category.kept}."
    yield f"- **Read by**: {category.read_by}.\n"
    yield "| table | columns about people | when erased | in a person's copy |"
    yield "|---|---|---|---|"
    yield from (_row(holding) for holding in holdings)
    yield ""


def _row(holding: Holding) -> str:
    cells = [holding.model, _columns(holding), _erased(holding), holding.withheld or "yes"]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _columns(holding: Holding) -> str:
    """In the order of the table."""
    named = [field.name for field in holding.model_class._meta.local_concrete_fields]
    levels = [(name, holding.columns[name]) for name in named]
    return ", ".join(
        f"{name} (*{_LEVELS[level]}*)" if level in _LEVELS else name
        for name, level in levels
        if level is not Level.NEUTRAL
    )


def _erased(holding: Holding) -> str:
    if holding.erasure is Erasure.DELETE:
        return f"goes. {holding.reason}".strip()
    if holding.erasure is Erasure.KEEP:
        return f"stays. {holding.reason}"
    return f"stays without {', '.join(holding.blank)}. {holding.reason}"


def _without() -> Iterator[str]:
    yield "## Tables in which nobody stands\n"
    yield "| table | why |"
    yield "|---|---|"
    for model in sorted(WITHOUT_PEOPLE):
        yield f"| {model} | {WITHOUT_PEOPLE[model]} |"
    yield ""
