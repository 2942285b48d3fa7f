"""What is sent with a POST: enough for the verb to be carried out where somebody may.

An object of the table “run with theirs” is at the address of our run and sends the numbers of the other programme's
rows: what a form names has a wall of its own.
"""

from partnerships.models import Membership

WITH_THEIRS = " with theirs"
# What is sent to an address that takes no object.
WITH_A_NAME, WITHOUT_A_NAME, WITH_THE_CODE = "- with a name", "- without a name", "- with the code"
MEETING = {"held_on": "2026-01-12", "format": "video", "minutes": "45", "frequency": "weekly"}
PLAN = {"on": "2026-02-03", "clock": "17:00", "minutes": "60", "format": "video", "place": "Room 2"}
AWAY = {"from_on": "2026-03-02", "until_on": "2026-04-10", "tells_partners": "on"}


def sent_with(world, row):
    """The answers of a form, for the object of a row of the table; nothing where the button alone is asked."""
    given = SENT.get(row.route, {})
    return given(world.side(sent_about(row.of)), row.of) if callable(given) else given


def sent_about(of):
    return f"their {of}" if of.endswith(WITH_THEIRS) else of


def _everybody(side, of):
    rows = Membership.objects.filter(partnership=side.rows["circle" if "circle" in of else "pair"])
    return [row.pk for row in rows.order_by("pk")]


def _met(side, of):
    return {**MEETING, "attendees": _everybody(side, of)}


def _texts(side, of):
    policy, guidance = side.rows["policy"], side.rows["guidance"]
    return {"accepts_policy": "on", "version": policy.pk, "guidance": guidance.pk}


def _answers(side, of):
    return {
        "bio": "New words.",
        "pathway": "either",
        "sectors": side.rows["sector"].name,
        "places": "1",
        "later": "1",
    }


def _ticked(name):
    return lambda side, of: {"suggestion": [side.rows[name].pk], "confirm": "yes"}


def _two_people(side, of):
    mentee, mentor = side.rows["late_mentee"].pk, side.rows["late_mentor"].pk
    return {"mentee": mentee, "mentor": mentor, "pathway": "one_to_one"}


def _someone_else(side, of):
    about = side.rows.get(of, side.rows["suggestion"])
    mentees = about.members.filter(part="mentee").order_by("pk")
    return {
        "mentee": mentees[0].application_id,
        "mentor": side.rows["free_mentor"].pk,
        "pathway": "one_to_one",
    }


def _who_goes(side, of):
    return {"membership": side.rows["asked"].membership_id}


def _cohort(side, of):
    return {"cohort": side.rows["cohort"].pk, "pathway": "", "seed": "0"}


def _chosen_people(side, of):
    ids = f"{side.rows['accepted'].pk},{side.rows['submitted'].pk}"
    return {"ids": ids, "reason": "Because.", "accepted_on": "2026-01-10", "note": "Signed form"}


def _named_by_address(part):
    return lambda side, of: {"named": side.people[part].email}


def _partnership(name):
    return lambda side, of: {"partnership": side.rows[name].pk}


def _concern(side, of):
    """Whole with a door, and with neither a door nor a word."""
    doors = {WITH_A_NAME: "named", WITHOUT_A_NAME: "anonymous"}
    return {"door": doors[of], "text": "Please listen.", "key": "1"} if of in doors else {}


def _with_the_code(side, of):
    return {"code": side.code, "text": "And this."} if of == WITH_THE_CODE else {}


def _period(side, of):
    return {"address": side.people["mentor"].email, "since": "2025-01-01", "until": "2026-12-31"}


SENT = {
    "delete_account": {"understood": "on"},
    "admin:overview_retentionperiod_change": {"months": "7"},
    "account_settings": {"time_zone": "Europe/Paris"},
    "ask_question": {"text": "Why?", "email": "visitor@example.org"},
    "outside": lambda side, of: {"address": side.people["mentee"].email, "agrees": "on"},
    "interest": {"answer": "yes"},
    "continue_interest": {"answer": "no"},
    "answer_met": MEETING,
    "answer_away": AWAY,
    "edit_application": _answers,
    "accept_policy": _texts,
    "hold_application": {"choice": "now"},
    "equality": {"age": "45_54"},
    "announce_absence": AWAY,
    "change_absence": {"until_on": "2026-01-29"},
    "offer": {"answer": "no"},
    "leave": {"wants_new_partner": "no"},
    "agreement": {"round": "1"},
    "log_meeting": _met,
    "plan_meeting": PLAN,
    "change_plan": PLAN,
    "correct_meeting": _met,
    "change_frequency": {"frequency": "monthly"},
    "concern": _concern,
    "concern_answers": _with_the_code,
    "concern_add": _with_the_code,
    "my_concern_add": {"text": "And this."},
    "case_answer": {"text": "Thank you for this."},
    "case_note": {"text": "Noted."},
    "case_publish": {"question": "Who may come?", "text": "Everybody."},
    "case_assign": lambda side, of: {"to": side.people["handler"].pk},
    "case_move": {"to": "in_progress"},
    "case_close": {"outcome": "advice"},
    "case_keep_from": {"named": "Somebody Else"},
    "case_pause": _partnership("pair"),
    "case_resume": _partnership("resting"),
    "case_find": _named_by_address("office mentee"),
    "admin:matching_start": _cohort,
    "admin:matching_lock": _ticked("suggestion"),
    "admin:matching_unlock": _ticked("suggestion"),
    "admin:matching_refuse": _ticked("suggestion"),
    "admin:matching_put-back": _ticked("suggestion"),
    "admin:matching_release": _ticked("suggestion"),
    "admin:matching_call_back": _ticked("leaving"),
    "admin:matching_suggestion_never": {"reason": "They know."},
    "admin:matching_suggestion_choose": _someone_else,
    "admin:matching_pair": _two_people,
    "admin:matching_take_back": lambda side, of: {"decision": side.rows["decision"].pk},
    "admin:matching_waiting": lambda side, of: {"application": [side.rows["late_mentee"].pk]},
    "admin:partnerships_disclosure_seen_by": _period,
    "admin:partnerships_disclosure_seen_by_file": _period,
    "ask_about_my_data": {
        "kind": "access",
        "text": "Please.",
        "key": "5f2c0f0e-7b3e-4a53-9d35-0d8f0f0c1a11",
    },
    "admin:overview_datarequest_extend": {"text": "Much."},
    "admin:overview_datarequest_answer": {"text": "Done."},
    "admin:overview_datarequest_refuse": {"text": "No."},
    "admin:programmes_schoolpage_look": lambda side, of: {"url": side.rows["school_page"].url},
    "admin:partnerships_flag_let_go": _who_goes,
    "admin:partnerships_partnership_let_go": _who_goes,
    "admin:partnerships_partnership_log_meeting": _met,
    "admin:partnerships_partnership_merge": lambda side, of: {"into": side.rows["circle"].pk},
    "admin:applications_application_decide": _chosen_people,
    "admin:applications_application_record_acceptance": _chosen_people,
}
