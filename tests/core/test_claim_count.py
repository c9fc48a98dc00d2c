"""Which claims count: the paper's, or the author's where the paper claims nothing; never a falsifier."""

from __future__ import annotations

from bench.core.counting import ClaimCount, count_claims
from bench.core.frames import records
from bench.core.judgements import VERDICTS, VerdictRow
from tests.helpers.sparse import sparse

PAPER = [
    {"claim": "p0", "source": "paper", "agreement": "reproduced"},
    {"claim": "p1", "source": "paper", "agreement": "off"},
    {"claim": "p2", "source": "paper", "agreement": None},
]
AUTHOR = [{"claim": "a0", "source": "author", "agreement": "fits"}]
FALSIFIER = [
    {"claim": "f0", "source": "author", "falsifier": True, "agreement": "reproduced"}
]


def count(*rows: dict[str, object]) -> ClaimCount:
    return count_claims(
        records(
            sparse(
                [{"falsifier": False, "doubts": ""} | row for row in rows], VERDICTS
            ),
            VerdictRow,
        )
    )


def names(rows: tuple[VerdictRow, ...]) -> list[str]:
    return [row.claim for row in rows]


def test_the_expectations_of_an_author_do_not_count_beside_a_paper() -> None:
    found = count(*PAPER, *AUTHOR, *FALSIFIER)
    assert names(found.judged) == ["p0", "p1"]
    assert names(found.open) == ["p1"]
    assert names(found.left) == ["p2"]
    assert (names(found.expected), names(found.falsifiers), found.own) == (
        ["a0"],
        ["f0"],
        False,
    )


def test_without_a_paper_they_do() -> None:
    found = count(*AUTHOR, *FALSIFIER)
    assert (names(found.claims), names(found.open), found.expected, found.own) == (
        ["a0"],
        ["a0"],
        (),
        True,
    )


def test_a_falsifier_alone_counts_nowhere() -> None:
    found = count(*FALSIFIER)
    assert (found.claims, found.open, found.own, names(found.falsifiers)) == (
        (),
        (),
        False,
        ["f0"],
    )
