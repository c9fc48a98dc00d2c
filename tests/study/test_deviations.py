"""Which claims a deviation is about, and what it makes of their evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench.claims.doubts import doubts_of, evidence_of
from bench.study import Study
from bench.study.deviations import Deviation
from tests.helpers.judge_cases import a_study

TWO = "  two: {source: {kind: sklearn, name: iris}, target: target}"
CLAIMS = """\
  - {id: lda-toy, kind: value, dataset: toy, family: lda, metric: accuracy, value: "0.9", unit: fraction,
     where: a, read: source}
  - {id: qda-two, kind: value, dataset: two, family: qda, metric: accuracy, value: "0.9", unit: fraction,
     where: b, read: secondary}
  - {id: pair, kind: better, dataset: two, family: lda, against: qda, metric: accuracy, where: c, read: source}
  - {id: mine, kind: better, dataset: toy, family: lda, against: qda, metric: accuracy, where: d, read: source, source: author}
"""


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return a_study(tmp_path, CLAIMS, datasets=TWO)


def under(study: Study, **fields: Any) -> Study:
    deviation = Deviation(**({"what": "tuning", "note": "n"} | fields))
    return study.model_copy(update={"deviations": (deviation,)})


@pytest.mark.parametrize(
    ("of", "about"),
    [
        (None, ["lda-toy", "qda-two", "pair"]),
        (("lda",), ["lda-toy", "pair"]),
        (("two",), ["qda-two", "pair"]),
        (("qda", "two"), ["qda-two", "pair"]),
        (("qda", "toy"), []),
        (("mine",), ["mine"]),
        (("mine", "toy"), ["lda-toy", "mine"]),
        (("nobody",), []),
    ],
)
def test_claims_that_a_deviation_is_about(
    study: Study, of: tuple[str, ...] | None, about: list[str]
) -> None:
    departing = under(study, of=of)
    found = [one.id for one in study.judged if departing.deviations_of(one)]
    assert found == about


@pytest.mark.parametrize(
    ("fields", "doubts", "evidence"),
    [
        ({}, ("tuning",), "limited"),
        ({"what": "other_method"}, ("other_method",), "weak"),
        ({"what": "method", "direction": "ours_worse"}, ("method",), "limited"),
        ({"what": "unstated"}, (), "strong"),
        ({"direction": "none"}, (), "strong"),
    ],
)
def test_what_lowers_evidence(
    study: Study, fields: dict[str, str], doubts: tuple[str, ...], evidence: str
) -> None:
    claim, quoted, *_ = study.judged
    departing = under(study, **fields)
    assert doubts_of(claim, departing) == doubts
    assert evidence_of(doubts_of(claim, departing)) == evidence
    assert set(doubts_of(quoted, departing)) == {*doubts, "quoted"}
