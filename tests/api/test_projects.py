"""Two projects in one process, independent of the current directory; their results are those of processes apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import t

import bench
from bench.core.errors import BenchError, DataError, UsageError
from bench.project.pipeline import JUDGE_FRAMES, RUN_FRAMES
from bench.text.chance import SpreadUnused
from tests.helpers.forks import ROOT, ran


def made(folder: Path, text: str) -> Path:
    (folder / "studies" / "toy").mkdir(parents=True)
    (folder / "params.yaml").write_text("studies: [toy]\nexecution: {workers: 1}\n")
    (folder / "studies" / "toy" / "study.yaml").write_text(text)
    return folder


@pytest.mark.long
def test_two_projects_in_one_process_are_as_two_processes(
    tmp_path: Path, toy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {"one": toy, "two": toy.replace("rows: 80, seed: 1", "rows: 60, seed: 2")}
    projects = {
        name: bench.Project(made(tmp_path / name, text)) for name, text in texts.items()
    }
    empty = tmp_path / "elsewhere"
    empty.mkdir()
    monkeypatch.chdir(empty)
    for stage in (
        "fetch",
        "clean",
        "fit_cells",
        "judge",
        "report",
    ):  # one stage of each in turn
        for project in projects.values():
            getattr(project, stage)("toy")
    assert not list(empty.iterdir()), "nothing was written into the current directory"
    for name, project in projects.items():
        apart = made(tmp_path / f"{name}-apart", texts[name])
        assert (
            ran(
                "repro", "toy", cwd=apart, env={"PYTHONPATH": str(ROOT), "PATH": ""}
            ).returncode
            == 0
        )
        for frame in (*RUN_FRAMES, *JUDGE_FRAMES):
            path = Path("results") / "toy" / f"{frame}.parquet"
            assert (project.root / path).read_bytes() == (apart / path).read_bytes(), (
                frame
            )
        assert (
            project.paths.results("toy") / "metrics.json"
        ).is_file() and project.store is not None
    assert (
        not projects["one"]
        .result("toy")
        .scores.equals(projects["two"].result("toy").scores)
    )


def test_errors_are_caught_by_one_name(tmp_path: Path, toy: str) -> None:
    with pytest.raises(UsageError, match="there is none"):
        _ = bench.Project(tmp_path).studies
    project = bench.Project(made(tmp_path / "one", toy))
    with pytest.raises(UsageError, match="did you mean toy"):
        project.study("toi")
    with pytest.raises(DataError, match="is missing"):
        _ = project.result("toy").scores
    (project.root / "studies" / "toy" / "study.yaml").write_text(
        toy.replace("lda", "ldb")
    )
    with pytest.raises(BenchError, match="ldb"):
        project.run("toy", progress=False)
    (draft,) = project.check()
    assert len(draft.problems) == 1


def test_scores_are_compared_fold_by_fold() -> None:
    generator = np.random.default_rng(0)
    theirs = generator.normal(0.8, 0.02, size=(3, 10))
    ours = theirs + generator.normal(0.02, 0.005, size=(3, 10))
    compared = bench.compare(ours, theirs, test_train_ratio=1 / 9, rope=0.01)
    assert compared.folds == 30 and compared.low > 0 and compared.p < 0.05
    assert compared.p_less + compared.p_rope + compared.p_greater == pytest.approx(1)  # type: ignore[operator]
    repeat, fold = np.indices(ours.shape)
    frames = [
        pl.DataFrame(
            {"repeat": repeat.ravel(), "fold": fold.ravel(), "value": v.ravel()}
        )
        for v in (ours, theirs)
    ]
    shuffled = frames[1].sample(fraction=1, shuffle=True, seed=1)
    assert (
        bench.compare(frames[0], shuffled, test_train_ratio=1 / 9, rope=0.01)
        == compared
    )
    assert bench.compare(ours, theirs, test_train_ratio=1 / 9).p_rope is None
    for wrong in (
        [0.8],
        [0.8, 0.9],
        [[[0.8]]],
        [0.8, float("nan"), 0.9],
        pl.DataFrame({"fold": [0]}),
    ):
        with pytest.raises(DataError):
            bench.compare(wrong, [0.7, 0.8, 0.9], test_train_ratio=0.5)


def test_a_number_is_judged_as_a_claim_of_a_study_is() -> None:
    generator = np.random.default_rng(0)
    scores = generator.normal(0.97, 0.01, size=(10, 10))
    near, far = (
        bench.judge(value, unit="percent", scores=scores, tolerance=0.01)
        for value in ("97.1", "80.0")
    )
    assert near.agreement.holds and near.tolerance == pytest.approx(1.0)
    assert far.agreement is bench.Agreement.DIFFERS
    assert all(bench.sentence(reason) for reason in far.reasons)
    with pytest.raises(UsageError, match="text"):
        bench.judge(97.5, scores=scores, tolerance=0.01)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="accuracy"):
        bench.judge("0.97", scores=scores, tolerance=0.01, metric="acuracy")
    own = scores.mean(axis=1).var(ddof=1)
    for n, theirs in ((None, own), (10, 0.05**2 / 10)):
        wide = bench.judge(
            "97.1",
            unit="percent",
            scores=scores,
            tolerance=0.01,
            spread="5",
            spread_n=n,
        )
        assert (SpreadUnused() in wide.reasons) == (n is None)
        df = (
            9
            if n is None
            else (theirs + own / 10) ** 2 / (theirs**2 / 9 + (own / 10) ** 2 / 9)
        )
        half = 100 * t.ppf(0.95, df) * np.sqrt(theirs + own / 10) + 0.05
        assert wide.high - wide.difference == pytest.approx(half)
    with pytest.raises(DataError, match=r"97 .*accuracy, 0 to 1; give fractions"):
        bench.judge("97.5", unit="percent", scores=[[97, 98], [96, 98]])
    wrong = (
        {"spread_n": 10},
        {"spread_n": 1, "spread": "1"},
        {"tolerance": -1.0},
        {"spread": "-1"},
        {"test_train_ratio": -1.0},
        {"published": "97.5"},
    )
    for given in wrong:
        with pytest.raises(UsageError, match=f"^{next(iter(given))}: ") as error:
            bench.judge(**{"published": "0.97", "scores": scores} | given)
        assert "/" not in str(error.value), "no place of a file that only bench wrote"


def test_an_id_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^3: expected the id of a study, as text"):
        bench.Project(tmp_path).run(3)  # type: ignore[arg-type]
