"""Readings of a protocol: each is judged, and one sentence says which the printed numbers fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench.claims import check_claim
from bench.claims.by_reading import JudgedReading, concerned, judged_readings
from bench.comparisons import comparisons
from bench.core import frames
from bench.core.frames import records
from bench.core.judgements import VERDICTS, VerdictRow
from bench.project import check_readings
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.sections.limits import limits
from bench.report.styles import styles_of
from bench.report.text.advice import use
from bench.report.text.headline import comparison_line
from bench.report.text.limits import few_datasets
from bench.report.text.readings import fits, tried
from bench.study import Study, read_draft
from bench.study.preregistration import settled
from bench.text.problems import ScoresStay
from tests.helpers.judge_cases import (
    around,
    folds_of,
    judge,
    scores_of_arrays,
    tables_of,
)
from tests.helpers.sparse import sparse

STUDY = """
title: By reading
task: classification
datasets:
  wine: {source: {kind: sklearn, name: wine}, title: Wine, target: target, drop: [ash]}
  random: {like: wine, protocol: {resampling: {kind: kfold, folds: 10, repeats: 10, stratify: false}}}
clean: null
preprocess: [scale]
protocol: {resampling: {kind: kfold, folds: 10, repeats: 10}, tuning: null}
families: {lda: {}, qda: {}, plain: {family: lda, preprocess: []}}
metrics: {primary: accuracy}
diagnostics: null
readings: READINGS
claims:
  - {id: a, kind: value, dataset: wine, family: lda, value: "80.0", unit: percent, tolerance: 1, where: T, read: source}
  - {id: b, kind: value, dataset: wine, family: qda, value: "70.0", unit: percent, tolerance: 1, where: T, read: source}
  - {id: c, kind: better, dataset: wine, family: lda, against: qda, where: T, read: source}
"""
TWO = "{text: {title: stratified folds}, table: {title: random folds, where: p. 3, datasets: {wine: random}}}"


def a_study(folder: Path, readings: str = TWO) -> Study:
    (folder / "s").mkdir(exist_ok=True)
    (folder / "s" / "study.yaml").write_text(STUDY.replace("READINGS", readings))
    return read_draft(folder / "s").study()


def seen(study: Study, **values: Any) -> dict[str, pl.DataFrame]:
    scores = pl.concat(
        [scores_of_arrays(one, dataset=name) for name, one in values.items()]
    )
    folds = pl.concat([folds_of(dataset="wine"), folds_of(dataset="random")])
    found = {"tables": tables_of("wine", "random"), "folds": folds, "scores": scores}
    estimates = comparisons(study, *found.values()).estimates
    empty = {
        "failures": frames.FAILURES,
        "predictions": frames.CLASSIFICATION,
        "tuning": frames.TUNING,
    }
    return (
        found
        | {"estimates": estimates}
        | {name: frames.empty(schema) for name, schema in empty.items()}
    )


def judged(study: Study, **values: Any) -> dict[str, JudgedReading]:
    return {one.name: one for one in judged_readings(study, seen(study, **values))}


def test_each_reading_is_judged_on_its_own_dataset(tmp_path: Path) -> None:
    """80 and 70 % are what the random folds give; a comparison is no printed number."""
    first = {
        "lda": around(0.9, 0.002),
        "qda": around(0.7, 0.002),
        "plain": around(0.5, 0.002),
    }
    other = {
        "lda": around(0.8, 0.002),
        "qda": around(0.7, 0.002),
        "plain": around(0.5, 0.002),
    }
    found = judged(a_study(tmp_path), wine=first, random=other)
    assert [row.claim for row in found["text"].rows] == ["a", "b"]
    assert [row.ours for row in found["text"].rows] == pytest.approx([90, 70])
    assert [row.ours for row in found["table"].rows] == pytest.approx([80, 70])
    assert [(one.differ, one.held, one.judged) for one in found.values()] == [
        (1, 1, 2),
        (0, 2, 2),
    ]
    said = fits(tuple(found.values()))
    assert (
        said == "The printed numbers match the reading “random folds”: 2 of 2 hold; "
        "under “stratified folds” one of 2 differs"
    )
    assert tried(tuple(found.values())).startswith("Two readings were tried")


def test_a_claim_over_all_datasets_passes_over_those_that_stand_for_others(
    tmp_path: Path,
) -> None:
    (tmp_path / "s").mkdir()
    iris = "  iris: {source: {kind: sklearn, name: iris}, title: Iris, target: target}\nclean:"
    claim = '- {id: m, kind: mean, family: lda, value: "0.70", unit: fraction, tolerance: 0.02, where: T, read: source}'
    text = (
        STUDY.replace("READINGS", TWO)
        .replace("clean:", iris)
        .replace("- {id: a", f"{claim}\n  - {{id: a")
    )
    (tmp_path / "s" / "study.yaml").write_text(text)
    study = read_draft(tmp_path / "s").study()
    assert study.stand_ins == {"random"}
    scores = {"wine": 0.9, "random": 0.8, "iris": 0.5}
    frames_ = seen(
        study,
        **{
            name: {f: around(mean, 0.002) for f in study.families}
            for name, mean in scores.items()
        },
    )
    extra = {
        "tables": tables_of("wine", "random", "iris"),
        "folds": pl.concat([frames_["folds"], folds_of(dataset="iris")]),
    }
    estimates = comparisons(
        study, extra["tables"], extra["folds"], frames_["scores"]
    ).estimates
    found = {
        one.name: one
        for one in judged_readings(study, frames_ | extra | {"estimates": estimates})
    }
    ours = {name: one.rows[0].ours for name, one in found.items()}
    assert ours == pytest.approx({"text": 0.7, "table": 0.65})


def test_a_reading_may_be_another_row_of_the_comparison(tmp_path: Path) -> None:
    study = a_study(
        tmp_path, "{one: {title: scaled}, two: {title: raw, families: {lda: plain}}}"
    )
    values = {
        "lda": around(0.9, 0.002),
        "qda": around(0.7, 0.002),
        "plain": around(0.8, 0.002),
    }
    found = judged(study, wine=values, random=values)
    assert [row.family for row in found["two"].rows] == ["plain"]
    assert [row.ours for row in found["two"].rows] == pytest.approx([80])


NUMBERS = """
  - {id: s, kind: share, dataset: wine, family: lda, threshold: 0.85, value: "0", unit: percent, tolerance: 1,
     where: T, read: source}
  - {id: r, kind: rank, dataset: wine, family: qda, value: "2", where: T, read: source}
  - {id: b, kind: better, dataset: wine, family: lda, against: qda, value: "20", unit: percent, where: T, read: source}
  - {id: n, kind: better, dataset: wine, family: lda, against: qda, where: T, read: source}
"""


def test_shares_ranks_and_sizes_are_printed_numbers_too(tmp_path: Path) -> None:
    """Of ten draws lda has .9 and qda .7; `plain`, which stands for lda, has .6: each is low, and qda first."""
    (tmp_path / "s").mkdir()
    readings = "{one: {title: scaled}, two: {title: raw, families: {lda: plain}}}"
    text = STUDY.partition("claims:")[0].replace("READINGS", readings)
    (tmp_path / "s" / "study.yaml").write_text(f"{text}claims:{NUMBERS}")
    study = read_draft(tmp_path / "s").study()
    values = {
        "lda": around(0.9, 0.002),
        "qda": around(0.7, 0.002),
        "plain": around(0.6, 0.002),
    }
    frames_ = seen(study, wine=values, random=values) | {
        "tables": tables_of("wine", "random", draws=10)
    }
    found = {one.name: one for one in judged_readings(study, frames_)}
    assert [(row.claim, round(row.ours or 0, 6)) for row in found["one"].rows] == [
        ("s", 0.0),
        ("r", 2.0),
        ("b", 20.0),
    ]
    assert [(row.claim, round(row.ours or 0, 6)) for row in found["two"].rows] == [
        ("s", 100.0),
        ("r", 1.0),
        ("b", -10.0),
    ]
    assert (found["one"].differ, found["two"].differ) == (
        0,
        1,
    )  # ten equal draws decide no rank or size


ASIDE = """
  - {id: b, kind: best, dataset: wine, family: lda, tolerance: 0.01, where: T, read: source}
  - {id: r, kind: rank, dataset: wine, family: lda, value: "1", where: T, read: source}
  - {id: n, kind: best, dataset: wine, family: lda, among: [plain], tolerance: 0.01, where: T, read: source}
  - {id: m, kind: statistic, statistic: mean_rank, family: lda, value: "1.0", where: T, read: source}
  - {id: w, kind: rank, dataset: wine, family: lda, value: "3", where: T, read: source}
"""


def test_a_family_that_only_stands_for_another_is_no_rival(tmp_path: Path) -> None:
    """`plain` is `lda` under another reading, with the same scores: under the first there are lda and qda."""
    (tmp_path / "s").mkdir()
    iris = "  iris: {source: {kind: sklearn, name: iris}, title: Iris, target: target}\nclean:"
    readings = "{one: {title: scaled}, two: {title: raw, families: {lda: plain}}}"
    text = (
        STUDY.partition("claims:")[0]
        .replace("READINGS", readings)
        .replace("clean:", iris)
    )
    (tmp_path / "s" / "study.yaml").write_text(f"{text}claims:{ASIDE}")
    study = read_draft(tmp_path / "s").study()
    assert (study.stand_in_families, study.compared) == ({"plain"}, ("lda", "qda"))
    wrong = {
        claim.id: [keys for keys, _ in check_claim(claim, study)]
        for claim in study.judged
    }
    assert {name: keys for name, keys in wrong.items() if keys} == {"w": [("value",)]}
    values = {
        "lda": around(0.9, 0.002),
        "qda": around(0.7, 0.002),
        "plain": around(0.9, 0.002),
    }
    scores = pl.concat(
        [scores_of_arrays(values, dataset=name) for name in ("wine", "iris")]
    )
    folds = pl.concat([folds_of(dataset=name) for name in ("wine", "iris")])
    found = judge(study, scores, folds, tables_of("wine", "iris"))
    assert {name: (found[name]["agreement"], found[name]["ours"]) for name in "br"} == {
        "b": ("reproduced", pytest.approx(0.2)),
        "r": ("reproduced", 1.0),
    }
    assert found["n"]["agreement"] == "unclear"  # the claim itself names it
    assert found["m"]["ours"] == 1.0
    compared = comparisons(study, tables_of("wine", "iris"), folds, scores)
    assert set(compared.estimates["family"]) == {"lda", "qda", "plain"}
    assert compared.pairs.select("dataset", "family", "against").rows() == [
        ("wine", "lda", "qda"), ("iris", "lda", "qda"),
    ]  # fmt: skip
    assert dict(compared.ranks.select("family", "mean_rank").iter_rows()) == {
        "lda": 1.0,
        "qda": 2.0,
    }


def test_a_dataset_that_only_stands_for_another_ranks_no_model(tmp_path: Path) -> None:
    """Wine and iris have one order of models, `random` the other; without iris there is one dataset."""
    (tmp_path / "s").mkdir()
    iris = "  iris: {source: {kind: sklearn, name: iris}, title: Iris, target: target}\nclean:"
    text = STUDY.partition("claims:")[0].replace("READINGS", TWO)
    good, bad = around(0.9, 0.002), around(0.7, 0.002)
    values = {"wine": (good, bad), "random": (bad, good), "iris": (good, bad)}
    for names, added in (
        (("wine", "random", "iris"), iris),
        (("wine", "random"), "clean:"),
    ):
        (tmp_path / "s" / "study.yaml").write_text(text.replace("clean:", added))
        study, tables = read_draft(tmp_path / "s").study(), tables_of(*names)
        scores = pl.concat([
            scores_of_arrays({"lda": values[name][0], "qda": values[name][1], "plain": bad - 0.1}, dataset=name)
            for name in names
        ])  # fmt: skip
        folds = pl.concat([folds_of(dataset=name) for name in names])
        found = comparisons(study, tables, folds, scores)
        assert (
            set(found.estimates["dataset"]) == set(found.pairs["dataset"]) == set(names)
        )
        bundle = Bundle(
            study, {"tables": tables, "folds": folds, "scores": scores, **found.frames}
        )
        said = " ".join(
            (use(bundle, styles_of(bundle)), comparison_line(bundle, styles_of(bundle)))
        )
        if "iris" in names:
            assert dict(found.ranks.select("family", "mean_rank").iter_rows()) == {
                "lda": 1,
                "qda": 2,
                "plain": 3,
            }
            assert found.omnibus["datasets"].to_list() == [2]
            assert facts.all_datasets(bundle) == ("wine", "iris")
        else:
            assert not any(
                frame.height
                for frame in (found.ranks, found.omnibus, found.pairs_over_datasets)
            )
            assert limits(bundle).limits[0] == few_datasets(1)
            assert "Wine" in said and "datasets" not in said and "random" not in said
            assert facts.all_datasets(bundle.on("random")) == ("random",)


def test_a_reading_may_pool_the_folds(tmp_path: Path) -> None:
    """Of 2 and 6 rows, 1 and 3 are wrong: .5 both ways; 0 and 3: 5/8 pooled, 3/4 in the mean."""
    study = a_study(tmp_path, POOLED)
    made = of_folds(study)
    found = {one.name: one for one in judged_readings(study, made)}
    assert found["one"].rows[0].ours == pytest.approx(75)
    assert found["two"].rows[0].ours == pytest.approx(62.5)


POOLED = "{one: {title: mean}, two: {title: pooled, aggregation: {accuracy: pooled}}}"


def of_folds(study: Study) -> dict[str, pl.DataFrame]:
    """Predictions of wine, in two folds of unequal size."""
    right = [[1, 1], [1, 0, 1, 0, 1, 0]]
    rows = [
        {
            "dataset": "wine",
            "family": family,
            "variant": "plain",
            "repeat": r,
            "fold": f,
            "side": "test",
            "row": i,
        }
        | {"truth": "a", "label": "a" if one else "b"}
        for family in ("lda", "qda")
        for r in range(10)
        for f, fold in enumerate(right)
        for i, one in enumerate(fold)
    ]
    values = {name: [[1.0, 0.5]] * 10 for name in ("lda", "qda")}
    made = seen(study, wine=values, random=values)
    made["predictions"] = pl.DataFrame(rows, schema=frames.CLASSIFICATION, orient="row")
    made["folds"] = made["folds"].filter(pl.col("fold") < 2)
    return made


GIVEN = """
  given:
    source: {kind: csv, file: a.csv}
    scores: {family: m, fold: f, value: v, train_rows: 80, test_rows: 20}
    metric: accuracy
clean:"""
OF_GIVEN = """
  - {id: g, kind: value, dataset: given, family: lda, value: "0.75", unit: fraction, where: T, read: source}
  - {id: m, kind: mean, datasets: [wine, given], family: lda, value: "0.75", unit: fraction, where: T, read: source}
  - {id: a,"""


def test_nobody_knows_what_scores_of_a_table_would_be_pooled(tmp_path: Path) -> None:
    """A number of the table alone is judged under no reading that pools, and is none that the readings are about; a
    mean over it and a dataset that is fitted is not judged under it."""
    (tmp_path / "s").mkdir()
    text = (
        STUDY.replace("READINGS", POOLED)
        .replace("\nclean:", GIVEN)
        .replace("\n  - {id: a,", OF_GIVEN)
    )
    (tmp_path / "s" / "study.yaml").write_text(text)
    study = read_draft(tmp_path / "s").study()
    assert [claim.id for claim in study.judged if concerned(claim, study)] == [
        "m",
        "a",
        "b",
    ]
    made = of_folds(study)
    theirs = scores_of_arrays(
        {name: [[1.0, 0.5]] * 10 for name in ("lda", "qda")}, dataset="given"
    )
    made["scores"] = pl.concat([made["scores"], theirs])
    made["tables"] = pl.concat([made["tables"], tables_of("given")])
    made["folds"] = pl.concat(
        [made["folds"], folds_of(dataset="given").filter(pl.col("fold") < 2)]
    )
    found = {
        one.name: {row.claim: row for row in one.rows}
        for one in judged_readings(study, made)
    }
    assert found["one"]["m"].ours == pytest.approx(0.75)
    assert found["two"]["m"].agreement is None and found["two"]["m"].ours is None
    assert found["two"]["a"].ours == pytest.approx(62.5)


def test_a_reading_that_pools_scores_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    text = (
        STUDY.replace("READINGS", POOLED)
        .replace("\nclean:", GIVEN)
        .replace("\n  - {id: a,", OF_GIVEN)
    )
    (tmp_path / "s" / "study.yaml").write_text(text)
    study = read_draft(tmp_path / "s").study()
    alone = study.model_copy(update={"datasets": {"given": study.datasets["given"]}})
    found = [(path, statement) for path, statement in check_readings.found(alone)]
    assert (
        ("readings", "two", "aggregation", "accuracy"),
        ScoresStay("accuracy"),
    ) in found
    assert ScoresStay("accuracy") not in [
        statement for _, statement in check_readings.found(study)
    ]


def of(
    title: str, differ: int, held: int, still: int = 0, lost: int = 0
) -> JudgedReading:
    each = (
        ["differs"] * differ
        + ["reproduced"] * held
        + ["unclear"] * still
        + [None] * lost
    )
    rows = records(sparse([{"agreement": one} for one in each], VERDICTS), VerdictRow)
    return JudgedReading(title, title, "", tuple(rows))


FITS = "The printed numbers match "


@pytest.mark.parametrize(
    ("readings", "said"),
    [
        (
            [of("A", 4, 2), of("B", 0, 6)],
            FITS + "the reading “B”: 6 of 6 hold; under “A” four of 6 differ",
        ),
        (
            [of("A", 0, 2, still=4), of("B", 0, 6)],
            FITS
            + "several readings, “A” (2 of 6 hold) and “B” (6 of 6 hold): none differs under them",
        ),
        (
            [of("A", 4, 2), of("B", 2, 4)],
            FITS + "no reading: under “B” two of 6 differ; under “A” four of 6 differ",
        ),
        (
            [of("A", 1, 0), of("B", 0, 0, 1)],
            "No printed number differs under “B”, but none is confirmed; under “A” one of 1 differs",
        ),
        (
            [of("A", 0, 0, still=2), of("B", 0, 0, still=2)],
            "No printed number differs under “A” and “B”, but none is confirmed",
        ),
        (
            [
                of("A", 0, 0, still=2),
                of("B", 0, 1, still=1),
                of("C", 0, 0, still=2),
                of("D", 0, 0, still=2),
            ],
            FITS
            + "the reading “B”: 1 of 2 hold; under “A” none differs, but none is confirmed; "
            "under “C” none differs, but none is confirmed; under one more none differs, but none is confirmed",
        ),
        (
            [of("A", 1, 5), of("B", 0, 1, lost=5), of("C", 2, 4)],
            FITS
            + "no reading under which all were judged: under “A” one of 6 differs; "
            "under “C” two of 6 differ; under “B” five of 6 were not judged",
        ),
        (
            [of("A", 0, 5, lost=1), of("B", 0, 6), of("C", 1, 1, lost=4)],
            FITS
            + "the reading “B”: 6 of 6 hold; under “C” one of 2 differs; under “A” one of 6 was not judged",
        ),
        (
            [of("A", 3, 27), of("B", 4, 26), of("C", 1, 1, lost=28)],
            FITS
            + "no reading: under “A” three of 30 differ; under “B” four of 30 differ; under one more some differ",
        ),
        (
            [of("A", 0, 2, lost=1), of("B", 0, 2, lost=1)],
            FITS
            + "several readings, “A” (2 of 2 hold) and “B” (2 of 2 hold): none differs under them",
        ),
        (
            [of("A", 0, 0, lost=2), of("B", 0, 0, lost=2)],
            "No printed number could be judged under any reading",
        ),
        (
            [of("A", 0, 0), of("B", 0, 0)],
            "No printed number could be judged under any reading",
        ),
    ],
)
def test_the_first_line(readings: list[JudgedReading], said: str) -> None:
    assert fits(readings) == said


OTHER = "datasets: {wine: random}"


@pytest.mark.parametrize(
    ("old", "new", "path", "code"),
    [
        ("wine: random", "wine: rondom", ("table", "datasets", "wine"), "unknown_word"),
        (
            "{title: stratified folds}",
            f"{{title: x, {OTHER}}}",
            ("text", "datasets"),
            "readings.first",
        ),
        (OTHER, "", ("table",), "readings.same"),
        ("wine: random", "random: wine", (), "readings.idle"),
        (
            OTHER,
            "aggregation: {acuracy: pooled}",
            ("table", "aggregation", "acuracy"),
            "unknown_word",
        ),
        (
            OTHER,
            "families: {lda: lda}",
            ("table", "families", "lda"),
            "readings.itself",
        ),
        (OTHER, "families: {lda: qda}", ("table", "families"), "readings.pair"),
        (
            OTHER,
            "families: {lda: plain, qda: plain}",
            ("table", "families"),
            "readings.pair",
        ),
        (
            "wine: random",
            "wine: wine",
            ("table", "datasets", "wine"),
            "readings.itself",
        ),
        (
            OTHER,
            "aggregation: {accuracy: fold_mean}",
            ("table", "aggregation", "accuracy"),
            "readings.itself",
        ),
    ],
)
def test_mistakes(
    tmp_path: Path, old: str, new: str, path: tuple[str, ...], code: str
) -> None:
    study = a_study(tmp_path, TWO.replace(old, new))
    found = [
        (path, str(statement.code)) for path, statement in check_readings.found(study)
    ]
    assert (("readings", *path), f"problem.{code}") in found


def test_like_a_dataset_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "study.yaml").write_text(
        STUDY.replace("READINGS", TWO).replace("like: wine", "like: wnie")
    )
    problems = {one.path: one for one in read_draft(tmp_path / "s").problems}
    found = problems["datasets.random.like"]
    assert (found.line, str(found.statement.code)) == (6, "problem.unknown_word")


def test_like_another_dataset(tmp_path: Path) -> None:
    """All keys but the title; what is written stands. Frozen with the study."""
    study = a_study(tmp_path)
    one, other = study.datasets["wine"], study.datasets["random"]
    assert (other.target, other.drop, other.title) == (one.target, one.drop, None)
    assert study.protocol_of("random").resampling.stratify is False
    assert set(settled(study)["readings"]) == {"text", "table"}
