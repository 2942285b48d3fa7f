"""What the office has before anybody hears of it."""

from __future__ import annotations

from overview.personal import categories, finding
from overview.personal.holding import Erasure, Holding, columns

_NOT_THEIRS_ALONE = "It is about others as well: the office gives the person's own part on request."
_COUNTED = "A count: it hangs on an application without a person, and says when and how many."

HOLDINGS: tuple[Holding, ...] = (
    Holding(
        model="matching.MatchRun",
        category=categories.MATCHING,
        columns=columns(
            neutral=(
                "id cohort pathway is_trial started_at seed criteria state claim alive_at progress cancel_asked"
                " finished_at failure input_hash objective placed total smallest upper_bound is_optimal comparison"
                " seconds"
            ),
            personal="only_for started_by",
        ),
        of=("only_for__user",),
        by=("started_by",),
        erasure=Erasure.KEEP,
        reason="A run's figures.",
        is_exported=False,
        withheld=_NOT_THEIRS_ALONE,
    ),
    Holding(
        model="matching.RunRecord",
        category=categories.MATCHING,
        columns=columns(neutral="run certificate seal", personal="input"),
        rows=finding.run_records,
        is_exported=False,
        withheld=_NOT_THEIRS_ALONE,
        reason="A proof with one person's answers changed proves nothing: it goes; the run's figures stay.",
    ),
    Holding(
        model="matching.Suggestion",
        category=categories.MATCHING,
        columns=columns(
            neutral="id run pathway is_locked leaves_at",
            personal="state fit partnership released_by held_back",
        ),
        of=("members__application__user",),
        by=("released_by",),
        erasure=Erasure.BLANK,
        blank={"held_back": ""},
        is_exported=False,
        withheld=_NOT_THEIRS_ALONE,
        reason="That there was one is a count.",
    ),
    Holding(
        model="matching.SuggestedMember",
        category=categories.MATCHING,
        columns=columns(neutral="id suggestion", personal="application part fit reasons"),
        of=("application__user",),
        erasure=Erasure.BLANK,
        blank={"reasons": []},
        is_exported=False,
        withheld=_NOT_THEIRS_ALONE,
        reason="The number says how good a suggestion was, for the run's figures.",
    ),
    Holding(
        model="matching.Exclusion",
        category=categories.MATCHING,
        columns=columns(neutral="id run", personal="application reason"),
        of=("application__user",),
        is_exported=False,
        withheld=_NOT_THEIRS_ALONE,
    ),
    Holding(
        model="matching.Decision",
        category=categories.MATCHING,
        columns=columns(neutral="id cohort pathway", personal="mentee mentor kind reason by at"),
        of=("mentee__user", "mentor__user"),
        by=("by",),
        is_exported=False,
        withheld=_NOT_THEIRS_ALONE,
    ),
    Holding(
        model="matching.Offer",
        category=categories.MATCHING,
        columns=columns(personal="suggestion application state made_at made_by answer_by closed_at"),
        of=("application__user",),
        by=("made_by",),
        erasure=Erasure.KEEP,
        reason=_COUNTED,
    ),
)
