"""What README.md and docs/ tell people to type, open or set is there."""

import re

import pytest
from django.conf import settings
from django.core.management import get_commands

PAGES = [settings.BASE_DIR / "README.md", *sorted((settings.BASE_DIR / "docs").glob("*.md"))]


def named(pattern):
    """What the pattern's group finds in code between backticks, or in blocks of code, on any page."""
    found = set()
    for page in PAGES:
        for code in re.findall(r"```.*?```|`[^`\n]+`", page.read_text(), flags=re.DOTALL):
            found.update(re.findall(pattern, code))
    return found


def test_every_make_target_exists():
    targets = set(re.findall(r"(?m)^([a-z.-]+):", (settings.BASE_DIR / "Makefile").read_text()))

    assert named(r"make (\.?[a-z]+[a-z-]*)") - targets == set()


def test_every_command_of_manage_py_exists():
    assert named(r"manage\.py ([a-z_]+)") - set(get_commands()) == set()


def test_every_file_and_folder_exists():
    paths = named(r"`([a-z_.]+/[a-z_0-9./*-]+)`") - named(r"`(var/[a-z_0-9./*-]*)`")

    assert {path for path in paths if not list(settings.BASE_DIR.glob(path.rstrip("/")))} == set()


def test_every_link_between_pages_and_to_pictures_leads_somewhere():
    links = {(page, link) for page in PAGES for link in re.findall(r"\]\((?!http)([^)#]+)", page.read_text())}

    assert {link for page, link in links if not (page.parent / link).exists()} == set()


@pytest.mark.parametrize("name", ["settings.py"])
def test_every_variable_of_the_environment_is_one_that_the_settings_read(name):
    section = PAGES[0].read_text().partition("## Settings")[2].partition("\n## ")[0]
    read = set(
        re.findall(r'(?:env\.\w+|secret)\("([A-Z_]+)"', (settings.BASE_DIR / "mentorship" / name).read_text())
    )

    assert set(re.findall(r"`([A-Z][A-Z_]+)`", section)) - read == set()
