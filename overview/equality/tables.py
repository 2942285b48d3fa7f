"""What an office is shown: stored figures and nothing but, as tables to compare and as lines of a file (EI-7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from equality.questions import QUESTIONS, choices_of
from matching.models import MatchRun
from mentorship.lib.rounding import share_of_kept, shown
from overview.equality.models import OF_A_COHORT, Figure, Snapshot, Stage, Table

HEADINGS = ["Programme", "Cohort", "Month", "Stage", "Counted in", "Question", "Answer", "People", "Share"]


@dataclass(frozen=True)
class Column:
    """A stage, in the month in which its figures came out; without any where none has."""

    label: str
    counted: date | None
    people: str
    is_of_this_month: bool


@dataclass(frozen=True)
class Sheet:
    """One question: for each answer a cell per column, each with two texts of which the second may be empty."""

    title: str
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True)
class Report:
    columns: tuple[Column, ...]
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True)
class Fairness:
    """A run: how many mentees with answers were in it and placed by it; per answer both, the rate, the mean fit."""

    counted: date
    considered: str
    placed: str
    sheets: tuple[tuple[str, tuple[tuple[str, str, str, str, str], ...]], ...]


_Figures = Mapping[tuple[str, str], Figure]


def report_of(snapshot: Snapshot) -> Report:
    """The newest figures of each stage that were out in this month; no sheets where no stage had any."""
    rows = Table.objects.filter(
        snapshot__cohort=snapshot.cohort_id, snapshot__month__lte=snapshot.month, run=None
    ).order_by("snapshot__month", "pk")
    newest = {table.stage: table for table in rows.select_related("snapshot").prefetch_related("figures")}
    tables = [newest.get(stage) for stage in OF_A_COHORT]
    figures = [_figures(table) if table else None for table in tables]
    columns = tuple(_column(stage, table, snapshot) for stage, table in zip(OF_A_COHORT, tables, strict=True))
    sheets = [
        Sheet(
            question.title,
            tuple(
                (
                    label,
                    tuple(
                        _cell(table, found, name, choice)
                        for table, found in zip(tables, figures, strict=True)
                    ),
                )
                for choice, label in choices_of(name)
            ),
        )
        for name, question in QUESTIONS.items()
    ]
    return Report(columns, tuple(sheets) if newest else ())


def lines(snapshot: Snapshot) -> Iterable[list[str]]:
    """The same figures line by line; stages without any have none."""
    report, cohort = report_of(snapshot), snapshot.cohort
    yield HEADINGS
    for place, column in enumerate(report.columns):
        if column.counted is None:
            continue
        whose = [cohort.programme.name, cohort.name, f"{snapshot.month:%Y-%m}", column.label]
        whose.append(f"{column.counted:%Y-%m}")
        yield [*whose, "All", "", column.people, ""]
        for sheet in report.sheets:
            for label, cells in sheet.rows:
                yield [*whose, sheet.title, label, *cells[place]]


def fairness_of(run: MatchRun) -> Fairness | None:
    """A run's figures; None where none have come out."""
    rows = Table.objects.filter(run=run).select_related("snapshot").prefetch_related("figures").order_by("pk")
    tables = {table.stage: table for table in rows}
    if len(tables) < 2:
        return None
    considered, placed = (tables[stage] for stage in (Stage.CONSIDERED, Stage.PLACED))
    of_all, of_placed = _figures(considered), _figures(placed)
    sheets = tuple(
        (
            question.title,
            tuple(
                (label, *_fair(of_all[name, choice], of_placed[name, choice]))
                for choice, label in choices_of(name)
            ),
        )
        for name, question in QUESTIONS.items()
    )
    return Fairness(placed.snapshot.month, shown(considered.number), shown(placed.number), sheets)


def _fair(considered: Figure, placed: Figure) -> tuple[str, str, str, str]:
    rate = share_of_kept(placed.number, considered.number)
    mean = "" if placed.mean is None else f"{placed.mean}%"
    return shown(considered.number), shown(placed.number), rate, mean


def _column(stage: Stage, table: Table | None, snapshot: Snapshot) -> Column:
    if table is None:
        return Column(str(stage.label), None, "", False)
    month = table.snapshot.month
    return Column(str(stage.label), month, shown(table.number), month == snapshot.month)


def _figures(table: Table) -> _Figures:
    return {(figure.question, figure.choice): figure for figure in table.figures.all()}


def _cell(table: Table | None, figures: _Figures | None, question: str, choice: str) -> tuple[str, str]:
    """The figure and its share; empty for a question that wasn't asked yet when the table came out."""
    figure = figures.get((question, choice)) if figures else None
    if table is None or figure is None:
        return "", ""
    return shown(figure.number), share_of_kept(figure.number, table.number)
