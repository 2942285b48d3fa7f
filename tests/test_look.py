"""The look keeps its own promises: contrast, no inline code, real icons, errors that lead to their field."""

import re
from pathlib import Path

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import engines
from django.template.loader import render_to_string
from django.urls import reverse

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(path for path in (ROOT / "templates").rglob("*.html") if "email" not in path.parts)
TEXT_COLOURS = ["ink", "ink-soft", "accent", "accent-strong", "good", "warn", "bad"]
BACKGROUNDS = [
    "paper",
    "surface",
    "sunken",
    "accent-tint",
    "good-tint",
    "warn-tint",
    "bad-tint",
]


def tokens(scheme):
    """The colours of a scheme; dark overrides light."""
    light, dark = (ROOT / "static/css/tokens.css").read_text().split("@media screen")
    named = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
    return dict(named.findall(light)) | (dict(named.findall(dark)) if scheme == "dark" else {})


def luminance(colour):
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """The ratio of WCAG 2.2, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_colour_reads_well_on_every_background(scheme):
    colours = tokens(scheme)
    pairs = [(text, ground) for text in TEXT_COLOURS for ground in BACKGROUNDS]
    pairs += [
        ("on-accent", "accent"),
        ("on-accent", "accent-strong"),
        ("paper", "bad"),
        ("paper", "ink"),
    ]

    too_faint = [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]

    assert too_faint == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_and_focus_stand_out(scheme):
    colours = tokens(scheme)
    pairs = [
        (line, ground)
        for line in ("edge", "focus")
        for ground in ("paper", "surface", "sunken", "accent-tint")
    ]

    too_faint = [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 3]

    assert too_faint == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_page_holds_no_inline_style_script_or_handler(page):
    inline = re.findall(
        r"\sstyle\s*=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=|javascript:",
        page.read_text(),
    )

    assert inline == []


def test_every_icon_that_a_page_asks_for_is_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/img/icons.svg").read_text()))
    asked = {
        name
        for page in PAGES
        for name in re.findall(r'components/icon\.html" with name="([\w-]+)"', page.read_text())
    }

    assert asked - drawn == set()


class FruitForm(forms.Form):
    name = forms.CharField(label="Name")
    kinds = forms.MultipleChoiceField(
        label="Kinds",
        choices=[("a", "Apple"), ("b", "Pear")],
        widget=forms.CheckboxSelectMultiple,
    )


def test_the_summary_of_a_form_leads_to_each_wrong_field():
    form = FruitForm({})
    form.add_error(None, "The shop is closed.")

    html = render_crispy_form(form)

    summary = html[html.index('class="error-summary"') : html.index("</ul>")]
    assert re.findall(r'href="#([^"]+)">([^<]+)<', summary) == [
        ("id_name", "Name"),
        ("id_kinds_0", "Kinds"),
    ]
    assert summary.count("The shop is closed.") == 1
    assert all(f'id="{target}"' in html for target in ("id_name", "id_kinds_0"))


def test_a_page_with_mistakes_opens_with_the_focus_on_their_summary():
    html = render_crispy_form(FruitForm({}))

    assert re.findall(r"<\w+ [^>]*\bautofocus>", html) == [
        '<div class="error-summary" role="alert" tabindex="-1" autofocus>'
    ]


def test_a_form_without_errors_has_no_summary():
    assert "error-summary" not in render_crispy_form(FruitForm({"name": "x", "kinds": ["a"]}))


def test_a_plain_message_keeps_every_character_as_typed():
    template = engines["django"].from_string(
        '{% extends "email/base.txt" %}{% block content %}Dear {{ name }}{% endblock %}'
    )

    text = template.render({"name": "Aoife O'Neill & <b>Søn</b>", "site_url": ""})

    assert text.splitlines()[0] == "Dear Aoife O'Neill & <b>Søn</b>"


@pytest.mark.parametrize("page", ["400.html", "500.html"])
def test_the_page_of_a_broken_request_needs_nothing_of_it(page):
    html = render_to_string(page)

    assert html.count("<h1>") == 1
    assert 'href="/"' in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("account_login", "Sign in – Mentorship"),
        ("account_signup", "Create an account – Mentorship"),
        ("account_request_login_code", "Sign in with a code – Mentorship"),
        ("account_reset_password", "Forgotten your password? – Mentorship"),
        ("account_reset_password_done", "Look in your mail – Mentorship"),
        ("account_inactive", "This account is closed – Mentorship"),
    ],
)
def test_signing_in_stands_in_our_frame_under_a_neutral_title(client, name, title):
    html = client.get(reverse(name)).content.decode()

    assert re.findall(r"<title>(.*?)</title>", html, re.DOTALL) == [title]
    assert html.count('class="wordmark"') == 1
