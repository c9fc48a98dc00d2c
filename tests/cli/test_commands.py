"""The commands as a person meets them: new, list, schema, usage errors, help in 80 columns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bench.cli.app import main
from bench.core.errors import LISTS
from bench.project.explained import explained
from bench.project.listing import name_column, rows_of
from bench.project.project import Project
from bench.run.variants.explanation import EXPLANATIONS

TABLE = "patient_id,visit,age,sex,smoker,outcome\n" + "".join(
    f"p{i:03d},2020-{1 + i % 12:02d}-{1 + i % 28:02d},{'?' if i == 3 else 30 + 7 * i % 40},{'fm'[i % 2]},"
    f"{'no' if i % 3 else 'yes'},{'ill' if i % 5 < 2 else 'well'}\n"
    for i in range(30)
)


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert not ended.value.code and capsys.readouterr().out.split()[0] == "bench"


def test_new_makes_a_study_that_checks_and_lists_it(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(toy=toy)
    (root / "params.yaml").write_text(
        "# kept\nstudies:\n  - toy  # this too\ntrusted: []\n"
    )
    assert main(["new", "my-study"]) == 0
    text = (root / "params.yaml").read_text()
    assert "# kept" in text
    assert "# this too" in text
    assert YAML(typ="safe", pure=True).load(text)["studies"] == ["toy", "my-study"]
    assert main(["check"]) == 0
    capsys.readouterr()
    assert main(["new", "my-study"]) == 2
    assert "exists already; nothing was made" in capsys.readouterr().err


def test_new_from_a_csv_guesses_and_warns(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(toy=toy)
    (root / "table.csv").write_text(TABLE)
    assert main(["new", "patients", "--from-csv", "table.csv"]) == 0
    said = capsys.readouterr().out
    assert "patient_id" in said
    assert "visit" in said
    study = YAML(typ="safe", pure=True).load(
        (root / "studies" / "patients" / "study.yaml").read_text()
    )
    (dataset,) = study["datasets"].values()
    assert dataset["target"] == "outcome"
    assert dataset["missing"] == ["?"]
    assert (root / "studies" / "patients" / "data" / "table.csv").read_text() == TABLE
    assert main(["check", "patients"]) == 0, capsys.readouterr().err


def test_both_lists_are_known(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The quick studies and the slow ones: checked, listed, and with a pipeline file each."""
    root = project(toy=toy, slow=toy.replace("  lda: {}", "  lad: {}"))
    (root / "params.yaml").write_text("studies:\n  - toy\nslow:\n  - slow\n")
    assert main(["check"]) == 2
    assert "studies/slow/study.yaml" in capsys.readouterr().err
    assert main(["list", "studies", "--json"]) == 0
    assert [row["state"] for row in json.loads(capsys.readouterr().out)["rows"]] == [
        "not run",
        "not run",
    ]
    assert main(["new", "third"]) == 0
    assert YAML(typ="safe", pure=True).load((root / "params.yaml").read_text()) == {
        "studies": ["toy", "third"],
        "slow": ["slow"],
    }
    (root / "params.yaml").write_text("studies:\n  - toy\nslow:\n  - toy\n")
    assert main(["check"]) == 2
    assert "toy stands there twice" in capsys.readouterr().err


@pytest.mark.parametrize(
    "bad", ["My-Study", "9lives", "a b", "../up", "null", "x" * 80]
)
def test_new_refuses_bad_ids(
    bad: str, project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(toy=toy)
    assert main(["new", bad]) == 2
    assert "nothing was made" in capsys.readouterr().err
    assert [path.name for path in (root / "studies").iterdir()] == ["toy"]


@pytest.mark.parametrize("what", LISTS)
def test_every_list_has_a_table_and_json(
    what: str,
    project: Callable[..., Path],
    toy: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project(toy=toy)
    assert main(["list", what]) == 0
    assert capsys.readouterr().out.strip()
    assert main(["list", what, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["rows"]) > 0


def test_list_alone_counts_what_can_be_listed(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    project(toy=toy)
    assert main(["list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [row["list"] for row in rows] == list(LISTS)
    for row in rows:
        assert main(["list", row["list"], "--json"]) == 0
        assert len(json.loads(capsys.readouterr().out)["rows"]) == row["names"]


@pytest.mark.parametrize("what", LISTS)
def test_every_listed_word_is_explained(
    what: str, project: Callable[..., Path], toy: str
) -> None:
    here = Project(project(toy=toy))
    head, rows = rows_of(what, here)
    for row in rows:
        word = row[name_column(head)]
        found = explained(word, here)
        listed = [name.list for name in found.names]
        assert found.findings if what == "diagnostics" else what in listed, word


@pytest.mark.parametrize(
    ("word", "offered"),
    [
        ("logistc_regresion", ["logistic_regression", "linear_regression"]),
        ("spliting", ["split"]),
        ("problem.library_mising", ["problem.library_missing"]),
        ("zzzzq", []),
    ],
)
def test_an_unknown_word_gets_the_nearest_few(
    word: str, offered: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", word]) == 2
    said = capsys.readouterr().err.strip().rpartition("; ")[2]
    near = said.removeprefix("did you mean ").removesuffix("?").split(" or ")
    assert near[: len(offered)] == offered if offered else "bench list" in said
    assert len(near) <= 5


def test_words_need_no_right_params_file(
    project: Callable[..., Path], toy: str
) -> None:
    root = project(toy=toy)
    assert main(["explain", "toy"]) == 0
    (root / "params.yaml").write_text("studies: [a\n")
    assert main(["explain", "rope"]) == main(["list", "families"]) == 0
    assert main(["list"]) == 2


def test_the_code_of_a_statement_is_explained() -> None:
    found = explained("problem.library_missing").statements
    assert [code for code, _ in found] == ["problem.library_missing"]
    assert "{library}" in found[0][1]


def test_the_list_of_explanations_says_which_a_study_need_not_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["list", "explanations", "--json"]) == 0
    kinds = {
        row["name"]: row["kind"] for row in json.loads(capsys.readouterr().out)["rows"]
    }
    assert {one.name for one in EXPLANATIONS.values() if one.always} == {
        name for name, kind in kinds.items() if kind == "valid, always made"
    }
    assert (kinds["aggregation"], kinds["other_settings"], kinds["train_score"]) == (
        *("valid, always made", "valid"),
        "error",
    )


@pytest.mark.parametrize(
    ("what", "name", "word", "part"),
    [
        ("families", "random_forest", "source", "Breiman"),
        ("metrics", "accuracy", "range", "0 to 1"),
        ("steps", "drop_duplicates", "conflicting", "default keep"),
        ("steps", "encode", "kind: one_hot", "handle_unknown: ignore"),
        ("sources", "csv", "separator", "default"),
    ],
)
def test_a_list_has_options_and_defaults_where_it_is_asked_for(
    what: str, name: str, word: str, part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list", what, "--verbose", "--json"]) == 0
    assert part in json.loads(capsys.readouterr().out)["details"][name][word]
    assert main(["list", what, "--verbose"]) == 0
    shown = capsys.readouterr().out
    assert f"{name}: " in shown and f"    {word}: " in shown


def test_a_key_is_explained_with_type_default_and_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", "holdout.test_size", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["keys"]
    assert (found["block"], found["type"], found["default"]) == (
        "Holdout",
        "number",
        "0.1",
    )
    assert main(["explain", "primary"]) == 0
    shown = capsys.readouterr().out
    assert "it must be given" in shown and "balanced_accuracy" in shown
    assert main(["explain", "tunning"]) == 2
    assert "did you mean tuning" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "codes", "terms"),
    [
        ("T1", ["T1"], []), ("grid_edge", ["T1"], []), ("grid_edge.edge", ["T1"], []),
        ("l.test_set", ["L.test_set"], []),
        ("Leakage by related rows", ["L.non_independence"], []),
        ("rope", [], ["rope"]), ("Train–test gap", [], ["gap"]),
    ],
)  # fmt: skip
def test_findings_and_terms_are_explained(
    word: str, codes: list[str], terms: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", word, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["code"] for one in found["findings"]] == codes
    assert [one["name"] for one in found["terms"]] == terms
    assert all(one["why"] and one["what_to_do"] for one in found["findings"])


def test_every_code_of_a_finding_is_explained(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from bench.diagnose import DIAGNOSTICS

    for one in DIAGNOSTICS.values():
        for part in ("", *one.parts):
            code = f"{one.code}.{part}" if part else one.code
            assert [
                (kind.code, kind.diagnostic) for kind in explained(code).findings
            ] == [(code, one.name)]


def test_the_schema_accepts_what_the_reader_accepts(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    import jsonschema

    project(toy=toy)
    assert main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    validator = jsonschema.Draft202012Validator(schema)
    reader = YAML(typ="safe", pure=True)
    shipped = Path(__file__).parents[2] / "studies"
    for path in sorted(shipped.glob("*/study.yaml")):
        assert list(validator.iter_errors(reader.load(path.read_text()))) == [], path
    for old, new in (
        ("lda: {}", "lda: 3"),
        ("kfold", "k_fold"),
        ("accuracy, also", "acuracy, also"),
        ("twonorm", "twonrm"),
    ):
        assert list(validator.iter_errors(reader.load(toy.replace(old, new)))), new


def test_json_of_a_wrong_study_lists_its_problems(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    project(toy=toy.replace("  lda: {}", "  lad: {}"))
    with pytest.raises(SystemExit) as stop:
        main(["check", "--json"])
    assert stop.value.code == 2
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert (problem["line"], problem["path"]) == (17, "families.lad")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], "did you mean check?"),
        (["list", "familes"], "did you mean families?"),
        (["show", "nothing"], "there is no such study"),
        (["run"], "ID"),
    ],
)
def test_a_mistyped_command_is_a_sentence(
    arguments: list[str],
    said: str,
    project: Callable[..., Path],
    toy: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project(toy=toy)
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = int(str(stop.code))
    assert code == 2
    shown = capsys.readouterr().err
    assert said in shown
    assert "Traceback" not in shown


def test_outside_a_project_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 2
    assert "run bench in the root of a project" in capsys.readouterr().err


def test_strict_ends_with_five_when_a_claim_was_not_reproduced(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    control = (
        "  - {id: lda, kind: value, dataset: toy, family: lda, metric: accuracy, "
        'value: "0.97", unit: fraction, where: "nowhere", read: source}\n'
    )
    wrong = toy.replace('value: "0.95"', 'value: "0.55"')
    project(toy=wrong.replace("repeats: 2", "repeats: 8") + control)
    for stage in ("fetch", "clean", "run", "judge"):
        assert main([stage, "toy"]) == 0
    assert main(["check"]) == 0
    assert main(["check", "--strict"]) == 5
    assert "toy/knn" in capsys.readouterr().err


def test_importing_bench_is_light() -> None:
    """The command line answers without scikit-learn or xgboost when it needs neither."""
    code = "import sys, bench.cli.app, bench.study, bench.families, bench.core.registry; print('sklearn' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    out = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert out.stdout.strip() == "False"


def test_new_asks_until_an_answer_can_be(tmp_path: Path) -> None:
    from bench.cli.asking import asked
    from bench.project.first_look.guess import guess
    from bench.project.first_look.look import Wishes

    (tmp_path / "table.csv").write_text(TABLE)
    asked_for: list[str] = []
    answers = iter(["smokes", "smoker", "", "-", "yes"])

    def answer(question: str) -> str:
        asked_for.append(question)
        return next(answers, "")

    found = asked(
        tmp_path / "table.csv", guess(tmp_path / "table.csv"), Wishes(time=""), answer
    )
    assert (found.target, found.task, found.group, found.positive) == (
        "smoker",
        "classification",
        None,
        "yes",
    )
    assert [one.partition(" [")[0].split()[0] for one in asked_for] == [
        "column",
        "column",
        "classification",
        "column",
        "class",
    ]


@pytest.mark.parametrize(
    ("said", "dropped"), [("", True), ("no", True), ("perhaps", True), ("yes", False)]
)
def test_new_asks_whether_what_is_there_only_with_the_target_is_known_before(
    tmp_path: Path, said: str, dropped: bool
) -> None:
    from bench.cli.asking import asked
    from bench.project.first_look.guess import guess
    from bench.project.first_look.look import Wishes

    rows = [
        f"{i * 7 % 31},{'moved' if i % 2 else ''},{'yes' if i % 2 else 'no'}"
        for i in range(80)
    ]
    rows[1] = rows[1].replace("moved", "price")
    csv = tmp_path / "table.csv"
    csv.write_text("\n".join(["age,reason,left", *rows]))
    asked_for: list[str] = []

    def answer(question: str) -> str:
        asked_for.append(question)
        return (
            said if question.startswith("keep reason ") and len(asked_for) == 6 else ""
        )

    found = asked(csv, guess(csv), Wishes(), answer)
    assert ("reason" in found.drop) == dropped
    assert len(asked_for) == (7 if said == "perhaps" else 6)


def test_no_study_is_made_of_a_target_of_one_class(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(toy=toy)
    (root / "table.csv").write_text(
        "x,y\n" + "".join(f"{i % 7},no\n" for i in range(30))
    )
    assert main(["new", "one", "--from-csv", "table.csv", "--target", "y"]) == 2
    assert (
        "the target y has one class only (no); name another with --target"
        in capsys.readouterr().err
    )
    assert not (root / "studies" / "one").exists()


def test_check_reads_the_table_and_tells_all_mistakes_with_their_lines(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(toy=toy)
    (root / "table.csv").write_text(TABLE)
    assert (
        main(
            [
                "new",
                "patients",
                "--from-csv",
                "table.csv",
                "--target",
                "outcome",
                "--positive",
                "ill",
            ]
        )
        == 0
    )
    file = root / "studies" / "patients" / "study.yaml"
    right = file.read_text()

    def problems(*changes: tuple[str, str]) -> list[tuple[str, int]]:
        text = right
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        file.write_text(text)
        capsys.readouterr()
        with suppress(SystemExit):
            main(["check", "patients", "--json"])
        found = json.loads(capsys.readouterr().out)["problems"]
        return [(one["path"], one["line"]) for one in found]

    def line(text: str) -> int:
        return next(
            number
            for number, one in enumerate(file.read_text().splitlines(), 1)
            if text in one
        )

    assert problems() == []
    wrong = problems(
        ("target: outcome", "target: outcom"),
        ("      smoker: cat", "      smokes: cat"),
    )
    assert wrong == [
        ("datasets.patients.target", line("outcom ")),
        ("datasets.patients.types.smokes", line("smokes")),
    ]
    assert problems(("positive: ill", "positive: sick")) == [
        ("datasets.patients.positive", line("sick"))
    ]
    types = [
        (f"      {name}: categorical", f"      {name}: {kind}")
        for name, kind in (("sex", "numeric"), ("smoker", "date"))
    ]
    assert [path for path, _ in problems(*types)] == [
        "datasets.patients.types.sex",
        "datasets.patients.types.smoker",
    ]
    numbers = [
        ("task: classification", "task: regression"),
        ("    positive: ill", "    #"),
        ("logistic_regression", "ridge"),
        ("primary: accuracy, also: [roc_auc, log_loss]", "primary: rmse"),
    ]
    assert [path for path, _ in problems(*numbers)] == ["datasets.patients.target"]
    assert problems(("folds: 5, repeats: 10", "folds: 25, repeats: 10"))[0][
        0
    ].startswith("protocol.resampling")
    both = problems(
        ("primary: accuracy", "primary: acuracy"), ("target: outcome", "target: outcom")
    )
    assert [path for path, _ in both] == ["datasets.patients.target", "metrics.primary"]
    assert (
        problems(("data/table.csv", "data/tabel.csv"))[0][0]
        == "datasets.patients.source"
    )
    assert problems() == []


def test_a_trusted_module_beside_params_is_found_by_the_command(
    project: Callable[..., Path],
    toy: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Once the user allowed it; the folder itself is not searched."""
    root = project(
        toy=toy.replace("lda: {}", "lda: {estimator: own_models_of_a_test.Mine}")
    )
    (root / "own_models_of_a_test.py").write_text(
        "from sklearn.naive_bayes import GaussianNB as Mine\n"
    )
    monkeypatch.setattr(sys, "path", [one for one in sys.path if one])
    assert main(["check"]) == 2 and str(root) not in sys.path
    with (root / "params.yaml").open("a") as params:
        params.write("trusted: [own_models_of_a_test]\n")
    monkeypatch.setenv("XDG_STATE_HOME", str(root / "state"))
    assert main(["check"]) == 2
    assert main(["trust", "own_models_of_a_test"]) == 0
    assert main(["check"]) == 0, capsys.readouterr().err
    assert str(root) not in sys.path and sys.path[-1].startswith(f"{root}/state")
