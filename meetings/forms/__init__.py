"""Ticking and choosing; the one line to write is where to meet, and it is forgotten once the day is over (EI-6)."""

from meetings.forms.logging import CorrectForm, FrequencyForm, LogMeetingForm
from meetings.forms.planning import PlanForm

__all__ = ["CorrectForm", "FrequencyForm", "LogMeetingForm", "PlanForm"]
