"""All claims of a study -> frames.VERDICTS, with the rules that hold whatever the kind."""

from __future__ import annotations

from typing import Any

import polars as pl

from bench.claims._alternatives import is_open, listed, put_together, readings_of
from bench.claims.claim import KINDS, Answer, ClaimEvidence, NotTestableError
from bench.core.frames import VERDICTS, of_rows
from bench.families.unstable import unstable_families
from bench.study import Claim, Study

#: Kinds that hold two families against each other by the corrected t on one dataset.
COMPARING = ("better", "best", "equivalent", "order", "rank")


def verdicts(
    study: Study,
    tables: pl.DataFrame,
    folds: pl.DataFrame,
    scores: pl.DataFrame,
    estimates: pl.DataFrame,
    failures: pl.DataFrame,
) -> pl.DataFrame:
    """One row a claim, in the order of the study (frames.VERDICTS). All numbers stand in the claim's unit.

    `ours` of a claim that compares is the improvement of its family, positive is better; without a claimed size `low`
    to `high_refute` are intervals of that improvement.
    """
    frames = {"tables": tables, "folds": folds, "scores": scores, "estimates": estimates, "failures": failures}
    evidence = ClaimEvidence.of(study, frames)
    claims = study.claims if isinstance(study.claims, tuple) else ()
    return of_rows([judged(claim, evidence) for claim in claims], VERDICTS)


def judged(claim: Claim, evidence: ClaimEvidence) -> dict[str, Any]:
    """One claim: what its kind answers, limited by how well it was attempted."""
    row: dict[str, Any] = {
        "claim": claim.id,
        "kind": claim.kind,
        "dataset": claim.dataset,
        "family": claim.family,
        "against": claim.against,
        "metric": None if claim.kind == "statistic" and claim.metric is None else evidence.metric(claim),
        "unit": claim.unit,
        "published": claim.value,
        "source": claim.source,
        "fidelity": claim.fidelity,
        "protocol_match": _protocol(claim, evidence),
    }
    try:
        if claim.id in evidence.impossible:
            raise NotTestableError("impossible", f"{evidence.impossible[claim.id]} under the stated protocol")
        if claim.fidelity == "not_attempted":
            raise NotTestableError("not_attempted", claim.note or "the paper's method was not attempted here")
        return row | (_each_way(claim, evidence) if is_open(claim) else _answered(claim, evidence))
    except NotTestableError as error:
        return row | {"verdict": "not_testable", "reason": str(error)}


def _answered(claim: Claim, evidence: ClaimEvidence) -> Answer:
    """What the kind of claim answers, limited by how well it was attempted."""
    answer = _of_seeds(claim, evidence, KINDS[claim.kind].judge(claim, evidence))
    answer = _of_unsteady(claim, evidence, answer)
    return limited(claim, answer, _protocol(claim, evidence))


def _each_way(claim: Claim, evidence: ClaimEvidence) -> Answer:
    """A claim that leaves open of what its number is, judged under every reading."""
    answers: dict[str, Answer] = {}
    for name, one in readings_of(claim, evidence.study).items():
        try:
            answers[name] = _answered(one, evidence)
        except NotTestableError as error:
            answers[name] = {"verdict": "not_testable", "reason": str(error)}
    return put_together(claim, evidence.study, answers)


def _of_seeds(claim: Claim, evidence: ClaimEvidence, answer: Answer) -> Answer:
    """Where only seeds vary, every verdict on chance says so: it speaks of these splits and rows, of no others."""
    several = claim.dataset is None and len(evidence.study.datasets) > 1
    if claim.kind in ("statistic", "value") or several:
        return answer
    if evidence.varies(claim) != "seeds" or answer.get("low") is None or answer.get("p") is None:
        return answer
    said = "over seeds on the same splits: other splits or rows were not tried, and this is no sampling error"
    return answer | {"reason": f"{answer['reason']}; {said}"}


def _of_unsteady(claim: Claim, evidence: ClaimEvidence, answer: Answer) -> Answer:
    """Where a verdict rests on the corrected t, or on Nadeau and Bengio's variance, of a family known to fool it.

    Claims that compare rest on it on one dataset, published numbers only where they are of another sample; seeds alone
    and draws of a simulation do not.
    """
    if evidence.over(claim) or answer.get("p") is None or claim.kind in ("statistic", "share"):
        return answer
    if claim.kind not in COMPARING and claim.splits != "other_sample":
        return answer
    setting = evidence.setting(claim)
    if setting.seeds or setting.repeats_a_draw or setting.ratio is None:
        return answer
    found = unstable_families(evidence.study, _compared(claim, evidence))
    if not found:
        return answer
    worst = next(iter(found.values()))
    said = (
        f"the fit of {', '.join(found)} hangs on few training rows, so this errs more often than its level says: "
        f"equal {worst.measured_on} were called different in up to {100 * worst.errs:g} % of simulated samples at a "
        "nominal 5 %"
    )
    return answer | {"reason": f"{answer['reason']}; {said}"}


def _compared(claim: Claim, evidence: ClaimEvidence) -> list[str | None]:
    """The families whose scores a claim rests on."""
    if claim.kind == "order":
        return list(listed((claim.order or "").replace(">", ",").replace("=", ",")))
    others = evidence.rivals(claim) if claim.kind in ("best", "rank") else [claim.against]
    return [claim.family, *others]


def limited(claim: Claim, answer: Answer, protocol: str) -> Answer:
    """An inexact method or an unverified number cannot refute; under another protocol nothing is exact."""
    verdict, reason = answer["verdict"], answer["reason"]
    if verdict == "not_reproduced":
        doubts = doubts_of(claim)
        if doubts:
            said = {
                "unverified": "the published number was not checked at its source",
                "substituted": "another method stands in for the paper's (substituted)",
                "approximated": "the paper's experiment is only approximated",
            }
            why = " and ".join(said[doubt] for doubt in doubts)
            return answer | {
                "verdict": "inconclusive",
                "reason": f"cannot refute, as {why}; otherwise this would be refuted: {reason}",
            }
    if verdict == "exact" and protocol != "same":
        return answer | {"verdict": "reproduced", "reason": f"{reason}; but the protocol {protocol}"}
    return answer


def doubts_of(claim: Claim) -> list[str]:
    """What forbids that a claim be refuted: an inexact method, a number that was not read at its source."""
    doubts: list[str] = [claim.fidelity] if claim.fidelity in ("approximated", "substituted") else []
    return doubts + ([] if claim.verified else ["unverified"])


def _protocol(claim: Claim, evidence: ClaimEvidence) -> str:
    """What the study says of the match of protocols, and an aggregation that is not ours."""
    declared = claim.protocol_match or "same"
    if claim.aggregation is None or claim.kind == "statistic":
        return declared
    ours = evidence.aggregation(claim)
    if ours is None or ours == claim.aggregation:
        return declared
    differs = f"differs: the paper's number is {claim.aggregation}, ours {ours}".replace("_", " ")
    return differs if declared == "same" else f"{declared}; {differs}"
