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
from matching.models import MatchRun, RunRecord
from matching.pool import Pool
from partnerships.models import Membership

Part = Membership.Part
_Row = tuple[str, int, tuple[tuple[int, str, int], ...]]


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
    about = [run.pk, run.cohort_id, run.pathway, run.only_for_id, run.is_trial, run.criteria, run.comparison]
    content = [run.input_hash, figures, about, certificate]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return salted_hmac("matching.record", text, algorithm="sha256").hexdigest()


def prove(run: MatchRun) -> list[Finding]:
    """Everything that can be checked about a finished run, each with a sentence; never solves, never raises."""
    try:
        record = getattr(run, "record", None)
    except (ValueError, RecursionError):
        return [Finding(False, "The record can't be read.")]
    if not run.is_done or record is None:
        said = "This run has no certificate: it didn't finish, or was made before there were any."
        return [Finding(False, said)]
    findings: list[Finding] = []
    try:
        findings += _about_the_record(run, record)
        pool, seed = records.read(records.unpacked(record.input))
        findings += _about_the_input(run, pool, seed)
        findings += _about_the_result(run, pool, record.certificate)
    except InvalidProblem as refusal:
        findings.append(Finding(False, f"The result isn't possible: {refusal}"))
    except records.Broken as broken:
        findings.append(Finding(False, str(broken)))
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError):
        findings.append(Finding(False, "The certificate can't be read."))
    return findings


def _about_the_record(run: MatchRun, record: RunRecord) -> Iterator[Finding]:
    yield _either(
        records.fingerprint(records.unpacked(record.input)) == run.input_hash,
        f"The input is the one of this run (SHA-256 {run.input_hash[:12]}…).",
        "The stored input isn't the one of this run: its SHA-256 differs.",
    )
    yield _either(
        constant_time_compare(seal(run, record.certificate), record.seal),
        "The seal is whole: nothing of the record was changed.",
        "The seal is broken: the record was changed, or the site's secret key was replaced.",
    )


def _about_the_input(run: MatchRun, pool: Pool, seed: int) -> Iterator[Finding]:
    told = {kind: criteria.as_json() for kind, criteria in pool.criteria.items()}
    yield _either(
        (told, seed, pool.objective) == (run.criteria, run.seed, run.objective),
        "Rules, weights, lot and objective are those of the input.",
        "Rules, weights, lot or objective aren't those of the input.",
    )


def _about_the_result(run: MatchRun, pool: Pool, kept: dict[str, Any]) -> Iterator[Finding]:
    yield _either(
        _certified(pool, kept) == _stored(run),
        "The suggestions are those of the certificate, with their fits.",
        "The suggestions aren't those of the certificate.",
    )
    problem, aims_at_floor = solving.problem_of(pool), pool.objective == engine.Objective.FAIREST
    if kept["floor"] is not None and not aims_at_floor:
        yield Finding(
            False, "The certificate claims a weakest fit, which this run's objective doesn't ask for."
        )
    elif isinstance(problem, engine.Problem):
        yield from _about_pairs(run, problem, kept, aims_at_floor)
    else:
        yield from _about_circles(run, problem, kept, pool)


def _about_pairs(
    run: MatchRun, problem: engine.Problem, kept: dict[str, Any], aims_at_floor: bool
) -> Iterator[Finding]:
    proof = engine.prove(problem, kept["pairs"], kept["prices"], floor=kept["floor"], cover=kept["cover"])
    yield Finding(True, "Every pair keeps every rule, and nobody is given more than the free places.")
    yield _figures(run, proof)
    free = proof.placed > len(problem.locked)
    if aims_at_floor and free and (kept["floor"] is None or not proof.is_fairest):
        yield Finding(False, "The certificate doesn't prove that the weakest fit is as good as can be.")
    elif (proof.optimal, proof.upper_bound) == (run.is_optimal, run.upper_bound):
        yield Finding(True, _best(aims_at_floor) if proof.optimal else _at_most(proof.upper_bound))
    else:
        yield Finding(False, f"{_at_most(proof.upper_bound)} That isn't what is recorded.")


def _about_circles(
    run: MatchRun, problem: engine.CircleProblem, kept: dict[str, Any], pool: Pool
) -> Iterator[Finding]:
    circles = [
        engine.Circle(tuple(leads), tuple(members), running) for leads, members, running in kept["circles"]
    ]
    duals, only = engine.read_duals(kept["duals"]), pool.pathway or None
    proof = engine.prove_circles(problem, kept["pairs"], circles, duals, pathway=only, floor=kept["floor"])
    yield Finding(True, "Every pair and circle keeps every rule and size, and nobody is placed twice.")
    yield _figures(run, proof)
    aims_at_floor = pool.objective == engine.Objective.FAIREST
    if aims_at_floor and not proof.optimal:
        yield Finding(True, _of_the_fairest(proof))
    elif proof.upper_bound < run.upper_bound:
        yield Finding(False, f"{_at_most(proof.upper_bound)} That isn't what is recorded.")
    else:
        yield Finding(True, _best(aims_at_floor) if proof.optimal else _of_circles(run, proof))


def _certified(pool: Pool, kept: dict[str, Any]) -> list[_Row]:
    """What the certificate suggests: pathway, the circle that is joined (0: none), who has which part and fit."""
    pairs = [("one_to_one", Part.MENTOR, [j], [i], None) for i, j in kept["pairs"]]
    circles = [
        ("circle", Part.FACILITATOR, leads, members, running)
        for leads, members, running in kept.get("circles", ())
        if members
    ]
    rows = []
    for kind, part, leads, members, running in (*pairs, *circles):
        lead, mentees = pool.mentors[leads[0]], [pool.mentees[i] for i in members]
        people = [(pk, str(Part.MENTEE), pool.fit(kind, pk, lead)) for pk in mentees]
        if running is None:
            people += [(pool.mentors[j], str(part), 0) for j in leads]
        rows.append(
            (kind, 0 if running is None else pool.running[running].partnership, tuple(sorted(people)))
        )
    return sorted(rows)


def _stored(run: MatchRun) -> list[_Row]:
    """The same of the run's suggestions, whatever has become of them; what is new has somebody who leads it."""
    found: dict[int, tuple[str, int, list[tuple[int, str, int]]]] = {}
    rows = run.suggestions.order_by("pk").values_list(
        "pk", "pathway", "partnership", "members__application", "members__part", "members__fit"
    )
    for pk, kind, partnership, application, part, fit in rows:
        found.setdefault(pk, (kind, partnership or 0, []))[2].append((application, part, fit))
    return sorted(
        (kind, 0 if any(part != Part.MENTEE for _, part, _ in people) else joins, tuple(sorted(people)))
        for kind, joins, people in found.values()
    )


def _figures(run: MatchRun, proof: engine.Proof | engine.CircleProof) -> Finding:
    weakest = "" if proof.smallest is None else f" and a weakest fit of {proof.smallest:,}"
    said = f"{proof.placed:,} people placed with a total fit of {proof.total:,}{weakest}"
    return _either(
        (proof.placed, proof.total, proof.smallest) == (run.placed, run.total, run.smallest),
        f"{said}, as recorded.",
        f"The certificate gives {said}; other figures are recorded.",
    )


def _best(aims_at_floor: bool) -> str:
    aim = (
        "with the weakest fit higher, nor as high with a larger total"
        if aims_at_floor
        else "with a larger total"
    )
    return f"Proved: no choice places more people, and none that places as many does it {aim}."


def _at_most(bound: int) -> str:
    return f"Proved is only that no choice that places as many has a total above {bound:,}."


def _of_the_fairest(proof: engine.CircleProof) -> str:
    return (
        f"Proved: no choice places more than {proof.most_placed:,} people. That the weakest fit is as good as can be "
        "is the solver's word (HiGHS); whole numbers don't prove it here."
    )


def _of_circles(run: MatchRun, proof: engine.CircleProof) -> str:
    said = (
        f"Proved: no choice places more than {proof.most_placed:,} people, and none that places {proof.placed:,} "
        f"has a total above {proof.upper_bound:,}; this one is at most {proof.gap:.2%} below that."
    )
    if run.is_optimal:
        said += " The solver (HiGHS) found it to be the best; that last step isn't proved by whole numbers."
    return said


def _either(holds: bool, well: str, badly: str) -> Finding:
    return Finding(holds, well if holds else badly)
