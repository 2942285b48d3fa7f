"""Offer training, take a place in it or wait for one, record who was there (BM-12)."""

from training.services.attendance import record_attendance
from training.services.booking import book, cancel, free_places, move_up
from training.services.reminding import remind_of_training
from training.services.sessions import FACTS, call_off, change_session, faults, set_session

__all__ = [
    "FACTS",
    "book",
    "call_off",
    "cancel",
    "change_session",
    "faults",
    "free_places",
    "move_up",
    "record_attendance",
    "remind_of_training",
    "set_session",
]
