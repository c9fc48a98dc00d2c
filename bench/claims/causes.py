"""Why a claim did not hold, in one word each, so that the misses of many tables can be counted together.

The sentence of a verdict tells one claim's story; here it is read back, and the first rule that fits gives the cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.claims._noise import UNMEASURED

#: Causes in the order in which they are told: first what was never tried, last what stays without an explanation.
CAUSES = (
    "not_attempted", "missing", "failed", "impossible", "noise_floor", "ambiguous", "unverified", "substituted",
    "approximated", "seed", "one_split", "no_error", "few_datasets", "open", "size", "protocol", "equivalent",
    "refuted",
)  # fmt: skip
_LITERALS = ("not_attempted", "missing", "failed", "impossible", "noise_floor")


def cause_of(verdict: Mapping[str, Any]) -> str | None:
    """The cause of a row of frames.VERDICTS, one of `CAUSES`; None for a claim that holds.

    A refutation under another protocol than the paper's is laid to the protocol; what is left is `refuted`.
    """
    word, reason = verdict["verdict"], verdict["reason"] or ""
    if word in ("exact", "reproduced"):
        return None
    if word == "not_testable":
        literal = reason.partition(":")[0]
        return literal if literal in _LITERALS else "missing"
    if word == "direction_reproduced":
        return "size"
    if word == "inconclusive":
        return _left_open(verdict, reason)
    if (verdict["protocol_match"] or "same") != "same":
        return "protocol"
    return "equivalent" if reason.startswith("equivalent") else "refuted"


def _left_open(verdict: Mapping[str, Any], reason: str) -> str:
    if "ambiguous" in reason:
        return "ambiguous"
    if "cannot refute, as " in reason:
        return verdict["fidelity"] if verdict["fidelity"] in ("approximated", "substituted") else "unverified"
    if UNMEASURED in reason:
        return "seed"
    if reason.startswith(("one split says nothing", "one ranking says nothing", "one score from")):
        return "one_split"
    if reason.startswith("cannot decide with"):
        return "few_datasets"
    # A difference that may not refute, because what chance does to it is not known.
    unknown = reason.startswith("ours is") or "no error" in reason or "is not known" in reason
    return "no_error" if unknown else "open"
