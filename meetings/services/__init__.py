"""Log meetings, agree how often to be in touch, remind who hasn't met. Facts only, never content (EI-6)."""

from meetings.services.frequency import change_frequency
from meetings.services.logging import FEWEST_MINUTES, LENGTH, MOST_MINUTES, log_meeting, refuse_wrong_day
from meetings.services.nudging import remind_unmet

__all__ = [
    "FEWEST_MINUTES",
    "LENGTH",
    "MOST_MINUTES",
    "change_frequency",
    "log_meeting",
    "refuse_wrong_day",
    "remind_unmet",
]
