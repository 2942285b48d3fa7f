"""What README.md and docs/ tell people to type, open or set is there."""

import re

from django.conf import settings
from django.core.management import get_commands

ROOTS = [settings.BASE_DIR, settings.BASE_DIR / "templates", settings.BASE_DIR / "static"]
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

    assert {path for path in paths if not any(list(root.glob(path.rstrip("/"))) for root in ROOTS)} == set()


def test_every_link_between_pages_and_to_pictures_leads_somewhere():
    links = {(page, link) for page in PAGES for link in re.findall(r"\]\((?!http)([^)#]+)", page.read_text())}

    assert {link for page, link in links if not (page.parent / link).exists()} == set()


def test_every_variable_of_the_environment_is_one_that_the_settings_read():
    section = PAGES[0].read_text().partition("## Settings")[2].partition("\n## ")[0]
    code = (settings.BASE_DIR / "mentorship" / "settings.py").read_text()

    assert {
        name for name in re.findall(r"`([A-Z][A-Z_]+)`", section) if not re.search(rf"['\"]{name}['\"]", code)
    } == set()
