"""Raising a concern without a name, by the code back to the answer, and what a lost session leaves of the words."""

import re

MENTEE, HANDLER = "mentee@lse.example", "ei-handler@lse.example"
ALUMNI = "EI Alumni Mentorship Programme"


def test_somebody_writes_without_a_name_and_reads_the_answer_by_the_code(visitor, look_at):
    person, handler = visitor(), visitor(HANDLER)
    code, reference = write_without_a_name(person, look_at)
    answer(handler, reference)

    come_back(person, code.lower().replace("-", " "), look_at)
    assert person.locator("main .timeline li > p").all_inner_texts() == ["Thank you for telling us."]
    write_more(person, look_at)

    assert nothing_is_kept_of(code, person)
    handler.goto("/cases/")
    handler.get_by_role("link", name=reference).click()
    handler.get_by_text("It happened again.").wait_for()


def test_who_is_signed_out_while_writing_loses_no_word(visitor, look_at):
    person = visitor(MENTEE)
    person.goto("/help/")
    look_at(person, "help-with-both-doors")
    person.get_by_label("What happened?").fill("I had been writing this for a long time.")
    csrf = [cookie for cookie in person.context.cookies() if "csrf" in cookie["name"]]
    person.context.clear_cookies()
    person.context.add_cookies(csrf)

    person.get_by_role("button", name="Send", exact=True).click()

    person.get_by_role("heading", name="Your words have not been sent").wait_for()
    assert person.get_by_label("What happened?").input_value() == "I had been writing this for a long time."
    look_at(person, "help-signed-out-meanwhile")
    person.get_by_label("Without my name").check()
    person.get_by_label(ALUMNI).check()
    person.get_by_role("button", name="Send", exact=True).click()
    person.get_by_role("heading", name="Write down your code now").wait_for()


def test_help_is_one_click_away_on_a_phone(visitor, complaints):
    for person in (visitor(), visitor(MENTEE), visitor("ei-admin@lse.example")):
        person.set_viewport_size({"width": 360, "height": 740})
        for page in ("/", "/nothing/", "/admin/"):
            person.goto(page)
            box = person.get_by_role("link", name="Get help", exact=True).first.bounding_box()
            assert box["y"] + box["height"] < 740, page
            assert box["x"] + box["width"] <= 360, page
    complaints[:] = [heard for heard in complaints if not heard.endswith(("(Not Found)", "(Forbidden)"))]


def write_without_a_name(page, look_at):
    page.goto("/help/")
    look_at(page, "help-without-a-name")
    page.get_by_label(ALUMNI).check()
    page.get_by_label("No", exact=True).check()
    page.get_by_label("How somebody behaved").check()
    page.get_by_label("Name who it is about").fill("Bartholomew Ashgrove")
    page.get_by_label("What happened?").fill("He shouts at people.")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("heading", name="Write down your code now").wait_for()
    look_at(page, "help-code")
    reference = page.locator("main strong.nowrap").last.inner_text()
    return page.locator(".reference").inner_text(), reference


def answer(page, reference):
    page.goto("/cases/")
    page.get_by_role("link", name=reference).click()
    page.get_by_label("Your answer").fill("Thank you for telling us.")
    page.get_by_role("button", name="Send the answer").click()
    page.get_by_text("The answer has been sent").wait_for()


def come_back(page, code, look_at):
    page.goto("/help/")
    page.get_by_role("link", name="Read an answer by its code").click()
    page.get_by_label("Your code").fill("no code")
    page.get_by_role("button", name="Open").click()
    page.get_by_text("Nothing belongs to this code").first.wait_for()
    look_at(page, "help-wrong-code")
    page.get_by_label("Your code").fill(code)
    page.get_by_role("button", name="Open").click()
    page.get_by_role("heading", name="Write more").wait_for()
    look_at(page, "help-conversation")


def write_more(page, look_at):
    page.get_by_label("Your message").fill("It happened again.")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Your message has arrived").wait_for()
    look_at(page, "help-conversation-added")


def nothing_is_kept_of(code, page):
    """Neither an address nor anything that a browser stores holds the code."""
    state = str(page.context.storage_state()) + page.url
    in_session = page.evaluate("JSON.stringify(sessionStorage) + JSON.stringify(history.state)")
    plain = re.sub(r"\W", "", state + in_session).upper()
    return code.replace("-", "") not in plain
