"""Keeps what proves a run, and proves it later without solving again (EI-M).

The input is read back and its fingerprint compared; people's fits, the rules and the bound are calculated anew from
it. Nothing is believed that can be calculated: tampered figures are found out, tampered duals only weaken the bound.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.crypto import constant_time_compare, salted_hmac

from matching import engine, records, solving
from matching.engine import InvalidProblem
from matching.models import MatchRun
from matching.pool import Pool


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, in a sentence, and whether it holds."""

    holds: bool
    says: str


def certificate(result: solving.Result) -> dict[str, Any]:
    """What a run chose and the duals that prove it, by position in its input, as plain data."""
    found = result.solution
    kept: dict[str, Any] = {"pairs": found.pairs.tolist(), "floor": found.floor}
    if isinstance(found, engine.Solution):
        cover = None if found.cover is None else found.cover.tolist()
        return kept | {"prices": found.prices.tolist(), "cover": cover}
    circles = [[list(c.facilitators), list(c.members), c.running] for c in found.circles]
    return kept | {"circles": circles, "duals": found.duals and engine.plain_duals(found.duals)}


def seal(run: MatchRun, certificate: dict[str, Any]) -> str:
    """A digest under the site's key of all that is recorded of a run: without the key nobody changes it unseen."""
    figures = [run.placed, run.total, run.smallest, run.upper_bound, run.is_optimal, run.objective, run.seed]
    content = [run.pk, run.input_hash, figures, run.criteria, certificate]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return salted_hmac("matching.record", text, algorithm="sha256").hexdigest()


def prove(run: MatchRun) -> list[Finding]:
    """Everything that can be checked about a finished run, each with a sentence; never solves."""
    record = getattr(run, "record", None)
    if not run.is_done or record is None:
        return [
            Finding(
                False, "This run has no certificate: it didn't finish, or was made before there were any."
            )
        ]
    try:
        text = records.unpacked(record.input)
    except ValueError as broken:
        return [Finding(False, str(broken))]
    is_same = records.fingerprint(text) == run.input_hash
    findings = [
        Finding(
            is_same,
            f"The input is the one of this run (SHA-256 {run.input_hash[:12]}…)."
            if is_same
            else "The stored input isn't the one of this run: its SHA-256 differs.",
        )
    ]
    is_whole = constant_time_compare(seal(run, record.certificate), record.seal)
    findings.append(
        Finding(
            is_whole,
            "The seal is whole: nothing of the record was changed."
            if is_whole
            else "The seal is broken: the record was changed, or the site's secret key was replaced.",
        )
    )
    try:
        pool, seed = records.read(text)
        return [
            *findings,
            *_about_the_input(run, pool, seed),
            *_about_the_result(run, pool, record.certificate),
        ]
    except InvalidProblem as refusal:
        return [*findings, Finding(False, f"The result isn't possible: {refusal}")]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return [*findings, Finding(False, "The certificate can't be read.")]


def _about_the_input(run: MatchRun, pool: Pool, seed: int) -> Iterator[Finding]:
    told = {kind: criteria.as_json() for kind, criteria in pool.criteria.items()}
    holds = (told, seed, pool.objective) == (run.criteria, run.seed, run.objective)
    yield Finding(
        holds,
        "Rules, weights, seed and objective are those of the input."
        if holds
        else "Rules, weights, seed or objective aren't those of the input.",
    )


def _about_the_result(run: MatchRun, pool: Pool, kept: dict[str, Any]) -> Iterator[Finding]:
    yield Finding(*_same_people(run, pool, kept))
    problem = solving.problem_of(pool)
    if isinstance(problem, engine.Problem):
        yield from _about_pairs(run, problem, kept)
    else:
        yield from _about_circles(run, problem, kept, pool.pathway)


def _about_pairs(run: MatchRun, problem: engine.Problem, kept: dict[str, Any]) -> Iterator[Finding]:
    proof = engine.prove(problem, kept["pairs"], kept["prices"], floor=kept["floor"], cover=kept["cover"])
    yield Finding(True, "Every pair keeps every rule, and nobody is given more than the free places.")
    yield _figures(run, proof.placed, proof.total, proof.smallest)
    is_proved = (proof.optimal, proof.upper_bound) == (run.is_optimal, run.upper_bound)
    yield Finding(is_proved, _bound(run, proof.upper_bound, proof.optimal, is_proved=is_proved))


def _figures(run: MatchRun, placed: int, total: int, smallest: int | None) -> Finding:
    if (placed, total, smallest) == (run.placed, run.total, run.smallest):
        return Finding(True, f"{placed:,} people placed with a total fit of {total:,}, as recorded.")
    return Finding(
        False,
        f"The pairs give {placed:,} placed and a total of {total:,}, "
        f"but {run.placed:,} and {run.total:,} are recorded.",
    )


def _bound(run: MatchRun, bound: int, is_best: bool, *, is_proved: bool) -> str:
    if not is_proved:
        return f"The duals prove a bound of {bound:,} only, but {run.upper_bound:,} is recorded."
    if is_best:
        aim = (
            "with the weakest fit as good as can be" if run.objective == "fairest" else "with a larger total"
        )
        return f"Proved: no choice places more people, and none that places as many does it {aim}."
    return f"Proved: no choice that places as many has a total above {bound:,}."


def _same_people(run: MatchRun, pool: Pool, kept: dict[str, Any]) -> tuple[bool, str]:
    """Whether the suggestions of the run, whatever has become of them, are those of the certificate."""
    certified = {frozenset((pool.mentees[i], pool.mentors[j])) for i, j in kept["pairs"]}
    for facilitators, members, running in kept.get("circles", ()):
        if members:
            leads = () if running is not None else [pool.mentors[j] for j in facilitators]
            certified.add(frozenset((*leads, *(pool.mentees[i] for i in members))))
    stored: dict[int, set[int]] = {}
    for suggestion, application in run.suggestions.values_list("pk", "members__application"):
        stored.setdefault(suggestion, set()).add(application)
    if {frozenset(people) for people in stored.values()} == certified:
        return True, "The suggestions are those of the certificate."
    return False, "The suggestions aren't those of the certificate."


def _about_circles(
    run: MatchRun, problem: engine.CircleProblem, kept: dict[str, Any], pathway: str
) -> Iterator[Finding]:
    circles = [
        engine.Circle(tuple(leads), tuple(members), running) for leads, members, running in kept["circles"]
    ]
    proof = engine.prove_circles(
        problem,
        kept["pairs"],
        circles,
        engine.read_duals(kept["duals"]),
        pathway=pathway or None,
        floor=kept["floor"],
    )
    yield Finding(True, "Every pair and circle keeps every rule and size, and nobody is placed twice.")
    yield _figures(run, proof.placed, proof.total, proof.smallest)
    yield Finding(proof.upper_bound >= run.upper_bound, _bound_of_circles(run, proof))


def _bound_of_circles(run: MatchRun, proof: engine.CircleProof) -> str:
    if proof.upper_bound < run.upper_bound:
        return f"A bound of {proof.upper_bound:,} is proved, but {run.upper_bound:,} is recorded."
    if proof.optimal:
        return _bound(run, proof.upper_bound, True, is_proved=True)
    said = (
        f"Proved: no choice places more than {proof.most_placed:,} people, and none that places {proof.placed:,} "
        f"has a total above {proof.upper_bound:,}; this one is at most {proof.gap:.2%} below that."
    )
    if run.is_optimal:
        said += " The solver (HiGHS) found it to be the best; that last step isn't proved by whole numbers."
    return said
