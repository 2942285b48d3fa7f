"""The rules and weights of a pathway, as a run has them: read from the programme, or tried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from programmes.models import Pathway, Programme

RULES = (
    "forbids_line_management",
    "forbids_same_manager",
    "forbids_same_division",
    "forbids_former_partners",
)


@dataclass(frozen=True)
class Criteria:
    """Hard rules as switches, the strength 0 to 4 of each part of the fit, and what decides among equal numbers placed.

    A part that isn't named doesn't count.
    """

    weights: Mapping[str, int] = field(default_factory=dict)
    forbids_line_management: bool = False
    forbids_same_manager: bool = False
    forbids_same_division: bool = False
    forbids_former_partners: bool = True
    objective: str = "total"

    @classmethod
    def of(cls, pathway: Pathway) -> Self:
        """What the programme has set for a pathway now."""
        weights = {weight.part: weight.strength for weight in pathway.weights.all() if weight.strength}
        rules = {rule: getattr(pathway, rule) for rule in RULES}
        return cls(weights=weights, objective=pathway.objective, **rules)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"weights": dict(sorted(self.weights.items()))}


def in_force(programme: Programme, pathway: str = "") -> dict[str, Criteria]:
    """Criteria by pathway, all of them or the one named; empty where the programme doesn't have it."""
    pathways = programme.pathways.prefetch_related("weights").order_by("kind")
    return {row.kind: Criteria.of(row) for row in pathways if pathway in {"", row.kind}}


def from_json(data: Mapping[str, Any]) -> dict[str, Criteria]:
    """What `as_json` of each pathway gave."""
    return {kind: Criteria(**content) for kind, content in data.items()}
