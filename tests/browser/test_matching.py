"""An office matches a cohort: who is ready, what counts, run, decide, run again, prove, release, call back, release."""

import re

import pytest

OFFICE = "staff-admin@lse.example"
READY, RULES = "Who is ready", "Rules and weights"


@pytest.fixture
def office(visitor):
    page = visitor(OFFICE)
    page.goto("/admin/matching/matchrun/")
    page.get_by_role("link", name="Match a cohort").click()
    return page


def test_from_who_is_ready_to_introductions(office, look_at):
    look_at(office, "match-start")
    office.get_by_role("link", name=READY).first.click()
    office.get_by_role("heading", name=READY).wait_for()
    look_at(office, "match-readiness")
    try_other_weights(office, look_at)
    first = run_everybody(office)
    look_at(office, "match-run")

    lock_the_weakest(office)
    refuse_the_next(office)
    office.get_by_role("link", name="Run again").click()
    office.get_by_role("button", name="Run the matching").click()
    wait_for_result(office)
    assert office.get_by_text("Locked", exact=True).count() == 1
    assert office.get_by_role("heading", name=re.compile("[Dd]ifference")).count() == 1
    assert run_number(office) > first
    look_at(office, "match-again")
    prove(office, look_at)
    compare_two_people(office, look_at)
    release_and_call_back(office, look_at)
    release_for_good(office)


def test_without_scripts_the_page_of_a_run_says_how_to_go_on(new_context, site):
    from tests.browser.conftest import sign_in

    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, OFFICE)
    page.goto("/admin/matching/matchrun/start/")
    page.get_by_role("button", name="Run the matching").click()
    for _ in range(60):
        if page.get_by_role("heading", name="Suggestions").count():
            break
        page.wait_for_timeout(500)
        page.get_by_role("link", name="Look again").click()
    assert page.get_by_role("heading", name="Suggestions").count() == 1


def try_other_weights(page, look_at):
    """Look at what other weights would do; nothing is saved."""
    page.goto("/admin/matching/matchrun/start/")
    page.get_by_role("link", name=RULES).first.click()
    page.get_by_role("heading", name=RULES).wait_for()
    look_at(page, "match-rules")
    page.get_by_label("not at all").first.check()
    page.get_by_role("button", name="Try it out").click()
    wait_for_result(page)
    look_at(page, "match-trial")
    assert page.get_by_role("button", name="Release…").count() == 0


def run_everybody(page):
    page.goto("/admin/matching/matchrun/start/")
    page.get_by_role("button", name="Run the matching").click()
    wait_for_result(page)
    return run_number(page)


def wait_for_result(page):
    page.get_by_role("heading", name="Suggestions").wait_for(timeout=60_000)


def run_number(page):
    return int(re.search(r"/matchrun/(\d+)/", page.url).group(1))


def lock_the_weakest(page):
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Lock", exact=True).click()
    page.get_by_text("Locked: a new run keeps them.").wait_for()


def refuse_the_next(page):
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_role("button", name="Not this time").click()
    page.get_by_text("no further run of this cohort suggests them").wait_for()


def prove(page, look_at):
    page.get_by_role("link", name="See the proof").click()
    page.locator(".findings").wait_for()
    assert page.locator(".findings .state-bad").count() == 0
    look_at(page, "match-proof")
    page.get_by_role("link", name="Back to the run").click()


def compare_two_people(page, look_at):
    page.get_by_role("link", name=re.compile("Side by side")).last.click()
    page.wait_for_url(re.compile("/suggestion/"))
    look_at(page, "match-side-by-side")
    page.go_back()


def release_and_call_back(page, look_at):
    run = release(page)
    look_at(page, "match-leaving")
    page.goto(run)
    assert page.get_by_text("About to be introduced").count() == 1
    page.get_by_role("checkbox").last.check()
    page.get_by_role("button", name="Call back").click()
    page.get_by_text("Called back: 1. Nobody has been told anything.").wait_for()
    assert page.get_by_text("About to be introduced").count() == 0


def release(page):
    """Release the best suggestion; gives the address of its run."""
    run = page.url
    page.get_by_role("checkbox").last.check()
    page.get_by_role("button", name="Release…").click()
    page.get_by_role("button", name="Release", exact=True).click()
    page.get_by_role("heading", name="On their way: 1").wait_for()
    return run


def release_for_good(page):
    """Once the delay has passed the worker introduces them."""
    run = release(page)
    for _ in range(120):
        page.goto(run)
        if page.get_by_role("cell", name="Introduced", exact=True).count():
            break
        page.wait_for_timeout(500)
    assert page.get_by_role("cell", name="Introduced", exact=True).count() == 1
