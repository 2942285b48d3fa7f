"""Accounts and what keeps them: sign-in, mail, duties, history."""

from __future__ import annotations

from accounts.models import GONE
from overview.personal import categories, finding
from overview.personal.holding import Erasure, Holding, columns

HOLDINGS: tuple[Holding, ...] = (
    Holding(
        model="accounts.User",
        category=categories.ACCOUNT,
        columns=columns(
            personal="last_login is_superuser email name is_active time_zone most_partnerships joined_at",
            proof="password",
        ),
        rows=finding.account,
        erasure=Erasure.BLANK,
        blank={
            "name": GONE,
            "last_login": None,
            "is_superuser": False,
            "is_active": False,
            "time_zone": "Europe/London",
            "most_partnerships": None,
        },
        reason="Others' records lead to it; the address becomes one that nobody has, the password none.",
    ),
    Holding(
        model="accounts.User_groups",
        category=categories.DUTIES,
        columns=columns(personal="user group"),
        of=("user",),
    ),
    Holding(
        model="accounts.User_user_permissions",
        category=categories.DUTIES,
        columns=columns(personal="user permission"),
        of=("user",),
    ),
    Holding(
        model="account.EmailAddress",
        category=categories.ACCOUNT,
        columns=columns(personal="user email verified primary"),
        of=("user",),
    ),
    Holding(
        model="account.EmailConfirmation",
        category=categories.SIGN_IN,
        columns=columns(personal="email_address created sent", proof="key"),
        of=("email_address__user",),
    ),
    Holding(
        model="mfa.Authenticator",
        category=categories.SIGN_IN,
        columns=columns(personal="user type created_at last_used_at", proof="data"),
        of=("user",),
    ),
    Holding(
        model="sessions.Session",
        category=categories.SIGN_IN,
        columns=columns(neutral="", personal="expire_date", proof="session_key session_data"),
        rows=finding.sessions,
        is_exported=False,
        withheld="Whoever has a session's words is signed in by them.",
    ),
    Holding(
        model="admin.LogEntry",
        category=categories.DUTIES,
        columns=columns(
            neutral="id content_type action_flag",
            personal="action_time user object_id object_repr change_message",
        ),
        by=("user",),
        rows=finding.history,
        erasure=Erasure.BLANK,
        blank={"object_repr": "", "change_message": ""},
        reason="That the office changed something stays, without what and of whom.",
    ),
    Holding(
        model="outbox.Message",
        category=categories.MAIL,
        columns=columns(
            neutral="id message_id kind is_urgent attempts lease_until lease_token error",
            personal="key to subject text html calendar state not_before created_at sent_at withdrawn_at",
            special="programme",
        ),
        rows=finding.messages,
        erasure=Erasure.BLANK,
        blank={"to": "", "subject": "", "text": "", "html": "", "calendar": ""},
        reason="That a message of a kind left, and when, is a count; its key becomes a number.",
    ),
    Holding(
        model="programmes.Duty",
        category=categories.DUTIES,
        columns=columns(personal="user programme kind"),
        of=("user",),
    ),
    Holding(
        model="programmes.SchoolPage",
        category=categories.DUTIES,
        columns=columns(
            neutral="id programme which url asked_on failure", personal="looked_at_on looked_at_by"
        ),
        of=("looked_at_by",),
        erasure=Erasure.BLANK,
        blank={"looked_at_by": None},
        reason="That somebody looked at a page of the School's, and when, stays.",
    ),
    Holding(
        model="programmes.Question",
        category=categories.QUESTIONS,
        columns=columns(
            neutral="id programme answer answered_at is_published position",
            personal="text asker_email asked_at",
        ),
        rows=finding.questions,
        erasure=Erasure.BLANK,
        blank={"asker_email": ""},
        reason="A published question is the programme's own text; one that isn't published goes.",
    ),
)
