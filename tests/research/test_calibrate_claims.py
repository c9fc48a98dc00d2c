"""The short form of the simulations of claims: bench's own agreements, counted, in seconds."""

from __future__ import annotations

from functools import cache, partial

import numpy as np
import polars as pl
import pytest

from bench.claims import verdicts
from bench.claims.case import CaseOf
from bench.core import frames
from bench.stats.intervals import class_mix
from research.calibrate import agreements, compare, numbers, parts
from research.calibrate.agreements import bounds
from research.calibrate.evidence import DATASET, agreement, by_class, claim, evidence
from research.calibrate.tally import Tally
from research.calibrate.worlds import World
from tests.helpers.sparse import sparse


@cache
def simulated(kind: str, trials: int) -> Tally:
    """Trials of the first cell of a kind."""
    return parts.simulated(
        next(cell for cell in parts.CELLS if cell.startswith(f"{kind}-")), range(trials)
    )


def share(
    tally: Tally, kind: str, truth: str, *said: str, subject: str = "", where: str = ""
) -> float:
    """The largest share of these words over the places and subjects of a kind."""
    counts: dict[str, int] = {}
    for key, count in tally.counts.items():
        _, own, place, of, true, word = (*key.split("/"), *[""] * 6)[:6]
        if (
            (own, true) == (kind, truth)
            and word in said
            and subject in of
            and where in place
        ):
            counts[f"{place}/{of}"] = counts.get(f"{place}/{of}", 0) + count
    return max(counts.values(), default=0) / tally.trials


def test_published_numbers_are_seldom_judged_wrongly_and_often_rightly() -> None:
    found = simulated("numbers", 40)
    assert share(found, "value", "0", "differs") < 0.16
    assert share(found, "value", "3", "exact", "reproduced") < 0.05
    assert share(found, "value", "3", "differs", subject="lda", where="r = 10") > 0.5
    assert (
        share(
            found,
            "value",
            "0",
            "reproduced",
            "fits",
            subject="lda",
            where="r = 10",
        )
        > 0.7
    )
    assert share(found, "other_sample", "0", "differs", subject="lda") < 0.2


def test_a_pilot_and_other_seeds_leave_errors_where_they_are() -> None:
    for kind, trials in (("pilot", 6), ("seeds", 40)):
        found = simulated(kind, trials)
        assert share(found, kind, "0", "differs", subject="lda") < 0.25
        assert share(found, kind, "3", "exact", "reproduced", subject="lda") < 0.1
        assert share(found, kind, "3", "differs", subject="lda") > 0.3
    assert (
        np.mean(simulated("pilot", 6).values["pilot/n = 200, second class 50 %/lda"])
        >= 10
    )


def test_claims_that_compare_err_seldom() -> None:
    found = simulated("compare", 25)
    assert share(found, "better", "0", "reproduced", subject="lda") < 0.25
    assert share(found, "better", "2", "reproduced") > 0.4
    assert share(found, "best", "three equal", "reproduced", "differs") < 0.2
    assert share(found, "order read", "0", "reproduced") < 0.1
    assert share(found, "order", "1", "differs", subject="4 families") < 0.1
    assert (
        share(
            found,
            "order",
            "1",
            "fits",
            "reproduced",
            subject="4 families",
        )
        > 0.8
    )


def test_halves_are_what_claims_of_unstable_families_rest_on() -> None:
    found = simulated("unstable", 6)
    assert share(found, "better", "0", "reproduced") < 0.5
    assert share(found, "other_sample", "3", "reproduced") == 0
    halves = {"f0": np.tile([0.9, 0.7], (10, 1)), "f1": np.tile([0.8, 0.8], (10, 1))}
    values = {
        family: np.random.default_rng(1).normal(0.8, 0.02, (10, 10))
        for family in halves
    }
    stated = claim("better", family="f0", against="f1")
    case = CaseOf(stated, evidence(values, 200, halves=halves))
    assert case.halves("f0", "f1") == pytest.approx(halves["f0"] - halves["f1"])
    assert CaseOf(stated, evidence(values, 200)).halves("f0", "f1") is None


@pytest.mark.parametrize("shift", numbers.SHIFTS)
def test_what_is_counted_is_the_agreement_of_a_whole_study(shift: float) -> None:
    """The same scores as frames, through `verdicts`, with the printed number as its one claim."""
    scores = np.random.default_rng(4).normal(0.8, 0.01, size=(11, 10))
    value = f"{scores[10].mean() + shift * 0.01:.3f}"
    stated = claim("value", family="lda", value=value, unit="fraction", tolerance=0.01)
    found = evidence({"lda": scores[:10]}, 1000)
    row = {
        "dataset": DATASET,
        "family": "lda",
        "variant": "plain",
        "side": "test",
        "metric": "accuracy",
    }
    cells = [
        row | {"repeat": r, "fold": f, "value": scores[r, f]}
        for r, f in np.ndindex(10, 10)
    ]
    study = found.study.model_copy(update={"claims": (stated,)})
    judged = verdicts(
        study,
        {
            "tables": found.tables,
            "folds": found.folds,
            "scores": sparse(cells, frames.SCORES),
            "estimates": found.estimates,
            "failures": found.failures,
        },
    )
    assert judged["agreement"].to_list() == [agreement(stated, found)]
    assert isinstance(judged, pl.DataFrame)


def test_the_class_mix_is_that_of_claims() -> None:
    y = np.arange(20) // 12
    losses = {"lda": np.where(y == 0, 0.1, 0.4), "qda": np.where(y == 0, 0.2, 0.2)}
    values = {
        family: np.random.default_rng(1).normal(0.8, 0.02, (10, 10))
        for family in losses
    }
    found = evidence(values, 20, mix=by_class(losses, y))
    stated = claim("better", family="lda", against="qda")
    assert CaseOf(stated, found).mix("lda", "qda") == pytest.approx(
        class_mix(losses["lda"] - losses["qda"], y)
    )


def test_the_rows_of_a_bootstrap_are_those_of_the_training_side() -> None:
    split = numbers.Seeded.of(30, 4, np.random.default_rng(1))
    assert split.kept[:, :20].sum(axis=1).tolist() == [20] * 4
    assert not split.kept[:, 20:].any()
    assert (split.test == np.arange(20, 30)).all()


def test_every_kind_has_its_rows_and_the_border_is_apart() -> None:
    trial = partial(compare.trial, World(200, blocks=4))
    found = {
        "numbers-200-0.5": simulated("numbers", 40),
        "compare-200-0.5": trial(np.random.default_rng(1)),
    }
    rules = {(one.rule, one.danger, one.used) for one in bounds(found)}
    assert ("published number", "agreement is false", True) in rules
    assert ("published number", "agreement is false, at the border", False) in rules
    assert (
        "published number of another sample, unstable families without halves",
        "agreement is false",
        True,
    ) in rules
    tables = [table for table in agreements.tables(found) if table.rows]
    assert [table.title for table in tables][:2] == [
        "Published number",
        "Published number of another sample",
    ]
    assert all(len(row) == len(table.head) for table in tables for row in table.rows)
