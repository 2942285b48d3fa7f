"""What people ask for: a copy, an erasure, an answer, a letter on the day that a programme widens."""

from __future__ import annotations

from overview.personal import categories, finding
from overview.personal.holding import Erasure, Holding, columns

HOLDINGS: tuple[Holding, ...] = (
    Holding(
        model="overview.Erasure",
        category=categories.REQUESTS,
        columns=columns(
            neutral="id counts",
            personal="person asked_at ready_at due_at called_back_at done_at",
            proof="pseudonym",
        ),
        of=("person",),
        reason="What was called back. The one that is done stays, and leads to nobody.",
    ),
    Holding(
        model="overview.DataRequest",
        category=categories.REQUESTS,
        columns=columns(
            neutral="id",
            personal=(
                "kind channel received_on person name address text state due_on acknowledged_on extended_on"
                " extension_reason closed_on outcome"
            ),
            proof="key",
        ),
        of=("person",),
        rows=finding.requests,
        erasure=Erasure.BLANK,
        blank={
            "person": None,
            "name": "",
            "address": "",
            "text": "",
            "extension_reason": "",
            "outcome": "",
        },
        reason="What kind of request came, and when it was answered, shows that it was.",
    ),
    Holding(
        model="applications.Interest",
        category=categories.INTERESTS,
        columns=columns(personal="programme address asked_at wording"),
        rows=finding.interests,
    ),
)
