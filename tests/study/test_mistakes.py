"""Mistakes of a person who writes a study: each one clear sentence with file and line, exit 2, and nothing was run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from bench.claims.order import OrderClaim
from bench.cli.app import main
from bench.cli.environment import project as project_here
from bench.core.errors import meant
from bench.core.outcomes import Statement
from bench.families.candidates import EmptyList
from bench.study import read_draft, read_study
from bench.study.claims import Spread
from bench.study.gone import GoneKey, find_gone, read_gone
from bench.study.noted import Problem, StudyError, in_order
from bench.text import problems as p
from bench.text.claim_problems import NextToNothing, Outside

#: What is replaced in the toy, by what; the line and the keys at fault; the type of the statement and its details.
Mistake = tuple[str, str, int, str, type[Statement], dict[str, Any]]


def mistake(
    old: str, new: str, line: int, path: str, kind: type[Statement], **details: Any
) -> Mistake:
    """`near`: the known word that is nearest; `words`: a part of what another library, or a raised error, says."""
    return old, new, line, path, kind, details


def asking(options: str, path: str, kind: type[Statement], **details: Any) -> Mistake:
    """A mistake in what the toy asks of its diagnostics."""
    return mistake(
        "diagnostics: {halves: null}",
        f"diagnostics: {{{options}}}",
        20,
        f"diagnostics.{path}",
        kind,
        **details,
    )


def explaining(
    variant: str, path: str, kind: type[Statement], **details: Any
) -> Mistake:
    """A mistake in an explanation that it asks for."""
    options = f"explain: {{family: knn, variants: [{variant}]}}"
    return asking(options, f"explain.variants[0]{path}", kind, **details)


MISTAKES = {
    "unknown top-level key": mistake("title: A toy", "titel: A toy", 2, "titel", p.UnknownKey, near="title"),
    "missing mandatory key": mistake("clean: null\n", "", 2, "clean", p.Missing, nullable=True),
    "wrong task": mistake("classification", "clasification", 3, "task", p.UnknownWord, near="classification"),
    "unknown source":
        mistake("kind: synthetic", "kind: synthetc", 6, "datasets.toy.source.kind", p.UnknownWord, near="synthetic"),
    "unknown source option": mistake("rows: 80", "row: 80", 6, "datasets.toy.source.row", p.UnknownKey, near="rows"),
    "unknown generator":
        mistake("name: twonorm", "name: twonrm", 6, "datasets.toy.source.name", p.UnknownWord, near="twonorm"),
    "number where text is meant":
        mistake("target: target", "target: 7", 7, "datasets.toy.target", p.WrongType, expected="quotes", got="7"),
    "unknown resampling":
        mistake("kind: kfold", "kind: k_fold", 11, "protocol.resampling.kind", p.UnknownWord, near="kfold"),
    "one fold":
        mistake("folds: 3", "folds: 1", 11, "protocol.resampling.folds", p.OutOfRange, relation="ge", bound=2, got="1"),
    "text where a number is meant":
        mistake("repeats: 2", "repeats: two", 11, "protocol.resampling.repeats",
            p.WrongType, expected="integer", got="'two'"),
    "fewer repeats than the pilot has":
        mistake("repeats: 2", "repeats: {pilot: 10, at_most: 9}", 11, "protocol.resampling.repeats.at_most",
            p.OutOfRange, relation="ge", bound=10, got="9"),
    "a pilot of two":
        mistake("repeats: 2", "repeats: {pilot: 2, at_most: 9}", 11, "protocol.resampling.repeats.pilot",
            p.OutOfRange, relation="ge", bound=3, got="2"),
    "unknown key of the pilot":
        mistake("repeats: 2", "repeats: {pilots: 10, at_most: 90}", 11, "protocol.resampling.repeats.pilots",
            p.UnknownKey, near="pilot"),
    "halves of no dataset": asking("halves: {datasets: [tyo]}", "halves.datasets[0]", p.NotInStudy, near="toy"),
    "one pair of halves": asking("halves: {repeats: 1}", "halves.repeats", p.OutOfRange, relation="ge", bound=2),
    "unknown tuning key":
        mistake("tuning: {folds: 2}", "tuning: {fold: 2}", 12, "protocol.tuning.fold", p.UnknownKey, near="folds"),
    "unknown family": mistake("  lda: {}", "  lad: {}", 17, "families.lad", p.UnknownWord, near="lda"),
    "unknown parameter":
        mistake("n_neighbors", "n_neigbors", 16, "families.knn.n_neigbors", p.Said, words="did you mean n_neighbors?"),
    "bad parameter value":
        mistake("[1, 5]", "[1, -5]", 16, "families.knn.n_neighbors", p.Said, words="an int in the range"),
    "a list without a candidate": mistake("[1, 5]", "[]", 16, "families.knn.n_neighbors", EmptyList),
    "two families with one name": mistake("  lda: {}", "  lda: {}\n  lda: {}", 18, "", p.NotYaml, advice="once"),
    "family of the other task":
        mistake("  lda: {}", "  ridge: {}", 17, "families.ridge",
            p.OtherTask, what="family", name="ridge", task="classification"),
    "code from elsewhere":
        mistake("  lda: {}", "  mine: {estimator: os.system}", 17, "families.mine.estimator",
            p.Said, words="os is not trusted"),
    "unknown preprocess step":
        mistake("preprocess: null", "preprocess: [scael]", 9, "preprocess[0]", p.Said, words="did you mean scale?"),
    "a condition of other rows":
        mistake("clean: null", "clean: [trim, {where: AVG(f1) > 1}]", 8, "clean[1].where", p.BadExpression),
    "a column of other rows":
        mistake("clean: null", "clean:\n  - derive:\n      f3: f1 + 1\n      f4: RANK() OVER (ORDER BY f1)", 11,
                "clean[0].derive.f4", p.BadExpression),
    "a condition that is no text":
        mistake("clean: null", "clean: [{where: {f1: 3}}]", 8, "clean[0].where", p.WrongType, expected="text"),
    "a step that is gone":
        mistake("clean: null", "clean: [trim, {range: {columns: {f1: [1, 2]}}}]", 8, "clean[1]", p.Gone,
                word="range"),
    "a step that is gone, as a word":
        mistake("clean: null", "clean: [drop_missing_rows]", 8, "clean[0]", p.Gone, word="drop_missing_rows"),
    "a level twice":
        mistake("target: target", "target: target\n    types: {f1: {ordinal: [u, w, u]}}", 8,
                "datasets.toy.types.f1.ordinal[2]", p.Twice, word="u"),
    "numbers for classes":
        mistake("target: target", "target: target\n    types: {target: numeric}", 8,
                "datasets.toy.types.target", p.TypeOfRole, declared="numeric", task="classification"),
    "a date for a group":
        mistake("target: target", "target: target\n    group: f1\n    types: {f1: date}", 9,
                "datasets.toy.types.f1", p.TypeOfRole, declared="date", role="group"),
    "unknown cleaning step":
        mistake("clean: null", "clean: [{drop: [f1]}]", 8, "clean[0].drop", p.Elsewhere, blocks=("datasets", "toy")),
    "a step that is a key of a dataset, as a word":
        mistake("clean: null", "clean: [drop]", 8, "clean[0]", p.Elsewhere, blocks=("datasets", "toy")),
    "options of a step as a list":
        mistake("clean: null", "clean: [{drop_missing: [f1]}]", 8, "clean[0].drop_missing", p.StepOptions,
                options=("columns",)),
    "a key that is not indented":
        mistake("  seed: 0", "seed: 0", 13, "seed", p.Elsewhere, blocks=("protocol",)),
    "a key that is indented too far":
        mistake("  tuning: {folds: 2}", "  tuning: {folds: 2, seed: 1}", 12, "protocol.tuning.seed", p.Elsewhere,
                blocks=("protocol",)),
    "a step that is almost there":
        mistake("clean: null", "clean: [drop_duplicate]", 8, "clean[0]", p.UnknownWord, near="drop_duplicates"),
    "unknown metric":
        mistake("primary: accuracy", "primary: acuracy", 18, "metrics.primary", p.UnknownWord, near="accuracy"),
    "metric of the other task":
        mistake("log_loss", "rmse", 18, "metrics.also[1]",
            p.OtherTask, what="metric", name="rmse", task="classification", its_task="regression"),
    "tolerance without a reason": mistake(', why: "a toy"', "", 21, "tolerance.why", p.Missing, nullable=False),
    "claim about an unknown family":
        mistake("family: knn", "family: kn", 23, "claims[0].family", p.UnknownWord, near="knn"),
    "claim about an unknown dataset":
        mistake("dataset: toy, family", "dataset: tyo, family", 23, "claims[0].dataset", p.UnknownWord, near="toy"),
    "unquoted decimals": mistake('"0.95"', "0.950", 23, "claims[0].value", p.WrongType, expected="quotes", got="0.950"),
    "unquoted value": mistake('"0.95"', "0.95", 23, "claims[0].value", p.WrongType, expected="quotes", got="0.95"),
    "percent where a fraction is meant":
        mistake('"0.95", unit: fraction', '"95.0", unit: fraction', 23, "claims[0].value",
            Outside, value="95.0", of="accuracy", low=0, high=1, percent=True),
    "unknown kind of claim": mistake("kind: value", "kind: valu", 23, "claims[0].kind", p.UnknownWord, near="value"),
    "a tolerance in percent":
        mistake("accuracy: 0.05", "accuracy: 5", 21, "tolerance.accuracy",
            p.TooWide, value=5, metric="accuracy", percent=True),
    "a fraction called percent":
        mistake("unit: fraction", "unit: percent", 23, "claims[0].value",
            NextToNothing, value="0.95", metric="accuracy"),
    "a step's kind without its key":
        mistake("preprocess: null", "preprocess: [{scale: robust}]", 9, "preprocess[0].scale",
            p.WrongType, expected="block", got="'robust'"),
    "unknown key of the comparison":
        mistake("compare: null", "compare: {ropes: 0.01}", 19, "compare.ropes", p.UnknownKey, near="rope"),
    "a step twice":
        mistake("preprocess: null", "preprocess: [scale, scale]", 9, "preprocess[1]", p.Twice, word="scale"),
    "an empty block":
        mistake("  toy:\n    source: {kind: synthetic, name: twonorm, rows: 80, seed: 1}\n    target: target\n",
            "  {}\n", 4, "datasets",
            p.EmptyBlock, what="datasets"),
    "a path out of the study":
        mistake("{kind: synthetic, name: twonorm, rows: 80, seed: 1}",
            "{kind: csv, file: ../../secret.csv}", 6, "datasets.toy.source.file",
            p.Said, words="inside the folder"),
    "not YAML": mistake("families:\n", "families: [\n", 16, "", p.NotYaml, advice="open"),
    "a step on text behind one on columns":
        mistake("clean: null", "clean: [drop_duplicates, trim]", 8, "clean[1]", p.StepOrder, step="trim",
            later="drop_duplicates"),
    "a character that YAML has not":
        mistake("title: A toy", "title: A \x1btoy", 2, "", p.ControlCharacter, number=0x1B),
    "a tolerance in quotes":
        mistake("accuracy: 0.05", 'accuracy: "0.05"', 21, "tolerance.accuracy", p.WrongType, expected="number"),
    "a tab": mistake("  seed: 0", "\tseed: 0", 13, "", p.NotYaml, advice="tab"),
    "an unknown extra fit": asking("learnin: {}", "learnin", p.UnknownKey, near="learning"),
    "an extra fit of an unknown family":
        asking("inspect: {families: [kn]}", "inspect.families[0]", p.NotInStudy, near="knn"),
    "an extra fit of the baseline":
        asking("overtuning: {families: [baseline]}", "overtuning.families[0]", p.LooksAtNothing, family="baseline"),
    "too few permutations":
        asking("permutations: {count: 4}", "permutations.count", p.OutOfRange, relation="ge", bound=5, got="4"),
    "too few draws": asking("variance: {draws: 2}", "variance.draws", p.OutOfRange, relation="ge", bound=3, got="2"),
    "too few repeats of ways":
        asking("explain: {family: knn, repeats: 4}", "explain.repeats", p.OutOfRange, relation="ge", bound=5, got="4"),
    "nothing to explain": asking("explain: {family: lda}", "explain", p.NothingToExplain, family="lda"),
    "an unknown family to explain": asking("explain: {family: knnn}", "explain.family", p.NotInStudy, near="knn"),
    "an unknown family among those to explain":
        asking("explain: {family: [knn, knnn]}", "explain.family[1]", p.NotInStudy, near="knn"),
    "nothing to explain of one of several":
        asking("explain: {family: [knn, lda]}", "explain.family[1]", p.NothingToExplain, family="lda"),
    "a family to explain that is no name":
        asking("explain: {family: 3}", "explain.family", p.WrongType, expected="quotes", got="3"),
    "an unknown dataset to explain":
        asking("explain: {family: knn, datasets: [tyo]}", "explain.datasets[0]", p.NotInStudy, near="toy"),
    "an unknown explanation": explaining("tuned_on_tset", "", p.UnknownWord, near="tuned_on_test"),
    "a valid explanation among errors": explaining("untuned", "", p.AlwaysMade, name="untuned"),
    "an unknown parameter of an explanation":
        explaining("{best_of_seeds: {seed: 9}}", ".best_of_seeds.seed", p.NoParameter, near="seeds"),
    "an explanation of one seed":
        explaining("{best_of_seeds: {seeds: 1}}", ".best_of_seeds.seeds", p.BadParameter, expected="whole", got="1"),
    "one number of rounds":
        explaining("{stopped_on_test: {rounds: [5, 5]}}", ".stopped_on_test.rounds",
            p.BadParameter, expected="counts", got="[5, 5]"),
    "no feature kept":
        explaining("{selection_before_split: {k: 0}}", ".selection_before_split.k",
            p.BadParameter, expected="whole", got="0"),
    "two ways to select":
        explaining("{selection_before_split: {k: 2, percentile: 9}}", ".selection_before_split",
            p.Broken, rule=p.Rule.K_AND_PERCENTILE),
    "a candidate that the family has not":
        explaining("{tuned_on_test: {n_neigbors: [1]}}", ".tuned_on_test.n_neigbors",
            p.Said, words="did you mean n_neighbors?"),
    "an explanation that is gone":
        explaining("columns_kept", "", p.Gone, word="variants: columns_kept"),
    "an alias": mistake("  baseline: {}", "  baseline: &a {}\n  other: *a", 15, "", p.Broken, rule=p.Rule.ALIAS),
}  # fmt: skip


def problems_of(study: str = "toy") -> Sequence[Problem]:
    """What is wrong with a study of the project in this folder."""
    try:
        (draft,) = project_here().check((study,))
    except StudyError as error:
        return error.problems
    return in_order(draft.problems)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_statement_at_its_line(
    name: str, project: Callable[..., Path], toy: str
) -> None:
    old, new, line, path, kind, details = MISTAKES[name]
    assert old in toy
    project(toy=toy.replace(old, new, 1))
    (problem,) = problems_of()
    assert (problem.file, problem.line, problem.path) == (
        "studies/toy/study.yaml",
        line,
        path,
    )
    assert type(problem.statement) is kind
    found = problem.statement.details
    if near := details.get("near"):
        assert meant(found["word"], found["known"])[0] == near
    if words := details.get("words"):
        assert words in found["words"]
    assert {name: found[name] for name in details if name not in ("near", "words")} == {
        name: value for name, value in details.items() if name not in ("near", "words")
    }


def test_a_mistake_is_one_sentence_and_nothing_runs(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(toy=toy.replace("title: A toy", "titel: A toy", 1))
    assert main(["check", "toy"]) == 2
    shown = capsys.readouterr().err
    assert "studies/toy/study.yaml:2: titel: unknown; did you mean title?" in shown
    assert "Traceback" not in shown
    assert shown.count("studies/toy/study.yaml") == 1, shown
    assert sorted(path.name for path in root.iterdir()) == ["params.yaml", "studies"]


def test_extra_fits_of_a_study_that_fits_nothing(project: Callable[..., Path]) -> None:
    """Scores of somebody else: each extra fit that was asked for is a mistake of its own, nothing else is."""
    root = project(toy=ELSEWHERE)
    data = root / "studies" / "toy" / "data"
    data.mkdir()
    (data / "a.csv").write_text("dataset,method,auc\nd1,a,0.5\nd1,b,0.6\n")
    assert [(one.line, one.statement) for one in problems_of()] == [
        (14, p.Broken(p.Rule.NO_FITS))
    ] * 3


ELSEWHERE = """
title: Judged again
task: null
datasets:
  auc:
    source: {kind: csv, file: data/a.csv}
    scores: {dataset: dataset, family: method, value: auc}
    metric: roc_auc
clean: null
preprocess: null
protocol: null
families: null
metrics: {primary: roc_auc}
diagnostics: {learning: {}, permutations: {count: 9}, explain: {family: a}}
"""


def test_all_mistakes_are_told_at_once(project: Callable[..., Path], toy: str) -> None:
    names = (
        "unknown top-level key", "unknown resampling", "unknown parameter", "unknown metric", "unquoted value",
    )  # fmt: skip
    for name in names:
        toy = toy.replace(*MISTAKES[name][:2], 1)
    project(toy=toy)
    assert [(one.line, type(one.statement)) for one in problems_of()] == [
        MISTAKES[name][2:5:2] for name in names
    ]


def test_a_stage_refuses_a_wrong_study_too(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(toy=toy.replace("  lda: {}", "  lad: {}"))
    assert main(["fetch", "toy"]) == 2
    assert "did you mean lda?" in capsys.readouterr().err
    assert not (root / "data").exists()


def test_an_unknown_study_names_the_nearest(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    project(toy=toy)
    assert main(["check", "tyo"]) == 2
    assert "did you mean toy?" in capsys.readouterr().err


@pytest.mark.parametrize("row", read_gone())
def test_what_is_gone_is_said_with_what_to_write(row: GoneKey) -> None:
    """Each row of the table is found at its own place, and is no key of today."""
    block = tuple(part.replace("*", "any") for part in row.block.split(".") if part)
    assert find_gone(block, row.key, row.value) == p.Gone(
        row.key if row.value is None else f"{row.key}: {row.value}", row.instead
    )
    assert find_gone((*block, "elsewhere"), row.key, row.value) is None


@pytest.mark.parametrize(
    ("claim", "keys", "written"),
    [
        ('kind: order, order: "knn > lda"', "order", "[knn, lda]"),
        (
            'kind: order, order: "knn > lda = baseline"',
            "order",
            "[knn, [lda, baseline]]",
        ),
        ("kind: best, family: knn, datasets: toy", "datasets", "[toy]"),
    ],
)
def test_a_list_as_text_is_refused_with_the_list(
    claim: str, keys: str, written: str, project: Callable[..., Path], toy: str
) -> None:
    start = toy.index("claims:")
    root = project(
        toy=toy[:start] + f"claims:\n  - {{id: a, where: T1, read: source, {claim}}}\n"
    )
    (problem,) = read_draft(root / "studies" / "toy").problems
    assert isinstance(problem.statement, p.ListAsText)
    assert (problem.path, problem.statement.now) == (f"claims[0].{keys}", written)


@pytest.mark.parametrize(
    "number",
    ["62,5", "1_000", "\u0666\u0662", "\uff15\uff17.0", "0x1", "1e\u0663", "."],
)
@pytest.mark.parametrize("key", ["value", "spread.value"])
def test_a_printed_number_has_the_digits_0_to_9_and_a_point(
    key: str, number: str, project: Callable[..., Path], toy: str
) -> None:
    """Arabic and full-width digits are digits for a computer, too, as are those of a form that it reads otherwise."""
    said = {
        "value": f'kind: value, value: "{number}"',
        "spread.value": f'kind: value, value: "62", spread: {{value: "{number}", kind: sd}}',
    }[key]
    claim = f"{{id: a, where: T1, read: source, dataset: toy, family: knn, {said}}}"
    root = project(toy=toy[: toy.index("claims:")] + f"claims:\n  - {claim}\n")
    (problem,) = read_draft(root / "studies" / "toy").problems
    assert isinstance(problem.statement, p.WrongType)
    expected = {"value": "printed score", "spread.value": "printed"}[key]
    assert (problem.path, problem.statement.expected) == (f"claims[0].{key}", expected)


def test_a_table_of_claims_has_lists_in_its_cells(
    project: Callable[..., Path], toy: str
) -> None:
    root = project(toy=toy[: toy.index("claims:")] + "claims: {table: claims.csv}\n")
    (root / "studies" / "toy" / "claims.csv").write_text(
        "id,kind,dataset,datasets,family,order,value,spread.value,spread.kind,spread.n,where,read\n"
        'a,best,,"toy, more",knn,,,,,,T1,source\n'
        "b,order,toy,,,knn > lda = baseline,,,,,T1,source\n"
        "c,value,toy,,knn,,0.9,0.1,sd,10,T1,source\n"
    )
    best, order, value = read_study(root / "studies" / "toy").claims or ()
    assert best.datasets == ("toy", "more")
    assert isinstance(order, OrderClaim)
    assert order.tiers == (("knn",), ("lda", "baseline"))
    assert value.spread == Spread(value="0.1", kind="sd", n=10)


@pytest.mark.parametrize("column", ["repeats", "tolerance"])
@pytest.mark.parametrize("number", ["1_0", "\u0661\u0660", "\uff11", "many", "nan"])
def test_a_number_in_a_table_of_claims_has_the_digits_0_to_9(
    column: str, number: str, project: Callable[..., Path], toy: str
) -> None:
    root = project(toy=toy[: toy.index("claims:")] + "claims: {table: claims.csv}\n")
    table = root / "studies" / "toy" / "claims.csv"
    table.write_text(
        f"id,kind,dataset,family,value,{column},where,read\na,value,toy,knn,0.9,{number},T1,source\n"
    )
    (problem,) = read_draft(root / "studies" / "toy").problems
    assert isinstance(problem.statement, p.WrongType) and problem.line == 2
    assert (problem.path.rpartition(".")[2], problem.statement.got.strip("'\"")) == (
        column,
        number,
    )


def test_a_good_study_passes(project: Callable[..., Path], toy: str) -> None:
    project(toy=toy)
    assert main(["check"]) == 0


def test_a_ranking_metric_cannot_be_primary_under_leave_one_out(
    project: Callable[..., Path], toy: str
) -> None:
    text = toy.replace("{kind: kfold, folds: 3, repeats: 2}", "{kind: leave_one_out}")
    project(
        toy=text.replace(
            "primary: accuracy, also: [roc_auc, log_loss]",
            "primary: roc_auc, also: [accuracy]",
        )
    )
    assert [one.statement for one in problems_of()] == [p.RanksOneRow("roc_auc")]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        (
            "target: target",
            "target: tarqet",
            7,
            "datasets.toy.target: there is no column tarqet; did you mean target?",
        ),
        (
            "target: target",
            "target: target\n    drop: [nope]",
            8,
            "datasets.toy.drop: there is no column nope",
        ),
        (
            "target: target",
            'target: target\n    positive: "7"',
            8,
            "datasets.toy.positive: 7 is no class",
        ),
    ],
)
def test_what_only_the_data_can_tell_has_file_and_line_too(
    old: str,
    new: str,
    line: int,
    said: str,
    project: Callable[..., Path],
    toy: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = project(toy=toy.replace(old, new))
    assert main(["fetch", "toy"]) == 0
    assert main(["clean", "toy"]) == 2
    assert f"studies/toy/study.yaml:{line}: {said}" in capsys.readouterr().err
    assert not (root / "data" / "toy" / "clean").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("clean: null", "clean:\n  - trim\n  - where: c > 0",
         "study.yaml:10: clean[1].where: dataset toy: a comparison mixes numbers and text"),
        ("clean: null", "clean:\n  - trim: {columns: [zz]}", "study.yaml:9: clean[0].trim: dataset toy: there is no"),
        ("target: target", "target: target\n    clean:\n      - parse_numbers: {columns: [c]}",
         "study.yaml:9: datasets.toy.clean[0].parse_numbers: column c holds \"u\" in row 1"),
    ],
)  # fmt: skip
def test_what_a_step_cannot_do_is_told_at_its_line(
    old: str,
    new: str,
    said: str,
    project: Callable[..., Path],
    toy: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = toy.replace(
        "{kind: synthetic, name: twonorm, rows: 80, seed: 1}",
        "{kind: csv, file: t.csv}",
    )
    root = project(toy=text.replace(old, new))
    rows = "".join(f"{i % 7},{'uvw'[i % 3]},{'ab'[i % 2]}\n" for i in range(30))
    (root / "studies" / "toy" / "t.csv").write_text("x,c,target\n" + rows)
    assert main(["check", "toy"]) == 2
    assert said in capsys.readouterr().err


def test_a_table_of_claims_is_read_with_its_lines(
    project: Callable[..., Path], toy: str
) -> None:
    root = project(toy=toy[: toy.index("claims:")] + "claims: {table: claims.csv}\n")
    table = root / "studies" / "toy" / "claims.csv"
    for content, line, path, kind, details in (
        (b"id,kind\n", 1, "", p.Broken, {"rule": p.Rule.NO_CLAIM}),
        (b"id,kind,id\na,value,b\n", 1, "id", p.Twice, {"word": "id"}),
        (
            b"id,knid\na,value\n",
            1,
            "knid",
            p.UnknownKey,
            {"word": "knid", "noun": "columns"},
        ),
        (
            b"id,kind,value,where,read,central\na,value,0.9,T1,source,maybe\n",
            2,
            "line 2.central",
            p.WrongType,
            {"expected": "boolean", "got": "'maybe'"},
        ),
        (b"id,kind\na\n", 2, "", p.CellCount, {"cells": 1, "header": 2}),
        (b"id,kind,where\na,value,T\0\n", 2, "", p.Broken, {"rule": p.Rule.NUL}),
        ("id,kind,where\na,value,T\xe9\n".encode("latin-1"), 0, "", p.NotUtf8, {}),
    ):
        table.write_bytes(content)
        (problem,) = [one for one in problems_of() if isinstance(one.statement, kind)]
        assert (problem.file, problem.line, problem.path) == (
            "studies/toy/claims.csv",
            line,
            path,
        )
        assert details.items() <= problem.statement.details.items()
    minus = "a,value,toy,lda,accuracy,9.5e\u22121,fraction,T1,source"
    table.write_text(
        f"id,kind,dataset,family,metric,value,unit,where,read\n{minus}\n",
        encoding="utf-8",
    )
    assert list(problems_of()) == []


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("compare: {rope: .inf}", "compare.rope"),
        ("compare: {rope: 1.0e+200}", "compare.rope"),
        ('tolerance: {accuracy: .inf, why: "w"}', "tolerance.accuracy"),
        ('tolerance: {accuracy: 1.0e+308, why: "w"}', "tolerance.accuracy"),
    ],
)
def test_numbers_without_end_are_refused_before_anything_is_fitted(
    said: str, path: str, project: Callable[..., Path], toy: str
) -> None:
    key = said.partition(":")[0]
    kept = "".join(
        line for line in toy.splitlines(keepends=True) if not line.startswith(f"{key}:")
    )
    root = project(toy=f"{kept}{said}\n")
    assert [one.path for one in read_draft(root / "studies" / "toy").problems] == [path]
