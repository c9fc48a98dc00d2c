"""What a study file, a link, a name, a download or a changed result may do: defects found (A), the plan (S)."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench import Project
from bench.cli.app import main
from bench.cli.show import error
from bench.core.errors import BenchError, DataError, UsageError
from bench.core.metrics import METRICS
from bench.core.metrics.metric import Predicted
from bench.data import room
from bench.data.delimited import TextOptions
from bench.data.download import DownloadLimits, _public, checked_address
from bench.data.formats import read_as, read_parquet
from bench.project.dvc import pipeline_files, write_pipeline
from bench.project.pipeline import export
from bench.run.gather import without_folders
from bench.run.study import _take
from bench.run.workers.dispatch import CellOutcome
from bench.study.noted import Problem, StudyError
from bench.study.source_map import parse
from bench.text.problems import Missing, Said
from tests.conftest import TOY
from tests.helpers.faults_kit import LONG


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose study has been run and judged."""
    root = tmp_path_factory.mktemp("finished")
    (root / "params.yaml").write_text("studies: [toy]\nexecution: {workers: 1}\n")
    (root / "studies/toy").mkdir(parents=True)
    (root / "studies/toy/study.yaml").write_text(
        TOY.replace("repeats: 2", "repeats: 1")
    )
    Project(root).run("toy", progress=False)
    return root


@pytest.fixture
def mine(finished: Path, tmp_path: Path) -> Iterator[Project]:
    """A copy of it, in a folder beside which something else stands."""
    root = tmp_path / "project"
    shutil.copytree(finished, root, ignore=shutil.ignore_patterns(".bench"))
    (tmp_path / "elsewhere/deep").mkdir(parents=True)
    for place in ("", "deep"):
        (tmp_path / "elsewhere" / place / "theirs.html").write_text("not ours")
    yield Project(root)
    assert (tmp_path / "elsewhere/deep/theirs.html").read_text() == "not ours"
    assert sum(path.is_file() for path in (tmp_path / "elsewhere").rglob("*")) == 2, (
        "nothing is written outside"
    )


def linked(path: Path, to: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(to)


# --- A02, A05, A30, S07: links and names that lead out of the project


@pytest.mark.parametrize(
    "place",
    [
        "reports/toy",
        "reports",
        "summaries",
        "results/toy",
        "results/toy/plots",
        "data/toy/raw",
        "data/toy",
    ],
)
def test_a02_no_stage_writes_or_deletes_through_a_link(
    place: str, mine: Project, tmp_path: Path
) -> None:
    linked(mine.root / place, tmp_path / "elsewhere")
    for stage in (mine.fetch, mine.clean, mine.judge, mine.report):
        with pytest.raises(DataError, match="symbolic link"):
            stage("toy")


def test_a02_a_link_inside_the_pages_is_not_followed(
    mine: Project, tmp_path: Path
) -> None:
    (mine.root / "reports/toy").mkdir(parents=True)
    linked(mine.root / "reports/toy/datasets", tmp_path / "elsewhere")
    mine.report("toy")


@pytest.mark.parametrize("place", ["exports", "exports/toy", "exports/toy/data"])
def test_a02_no_export_is_written_through_a_link(
    place: str, mine: Project, tmp_path: Path
) -> None:
    (mine.root / place).parent.mkdir(parents=True, exist_ok=True)
    elsewhere = tmp_path / "elsewhere"
    linked(mine.root / place, elsewhere)
    before = sorted(elsewhere.rglob("*"))
    with pytest.raises(DataError, match="symbolic link"):
        export(mine, "toy", mine.paths.exports("toy"), ["csv"])
    assert sorted(elsewhere.rglob("*")) == before


@pytest.mark.parametrize(
    "name", ["notes.md", "claims.csv", "study.yaml", "frozen.json", "data"]
)
def test_a05_no_file_of_a_study_is_read_through_a_link(
    name: str, mine: Project, tmp_path: Path
) -> None:
    linked(mine.root / "studies/toy" / name, tmp_path / "elsewhere/theirs.html")
    with pytest.raises(UsageError, match="symbolic link"):
        mine.check(["toy"])


def test_a05_no_study_is_read_through_a_link(mine: Project, tmp_path: Path) -> None:
    shutil.move(mine.root / "studies/toy", tmp_path / "moved")
    linked(mine.root / "studies/toy", tmp_path / "moved")
    with pytest.raises(UsageError, match="symbolic link"):
        mine.check(["toy"])


@pytest.mark.parametrize(
    "name",
    ["../../outside/st", "toy/../toy", "/etc", "toy\n", "com1", "TOY", "--help", ""],
)
def test_a30_an_id_that_is_no_name_is_no_study(name: str, mine: Project) -> None:
    with pytest.raises(UsageError, match="no such study"):
        mine.fetch(name)


# --- A10, S23: ids in command lines


@pytest.mark.parametrize(
    "name", ["a;touch pwned", "$(touch pwned)", "--help", "a b", "a'b"]
)
def test_a10_the_first_stage_stops_at_an_id_that_a_shell_would_read(
    name: str,
    mine: Project,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nor does it stand in a pipeline file."""
    monkeypatch.chdir(mine.root)
    (mine.root / "params.yaml").write_text(f"studies: [{json.dumps(name)}]\n")
    assert main(["versions"]) == 2
    assert "small letters, digits and hyphens" in capsys.readouterr().err
    with pytest.raises(StudyError):
        pipeline_files(Project(mine.root))


# --- A07, A08: results of another study, and changed ones


CHANGES = {
    "folds": ("folds: 3", "folds: 5"),
    "seed": ("seed: 0", "seed: 99"),
    "parameter": ("n_neighbors: [1, 5]", "n_neighbors: 1"),
    "family": ("  lda: {}\n", ""),
    "dataset": ("toy:\n    source", "other:\n    source"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a07_results_of_another_study_are_not_judged(
    change: str, mine: Project
) -> None:
    file = mine.root / "studies/toy/study.yaml"
    text = file.read_text().replace(*CHANGES[change])
    if change == "dataset":
        text = text.replace("dataset: toy", "dataset: other")
    file.write_text(text)
    for stage in (mine.judge, mine.report):
        with pytest.raises(DataError, match="is another now"):
            stage("toy")


#: What decides a table: the stage that makes it, and the path of the key.
REMADE = {
    "datasets.toy.source": ("rows: 80", "rows: 90", "fetch"),
    "datasets.toy.drop": (
        "target: target\n",
        "target: target\n    drop: [x1]\n",
        "clean",
    ),
    "datasets.toy.positive": (
        "target: target\n",
        'target: target\n    positive: "1"\n',
        "clean",
    ),
    "datasets.toy.missing": (
        "target: target\n",
        'target: target\n    missing: ["?"]\n',
        "clean",
    ),
    "datasets.toy.clean": (
        "target: target\n",
        "target: target\n    clean: [drop_duplicates]\n",
        "clean",
    ),
    "clean": ("clean: null", "clean: [drop_duplicates]", "clean"),
    "task": ("task: classification", "task: regression", "clean"),
}


def test_a07_tables_of_another_study_are_neither_fitted_nor_shown(
    mine: Project,
) -> None:
    """A page would say of a column that it is dropped, and it was fitted."""
    file = mine.root / "studies/toy/study.yaml"
    mine.fetch("toy")
    mine.clean("toy")
    text = file.read_text().replace("accuracy, also: [roc_auc, log_loss]", "accuracy")
    for path, (before, after, stage) in REMADE.items():
        assert before in text
        changed = text.replace(before, after)
        if path == "task":
            changed = (
                changed.replace("primary: accuracy", "primary: rmse")
                .replace("lda", "ridge")
                .split("tolerance")[0]
            )
        file.write_text(changed)
        stages = (
            (mine.clean, mine.fit_cells)
            if stage == "fetch"
            else (mine.fit_cells, mine.judge, mine.report)
        )
        for run in stages:
            with pytest.raises(
                DataError, match=rf"and {path}.* another now; run `bench {stage} toy`"
            ):
                run("toy")
    file.write_text(text.replace(*REMADE["datasets.toy.drop"][:2]))
    mine.clean("toy")
    mine.fit_cells("toy")


#: What decides a judgement and no fit; and words, which decide neither.
REJUDGED = {
    "claims": ('value: "0.95"', 'value: "0.90"'),
    "metrics": (
        "primary: accuracy, also: [roc_auc",
        "primary: roc_auc, also: [accuracy",
    ),
    "compare": ("compare: null", "compare: {level: 0.8, why: x}"),
    "tolerance": ("{accuracy: 0.05", "{accuracy: 0.04"),
    "": ('where: "nowhere"', 'where: "Table 1"'),
}


def test_a07_other_claims_are_judged_without_a_new_run(mine: Project) -> None:
    """And there is no page of what was judged before."""
    file = mine.root / "studies/toy/study.yaml"
    text = file.read_text()
    for section, (before, after) in REJUDGED.items():
        assert before in text
        file.write_text(text.replace(before, after))
        if section:
            with pytest.raises(
                DataError, match=f"and {section} is another now; run `bench judge toy`"
            ):
                mine.report("toy")
    mine.report("toy")
    file.write_text(text.replace(*REJUDGED["claims"]))
    mine.judge("toy")
    mine.report("toy")


def test_a07_results_of_a_run_that_did_not_end_are_not_judged(mine: Project) -> None:
    file = mine.root / "results/toy/run.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"outputs": None}))
    with pytest.raises(DataError, match="did not end"):
        mine.judge("toy")


def test_a07_a_page_shows_what_was_judged_of_this_run(mine: Project) -> None:
    file = mine.root / "results/toy/run.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"versions": {}}))
    with pytest.raises(DataError, match=r"run\.json is another now"):
        mine.report("toy")


@pytest.mark.parametrize(
    ("frame", "stage"),
    [("predictions", "judge"), ("scores", "report"), ("verdicts", "report")],
)
def test_a08_a_changed_frame_is_refused(frame: str, stage: str, mine: Project) -> None:
    path = mine.root / f"results/toy/{frame}.parquet"
    table = pl.read_parquet(path)
    table.reverse().write_parquet(path)
    with pytest.raises(DataError, match="sha256"):
        getattr(mine, stage)("toy")


@pytest.mark.parametrize(
    ("record", "stage"),
    [("run", "judge"), ("run", "report"), ("judge", "report")],
)
@pytest.mark.parametrize("lost", ["one", "all", "record"])
def test_a08_results_without_checksums_are_refused(
    record: str, stage: str, lost: str, mine: Project
) -> None:
    path = mine.root / f"results/toy/{record}.json"
    kept = json.loads(path.read_text())
    frame = "predictions" if record == "run" else "verdicts"
    kept["outputs"] = (
        {name: one for name, one in kept["outputs"].items() if name != frame}
        if lost == "one"
        else {}
    )
    path.write_text(json.dumps(kept)) if lost != "record" else path.unlink()
    with pytest.raises(
        DataError,
        match="is missing; an earlier stage"
        if lost == "record"
        else "sha256|run.json is another",
    ):
        getattr(mine, stage)("toy")


def test_a08_every_flipped_bit_is_told(mine: Project) -> None:
    path = mine.root / "results/toy/predictions.parquet"
    content = path.read_bytes()
    for at in np.random.default_rng(0).integers(0, len(content) * 8, 20).tolist():
        flipped = bytearray(content)
        flipped[at // 8] ^= 1 << at % 8
        path.write_bytes(flipped)
        with pytest.raises(DataError):
            mine.judge("toy")


# --- A09, S25: what others could have put here


def test_a09_other_arrays_under_the_same_fingerprint_are_not_fitted(
    mine: Project,
) -> None:
    before = mine.fit_cells("toy").predictions  # type: ignore[union-attr]
    (folder,) = mine.paths.arrays.iterdir()
    labels = np.load(folder / "y.npy")
    np.save(folder / "y.npy", 1 - labels)
    about = json.loads((folder / "about.json").read_text())
    about["sha256"]["y"] = hashlib.sha256((folder / "y.npy").read_bytes()).hexdigest()
    (folder / "about.json").write_text(json.dumps(about))
    mine.paths.store.unlink()
    assert mine.fit_cells("toy").predictions.equals(before)  # type: ignore[union-attr]


@pytest.mark.parametrize("place", ["arrays", "checked"])
def test_a09_folders_that_everybody_can_write_are_refused(
    place: str, mine: Project
) -> None:
    mine.fit_cells("toy")
    (mine.paths.cache / place).chmod(0o777)
    mine.paths.store.unlink()
    with pytest.raises(DataError, match="can be written by everybody"):
        mine.fit_cells("toy")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("place", ["arrays", "checked"])
def test_a09_folders_of_another_user_are_refused(place: str, mine: Project) -> None:
    mine.fit_cells("toy")
    os.chown(mine.paths.cache / place, 12345, 12345)
    mine.paths.store.unlink()
    with pytest.raises(DataError, match="belongs to another user"):
        mine.fit_cells("toy")


# --- A13, A14, S20, D16: files that are damaged, or too large


def test_a13_no_damaged_parquet_is_an_internal_error() -> None:
    buffer = io.BytesIO()
    pl.DataFrame(
        {"a": list(range(50)), "b": [str(i) for i in range(50)]}
    ).write_parquet(buffer)
    content, random = buffer.getvalue(), np.random.default_rng(1)
    for _ in range(10):
        mutated = bytearray(content)
        for at in random.integers(0, len(content), random.integers(1, 6)):
            mutated[at] = random.integers(0, 256)
        with suppress(DataError):
            read_parquet(bytes(mutated), "t.parquet")


def test_a13_a_panic_is_told_as_an_internal_error(
    monkeypatch: pytest.MonkeyPatch, mine: Project
) -> None:
    def panics(*_: object) -> None:
        raise pl.exceptions.PanicException("a bug of polars")

    monkeypatch.chdir(mine.root)
    monkeypatch.setattr("bench.project.pipeline.fetch", panics)
    assert main(["fetch", "toy"]) == 1


def test_a14_a_table_that_does_not_fit_is_refused_before_it_is_read(
    project: Callable[..., Path],
) -> None:
    root = project(
        toy=TOY.replace(
            "{kind: synthetic, name: twonorm, rows: 80, seed: 1}",
            "{kind: csv, file: t.csv}",
        )
    )
    params = (root / "params.yaml").read_text()
    (root / "params.yaml").write_text(
        params.replace("workers: 2", "workers: 2, megabytes_per_cell: 50")
    )
    with (root / "studies/toy/t.csv").open("wb") as file:
        file.truncate(2_000_000_000)  # without a block on the disk
    with pytest.raises(
        BenchError, match=r"reading it takes about 26\.0 GB .*0\.1 GB are allowed"
    ):
        Project(root).fetch("toy")


def test_a14_d16_a_table_of_short_cells_needs_more_than_its_text() -> None:
    text = b"u,y\n" + b"1,a\n" * 500_000
    with (
        room.within(60),
        pytest.raises(DataError, match=r"takes about 0\.1 GB"),
    ):  # 13 times the text is 26 MB
        read_as(text, "csv", TextOptions(), "t.csv")


def test_a14_a_bomb_of_parquet_is_refused_before_it_is_read() -> None:
    buffer = io.BytesIO()
    pl.DataFrame(
        {"a": pl.repeat(None, 20_000_000, dtype=pl.Float64, eager=True)}
    ).write_parquet(buffer)
    assert len(buffer.getvalue()) < 1_000_000
    with room.within(100), pytest.raises(DataError, match=r"takes about 0\.6 GB"):
        read_parquet(buffer.getvalue(), "t.parquet")
    buffer = io.BytesIO()
    letters = pl.repeat("x" * 10_000, 50_000, eager=True)
    pl.DataFrame({"a": letters}).write_parquet(buffer)
    assert len(buffer.getvalue()) < 1_000_000
    with room.within(1000), pytest.raises(DataError, match=r"takes about 6\.5 GB"):
        read_parquet(buffer.getvalue(), "t.parquet")


def test_a13_a_process_that_ends_while_it_reads_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An abort inside a library ends the process that reads, and no other."""
    reader = tmp_path / "reader.py"
    reader.write_text("import os; os.abort()")
    monkeypatch.setattr("bench.data.parquet_reader.__file__", str(reader))
    with pytest.raises(DataError, match="the process that read it ended with -6"):
        read_parquet(b"PAR1", "t.parquet")


def test_a14_more_columns_than_can_be_profiled_are_refused() -> None:
    with pytest.raises(DataError, match="100\u202f001 columns"):
        room.refuse_wide(100_001, "t.csv")


# --- A15: nothing that is said to run nothing runs for long


def test_a15_no_study_of_aliases_reaches_dvc(
    mine: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """DVC would walk through all that they stand for."""
    called = list[Sequence[str]]()
    monkeypatch.setattr(
        "bench.project.dvc.dvc", lambda folder, arguments: called.append(arguments)
    )
    monkeypatch.chdir(mine.root)
    write_pipeline(mine)
    assert main(["repro", "toy"]) == 0 and len(called) == 1
    study = mine.root / "studies/toy/study.yaml"
    bomb = "".join(
        f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]\n" for n in range(1, 9)
    )
    study.write_text(study.read_text() + "b0: &b0 [1]\n" + bomb)
    for words in (["repro", "toy"], ["repro"], ["pull", "toy"]):
        assert main(words) == 2 and len(called) == 1, words
        assert "studies/toy/study.yaml:" in capsys.readouterr().err


def test_a02_no_pipeline_file_of_another_project_goes(
    mine: Project, tmp_path: Path
) -> None:
    text = (write_pipeline(mine), (mine.root / "pipeline/toy/dvc.yaml").read_text())[1]
    theirs = tmp_path / "theirs/other/dvc.yaml"
    theirs.parent.mkdir(parents=True)
    theirs.write_text(text)
    linked(mine.root / "pipeline", tmp_path / "theirs")
    with pytest.raises(DataError, match="symbolic link"):
        write_pipeline(mine)
    assert theirs.read_text() == text


# --- A20, A25, S01, S04, S05, S08, S09: YAML


#: How many lists inside each other; of so many that the parser itself gives up, in the long form.
DEEP = 1_500 if LONG else 100
YAMLS = {
    "directive": ("%YAML 1.1\n---\na: 012\n", "problem.rule"),
    "number too large": ('title: "\\UFFFFFFFF"\n', "problem.not_yaml"),
    "half a letter": ('title: "\\ud800"\n', "problem.rule"),
    "half a letter in a key": ('"\\ud800": 1\n', "problem.rule"),
    "binary": ('title: !!binary "aGVsbG8="\n', "problem.tag"),
    "python": ("title: !!python/object/apply:os.system [true]\n", "problem.tag"),
    "twice": ("a: 1\na: 2\n", "problem.not_yaml"),
    "alias bomb": ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "problem.rule"),
    "deep": ("a: " + "[" * DEEP + "]" * DEEP + "\n", None),
    "many": ("a: [" + "1," * 1_001 + "]\n", None),
    "large": ("a: " + "x" * 2_000_001 + "\n", None),
    "two documents": ("a: 1\n---\nb: 2\n", "problem.not_yaml"),
    "tab": ("a:\n\t- b\n", "problem.not_yaml"),
    "no block": ("- a\n", "problem.rule"),
}


@pytest.mark.parametrize("case", YAMLS)
def test_a20_a25_what_is_no_plain_yaml_is_refused(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, code = YAMLS[case]
    monkeypatch.setattr("bench.study.source_map.MAX_NODES", 1_000)
    with pytest.raises(StudyError) as raised:
        parse(text, "study.yaml")
    (problem,) = raised.value.problems
    assert code is None or str(problem.statement.code) == code


def test_s05_words_of_yaml_1_1_are_words() -> None:
    values, _ = parse("a: 1e-3\nb: no\nc: 1:30\nd: yes\ne: 012\n", "study.yaml")
    assert values == {"a": 0.001, "b": "no", "c": "1:30", "d": "yes", "e": 12}


def test_a25_a_title_is_as_long_as_text_may_be(project: Callable[..., Path]) -> None:
    root = project(toy=TOY.replace("title: A toy", f"title: {'x' * 6000}"))
    (draft,) = Project(root).check()
    assert [problem.path for problem in draft.problems] == ["title"]


# --- A26, S06: names


@pytest.mark.parametrize("name", ["tables", "cleaning", '"d\\n"'])
def test_a26_names_of_our_own_files_are_refused(
    name: str, project: Callable[..., Path]
) -> None:
    root = project(
        toy=TOY.replace("  toy:\n", f"  {name}:\n").replace(
            "dataset: toy", "dataset: d"
        )
    )
    (draft,) = Project(root).check()
    assert any(problem.path.startswith("datasets.") for problem in draft.problems)


# --- A27: files of a study, and of bench, that are something else


FILES = {
    "notes.md": b"\xff\xfe\x00",
    "frozen.json": b'{"records": ' + b"[" * 100_000,
    "claims.csv": b"id,kind\n" + b"x" * 140_000 + b",value\n",
}


@pytest.mark.parametrize("name", FILES)
def test_a27_a_file_of_a_study_that_is_something_else_is_told(
    name: str, mine: Project
) -> None:
    folder = mine.root / "studies/toy"
    (folder / name).write_bytes(FILES[name])
    if name == "claims.csv":
        text = (folder / "study.yaml").read_text()
        (folder / "study.yaml").write_text(
            text[: text.index("claims:")] + "claims: {table: claims.csv}\n"
        )
    with pytest.raises(BenchError):
        (draft,) = mine.check(["toy"])
        draft.study()


@pytest.mark.parametrize(
    ("name", "stage"),
    [("data/toy/raw/fetch.json", "clean"), ("data/toy/clean/roles.json", "fit_cells"),
     ("results/toy/run.json", "judge"), ("results/toy/judge.json", "report")],
)  # fmt: skip
@pytest.mark.parametrize(
    "content",
    ["[]", '{"toy": 1}', "1", "{", "[" * 100_000],
    ids=["[]", "{}", "1", "{", "deep"],
)
def test_a27_a_file_of_ours_that_is_something_else_is_told(
    name: str, stage: str, content: str, mine: Project
) -> None:
    (mine.root / name).write_text(content)
    with pytest.raises(BenchError):
        getattr(mine, stage)("toy")


@pytest.mark.parametrize(
    ("key", "value"),
    [("versions", -1), ("versions", "x"), ("extensions", [1]), ("code", [[]])],
)
def test_a27_a_record_of_a_run_that_is_something_else_is_told(
    key: str, value: Any, mine: Project
) -> None:
    path = mine.root / "results/toy/run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {key: value}))
    with pytest.raises(DataError, match="is no record of a run"):
        mine.judge("toy")


SUMMARIES: list[tuple[str | None, Any]] = [
    ("id", "../../x"), ("id", "javascript:alert(1)//"), ("id", {}), ("families", 1e308), ("claims", [1]),
    ("claims", None), ("failures", []), ("answers", {}), ("paper", "x"), (None, []),
]  # fmt: skip


def test_a27_a_summary_that_is_something_else_is_told(mine: Project) -> None:
    mine.report("toy")
    path, page = mine.root / "summaries/toy.json", mine.root / "reports/index.html"
    before, summary = page.read_bytes(), json.loads(path.read_text())
    for key, value in SUMMARIES:
        path.write_text(json.dumps(value if key is None else summary | {key: value}))
        with pytest.raises(DataError, match="is no summary"):
            mine.index()
    assert page.read_bytes() == before


@pytest.mark.parametrize(
    "content", ["[]", '{"fits": 1e999}', "[" * 100_000, '{"seconds": "nan"}', "\ud800"]
)
def test_a27_a_cost_that_is_none_is_told(content: str, mine: Project) -> None:
    record = {
        "results_sha256": "",
        "fits": 1,
        "seconds": 1.0,
        "cores": 1,
        "system": "",
        "python": "",
        "date": "",
    }
    text = (
        json.dumps(record | json.loads(content)) if content.startswith("{") else content
    )
    (mine.root / "studies/toy/cost.json").write_text(
        text, encoding="utf-8", errors="surrogatepass"
    )
    with pytest.raises(DataError, match="is not what `bench cost` writes"):
        mine.report("toy")


def test_a27_files_of_other_encodings_are_told(mine: Project) -> None:
    (mine.root / "dvc.lock").write_bytes(b"\xff\xfe\x00")
    mine.judge("toy")
    (mine.root / "params.yaml").write_bytes(b"studies: [\xff]\n")
    with pytest.raises(UsageError, match="byte 10 is not UTF-8"):
        Project(mine.root).check()


# --- A28, S21: addresses


@pytest.mark.parametrize(
    "url",
    [
        "https://[::1",
        "https://exa mple\u2028/",
        "https://h:99999/",
        f"https://{'a' * 70}.x/",
    ],
)
def test_a28_an_address_that_cannot_be_is_refused(url: str) -> None:
    with pytest.raises(DataError):
        checked_address(url, DownloadLimits())


@pytest.mark.parametrize(
    "address",
    [
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "::ffff:10.0.0.1",
        "127.0.0.1",
        "169.254.169.254",
    ],
)
def test_a28_an_address_inside_another_is_looked_at(address: str) -> None:
    assert not _public(address)


# --- A21, S24: what an error says of this machine


def test_a21_no_folder_of_this_machine_stands_in_results() -> None:
    said = without_folders(
        "FileNotFoundError: [Errno 2] No such file: '/root/nope/secret-value/key' (/a/b.py:3)"
    )
    assert said == "FileNotFoundError: [Errno 2] No such file: '…/key' (…/b.py:3)"
    assert (
        without_folders("1/2 of https://a.org/b/c and x/y/z")
        == "1/2 of https://a.org/b/c and x/y/z"
    )


def test_a21_the_failures_of_a_run_name_no_folder() -> None:
    failures: dict[str, Any] = {}
    cell = SimpleNamespace(key="k")
    failure = ("failed", "fit", "OSError: /root/a/key is not there")
    outcome = CellOutcome(cell, None, failure, 1.0, printed="at /root/a/x")  # type: ignore[arg-type]
    heard: list[str] = []
    listener = SimpleNamespace(
        warned=lambda cell, text: heard.append(text), finished=lambda *_: None
    )
    _take(outcome, None, failures, listener)  # type: ignore[arg-type]
    assert failures["k"][2] == "OSError: …/key is not there" and heard == [
        "printed: at …/x"
    ]


# --- A22, D01: a class that is not in every inner fold


def test_a22_a_class_smaller_than_the_inner_folds_is_a_warning(
    project: Callable[..., Path],
) -> None:
    labels = ["c"] * 5 + ["a", "b"] * 20
    table = "\n".join(
        ["x,target", *(f"{i * 37 % 11},{label}" for i, label in enumerate(labels))]
    )
    study = TOY.replace(
        "{kind: synthetic, name: twonorm, rows: 80, seed: 1}",
        "{kind: csv, file: t.csv}",
    )
    root = project(
        toy=study.replace("{folds: 2}", "{folds: 5}").replace(
            "repeats: 2", "repeats: 1"
        )
    )
    (root / "studies/toy/t.csv").write_text(table)
    result = Project(root).run("toy", progress=False)
    told = result.failures.filter(
        pl.col("reason").str.contains(
            "class c has [34] training rows, fewer than the 5"
        )
    )
    assert (
        set(told["status"]) == {"warning"}
        and set(told["family"]) == {"knn", "lda"}
        and told.height == 6
    )


# --- A29: a header that would write into the study


def test_a29_a_header_cell_of_several_lines_writes_no_key(
    project: Callable[..., Path], toy: str
) -> None:
    root = project(toy=toy)
    rows = "\n".join(f"{i},{'ab'[i % 2]}" for i in range(40))
    (root / "t.csv").write_text(f'"id\nanswer: theirs\n#",y\n{rows}\n')
    assert main(["new", "other", "--from-csv", "t.csv"]) == 0
    assert Project(root).study("other").answer is None
    # in the reason of another column
    rows = "\n".join(
        f"{i * 37 % 101 + 0.5},{i * 37 % 101 * 2 + 1},{'ab'[i % 2]}" for i in range(60)
    )
    (root / "t.csv").write_text(
        f'"x\nlimits: {{seconds_per_cell: 123456}}\n#",copy,y\n{rows}\n'
    )
    assert main(["new", "third", "--from-csv", "t.csv"]) == 0
    assert (
        "limits" in (root / "studies/third/study.yaml").read_text()
        and main(["check", "third"]) == 0
    )


# --- A32: precision without a positive row


def test_a32_precision_without_a_positive_row_is_undefined() -> None:
    one = Predicted(
        truth=np.zeros(4, int), label=np.array([0, 1, 1, 0]), k=2, positive=1
    )
    assert (
        METRICS["precision_binary"].function(one) is None
        and METRICS["precision_macro"].function(one) is not None
    )


# --- A25, S02: many mistakes


def test_a25_of_many_mistakes_the_first_are_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error(
        StudyError(
            [
                Problem("study.yaml", n, 1, "claims", Said(f"{n} is wrong"))
                for n in range(1, 9_001)
            ]
        )
    )
    assert len(capsys.readouterr().err.splitlines()) == 202


def test_a25_mistakes_are_the_same_at_any_place_of_a_list(
    capsys: pytest.CaptureFixture[str],
) -> None:
    paths = ["claims[0]", "claims[1]", "claims[2].where", "claims[3].value"]
    error(StudyError(Problem("s.yaml", 7, 1, path, Missing()) for path in paths))
    lines = capsys.readouterr().err.splitlines()
    assert [line.startswith("s.yaml:7: ") for line in lines] == [1, 0, 1, 1, 0]


def test_a25_the_same_mistake_at_many_places_is_told_once(
    mine: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    file = mine.root / "studies/toy/study.yaml"
    text = file.read_text()
    head = text[: text.index("claims:")] + "claims:\n"
    claim = "  - {{id: c{}, kind: best, familly: knn}}\n"
    file.write_text(head + "".join(claim.format(n) for n in range(50)))
    with pytest.raises(StudyError) as caught:
        mine.study("toy")
    error(caught.value)
    lines = capsys.readouterr().err.splitlines()
    first = head.count("\n") + 1
    told = [n for n, line in enumerate(lines) if ".familly: " in line]
    assert len(told) == 1 and f"study.yaml:{first}: " in lines[told[0]]
    also = next(line for line in lines if "also at" in line)
    for number in (first + 1, first + 2):
        assert f"study.yaml:{number}" in also
    assert also.endswith(" and 47 more places")
    assert lines[-1].startswith(f"{len(caught.value.problems)} mistakes")
