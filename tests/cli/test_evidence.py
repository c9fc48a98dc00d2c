"""`bench fetch --from` and the list `evidence`: studies of published scores whose files may be absent."""

from __future__ import annotations

import hashlib
import json

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
    assert (project / "data" / "known" / "raw" / "fetch.json").is_file()
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
