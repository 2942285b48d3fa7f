"""Plan and log meetings, agree how often to be in touch, remind who hasn't met. Facts only, never content (EI-6)."""

from meetings.services.correcting import confirm, correct, strike
from meetings.services.facts import (
    FEWEST_MINUTES,
    LENGTH,
    LONGEST_PLACE,
    MOST_MINUTES,
    moment_of_plan,
    place_of,
    refuse_wrong_day,
    refuse_wrong_moment,
)
from meetings.services.frequency import change_frequency
from meetings.services.letters import entry_of
from meetings.services.logging import log_meeting, planned_for
from meetings.services.planning import cancel_plan, change_plan, mark_missed, plan
from meetings.services.reminding import remind_of_plans
from meetings.services.settling import settle_plans
from mentorship.lib.moments import in_words, moment_of, zone_in_words

__all__ = [
    "FEWEST_MINUTES",
    "LENGTH",
    "LONGEST_PLACE",
    "MOST_MINUTES",
    "cancel_plan",
    "change_frequency",
    "change_plan",
    "confirm",
    "correct",
    "entry_of",
    "in_words",
    "log_meeting",
    "mark_missed",
    "moment_of",
    "moment_of_plan",
    "place_of",
    "plan",
    "planned_for",
    "refuse_wrong_day",
    "refuse_wrong_moment",
    "remind_of_plans",
    "settle_plans",
    "strike",
    "zone_in_words",
]
