"""The School's own policies are looked after: a look every six months, a question every week (EI-1f)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from conftest import NOW
from mentorship.lib import reaching
from mentorship.lib.refusals import NotPossible
from programmes import school_pages, tasks
from programmes.models import Programme, SchoolPage
from programmes.tests.factories import DutyFactory, ProgrammeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-1f")]
ON = NOW.date()


@pytest.fixture
def answers(monkeypatch):
    """What an address says when it is asked; nothing goes out."""
    said, asked = {}, []

    def failure_of(url):
        asked.append(url)
        return said.get(url, "")

    monkeypatch.setattr(reaching, "failure_of", failure_of)
    said["asked"] = asked
    return said


@pytest.fixture
def programme(answers):
    made = ProgrammeFactory()
    school_pages.keep_rows()
    return made


def page(programme, which="privacy"):
    return SchoolPage.objects.get(programme=programme, which=which)


def administrator(programme):
    return DutyFactory(programme=programme).user


def whys(user, on=ON):
    return [(due.page.which, due.why) for due in school_pages.due_for(user, on=on)]


def test_each_link_is_due_until_somebody_has_looked_at_it_and_again_after_six_months(programme):
    by = administrator(programme)
    before = whys(by)
    for row in SchoolPage.objects.order_by("which"):
        school_pages.look(row, url=row.url, by=by, at=NOW)

    assert before == [
        ("privacy", "Nobody has looked at it yet."),
        ("safeguarding", "Nobody has looked at it yet."),
    ]
    assert [len(whys(by, on)) for on in (ON, date(2026, 7, 13), date(2026, 7, 14))] == [0, 0, 2]


def test_every_address_is_asked_once_a_week(programme, answers, clock):
    first = tasks.check_school_pages()
    for days, expected in ((6, 0), (1, 2)):
        clock.shift(timedelta(days=days))
        assert tasks.check_school_pages() == expected
    assert (first, len(answers["asked"])) == (2, 4)


def test_one_that_does_not_answer_is_named_until_it_does(programme, answers, clock):
    by = administrator(programme)
    for row in SchoolPage.objects.order_by("pk"):
        school_pages.look(row, url=row.url, by=by, at=NOW)
    answers[programme.privacy_url] = "It answers “404 Not Found”."
    tasks.check_school_pages()
    named = whys(by)
    answers[programme.privacy_url] = ""
    clock.shift(timedelta(days=7))
    tasks.check_school_pages()

    assert named == [("privacy", "It answers “404 Not Found”. Asked on 14 January 2026.")]
    assert whys(by) == []


def test_a_link_that_is_changed_begins_anew(programme):
    row = page(programme)
    school_pages.look(row, url=row.url, by=administrator(programme), at=NOW)
    Programme.objects.update(privacy_url="https://school.example/moved")
    school_pages.keep_rows()

    renewed = page(programme)
    assert (renewed.url, renewed.looked_at_on) == ("https://school.example/moved", None)


def test_nobody_confirms_a_link_that_they_were_not_shown(programme):
    with pytest.raises(NotPossible, match="has changed meanwhile"):
        school_pages.look(
            page(programme), url="https://school.example/old", by=administrator(programme), at=NOW
        )


def test_nobody_looks_after_the_pages_of_another_programme(programme):
    other = administrator(ProgrammeFactory())

    with pytest.raises(NotPossible, match="look after"):
        school_pages.look(page(programme), url=programme.privacy_url, by=other, at=NOW)
    assert whys(other) == []


def test_in_the_rehearsal_nothing_is_asked(programme, answers, settings):
    settings.EXAMPLE = True

    assert (tasks.check_school_pages(), answers["asked"]) == (0, [])


def test_the_first_page_of_the_admin_lists_what_is_due_and_the_button_settles_it(client, programme):
    client.force_login(administrator(programme))
    before = client.get("/admin/")
    row = page(programme)
    shown = client.get(reverse("admin:programmes_schoolpage_change", args=[row.pk])).content.decode()
    client.post(reverse("admin:programmes_schoolpage_look", args=[row.pk]), {"url": row.url})

    assert [due.page for due in before.context["due"]] == [row, page(programme, "safeguarding")]
    assert "It still leads there" in shown
    assert [due.page.which for due in client.get("/admin/").context["due"]] == ["safeguarding"]
    assert page(programme).looked_at_on == ON


def test_the_list_asks_the_database_as_often_for_one_programme_as_for_three(
    client, programme, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(user := UserFactory(is_superuser=True))
    address = reverse("admin:programmes_schoolpage_changelist")
    with django_assert_max_num_queries(25) as for_one:
        client.get(address)
    ProgrammeFactory.create_batch(2)
    school_pages.keep_rows()

    client.force_login(user)
    with django_assert_num_queries(len(for_one)):
        client.get(address)
