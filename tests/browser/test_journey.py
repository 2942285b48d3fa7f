"""The main way, from a stranger's sign-up to a concern, as the people on it and their office walk it."""

import re

import pytest

MENTOR, MENTEE = "ottilie.brandt@alumni.example", "outsider@lse.example"
SECTORS = ["Culture and the arts", "Media and communications", "Technology"]
AREAS = ["Interview practice", "Working abroad"]
PROFILES = "https://www.linkedin.com/in/"
COURSE = "MSc European and International Public Policy"
OF_THE_MENTOR = [
    "Name: Ottilie Brandt",
    f"E-mail: {MENTOR}",
    f"Course(s) studied: {COURSE}",
    "Year of graduation: 2012",
    "Current country: Estonia",
    "Current job role: Data journalist",
    "Brief bio: I write with numbers.",
    f"LinkedIn profile: {PROFILES}ottilie-brandt",
]
OF_THE_MENTEE = [
    "Name: Oscar Stillwell",
    f"LSE e-mail: {MENTEE}",
    f"MSc programme: {COURSE}",
    f"Employment sectors of interest: {'; '.join(SECTORS)}",
    f"Areas of support sought: {'; '.join(AREAS)}",
    f"LinkedIn profile: {PROFILES}oscar-stillwell",
    "Brief bio: I would like to report from elsewhere.",
]


@pytest.fixture
def newest_letter(visitor):
    """Opens the newest letter to an address once Celery has delivered it, and gives its text."""

    def newest_letter(address):
        page = visitor()
        page.goto(f"/mailbox/?to={address}")
        page.get_by_role("link", name=f"to {address}").first.click()
        page.wait_for_url(re.compile(r"/mailbox/\d+/$"))
        for _ in range(60):
            if page.locator(".facts").get_by_text("Received").count():
                break
            page.wait_for_timeout(500)
            page.reload()
        assert page.locator(".facts").get_by_text("Received").count() == 1
        return page.locator("main .prose").inner_text()

    return newest_letter


def test_from_sign_up_to_a_concern(visitor, look_at, newest_letter):
    mentor = visitor()
    sign_up(mentor, "Ottilie Brandt", MENTOR, newest_letter)
    offer_help(mentor)
    mentee = visitor(MENTEE)
    seek_help(mentee, look_at)
    office = visitor("ei-admin@lse.example")
    accept_everybody(office, look_at)
    match_and_release(office, look_at)

    assert facts_in(newest_letter(MENTEE)) == OF_THE_MENTOR
    assert facts_in(newest_letter(MENTOR)) == OF_THE_MENTEE
    open_partnership(mentee)
    assert facts_on(mentee) == OF_THE_MENTOR
    look_at(mentee, "partnership")
    log_a_meeting(mentee, look_at)
    open_partnership(mentor)
    assert facts_on(mentor) == OF_THE_MENTEE
    assert mentor.get_by_text("1 of 3 official meetings").count() == 1

    reference = raise_a_concern(mentee, look_at)
    letters = newest_letter(MENTEE) + newest_letter("ei-handler@lse.example")
    assert (reference in letters, "What you sent has arrived" in letters) == (False, True)
    handler = visitor("ei-handler@lse.example")
    assert references_for(handler).count(reference) == 1
    assert reference not in references_for(visitor("staff-handler@lse.example"))
    answer(handler, reference, look_at)
    assert answers_to(mentee) == ["Write when it suits you both."]
    assert "suits you both" not in newest_letter(MENTEE)


def sign_up(page, name, address, newest_letter):
    page.goto("/account/signup/")
    page.get_by_label("Your name").fill(name)
    page.locator("input[name=email]").fill(address)
    page.locator("input[name=password1]").fill("seven-rivers-of-home")
    page.get_by_role("button", name="Create the account").click()
    page.get_by_label("Code").wait_for()
    page.get_by_label("Code").fill(re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", newest_letter(address)).group())
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("/")


def offer_help(page):
    page.goto("/programmes/ei-alumni/apply/mentor/")
    page.locator("[name=courses]").fill(COURSE)
    page.locator("[name=graduation_year]").fill("2012")
    page.locator("[name=country]").select_option(label="Estonia")
    page.locator("[name=job_role]").fill("Data journalist")
    page.locator("[name=places]").fill("1")
    page.locator("[name=bio]").fill("I write with numbers.")
    page.locator("[name=linkedin]").fill(f"{PROFILES}ottilie-brandt")
    tick(page, SECTORS + AREAS)
    submit(page, OF_THE_MENTOR)


def seek_help(page, look_at):
    page.goto("/programmes/ei-alumni/apply/mentee/")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_text("Please check what you entered").wait_for()
    look_at(page, "apply-with-errors")
    page.get_by_role("link", name="Which MSc programme are you on?").click()
    assert page.evaluate("document.activeElement.name") == "study_programme"
    page.locator("[name=study_programme]").select_option(label=COURSE)
    page.locator("[name=work_place]").select_option(label="Estonia")
    page.locator("[name=bio]").fill("I would like to report from elsewhere.")
    page.locator("[name=linkedin]").fill(f"{PROFILES}oscar-stillwell")
    tick(page, SECTORS + AREAS)
    submit(page, OF_THE_MENTEE)
    look_at(page, "application")


def tick(page, labels):
    for label in labels:
        page.get_by_label(label, exact=True).check()


def submit(page, seen_by_a_partner):
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("heading", name="Check your answers").wait_for()
    assert facts_on(page) == seen_by_a_partner
    page.get_by_label("I have read and accept the commitments and the policy").check()
    page.get_by_role("button", name="Submit your application").click()
    page.get_by_text("your application has reached us").wait_for()


def accept_everybody(page, look_at):
    page.goto("/admin/applications/application/?state__exact=submitted")
    look_at(page, "admin-applications")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("accept")
    page.get_by_role("button", name="Go", exact=True).click()
    page.get_by_role("button", name="Accept").click()
    page.get_by_text("Accepted: 2 people").wait_for()


def match_and_release(page, look_at):
    page.goto("/admin/matching/matchrun/start/")
    page.get_by_role("button", name="Run the matching").click()
    page.get_by_role("heading", name="Suggestions").wait_for()
    look_at(page, "admin-match-run")
    run = page.url
    page.get_by_role("button", name="Release…").click()
    page.get_by_role("button", name="Release", exact=True).click()
    page.get_by_role("heading", name="On their way").wait_for()
    for _ in range(120):
        page.goto(run)
        if page.get_by_role("cell", name="Introduced", exact=True).count():
            break
        page.wait_for_timeout(500)


def open_partnership(page):
    page.goto("/")
    page.get_by_role("link", name="Your partnership").first.click()
    page.wait_for_url(re.compile(r"/partnerships/\d+/$"))


def log_a_meeting(page, look_at):
    page.get_by_role("link", name="Log a meeting").click()
    page.wait_for_url(re.compile(r"/meetings/log/$"))
    look_at(page, "log-a-meeting")
    tick(page, ["Video call", "Every two weeks"])
    page.get_by_role("button", name="Log this meeting").click()
    page.wait_for_url(re.compile(r"/partnerships/\d+/$"))


def raise_a_concern(page, look_at):
    page.goto("/help/")
    look_at(page, "help")
    page.get_by_label("A question", exact=True).check()
    page.get_by_label("What happened?").fill("How do we go on after the first meeting?")
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url(re.compile("/help/received/"))
    look_at(page, "help-received")
    return page.url.rstrip("/").rpartition("/")[2]


def answer(page, reference, look_at):
    page.get_by_role("link", name=reference).click()
    page.get_by_label("Your answer").fill("Write when it suits you both.")
    look_at(page, "case")
    page.get_by_role("button", name="Send the answer").click()
    page.get_by_text("The answer has been sent").wait_for()


def answers_to(page):
    page.goto("/help/mine/")
    return page.locator("main .timeline li > p").all_inner_texts()


def references_for(page):
    page.goto("/cases/")
    return page.locator("tbody th").all_inner_texts()


def facts_on(page):
    """The card on a page, line by line, as a letter writes it."""
    lines = page.locator(".card .facts > div").all()
    return [f"{line.locator('dt').inner_text()}: {'; '.join(values_of(line))}" for line in lines]


def values_of(line):
    return line.locator("dd li").all_inner_texts() or [line.locator("dd").inner_text()]


def facts_in(letter):
    """The lines of a letter between the sentence that announces the card and the one that follows it."""
    between = letter.partition("This is your ")[2].partition("They have been told of you")[0]
    return between.strip().splitlines()[2:]
