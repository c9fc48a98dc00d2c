"""Each adapter, on small files made by hand: the scores of authors are no part of this project."""

from __future__ import annotations

import gzip
import json

import polars as pl
import pytest

from bench.core.errors import DataError
from bench.core.metrics import METRICS
from bench.data import adapter as module
from bench.data.adapter import EVIDENCE, Adapter, metric_name
from bench.data.adapters import ADAPTERS
from bench.study.noted import StudyError

NAMES = list(ADAPTERS)


def table(kind: str, files: dict[str, bytes | str], **options: object) -> pl.DataFrame:
    adapter = ADAPTERS[kind]
    raw = {
        name: content.encode() if isinstance(content, str) else content
        for name, content in files.items()
    }
    return adapter.table(raw, adapter.options.model_validate({"kind": kind, **options}))


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return frame.select(columns).rows()


@pytest.mark.parametrize("adapter", ADAPTERS.values(), ids=lambda adapter: adapter.name)
def test_the_contract(adapter: Adapter) -> None:
    """A tidy table of the example, whatever the order of its files; the form of the options knows its name."""
    options = adapter.options.model_validate(
        {"kind": adapter.name, **adapter.example.options}
    )
    files = dict(adapter.example.files)
    made = adapter.table(files, options)
    assert made.schema == EVIDENCE
    assert made.height
    assert made.equals(adapter.table(dict(reversed(files.items())), options))
    assert adapter.title and adapter.options.__doc__
    assert adapter.options.model_config["extra"] == "forbid"
    assert type(options).model_fields["kind"].default == adapter.name


def test_every_metric_of_bench_is_known_by_its_name() -> None:
    assert set(METRICS) == module._PLAIN
    assert set(module._METRICS.values()) <= set(METRICS)
    assert [metric_name(word) for word in ("Log Loss", "ROC-AUC", "F1", "score")] == [
        "log_loss",
        "roc_auc",
        "f1_binary",
        "score",
    ]


# --- long


def test_a_long_table_under_the_words_of_its_authors() -> None:
    text = "Dataset,Algorithm,Seed,Subset,Measure,Value\nwine,knn,3,Validation,AUC,.5\nwine,knn,3,Test,AUC,NA\n"
    made = table("long", {"a.csv": text})
    assert rows(made, *EVIDENCE) == [
        ("knn", "wine", "roc_auc", "test", "3", None, None, True),
        ("knn", "wine", "roc_auc", "valid", "3", None, 0.5, True),
    ]


def test_a_column_for_each_metric_and_part() -> None:
    text = "task,method,acc,vacc\nwine,knn,.9,.8\n"
    made = table(
        "long", {"a.csv": text}, scores={"accuracy": "acc", "valid/accuracy": "vacc"}
    )
    assert rows(made, "metric", "split", "score") == [
        ("accuracy", "test", 0.9),
        ("accuracy", "valid", 0.8),
    ]


def test_a_model_that_several_columns_name() -> None:
    text = "dataset,method,kind,value\nwine,knn,one,.9\nwine,knn,five,.8\n"
    made = table(
        "long", {"a.csv": text}, model=["method", "kind"], metric_is="accuracy"
    )
    assert rows(made, "model", "score") == [("knn/five", 0.8), ("knn/one", 0.9)]
    with pytest.raises(DataError, match="did you mean kind"):
        table("long", {"a.csv": text}, model=["method", "kin"], metric_is="accuracy")


def test_files_of_one_form_stand_under_each_other_packed_or_not() -> None:
    head = "dataset,model,fold,score\n"
    files = {
        "a.csv": head + "wine,knn,0,.9\n",
        "b.csv.gz": gzip.compress((head + "wine,knn,1,.8\n").encode()),
    }
    assert rows(table("long", files, metric_is="accuracy"), "fold", "score") == [
        ("0", 0.9),
        ("1", 0.8),
    ]


def test_only_some_metrics_and_splits_and_what_score_is() -> None:
    text = "dataset,method,split,metric,value\nwine,knn,test,score,.9\ncars,knn,test,score,-2\n"
    text += "cars,knn,test,mae,1\ncars,knn,val,mae,3\n"
    is_what = {"wine": "accuracy", "cars": "-rmse"}
    made = table(
        "long",
        {"a.csv": text},
        score_is=is_what,
        metrics=["accuracy", "rmse"],
        splits=["test"],
    )
    assert rows(made, "dataset", "metric", "score") == [
        ("cars", "rmse", 2.0),
        ("wine", "accuracy", 0.9),
    ]
    with pytest.raises(DataError, match="no dataset vine; did you mean wine"):
        table("long", {"a.csv": text}, score_is={"vine": "accuracy"})
    with pytest.raises(DataError, match="no score is of rmsee; did you mean rmse"):
        table("long", {"a.csv": text}, score_is=is_what, metrics=["rmsee"])


def test_the_metric_stays_where_the_files_name_it_beside_the_score() -> None:
    text = "dataset,method,metric,value\ncars,knn,score,-2\ncars,knn,rmse,2\n"
    made = table("long", {"a.csv": text}, score_is={"cars": "-rmse"})
    assert rows(made, "metric", "score") == [("rmse", 2.0)]


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        (
            "dataset,method,metric,value\nwine,knn,acc,high\n",
            {},
            "row 1 has 'high' in value, which is no number",
        ),
        (
            "dataset,method,metric,value\n" + "wine,knn,acc,.9\n" * 2,
            {},
            "has more than one score of accuracy",
        ),
        ("dataset,method,value\nwine,knn,.9\n", {}, "no column names the metric"),
        ("dataset,x,metric,value\nwine,knn,acc,.9\n", {}, "no column names the model"),
        ("method,metric,value\nknn,acc,.9\n", {}, "no column names the dataset"),
        ("dataset,method,metric,x\nwine,knn,acc,.9\n", {}, "no column holds the score"),
        (
            "dataset,method,metric,value\nwine,knn,acc,.9\n",
            {"model": "metod"},
            "did you mean method",
        ),
        ("dataset,method,metric,value\n,knn,acc,.9\n", {}, "1 row names no dataset"),
        ("dataset,method,metric,value\n", {}, "no row holds a score"),
        (
            "dataset,Dataset,method,metric,value\nw,v,k,acc,1\n",
            {},
            "dataset and Dataset could both be the dataset",
        ),
        (
            "dataset,method,metric,value\nw,knn,acc,1\n",
            {"where": {"method": "knm"}},
            "did you mean knn",
        ),
    ],
)
def test_what_is_wrong_with_a_long_table(
    text: str, options: dict[str, str], said: str
) -> None:
    with pytest.raises(DataError, match=said):
        table("long", {"a.csv": text}, **options)


# --- wide


def test_a_column_a_model() -> None:
    text = 'db,"lgbm","svm"\nwine,0.9,1\nwine,0.8,NA\niris,1,1\n'
    made = table("wide", {"ll.csv": text}, metric_is="accuracy", rows_are_folds=True)
    assert rows(made.filter(pl.col("dataset") == "wine"), "model", "fold", "score") == [
        ("lgbm", "0", 0.9), ("lgbm", "1", 0.8), ("svm", "0", 1.0), ("svm", "1", None)]  # fmt: skip
    one = table(
        "wide",
        {"ll.csv": text},
        metric_is="accuracy",
        rows_are_folds=True,
        models=["svm"],
    )
    assert set(one["model"]) == {"svm"}
    with pytest.raises(DataError, match="more than one score"):
        table("wide", {"ll.csv": text}, metric_is="accuracy")
    with pytest.raises(DataError, match="write `metric_is`"):
        table("wide", {"ll.csv": text}, rows_are_folds=True)
    with pytest.raises(DataError, match="no column svn; did you mean svm"):
        table("wide", {"ll.csv": text}, metric_is="accuracy", models=["svn"])


def test_data_frames_of_r(tmp_path) -> None:
    import pandas
    import rdata

    frame = pandas.DataFrame({"db": ["wine", "iris"], "knn": [0.9, 1.0]})
    rdata.write_rda(tmp_path / "ll.rda", {"ll": frame, "other": frame})
    rdata.write_rds(tmp_path / "ll.rds", frame)
    rda, rds = ((tmp_path / name).read_bytes() for name in ("ll.rda", "ll.rds"))
    made = table("wide", {"ll.rda": rda}, metric_is="accuracy", object="ll")
    assert rows(made, "dataset", "model", "score") == [
        ("iris", "knn", 1.0),
        ("wine", "knn", 0.9),
    ]
    assert table("wide", {"ll.rds": rds}, metric_is="accuracy").equals(made)
    with pytest.raises(DataError, match="holds 2 data frames"):
        table("wide", {"ll.rda": rda}, metric_is="accuracy")
    with pytest.raises(DataError, match="no data frame l; did you mean ll"):
        table("wide", {"ll.rda": rda}, metric_is="accuracy", object="l")
    with pytest.raises(DataError, match="cannot be read as R data"):
        table("wide", {"ll.rda": b"nothing of R"}, metric_is="accuracy")


# --- amlb


def test_results_of_the_automl_benchmark() -> None:
    text = (
        "id,task,framework,fold,result,acc,auc,logloss,info\n"
        "t/1,wine,rf,0,.97,.9,.97,.3,\nt/1,wine,rf,1,,,,,TimeoutError\nt/2,cars,rf,0,.4,.8,,.4,\n"
    )
    made = table("amlb", {"results.csv": text})
    assert rows(made.filter(pl.col("dataset") == "cars"), "metric", "score") == [
        ("accuracy", 0.8),
        ("log_loss", 0.4),
    ]
    assert rows(
        made.filter(pl.col("fold") == "1").unique("fold"), "score", "finished"
    ) == [(None, False)]
    with pytest.raises(DataError, match="the column framework is missing"):
        table("amlb", {"results.csv": text.replace("framework", "x")})
    bare = "task,framework,fold,result{}\nwine,rf,0,.9{}\n"
    with pytest.raises(DataError, match="no column holds a metric"):
        table("amlb", {"results.csv": bare.format(",metric", ",acc")})
    with pytest.raises(DataError, match="no row holds a score"):
        table("amlb", {"results.csv": "task,framework,fold,result,acc\nw,rf,0,,\n"})


def test_the_result_of_a_task_is_the_score_of_its_metric() -> None:
    text = (
        "task,framework,fold,result,metric,auc,logloss\n"
        "wine,rf,0,-.31,neg_logloss,.9,.3\ncars,rf,0,.8,auc,.7,.4\nwine,rf,1,,neg_logloss,.9,.3\n"
    )
    made = table("amlb", {"results.csv": text}).filter(pl.col("fold") == "0")
    assert sorted(rows(made, "dataset", "metric", "score")) == [
        ("cars", "log_loss", 0.4),
        ("cars", "roc_auc", 0.8),
        ("wine", "log_loss", 0.31),
        ("wine", "roc_auc", 0.9),
    ]


# --- reports


def test_a_report_for_each_run() -> None:
    def report(score: float, **more: object) -> str:
        return json.dumps(
            {
                "metrics": {
                    "val": {"score": score},
                    "test": {"score": score, "1": {"recall": 1}},
                },
                **more,
            }
        )

    files = {
        "e/mlp/big/wine/0-evaluation/3/report.json": report(0.5),
        "e/mlp/iris/0-evaluation/4/report.json": report(0.75),
    }
    path = "e/{model}/**/{dataset}/0-evaluation/{repeat}/report.json"
    made = table("reports", files, path=path, splits=["test"])
    assert rows(made, "model", "dataset", "metric", "repeat", "score") == [
        ("mlp", "iris", "score", "4", 0.75), ("mlp", "wine", "score", "3", 0.5)]  # fmt: skip


def test_several_seeds_in_one_report_and_a_run_that_broke_off() -> None:
    runs = [
        {
            "config": {"seed": 5},
            "report": {
                "metrics": {"test": {"rmse": 2.0, "flag": True, "nan": float("nan")}}
            },
        },
        {"config": {"seed": 6}, "report": {}},
    ]
    made = table(
        "reports",
        {"wine/mlp.json": json.dumps({"experiments": runs})},
        path="{dataset}/{model}.json",
    )
    assert rows(made, "metric", "repeat", "score", "finished") == [
        (None, "6", None, False), ("nan", "5", None, True), ("rmse", "5", 2.0, True)]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "path", "said"),
    [
        ("{", "{dataset}/{model}.json", "is no JSON"),
        ("[" * 100_000, "{dataset}/{model}.json", "is no JSON"),
        ("[1]", "{dataset}/{model}.json", "is no report"),
        (
            '{"metrics": {"test": {"\\ud800": 1}}}',
            "{dataset}/{model}.json",
            "half a letter",
        ),
        ("{}", "{dataset}/x/{model}.json", "is not of the form"),
        ("{}", "{datset}/{model}.json", "did you mean dataset"),
    ],
)
def test_what_is_wrong_with_a_report(content: str, path: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        table("reports", {"wine/mlp.json": content}, path=path)


def test_a_number_that_no_float_holds_is_no_score() -> None:
    text = '{"metrics": {"test": {"acc": 1' + "0" * 400 + "}}}"
    made = table("reports", {"wine/mlp.json": text}, path="{dataset}/{model}.json")
    assert rows(made, "metric", "score") == [("accuracy", None)]


# --- in a study


def test_a_file_in_the_folder_of_a_study_by_an_adapter(read) -> None:
    made = read("db,knn\nwine,.5\n", adapter={"kind": "wide", "metric_is": "accuracy"})
    assert made.schema == EVIDENCE
    with pytest.raises(
        StudyError, match=r"adapter.kind: unknown wyde; did you mean wide"
    ):
        read("db,knn\nwine,.5\n", adapter={"kind": "wyde"})
    with pytest.raises(
        StudyError, match=r"adapter.metric: unknown key; did you mean metric_is|metrics"
    ):
        read(
            "db,knn\nwine,.5\n",
            adapter={"kind": "wide", "metrik": "accuracy"},
        )


# --- what is kept


def test_rows_models_and_datasets_that_are_named_are_kept() -> None:
    text = "dataset,method,kind,fold,split,metric,value\n"
    text += "wine,mlp,single,0,test,score,.5\nwine,mlp,ensemble,0,test,score,.6\nwine,knn,single,0,test,score,.7\n"
    text += "iris,mlp,single,0,test,score,-2\niris,mlp,single,0,test,rmse,2\n"
    kept = {
        "where": {"kind": "single"},
        "ignore": ["fold"],
        "models": ["mlp"],
        "dataset_prefix": "1h/",
    }
    made = table(
        "long",
        {"x.csv": text},
        score_is={"wine": "accuracy", "iris": "-rmse"},
        metrics=["score"],
        **kept,
    )
    assert rows(made, "dataset", "metric", "fold", "score") == [
        ("1h/iris", "rmse", None, 2.0), ("1h/wine", "accuracy", None, 0.5)]  # fmt: skip
    assert set(
        table(
            "long", {"x.csv": text}, datasets=["iris"], models=["mlp"], metric="metric"
        )["dataset"]
    ) == {"iris"}


def test_a_part_of_a_path_that_is_digits() -> None:
    report = json.dumps({"metrics": {"test": {"accuracy": 0.5}}})
    path = "exp/{model}/why/*-{fold:digits}-{dataset}/{repeat}/report.json"
    files = {"exp/mlp/why/classif-num-medium-0-bank-marketing/3/report.json": report}
    (row,) = rows(table("reports", files, path=path), "dataset", "fold", "repeat")
    assert row == ("bank-marketing", "0", "3")
