"""ALL-1 in the admin: every page of it is scoped, and another programme's rows are as good as none."""

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from accounts.tests.factories import UserFactory
from programmes.admin.base import ScopedAdmin, ScopedInline, ScopedRelatedFilter, ScopedStackedInline
from programmes.models import Cohort, Commitment, KeyDate, PolicyVersion, Question
from programmes.tests.factories import (
    CohortFactory,
    DutyFactory,
    KeyDateFactory,
    PolicyVersionFactory,
    ProgrammeFactory,
)
from programmes.tests.pages import filled_in

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ALL-1")]
CANARY = "canary"


@pytest.fixture
def office(client):
    """An administrator of one programme, signed in; gives the programme."""
    duty = DutyFactory()
    client.force_login(duty.user)
    return duty.programme


@pytest.fixture
def elsewhere():
    """A row of every kind in another programme, each with the canary in its name."""
    programme = ProgrammeFactory(name=CANARY, team_name=CANARY)
    policy = PolicyVersionFactory(programme=programme, label=CANARY)
    cohort = CohortFactory(programme=programme, name=CANARY, policy=policy)
    KeyDateFactory(cohort=cohort, title=CANARY)
    question = Question.objects.create(programme=programme, text=CANARY, asked_at="2026-01-01T12:00Z")
    return [programme, policy, cohort, question]


def address(row, page):
    return reverse(f"admin:programmes_{row._meta.model_name}_{page}", args=[row.pk])


def lists():
    for model in admin.site._registry:
        yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def test_every_page_of_the_admin_is_scoped():
    unscoped = [model for model, page in admin.site._registry.items() if not isinstance(page, ScopedAdmin)]
    assert unscoped == []


def test_every_inline_of_the_admin_is_scoped():
    inlines = [inline for page in admin.site._registry.values() for inline in page.inlines]
    assert [each for each in inlines if not issubclass(each, ScopedInline | ScopedStackedInline)] == []
    assert inlines != []


def test_every_model_in_the_admin_has_the_door_or_its_page_has_one_of_its_own():
    open_pages = [
        page
        for model, page in admin.site._registry.items()
        if not hasattr(model._default_manager.all(), "visible_to")
        and not {"get_queryset", "is_in_scope"} <= set(vars(type(page)))
    ]
    assert open_pages == []


def test_no_page_asks_for_bare_numbers_of_rows():
    """Django's raw ids name the row of any number that is typed."""
    pages = list(admin.site._registry.values())
    pages += [inline for page in pages for inline in page.inlines]
    assert [page for page in pages if page.raw_id_fields] == []


def test_no_filter_lists_more_than_what_is_visible():
    request = type("Request", (), {"user": UserFactory.build(is_superuser=True)})()
    filters = [
        (page, spec) for page in admin.site._registry.values() for spec in page.get_list_filter(request)
    ]
    bare = [
        spec for _, spec in filters if isinstance(spec, tuple) and spec[1] is admin.RelatedFieldListFilter
    ]
    assert bare == []
    assert ("programme", ScopedRelatedFilter) in [spec for _, spec in filters]


def test_nobody_without_an_offices_duty_gets_in(client):
    client.force_login(UserFactory())
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_the_list_shows_ones_own_rows_and_no_others(client, office, elsewhere):
    own = CohortFactory(programme=office, name="Our cohort")
    said = client.get(reverse("admin:programmes_cohort_changelist")).content.decode()
    assert [row.pk for row in [own] if own.name in said] == [own.pk]
    assert CANARY not in said


def test_no_list_or_empty_form_shows_anything_of_another_programme(client, office, elsewhere):
    CohortFactory(programme=office)
    pages = [reverse("admin:index"), *lists()]
    for model in admin.site._registry:
        pages.append(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add"))
    said = {page: client.get(page) for page in pages}
    assert [page for page, response in said.items() if CANARY in response.content.decode()] == []
    assert {response.status_code for response in said.values()} <= {200, 403}


@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_another_programmes_row_answers_like_one_that_doesnt_exist(client, office, elsewhere, page):
    for row in elsewhere:
        theirs = client.get(address(row, page))
        missing = client.get(address(type(row)(pk=9999), page))
        assert answer_of(theirs).replace(f"“{row.pk}”", "“9999”") == answer_of(missing)


def answer_of(response):
    """Status, where to, and the last thing that was said."""
    said = [str(message) for message in response.wsgi_request._messages][-1:]
    return f"{response.status_code} {response.headers.get('Location')} {said}"


def test_another_programmes_row_cant_be_posted_to(client, office, elsewhere):
    programme, policy, cohort, question = elsewhere
    for row in elsewhere:
        client.post(address(row, "change"), {"name": "taken", "text": "taken"})
        row.refresh_from_db()
    assert (programme.name, policy.text, cohort.name, question.text) == (
        CANARY,
        "The policy.",
        CANARY,
        CANARY,
    )


def test_another_programmes_draft_cant_be_published(client, office):
    draft = PolicyVersionFactory(published_on=None)
    response = client.post(reverse("admin:programmes_policyversion_publish", args=[draft.pk]))
    draft.refresh_from_db()
    assert (response.status_code, draft.published_on) == (404, None)


def test_a_row_cant_be_made_in_another_programme(client, office, elsewhere):
    page = reverse("admin:programmes_question_add")
    answers = filled_in(client.get(page), "question_form") | {"programme": elsewhere[0].pk, "text": "Mine?"}
    said = client.post(page, answers).content.decode()
    assert "Select a valid choice" in said
    assert Question.objects.filter(text="Mine?").count() == 0


def test_a_cohort_cant_run_under_another_programmes_policy(client, office, elsewhere):
    cohort = CohortFactory(programme=office)
    answers = filled_in(client.get(address(cohort, "change")), "cohort_form") | {"policy": elsewhere[1].pk}
    said = client.post(address(cohort, "change"), answers).content.decode()
    cohort.refresh_from_db()
    assert "Select a valid choice" in said
    assert cohort.policy.programme == office


def test_who_runs_two_programmes_cant_mix_them(client, office):
    second = DutyFactory(user=office.duties.get().user).programme
    policy = PolicyVersionFactory(programme=second)
    cohort = CohortFactory(programme=office)
    answers = filled_in(client.get(address(cohort, "change")), "cohort_form") | {"policy": policy.pk}
    said = client.post(address(cohort, "change"), answers).content.decode()
    cohort.refresh_from_db()
    assert "Choose a policy of this programme." in said
    assert cohort.policy.programme == office


def test_a_row_never_moves_to_another_programme(client, office):
    second = DutyFactory(user=office.duties.get().user).programme
    cohort = CohortFactory(programme=office)
    answers = filled_in(client.get(address(cohort, "change")), "cohort_form") | {"programme": second.pk}
    client.post(address(cohort, "change"), answers | {"name": "Renamed"})
    cohort.refresh_from_db()
    assert (cohort.name, cohort.programme) == ("Renamed", office)


def test_an_inlines_row_of_another_programme_cant_be_named(client, office, elsewhere):
    cohort, theirs = CohortFactory(programme=office), KeyDate.objects.get(title=CANARY)
    answers = filled_in(client.get(address(cohort, "change")), "cohort_form")
    answers |= {"key_dates-INITIAL_FORMS": "1", "key_dates-0-id": theirs.pk, "key_dates-0-title": "taken"}
    client.post(address(cohort, "change"), answers)
    theirs.refresh_from_db()
    assert (theirs.title, theirs.cohort) == (CANARY, elsewhere[2])


def test_the_detour_by_content_type_is_shut(client, office, elsewhere):
    with pytest.raises(NoReverseMatch):
        reverse("admin:view_on_site", args=[1, 1])
    assert client.get("/admin/r/1/1/").status_code == 404


def test_a_duty_that_is_taken_away_is_gone_with_the_next_request(client, office):
    cohort = CohortFactory(programme=office)
    DutyFactory(user=office.duties.get().user)
    assert client.get(address(cohort, "change")).status_code == 200
    office.duties.all().delete()
    assert client.get(address(cohort, "change")).status_code == 302


def test_handlers_of_concerns_have_no_business_in_the_admin(client):
    client.force_login(DutyFactory(kind="concerns").user)
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_who_decides_eligibility_alone_sees_none_of_the_programmes_rows(client):
    duty = DutyFactory(kind="eligibility")
    CohortFactory(programme=duty.programme)
    client.force_login(duty.user)
    assert client.get(reverse("admin:programmes_cohort_changelist")).status_code == 403


@pytest.mark.parametrize("model", [Cohort, PolicyVersion, Question])
def test_a_list_asks_as_many_queries_for_three_rows_as_for_one(
    client, office, model, django_assert_num_queries
):
    def add():
        cohort = CohortFactory(programme=office, slug=f"cohort-{Cohort.objects.count()}")
        Question.objects.create(programme=office, text=cohort.slug, asked_at="2026-01-01T12:00Z")

    page = reverse(f"admin:programmes_{model._meta.model_name}_changelist")
    add()
    client.get(page)
    with django_assert_num_queries(8):
        client.get(page)
    add()
    add()
    with django_assert_num_queries(8):
        assert client.get(page).context["cl"].result_count == 3


def test_a_programmes_page_asks_as_many_queries_for_three_rows_as_for_one(
    client, office, django_assert_num_queries
):
    Commitment.objects.create(programme=office, role="mentor", text="One")
    client.get(address(office, "change"))
    with django_assert_num_queries(13):
        client.get(address(office, "change"))
    for text in ("Two", "Three"):
        Commitment.objects.create(programme=office, role="mentor", text=text)
    with django_assert_num_queries(13):
        said = client.get(address(office, "change")).content.decode()
    assert [text in said for text in ("One", "Two", "Three")] == [True, True, True]
