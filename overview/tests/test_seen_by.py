"""What an account saw in a period, for the day on which somebody else may have used it."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory, MentorFactory
from concerns.models import Reading
from concerns.tests.factories import file_case
from conftest import NOW
from mentorship.lib.refusals import NotPossible
from overview.queries.seen_by import HEADINGS
from overview.services.looking import look
from overview.tests.factories import DisclosureFactory
from partnerships.tests.factories import pair
from programmes.models import Duty
from programmes.tests.factories import CohortFactory, DutyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ALL-2")]
FROM, UNTIL = date(2026, 1, 5), date(2026, 1, 14)
PAGE = "/admin/partnerships/disclosure/seen-by/"


@pytest.fixture
def root():
    return UserFactory(is_superuser=True, name="Root")


@pytest.fixture
def shown():
    """A pair: the mentor saw the mentee's name on two days and their address on one."""
    cohort = CohortFactory(programme__name="Alumni mentoring")
    mentor = MentorFactory(cohort=cohort, user__email="mentor@lse.example")
    mentee = ApplicationFactory(cohort=cohort, user__name="=Ada", user__email="ada@lse.example")
    partnership = pair(mentor=mentor, mentee=mentee)
    for day, facts in ((5, "name"), (9, "name,email"), (15, "bio")):
        moment = datetime(2026, 1, day, 12, tzinfo=NOW.tzinfo)
        DisclosureFactory(
            partnership=partnership, of=mentee, to=mentor.user, facts=facts, on=moment.date(), first_at=moment
        )
    return mentor.user


def report(account, by, since=FROM, until=UNTIL):
    return look(account, since=since, until=until, by=by, at=NOW)


def test_it_lists_people_and_facts_of_the_period_and_no_others(shown, root):
    (line,) = report(shown, root).lines

    assert (line.person, line.address, line.programme) == ("=Ada", "ada@lse.example", "Alumni mentoring")
    assert (line.facts, line.channel) == (("Name", "E-mail"), "On a page")
    assert (line.first_on, line.last_on, line.days) == (FROM, date(2026, 1, 9), 2)


def test_what_somebody_else_saw_is_not_in_it(shown, root):
    other = pair()
    mentor, mentee = (member.application for member in other.memberships.order_by("pk"))
    DisclosureFactory(partnership=other, of=mentee, to=mentor.user, on=FROM)

    assert report(shown, root).people == 1
    assert report(UserFactory(), root).lines == []


def test_of_concerns_it_counts_the_cases_and_names_them_only_to_who_handles_them(root):
    handler = DutyFactory(kind=Duty.Kind.CONCERNS)
    case = file_case(handler.programme)
    for _ in range(2):
        Reading.objects.create(case=case, user=handler.user, at=NOW)
    Reading.objects.create(case=case, user=handler.user, at=NOW + timedelta(days=2))
    before = report(handler.user, root)
    DutyFactory(user=root, programme=handler.programme, kind=Duty.Kind.CONCERNS)
    after = report(handler.user, root)

    assert (before.cases_read, before.cases) == (1, [])
    assert (after.cases_read, after.cases) == (1, [case.reference])


def test_a_case_that_is_kept_from_the_looker_is_not_named_to_them(root):
    handler = DutyFactory(kind=Duty.Kind.CONCERNS)
    DutyFactory(user=root, programme=handler.programme, kind=Duty.Kind.CONCERNS)
    case = file_case(handler.programme, by=root)
    Reading.objects.create(case=case, user=handler.user, at=NOW)

    assert report(handler.user, root).cases == []


def test_it_says_what_the_account_could_open_without_a_record(root):
    duty = DutyFactory(programme__name="Alumni mentoring")

    said = " ".join(report(duty.user, root).unrecorded)

    assert "Alumni mentoring: as its administrator, every application" in said
    assert "isn’t recorded" in said


def test_what_concerns_the_lookers_own_partnerships_is_left_to_a_colleague(shown):
    mentee = shown.applications.get().memberships.get().partnership.memberships.get(part="mentee")
    own = mentee.application.user
    own.is_superuser = True
    own.save()

    seen = report(shown, own)

    assert (seen.lines, seen.own_left_out) == ([], 2)


def test_the_look_itself_is_written_down_and_shown_to_the_next(client, shown, root):
    other = UserFactory(is_superuser=True, name="Other root")
    report(shown, other)
    client.force_login(root)

    page = client.post(PAGE, {"address": shown.email.upper(), "since": FROM, "until": UNTIL})

    assert [entry.user for entry in page.context["looks"]] == [root, other]
    assert list(LogEntry.objects.values_list("object_repr", flat=True)) == [f"Account {shown.pk}"] * 2
    assert "Other root" in page.content.decode()


@pytest.mark.parametrize("kind", Duty.Kind.values)
def test_nobody_else_looks(client, shown, kind):
    holder = DutyFactory(kind=kind).user
    client.force_login(holder)
    sent = {"address": shown.email, "since": FROM, "until": UNTIL}

    answers = {client.get(PAGE).status_code, client.post(PAGE, sent).status_code}
    answers |= {client.post(f"{PAGE}file/", sent).status_code}

    assert answers <= {302, 404}
    with pytest.raises(NotPossible, match="Superusers"):
        report(shown, holder)
    assert LogEntry.objects.count() == 0


def test_the_file_has_one_line_for_each_person_and_its_cells_are_harmless(client, shown, root):
    client.force_login(root)

    answer = client.post(f"{PAGE}file/", {"address": shown.email, "since": FROM, "until": UNTIL})

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer["Content-Disposition"] == 'attachment; filename="seen.csv"'
    assert rows == [
        HEADINGS,
        [
            *["'=Ada", "ada@lse.example", "Alumni mentoring", "Name, E-mail", "On a page"],
            *["2026-01-05", "2026-01-09", "2"],
        ],
    ]


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"address": "nobody@lse.example"}, "address"), ({"until": date(2026, 1, 4)}, "until")],
)
@pytest.mark.parametrize("address", [PAGE, f"{PAGE}file/"])
def test_what_cannot_be_looked_for_is_said_and_leaves_no_trace(client, shown, root, facts, field, address):
    client.force_login(root)

    page = client.post(address, {"address": shown.email, "since": FROM, "until": UNTIL} | facts)

    assert list(page.context["form"].errors) == [field]
    assert LogEntry.objects.count() == 0


def test_the_record_of_disclosures_leads_there_for_superusers_alone(client, root):
    seen = []
    for user in (root, DutyFactory().user):
        client.force_login(user)
        list_page = client.get(reverse("admin:partnerships_disclosure_changelist")).content.decode()
        seen.append(PAGE in list_page)

    assert seen == [True, False]


def test_a_report_asks_the_database_as_often_for_one_person_as_for_three(
    shown, root, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(15) as for_one:
        report(shown, root)
    for _ in range(2):
        other = pair()
        mentee = other.memberships.get(part="mentee").application
        DisclosureFactory(partnership=other, of=mentee, to=shown, on=FROM)

    with django_assert_num_queries(len(for_one)):
        assert report(shown, root).people == 3


# The command


def said(*arguments):
    out = io.StringIO()
    call_command("seen_by", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_the_command_says_the_same_and_leaves_a_line_in_the_log(shown, caplog):
    lines = said("mentor@lse.example", "--from", "2026-01-05", "--until", "2026-01-14")

    assert lines[:3] == [
        "=Ada <ada@lse.example>, Alumni mentoring: Name, E-mail (on a page, 2026-01-05 to 2026-01-09, days: 2)",
        "People: 1. Concerns opened: 0. Changes in the admin: 0.",
        "Not recorded:",
    ]
    assert f"What account {shown.pk} saw from 2026-01-05 to 2026-01-14" in caplog.text
    assert "mentor@" not in caplog.text


def test_the_command_writes_csv(shown):
    rows = said("mentor@lse.example", "--from", "2026-01-05", "--until", "2026-01-14", "--csv")

    assert rows[0] == ",".join(HEADINGS)
    assert rows[1].startswith("'=Ada,ada@lse.example,")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("nobody@lse.example", "--from", "2026-01-05", "--until", "2026-01-14"), "Nobody has an account"),
        (("mentor@lse.example", "--from", "2026-01-05", "--until", "2026-01-04"), "can't lie after"),
        (("mentor@lse.example", "--from", "monday", "--until", "2026-01-04"), "invalid"),
    ],
)
def test_the_command_says_what_it_cannot_do(shown, arguments, why):
    with pytest.raises(CommandError, match=why):
        said(*arguments)
