"""`bench judge --published` and `bench compare`: files in every form, exit codes, errors that are sentences."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import bench
from bench.cli.app import main
from bench.cli.numbers import printed
from bench.core.errors import UsageError

ROOT = Path(__file__).parents[2]
OURS, THEIRS = [0.81, 0.84, 0.80, 0.83, 0.85], [0.79, 0.80, 0.80, 0.81, 0.80]
GRID = [[0.97, 0.98, 0.96], [0.98, 0.97, 0.98], [0.97, 0.97, 0.98]]
#: Files that could be read as other scores than they hold: column numbers, a column of places, models side by side, an
#: index, another metric, two models, two scores of one fold; and JSON that holds none.
BAD = (
    "0\n.9\n.8\n", "0,1\n.9,.8\n.85,.82\n", "case,accuracy\n1,.9\n2,.8\n", "knn,lda\n.9,.7\n.8,.6\n",
    ",0,1\n0,.9,.8\n1,.85,.82\n", "rmse\n.5\n.6\n", "fold,value\n0,.9\n0,.8\n", '[{"value": {"a": 1}}]',
    '{"model": {"a": [0.8, 0.9]}}', "[" * 100_000,
    # Found by the fuzz tests.
    '{"variant": [0.5], "value": [0.5]}', '{"metric": [0.5], "value": [0.5]}', f"[[{10**400}]]", "[1e400, 0.5]",
    '{"fold": [NaN, 1], "value": [0.5, 0.4]}',
    # Truth values, which are no 1 and 0.
    "[true, false]", "[[0.9, true], [0.8, 0.7]]", '[{"fold": 0, "value": 0.9}, {"fold": 1, "value": true}]',
    '{"value": [0.9, false]}', "True\nFalse\n", "value\ntrue\nfalse\n",
)  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ours.csv").write_text("\n".join(map(str, OURS)))
    (tmp_path / "theirs.json").write_text(json.dumps(THEIRS))
    return tmp_path


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert main([*words, "--json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def test_two_tables_are_compared_as_in_python(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, "compare", "ours.csv", "theirs.json", "--rope", "1 %")[
        "comparison"
    ]
    expected = bench.compare(OURS, THEIRS, test_train_ratio=1 / 4, rope=0.01)
    assert found == {name: getattr(expected, name) for name in found}
    assert main(["compare", "ours.csv", "theirs.json", "--rope", "1 %"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_a_negative_rope_is_refused_of_several_models_too(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"model": model, "fold": n, "value": v}
        for model in "ab"
        for n, v in enumerate(OURS)
    ]
    pl.DataFrame(rows).write_csv("many.csv")
    for files in (["many.csv", "many.csv"], ["ours.csv", "theirs.json"]):
        assert main(["compare", *files, "--rope", "-1"]) == 2
        assert "--rope is -1; expected a number from 0" in capsys.readouterr().err


def test_every_form_holds_the_same_scores(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    long = pl.DataFrame(
        {"fold": range(5), "value": OURS, "method": "m", "split": "test"}
    )
    long = pl.concat([long, long.with_columns(value=0.0, split=pl.lit("train"))])
    long.write_parquet("ours.parquet")
    long.write_csv("long.csv")
    (here / "wide.csv").write_text(
        "fold,accuracy,f1\n" + "".join(f"{n},{v},0\n" for n, v in enumerate(OURS))
    )
    (here / "rows.json").write_text(
        json.dumps([{"fold": n, "score": v} for n, v in enumerate(OURS)])
    )
    (here / "line.csv").write_text(",".join(map(str, OURS)))
    expected = answer(capsys, "compare", "ours.csv", "theirs.json")["comparison"]
    for name in ("ours.parquet", "long.csv", "wide.csv", "rows.json", "line.csv"):
        assert (
            answer(capsys, "compare", name, "theirs.json")["comparison"] == expected
        ), name
    stdin = io.TextIOWrapper(io.BytesIO((here / "ours.csv").read_bytes()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert answer(capsys, "compare", "-", "theirs.json")["comparison"] == expected


def test_many_models_share_one_adjustment(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noise = np.random.default_rng(0).normal(0, 0.001, 10)
    base = [
        {"model": m, "dataset": "d", "fold": f, "accuracy": 0.9}
        for m in ("a", "b", "c")
        for f in range(10)
    ]
    shift = {"a": -0.05, "b": 0.0, "c": 0.0}
    head = [
        row
        | {
            "accuracy": 0.9
            + shift[row["model"]]
            + (row["model"] != "c") * noise[row["fold"]]
        }
        for row in base
    ]
    pl.DataFrame(base).write_csv("base.csv")
    pl.DataFrame(head).write_csv("head.csv")
    rows = {
        row["family"]: row
        for row in answer(capsys, "compare", "head.csv", "base.csv")["scores"]
    }
    assert list(rows) == ["a", "b", "c"]  # as the file has them
    assert {name: row["moved"] for name, row in rows.items()} == {
        "a": "worse",
        "b": "cannot_tell",
        "c": "same",
    }
    assert rows["a"]["p_adjusted"] == pytest.approx(2 * rows["a"]["p"])
    assert main(["compare", "head.csv", "base.csv", "--strict"]) == 5
    assert main(["compare", "base.csv", "head.csv", "--strict"]) == 0
    found = answer(capsys, "compare", "head.csv", "head.csv", "--model", "a", "b")[
        "comparison"
    ]
    assert found["difference"] == pytest.approx(-0.05)


def test_folds_pair_by_what_they_are_called(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shift = np.linspace(0, 0.1, 11)
    pl.DataFrame(
        {"fold": [f"f{n}" for n in range(11)], "value": 0.8 + shift}
    ).write_csv("words.csv")
    pl.DataFrame(
        {
            "fold": [f"f{n}" for n in reversed(range(11))],
            "value": 0.79 + 0.99 * shift[::-1],
        }
    ).write_csv("turned.csv")
    pl.DataFrame(
        {"fold": [f"f{n}" for n in range(1, 12)], "value": 0.8 + shift}
    ).write_csv("other.csv")
    pl.DataFrame(
        {"fold": [n + 0.5 for n in range(11)], "value": 0.8 + shift}
    ).write_csv("halves.csv")
    found = answer(capsys, "compare", "words.csv", "turned.csv")["comparison"]
    assert (found["low"], found["high"]) == pytest.approx((0.0105, 0.0105), abs=1e-3)
    (row,) = answer(capsys, "compare", "words.csv", "other.csv")["scores"]
    assert (
        row["paired"] is False
    )  # ten of eleven folds are called the same, which makes them other folds
    assert answer(capsys, "compare", "words.csv", "halves.csv")["comparison"] is None


def test_one_model_and_many_are_compared_on_the_repeats_of_both(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Theirs has two repeats more, in which every score is higher; fold 1 of five is not fold 1 of four."""
    rows = [
        {"model": m, "repeat": r, "fold": f, "value": 0.8 + 0.1 * (r > 0) + 0.004 * f}
        for m in "ab"
        for r in range(3)
        for f in range(5)
    ]
    theirs = pl.DataFrame(rows)
    ours = theirs.filter(repeat=0).with_columns(
        pl.col("value") + (pl.col("model") == "a") * (0.03 + 0.001 * pl.col("fold"))
    )
    for name, models in (("both", ["a", "b"]), ("a", ["a"]), ("b", ["b"])):
        for side, table in (("ours", ours), ("theirs", theirs)):
            table.filter(pl.col("model").is_in(models)).write_csv(f"{side}-{name}.csv")
        found = answer(capsys, "compare", f"ours-{name}.csv", f"theirs-{name}.csv")
        row = {row["family"]: row for row in found["scores"]}.get(
            "a", found["scores"][0]
        )
        expected = (0.0, 0.808) if name == "b" else (0.032, 0.808)
        assert (row["difference"], row["was"], row["folds"]) == (
            *map(pytest.approx, expected),
            5,
        )
        assert row["moved"] == ("same" if name == "b" else "better")
        if found["comparison"] is not None:
            assert (
                found["comparison"]["difference"],
                found["comparison"]["folds"],
            ) == (pytest.approx(expected[0]), 5)
        assert main(["compare", f"ours-{name}.csv", f"theirs-{name}.csv"]) == 0
    theirs.filter(pl.col("fold") < 4).write_csv("four.csv")
    rows = answer(capsys, "compare", "ours-both.csv", "four.csv")["scores"]
    assert [row["paired"] for row in rows] == [False, False]


def test_each_dataset_has_the_ratio_of_its_own_folds(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noise = np.random.default_rng(3)
    rows = [
        {"dataset": d, "fold": n}
        for d, folds in (("two", 2), ("twenty", 20))
        for n in range(folds)
    ]
    for name in ("a.csv", "b.csv"):
        frame = pl.DataFrame(rows).with_columns(
            value=pl.Series(noise.uniform(0.7, 0.9, len(rows)))
        )
        frame.write_csv(name)
        frame.filter(dataset="two").write_csv(f"two-{name}")
    both = {
        row["dataset"]: row["p"]
        for row in answer(capsys, "compare", "a.csv", "b.csv")["scores"]
    }
    assert (
        both["two"]
        == answer(capsys, "compare", "two-a.csv", "two-b.csv")["scores"][0]["p"]
    )


def test_a_page_goes_into_a_pipe_and_never_over_its_scores(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "kept.html").write_text("kept")
    (here / "link.html").symlink_to("kept.html")
    assert main(["compare", "ours.csv", "theirs.json", "--html", "link.html"]) == 0
    assert (here / "link.html").is_symlink() and "<!doctype html>" in (
        here / "kept.html"
    ).read_text().lower()
    before = (here / "ours.csv").read_bytes()
    (here / "same.csv").symlink_to("ours.csv")
    assert main(["compare", "ours.csv", "theirs.json", "--markdown", "same.csv"]) == 2
    assert (here / "ours.csv").read_bytes() == before
    os.mkfifo("pipe")
    reader = threading.Thread(
        target=lambda: (here / "got.md").write_bytes((here / "pipe").read_bytes())
    )
    reader.start()
    assert main(["compare", "ours.csv", "theirs.json", "--markdown", "pipe"]) == 0
    reader.join()
    assert (
        stat.S_ISFIFO((here / "pipe").stat().st_mode)
        and (here / "got.md").stat().st_size
    )


@pytest.mark.parametrize(
    ("published", "agreement", "code"),
    [("97.1 %", "reproduced", 0), ("80 %", "differs", 5)],
)
def test_one_number(
    here: Path,
    capsys: pytest.CaptureFixture[str],
    published: str,
    agreement: str,
    code: int,
) -> None:
    (here / "grid.csv").write_text("\n".join(",".join(map(str, line)) for line in GRID))
    words = [
        "judge",
        "--published",
        published,
        "--scores",
        "grid.csv",
        "--tolerance",
        "3 %",
    ]
    found = answer(capsys, *words)
    expected = bench.judge(
        published.split()[0], unit="percent", scores=GRID, tolerance=0.03
    )
    assert (found["agreement"], found["ours"], found["low"]) == (
        agreement,
        expected.ours,
        expected.low,
    )
    assert main(words) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80
    assert main([*words, "--strict"]) == code


def test_seeds_on_one_split(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What varies is the seed alone: the plain paired t over seeds."""
    for name, scores in (("a.csv", OURS), ("b.csv", THEIRS)):
        pl.DataFrame({"seed": range(5), "score": scores}).write_csv(name)
    found = answer(capsys, "compare", "a.csv", "b.csv", "--seeds")["comparison"]
    assert found["p"] == pytest.approx(
        bench.compare(OURS, THEIRS, test_train_ratio=0).p
    )
    assert main(["compare", "a.csv", "b.csv", "--seeds"]) == 0
    said = capsys.readouterr().out
    assert (
        "paired t over seeds" in said
        and "resampled" not in said
        and "folds" not in said
    )
    assert (
        main(["compare", "a.csv", "b.csv"]) == 2
    )  # nobody said how many rows were held out
    for published, agreement in (("0.826", "reproduced"), ("0.426", "differs")):
        words = [
            "judge",
            "--published",
            published,
            "--scores",
            "a.csv",
            "--seeds",
            "--tolerance",
            "0.05",
        ]
        assert answer(capsys, *words)["agreement"] == agreement


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("97.5 %", ("97.5", True, None)),
        (".9", (".9", False, None)),
        ("−0.2 ± 0.1", ("-0.2", False, "0.1")),
    ],
)
def test_numbers_as_they_are_printed(
    text: str, parts: tuple[str, bool, str | None]
) -> None:
    assert printed(text, "--published") == parts
    with pytest.raises(UsageError, match="is no number"):
        printed(text + " x", "--published")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["judge"], 2),
        (["judge", "toy", "--published", "1"], 2),
        (["judge", "--published", "1"], 2),
        (["judge", "--published", "x", "--scores", "ours.csv"], 2),
        (["judge", "--published", "1", "--scores", "two.csv"], 2),
        (["judge", "--published", "97.5", "--scores", "ours.csv"], 2),
        (["compare", "-", "-"], 2),
        (["compare", "ours.csv", "none.csv"], 3),
        (["compare", "ours.csv", "empty.csv"], 3),
        (["compare", "ours.csv", "words.csv"], 3),
        (["compare", "ours.csv", "percent.csv"], 3),
        (["compare", "ours.csv", "no.json"], 3),
        (["compare", "ours.csv", "theirs.json", "--metric", "acc"], 2),
        (["compare", "two.csv", "two.csv", "--model", "c"], 2),
        (["compare", "two.csv", "two.csv", "--model", "a", "b", "a"], 2),
        (["compare", "two.csv", "two.csv", "--metric", "roc_auc"], 3),
        *(
            (["judge", "--published", ".9", "--scores", f"bad-{n}"], 3)
            for n in range(len(BAD))
        ),
        (["compare", "percents.csv", "grid.csv"], 3),
        (["compare", "endless.json", "ours.csv", "--metric", "rmse"], 3),
        (["compare", "ours.csv", "theirs.json", "--test-train-ratio", "-1"], 2),
        (
            [
                "judge",
                "--published",
                "0.9",
                "--spread",
                "0.3 %",
                "--scores",
                "ours.csv",
            ],
            2,
        ),
        (
            [
                "judge",
                "--published",
                "95 %",
                "--scores",
                "ours.csv",
                "--metric",
                "rmse",
            ],
            2,
        ),
        (
            [
                "judge",
                "--published",
                "3.2",
                "--tolerance",
                "1 %",
                "--scores",
                "ours.csv",
                "--metric",
                "rmse",
            ],
            2,
        ),
    ],
)
def test_mistakes_are_sentences(
    here: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int
) -> None:
    (here / "two.csv").write_text(
        "model,metric,fold,value\na,acc,0,.9\na,acc,1,.8\nb,acc,0,.9\nb,acc,1,.8\n"
    )
    for number, content in enumerate(BAD):
        (here / f"bad-{number}").write_text(content)
    (here / "percents.csv").write_text("90,91,92\n90,93,95\n")
    (here / "grid.csv").write_text(".90,.91,.92\n.90,.93,.95\n")
    (here / "empty.csv").write_text("")
    (here / "endless.json").write_text("[0.1, 0.2, 0.3, 0.4, Infinity]")
    (here / "words.csv").write_text("value\n0.1\nx\n")
    (here / "percent.csv").write_text("\n".join(str(100 * one) for one in THEIRS))
    (here / "no.json").write_text('[{"value": ')
    try:
        assert main(words) == code
    except SystemExit as left:
        assert left.code == code
    said = capsys.readouterr().err
    assert said and "internal error" not in said and "Traceback" not in said


@pytest.mark.parametrize(
    ("name", "content", "row"),
    [
        ("a.json", "[0.9, true]", 2),
        (
            "b.json",
            '[{"metric": "mae", "value": 3}, {"metric": "acc", "value": 1}, {"metric": "acc", "value": true}]',
            3,
        ),
        ("c.csv", "fold,split,value\n0,train,x\n0,test,.9\n1,test,True\n", 3),
        ("d.csv", ".9,.8\n.9,x\n", 2),
    ],
)
def test_a_score_that_is_none_is_told_with_its_row(
    here: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, row: int
) -> None:
    (here / name).write_text(content)
    assert main(["compare", name, "ours.csv"]) == 3
    assert f"{name}: row {row}: " in capsys.readouterr().err


def test_a_parquet_file_of_truth_values_holds_no_scores(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pl.DataFrame(
        {"fold": range(5), "value": [True, False] * 2 + [True], "done": [True] * 5}
    ).write_parquet("t.parquet")
    assert main(["compare", "t.parquet", "ours.csv"]) == 3
    assert "row 1: 'true' in value" in capsys.readouterr().err
    pl.DataFrame({"fold": range(5), "value": OURS, "done": [True] * 5}).write_parquet(
        "t.parquet"
    )
    assert (
        answer(capsys, "compare", "t.parquet", "theirs.json")["comparison"]["folds"]
        == 5
    )


@pytest.mark.parametrize(
    "words",
    [
        ["compare", "a.csv", "b.csv", "--model", "a", "--model", "b"],
        ["compare", "a.csv", "b.csv", "--rope", "0.1", "--rope=0.2"],
        ["judge", "--published", "0.8", "--publ", "0.9", "--scores", "a.csv"],
    ],
)
def test_an_option_that_stands_twice_is_refused(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Of two models the last one would be compared with itself."""
    for _ in range(2):  # the parser is kept
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == UsageError.exit_code
        assert "stands twice" in capsys.readouterr().err


def test_a_few_equal_differences_are_not_tested(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(tmp_path / name) for name in ("a.csv", "b.csv")]
    for file, values in zip(files, ("0.9,0.8", "0.89,0.79"), strict=True):
        rows = "".join(
            f"0,{fold},{value}\n" for fold, value in enumerate(values.split(","))
        )
        Path(file).write_text(f"repeat,fold,accuracy\n{rows}")
    found = answer(capsys, "compare", *files, "--test-train-ratio", "1")["comparison"]
    assert (found["p"], found["low"], found["folds"]) == (None, None, 2)
    assert main(["compare", *files, "--test-train-ratio", "1"]) == 0


def test_a_spread_is_what_it_is_said_to_be(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "grid.csv").write_text("\n".join(",".join(map(str, row)) for row in GRID))
    sd = 0.006
    spreads = {"sd": sd, "se": sd / 10**0.5, "ci95": 2.262157163 * sd / 10**0.5}
    ends = []
    for kind, value in spreads.items():
        options = ("--published", f"0.97 ± {value:.9f}", "--spread-is", kind)
        found = answer(
            capsys, "judge", *options, "--spread-n", "10", "--scores", "grid.csv"
        )
        ends.append((found["low"], found["high"]))
    assert ends[1] == pytest.approx(ends[0])
    assert ends[2] == pytest.approx(ends[0])


def test_right_and_wrong_rows_are_no_folds(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """30 rows of 500 are right here alone, 13 there alone: McNemar's exact test."""
    right = np.array([[1, 0]] * 30 + [[0, 1]] * 13 + [[1, 1]] * 400 + [[0, 0]] * 57)
    files = ("items.csv", "others.csv")
    for column, name in enumerate(files):
        (here / name).write_text("value\n" + "\n".join(map(str, right[:, column])))
    found = answer(capsys, "compare", *files)["comparison"]
    expected = bench.mcnemar(right[:, 0] == 1, right[:, 1] == 1)
    assert (found["p"], found["test"]) == (expected.p_value, "mcnemar")
    assert found["difference"] == pytest.approx(17 / 500)
    assert found["low"] < 17 / 500 < found["high"]
    assert bench.compare(*right.T.astype(float), test_train_ratio=0.1).p == found["p"]
    assert main(["compare", *files]) == 0
    assert "McNemar" in capsys.readouterr().out
    assert main(["compare", *reversed(files), "--strict"]) == 5
    assert main(["compare", *files, "--html", "x.html"]) == 2
    assert "--html" in capsys.readouterr().err
    # Nineteen could be folds.
    few = right[25:44].T.astype(float)
    assert bench.compare(*few, test_train_ratio=0.1).test == "corrected_t"
