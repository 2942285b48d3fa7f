"""The page where anybody turns for help, and sending with one's name."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory
from concerns import services
from concerns.models import About, AtRisk, Case, CaseExclusion, Category
from concerns.tests.factories import AT, handler
from concerns.tests.pages import HELP, form_of, send, text_of
from outbox.models import Message
from programmes.models import Programme
from programmes.tests.factories import ProgrammeFactory

pytestmark = pytest.mark.django_db
NAMED = {"door": "named"}


@pytest.fixture
def reporter(client):
    """Somebody in one programme, signed in."""
    user = ApplicationFactory().user
    client.force_login(user)
    return user


def names_on(response):
    """Names of the fields of the page's own form, in order."""
    html = response.content.decode()
    form = html[html.index('action="/help/"') :]
    fields = re.findall(r'<(?:input|textarea)[^>]* name="(\w+)"', form[: form.index("</form>")])
    return [name for name in dict.fromkeys(fields) if name not in ("csrfmiddlewaretoken", "key")]


# The first page


@pytest.mark.clause("EI-6b")
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_the_emergency_numbers_stand_first_and_need_no_sign_in(client, settings, is_signed_in):
    application = ApplicationFactory()
    if is_signed_in:
        client.force_login(application.user)

    html = client.get(HELP).content.decode()

    numbers = re.findall(r'href="tel:(\d+)"', html)
    assert numbers == ["999", settings.EMERGENCY_SECURITY_PHONE.replace(" ", ""), "111", "116123"]
    assert html.index("tel:116123") < html.index('id="write"') < html.index("<textarea")


@pytest.mark.clause("EI-6", "BM-5", "BM-6")
def test_who_is_signed_in_chooses_between_two_doors_and_the_one_with_the_name_comes_first(client, reporter):
    form = client.get(HELP).context["form"]

    assert [value for value, _ in form.fields["door"].choices] == ["named", "anonymous"]
    assert form["door"].value() == "named"


@pytest.mark.clause("EI-6", "EI-6b")
def test_who_is_signed_out_is_offered_the_door_without_a_name_and_the_way_to_sign_in(client):
    ProgrammeFactory()

    response = client.get(HELP)

    assert response.context["form"].doors == ["anonymous"]
    assert "You write without your name" in text_of(response)
    assert f'href="{reverse("account_login")}?next={HELP}"' in response.content.decode()


@pytest.mark.clause("EI-6", "EI-1f")
def test_where_nothing_comes_without_a_name_a_visitor_reads_addresses_and_policies(client):
    public = ProgrammeFactory(allows_anonymous_concerns=False)
    hidden = ProgrammeFactory(is_public=False)

    html = client.get(HELP).content.decode()

    assert re.findall(r'href="mailto:([^"]+)"', html) == [public.contact_email]
    assert re.findall(r'href="(https://school[^"]+)"', html) == [public.safeguarding_url, public.privacy_url]
    assert f'href="{reverse("account_login")}?next={HELP}"' in html
    assert hidden.name not in html
    assert "<textarea" not in html


@pytest.mark.clause("EI-6b")
def test_the_questions_come_in_order_with_risk_first(client, reporter):
    ApplicationFactory(user=reporter)

    response = client.get(HELP)

    assert names_on(response) == [
        "door",
        "programme",
        "at_risk",
        "category",
        "about",
        "named",
        "text",
        "contact",
    ]


def test_a_person_in_one_programme_isnt_asked_which(client, reporter):
    ProgrammeFactory()

    response = client.get(HELP)

    assert "programme" not in names_on(response)
    assert f"handle concerns for {reporter.applications.get().cohort.programme.name}" in text_of(response)


def test_who_is_in_no_programme_chooses_between_the_public_ones(client):
    public, other = ProgrammeFactory(), ProgrammeFactory()
    ProgrammeFactory(is_public=False)
    client.force_login(UserFactory())

    sent = send(client, text="x", programme=other.pk)

    form = client.get(HELP).context["form"]
    assert set(form.fields["programme"].queryset) == {public, other}
    assert Case.objects.get().programme == other
    assert sent.status_code == 302


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


@pytest.mark.clause("ALL-1")
def test_the_page_names_duties_and_no_person_who_reads(client, reporter):
    reader = handler(reporter.applications.get().cohort.programme, name="Ottilie Farrow")

    html = client.get(HELP).content.decode()

    assert (reader.name in html, reader.email in html) == (False, False)


@pytest.mark.clause("EI-6")
def test_confidentiality_is_said_to_forbid_nothing_and_the_school_s_own_pages_are_linked(client, reporter):
    programme = reporter.applications.get().cohort.programme

    response = client.get(HELP)

    html = response.content.decode()
    assert "mentoring is confidential never stops you from speaking about what happened" in text_of(response)
    assert re.findall(r'href="(https://school[^"]+)"', html) == [
        programme.safeguarding_url,
        programme.privacy_url,
    ]
    assert 'href="#other-ways"' in html and 'id="other-ways"' in html


@pytest.mark.clause("EI-6", "BM-13")
def test_a_question_may_be_asked_in_public_where_the_programme_s_page_is(client, reporter):
    programme = reporter.applications.get().cohort.programme
    ask = reverse("ask_question", args=[programme.slug])

    with_page = client.get(HELP).content.decode()
    Programme.objects.update(is_public=False)
    without = client.get(HELP).content.decode()

    assert (with_page.count(f'href="{ask}"'), without.count(ask)) == (1, 0)


@pytest.mark.parametrize("name", ["concern", "my_concerns", "concern_answers"])
def test_pages_for_reporters_are_neutral_leave_quickly_and_are_kept_nowhere(client, reporter, name):
    response = client.get(reverse(name))

    html = response.content.decode()
    title = re.search(r"<title>(.*?)</title>", html)[1]
    assert title in {
        "Get help – Mentorship",
        "What you have sent – Mentorship",
        "Read an answer – Mentorship",
    }
    assert "no-store" in response["Cache-Control"]
    assert html.count('href="https://www.bbc.co.uk/weather"') == 1
    assert html.index("quick-exit") < html.index("<h1")
    assert "<script" not in html


@pytest.mark.parametrize("name", ["concern", "concern_answers"])
def test_the_form_asks_the_browser_to_remember_nothing_and_to_cut_nothing_off(client, reporter, name):
    html = client.get(reverse(name)).content.decode()

    form = html[html.index("<form", html.index("<main")) : html.index("</form>", html.index("<main"))]
    fields = re.findall(r"<(?:textarea|input type=\"text\")[^>]*>", form)
    assert 'autocomplete="off"' in form[: form.index(">")]
    assert [field for field in fields if 'autocomplete="off"' not in field or "maxlength" in field] == []
    assert len(fields) == {"concern": 3, "concern_answers": 1}[name]


# Sending


@pytest.mark.clause("EI-6", "EI-6b", "BM-5", "BM-6")
def test_a_concern_sent_in_full_reaches_its_programme_and_gives_a_reference_at_once(client, reporter):
    programme = reporter.applications.get().cohort.programme
    reader = handler(programme)
    answers = {
        "category": "wellbeing",
        "about": "somebody",
        "at_risk": "yes",
        "named": "Ada Quill",
        "text": "Ella.",
        "contact": "Ring.",
    }

    response = client.post(HELP, form_of(client) | answers, follow=True)

    case = Case.objects.get()
    assert response.redirect_chain == [(f"/help/received/{case.reference}/", 302)]
    assert f"This is its reference: {case.reference}" in text_of(response)
    assert (case.programme, case.category, case.at_risk) == (programme, Category.WELLBEING, AtRisk.YES)
    opened = services.read(case, by=reader, at=AT)
    assert (opened.about, opened.contact, opened.entries[0].text) == (About.SOMEBODY.label, "Ring.", "Ella.")
    assert opened.kept_from == ("“ada”", "“quill”")


@pytest.mark.clause("EI-6")
def test_only_what_happened_is_required(client, reporter):
    missing = send(client, text=" ")
    send(client, text="Something.")

    assert "What happened? – Please write what happened." in text_of(missing)
    case = Case.objects.get()
    assert (case.category, case.at_risk) == (Category.OTHER, AtRisk.UNSAID)
    assert case.unseal("sealed_subject") == About.UNSAID
    assert CaseExclusion.objects.count() == 0


@pytest.mark.parametrize("door", [None, "", "x", "both"])
def test_without_a_choice_of_door_nothing_is_sent_and_nothing_lost(client, reporter, door):
    response = client.post(HELP, {"text": "A long story."} | ({} if door is None else {"door": door}))

    assert "please say whether you write with your name" in text_of(response)
    assert "A long story.</textarea>" in response.content.decode()
    assert Case.objects.count() == 0


def test_a_mistake_gives_everything_typed_back_and_the_title_says_so(client, reporter):
    ApplicationFactory(user=reporter)

    response = send(client, text="A long story.", contact="Ring me.", named="Ada", at_risk="yes")

    html = response.content.decode()
    assert "A long story.</textarea>" in html
    assert "Ada</textarea>" in html
    assert 'value="Ring me."' in html
    assert "<title>Error: Get help – Mentorship</title>" in html
    assert response.context["form"]["at_risk"].value() == "yes"
    assert re.findall(r'<a href="#([^"]+)">Which programme', html) == ["id_programme_0"]


def test_sending_the_same_form_twice_makes_one_case(client, reporter):
    form = form_of(client) | {"text": "Once."}

    first, second = client.post(HELP, form), client.post(HELP, form)

    received = Message.objects.filter(kind__endswith="received").count()
    assert (first.url, Case.objects.count(), received) == (second.url, 1, 1)


@pytest.mark.parametrize("form", [{}, {"key": "nonsense"}, {"key": "\0"}])
def test_a_form_without_its_key_is_not_lost(client, reporter, form):
    client.post(HELP, NAMED | form | {"text": "A long story."})

    assert Case.objects.count() == 1


# What no form of ours would send


@pytest.mark.parametrize(
    ("field", "most"),
    [("text", "20,000"), ("named", "500"), ("contact", "300")],
    ids=["text", "named", "contact"],
)
def test_a_megabyte_is_given_back_whole_with_the_length_that_is_taken(client, reporter, field, most):
    response = send(client, **{"text": "x"} | {field: "y" * 1_000_000})

    assert f"Please keep it to {most} letters." in text_of(response)
    assert "y" * 1_000_000 in response.content.decode()
    assert Case.objects.count() == 0


def test_nul_and_broken_letters_are_taken_for_what_they_say(client, reporter):
    handler(reporter.applications.get().cohort.programme)
    body = b"door=named&text=He%00+said%ED%A0%80+so&named=A%00da&contact=%00"

    response = client.post(HELP, body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 302
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category", "x"),
        ("about", "\0"),
        ("at_risk", "unsaid"),
        ("programme", "9" * 30),
        ("programme", "1\0"),
        ("programme", "x"),
    ],
)
def test_a_choice_that_isnt_offered_is_said_and_nothing_is_lost(client, reporter, field, value):
    ApplicationFactory(user=reporter)
    programme = reporter.applications.first().cohort.programme.pk

    response = send(client, **{"text": "A long story.", "programme": programme, field: value})

    assert list(response.context["form"].errors) == [field]
    assert "A long story.</textarea>" in response.content.decode()
    assert Case.objects.count() == 0


# When the session has ended


@pytest.mark.clause("EI-6")
def test_words_that_were_to_go_with_a_name_come_back_with_both_ways_to_go_on(client):
    ProgrammeFactory()

    response = client.post(HELP, NAMED | {"text": "A long <b>story</b>.", "named": "Ada"})
    again = client.post(HELP, {"door": "anonymous", "text": "A long <b>story</b>.", "named": "Ada"})

    html = response.content.decode()
    assert "Your words have not been sent" in text_of(response)
    assert "A long &lt;b&gt;story&lt;/b&gt;.</textarea>" in html
    assert f'<a href="{reverse("account_login")}?next={HELP}">sign in</a>' in html
    assert not re.search(r"<input[^>]*name=\"door\"[^>]*checked", html)
    assert "Write down your code now" in text_of(again)
    assert Case.objects.count() == 1


def test_where_nothing_comes_without_a_name_they_come_back_to_be_copied(client):
    ProgrammeFactory(allows_anonymous_concerns=False)

    response = client.post(HELP, NAMED | {"text": "A long story.", "named": "Ada", "contact": "Ring me."})

    html = response.content.decode()
    assert "Your words have not been sent" in text_of(response)
    assert re.findall(r"readonly[^>]*>([^<]+)</textarea>", html) == ["A long story.", "Ada", "Ring me."]
    assert Case.objects.count() == 0


def test_another_site_can_t_send_in_somebody_s_name(reporter):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(reporter)

    assert browser.post(HELP, NAMED | {"text": "x"}).status_code == 403
    assert Case.objects.count() == 0


def test_other_methods_are_refused(client):
    assert client.put(HELP).status_code == 405
