"""P-values of judgements, causes of what does not hold, and falsifiers, against numbers worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bench.claims._noise import Noise
from bench.claims.falsifiers import falsified
from bench.claims.targets import lie_within
from bench.core import frames
from bench.core.frames import records
from bench.core.judgements import VERDICTS, VerdictRow
from tests.helpers import bundles
from tests.helpers.judge_cases import (
    FIXED,
    LOO,
    a_study,
    around,
    folds_of,
    judge,
    scores_of_arrays,
    tables_of,
)
from tests.helpers.sparse import sparse

TOLERANCE = '\ntolerance: {accuracy: 0.01, why: "by hand"}\n'
TWO = "  two: {source: {kind: sklearn, name: iris}, target: target}"
COMMON = {
    "kind": "value",
    "metric": "accuracy",
    "unit": "fraction",
    "doubts": "",
}


def claim(**changes: str) -> str:
    fields = {
        "id": "c", "kind": "value", "dataset": "toy", "family": "lda", "metric": "accuracy", "value": '"0.900"',
        "unit": "fraction", "where": '"Table 1"', "read": "source",
    } | changes  # fmt: skip
    return (
        "  - {"
        + ", ".join(f"{key}: {value}" for key, value in fields.items() if value)
        + "}\n"
    )


class TestP:
    @pytest.mark.parametrize("df", [2, 9, np.inf])
    def test_small_just_where_the_wide_interval_lies_outside(self, df: float) -> None:
        for difference in np.linspace(-0.06, 0.06, 241):
            judgement = lie_within(float(difference), Noise(0.004, df), 0.01, 0.0005)
            assert judgement.p is not None and (judgement.p < 0.05) == (
                judgement.agreement == "differs"
            ), difference


class TestCauses:
    """Each cause, from judging a case that has it."""

    @pytest.mark.parametrize(
        ("cause", "scores", "study", "changes"),
        [
            (None, around(0.902, 0.001), {}, {}),
            ("refuted", around(0.95, 0.001), {}, {}),
            (
                "split",
                around(0.95, 0.001),
                {},
                {"doubt": "split"},
            ),
            ("method", around(0.95, 0.001), {}, {"doubt": "method"}),
            (
                "other_method",
                around(0.95, 0.001),
                {},
                {"doubt": "other_method", "read": "memory"},
            ),
            ("memory", around(0.95, 0.001), {}, {"read": "memory"}),
            ("quoted", around(0.95, 0.001), {}, {"read": "secondary"}),
            ("open", around(0.91, 0.003), {}, {"doubt": "method"}),
            ("noise_floor", around(0.9, 0.008), {}, {}),
        ],
    )
    def test_of_a_number(
        self,
        tmp_path: Path,
        cause: str | None,
        scores: np.ndarray,
        study: dict[str, str],
        changes: dict[str, str],
    ) -> None:
        made = a_study(tmp_path, claim(**changes), **({"more": TOLERANCE} | study))
        assert (
            judge(made, scores_of_arrays({"lda": scores}), folds_of())["c"]["cause"]
            == cause
        )

    def test_one_split_and_a_seed_that_was_not_varied(self, tmp_path: Path) -> None:
        made = a_study(
            tmp_path,
            claim(),
            resampling="{kind: holdout, test_size: 0.1}",
            more=TOLERANCE,
        )
        assert (
            judge(made, scores_of_arrays({"lda": [[0.8]]}), folds_of(1, 1))["c"][
                "cause"
            ]
            == "one_split"
        )
        made = a_study(
            tmp_path, claim(family="random_forest"), resampling=FIXED, more=TOLERANCE
        )
        scores = scores_of_arrays({"random_forest": [[0.6]]})
        assert judge(made, scores, folds_of(1, 1))["c"]["cause"] == "seed"

    def test_impossible_and_failed(self, tmp_path: Path) -> None:
        made = a_study(
            tmp_path,
            claim(id="printed", value='"0.985"', n="50")
            + claim(id="lost", family="qda"),
            resampling=LOO,
            more=TOLERANCE,
        )
        failure = {
            "dataset": "toy",
            "family": "qda",
            "variant": "plain",
            "repeat": 0,
            "fold": 0,
            "status": "crash",
        }
        failures = sparse(
            [failure | {"stage": "fit", "reason": "died"}], frames.FAILURES
        )
        scores = scores_of_arrays({"lda": [[0.98]]}, pooled=True)
        found = judge(made, scores, folds_of(1, 50, 49, 1), failures=failures)
        assert [found[name]["status"] for name in ("printed", "lost")] == [
            "impossible",
            "failed",
        ]
        assert {found[name]["cause"] for name in ("printed", "lost")} == {None}

    def test_of_a_comparison(self, tmp_path: Path) -> None:
        made = a_study(
            tmp_path,
            claim(id="even", kind="better", against="qda", value="", unit=""),
            more=TOLERANCE,
        )
        wave = np.sin(np.arange(100)).reshape(10, 10) * 0.001
        arrays = {
            "lda": 0.9 + wave,
            "qda": np.full((10, 10), 0.9),
        }
        found = judge(made, scores_of_arrays(arrays), folds_of())
        assert found["even"]["cause"] == "equivalent"

    def test_errors_that_are_not_known_and_too_few_datasets(
        self, tmp_path: Path
    ) -> None:
        one = {"resampling": "{kind: holdout, test_size: 0.1}", "more": TOLERANCE}
        made = a_study(
            tmp_path, claim(kind="better", against="qda", value="", unit=""), **one
        )
        found = judge(
            made, scores_of_arrays({"lda": [[0.8]], "qda": [[0.7]]}), folds_of(1, 1)
        )["c"]
        assert found["cause"] == "no_error"
        over = claim(kind="better", against="qda", value="", unit="", dataset="")
        made = a_study(
            tmp_path, over, datasets=TWO, more=TOLERANCE, families="{lda: {}, qda: {}}"
        )
        arrays = {"lda": around(0.9, 0.002), "qda": around(0.7, 0.002)}
        scores = pl.concat(
            [scores_of_arrays(arrays, dataset=name) for name in ("toy", "two")]
        )
        folds = pl.concat([folds_of(dataset=name) for name in ("toy", "two")])
        assert (
            judge(made, scores, folds, tables_of("toy", "two"))["c"]["cause"]
            == "few_datasets"
        )


def rows_of(*ps: float | None, **fields: str | None) -> list[VerdictRow]:
    """Falsifiers f0, f1, ... that hold or differ with these p."""
    common = {"source": "author", "falsifier": True, "agreement": "reproduced"} | fields
    rows = [common | {"claim": f"f{i}", "p": p, "p_shown": p} for i, p in enumerate(ps)]
    return records(sparse(rows, VERDICTS), VerdictRow)


@pytest.mark.parametrize(
    ("ps", "agreement", "became"),
    [
        ((0.03,), "reproduced", ["happened"]),
        ((0.03, 0.04), "reproduced", ["undecided"] * 2),  # 2 * .03
        ((0.03, 0.02), "reproduced", ["happened"] * 2),
        ((None,), "reproduced", ["happened"]),  # without a test it is not adjusted
        ((0.03,), "off", ["undecided"]),
        ((0.03,), None, ["undecided"]),
        ((0.03,), "differs", ["did_not_happen"]),
        ((0.03, 0.04), "differs", ["undecided"] * 2),
        ((0.02, 0.04), "differs", ["did_not_happen"] * 2),
    ],
)
def test_a_falsifier_happens_where_it_holds_after_holm(
    ps: tuple[float | None, ...], agreement: str | None, became: list[str]
) -> None:
    found = falsified(bundles.study(), rows_of(*ps, agreement=agreement))
    assert list(found.values()) == became


def test_of_models_that_are_each_the_best_one_can_be() -> None:
    about = {"kind": "best", "dataset": "wine", "family": "svm"}
    stated = [
        about | {"id": name, "where": "w", "read": "source"} for name in ("f0", "f1")
    ]
    rows = rows_of(0.03, 0.04, agreement="differs", **about)
    found = falsified(bundles.study(falsified_if=stated), rows)
    assert list(found.values()) == ["did_not_happen"] * 2
