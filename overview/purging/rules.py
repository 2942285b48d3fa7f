"""Every rule, in the order in which they are carried out: what leans on a row goes before it."""

from __future__ import annotations

from collections.abc import Mapping

from overview.purging import house, taking_part
from overview.purging.rule import Rule

RULES: tuple[Rule, ...] = (*taking_part.RULES, *house.RULES)

# Categories whose rows go by another way, and by which.
ELSEWHERE: Mapping[str, str] = {
    "equality": "With the monthly snapshots: only rounded counts stay.",
}
