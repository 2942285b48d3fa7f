"""Pages of the person who raises a concern."""

import re

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory
from concerns import contents, services
from concerns.models import About, AtRisk, Case, Category, State
from concerns.tests.factories import AT, file_case, handler
from concerns.tests.pages import body, queries_for, text_of
from outbox.models import Message
from programmes.tests.factories import ProgrammeFactory

pytestmark = pytest.mark.django_db
HELP = "/help/"


def form_of(client):
    """What a browser would send of the form on the page, but for the answers."""
    return {"key": re.search(r'name="key" value="([^"]+)"', client.get(HELP).content.decode())[1]}


def send(client, **answers):
    return client.post(HELP, form_of(client) | answers)


@pytest.fixture
def reporter(client):
    """Somebody in one programme, signed in."""
    user = ApplicationFactory().user
    client.force_login(user)
    return user


@pytest.fixture
def case():
    return file_case(text="What I wrote.")


# The first page


@pytest.mark.clause("EI-6b")
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_the_emergency_numbers_stand_first_and_need_no_sign_in(client, settings, is_signed_in):
    programme = ApplicationFactory().cohort.programme
    if is_signed_in:
        client.force_login(programme.cohorts.get().applications.get().user)

    html = client.get(HELP).content.decode()

    numbers = re.findall(r'href="tel:(\d+)"', html)
    assert numbers == ["999", settings.EMERGENCY_SECURITY_PHONE.replace(" ", ""), "111", "116123"]
    assert html.index("tel:116123") < html.index('id="write"')


@pytest.mark.clause("EI-6", "EI-1f")
def test_a_visitor_reads_addresses_and_policies_of_the_public_programmes(client):
    public, hidden = ProgrammeFactory(), ProgrammeFactory(is_public=False)

    html = client.get(HELP).content.decode()

    assert re.findall(r'href="mailto:([^"]+)"', html) == [public.contact_email]
    assert re.findall(r'href="(https://school[^"]+)"', html) == [public.safeguarding_url, public.privacy_url]
    assert f'href="{reverse("account_login")}?next={HELP}"' in html
    assert hidden.name not in html
    assert "<textarea" not in html


def test_who_is_in_no_programme_reads_where_to_write(client):
    programme = ProgrammeFactory()
    client.force_login(UserFactory())

    html = client.get(HELP).content.decode()

    assert re.findall(r'href="mailto:([^"]+)"', html) == [programme.contact_email]
    assert "<textarea" not in html


def test_a_person_in_one_programme_isnt_asked_which(client, reporter):
    ProgrammeFactory()

    html = client.get(HELP).content.decode()

    assert re.findall(r'<(?:input|textarea)[^>]* name="(\w+)"', html).count("programme") == 0
    assert f"handle concerns for {reporter.applications.get().cohort.programme.name}" in html


def test_a_person_in_two_programmes_says_which(client, reporter):
    second = ApplicationFactory(user=reporter).cohort.programme
    other = ProgrammeFactory()

    silent = send(client, text="x")
    refused = send(client, text="x", programme=other.pk)
    sent = send(client, text="x", programme=second.pk)

    assert "Please say which programme it is about." in text_of(silent)
    assert other.name not in text_of(refused)
    assert [case.programme for case in Case.objects.all()] == [second]
    assert sent.status_code == 302


@pytest.mark.parametrize("name", ["concern", "my_concerns"])
def test_pages_for_reporters_are_neutral_leave_quickly_and_are_kept_nowhere(client, reporter, name):
    response = client.get(reverse(name))

    html = response.content.decode()
    title = re.search(r"<title>(.*?)</title>", html)[1]
    assert title in {"Get help – Mentorship", "What you have sent – Mentorship"}
    assert "no-store" in response["Cache-Control"]
    assert html.count('href="https://www.bbc.co.uk/weather"') == 1
    assert html.index("quick-exit") < html.index("<h1")


def test_the_form_asks_the_browser_to_remember_nothing(client, reporter):
    html = client.get(HELP).content.decode()

    form = html[html.index("<form", html.index("<main")) : html.index("</form>", html.index("<main"))]
    fields = re.findall(r"<(?:textarea|input type=\"text\")[^>]*>", form)
    assert 'autocomplete="off"' in form[: form.index(">")]
    assert [field for field in fields if 'autocomplete="off"' not in field] == []
    assert len(fields) == 2


# Sending


@pytest.mark.clause("EI-6", "BM-5", "BM-6")
def test_a_concern_sent_in_full_reaches_its_programme_and_gives_a_reference_at_once(client, reporter):
    programme = reporter.applications.get().cohort.programme
    reader = handler(programme)
    answers = {
        "category": "wellbeing",
        "about": "somebody",
        "at_risk": "yes",
        "text": "Ella.",
        "contact": "Ring.",
    }

    response = client.post(HELP, form_of(client) | answers, follow=True)

    case = Case.objects.get()
    assert response.redirect_chain == [(f"/help/received/{case.reference}/", 302)]
    assert f"This is its reference: {case.reference}" in text_of(response)
    assert "answers you by 5 p.m. on Friday 16 January ." in text_of(response)
    assert (case.programme, case.category, case.at_risk) == (programme, Category.WELLBEING, AtRisk.YES)
    opened = services.read(case, by=reader, at=AT)
    assert (opened.about, opened.contact, opened.entries[0].text) == (About.SOMEBODY.label, "Ring.", "Ella.")


@pytest.mark.clause("EI-6")
def test_only_what_happened_is_required(client, reporter):
    missing = send(client, text=" ")
    send(client, text="Something.")

    assert "What happened? – Please write what happened." in text_of(missing)
    case = Case.objects.get()
    assert (case.category, case.at_risk) == (Category.OTHER, AtRisk.UNSAID)
    assert case.unseal("sealed_subject") == About.UNSAID


def test_a_mistake_gives_the_typed_text_back(client, reporter):
    ApplicationFactory(user=reporter)

    response = send(client, text="A long story.", contact="Ring me.")

    html = response.content.decode()
    assert "A long story.</textarea>" in html
    assert 'value="Ring me."' in html
    assert "<title>Error: Get help – Mentorship</title>" in html


def test_sending_the_same_form_twice_makes_one_case(client, reporter):
    form = form_of(client) | {"text": "Once."}

    first, second = client.post(HELP, form), client.post(HELP, form)

    assert (first.url, Case.objects.count(), Message.objects.filter(kind__endswith="received").count()) == (
        second.url,
        1,
        1,
    )


@pytest.mark.parametrize("form", [{}, {"key": "nonsense"}])
def test_a_form_without_its_key_is_not_lost(client, reporter, form):
    client.post(HELP, form | {"text": "A long story."})

    assert Case.objects.count() == 1


def test_words_that_come_after_the_session_has_ended_are_shown_again(client):
    response = client.post(HELP, {"text": "A long <b>story</b>."})

    assert "Your words have not been sent" in text_of(response)
    assert "A long &lt;b&gt;story&lt;/b&gt;.</textarea>" in response.content.decode()
    assert Case.objects.count() == 0


def test_other_methods_are_refused(client):
    assert client.put(HELP).status_code == 405


# Receipts


@pytest.mark.clause("EI-6")
def test_a_receipt_is_for_its_reporter_alone(client, case):
    page = reverse("concern_received", args=[case.reference])
    missing = reverse("concern_received", args=["BBB-222"])
    for user in (UserFactory(), handler(case.programme), UserFactory(is_superuser=True)):
        client.force_login(user)
        assert body(client.get(page), page) == body(client.get(missing), missing)
        assert client.get(page).status_code == 404

    client.force_login(contents.reporter_of(case))
    assert case.reference in text_of(client.get(page))


@pytest.mark.clause("EI-6")
def test_a_reporter_reads_where_it_stands_and_the_answers_but_no_notes(client, case):
    reader = handler(case.programme)
    services.note(case, by=reader, text="Ask the tutor.", at=AT)
    services.answer(case, by=reader, text="We <i>hear</i> you.", at=AT)
    file_case(text="Somebody else’s.")
    client.force_login(contents.reporter_of(case))

    html = client.get(reverse("my_concerns")).content.decode()

    assert re.findall(r'<h2 id="r-([^"]+)"', html) == [case.reference]
    assert "We &lt;i&gt;hear&lt;/i&gt; you." in html
    assert State.ACKNOWLEDGED.label in html
    assert [told for told in ["Ask the tutor.", reader.name, "What I wrote."] if told in html] == []


def test_receipts_need_a_sign_in(client, case):
    for page in (reverse("my_concerns"), reverse("concern_received", args=[case.reference])):
        assert client.get(page).url == f"{reverse('account_login')}?next={page}"


def test_receipts_cost_the_same_queries_however_many_they_are(client, reporter):
    file_case(by=reporter)
    one = queries_for(client, reverse("my_concerns"))

    for _ in range(2):
        file_case(by=reporter)

    assert queries_for(client, reverse("my_concerns")) == one
