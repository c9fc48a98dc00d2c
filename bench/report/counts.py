"""Counts of a study's claims: verdicts, different numbers, shares that hold, causes; and the hash of its results."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass

import polars as pl

from bench.core.frames import rounded
from bench.core.judgements import Cause, VerdictRow
from bench.core.replication import GroupRow
from bench.report import facts
from bench.report.bundle import Bundle
from bench.text.words import HELD, VERDICTS

Counts = dict[str, int]
#: Significant digits of an interval: what lies beyond is noise of the machine.
NINE = 9


def verdict_counts(bundle: Bundle) -> Counts:
    """How many of the attempted claims got each verdict, in the order of the words."""
    found = Counter(facts.attempted(bundle)["verdict"].to_list())
    return {word: found[word] for word in VERDICTS}


def not_attempted(bundle: Bundle) -> int:
    """How many of the counted claims were not attempted: they are in no share, and are named apart."""
    return facts.counted(bundle).height - facts.attempted(bundle).height


def sort_of(bundle: Bundle, row: VerdictRow) -> str:
    """What a claim is: a comparison without a number, or where its number was read (`Claim.read`)."""
    if row.published is None:
        return "comparison"
    claim = bundle.claims.get(row.claim)
    return "source" if claim is None else claim.read


@dataclass(frozen=True)
class Held:
    """How many claims hold, of how many, and the interval of that share, if it has one."""

    held: int
    claims: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class HeldShares:
    """Of the attempted claims, and of those with an error rate: how many hold."""

    held: Held
    held_with_error_rate: Held


def shares(bundle: Bundle) -> HeldShares:
    """How many of the attempted claims hold; and of those with an error rate."""
    verdicts = facts.attempted(bundle)["verdict"]
    held = Held(int(verdicts.is_in(HELD).sum()), verdicts.len())
    whole = next((row for row in bundle.rows("replication_groups", GroupRow) if row.kind is None), None)
    if whole is None:
        return HeldShares(held, Held(0, 0))
    ends = (rounded(whole.low, NINE), rounded(whole.high, NINE))
    drawn = Held(round((whole.held_with_error_rate or 0) * whole.with_error_rate), whole.with_error_rate, *ends)
    return HeldShares(held, drawn)


def misses(bundle: Bundle) -> Counts:
    """Attempted claims that do not hold, by cause."""
    found = dict(bundle.frame("replication_misses").iter_rows())
    return {cause: count for cause, count in found.items() if cause != Cause.NOT_ATTEMPTED}


def results_hash(bundle: Bundle) -> str:
    """A sha256 over the content of verdicts and scores, whatever file format holds them."""
    digest = hashlib.sha256()
    for name in ("verdicts", "scores"):
        frame = bundle.frame(name)
        digest.update(name.encode())
        digest.update(frame.sort(frame.columns).write_csv().encode())
    return digest.hexdigest()


def numbers(bundle: Bundle) -> int:
    """How many different numbers the paper prints for the claims: one number may be claimed in several ways."""
    return len(set(facts.number_of(bundle).values()))


def stand_ins(bundle: Bundle, fidelity: str) -> pl.DataFrame:
    """The claims that hold up although something stands in for the paper's own: less than the paper's own success."""
    return facts.counted(bundle).filter(pl.col("verdict").is_in(HELD), pl.col("fidelity") == fidelity)
