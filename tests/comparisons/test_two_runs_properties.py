"""Random pairs of runs: what page, terminal, comment and JSON say of them, computed again from the scores."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.comparisons.moved_scores import Moved, ScoreChange
from bench.comparisons.run_record import (
    RecordedClaim,
    RecordedFold,
    RecordedMetric,
    RecordedScores,
    RecordedTable,
    RunRecord,
    read_record,
)
from bench.comparisons.two_runs import two_runs
from bench.core.comparisons import WhyNot
from bench.core.metrics import METRICS
from bench.report.blocks import Table
from bench.report.page import render_two_runs
from bench.report.plain import plain
from bench.report.two_runs import (
    MOVED,
    compare_runs,
    markdown,
    programs,
    scores_title,
    summary,
)
from bench.scores.fold_words import called
from bench.scores.setting import Setting
from bench.study.preregistration import canonical
from bench.text.words import MARK
from tests.helpers.pages import Reader

#: What names the rows of a fold: their numbers in a table, or words and names of those who made it elsewhere.
KINDS = ("own", "scores", "predictions", "predictions")
Fold = tuple[str, int]


@dataclass(frozen=True)
class Made:
    """A run, and the true name of the fold behind each score."""

    record: RunRecord
    fold: dict[tuple[int, int], Fold]

    def stand_ins(self, row: ScoreChange) -> set[Fold]:
        key = (row.dataset, row.family, row.metric)
        return {
            self.fold[place]
            for one in self.record.scores
            if one.key == key
            for place in one.stand_ins
        }

    def scores(self, row: ScoreChange) -> dict[Fold, float]:
        """By true fold, the scores behind a row; empty for a model that the run does not have."""
        key = (row.dataset, row.family, row.metric)
        return {
            self.fold[place]: value
            for one in self.record.scores
            if one.key == key
            for place, value in one.series.by_fold.items()
        }


@st.composite
def runs(draw: st.DrawFn) -> tuple[Made, Made]:
    """Two runs of one study: other repeats, models, metrics, rows, scores and claims."""
    kind, folds = draw(st.sampled_from(KINDS)), draw(st.integers(2, 4))
    metrics = draw(st.permutations(["accuracy", "log_loss", "rmse"]))
    rows = draw(st.sampled_from(["t", "t", "u"]))
    base = np.random.default_rng(draw(st.integers(0, 999)))
    values = {
        one: base.choice([0.1, 0.25, 0.5, 0.75, 0.9995, 1.0], (3, 9, 4))
        for one in ("A", "B", "C")
    }
    return tuple(
        draw(one_run(kind, folds, metrics, values, table)) for table in ("t", rows)
    )  # type: ignore[return-value]


@st.composite
def one_run(
    draw: st.DrawFn,
    kind: str,
    folds: int,
    metrics: list[str],
    values: dict[str, np.ndarray],
    table: str,
) -> Made:
    seeds = sorted(draw(st.sets(st.integers(0, 8), min_size=1, max_size=6)))
    shift = draw(
        st.dictionaries(
            st.sampled_from("ABC"), st.sampled_from([0.0, 0.0, 0.01, 0.2]), min_size=1
        )
    )
    named = draw(
        st.lists(st.sampled_from(metrics), min_size=1, max_size=3, unique=True)
    )
    lost, kept = (
        draw(
            st.sampled_from(
                [None, None, *((seed, f) for seed in seeds for f in (0, 1))]
            )
        ),
        draw(st.booleans()),
    )
    fold = {
        (r, f): (f"seed {seed}", f)
        for r, seed in enumerate(seeds)
        for f in range(folds)
    }
    noise, stand_ins = (
        np.random.default_rng(draw(st.integers(0, 3))),
        draw(st.sets(st.integers(0, 5), max_size=1)),
    )
    scores = []
    for metric in named:
        for family, moved in shift.items():
            which = ["accuracy", "log_loss", "rmse"].index(metric)
            own = values[family][which][seeds, :folds]
            own = (
                own
                if not moved
                else np.clip(own - moved + noise.normal(0, 0.001, own.shape), 0, 1)
            )
            found = {
                (r, f): None if (seeds[r], f) == lost else float(own[r, f])
                for r, f in fold
            }
            found = {
                place: value
                for place, value in found.items()
                if kept or value is not None
            }
            repeat, number = zip(*found, strict=True)
            others = tuple(
                place
                for place in found
                if place[0] in stand_ins and found[place] is not None
            )
            scores.append(
                RecordedScores(
                    "d", family, metric, repeat, number, tuple(found.values()), others
                )
            )
    record = RunRecord(
        study="s",
        settled=canonical({"metrics": {"primary": named[0]}, "seeds": seeds}),
        code={"bench run": draw(st.sampled_from("12"))},
        versions={},
        metrics=tuple(
            RecordedMetric(one, METRICS[one].higher_is_better, draw(st.sampled_from([None, 0.05]))) for one in named
        ),
        level=0.95,
        tables=(
            RecordedTable(
                dataset="d", raw_sha256=table, fingerprint=table, rows=100, elsewhere=kind != "own",
                setting=Setting(1 / 3, len(fold), len(seeds), 75, 25, 0),
            ),
        ),
        folds=tuple(RecordedFold("d", *place, name) for place, name in names(kind, fold, table).items()),
        scores=tuple(scores),
        claims=tuple(draw(claims())),
        warnings=(),
    )  # fmt: skip
    return Made(read_record(record.text, "here"), fold)


def names(
    kind: str, fold: dict[tuple[int, int], Fold], table: str
) -> dict[tuple[int, int], str]:
    """What a record names each fold by. Rows that were made elsewhere are others under other names."""
    seeds = {place[0]: seed for place, (seed, _) in fold.items()}
    if kind == "scores":
        words = called(
            [("d", *place) for place in fold],
            {"repeat": [f"{seed} {table}" for seed in seeds.values()]},
        )
        return {place: words["d", *place] for place in fold}
    return {
        place: f"{one}" + (table if kind == "predictions" else "")
        for place, one in fold.items()
    }


@st.composite
def claims(draw: st.DrawFn) -> list[RecordedClaim]:
    found = []
    for name in draw(st.lists(st.sampled_from("abcde"), unique=True)):
        agreement = draw(st.sampled_from(["reproduced", "fits", "differs"]))
        became = {"reproduced": "happened", "differs": "did_not_happen"}.get(
            agreement, "undecided"
        )
        found.append(
            RecordedClaim(
                name, "value", "accuracy", "paper" if name in "ab" else "author", "attempted", agreement, "strong",
                "0.9", "fraction", draw(st.sampled_from([0.9, 0.8])), -0.1, 0.1, "[]", None, name in "ab",
                became if name in "de" else None,
            )
        )  # fmt: skip
    return found


def common(was: Made, now: Made) -> set[Fold]:
    """The true folds of both, where these have the same rows."""
    if was.record.tables[0].fingerprint != now.record.tables[0].fingerprint:
        return set()
    both = set(was.fold.values()) & set(now.fold.values())
    return both if 2 * len(both) >= min(len(was.fold), len(now.fold)) else set()


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(runs())
def test_every_number_is_that_of_the_scores(pair: tuple[Made, Made]) -> None:
    was, now = pair
    found = two_runs(was.record, now.record)
    both = [
        one.name
        for one in now.record.metrics
        if one.name in [each.name for each in was.record.metrics]
    ]
    families = {
        of: {
            one.family
            for run in (was, now)
            for one in run.record.scores
            if one.metric == of
        }
        for of in both
    }
    assert {(row.metric, row.family) for row in found.scores} == {
        (of, one) for of in both for one in families[of]
    }
    assert found.targets == ()
    for row in found.scores:
        before, after, shared = was.scores(row), now.scores(row), common(was, now)
        if row.moved in (Moved.NEW, Moved.GONE):
            assert (row.was, row.now) == tuple(
                np.mean(list(one.values())) if one else None for one in (before, after)
            )
            continue
        paired = sorted(shared & before.keys() & after.keys())
        a, b = ([one[fold] for fold in paired] for one in (before, after))
        alike = bool(paired) and a == b
        assert (row.moved is Moved.SAME) == alike
        if alike or len(paired) > 1:
            assert (row.paired, row.folds) == (True, len(paired))
        if row.paired:
            assert (row.was, row.now) == pytest.approx((np.mean(a), np.mean(b)))
        else:
            assert (row.was, row.now) == pytest.approx(
                tuple(np.mean(list(one.values())) for one in (before, after))
            )
        of = (set(paired),) * 2 if row.paired else (set(before), set(after))
        assert row.stand_ins_was == len(was.stand_ins(row) & of[0])
        assert row.stand_ins_now == len(now.stand_ins(row) & of[1])
        assert row.difference == pytest.approx(row.now - row.was, abs=1e-8)
        assert row.low is None or row.low <= row.difference <= row.high
        assert (row.moved is Moved.NOT_TESTED) == (row.untested is not None)
        assert row.in_part == (
            row.paired and len(paired) < max(len(before), len(after))
        )


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(runs())
def test_page_terminal_comment_and_json_say_the_same(pair: tuple[Made, Made]) -> None:
    found = two_runs(pair[0].record, pair[1].record)
    blocks, page, comment = (
        compare_runs(found),
        " ".join("".join(Reader(render_two_runs(found)).text).split()),
        markdown(found),
    )
    read = json.loads(json.dumps(programs(found)))
    assert len(read["scores"]) == len(found.scores)
    tables = [block for block in blocks if isinstance(block, Table)]
    for metric in found.metrics:
        rows = {row.family: row for row in found.of(metric.name)}
        (table,) = [one for one in tables if one.caption == scores_title(metric)]
        printed = [tuple(map(plain, cells)) for cells in table.rows]
        assert {cells[0] for cells in printed} == rows.keys()
        for cells in printed:
            row = rows[cells[0]]
            assert cells[-1] == plain(MOVED[row.moved])
            assert all(" ".join(cell.split()) in page for cell in cells[:-1])
            if row in found.moved or len(rows) == 1:
                flat = re.sub(r"[\\ ]", "", comment)
                assert re.sub(r"[\\ ]", "", "|".join(cells)) in flat
            _agree(cells, row)
            marks = [MARK in cell for cell in cells[1:3]]
            assert marks == [row.stand_ins_was > 0, row.stand_ins_now > 0]
    labels = [label for label, _ in summary(found)]
    causes = {row.untested for row in found.scores} - {None, WhyNot.OTHER_TARGET}
    stand_ins = any(row.stand_ins_was or row.stand_ins_now for row in found.scores)
    assert ("not tested" in labels) == bool(causes)
    assert (MARK in labels) == stand_ins
    assert ("means" in labels) == any(row.in_part for row in found.scores)


def _agree(cells: tuple[str, ...], row: ScoreChange) -> None:
    """The printed difference is that of the printed numbers, each rounded to its digits."""
    was, now, difference = (_numbers(cell) for cell in cells[1:4])
    assert (row.was is None, row.now is None, row.difference is None) == (
        not was,
        not now,
        not difference,
    )
    if difference and ">" not in "".join(cells[1:3]):
        unit = max(one[0][1] for one in (was, now, difference))
        assert abs(difference[0][0] - (now[0][0] - was[0][0])) <= 1.51 * unit


def _numbers(cell: str) -> list[tuple[float, float]]:
    """The numbers of a cell, and what one in the last digit of each is."""
    share = 0.01 if "pp" in cell else 1.0
    found = re.findall(r"[+\u2212]?\d+(?:\.\d+)?", cell)
    return [
        (
            share * float(one.replace("\u2212", "-")),
            share * 10.0 ** -len(one.partition(".")[2]),
        )
        for one in found
    ]


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(runs())
def test_no_claim_is_missing(pair: tuple[Made, Made]) -> None:
    found = two_runs(*(one.record for one in pair))
    before, after = ({one.claim: one for one in made.record.claims} for made in pair)
    alike = {
        name
        for name in before.keys() & after.keys()
        if (before[name].agreement, before[name].became)
        == (after[name].agreement, after[name].became)
    }
    assert {row.claim for row in found.claims} == (before.keys() | after.keys()) - alike
    falsifiers = {name for name in alike if name in "de"}
    assert found.claims_alike == len(alike - falsifiers)
    assert found.falsifiers_alike == len(falsifiers)
