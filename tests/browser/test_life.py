"""The life of a partnership as its two people walk it: plan, meet, log, confirm, be away, answer a reminder, leave."""

import re
from datetime import date, timedelta

MENTOR, MENTEE, OFFICE = "mentor@alumni.example", "mentee@lse.example", "ei-admin@lse.example"
TODAY = date.today()  # noqa: DTZ011 - the day of the running example
IN_TEN_DAYS, IN_TWO_WEEKS = TODAY + timedelta(days=10), TODAY + timedelta(days=14)


def test_two_people_plan_meet_and_part(visitor, look_at):
    mentor, mentee = visitor(MENTOR), visitor(MENTEE)
    plan_a_meeting(mentor, look_at)
    cancel_it(mentee, look_at)
    log_a_meeting(mentor)
    confirm_it(mentee, look_at)
    remind_them(visitor(OFFICE))
    answer_signed_out(visitor(), look_at)
    be_away_and_come_back(mentor, mentee, look_at)
    ask_to_leave_and_take_it_back(mentee, look_at)


def plan_a_meeting(mentor, look_at):
    open_partnership(mentor)
    mentor.get_by_role("link", name="Plan a meeting").click()
    mentor.get_by_label("On which day?").fill(IN_TEN_DAYS.isoformat())
    mentor.get_by_label("At what time?").fill("17:30")
    mentor.get_by_label("Where, or by which link?").fill("https://meet.example.org/a-room")
    look_at(mentor, "plan-a-meeting")
    mentor.get_by_role("button", name="Plan this meeting").click()
    mentor.get_by_text("The meeting is planned").wait_for()


def cancel_it(mentee, look_at):
    assert "Your partner has planned a meeting" in newest_letter(mentee, MENTEE)
    mentee.locator(".prose a[href*='/partnerships/']").first.click()
    planned = mentee.locator(".link-list li", has_text="17:30")
    look_at(mentee, "partnership-with-a-plan")
    planned.get_by_role("link", name="Cancel").click()
    mentee.get_by_role("heading", name="Cancel this meeting?").wait_for()
    look_at(mentee, "cancel-a-plan")
    mentee.get_by_role("button", name="Cancel the meeting").click()
    mentee.get_by_text("The meeting is cancelled").wait_for()
    assert planned.count() == 0


def log_a_meeting(mentor):
    open_partnership(mentor)
    mentor.get_by_role("link", name="Log a meeting").click()
    mentor.get_by_label("Video call", exact=True).check()
    mentor.get_by_role("button", name="Log this meeting").click()
    mentor.get_by_text("the meeting is logged").wait_for()
    assert noted_today(mentor).get_by_text("Your partner hasn’t confirmed it yet.").count() == 1


def confirm_it(mentee, look_at):
    mentee.goto("/")
    look_at(mentee, "home-with-steps")
    mentee.get_by_role("link", name=re.compile("Say so")).click()
    noted_today(mentee).get_by_role("button", name=re.compile("^Yes")).click()
    mentee.get_by_text("you have confirmed it").wait_for()
    assert noted_today(mentee).get_by_text("Confirmed by you both.").count() == 1


def remind_them(office):
    office.goto(f"/admin/partnerships/partnership/?q={MENTEE}")
    office.locator("#action-toggle").check()
    office.locator("select[name=action]").select_option("remind")
    office.get_by_role("button", name="Go", exact=True).click()
    office.get_by_role("button", name="Send 2 reminders").click()
    office.get_by_text("Reminders on their way: 2.").wait_for()


def answer_signed_out(stranger, look_at):
    assert "These links are yours alone and need no sign-in" in newest_letter(stranger, MENTEE)
    answers = {
        name: stranger.locator(f".prose a[href$='/{name}/']").first.get_attribute("href")
        for name in ("met", "away", "help", "arranging")
    }
    for name, address in answers.items():
        stranger.goto(address)
        assert stranger.title() == "Your mentoring programme"
        look_at(stranger, f"reminder-{name}")
    stranger.get_by_role("button", name="Yes, we are arranging one").click()
    stranger.get_by_text("Reminders rest for a week").wait_for()


def be_away_and_come_back(mentor, mentee, look_at):
    open_partnership(mentor)
    mentor.get_by_role("link", name="I am away for a while").click()
    mentor.get_by_label("First day away").fill(IN_TEN_DAYS.isoformat())
    mentor.get_by_label("Last day away").fill(IN_TWO_WEEKS.isoformat())
    mentor.get_by_label("Tell the people I am partnered with").check()
    mentor.get_by_role("button", name="Note this absence").click()
    mentor.get_by_text("is told the days, and nothing else").wait_for()
    look_at(mentor, "away")
    open_partnership(mentee)
    assert mentee.get_by_role("heading", name="Away for a while").count() == 1
    mentor.get_by_role("button", name=re.compile("^Call it off")).click()
    mentor.get_by_text("that absence is called off").wait_for()
    mentee.reload()
    assert mentee.get_by_role("heading", name="Away for a while").count() == 0


def ask_to_leave_and_take_it_back(mentee, look_at):
    mentee.get_by_role("link", name="I can’t go on").click()
    look_at(mentee, "leave")
    mentee.get_by_role("button", name="Tell the team").click()
    mentee.get_by_role("heading", name="We have it").wait_for()
    look_at(mentee, "leave-asked")
    open_partnership(mentee)
    mentee.get_by_role("link", name="What happens next, or take it back").click()
    mentee.get_by_role("button", name="Take it back").click()
    mentee.get_by_text("everything goes on as before").wait_for()


def newest_letter(page, address):
    """Opens it, though it may leave only in the morning, and gives its text."""
    page.goto(f"/mailbox/?to={address}")
    page.get_by_role("link", name=f"to {address}").first.click()
    page.wait_for_url(re.compile(r"/mailbox/\d+/$"))
    return page.locator("main .prose").first.inner_text()


def noted_today(page):
    return page.locator(".timeline li", has=page.locator(f"time[datetime='{TODAY.isoformat()}']")).first


def open_partnership(page):
    page.goto("/")
    page.get_by_role("link", name="Your partnership").first.click()
    page.wait_for_url(re.compile(r"/partnerships/\d+/$"))
