"""What an introduction rests on and what follows it: the policy's facts in order, acceptance first, one reminder."""

import re
import time

MENTOR, MENTEE = "mentor@alumni.example", "mentee@lse.example"
FROM_THE_SHEET = "s.thompson@lse.example"
SECONDS_FOR_CELERY = 100


def test_partners_see_of_each_other_what_the_policy_lists_in_its_order(visitor, look_at):
    mentee, mentor = visitor(MENTEE), visitor(MENTOR)
    mentee.get_by_role("link", name="Mentee, EI Alumni Mentorship Programme").click()
    mentee.get_by_role("link", name="Change your answers").click()
    mentee.locator("[name=linkedin]").fill("https://www.linkedin.com/in/tobias-arkwright")
    mentee.locator("button[name=continue]").click()
    mentee.get_by_text("https://www.linkedin.com/in/tobias-arkwright").first.wait_for()

    assert labels_on_the_partners_card(mentee) == [
        "Name",
        "E-mail",
        "Course(s) studied",
        "Year of graduation",
        "Current country",
        "Current job role",
        "Brief bio",
        "LinkedIn profile",
    ]
    assert labels_on_the_partners_card(mentor) == [
        "Name",
        "LSE e-mail",
        "MSc programme",
        "Employment sectors of interest",
        "Areas of support sought",
        "LinkedIn profile",
        "Brief bio",
    ]
    look_at(mentor, "partnership-of-the-mentor")
    mentor.goto("/seen/")
    look_at(mentor, "seen")


def test_somebody_from_the_sheet_is_matched_only_once_they_have_accepted(visitor, look_at):
    office = visitor("staff-admin@lse.example")
    assert "Soren Thompson" in not_in_the_pool(office)

    person = visitor()
    person.goto(welcome_link(person, FROM_THE_SHEET))
    look_at(person, "welcome")
    person.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    person.get_by_label("I have read and accept the commitments and the policy").check()
    person.get_by_role("button", name="Accept", exact=True).click()
    person.get_by_text("your acceptance has been recorded").wait_for()

    assert "Soren Thompson" not in not_in_the_pool(office)


def test_who_has_not_met_is_reminded_by_celery_and_who_has_is_not(visitor):
    office = visitor("ei-admin@lse.example")
    others = office.locator("#result_list tr").filter(has_not_text=re.compile("mentor@alumni|mentee@lse"))
    reminded = others.filter(has_text="Reminder").filter(has_text="Sent")
    deadline = time.monotonic() + SECONDS_FOR_CELERY
    office.goto("/admin/outbox/message/")
    while not reminded.count() and time.monotonic() < deadline:
        office.reload()
    address = re.search(r"\S+@\S+", reminded.first.inner_text()).group()

    assert letters_to(office, address)[0].count("was due by") == 1
    assert [letter for letter in letters_to(office, MENTEE) if "was due by" in letter] == []


def labels_on_the_partners_card(page):
    page.goto("/")
    page.get_by_role("link", name="Your partnership").first.click()
    page.wait_for_url(re.compile(r"/partnerships/\d+/$"))
    return page.locator(".card .facts dt").all_inner_texts()


def not_in_the_pool(page):
    page.goto("/admin/matching/matchrun/start/")
    page.get_by_role("link", name="Who is ready").first.click()
    page.get_by_role("heading", name="Who is ready").wait_for()
    return page.locator("main, #content").first.inner_text()


def welcome_link(page, address):
    open_letter(page, address, "added the mentoring form")
    return page.locator("a[href*='/welcome/']").first.get_attribute("href")


def open_letter(page, address, words):
    page.goto(f"/mailbox/?to={address}")
    page.locator(".link-list li", has_text=words).get_by_role("link", name="Your mentoring programme").click()
    page.wait_for_url(re.compile(r"/mailbox/\d+/$"))


def letters_to(page, address):
    page.goto(f"/mailbox/?to={address}")
    letters = [link.get_attribute("href") for link in page.locator(".link-list li > a").all()]
    return [text_of(page, letter) for letter in letters]


def text_of(page, letter):
    page.goto(letter)
    return page.locator("main .prose").first.inner_text()
