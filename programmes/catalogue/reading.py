"""From a catalogue file to the rows that it describes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models

from programmes.catalogue.tables import CatalogueError, Table
from programmes.facts import DISCLOSABLE, WITH_OPTIONS, Direction
from programmes.models import (
    Aim,
    Ask,
    Cohort,
    Commitment,
    KeyDate,
    Option,
    Pathway,
    PolicyVersion,
    Programme,
    Question,
    Resource,
    Role,
    SheetColumn,
    Weight,
)

_OF_PATHWAYS = [
    *["label", "description", "smallest", "largest", "agreement", "requires_training"],
    *["forbids_line_management", "forbids_same_manager", "forbids_same_division", "forbids_former_partners"],
    "objective",
]
STEP = 10  # between two positions, so that an office can put a row of its own between two of ours


@dataclass(frozen=True)
class Row:
    """One row to install. `path` is its name for good; `key` tells an equal row that the office made itself."""

    model: type[models.Model]
    path: str
    key: tuple[str, ...]
    values: dict[str, Any]
    place: str
    parent: str = ""  # path of the row that it hangs on; empty for the programme


@dataclass(frozen=True)
class Catalogue:
    """What one file says: a programme, its policy versions (never altered once installed), and all other rows."""

    file: str
    slug: str
    programme: dict[str, Any]
    policy_versions: list[Row] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def read(path: Path) -> Catalogue:
    """Read one file. Raises CatalogueError with the file, the place and what is wrong there."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogueError(f"{path.name}: can't be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.name}: isn't valid TOML: {error}.") from error
    whole = Table(data, file=path.name, place="the file")
    programme = _programme(whole)
    versions = list(_policy_versions(whole))
    rows = [row for section in _SECTIONS for row in section(whole)]
    whole.close()
    catalogue = Catalogue(path.name, programme["slug"], programme, versions, rows)
    _check_paths(catalogue)
    return catalogue


def _programme(whole: Table) -> dict[str, Any]:
    if "programme" not in whole.data:
        raise whole.error("“programme” is missing")
    table = whole.table("programme")
    names = [f.name for f in Programme._meta.concrete_fields if not f.primary_key]
    values = table.fields(Programme, names)
    table.close()
    return values


def _check_paths(catalogue: Catalogue) -> None:
    """No row twice, and no cohort under a policy that the file doesn't have."""
    seen: dict[str, Row] = {}
    labels = {row.values["label"] for row in catalogue.policy_versions if row.values["kind"] == "policy"}
    for row in [*catalogue.policy_versions, *catalogue.rows]:
        place = f"{catalogue.file}: {row.place}"
        if row.path in seen:
            raise CatalogueError(f"{place}: stands there twice ({seen[row.path].place}).")
        seen[row.path] = row
        if row.model is Cohort and row.values["policy"] not in labels:
            raise CatalogueError(f"{place}: there is no policy “{row.values['policy']}”.")


def _keyed(
    tables: list[Table],
    model: type[models.Model],
    name: str,
    key: tuple[str, ...],
    names: list[str],
    **fixed: str,
) -> Iterator[Row]:
    """Rows that carry a `key` of their own, in the file's order."""
    for number, table in enumerate(tables, start=1):
        path = f"{name}/{table.text('key')}"
        values = {**fixed, **table.fields(model, names), "position": number * STEP}
        table.close()
        yield Row(model, path, key, values, table.place)


def _aims(whole: Table) -> Iterator[Row]:
    yield from _keyed(whole.tables("aims"), Aim, "aims", ("text",), ["text"])


def _commitments(whole: Table) -> Iterator[Row]:
    by_role = whole.table("commitments")
    for role in by_role.among(Role.values, "role"):
        tables = by_role.tables(role)
        yield from _keyed(tables, Commitment, f"commitments/{role}", ("role", "text"), ["text"], role=role)


def _resources(whole: Table) -> Iterator[Row]:
    tables = whole.tables("resources")
    yield from _keyed(tables, Resource, "resources", ("title",), ["title", "text", "url"])


def _questions(whole: Table) -> Iterator[Row]:
    for row in _keyed(whole.tables("questions"), Question, "questions", ("text",), ["text", "answer"]):
        if not row.values["answer"]:
            raise CatalogueError(f"{whole.file}: {row.place}: “answer” is missing.")
        yield row


def _options(whole: Table) -> Iterator[Row]:
    """A list of names per fact; a table in place of a name where more is to be said."""
    by_fact = whole.table("options")
    for fact in by_fact.among([key for key, _ in WITH_OPTIONS], "fact"):
        by_fact.data[fact] = [{"name": o} if isinstance(o, str) else o for o in _list(by_fact, fact)]
        for number, table in enumerate(by_fact.tables(fact), start=1):
            values = table.fields(Option, ["name", "is_open", "is_eligible"])
            table.close()
            values |= {"fact": fact, "position": number * STEP}
            yield Row(Option, f"options/{fact}/{values['name']}", ("fact", "name"), values, table.place)


def _asks(whole: Table) -> Iterator[Row]:
    by_role = whole.table("asks")
    for role in by_role.among(Role.values, "role"):
        for number, table in enumerate(by_role.tables(role), start=1):
            values = table.fields(Ask, ["fact", "section", "label", "help_text", "column", "is_required"])
            table.close()
            values |= {"role": role, "position": number * STEP}
            yield Row(Ask, f"asks/{role}/{values['fact']}", ("role", "fact"), values, table.place)


def _sheet_columns(whole: Table) -> Iterator[Row]:
    by_role = whole.table("sheet_columns")
    for role in by_role.among(Role.values, "role"):
        table = by_role.table(role)
        for meaning in table.among(SheetColumn.Meaning.values, "meaning"):
            values = {"role": role, "meaning": meaning, "column": table.text(meaning)}
            yield Row(
                SheetColumn, f"sheet_columns/{role}/{meaning}", ("role", "meaning"), values, table.place
            )


def _pathways(whole: Table) -> Iterator[Row]:
    by_kind = whole.table("pathways")
    for number, kind in enumerate(by_kind.among(Pathway.Kind.values, "pathway"), start=1):
        table = by_kind.table(kind)
        values = table.fields(Pathway, _OF_PATHWAYS) | {"kind": kind, "position": number * STEP}
        weights = table.table("weights")
        table.close()
        pathway = Row(Pathway, f"pathways/{kind}", ("kind",), values, table.place)
        yield pathway
        yield from _weights(weights, kind, pathway)


def _weights(table: Table, kind: str, pathway: Row) -> Iterator[Row]:
    strengths = {strength.name.lower(): strength.value for strength in Weight.Strength}
    for part in table.among(Weight.Part.values, "part"):
        word = table.text(part)
        if word not in strengths:
            raise table.error(f"unknown strength “{word}” of “{part}”; known are {', '.join(strengths)}")
        values = {"part": part, "strength": strengths[word]}
        yield Row(Weight, f"weights/{kind}/{part}", ("part",), values, table.place, parent=pathway.path)


def _policy_versions(whole: Table) -> Iterator[Row]:
    for table in whole.tables("policy_versions"):
        values = table.fields(PolicyVersion, ["kind", "label", "text", "published_on"])
        if values["published_on"] is None:
            raise table.error("“published_on” is missing")
        values["disclosed_facts"] = list(_disclosed_facts(table.table("disclosed_facts")))
        table.close()
        path = f"policy_versions/{values['kind']}/{values['label']}"
        yield Row(PolicyVersion, path, ("kind", "label"), values, table.place)


def _disclosed_facts(table: Table) -> Iterator[dict[str, str]]:
    known = [key for key, _ in DISCLOSABLE]
    for direction in table.among(Direction.values, "direction"):
        for entry in _list(table, direction):
            fact = {"fact": entry} if isinstance(entry, str) else entry
            if (
                not isinstance(fact, dict)
                or not set(fact) <= {"fact", "label"}
                or fact.get("fact") not in known
            ):
                raise table.error(f"{direction}: unknown fact “{entry}”; known are {', '.join(known)}")
            yield {"direction": direction, "fact": fact["fact"], "label": fact.get("label", "")}


def _cohorts(whole: Table) -> Iterator[Row]:
    dates = ["sign_up_opens_on", "sign_up_closes_on", "starts_on", "ends_on"]
    for table in whole.tables("cohorts"):
        values = {**table.fields(Cohort, ["slug", "name", *dates]), "policy": table.text("policy")}
        key_dates = table.tables("key_dates")
        table.close()
        cohort = Row(Cohort, f"cohorts/{values['slug']}", ("slug",), values, table.place)
        yield cohort
        for key_date in key_dates:
            path = f"key_dates/{values['slug']}/{key_date.text('key')}"
            fields = key_date.fields(KeyDate, ["kind", "title", "opens_on", "closes_on"])
            key_date.close()
            yield Row(KeyDate, path, ("kind", "title"), fields, key_date.place, parent=cohort.path)


def _list(table: Table, key: str) -> list[Any]:
    entries = table.take(key)
    if not isinstance(entries, list):
        raise table.error(f"“{key}” must be a list")
    return entries


_SECTIONS = [
    _aims,
    _commitments,
    _options,
    _asks,
    _sheet_columns,
    _pathways,
    _resources,
    _questions,
    _cohorts,
]
