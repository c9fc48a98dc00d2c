"""Printed means and standard deviations held against scores made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from research import evidence
from research.evidence import Paper, numbers

SCORES = """dataset,method,kind,seed,split,metric,value
wine,knn,single,0,test,score,0.90
wine,knn,single,1,test,score,0.91
wine,knn,single,0,val,score,0.80
cars,knn,single,0,test,score,-20000
wine,lda,single,0,test,score,0.75
"""
PUBLISHED = """id,where,dataset,method,label,metric,statistic,value,spread,spread_kind,n,note
a,Table 1,wine,knn,KNN,accuracy (test),mean over seeds,0.905,0.0071,sd ddof=1,2,
b,Table 1,wine,knn,KNN,accuracy (val),mean over seeds,0.8,,,1,
c,Table 1,cars,knn,KNN,rmse / 10000 (test),mean over seeds,2.0,,,1,
d,Table 1,wine,knn,KNN,accuracy,mean over seeds,0.75,,,1,
e,Table 1,wine,svm,SVM,accuracy,mean over seeds,nan,,,0,
f,Table 2,wine,knn,KNN,accuracy,rank,1,,,1,
"""


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "scores.csv.gz").write_text(SCORES)
    (tmp_path / "toy" / "published.csv").write_text(PUBLISHED)
    return evidence._KINDS


def test_a_number_agrees_when_the_scores_round_to_it(paper: Paper, tmp_path: Path) -> None:
    found = {(one.id, one.what): one for one in numbers(tmp_path / "toy", paper)}
    assert {key for key, one in found.items() if one.agrees} == {
        ("a", "mean"), ("a", "sd"), ("b", "mean"), ("c", "mean"), ("e", "mean")}  # fmt: skip
    assert set(found) - {key for key, one in found.items() if one.agrees} == {("d", "mean")}
    assert found["d", "mean"].alike == ("lda/single",)


@pytest.mark.parametrize(
    ("value", "printed", "digits", "rounds"),
    [(0.8425, "0.843", None, True), (0.84249, "0.843", None, False), (13.04274, "13.0427", 6, True),
     (13.0428, "13.0427", 6, False), (0.842510, ".84251", 6, True), (0.842514, ".84251", 6, False),
     (1.0, "nan", None, False)],
)  # fmt: skip
def test_half_a_unit_of_the_last_place(value: float, printed: str, digits: int | None, rounds: bool) -> None:
    assert evidence._rounds_to(value, printed, digits) == rounds


def test_absent_evidence_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evidence.main(tmp_path)
    assert capsys.readouterr().out.count("evidence absent") == len(evidence.PAPERS)
