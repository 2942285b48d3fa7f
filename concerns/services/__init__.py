"""Raise a concern and follow it up (EI-6, EI-6a, EI-6b, BM-5, BM-6).

Every change begins at a door: the handlers' (who may not see a case can't change it either), the reporter's, or that
of a code. Messages have no content and no names; the handlers' go to whoever may open the case, and to the School's
central address when nobody may.
"""

from concerns.services.conversing import add, add_by_code, open_by_code
from concerns.services.destroying import destroy_contents
from concerns.services.excluding import keep_from
from concerns.services.filing import Receipt, Report, file, file_anonymously
from concerns.services.forgetting import forget_reporter, tell_that_an_erasure_waits
from concerns.services.handling import answer, assign, close, move, note, publish, read
from concerns.services.protecting import pause, resume
from concerns.services.rotating import rotate_keys
from concerns.services.telling import chase

__all__ = [
    "Receipt",
    "Report",
    "add",
    "add_by_code",
    "answer",
    "assign",
    "chase",
    "close",
    "destroy_contents",
    "file",
    "file_anonymously",
    "forget_reporter",
    "keep_from",
    "move",
    "note",
    "open_by_code",
    "pause",
    "publish",
    "read",
    "resume",
    "rotate_keys",
    "tell_that_an_erasure_waits",
]
