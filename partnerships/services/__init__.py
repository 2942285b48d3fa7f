"""Begin, pause, change and end partnerships; what waits for the office about them.

All that follows (places, disclosures, messages) is in the same transaction.
"""

from partnerships.services.agreement import accept as accept_agreement
from partnerships.services.circles import check_circles, let_go, merge
from partnerships.services.ending import end, looking_for_somebody
from partnerships.services.flags import raise_flag, settle
from partnerships.services.introducing import MOST_FACILITATORS, add_facilitator, introduce, join
from partnerships.services.leaving import ask_to_leave, take_back
from partnerships.services.pausing import pause, resume
from partnerships.services.places import room_declared
from partnerships.services.readiness import why_not_ready
from partnerships.services.withdrawing import leave_everything, withdraw_declaration

__all__ = [
    "MOST_FACILITATORS",
    "accept_agreement",
    "add_facilitator",
    "ask_to_leave",
    "check_circles",
    "end",
    "introduce",
    "join",
    "leave_everything",
    "let_go",
    "looking_for_somebody",
    "merge",
    "pause",
    "raise_flag",
    "resume",
    "room_declared",
    "settle",
    "take_back",
    "why_not_ready",
    "withdraw_declaration",
]
