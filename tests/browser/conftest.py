"""A real browser before the real thing: the example as `make run` starts it, on a port and a folder of its own.

The tests act as people do, by pages and commands; none of them touches the database.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

BASE_DIR = Path(__file__).resolve().parent.parent.parent
LOG = BASE_DIR / "var" / "test-browser.log"  # what the site said while it was looked at
SCREENSHOTS = BASE_DIR / "var" / "screenshots"
WIDTHS = (360, 1280)
NARROWEST = 320
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
PASSWORD = "mentoring-demo-2025"
MILLISECONDS_TO_ANSWER = 15_000
SECONDS_TO_START = 300


def pytest_configure(config):
    """Fixtures of pytest-playwright that a later pytest will refuse; its next version brings others."""
    config.addinivalue_line(
        "filterwarnings",
        "ignore:Session-scoped fixtures defined as instance methods:pytest.PytestRemovedIn10Warning",
    )


@dataclass(frozen=True)
class Site:
    """The running example: its address, and its command line in another shell."""

    url: str
    environment: dict[str, str]

    def manage(self, *arguments):
        command = [sys.executable, "manage.py", *arguments]
        result = subprocess.run(command, cwd=BASE_DIR, env=self.environment, capture_output=True, text=True)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout


@pytest.fixture(autouse=True)
def clock():
    """The server lives in real time, and so does its browser."""


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    port = _free_port()
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {**kept, "VAR_DIR": f"{folder}/var", "ENV_FILE": f"{folder}/env", "PORT": str(port)}
    environment["RELEASE_DELAY_MINUTES"] = "0.25"
    environment["REMINDERS_FROM_HOUR"] = "0"
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("w") as output:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "mentorship.supervisor"],
            cwd=BASE_DIR,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for_welcome(supervisor)
        yield Site(f"http://localhost:{port}", environment)
    finally:
        supervisor.terminate()
        supervisor.wait(timeout=60)


def _free_port():
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        return attempt.getsockname()[1]


def _wait_for_welcome(supervisor):
    deadline = time.monotonic() + SECONDS_TO_START
    while "The example is at" not in LOG.read_text():
        assert supervisor.poll() is None and time.monotonic() < deadline, LOG.read_text()
        time.sleep(0.3)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    arguments = [
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args, site):
    return {**browser_context_args, "base_url": site.url, "locale": "en-GB", "timezone_id": "Europe/London"}


@pytest.fixture
def complaints():
    """What the browsers of this test complained about: errors, blocked content, requests to other hosts.

    It must be empty at the end; a test that provokes one takes it out.
    """
    heard = []
    yield heard
    assert heard == []


@pytest.fixture
def visitor(new_context, site, complaints):
    """Opens a browser of its own for a person: `visitor()` signed out, `visitor("mentor@alumni.example")` signed in."""

    def visitor(email=None):
        page = new_context().new_page()
        page.set_default_timeout(MILLISECONDS_TO_ANSWER)
        page.on(
            "console",
            lambda message: (
                message.type in {"error", "warning"} and complaints.append(f"{page.url}: {message.text}")
            ),
        )
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("request", lambda request: request.url.startswith(site.url) or complaints.append(request.url))
        if email:
            sign_in(page, email)
        return page

    return visitor


def sign_in(page, email, password=PASSWORD):
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/account/login/" not in url)


@pytest.fixture
def look_at(complaints):
    """Looks at a page as it is: kept as pictures, without barriers (axe), and nowhere wider than the screen."""

    def look_at(page, name):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        size = page.viewport_size
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png", full_page=True)
            assert barriers(page, complaints) == [], f"{name} at {width} px"
        page.set_viewport_size({"width": NARROWEST, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, (
            f"{name} is too wide for a phone"
        )
        page.set_viewport_size(size)

    return look_at


def barriers(page, complaints):
    """What axe finds against WCAG 2.2 AA and good practice, as rule and element.

    Axe puts styles of its own into the page; that the page's policy blocks them is no complaint about the page.
    """
    heard = len(complaints)
    violations = Axe().run(page).response["violations"]
    page.wait_for_timeout(50)
    del complaints[heard:]
    return [
        f"{violation['id']}: {node['target'][0]}" for violation in violations for node in violation["nodes"]
    ]
