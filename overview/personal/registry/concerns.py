"""What people raised: sealed, kept for its own period; a copy has what its person told and was told."""

from __future__ import annotations

from overview.personal import categories, finding
from overview.personal.holding import Erasure, Holding, columns

_SEALED_AWAY = (
    "What keeps people safe is kept for its own period (Article 17(3)(e)); nothing leads to the account."
)

HOLDINGS: tuple[Holding, ...] = (
    Holding(
        model="concerns.Case",
        category=categories.CONCERNS,
        columns=columns(
            neutral="id key_id",
            personal=(
                "programme reference state category at_risk created_at unanswered_since answer_due_at"
                " first_answered_at closed_at outcome handler"
            ),
            special="sealed_reporter sealed_subject sealed_contact sealed_policy",
            proof="receipt_key reporter_fingerprint code_fingerprint wrapped_key",
        ),
        by=("handler",),
        rows=finding.cases,
        erasure=Erasure.KEEP,
        reason=_SEALED_AWAY,
    ),
    Holding(
        model="concerns.Entry",
        category=categories.CONCERNS,
        columns=columns(personal="case number kind at", special="sealed_content"),
        rows=finding.entries,
        erasure=Erasure.KEEP,
        reason=_SEALED_AWAY,
        is_exported=False,
        withheld="As the case; notes of handlers are about others as well.",
    ),
    Holding(
        model="concerns.CaseExclusion",
        category=categories.CONCERNS,
        columns=columns(personal="case", special="sealed_person", proof="person_fingerprint"),
        rows=finding.case_exclusions,
        erasure=Erasure.KEEP,
        reason="From whom a case is kept is part of the case, and goes with it.",
        is_exported=False,
        withheld="A concern that others raised; the data protection officer decides (Data Protection Act 2018, s. 45).",
    ),
    Holding(
        model="concerns.Reading",
        category=categories.CONCERNS,
        columns=columns(personal="case user at"),
        of=("user",),
        erasure=Erasure.KEEP,
        reason="Who raised a concern may ask how often it was read; it leads to somebody who has left.",
        is_exported=False,
        withheld="It would tell of others' concerns.",
    ),
)
