"""How often a score is low: shares of draws, and the scores of inner folds as what is claimed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import beta, binom

from bench.claims import check_claim
from bench.claims.share import noise_of
from bench.text.chance import DrawsCounted
from bench.text.unjudged import NoSuchCount
from tests.helpers.judge_cases import (
    FIXED,
    a_study,
    folds_of,
    judge,
    reason,
    scores_of_arrays,
    tables_of,
)

DRAWS = 200


def text(**changes: str) -> str:
    fields = {
        "id": "c",
        "kind": "share",
        "dataset": "toy",
        "family": "lda",
        "metric": "error_rate",
        "threshold": "0.3",
        "value": '"18.5"',
        "unit": "percent",
        "tolerance": "9",
        "where": '"Abstract"',
        "read": "source",
    } | changes
    return (
        "  - {" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + "}\n"
    )


def scores(low: int, draws: int = DRAWS, side: str = "test") -> pl.DataFrame:
    """`low` draws with an error of .275, the others with .3 as it comes out of a sum."""
    values = np.full((draws, 1), 0.1 * 3)
    values[:low] = 0.275
    return scores_of_arrays({"lda": values}, metric="error_rate", side=side)


def row(
    tmp_path: Path, frame: pl.DataFrame, draws: int = DRAWS, **changes: str
) -> dict[str, Any]:
    tuned = {"more": "", "primary": "error_rate", "resampling": FIXED}
    made = a_study(tmp_path, text(**changes), **tuned)
    return judge(made, frame, folds_of(draws, 1, 40, 10), tables_of(draws=draws))["c"]


def test_numbers_by_hand(tmp_path: Path) -> None:
    """36 of 200 here, 18.5 % of 200 there: 18.0 - 18.5; Clopper and Pearson's ends, Newcombe's sum of squares."""
    found = row(tmp_path, scores(36), n="200")

    def low(hits: int, q: float) -> float:
        return float(beta.ppf(q, hits, 201 - hits))

    def high(hits: int, q: float) -> float:
        return float(beta.ppf(q, hits + 1, 200 - hits))

    assert found["ours"] == pytest.approx(18.0)
    assert found["difference"] == pytest.approx(-0.5)
    up = np.hypot(high(36, 0.95) - 0.18, 0.185 - low(37, 0.05))
    down = np.hypot(0.18 - low(36, 0.025), high(37, 0.975) - 0.185)
    assert found["high"] == pytest.approx(-0.5 + 100 * up + 0.05)
    assert found["low_refute"] == pytest.approx(-0.5 - 100 * down - 0.05)
    assert found["agreement"] == "reproduced"
    assert reason(found, DrawsCounted) == DrawsCounted(36, 200, 200)


def test_the_bound_itself_is_not_below_it(tmp_path: Path) -> None:
    """0.1 + 0.2 is a hair above .3 and .3 - 1e-17 a hair below: neither is less than 30 %."""
    values = np.full((DRAWS, 1), 0.3 - 5e-17)
    values[:100] = 0.1 + 0.2
    assert (
        row(tmp_path, scores_of_arrays({"lda": values}, metric="error_rate"))["ours"]
        == 0
    )


@pytest.mark.parametrize(
    ("low", "verdict"), [(0, "differs"), (37, "reproduced"), (120, "differs")]
)
def test_far_shares_are_refuted(tmp_path: Path, low: int, verdict: str) -> None:
    assert row(tmp_path, scores(low), n="1000")["agreement"] == verdict


def test_too_few_draws_leave_it_open(tmp_path: Path) -> None:
    found = row(tmp_path, scores(4, 20), 20, n="1000")
    assert found["agreement"] == "consistent"
    assert found["settle"] == "draws" and found["further"] > 20
    assert row(tmp_path, scores(0, 1), 1)["agreement"] == "unclear"


def test_an_unknown_number_of_draws_is_told(tmp_path: Path) -> None:
    assert reason(row(tmp_path, scores(36)), DrawsCounted).published is None


def test_a_share_that_no_count_gives_is_impossible(tmp_path: Path) -> None:
    found = row(tmp_path, scores(36), n="20", value='"18.5"')
    assert found["agreement"] is None
    assert found["reasons"] == (NoSuchCount("18.5", 20, "draws"),)


def test_draws_of_several_repeats_count_once(tmp_path: Path) -> None:
    """Two repeats a draw, .2 and .5: the draw's mean, .35, is not below .3."""
    frame = scores_of_arrays(
        {"lda": np.tile([[0.2], [0.5]], (10, 1))}, metric="error_rate"
    )
    made = a_study(tmp_path, text(), primary="error_rate")
    assert judge(made, frame, folds_of(20, 1), tables_of(draws=10))["c"]["ours"] == 0


def test_coverage_of_the_interval() -> None:
    """Both shares drawn anew: the 90 % interval holds their true difference, 0, nine times of ten or oftener."""
    generator = np.random.default_rng(3)
    for p, here, there in ((0.185, 200, 200), (0.02, 60, 200), (0.5, 50, 1000)):
        a, b = generator.binomial(here, p, 4000), generator.binomial(there, p, 4000)
        both, times = np.unique(np.column_stack([a, b]), axis=0, return_counts=True)
        ends = [
            noise_of(i, here, j / there, there).ends(0.95, i / here - j / there)
            for i, j in both.tolist()
        ]
        assert times[[low <= 0 <= high for low, high, _, _ in ends]].sum() / 4000 > 0.9


@pytest.mark.parametrize("draws", [2, 3, 4, 6, 10])
def test_few_draws_refute_true_shares_no_oftener_than_the_level(draws: int) -> None:
    """Both shares drawn with one probability, ours of a few draws, theirs of 50: all outcomes, tolerance .01."""
    refuted = np.zeros((draws + 1, 51))
    for i in range(draws + 1):
        for j in range(51):
            _, _, low, high = noise_of(i, draws, j / 50, 50, tolerance=0.01).ends(
                0.95, i / draws - j / 50
            )
            refuted[i, j] = low > 0.01 or high < -0.01
    true = np.arange(0.01, 1, 0.02)[:, None]
    ours, theirs = (
        binom.pmf(np.arange(draws + 1), draws, true),
        binom.pmf(np.arange(51), 50, true),
    )
    assert np.einsum("pi,ij,pj->p", ours, refuted, theirs).max() <= 0.05
    assert refuted.any()


@pytest.mark.parametrize(
    ("hits", "draws", "n", "value", "agreement"),
    [
        (0, 2, "1000", "51", "consistent"),
        (0, 2, "20", "50", "consistent"),
        (2, 2, "1000", "45", "consistent"),
        (1, 6, "50", "60", "consistent"),
        (0, 2, "1000", "95", "differs"),  # .05^2
        (0, 10, "1000", "45", "differs"),  # .55^10
    ],
)
def test_of_few_draws(
    tmp_path: Path, hits: int, draws: int, n: str, value: str, agreement: str
) -> None:
    found = row(
        tmp_path, scores(hits, draws), draws, n=n, value=f'"{value}"', tolerance="1"
    )
    assert found["agreement"] == agreement
    assert (found["p"] < 0.05) == (agreement == "differs")
    assert (found["high_refute"] < -1 or found["low_refute"] > 1) == (
        agreement == "differs"
    )


def asked(
    tmp_path: Path,
    claim: str,
    tuning: str = "{by: inner_cv, folds: 5, metric: error_rate}",
) -> set[tuple[str, str]]:
    made = a_study(tmp_path, claim, primary="error_rate", also="[accuracy]")
    protocol = made.protocol
    assert protocol is not None and isinstance(made.claims, tuple)
    changed = type(protocol).model_validate(
        protocol.model_dump() | {"tuning": _tuning(tuning)}
    )
    made = made.model_copy(update={"protocol": changed})
    return {
        (".".join(keys), str(statement.code))
        for keys, statement in check_claim(made.claims[0], made)
    }


def _tuning(said: str) -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load(said)


@pytest.mark.parametrize(
    ("changes", "keys", "code"),
    [
        ({"threshold": "30.0"}, "threshold", "problem.claim.outside"),
        ({"value": '"118.5"'}, "value", "problem.claim.outside"),
        ({"unit": "fraction"}, "value", "problem.claim.outside"),
        ({"tolerance": "100"}, "tolerance", "problem.claim.wide_own_tolerance"),
        (
            {"side": "inner", "metric": "accuracy"},
            "metric",
            "problem.claim.tuned_by_another",
        ),
    ],
)
def test_mistakes_have_codes(
    tmp_path: Path, changes: dict[str, str], keys: str, code: str
) -> None:
    assert (keys, code) in asked(tmp_path, text(**changes))


def test_inner_scores_need_tuning(tmp_path: Path) -> None:
    assert asked(tmp_path, text(side="inner")) == set()
    assert asked(tmp_path, text(side="inner"), "null") == {
        ("side", "problem.claim.nothing_tuned")
    }


def test_what_is_not_attempted_needs_no_tolerance_and_no_dataset(
    tmp_path: Path,
) -> None:
    gone = {
        "dataset": "null",
        "family": "null",
        "tolerance": "null",
        "fidelity": "not_attempted",
    }
    assert asked(tmp_path, text(**gone)) == set()


def test_inner_scores_are_judged(tmp_path: Path) -> None:
    """The test scores beside them have no say."""
    both = pl.concat([scores(36, side="inner"), scores(0)])
    assert row(tmp_path, both, side="inner")["ours"] == pytest.approx(18.0)
    value = {
        "kind": "value",
        "threshold": "null",
        "tolerance": "3",
        "value": '"29.5"',
        "repeats": "200",
    }
    found = row(tmp_path, both, side="inner", **value)
    assert found["ours"] == pytest.approx(100 * (36 * 0.275 + 164 * 0.3) / 200)
    assert found["agreement"] == "reproduced"
