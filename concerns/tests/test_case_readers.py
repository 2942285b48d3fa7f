"""Who is named in a case, struck out, a partner of its reporter, or the reporter, finds nothing of it (EI-6, ALL-1)."""

import pytest
from django.urls import reverse

from applications.tests.factories import ApplicationFactory, MentorFactory
from concerns import services
from concerns.tests.factories import AT, file_case, handler, mail
from concerns.tests.pages import VERBS, body
from partnerships.tests.factories import circle, pair
from programmes.models import Duty
from programmes.tests.factories import CohortFactory, DutyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-6", "EI-6a", "ALL-1")]


def handles(user, programme):
    return DutyFactory(user=user, programme=programme, kind=Duty.Kind.CONCERNS).user


def named(cohort):
    """Named by the reporter as whom it is about."""
    user = handler(cohort.programme, name="Ada Lovelace")
    return user, lambda: file_case(cohort.programme, named="Dr Lovelace")


def told_of(cohort):
    """Whole name in the words of the concern."""
    user = handler(cohort.programme, name="Ada Lovelace")
    return user, lambda: file_case(cohort.programme, text="It was Ada Lovelace.")


def struck_out(cohort):
    """Kept out by another handler afterwards."""
    user, other = handler(cohort.programme, name="Ada Lovelace"), handler(cohort.programme)

    def file():
        case = file_case(cohort.programme)
        services.keep_from(case, by=other, named="Ada Lovelace", at=AT)
        return case

    return user, file


def partner(cohort):
    partnership = pair(cohort)
    mentor, mentee = (
        partnership.memberships.get(part=part).application.user for part in ("mentor", "mentee")
    )
    return handles(mentor, cohort.programme), lambda: file_case(by=mentee)


def partner_in_a_circle(cohort):
    mentees = circle(cohort).memberships.filter(part="mentee").order_by("pk")
    one, other = (member.application.user for member in mentees[:2])
    return handles(one, cohort.programme), lambda: file_case(by=other)


def partner_later(cohort):
    """Introduced after the filing."""
    mentor, mentee = MentorFactory(cohort=cohort), ApplicationFactory(cohort=cohort)

    def file():
        case = file_case(by=mentee.user)
        pair(mentor=mentor, mentee=mentee)
        return case

    return handles(mentor.user, cohort.programme), file


def reporter(cohort):
    mentee = ApplicationFactory(cohort=cohort)
    return handles(mentee.user, cohort.programme), lambda: file_case(by=mentee.user)


BEFORE_IT = [named, told_of, partner, partner_in_a_circle, reporter]
WAYS = [*BEFORE_IT, struck_out, partner_later]


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_it_opens_and_no_page_of_theirs_counts_it(client, cohort, way):
    user, file = way(cohort)
    client.force_login(user)
    lists = [f"{reverse('cases')}{view}" for view in ("", "?show=mine", "?show=closed")]
    before = [body(client.get(page), "") for page in lists]

    case = file()

    assert [body(client.get(page), "") for page in lists] == before
    assert client.get(case.get_absolute_url()).status_code == 404
    posts = {client.post(reverse(f"case_{verb}", args=[case.pk])).status_code for verb in VERBS}
    assert (posts, case.readings.count()) == ({404}, 0)


@pytest.mark.parametrize("way", BEFORE_IT)
def test_they_get_no_alert(cohort, way):
    user, file = way(cohort)
    other = handler(cohort.programme)

    file()

    told = [to for kind, to, _ in mail() if kind != "received"]
    assert (user.email in told, told) == (False, [other.email])


@pytest.mark.parametrize("way", WAYS)
def test_they_are_offered_to_nobody_as_its_handler_and_named_as_no_reader(client, cohort, way):
    user, file = way(cohort)
    case, other = file(), handler(cohort.programme, name="Grace Hopper")
    client.force_login(other)

    page = client.get(case.get_absolute_url())
    response = client.post(reverse("case_assign", args=[case.pk]), {"to": user.pk})

    assign = next(form for form in page.context["forms"] if form.verb == "assign")
    assert user.pk not in {int(pk) for pk, _ in assign.fields["to"].choices}
    assert user not in page.context["readers"]
    assert "Select a valid choice" in response.content.decode()
    case.refresh_from_db()
    assert case.handler is None


def test_titles_and_addresses_tell_no_name(client, cohort):
    user = handler(cohort.programme)
    case = file_case(cohort.programme, text="Secret words.")
    client.force_login(user)

    titles = [
        client.get(page).content.decode().partition("<title>")[2].partition("</title>")[0]
        for page in (reverse("cases"), case.get_absolute_url(), reverse("cases_summary"))
    ]

    assert titles == ["Concerns – Mentorship", f"{case.reference} – Mentorship", "Figures – Mentorship"]
    assert case.get_absolute_url() == f"/cases/{case.pk}/"
