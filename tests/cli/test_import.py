"""`bench import` and `bench fetch --from`: counts and codes, and 80 columns."""

from __future__ import annotations

import hashlib
import json
import os

import pytest

from bench.cli.app import main
from bench.project.dvc import write_pipeline
from bench.project.project import Project

TEXT = (
    "dataset,method,seed,split,metric,value\n"
    "wine,knn,0,test,acc,.9\nwine,knn,1,test,acc,NA\nwine,lda,0,test,acc,.8\nwine,lda,1,test,acc,.7\niris,lda,0,test,steps,5\n"
)


@pytest.fixture
def scores(tmp_path):
    path = tmp_path / "evidence" / "scores.csv"
    path.parent.mkdir()
    path.write_text(TEXT)
    return str(path)


def test_what_was_understood_and_what_is_missing(scores, capsys) -> None:
    assert main(["import", scores, "--as", "long", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["scores"], said["models"], said["datasets"]) == (
        4,
        ["knn", "lda"],
        ["iris", "wine"],
    )
    assert (said["metrics"], said["splits"], said["repeats"]) == (
        ["accuracy", "steps"],
        ["test"],
        ["0", "1"],
    )
    assert (said["fewest"], said["most"], said["no_number"], said["unfinished"]) == (
        1,
        2,
        1,
        0,
    )
    assert said["without"] == [["knn", "iris"]]
    assert said["fewer"] == [["knn", "wine"]]
    assert said["unknown_metrics"] == ["steps"]
    assert said["columns"]["repeats_are"] == "seeds" and "fold" not in said["columns"]


def test_a_run_that_did_not_finish_counts_once(tmp_path, capsys) -> None:
    """Whatever it logged: its two numbers are no scores."""
    runs = tmp_path / "runs.csv"
    runs.write_text(
        "run_id,status,params.model,params.dataset,params.seed,metrics.accuracy,metrics.f1\n"
        "q1,FINISHED,a,x,0,.8,.7\nq2,FAILED,a,x,1,.1,.2\nq3,FINISHED,b,x,0,.7,.6\n"
    )
    assert main(["import", str(runs), "--as", "runs", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["scores"], said["no_number"], said["unfinished"]) == (4, 0, 1)


def test_the_terminal_has_80_columns(scores, capsys) -> None:
    assert main(["import", scores, "--as", "long"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 8 and max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--as", "lng"], 2, "did you mean long?"),
        (["--as", "long", "--set", "modl=method"], 2, "did you mean model?"),
        (["--as", "long", "--set", "model"], 2, "KEY=VALUE"),
        (["--as", "long", "--set", "model=metod"], 3, "did you mean method?"),
        (["--as", "amlb"], 3, "`--as long` reads these files as they are"),
    ],
)
def test_a_mistake_is_a_sentence_with_the_nearest_word(
    scores, capsys, words, code, said
) -> None:
    assert main(["import", scores, *words]) == code
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("table", "adapter", "said"),
    [
        (
            "task,framework,fold,metric,result\nwine,rf,0,acc,.9\n",
            "amlb",
            "no column holds a metric; expected one of acc,",
        ),
        (
            "task,framework,fold,result,acc\nwine,rf,0,,\n",
            "amlb",
            "no row holds a score",
        ),
        ("dataset,method,metric,value\n", "long", "no row holds a score"),
    ],
)
def test_files_without_scores(tmp_path, capsys, table, adapter, said) -> None:
    (tmp_path / "t.csv").write_text(table)
    assert main(["import", str(tmp_path / "t.csv"), "--as", adapter]) == 3
    assert said in capsys.readouterr().err


def test_a_folder_is_all_its_files_by_their_paths_in_it(tmp_path, capsys) -> None:
    for seed in range(2):
        path = tmp_path / "runs" / "mlp" / "wine" / str(seed) / "report.json"
        path.parent.mkdir(parents=True)
        path.write_text('{"metrics": {"test": {"accuracy": 0.5}}}')
    settings = [
        "--as",
        "reports",
        "--set",
        "path={model}/{dataset}/{repeat}/report.json",
    ]
    assert main(["import", str(tmp_path / "runs"), *settings, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["scores"], said["files"], said["repeats"]) == (2, 2, ["0", "1"])
    assert main(["import", str(tmp_path / "no"), *settings]) == 3


def test_a_folder_of_too_many_files_is_not_read(tmp_path, capsys, monkeypatch) -> None:
    """Four are allowed here; hidden files do not count."""
    monkeypatch.setattr("bench.cli.importing.MOST_FILES", 4)
    for name in (
        "a.csv",
        "b.csv",
        "deep/c.csv",
        "deep/d.csv",
        ".hidden",
        "deep/.hidden",
    ):
        (tmp_path / "runs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "runs" / name).write_text(
            TEXT.replace("wine", name).replace("iris", f"of {name}")
        )
    words = ["import", str(tmp_path / "runs"), "--as", "long", "--json"]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["files"] == 4
    (tmp_path / "runs" / "e.csv").write_text("no table at all")
    assert main(words) == 3
    assert "more than 4 files" in capsys.readouterr().err


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with two studies of published scores, one of which is at hand nowhere."""
    sha256 = hashlib.sha256(TEXT.encode()).hexdigest()
    for name, wanted in (("known", sha256), ("lost", "0" * 64)):
        study = f"""
title: {name}
question: q?
paper: null
task: null
datasets:
  scores:
    source: {{kind: url, url: "https://example.invalid/{name}.csv", sha256: "{wanted}", adapter: {{kind: long}}}}
    scores: {{family: model, dataset: dataset, repeat: repeat, repeats_are: seeds, metric: metric, value: score}}
clean: null
preprocess: null
diagnostics: null
protocol: null
families: null
metrics: {{primary: accuracy}}
compare: null
tolerance: null
claims: []
"""
        (tmp_path / "p" / "studies" / name).mkdir(parents=True)
        (tmp_path / "p" / "studies" / name / "study.yaml").write_text(study)
    (tmp_path / "p" / "params.yaml").write_text("studies: [known, lost]\n")
    monkeypatch.chdir(tmp_path / "p")
    return tmp_path / "p"


def test_a_study_whose_files_are_absent_stops_no_other(
    project, tmp_path, scores, capsys, monkeypatch
) -> None:
    def unreachable(*words, **more):
        raise OSError("no network")

    monkeypatch.setattr("socket.getaddrinfo", unreachable)
    folder = str(tmp_path / "evidence")
    assert main(["fetch", "lost", "known", "--from", folder, "--json"]) == 3
    said = capsys.readouterr()
    assert json.loads(said.out)["studies"] == [
        {"study": "lost", "status": "evidence_absent", "files": 0, "commits": 0},
        {"study": "known", "status": "fetched", "files": 1, "commits": 0},
    ]
    assert said.err.startswith("evidence absent: https://example.invalid/lost.csv")
    assert (project / "data" / "known" / "raw" / "hashes.json").is_file()
    assert main(["fetch", "known"]) == 0
    assert main(["fetch", "known", "--from", str(tmp_path / "none")]) == 3


def test_an_empty_list_of_evidence_runs_nothing(project) -> None:
    assert main(["fetch"]) == 0
    assert main(["repro", "--evidence"]) == 0
    assert not (project / "data").exists()


def test_the_list_of_evidence_is_what_fetch_gets(project, scores) -> None:
    (project / "params.yaml").write_text("studies: []\nevidence: [known]\n")
    assert main(["fetch", "--from", str(project.parent / "evidence")]) == 0
    assert (project / "data" / "known").is_dir()
    assert not (project / "data" / "lost").exists()


def test_dvc_is_asked_for_the_studies_whose_scores_are_there(
    project, scores, monkeypatch, capsys
) -> None:
    def unreachable(*words, **more):
        raise OSError("no network")

    asked: list[list[str]] = []
    monkeypatch.setattr("socket.getaddrinfo", unreachable)
    monkeypatch.setattr(
        "bench.project.dvc.dvc", lambda root, words: asked.append(words)
    )
    (project / "params.yaml").write_text("studies: []\nevidence: [lost, known]\n")
    write_pipeline(Project(project))
    main(["fetch", "--from", str(project.parent / "evidence")])
    capsys.readouterr()
    assert main(["repro", "--evidence"]) == 3
    assert asked[0] == ["repro", "--keep-going", "pipeline/known/dvc.yaml"]
    assert capsys.readouterr().err.count("evidence absent") == 1
    assert main(["repro", "lost"]) == 3
    assert len(asked) == 1
    assert main(["repro", "known"]) == 0


HEAD = TEXT.splitlines()[0] + "\n"


@pytest.mark.parametrize("as_json", [[], ["--json"]])
@pytest.mark.parametrize(
    ("adapter", "file", "text", "settings"),
    [
        (
            "long",
            "s.csv",
            HEAD + "9" * 5000 + ",knn," + "8" * 5000 + ",test,acc,.9\n",
            [],
        ),
        (
            "reports",
            "a/b.json",
            '{"metrics": {"test": {"acc": 1' + "0" * 400 + "}}}",
            ["--set", "path={model}/{dataset}.json"],
        ),
    ],
)
def test_numbers_without_end_are_no_error_of_ours(
    tmp_path, capsys, adapter, file, text, settings, as_json
) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(text)
    assert main(["import", str(tmp_path), "--as", adapter, *settings, *as_json]) == 0
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("adapter", "file", "text", "settings", "said"),
    [
        (
            "reports",
            "a/b.json",
            '{"metrics": {"test": {"\\ud800": 1}}}',
            ["path={model}/{dataset}.json"],
            "half a letter",
        ),
        (
            "long",
            "s.csv",
            "dataset,Dataset,method,metric,value\nw,v,k,acc,1\n",
            [],
            "dataset and Dataset",
        ),
        (
            "runs",
            "s.csv",
            "params.model,config.model,dataset,acc\nw,v,k,1\n",
            [],
            "name one (`model`)",
        ),
        (
            "long",
            "s.csv",
            HEAD + "w,knn,0,test,acc,1\n",
            ["where={method: knm}"],
            "did you mean knn?",
        ),
    ],
)
def test_what_could_be_read_two_ways_is_refused(
    tmp_path, capsys, adapter, file, text, settings, said
) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(text)
    words = [word for setting in settings for word in ("--set", setting)]
    assert main(["import", str(tmp_path), "--as", adapter, *words]) == 3
    assert said in capsys.readouterr().err


def test_files_of_one_name_do_not_replace_each_other(tmp_path, capsys) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        (folder / "s.csv").write_text(HEAD + f"{folder.name},knn,0,test,acc,1\n")
    assert main(["import", *map(str, folders), "--as", "long"]) == 3
    assert "the same name" in capsys.readouterr().err
    assert main(["import", str(tmp_path), "--as", "long", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["datasets"] == ["a", "b"]


@pytest.mark.parametrize("kind", ["pipe", "device", "dangling", "nul", "long"])
def test_what_is_no_file_is_not_waited_for(tmp_path, capsys, kind) -> None:
    path = tmp_path / "s.csv"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind in ("device", "dangling"):
        path.symlink_to("/dev/zero" if kind == "device" else "nowhere")
    word = {"nul": "a\0b", "long": "x" * 5000}.get(kind, str(path))
    assert main(["import", word, "--as", "long"]) == 3
    assert "internal error" not in capsys.readouterr().err


def test_columns_of_ids_are_told_not_listed(tmp_path, capsys) -> None:
    path = tmp_path / "s.csv"
    path.write_text(HEAD + "".join(f"d{n},m{n},0,test,acc,.5\n" for n in range(1_002)))
    assert main(["import", str(path), "--as", "long"]) == 3
    assert "1\u202f003\u202f002 pairs" in capsys.readouterr().err
