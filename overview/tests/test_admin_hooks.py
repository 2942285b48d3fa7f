"""ALL-1 by every hook of every page of the admin: choices, filters, searches, actions, histories, odd addresses."""

from contextlib import suppress

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.forms import model_to_dict
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from accounts.tests.factories import UserFactory
from outbox.models import Message
from overview.tests.answers import without_token, without_what_was_said
from overview.tests.canaries import OF_THE_HOUSE, plant, text_columns, word
from programmes.admin.base import ScopedInline, ScopedStackedInline
from programmes.tests.factories import DutyFactory
from training.models import Booking

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ALL-1")]
CANARY, MISSING = "canary", 987654
PAGES = {model: page for model, page in admin.site._registry.items() if model not in OF_THE_HOUSE}
NAMES = sorted(model.__name__ for model in PAGES)


@pytest.fixture
def own():
    return plant("ours")


@pytest.fixture
def theirs():
    return plant(CANARY)


@pytest.fixture
def admin_user(own):
    return DutyFactory(
        programme=next(row for row in own.values() if row._meta.model_name == "programme")
    ).user


@pytest.fixture
def office(client, admin_user):
    client.force_login(admin_user)
    return client


def page_named(name):
    return next(page for model, page in PAGES.items() if model.__name__ == name)


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def asked_by(user):
    request = RequestFactory().get("/admin/")
    request.user = user
    return request


def shows(answer):
    """What of another programme a page shows; nothing if it was refused."""
    return CANARY in answer.content.decode().lower()


def inlines_of(page, user, row):
    return page.get_inline_instances(asked_by(user), row)


# Rows and rights


def test_the_rows_cover_every_page(own):
    assert set(PAGES) - set(own) == set()


def test_every_inline_that_a_page_ever_shows_is_scoped(own):
    root = UserFactory(is_superuser=True)
    found = [
        inline
        for model, page in PAGES.items()
        for row in (None, own[model])
        for inline in page.get_inline_instances(asked_by(root), row)
    ]

    assert len(found) > 5
    assert [inline for inline in found if not isinstance(inline, ScopedInline | ScopedStackedInline)] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_page_and_no_inline_begins_with_anothers_rows(own, theirs, admin_user, name):
    page = page_named(name)
    request = asked_by(admin_user)
    inlines = inlines_of(page, UserFactory(is_superuser=True), own[page.model])

    assert theirs[page.model] not in page.get_queryset(request)
    found = [row for inline in inlines for row in inline.get_queryset(request)]
    assert [row for row in found if row in theirs.values()] == []


@pytest.mark.parametrize("kind", ["administer", "eligibility", "concerns"])
@pytest.mark.parametrize("name", NAMES)
def test_no_duty_elsewhere_gives_a_right_to_a_row(own, theirs, name, kind):
    page = page_named(name)
    programme = next(row for row in own.values() if row._meta.model_name == "programme")
    request = asked_by(DutyFactory(programme=programme, kind=kind).user)
    rights = ["has_view_permission", "has_change_permission", "has_delete_permission"]

    given = [right for right in rights if getattr(page, right)(request, theirs[page.model])]
    inside = inlines_of(page, UserFactory(is_superuser=True), own[page.model])
    given += [
        right for inline in inside for right in rights if getattr(inline, right)(request, theirs[page.model])
    ]

    assert given == []


def test_no_list_is_edited_in_place_or_led_through_by_dates():
    """Either would be one more way in: who adds one proves it here first."""
    assert [page for page in PAGES.values() if page.list_editable or page.date_hierarchy] == []


# Choices


def fields_of(answer):
    """Every field that the forms on a page show: its own, and those of its inlines."""
    context = answer.context or {}
    forms = [context["adminform"].form] if "adminform" in context else []
    for inline in context.get("inline_admin_formsets", []):
        forms += [*inline.formset.forms, inline.formset.empty_form]
    return [form.fields[name] for form in forms for name in form.fields if not form[name].is_hidden]


@pytest.mark.parametrize("name", NAMES)
def test_no_form_offers_anything_of_another_programme_or_a_person(office, own, theirs, name):
    model = page_named(name).model
    answers = [office.get(address(model, "add")), office.get(address(model, "change", own[model].pk))]

    chosen = [field for answer in answers for field in fields_of(answer) if hasattr(field, "queryset")]
    offered = [row for field in chosen for row in field.queryset]
    assert [row for row in offered if row in theirs.values() or isinstance(row, User)] == []
    assert [answer for answer in answers if shows(answer)] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_address_fills_a_form_with_anothers_row(office, theirs, name):
    model = page_named(name).model
    named = {f.name: f.related_model for f in model._meta.get_fields() if f.many_to_one or f.many_to_many}
    given = {field: theirs[related].pk for field, related in named.items() if related in theirs}

    assert not shows(office.get(address(model, "add"), given))


def test_no_field_of_any_model_is_completed_with_anothers_rows(office, theirs):
    told = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if not (field.many_to_one or field.many_to_many) or field.auto_created:
                continue
            asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
            for term in ("", CANARY):
                given = asked | {"field_name": field.name, "term": term}
                answer = office.get(reverse("admin:autocomplete"), given)
                told += [given] if answer.status_code == 200 and shows(answer) else []

    assert told == []


# Lists


@pytest.mark.parametrize("name", NAMES)
def test_no_filter_names_anything_of_another_programme(office, own, theirs, name):
    answer = office.get(address(page_named(name).model, "changelist"))
    if answer.status_code == 403:
        return
    changes = answer.context["cl"]

    said = [str(choice["display"]) for spec in changes.filter_specs for choice in spec.choices(changes)]
    assert [text for text in said if CANARY in text.lower()] == []
    assert list(changes.queryset) == list(
        page_named(name).get_queryset(answer.wsgi_request).filter(pk__in=changes.queryset)
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_search_finds_no_row_of_another_programme_and_none_by_what_it_does_not_search(
    office, own, theirs, name
):
    page = page_named(name)
    rows = address(page.model, "changelist")
    if office.get(rows).status_code == 403:
        return
    searched = {field.lstrip("^=@") for field in page.get_search_fields(asked_by(UserFactory()))}
    found = []
    for column in text_columns(page.model):
        for row, mark in ((own[page.model], "ours"), (theirs[page.model], CANARY)):
            result = office.get(rows, {"q": word(row, column, mark)}).context["cl"].result_count
            may_be = mark == "ours" and column in searched
            found += [(column, mark)] if result and page.search_fields and not may_be else []

    assert found == []


@pytest.mark.parametrize("name", NAMES)
def test_a_list_answers_no_question_about_what_its_rows_belong_to(client, own, name):
    """By way of a relation one could spell out somebody's password hash, letter by letter."""
    page = page_named(name)
    client.force_login(DutyFactory(user__is_superuser=True).user)
    asked = set(page._asked_by_filters())
    answered = []
    for field in page.model._meta.get_fields():
        related = field.related_model if field.is_relation else None
        for column in [*text_columns(related), "pk"] if related else []:
            lookup = f"{field.name}__{column}"
            if any(lookup.startswith(each) for each in asked):
                continue
            answer = client.get(address(page.model, "changelist"), {f"{lookup}__startswith": "a"})
            answered += [lookup] if answer.status_code != 400 else []

    assert answered == []


@pytest.mark.parametrize(
    "junk",
    [
        {"_to_field": "id"},
        {"_to_field": "cohort__programme__name"},
        {"_to_field": "user__password"},
        {"_popup": "1"},
        {"_popup": "1", "_to_field": "name"},
        {"e": "1"},
        {"p": "999999"},
        {"p": "-1"},
        {"p": "x"},
        {"o": "99.-99.x"},
        {"o": "1.-1"},
        {"all": ""},
        {"_changelist_filters": "cohort__programme__name=x"},
        {"_facets": "True"},
        {"pk__in": "1,2"},
        {"id__exact": "x"},
    ],
    ids=str,
)
def test_odd_addresses_show_nothing_more(office, own, theirs, junk):
    answers = {}
    for model in PAGES:
        for page in (
            address(model, "changelist"),
            address(model, "add"),
            address(model, "change", own[model].pk),
        ):
            answers[page] = office.get(page, junk)

    assert [page for page, answer in answers.items() if shows(answer)] == []
    assert {answer.status_code for answer in answers.values()} <= {200, 302, 400, 403, 404}


# Actions, histories, deletions


def state_of(rows):
    facts = {model: model_to_dict(type(row).objects.get(pk=row.pk)) for model, row in rows.items()}
    return facts, Message.objects.count(), LogEntry.objects.count()


def told(send, *args):
    """Status, where to, what this answer said, and the page without its token and what was said before."""
    without_what_was_said(send.__self__)
    answer = send(*args)
    said = [str(message) for message in answer.wsgi_request._messages._queued_messages]
    return answer.status_code, answer.headers.get("Location"), said, without_token(answer)


@pytest.mark.parametrize("confirms", [{}, {"confirmed": "1"}, {"post": "yes"}], ids=str)
@pytest.mark.parametrize("name", [name for name in NAMES if page_named(name).actions])
def test_no_action_does_or_says_anything_about_anothers_row(office, own, theirs, name, confirms):
    page = page_named(name)
    actions = [getattr(action, "__name__", action) for action in page.actions]
    before, differ = state_of(theirs), []
    for action in [*actions, "delete_selected"]:
        sent = {"action": action, "index": "0", **confirms}
        rows = address(page.model, "changelist")
        about = [
            told(office.post, rows, sent | {ACTION_CHECKBOX_NAME: [pk]})
            for pk in (theirs[page.model].pk, MISSING)
        ]
        differ += [action] if about[0] != about[1] or CANARY in str(about[0]).lower() else []

    assert differ == []
    assert state_of(theirs) == before


@pytest.mark.parametrize("name", [name for name in NAMES if page_named(name).actions])
def test_an_action_over_all_that_match_stays_within_ones_own(office, own, theirs, name):
    page = page_named(name)
    before = state_of(theirs)[0]

    for action in [getattr(action, "__name__", action) for action in page.actions]:
        sent = {
            "action": action,
            "select_across": "1",
            "confirmed": "1",
            ACTION_CHECKBOX_NAME: [theirs[page.model].pk],
        }
        assert not shows(office.post(address(page.model, "changelist"), sent))

    assert state_of(theirs)[0] == before
    assert Message.objects.filter(programme=CANARY).count() == 1


def test_no_page_that_deletes_lists_anything_of_another_programme(office, own, theirs):
    answers = [office.get(address(model, "delete", own[model].pk)) for model in PAGES]

    assert 200 in {answer.status_code for answer in answers}
    assert [answer for answer in answers if shows(answer)] == []


def test_a_row_inside_anothers_cannot_be_named_in_a_page_of_ones_own(office, own, theirs, admin_user):
    inside = 0
    before = state_of(theirs)[0]
    for model, page in PAGES.items():
        for inline in inlines_of(page, admin_user, own[model]):
            row = theirs.get(inline.model)
            if row is None:
                continue
            prefix = inline.get_formset(asked_by(admin_user), own[model]).get_default_prefix()
            sent = {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "1", f"{prefix}-0-id": row.pk}
            taken = {f"{prefix}-0-{column}": "taken" for column in text_columns(inline.model)}
            answer = office.post(
                address(model, "change", own[model].pk), sent | taken | {f"{prefix}-0-DELETE": "on"}
            )
            assert not shows(answer)
            inside += 1

    assert inside > 5
    assert state_of(theirs)[0] == before


def test_what_one_did_in_an_office_that_one_has_left_is_shown_no_more(client, own, theirs):
    """The first page of Django's admin lists one's own acts by the names of their rows, whatever one may see now."""
    duty = DutyFactory(programme=next(row for row in own.values() if row._meta.model_name == "programme"))
    for model, row in theirs.items():
        LogEntry.objects.create(
            user=duty.user,
            content_type=ContentType.objects.get_for_model(model),
            object_id=row.pk,
            object_repr=str(row)[:200] + CANARY,
            action_flag=CHANGE,
        )
    client.force_login(duty.user)
    pages = [reverse("admin:index")]
    for model in PAGES:
        pages += [address(model, "changelist"), address(model, "history", own[model].pk)]
        with suppress(NoReverseMatch):
            pages.append(reverse("admin:app_list", args=[model._meta.app_label]))

    assert [page for page in pages if shows(client.get(page))] == []


def test_attendance_is_recorded_for_nobody_of_another_programme(office, own, theirs):
    page = address(type(own_session(own)), "changelist")
    office.post(page, {"action": "record_everybody", ACTION_CHECKBOX_NAME: [own_session(theirs).pk]})

    assert Booking.objects.filter(has_attended=True).count() == 0


def own_session(rows):
    return next(row for row in rows.values() if row._meta.model_name == "session")
