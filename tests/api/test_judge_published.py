"""`bench.judge` of a mapping or a file, and `bench judge FILE`: many published numbers without a project."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import bench
from bench.cli.app import main
from bench.core.frames import write
from bench.project.in_memory import temporary_project
from bench.stats.intervals import t_quantile

DRAWS = np.random.default_rng(0)
TEN = DRAWS.normal(0.95, 0.01, (10, 5)).round(4)
#: The same folds, two points lower.
LOW = (TEN - 0.02 + DRAWS.normal(0, 0.001, TEN.shape)).round(4)


def one(claim: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """The verdict on one claim."""
    row: dict[str, Any] = bench.judge({"claims": [claim], **more}).verdicts.row(
        0, named=True
    )
    return row


def through_a_study(
    claims: list[dict[str, Any]], rows: pl.DataFrame, **columns: Any
) -> bench.Result:
    """A study of the same scores."""
    project = temporary_project("same")
    home = project.paths.study("same")
    write(rows, home / "scores.parquet")
    named = {key: key for key in ("dataset", "family", "value", "fold", "repeat")}
    scores = named | {"repeats_are": "splits"} | columns
    absent = ("task", "clean", "preprocess", "protocol", "families", "diagnostics")
    source = {"kind": "parquet", "file": "scores.parquet"}
    table = {"source": source, "scores": scores, "metric": "accuracy"}
    study = dict.fromkeys(absent) | {
        "title": "The same numbers",
        "datasets": {"scores": table},
        "metrics": {"primary": "accuracy"},
        "tolerance": {"accuracy": 0.01, "why": "one point"},
        "claims": [claim | {"where": "Table 1", "read": "source"} for claim in claims],
    }
    (home / "study.yaml").write_text(json.dumps(study))
    return project.run("same", progress=False)


def test_the_verdicts_are_those_of_a_study_bit_for_bit() -> None:
    pair = {"dataset": "wine", "family": "lda", "against": "qda", "unit": "percent"}
    claims: list[dict[str, Any]] = [
        {"id": f"v{i}", "kind": "value", "dataset": dataset, "family": family}
        | {"value": value, "unit": "percent"}
        for i, (dataset, family, value) in enumerate(
            [("wine", "lda", "95.0"), ("wine", "qda", "95.0"), ("iris", "lda", "93.9")]
        )
    ]
    claims += [
        {"id": "b", "kind": "better"} | pair,
        {"id": "e", "kind": "equivalent"} | pair,
    ]
    claims += [{"id": "over", "kind": "better", "family": "lda", "against": "qda"}]
    given = {
        ("wine", "lda"): TEN,
        ("wine", "qda"): LOW,
        ("iris", "lda"): LOW,
        ("iris", "qda"): TEN,
    }
    rows = pl.DataFrame(
        [
            {"dataset": dataset, "family": family, "repeat": r, "fold": f, "value": v}
            for (dataset, family), table in given.items()
            for (r, f), v in np.ndenumerate(table)
        ]
    )
    judged = bench.judge(
        {
            "claims": claims,
            "scores": [
                {"dataset": dataset, "family": family, "values": table}
                for (dataset, family), table in given.items()
            ],
            "tolerance": {"accuracy": 0.01},
        }
    )
    study = through_a_study(claims, rows, test_train_ratio=0.25)
    assert judged.verdicts.equals(study.verdicts)
    assert judged.answer.equals(study.answer)
    assert judged.verdicts["agreement"].null_count() == 0
    # Rows of single scores are the same scores.
    single = rows.rename({"value": "score"})
    again = bench.judge(
        {"claims": claims, "scores": single, "tolerance": {"accuracy": 0.01}}
    )
    assert again.verdicts.equals(study.verdicts)


@pytest.mark.parametrize(
    ("value", "mean", "agreement"),
    [
        # t(.95, 9) sd sqrt(1 + 1/10) + .0005 is .0082, t(.975, 9) .0100; the tolerance is .01
        ("0.950", 0.9518, "reproduced"),
        ("0.950", 0.9519, "fits"),
        ("0.950", 0.9581, "fits"),
        ("0.950", 0.9583, "fits"),
        ("0.950", 0.9699, "off"),
        ("0.950", 0.9701, "differs"),
    ],
)
def test_a_mean_with_its_spread_is_judged(
    value: str, mean: float, agreement: str
) -> None:
    error = 0.004 * np.sqrt(1 + 1 / 10)
    low, high = (t_quantile(q, 9) * error + 0.0005 for q in (0.95, 0.975))
    assert (round(low, 4), round(high, 4)) == (0.0082, 0.0100)
    for spread in ({"sd": 0.004}, {"se": 0.004 / np.sqrt(10)}):
        row = one({"value": value}, scores=[{"mean": mean, "runs": 10} | spread])
        assert row["agreement"] == agreement
        assert row["ours"] == pytest.approx(mean)
        assert row["high"] - row["difference"] == pytest.approx(low)


def test_means_of_unlike_runs_stand_beside_each_other(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(
        "dataset,family,value,unit,spread.value,spread.kind,spread.n,mean,sd,runs\n"
        "wine,lda,97.5,percent,0.3,sd,10,97.4,0.3,30\n"
        "wine,qda,99.5,percent,,,,95.2,0.4,11\n"
    )
    judged = bench.judge(file)
    assert judged.counts == {"differs": 1, "reproduced": 1}
    assert judged.verdicts["dataset"].to_list() == ["wine", "wine"]


def test_the_files_of_the_page_are_judged(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "judge-a-table.md"
    fences = re.findall(
        r'title="(\w+\.(?:csv|json))"\n(.*?)^```', page.read_text(), re.M | re.S
    )
    found = {}
    for name, text in fences:
        (tmp_path / name).write_text(text)
        found[name] = bench.judge(tmp_path / name).verdicts["agreement"].to_list()
    assert found == {
        "numbers.csv": ["reproduced", "differs"],
        "numbers.json": ["reproduced", "reproduced", "reproduced"],
        "effects.json": ["differs"],
    }


def test_seeds_are_of_the_split_of_the_paper() -> None:
    scores = [{"values": [0.95, 0.951, 0.949, 0.95]}]
    row = one({"value": "0.950", "splits": "same"}, scores=scores, repeats_are="seeds")
    assert (row["agreement"], row["ours"]) == ("reproduced", 0.95)


CLAIM, SCORE = '{"value": "0.9"}', '{"score": 0.9}'
ON_FOLD = '{"score": 0.9, "fold": 1}'
PAIR = '{"kind": "better", "family": "a", "against": "b"}'
MEAN = '{"family": "a", "mean": 0.9, "sd": 0.1, "runs": 5}'
#: Claims, scores, the exit code, and what its error says, place and key first.
BAD = (
    (CLAIM, '{"values": [0.9, NaN]}', 2, ":2: scores[0].values[1]: expected a finite"),
    ('{"value": 0.9}', SCORE, 2, ":1: claims[0].value: "),
    ('{"value": "97.5"}', SCORE, 2, ":1: claims[0].value: 97.5 lies outside"),
    ('{"valeu": "0.9"}', SCORE, 2, "claims[0].valeu: unknown; did you mean value?"),
    ("", SCORE, 2, ":1: claims: expected at least 1"),
    (CLAIM, '{"score": 97}', 2, ":2: scores[0].score: 97 lies outside"),
    (CLAIM, '{"score": 0.9, "metric": "acuracy"}', 2, ":2: scores[0].metric: unknown"),
    ('{"value": "0.9", "family": "our"}', SCORE, 2, "claims[0].family: unknown our"),
    (f"{CLAIM},\n{CLAIM}", SCORE, 2, ":2: claims[1]: says what claim-1"),
    (f'{CLAIM},\n{CLAIM[:-1]}, "id": "claim-1"}}', SCORE, 2, ":2: claims[1].id: "),
    (
        CLAIM,
        f"{ON_FOLD}, {ON_FOLD}",
        3,
        ": row 1: ours on data has more than one score",
    ),
    (
        '{"kind": "printed", "numbers": "numbers.csv"}',
        SCORE,
        2,
        ":1: claims[0].numbers: expected a list",
    ),
    (CLAIM, '{"mean": 0.9}', 2, ":2: scores[0]: a mean stands with one"),
    (
        PAIR,
        MEAN + ', {"family": "b", "score": 0.9}',
        2,
        "claims[0].against: is compared",
    ),
)


@pytest.mark.parametrize(("claims", "scores", "code", "says"), BAD)
def test_mistakes_are_sentences_with_line_and_key(
    claims: str,
    scores: str,
    code: int,
    says: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "numbers.json"
    file.write_text(f'{{"claims": [{claims}],\n"scores": [{scores}]}}')
    assert main(["judge", str(file)]) == code
    said = capsys.readouterr().err
    assert says in said
    assert said.startswith(file.as_posix())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            '{"claims": [],\n "claims": []}',
            ":2: is no JSON: the key claims stands twice",
        ),
        ('{"claims": [\n', ":2: is no JSON: "),
        ("[]", ":1: "),
    ],
)
def test_what_is_no_json_is_told(
    text: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "numbers.json"
    file.write_text(text)
    assert main(["judge", str(file)]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("wine,0.9,,\nwine,,x,1", ":3: scores[0].score: expected a number"),
        ("wine,0.9,,\nwine,,nan,1", ":3: scores[0].score: expected a finite"),
        ("wine,0.9,,\nwine,,0.9,1\nwine,,0.8,1", ": row 2: ours on wine has more"),
        ("wine,0.9,,\nwine,,,", ":3: claims nothing and has no score"),
        ("wine,,0.9,1", ": claims: expected at least 1"),
        ("wine,0.9,0.9", ":2: "),
    ],
)
def test_mistakes_in_csv_have_their_line(
    rows: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "numbers.csv"
    file.write_text(f"dataset,value,score,fold\n{rows}\n")
    assert main(["judge", str(file)]) in (2, 3)
    assert says in capsys.readouterr().err
    file.write_text("model,valeu\nlda,1\n")
    assert main(["judge", str(file)]) == 2
    said = capsys.readouterr().err
    assert ":1: valeu: unknown column; did you mean value?" in said
    assert ":1: model: unknown column; did you mean family?" in said


def test_a_file_is_no_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    claims = [{"value": "0.90"}, {"value": "0.97", "where": "Table 2"}]
    both = {"claims": claims, "scores": [{"mean": 0.9, "sd": 0.001, "runs": 20}]}
    (tmp_path / "wine").write_text(json.dumps(both))
    assert main(["judge", "wine"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["counts"] == {"differs": 1, "reproduced": 1}
    codes = [reason["code"] for reason in found["claims"][1]["reasons"]]
    assert codes[0] == "claim.outside_tolerance"
    assert main(["judge", "wine", "--strict"]) == 5
    assert "not reproduced: claim-2" in capsys.readouterr().err
    (tmp_path / "studies" / "wine").mkdir(parents=True)
    assert main(["judge", "wine"]) == 2
    assert "is a file and a study" in capsys.readouterr().err
    assert main(["judge", "no.json"]) == 3


def test_the_schema_of_a_file_names_its_keys(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["schema", "judge"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["required"] == ["claims", "scores"]
    claim = schema["properties"]["claims"]["items"]["anyOf"][0]["$ref"]
    assert "id" in schema["$defs"][claim.rpartition("/")[2]]["properties"]


@pytest.mark.parametrize(
    ("printed", "agreement"),
    [
        ("64.93", "differs"),
        ("64.81", "differs"),
        ("64.80", "exact"),
        ("64.79", "differs"),
        ("64.8", "exact"),
        ("65", "exact"),
        ("66", "differs"),
    ],
)
def test_the_same_scores_have_no_tolerance(printed: str, agreement: str) -> None:
    folds = [64.1, 65.5, 64.8]
    row = one(
        {"value": printed, "unit": "percent", "splits": "same"},
        unit="percent",
        scores=[{"values": folds}],
    )
    assert row["agreement"] == agreement
    assert row["p"] is None
    free = one(
        {"value": printed, "unit": "percent"},
        unit="percent",
        scores=[{"values": folds}],
    )
    assert free["tolerance"] == 1.0


#: Published .30 with a standard error of .03 and ours with .04: .05 of the difference, a
#: tolerance of .2, and .005 for the rounding.
@pytest.mark.parametrize(
    ("mean", "agreement"),
    [
        (0.30 + 0.2 - 0.005 - 1.6449 * 0.05 - 1e-4, "reproduced"),
        (0.30 + 0.2 - 0.005 - 1.6449 * 0.05 + 1e-4, "fits"),
        (0.30 + 0.2 + 0.005 + 1.9600 * 0.05 - 1e-4, "off"),
        (0.30 + 0.2 + 0.005 + 1.9600 * 0.05 + 1e-4, "differs"),
    ],
)
def test_estimates_with_their_standard_errors_are_data(
    mean: float, agreement: str
) -> None:
    for there, here in (
        ({"value": "0.03", "kind": "se"}, {"se": 0.04}),
        ({"value": "0.0587989", "kind": "ci95"}, {"ci95": 1.959964 * 0.04}),
    ):
        row = one(
            {"value": "0.30", "spread": there, "tolerance": 0.2},
            metric="effect size",
            metrics={"effect size": {}},
            scores=[{"mean": mean} | here],
        )
        assert row["agreement"] == agreement
        assert row["metric"] == "effect size"
        assert row["high"] - row["difference"] == pytest.approx(
            0.005 + 1.6448536 * 0.05
        )
    assert "effect size" not in bench.METRICS


def test_a_win_rate_has_no_error_on_the_side_of_chance() -> None:
    claim = {"value": "50", "unit": "percent", "tolerance": 1.0, "constant": True}
    row = one(claim, scores=[{"mean": 53.0, "se": 1.0, "unit": "percent"}])
    assert row["agreement"] == "differs"
    assert row["low_refute"] == pytest.approx(3 - 1.959964)
    of_n = claim | {"constant": False, "spread": {"value": "2", "kind": "sd", "n": 4}}
    row = one(of_n, scores=[{"mean": 53.0, "se": 1.0, "unit": "percent"}])
    assert row["high"] - row["difference"] > 0.5 + 1.645 * 2**0.5  # of 3 degrees


def test_an_own_measure_is_none_that_is_known() -> None:
    with pytest.raises(bench.StudyError, match="accuracy"):
        one({"value": "1"}, metrics={"accuracy": {}}, scores=[{"score": 1.0}])
    with pytest.raises(bench.StudyError, match="outside the range of r"):
        one(
            {"value": "0.5", "tolerance": 0.1},
            metric="r",
            metrics={"r": {"low": -1, "high": 1}},
            scores=[{"mean": 1.5, "se": 0.1}],
        )


def test_numbers_of_three_datasets_are_answered_together() -> None:
    claims = [
        {"dataset": name, "family": family, "value": value}
        for name, value in (("a", "0.90"), ("b", "0.80"), ("c", "0.70"))
        for family in ("m", "k")
    ]
    scores = [
        {"dataset": name, "family": family, "mean": mean, "sd": 0.02, "runs": runs}
        for name, mean in (("a", 0.901), ("b", 0.802), ("c", 0.699))
        for family, runs in (("m", 5), ("k", 7))
    ]
    content = {"claims": claims, "scores": scores, "tolerance": {"accuracy": 0.01}}
    whole = bench.judge(content).answer.row(0, named=True)
    assert (whole["datasets"], whole["numbers"], whole["answer"]) == (3, 6, "holds")
    assert whole["mean"] == pytest.approx((0.001 + 0.002 - 0.001) / 3)


def test_claims_of_other_kinds_are_given_what_they_have() -> None:
    tables = [
        {"dataset": name, "family": family, "score": value}
        for name, values in {"a": (0.9, 0.8, 0.7), "b": (0.8, 0.7, 0.6)}.items()
        for family, value in zip("xyz", values, strict=True)
    ]
    claims = [
        {"kind": "statistic", "statistic": "mean_rank", "family": "x", "value": "1.0"},
        {"kind": "order", "dataset": "a", "order": ["x", "y", "z"]},
    ]
    judged = bench.judge({"claims": claims, "scores": tables, "unit": "fraction"})
    assert judged.verdicts["unit"].to_list() == [None, None]
    own = one(
        {"value": "0.50", "tolerance": 0.1},
        metric="r",
        metrics={"r": {}},
        scores=[{"values": [0.5, 0.51, 0.49]}],
    )
    assert own["ours"] == pytest.approx(0.5)
    assert "r" not in list(bench.METRICS)
    with pytest.raises(bench.StudyError, match="acuracy: unknown"):
        one({"value": "0.9"}, tolerance={"acuracy": 0.1}, scores=[{"score": 0.9}])
