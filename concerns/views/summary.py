"""A year of concerns in figures, for handlers and for the programme's office: to read, to print, to take along."""

import csv
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.proofs import step_up
from concerns import summary
from mentorship.lib.cells import harmless
from programmes.permissions import programmes_with_concern_figures

HEADINGS = ["Programme", "Year", "Question", "Answer", "Cases"]


@login_required
@require_safe
def cases_summary(request):
    return render(request, "concerns/cases_summary.html", _chosen(request))


@login_required
@require_safe
@step_up
def cases_summary_csv(request):
    """The same figures as a file. Its name says nothing; it begins with the mark by which Excel knows UTF-8."""
    chosen = _chosen(request)
    figures = chosen["summary"]
    if figures is None:
        raise Http404
    name = f"figures-{figures.year}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    csv.writer(response).writerows(
        [harmless(str(cell)) for cell in row] for row in _rows(chosen["programme"], figures)
    )
    return response


def _rows(programme, figures):
    yield HEADINGS
    yield [programme.name, figures.year, "All", "", figures.total]
    for table in figures.tables:
        for answer, number in table.rows:
            yield [programme.name, figures.year, table.heading, answer, number]


def _chosen(request) -> dict[str, Any]:
    """The programme and the year that the address asks for, or the first programme and its newest year."""
    programmes = list(programmes_with_concern_figures(request.user).order_by("position", "name"))
    programme = _pick(programmes, request.GET.get("programme"), key=lambda each: str(each.pk))
    if programme is None:
        raise Http404
    years = summary.years_of(programme, at=timezone.now())
    year = _pick(years, request.GET.get("year"), key=str)
    if year is None and request.GET.get("year"):
        raise Http404
    return {
        "programmes": programmes,
        "programme": programme,
        "years": years,
        "summary": summary.summary_of(programme, year, viewer=request.user) if year else None,
    }


def _pick(choices, asked, *, key):
    """The first where nothing is asked for; nothing where what is asked for isn't among them."""
    return next((each for each in choices if not asked or key(each) == asked), None)
