"""Every rule, in the order in which they are carried out: what leans on a row goes before it."""

from __future__ import annotations

from overview.purging import house, taking_part
from overview.purging.rule import Rule

RULES: tuple[Rule, ...] = (*taking_part.RULES, *house.RULES)
