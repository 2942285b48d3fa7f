"""The wall of ALL-1 in the admin: pages, inlines and filters that show the rows of one's own programmes only.

Every registered admin derives from `ScopedAdmin` and every inline from `ScopedInline` or `ScopedStackedInline`
(`tests/test_admin_scope.py` fails otherwise). Rights come from duties, never from Django's permissions. A row of
another programme answers exactly as one that doesn't exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.widgets import AdminSplitDateTime, RelatedFieldWidgetWrapper
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst

from programmes import permissions

_MARKDOWN = "An empty line begins a paragraph, **stars** make bold, a dash begins a line of a list."
_LABELS = {"position": "order", "slug": "short name"}
_HELP = {"position": "The smaller number stands first.", "slug": "In addresses and commands; chosen once."}


def visible(queryset: models.QuerySet, request: HttpRequest) -> models.QuerySet:
    """What of a queryset this person may meet as a choice. Rows without a programme are a superuser's alone."""
    if hasattr(queryset, "visible_to"):
        return queryset.visible_to(request.user)
    return queryset if request.user.is_superuser else queryset.none()


def administers_something(request: HttpRequest) -> bool:
    """Asked many times for one page, so remembered for the length of a request."""
    if not hasattr(request, "administers_something"):
        request.administers_something = permissions.administers_something(request.user)
    return request.administers_something


def choices_on(model: type[models.Model], queryset: models.QuerySet, request: HttpRequest) -> models.QuerySet:
    """`visible` for a page about this model: where rank doesn't open the page, it adds no choice to it either."""
    if getattr(queryset, "is_open_to_rank", False) and not model._default_manager.opens_by_rank(request.user):
        return queryset.administered_by(request.user)
    return visible(queryset, request)


class ScopedRelatedFilter(admin.RelatedFieldListFilter):
    """A filter by a relation, whose choices are visible rows."""

    def field_choices(self, field, request, model_admin):
        rows = choices_on(model_admin.model, field.remote_field.model._default_manager.all(), request)
        if ordering := self.field_admin_ordering(field, request, model_admin):
            rows = rows.order_by(*ordering)
        return [(row.pk, str(row)) for row in rows]


class ScopedValuesFilter(admin.AllValuesFieldListFilter):
    """A filter by a value, whose choices are values of visible rows."""

    def __init__(self, field, request, params, model, model_admin, field_path):
        super().__init__(field, request, params, model, model_admin, field_path)
        rows = model_admin.get_queryset(request).order_by(field_path)
        self.lookup_choices = rows.values_list(field_path, flat=True).distinct()


class _Scoped:
    """What pages and inlines have in common."""

    may_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """In words for who isn't a programmer, and without shortcuts to other forms inside a form."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if isinstance(field.widget, AdminSplitDateTime):
            for part, name in zip(field.widget.widgets, ("date", "time"), strict=True):
                part.attrs["aria-label"] = f"{capfirst(field.label)}: {name}"
        field.label = capfirst(_LABELS.get(db_field.name, field.label))
        field.help_text = field.help_text or _HELP.get(db_field.name, "")
        field.help_text = field.help_text.replace("Markdown.", _MARKDOWN)
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return self._limit(super().formfield_for_foreignkey(db_field, request, **kwargs), request)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return self._limit(super().formfield_for_manytomany(db_field, request, **kwargs), request)

    def _limit(self, field: Any, request: HttpRequest) -> Any:
        if field is not None:
            field.queryset = choices_on(self.model, field.queryset, request)
        return field

    def is_in_scope(self, request: HttpRequest, obj: models.Model | None) -> bool:
        """Without a row: some could be theirs. With one: it is of a programme that they administer, or open to rank."""
        if obj is None or obj.pk is None:
            return self.model._default_manager.opens_by_rank(request.user) or administers_something(request)
        return type(obj)._default_manager.visible_to(request.user).filter(pk=obj.pk).exists()

    def _is_open(self, request: HttpRequest, obj: models.Model | None) -> bool:
        """`is_in_scope`, asked once for each row of a request: every inline of a page asks for its parent."""
        asked = self.model if obj is None or obj.pk is None else type(obj)
        if not hasattr(request, "rows_in_scope"):
            request.rows_in_scope = {}
        key = (type(self).is_in_scope, asked, obj and obj.pk)
        if key not in request.rows_in_scope:
            request.rows_in_scope[key] = self.is_in_scope(request, obj)
        return request.rows_in_scope[key]

    def has_view_permission(self, request, obj=None):
        return self._is_open(request, obj)

    def has_add_permission(self, request, obj=None):
        return self._is_open(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._is_open(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.may_delete and self._is_open(request, obj)


def _first_step(model: type[models.Model]) -> str:
    """The field that leads towards the programme; none for a programme, and for what belongs to none."""
    return getattr(model, "PROGRAMME_PATH", "").partition("__")[0]


class ScopedAdmin(_Scoped, admin.ModelAdmin):
    """A page of the office. Deleting is off unless `may_delete`; a row never moves to another programme."""

    def has_module_permission(self, request):
        return self._is_open(request, None)

    def get_changeform_initial_data(self, request):
        """Who administers one programme with one cohort needn't choose them."""
        given = super().get_changeform_initial_data(request)
        step = _first_step(self.model)
        if not step or step in given:
            return given
        rows = self.model._meta.get_field(step).remote_field.model._default_manager.all()
        choices = choices_on(self.model, rows, request)
        pks = list(choices.order_by("pk").values_list("pk", flat=True)[:2])
        return {**given, step: pks[0]} if len(pks) == 1 else given

    def get_readonly_fields(self, request, obj=None):
        """The first step of the path to the programme is fixed once a row exists."""
        fields = tuple(super().get_readonly_fields(request, obj))
        step = _first_step(self.model)
        return (*fields, step) if obj and step and step not in fields else fields

    def get_list_filter(self, request):
        return [self._scoped_filter(spec) for spec in super().get_list_filter(request)]

    def _scoped_filter(self, spec: Any) -> Any:
        if not isinstance(spec, str):
            return spec
        field = get_fields_from_path(self.model, spec)[-1]
        if field.remote_field:
            return (spec, ScopedRelatedFilter)
        if field.flatchoices or isinstance(field, models.BooleanField | models.DateField):
            return spec
        return (spec, ScopedValuesFilter)

    def lookup_allowed(self, lookup, value, request=None):
        """Only what the page's own filters ask: any other question would read columns that no page shows."""
        return super().lookup_allowed(lookup, value, request) and any(
            lookup == asked or lookup.startswith(f"{asked}__") for asked in self._asked_by_filters()
        )

    def _asked_by_filters(self) -> Iterable[str]:
        for spec in (*self.list_filter, *filter(None, [self.date_hierarchy])):
            path = spec[0] if isinstance(spec, tuple) else spec
            yield path if isinstance(path, str) else path.parameter_name

    def response_action(self, request, queryset):
        """Ticked rows come by their number; what isn't one was never ticked."""
        for ticked in request.POST.getlist(ACTION_CHECKBOX_NAME):
            try:
                self.opts.pk.to_python(ticked)
            except ValidationError as error:
                raise BadRequest("No row has this number.") from error
        return super().response_action(request, queryset)

    def history_view(self, request, object_id, extra_context=None):
        """Who may view no row at all is refused before one is looked for, so that nothing says whether it exists."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def get_view_on_site_url(self, obj=None):
        """The page itself; Django's detour by content type answers for rows of every programme and is shut."""
        if obj is None or obj.pk is None or not self.view_on_site or not hasattr(obj, "get_absolute_url"):
            return None
        return obj.get_absolute_url()


class ScopedInline(_Scoped, admin.TabularInline):
    """Rows of a row, in a table. The row that they hang on has been let through by its own page."""

    extra = 2

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """A cell has no label of its own; who can't see the column is told its heading."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs.setdefault("aria-label", capfirst(field.label))
        return field


class ScopedStackedInline(_Scoped, admin.StackedInline):
    """Rows of a row, one below the other: for more than four fields, and for phones."""

    extra = 1
