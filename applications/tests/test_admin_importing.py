from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from applications.tests.factories import ApplicationFactory
from applications.tests.sheets import cohort_with_a_sheet, sheet, somebody
from declarations.models import Declaration
from outbox.models import Message
from programmes.tests.factories import DutyFactory

pytestmark = pytest.mark.django_db

IMPORT = "/admin/applications/application/import/"
CONFIRM = "/admin/applications/application/import/confirm/"


@pytest.fixture
def cohort():
    return cohort_with_a_sheet(slug="third")


@pytest.fixture
def office(client, cohort):
    client.force_login(DutyFactory(programme=cohort.programme).user)
    return client


def look(client, cohort, data, role="mentee"):
    file = SimpleUploadedFile("sheet.csv", data, "text/csv")
    return client.post(IMPORT, {"cohort": cohort.pk, "role": role, "file": file})


def confirm(client, page):
    return client.post(CONFIRM, {"sheet": page.context["sealed"]})


def told(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def words(answer):
    """The text of a page's content, without its tags."""

    class Words(HTMLParser):
        def __init__(self):
            super().__init__()
            self.found = []

        def handle_data(self, data):
            self.found.append(data)

    parser = Words()
    parser.feed(answer.content.decode().partition('id="content"')[2])
    return " ".join(" ".join(parser.found).split())


def test_the_list_of_a_cohort_leads_to_the_import_into_it(office, cohort):
    page = office.get(f"{reverse('admin:applications_application_changelist')}?cohort__id__exact={cohort.pk}")
    form = office.get(page.context["import_url"])

    assert page.context["import_url"] == f"{IMPORT}?cohort={cohort.pk}"
    assert f'<option value="{cohort.pk}" selected>' in form.content.decode()


def test_a_look_shows_counts_refusals_columns_and_people_and_stores_nothing(office, cohort):
    page = look(office, cohort, sheet(somebody(1), somebody(2, Band="99"), somebody(3, Organisation="Acme")))

    shown = words(page)
    assert page.context["plan"].summary == "2 new, 0 already there, 1 refused"
    assert "3 Band “99” isn't a whole number from 1 to 20." in shown
    assert "Left out, not stored: Organisation." in shown
    assert "Line 2: Guest 1 Address guest1@lse.ac.uk Submitted 4 November 2025, 18:26" in shown
    assert "Employment sectors Law; Consulting" in shown
    assert "Acme" not in shown
    assert [model.objects.count() for model in (Application, Declaration, Message)] == [0, 0, 0]


@pytest.mark.clause("BM-2")
def test_a_look_shows_no_declaration(office, cohort):
    shown = words(look(office, cohort, sheet({})))

    assert ("identify" in shown, "Declaration" in shown) == (False, False)


def test_confirming_imports_what_was_looked_at(office, cohort):
    page = look(office, cohort, sheet(somebody(1), somebody(2, Band="99")))

    answer = confirm(office, page)

    assert (answer.status_code, answer.url) == (
        302,
        f"{reverse('admin:applications_application_changelist')}?cohort__id__exact={cohort.pk}",
    )
    assert told(answer) == [
        "The sheet has been imported: 1 new, 0 already there, 1 refused. Everybody new has a message."
    ]
    assert list(Application.objects.values_list("user__email", "cohort", "role")) == [
        ("guest1@lse.ac.uk", cohort.pk, "mentee")
    ]
    assert Message.objects.count() == 1


def test_confirming_twice_imports_once(office, cohort):
    page = look(office, cohort, sheet(somebody(1)))

    confirm(office, page)
    again = confirm(office, page)

    assert again.context["plan"].summary == "0 new, 1 already there, 0 refused"
    assert "There is nobody to import from this file." in words(again)
    assert (Application.objects.count(), Message.objects.count()) == (1, 1)


def test_when_something_has_changed_the_office_looks_again(office, cohort):
    page = look(office, cohort, sheet(somebody(1), somebody(2)))
    ApplicationFactory(cohort=cohort, user__email="guest2@lse.ac.uk", user__name="Somebody Else")

    answer = confirm(office, page)

    assert told(answer) == ["Something has changed since you looked. Please look again."]
    assert answer.context["plan"].summary == "1 new, 0 already there, 1 refused"
    assert Application.objects.count() == 1


def test_a_page_from_an_hour_ago_imports_nothing(office, cohort, clock):
    page = look(office, cohort, sheet(somebody(1)))

    for _ in range(3):  # never away for half an hour, which would sign an administrator out
        clock.shift(timedelta(minutes=21))
        office.get("/")
    answer = confirm(office, page)

    assert (answer.status_code, answer.url) == (302, IMPORT)
    assert told(answer) == ["That page was too old. Please choose the file again; nothing has been stored."]
    assert not Application.objects.exists()


def test_opening_the_address_of_the_confirmation_imports_nothing(office, cohort):
    assert office.get(CONFIRM).status_code == 405
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The submitted file is empty."),
        (
            b"PK\x03\x04 and so on",
            "The file is an Excel workbook, not a CSV file."
            " Please save it as CSV (UTF-8, separated by commas) and try again.",
        ),
        (b"Name\nAnn\n", "The file lacks columns that are needed: "),
        (b"x" * (5 * 1024 * 1024 + 1), "The file is larger than 5 MB. Please import it in parts."),
    ],
    ids=["empty", "workbook", "columns", "large"],
)
def test_a_file_that_cannot_be_taken_is_refused_at_its_field(office, cohort, data, sentence):
    page = look(office, cohort, data)

    [error] = page.context["form"].errors["file"]
    assert error.startswith(sentence)
    assert "Nothing has been stored." in words(page)


def test_a_file_that_cannot_be_sealed_small_enough_is_refused_at_its_field(office, cohort, monkeypatch):
    monkeypatch.setattr("applications.admin.importing.LARGEST_SEALED", 100)

    page = look(office, cohort, sheet({}))

    assert page.context["form"].errors["file"] == [
        "The file is too large to be looked at here. Please import it in parts."
    ]


@pytest.mark.clause("ALL-1")
def test_the_cohorts_of_other_programmes_are_not_there(office, cohort):
    other = cohort_with_a_sheet(slug="fourth", name="Fourth programme")

    form = office.get(IMPORT)
    answer = look(office, other, sheet({}))

    assert "Fourth programme" not in form.content.decode()
    assert answer.context["form"].errors["cohort"] == [
        "Select a valid choice. That choice is not one of the available choices."
    ]
    assert not Application.objects.exists()


@pytest.mark.clause("ALL-1")
def test_a_duty_that_was_taken_away_is_gone_at_the_confirmation(office, cohort):
    page = look(office, cohort, sheet({}))
    User.objects.get().duties.all().delete()
    DutyFactory(user=User.objects.get())

    answer = confirm(office, page)

    assert answer.status_code == 404
    assert not Application.objects.exists()


@pytest.mark.clause("ALL-1")
def test_deciding_eligibility_opens_no_import(client, cohort):
    client.force_login(DutyFactory(programme=cohort.programme, kind="eligibility").user)

    answers = [client.get(IMPORT), look(client, cohort, sheet({})), client.post(CONFIRM, {"sheet": "x"})]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not Application.objects.exists()


def test_another_administrators_page_imports_nothing(office, cohort, client):
    page = look(office, cohort, sheet({}))
    office.force_login(DutyFactory(programme=cohort.programme).user)

    answer = confirm(office, page)

    assert told(answer) == ["That page was too old. Please choose the file again; nothing has been stored."]
    assert not Application.objects.exists()


def test_what_was_typed_is_harmless_on_the_page(office, cohort):
    page = look(
        office, cohort, sheet(somebody(1, Name="<script>alert(1)</script>"), somebody(2, Band="<b>7</b>"))
    )

    source = page.content.decode()
    assert ("<script>alert" in source, "<b>7" in source) == (False, False)


def test_a_look_at_three_people_takes_as_many_queries_as_at_one(office, cohort):
    def queries(people):
        with CaptureQueriesContext(connection) as captured:
            look(office, cohort, sheet(*(somebody(n) for n in range(people))))
        return len(captured)

    assert queries(1) == queries(3)
