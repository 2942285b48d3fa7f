"""A copy of one's data: everything of one's own, nobody else's, nothing that opens a door (trust.md, 6)."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from applications.tests.factories import AbsenceFactory, ApplicationFactory, MentorFactory
from concerns import services as cases
from concerns.models import Case
from concerns.tests.factories import file_case, handler
from declarations.models import Declaration
from matching.tests.factories import ExclusionFactory, RunFactory, suggested
from meetings.tests.factories import noted
from overview.exporting import archive
from overview.exporting.readable import Reader, Table
from overview.personal.holding import Level
from overview.personal.registry import HOLDINGS
from overview.tests.factories import DisclosureFactory, KeptMessageFactory
from partnerships.tests.factories import circle, pair
from programmes.tests.factories import DisclosedFactFactory
from tests.walls.canaries import THEIRS, met
from tests.walls.columns import column_of
from tests.walls.world import build_world

pytestmark = pytest.mark.django_db
COPY = reverse("download_my_data")


def copy_of(user):
    """The members of the file by their names, as text."""
    with archive.write(user, at=timezone.now()) as made, zipfile.ZipFile(made) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}


def tables(user):
    """What the JSON holds, each table by its name."""
    data = json.loads(copy_of(user)["my-data.json"])
    return {table["table"]: table["rows"] for part in data["categories"] for table in part["tables"]}


def words(user):
    """Everything that the files hold, as one text."""
    return "\n".join(copy_of(user).values())


# What is in it


def test_a_copy_has_a_page_data_for_programs_and_a_few_words():
    files = copy_of(ApplicationFactory().user)

    assert sorted(files) == ["README.txt", "my-data.html", "my-data.json"]
    assert files["README.txt"].startswith("What is in here")


def test_every_answer_of_an_application_is_in_it_with_its_label():
    user = ApplicationFactory(bio="I knit.", courses="MSc Knitting", places=0).user

    (row,) = tables(user)["Applications"]

    assert (row["Bio"], row["Courses"], row["User"]) == ("I knit.", "MSc Knitting", "you")
    assert row["Role"] == {"value": "mentee", "label": "Mentee"}
    assert row["Submitted at"] == "2025-10-07T10:00:00+01:00"


def test_the_page_says_what_the_data_say_in_words():
    application = ApplicationFactory(bio="I knit.")

    page = copy_of(application.user)["my-data.html"]

    assert "<dt>Bio</dt><dd>I knit.</dd>" in page
    assert "<dt>Role</dt><dd>Mentee</dd>" in page
    assert "<dt>Submitted at</dt><dd>7 October 2025, 10:00</dd>" in page


def test_what_somebody_wrote_is_no_markup_in_the_page():
    user = ApplicationFactory(bio="<script>alert(1)</script>", user__name="<b>Ada</b>").user

    page = copy_of(user)["my-data.html"]

    assert ("<script" in page, "<b>" in page) == (False, False)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_page_asks_nothing_of_the_network():
    page = copy_of(pair().memberships.first().application.user)["my-data.html"]

    assert [mark for mark in ("src=", "href=", "url(", "@import", "http:", "https:") if mark in page] == []


def test_why_it_is_held_who_reads_it_and_how_long_stands_beside_it():
    data = json.loads(copy_of(ApplicationFactory().user)["my-data.json"])

    applications = next(row for row in data["categories"] if row["category"] == "Applications")

    assert applications["kept"] == "24 months from the end of the cohort"
    assert sorted(applications) == ["basis", "category", "kept", "purpose", "read_by", "tables"]


def test_no_two_columns_of_a_table_have_the_same_label():
    """One would hide the other."""
    for holding in HOLDINGS:
        labels = [str(field.verbose_name) for field in Table(holding, Reader(None, HOLDINGS)).columns]
        assert sorted(set(labels)) == sorted(labels), holding.model


@pytest.mark.clause("EI-6")
def test_a_concern_has_ones_own_words_and_the_answers_and_no_notes():
    user = ApplicationFactory().user
    case = file_case(by=user, text="It hurts.", contact="Ring me", named="Dr Who")
    by = handler(case.programme)
    cases.note(case, by=by, text="Between us.", at=timezone.now())
    cases.answer(case, by=by, text="We are sorry.", at=timezone.now())
    cases.add(case, by=user, text="Thank you.", at=timezone.now() + timedelta(hours=1))

    (row,) = tables(user)["What you raised with your name"]

    assert [(line["from"], line["text"]) for line in row["Words"]] == [
        ("you", "It hurts."),
        ("answer", "We are sorry."),
        ("you", "Thank you."),
    ]
    assert (row["How to reach you"], row["Kept from, in your words"]) == ("Ring me", "Dr Who")
    assert ("Between us." in words(user), by.name in words(user)) == (False, False)


@pytest.mark.clause("EI-6")
def test_a_concern_by_somebody_else_leaves_no_trace_in_the_copy_of_whom_it_is_about():
    partnership = pair()
    mentor, mentee = (row.application.user for row in partnership.memberships.order_by("pk"))
    before = words(mentor)

    file_case(by=mentee, text="About my mentor.", named=f"{mentor.name} {mentor.email}")

    assert words(mentor) == before


def test_a_concern_that_does_not_open_is_named_without_its_words():
    user = ApplicationFactory().user
    case = file_case(by=user, text="It hurts.")
    Case.objects.update(wrapped_key=bytes(case.wrapped_key)[:-1] + b"x")

    (row,) = tables(user)["What you raised with your name"]

    assert row["Words"] == "They can’t be opened at the moment; please ask under “Get help”."


@pytest.mark.clause("ALL-2")
def test_who_has_seen_what_is_in_it_as_on_its_page():
    partnership = pair()
    mentor, mentee = (row.application for row in partnership.memberships.order_by("pk"))
    DisclosedFactFactory(policy_version=partnership.cohort.policy, direction="of_mentor", fact="name")
    DisclosureFactory(partnership=partnership, of=mentee, to=mentor.user)

    (row,) = tables(mentee.user)["Who has seen what of yours"]

    assert row["To whom"] == f"{mentor.user.name}, mentor"
    assert "Who has seen what of yours" not in tables(mentor.user)


# What is not in it


def test_nothing_that_proves_who_somebody_is_stands_in_any_copy():
    user = UserFactory(password="a-password-of-mine")
    proofs = [name for row in HOLDINGS for name, level in row.columns.items() if level is Level.PROOF]
    shown = {
        str(each.verbose_name) for row in HOLDINGS for each in Table(row, Reader(user, HOLDINGS)).columns
    }

    assert "password" in proofs
    assert user.password not in words(user)
    assert shown & {"password", "session key", "session data", "key", "data"} == set()


def test_the_words_of_kept_messages_are_not_repeated():
    user = UserFactory()
    KeptMessageFactory(to=user.email, text="Your code is 123456", state="sent", sent_at=timezone.now())

    assert ("123456" in words(user), len(tables(user)["Messages"])) == (False, 1)


def test_a_message_that_still_waits_tells_nothing_before_its_time():
    user = UserFactory()
    KeptMessageFactory(to=user.email)

    assert "Messages" not in tables(user)


def test_who_left_a_circle_learns_nothing_of_what_became_of_it():
    partnership = circle(name="Owls")
    gone = partnership.memberships.filter(part="mentee").first()
    gone.left_on = timezone.localdate()
    gone.save()
    noted(partnership, present=partnership.memberships.filter(left_on=None).order_by("pk"))

    found = tables(gone.application.user)

    assert ("Partnerships" in found, "Meetings" in found, "Memberships" in found) == (False, False, True)


@pytest.mark.clause("BM-2")
def test_why_a_partnership_ended_is_told_by_no_copy():
    partnership = pair(state="ended", ended_at=timezone.now(), end_reason="leaving")
    partnership.memberships.update(left_on=timezone.localdate(), stayed_to_the_end=True)

    (row,) = tables(partnership.memberships.first().application.user)["Partnerships"]

    assert (row["State"]["value"], "End reason" in row) == ("ended", False)


def test_nothing_that_the_office_has_before_anybody_hears_of_it_is_in_a_copy():
    application = ApplicationFactory()
    before = words(application.user)

    run = RunFactory(cohort=application.cohort, only_for=application)
    ExclusionFactory(run=run, application=application)
    suggested(run, MentorFactory(cohort=application.cohort), application)

    assert words(application.user) == before


def test_who_did_something_to_rows_of_others_finds_how_often_and_nothing_of_them():
    office = UserFactory()
    for number in range(3):
        ApplicationFactory(decided_by=office, bio=f"Private {number}")

    (line,) = tables(office)["What you did to rows that are about others"]

    assert line == {"Where": "applications", "What": "decided by", "Times": 3}
    assert "Private" not in words(office)


@pytest.mark.clause("ALL-1", "ALL-2", "BM-2")
def test_with_a_word_in_every_column_nobodys_copy_has_one_of_somebody_else():
    """But for a partner's name, where the record of who has seen what may say it."""
    world = build_world()
    parts, stands_for = world.ours.parts, world.ours.herd.stands_for
    of_others = {}
    for role in ("Ap", "Pa", "Ci", "Ex", "AD", "SH", "AP"):
        found = met(words(world.people[role]))
        columns = {column_of(world, parts, word, role) for word in found & stands_for.keys()}
        assert [word for word in found if word.startswith(THEIRS)] == []
        of_others[role] = {
            name
            for name in columns
            if name.startswith(("user.", "application.")) and not name.endswith(" own")
        }

    assert of_others == {
        **{role: set() for role in ("Ap", "Ci", "Ex", "AD", "SH", "AP")},
        "Pa": {"user.name partner"},
    }


# The download


@pytest.fixture
def signed_in(client):
    client.force_login(ApplicationFactory().user)
    return client


def test_the_file_has_a_neutral_name_and_is_kept_by_no_cache(signed_in):
    answer = signed_in.get(COPY)

    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.zip"'
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(BytesIO(b"".join(answer))) as opened:
        assert opened.testzip() is None


def test_who_is_signed_out_is_asked_to_sign_in(client):
    assert client.get(COPY).url == f"{reverse('account_login')}?next={COPY}"


def test_a_copy_wants_a_fresh_proof(signed_in, settings, clock):
    settings.STEP_UP = True
    clock.shift(timedelta(minutes=20))

    assert signed_in.get(COPY).url.partition("?")[2] == f"next={quote(COPY, safe='')}"


def test_the_head_alone_says_how_long_it_is(signed_in):
    answer = signed_in.head(COPY)
    answer.close()

    assert int(answer.headers["Content-Length"]) > 1000


def test_some_copies_an_hour_are_enough(signed_in, clock):
    def taken():
        answer = signed_in.get(COPY)
        list(answer)  # to the end, so that the file is gone
        return answer.status_code

    assert [taken() for _ in range(11)] == [200] * 10 + [429]

    clock.shift(timedelta(hours=1, seconds=1))
    assert taken() == 200


def test_a_copy_asks_the_database_as_often_for_many_rows_as_for_few(django_assert_num_queries):
    user = UserFactory()

    def one_more():
        partnership = pair(mentee=ApplicationFactory(user=user))
        mentor, mentee = (row.application for row in partnership.memberships.order_by("pk"))
        DisclosureFactory(partnership=partnership, of=mentee, to=mentor.user)
        AbsenceFactory(application=mentee)
        noted(partnership)
        Declaration.objects.create(user=user, cohort=mentee.cohort, wording="Yes", made_at=timezone.now())

    one_more()
    words(user)
    with CaptureQueriesContext(connection) as for_one:
        words(user)
    one_more()
    one_more()

    with django_assert_num_queries(len(for_one)):
        assert len(tables(user)["Applications"]) == 3
