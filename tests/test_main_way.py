"""The whole way on the office's own sheets: import, decide, match, release, and exactly what the policy allows."""

import html
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.tests.factories import UserFactory
from applications.models import Application, PolicyAcceptance, State
from applications.services import deciding, writing
from matching.services import releasing, runs
from outbox.models import Message
from partnerships.models import Disclosure, Partnership
from programmes.models import Cohort, Programme
from programmes.services import move_cohort
from programmes.tests.factories import DutyFactory

pytestmark = pytest.mark.django_db
EXAMPLES = "examples/"
AT_ONCE = timedelta(0)
# The lists of the policy, in its order (EI-4 a-h, EI-5 a-g).
OF_MENTOR = ["name", "email", "courses", "graduation_year", "country", "job_role", "bio", "linkedin"]
OF_MENTEE = ["name", "school_email", "study_programme", "sectors", "support_areas", "linkedin", "bio"]


@pytest.fixture
def office():
    call_command("install_programmes", verbosity=0)
    user = UserFactory(email="office@lse.example")
    for programme in Programme.objects.all():
        DutyFactory(user=user, programme=programme)
    return user


def running(slug, cohort):
    """A cohort that began today."""
    found = Cohort.objects.select_related("programme").get(programme__slug=slug, slug=cohort)
    return move_cohort(found, start=timezone.localdate(), by=None, at=timezone.now())


def imported(cohort, office, **sheets):
    for role, sheet in sheets.items():
        call_command("import_people", cohort.programme.slug, cohort.slug, role, EXAMPLES + sheet, verbosity=0)
    waiting = Application.objects.filter(cohort=cohort)
    return deciding.decide(waiting, to=State.ACCEPTED, by=office, at=timezone.now())


def values(application):
    """What a person gave, by fact, as text."""
    return {
        "name": [application.user.name],
        "email": [application.user.email],
        "school_email": [application.office_email],
        "sectors": [option.name for option in application.sectors.all()],
        "support_areas": [option.name for option in application.support_areas.all()],
        **{
            fact: [str(getattr(application, fact))]
            for fact in (
                "courses",
                "graduation_year",
                "country",
                "job_role",
                "study_programme",
                "bio",
                "linkedin",
            )
        },
    }


def allowed(application, facts):
    given = values(application)
    return {fact: [value for value in given[fact] if value] for fact in facts if any(given[fact])}


def shown(text):
    """The lines "label: value" of an introduction, in order, as far as they belong to the card."""
    card = text.split(":\n\n", 1)[1].split("\n\n", 1)[0]
    return [line.partition(": ")[2] for line in card.splitlines()]


@pytest.fixture
def alumni_cohort(office):
    cohort = running("ei-alumni", "2025-26")
    imported(cohort, office, mentor="ei-2025-alumni.csv", mentee="ei-2025-students.csv")
    # Something in every other field: nothing of it may reach anybody.
    for number, application in enumerate(Application.objects.filter(cohort=cohort)):
        Application.objects.filter(pk=application.pk).update(
            job_title=f"canary-title-{number}",
            division=f"canary-division-{number}",
            staff_group=f"canary-group-{number}",
            line_manager_email=f"canary{number}@lse.ac.uk",
            band=19,
            **({"study_programme": f"canary-study-{number}"} if application.is_mentor else {}),
            **(
                {}
                if application.is_mentor
                else {"courses": f"canary-courses-{number}", "graduation_year": 1913}
            ),
            **(
                {}
                if application.is_mentor
                else {"country": f"canary-country-{number}", "job_role": "canary-role"}
            ),
        )
    return cohort


CLAUSES = [f"EI-4{letter}" for letter in "abcdefgh"] + [f"EI-5{letter}" for letter in "abcdefg"]


@pytest.mark.clause("EI-0", "EI-M", *CLAUSES)
def test_every_introduction_of_the_alumni_programme_holds_exactly_what_the_policy_lists(
    alumni_cohort, office
):
    run = runs.run(cohort=alumni_cohort, by=office, at=timezone.now())
    outcome = releasing.release(run, by=office, at=timezone.now(), delay=AT_ONCE)

    pairs = Partnership.objects.all()
    assert outcome.released == len(pairs) == run.placed > 45
    for partnership in pairs:
        people = {m.part: m.application for m in partnership.memberships.all()}
        for reader, other, facts in [("mentee", "mentor", OF_MENTOR), ("mentor", "mentee", OF_MENTEE)]:
            message = Message.objects.get(key=f"introduction/{partnership.pk}/{people[reader].pk}")
            expected = [
                "; ".join(some) if len(some) > 1 else some[0]
                for some in allowed(people[other], facts).values()
            ]
            assert message.to == people[reader].user.email
            assert shown(message.text) == expected
            cells = re.findall(r"<td>(.*?)</td>", message.html, re.DOTALL)
            assert [html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in cells] == expected
            assert "canary" not in message.text + message.html
            record = Disclosure.objects.get(partnership=partnership, of=people[other], channel="email")
            assert record.facts.split(",") == list(allowed(people[other], facts))


@pytest.mark.clause(*CLAUSES)
def test_every_partners_page_shows_exactly_what_the_policy_lists(alumni_cohort, office, client):
    run = runs.run(cohort=alumni_cohort, by=office, at=timezone.now())
    releasing.release(run, by=office, at=timezone.now(), delay=AT_ONCE)

    for partnership in Partnership.objects.order_by("pk")[:8]:
        people = {m.part: m.application for m in partnership.memberships.all()}
        for reader, other, facts in [("mentee", "mentor", OF_MENTOR), ("mentor", "mentee", OF_MENTEE)]:
            client.force_login(people[reader].user)
            page = client.get(f"/partnerships/{partnership.pk}/").content.decode()
            card = page.split('class="card"')[1].split("</section>")[0]
            cells = re.findall(r"<dd>(.*?)</dd>", card, re.DOTALL)
            read = [[html.unescape(re.sub(r"<[^>]+>", "\n", cell)).strip() for cell in cells]][0]
            expected = allowed(people[other], facts)
            assert [re.split(r"\n+", cell) for cell in read] == list(expected.values())
            assert "canary" not in page


@pytest.mark.clause("EI-1", "BM-7")
def test_the_staff_scheme_waits_for_acceptance_and_then_introduces_pairs_and_circles(office):
    cohort = running("bame-staff", "2021-pilot")
    decided = imported(cohort, office, mentor="staff-2021-mentors.csv", mentee="staff-2021-mentees.csv")
    assert (len(decided.decided), len(decided.refused)) == (65, 2)

    before = runs.run(cohort=cohort, by=office, at=timezone.now())
    assert (before.placed, PolicyAcceptance.objects.count()) == (0, 0)
    for application in Application.objects.filter(cohort=cohort, state=State.ACCEPTED):
        writing.accept_policy(application, by=application.user, at=timezone.now())
    run = runs.run(cohort=cohort, by=office, at=timezone.now())
    released = releasing.release(run, by=office, at=timezone.now(), delay=AT_ONCE)

    assert (released.released, released.held_back) == (run.suggestions.count(), [])
    assert set(Partnership.objects.values_list("pathway", flat=True)) == {"one_to_one", "circle"}
    introduced = Message.objects.filter(kind="partnerships/email/introduction")
    members = Partnership.objects.filter(memberships__isnull=False).values_list("memberships", flat=True)
    assert introduced.count() == len(members)
    assert not introduced.filter(to__in=decided_out(decided)).exists()


def decided_out(decided):
    return [application.user.email for application, _ in decided.refused]
