"""A first look at somebody's CSV."""

from __future__ import annotations

import math
import random

import polars as pl
import pytest

from bench.core.errors import DataError
from bench.data.delimited import TextOptions, read_delimited
from bench.project.first_look.guess import Guess, first_look, guess
from bench.project.first_look.look import Wishes
from bench.project.first_look.results_table import ResultsTable
from bench.project.first_look.written import ways_of_writing
from bench.study.models import Ordinal
from bench.text.proposals import Reason


def why(code: str, **details) -> Reason:
    return Reason(code, details)


def written(tmp_path, text: str, encoding: str = "utf-8"):
    path = tmp_path / "data.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_file_from_a_hospital(tmp_path):
    lines = ["PatientID;visit date;age;bmi;sex;grade;ward;outcome"]
    for i in range(90):
        age = "?" if i % 30 == 7 else str(20 + i % 50)
        bmi = f"{20 + i / 7:.1f}".replace(".", ",")
        grade = ("low", "med", "high")[i % 3]
        lines.append(
            f"{1000 + i // 3};2024-{i % 12 + 1:02d}-03;{age};{bmi};{'mf'[i % 2]};{grade};A;{int(i % 9 == 0)}"
        )
    found = guess(written(tmp_path, "\n".join(lines)))
    assert found.source == {"separator": ";", "decimal": ","}
    assert found.missing == ("?",)
    assert (found.target, found.task, found.rows, found.positive) == (
        "outcome",
        "classification",
        90,
        "1",
    )
    assert (found.group, found.time, found.resampling, found.folds) == (
        "PatientID",
        None,
        "group_kfold",
        5,
    )
    dates = why("date")
    assert found.drop == {"ward": why("constant"), "visit date": dates}
    assert found.types["grade"] == Ordinal(ordinal=("low", "med", "high"))
    month = {"visit date_month": 'EXTRACT(MONTH FROM "visit date")'}
    assert found.clean == (({"derive": month}, dates),)
    assert found.primary == "balanced_accuracy"
    assert found.reasons["metric"] == why("rare", label="1", share=10 / 90)


def table(**columns) -> str:
    names = list(columns)
    return "\n".join(
        [
            ",".join(names),
            *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True)),
        ]
    )


def look(tmp_path, wishes=None, **columns):
    return guess(written(tmp_path, table(**columns)), wishes)


def test_names_counters_constants_and_copies_are_dropped_with_the_reason(tmp_path):
    rng = random.Random(1)
    n = 60
    sex = [rng.choice("mf") for _ in range(n)]
    found = look(
        tmp_path,
        Wishes(target="level"),
        nr=range(1, n + 1),
        name=[f"person {i}" for i in range(n - 1)] + ["person 0"],
        sex=sex,
        code=[int(one == "f") for one in sex],
        celsius=(celsius := [round(rng.random() * 30, 1) for _ in range(n)]),
        fahrenheit=[round(c * 1.8 + 32, 2) for c in celsius],
        country=["NL"] * n,
        level=[rng.random() for _ in range(n)],
    )
    assert (found.target, found.task) == ("level", "regression")
    assert found.drop == {
        "nr": why("counter"),
        "name": why("nearly_unique", values=59, rows=60),
        "code": why("copy", other="sex"),
        "fahrenheit": why("copy", other="celsius"),
        "country": why("constant"),
    }


def test_what_is_known_only_with_the_target(tmp_path):
    rng = random.Random(2)
    wage = [round(50 + 100 * rng.random(), 3) for _ in range(200)]
    parts = [round(one * rng.random(), 3) for one in wage]
    found = look(
        tmp_path,
        logwage=[repr(math.log(one)) for one in wage],
        well_paid=["yes" if one > 100 else "no" for one in wage],
        base=parts,
        bonus=[round(one - part, 3) for one, part in zip(wage, parts, strict=True)],
        age=[rng.randrange(20, 60) for _ in wage],
        wage=wage,
    )
    both = ("base", "bonus")
    assert found.drop == {
        "logwage": why("target_itself", target="wage"),
        "well_paid": why("from_target", target="wage"),
        "base": why("sum_of_target", target="wage", parts=both),
        "bonus": why("sum_of_target", target="wage", parts=both),
    }


def test_a_time_to_the_event_is_no_feature_and_a_duration_is_one(tmp_path):
    rng = random.Random(3)
    time = [rng.randrange(6, 72) for _ in range(80)]
    fate = [rng.choice(["dead", "alive"]) for _ in time]
    assert look(tmp_path, time=time, status=fate).drop == {
        "time": why("time_until", target="status")
    }
    loan = look(
        tmp_path,
        time=time,
        age=[rng.random() for _ in time],
        status=[one.replace("dead", "bad") for one in fate],
    )
    asked = why("maybe_until", column="time", target="status")
    assert (loan.drop, loan.notes) == ({}, (asked,))


def test_groups_by_what_repeats(tmp_path):
    cities, years = [f"c{i}" for i in range(8)], range(2000, 2010)
    rows = [(city, year) for city in cities for year in years]
    panel = look(
        tmp_path,
        city=[c for c, _ in rows],
        year=[y for _, y in rows],
        price=[hash(r) % 97 / 7 for r in rows],
    )
    assert (panel.group, panel.reasons["group"]) == ("city", why("panel", time="year"))
    none = look(
        tmp_path,
        Wishes(group=""),
        city=[c for c, _ in rows],
        year=[y for _, y in rows],
        price=range(80),
    )
    assert none.group is None
    pigs = range(30)
    about = {
        "litter": [p // 3 for p in pigs for _ in range(3)],
        "feed": [p % 2 for p in pigs for _ in range(3)],
    }
    about |= {
        "start": [p * 7 % 11 for p in pigs for _ in range(3)],
        "weight": [hash((p, 5)) % 97 / 7 for p in range(90)],
    }
    pens = look(tmp_path, pen=[100 + p for p in pigs for _ in range(3)], **about)
    assert (pens.group, pens.reasons["group"]) == (
        "pen",
        why("one_of_each", values=30, rows=90, columns=("litter", "feed", "start")),
    )
    few = look(
        tmp_path,
        StoreID=[i % 4 for i in range(80)],
        price=[i % 7 / 3 for i in range(80)],
    )
    assert (few.group, few.types["StoreID"]) == (None, "categorical")
    assert why("maybe_group", column="StoreID", values=4) in few.notes


@pytest.mark.parametrize(
    ("name", "first", "each", "outcome"),
    [
        ("member_id", 1000, 2, "group"),
        ("Member ID", 1, 3, "group"),
        ("memberId", 1, 2, "group"),
        ("account number", 1000, 3, "group"),
        ("policy_no", 100, 3, "group"),
        ("batch_code", 1000, 3, "group"),
        ("member_id", 1, 60, "asked"),
        ("species_id", 1, 30, "asked"),
        ("site_id", 1000, 3, "asked"),
        ("rooms_number", 1, 3, "feature"),
        ("area_code", 100, 60, "feature"),
        ("zip code", 1000, 3, "feature"),
        ("week_code", 1000, 3, "feature"),
        ("paid", 1000, 3, "feature"),
    ],
)
def test_identifiers_that_repeat(tmp_path, name, first, each, outcome):
    rng = random.Random(8)
    ids = [first + i // each for i in range(180)]
    label = [rng.choice("ab") for _ in ids]
    found = look(
        tmp_path,
        **{
            name: rng.sample(ids, 180),
            "age": [rng.random() for _ in ids],
            "label": label,
        },
    )
    values = len(set(ids))
    assert found.reasons.get("group") == (
        why("unit", values=values, rows=180) if outcome == "group" else None
    )
    assert (found.group, found.resampling) == (
        (name, "group_kfold") if outcome == "group" else (None, "kfold")
    )
    assert (why("maybe_group", column=name, values=values) in found.notes) == (
        outcome == "asked"
    )
    assert name in found.types or outcome == "group"


def test_an_identifier_of_text_is_a_group_and_no_target(tmp_path):
    ids = [f"m{i // 3:02d}" for i in range(90)]
    found = look(
        tmp_path,
        age=[i * 7 % 31 + 0.5 for i in range(90)],
        left=["no", "yes"] * 45,
        memberId=ids,
    )
    assert (found.group, found.target) == ("memberId", "left")
    few = look(
        tmp_path,
        age=[i * 7 % 31 + 0.5 for i in range(90)],
        species_id=[i % 3 for i in range(90)],
    )
    assert (few.group, few.target) == (None, "species_id")


def test_a_second_identifier_is_asked_about(tmp_path):
    rng = random.Random(8)
    ids = [1000 + i // 2 for i in range(120)]
    label = [rng.choice("ab") for _ in ids]
    found = look(
        tmp_path,
        patient_id=ids,
        scanner_id=[i * 7 % 9 for i in range(120)],
        label=label,
    )
    assert found.group == "patient_id"
    assert found.notes == (why("maybe_group", column="scanner_id", values=9),)


def test_what_is_there_only_with_a_class(tmp_path):
    rng = random.Random(9)
    left = [rng.choice(["no", "yes"]) for _ in range(200)]
    columns = {
        "reason": [
            rng.choice(["price", "moved"]) if one == "yes" else "" for one in left
        ],
        "refund": [
            rng.randrange(9) if one == "yes" and rng.random() < 0.5 else ""
            for one in left
        ],
        "note": [
            "called" if one == "yes" and i < 9 else "" for i, one in enumerate(left)
        ],
        "state": [
            rng.choice(["ended", "sold"]) if one == "yes" else "open" for one in left
        ],
        "age": [rng.random() for _ in left],
        "left": left,
    }
    found = look(tmp_path, **columns)
    assert found.drop == {
        "reason": why("only_with", target="left", label="yes"),
        "refund": why("only_with", target="left", label="yes"),
        "note": why("constant"),
        "state": why("from_target", target="left"),
    }
    assert set(look(tmp_path, Wishes(known=("reason", "state")), **columns).drop) == {
        "refund",
        "note",
    }


def test_years_with_months_are_dates_and_seasons_are_not(tmp_path):
    rng = random.Random(10)
    label = [rng.choice("ab") for _ in range(120)]
    months = [f"{2020 + i // 12 % 3}-{1 + i % 12:02d}" for i in range(120)]
    seasons = [f"{2005 + i % 6}-{(6 + i % 6):02d}" for i in range(120)]
    found = look(
        tmp_path,
        joined=rng.sample(months, 120),
        season=rng.sample(seasons, 120),
        label=label,
    )
    assert [step for step, _ in found.clean] == [
        {"parse_dates": {"columns": ["joined"], "order": "year_month"}},
        {
            "derive": {
                "joined_year": "EXTRACT(YEAR FROM joined)",
                "joined_month": "EXTRACT(MONTH FROM joined)",
            }
        },
    ]
    assert (found.types["joined"], found.types["season"]) == (
        "date",
        Ordinal(ordinal=tuple(sorted(set(seasons)))),
    )
    months = [f"{2010 + i // 12}/{1 + i % 12:02d}" for i in range(120)]
    series = look(
        tmp_path, month=months, rain=[rng.random() for _ in months], label=label
    )
    assert (series.time, series.resampling) == ("month", "time_ordered")


def test_a_series_is_split_by_time(tmp_path):
    days = [f"2021-{1 + i // 28:02d}-{1 + i % 28:02d}" for i in range(112)]
    rng = random.Random(4)
    values = [rng.random() for _ in days]
    found = look(tmp_path, day=days, rain=values, wind=values[::-1])
    assert (found.time, found.resampling, found.target) == (
        "day",
        "time_ordered",
        "wind",
    )
    record = look(
        tmp_path, day=[1 + i // 2 for i in range(112)], rain=values, wind=values[::-1]
    )
    assert (record.time, record.reasons["time"]) == ("day", why("record"))
    few = look(
        tmp_path,
        year=[2000 + i // 20 for i in range(112)],
        rain=values,
        wind=values[::-1],
    )
    assert (few.time, few.notes) == (None, (why("maybe_time", columns=("year",)),))
    assert look(tmp_path, day=days[::-1], rain=values, wind=values[::-1]).time is None


def test_writing_of_people(tmp_path):
    rng = random.Random(5)
    found = look(
        tmp_path,
        price=[
            f'"${rng.randrange(1, 9)},{rng.randrange(100, 999)}.50"' for _ in range(40)
        ],
        share=[f"{rng.randrange(100)}%" for _ in range(40)],
        height=[f'"1,{rng.randrange(50, 99)}"' for _ in range(40)],
        us=[f"12/{13 + i % 9}/2023" for i in range(40)],
        level=[-999 if i % 9 == 0 else rng.randrange(5, 20) for i in range(40)],
        y=["ab"[rng.randrange(2)] for _ in range(40)],
    )
    assert [step for step, _ in found.clean] == [
        {"parse_numbers": {"columns": ["price"], "thousands": ",", "prefixes": ["$"]}},
        {"parse_numbers": {"columns": ["share"], "percent": True}},
        {"parse_numbers": {"columns": ["height"], "decimal": ","}},
        {"parse_dates": {"columns": ["us"], "order": "month_day_year"}},
        {"derive": {"level": "NULLIF(level, -999)"}},
        {"derive": {"us_day": "EXTRACT(DAY FROM us)"}},
    ]


def test_a_designed_grid_and_a_table_of_counts(tmp_path):
    rows = [
        (a, b, c)
        for a in ("low", "med", "high")
        for b in (2, 4, "5more")
        for c in "pqr"
    ]
    a, b, c = zip(*rows, strict=True)
    grid = look(
        tmp_path, buying=a, doors=b, kind=c, label=["yn"[i % 2] for i in range(27)]
    )
    assert why("grid") in grid.notes
    assert grid.types["doors"] == Ordinal(ordinal=("2", "4", "5more"))
    counted = look(
        tmp_path,
        Wishes(target="kind"),
        buying=a,
        doors=b,
        kind=c,
        Freq=[i % 4 for i in range(27)],
    )
    assert counted.rows == sum(i % 4 for i in range(27))
    assert counted.notes[0] == why("cases", column="Freq", rows=counted.rows)
    assert counted.table is not None and counted.table.startswith("buying,doors,kind\n")


def test_classes_that_no_fold_can_test_and_rows_without_a_target_go(tmp_path):
    rng = random.Random(6)
    label = ["c", "", *("ab"[i % 2] for i in range(78))]
    found = look(tmp_path, x=[rng.random() for _ in label], label=label)
    assert [step for step, _ in found.clean] == [
        {"drop_missing": {"columns": ["label"]}},
        {"where": "label NOT IN ('c')"},
    ]
    assert (found.primary, found.classes, found.positive) == (
        "accuracy",
        ("a", "b"),
        "a",
    )


def test_wishes_that_cannot_be_are_sentences(tmp_path):
    columns = {"a": range(40), "y": ["no", "yes"] * 20}
    with pytest.raises(DataError, match="did you mean y"):
        look(tmp_path, Wishes(target="Y"), **columns)
    with pytest.raises(DataError, match="which a regression cannot predict"):
        look(tmp_path, Wishes(target="y", task="regression"), **columns)
    with pytest.raises(DataError, match="40 different numbers in 40 rows"):
        look(tmp_path, Wishes(target="a", task="classification"), **columns)
    assert (
        look(tmp_path, Wishes(target="a", task="regression"), **columns).task
        == "regression"
    )
    with pytest.raises(DataError, match="maybe cannot be the positive class"):
        look(tmp_path, Wishes(positive="maybe"), **columns)
    with pytest.raises(DataError, match="has no order"):
        look(tmp_path, Wishes(target="a", time="y"), **columns)


def test_results_of_models_are_no_table_of_cases(tmp_path):
    runs = [(m, f) for m in ("svm", "knn") for f in range(5)]
    scores = table(
        model=[m for m, _ in runs],
        fold=[f for _, f in runs],
        accuracy=[0.8] * 10,
        auc=[0.9] * 10,
    )
    found = first_look(written(tmp_path, scores))
    assert isinstance(found, ResultsTable)
    assert (found.block, found.metrics) == ("scores", ("accuracy", "roc_auc"))
    assert found.columns == {
        "family": "model",
        "fold": "fold",
        "value": {"accuracy": "accuracy", "roc_auc": "auc"},
    }
    told = table(
        model=["svm", "knn"] * 9,
        row=[i // 2 for i in range(18)],
        y_true=["a"] * 18,
        y_pred=["b"] * 18,
    )
    found = first_look(written(tmp_path, told))
    assert isinstance(found, ResultsTable)
    assert (found.block, found.task, found.columns["label"]) == (
        "predictions",
        "classification",
        "y_pred",
    )
    assert isinstance(
        first_look(written(tmp_path, scores), Wishes(target="accuracy")), Guess
    )


@pytest.mark.parametrize(("mark", "word"), [("\t", "tab"), ("|", "|"), (";", ";")])
def test_separators(tmp_path, mark, word):
    found = guess(written(tmp_path, f"a{mark}b\n" + f"1{mark}x, y\n" * 9))
    assert found.source == {"separator": word}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["1,5;2,5"], {"separator": ";", "header": False, "decimal": ","}),
        (["a, kg;b, cm", "1,5;2,5"], {"separator": ";", "decimal": ","}),
        (["a;b", "1.179,5;x"], {"separator": ";", "decimal": ",", "thousands": "."}),
        (["a;b", ",5;x"], {"separator": ";", "decimal": ","}),
        (["a;b", "-1,5e3;x"], {"separator": ";", "decimal": ","}),
        (["a,b", "x;1,5"], {}),
    ],
)
def test_decimal_commas(tmp_path, lines, expected):
    *first, last = lines
    assert guess(written(tmp_path, "\n".join([*first, *[last] * 9]))).source == expected


def test_white_space_and_no_header(tmp_path):
    found = guess(
        written(
            tmp_path, "".join(f"{i}.5   {i * 2} {'ab'[i % 2]}\n" for i in range(30))
        )
    )
    assert found.source == {"separator": "whitespace", "header": False}
    assert (found.target, found.task) == ("c3", "classification")


def test_quoted_newlines_do_not_confuse_it(tmp_path):
    text = (
        'note,x,label\n"one; two\nthree; four",1,a\n"p;q",2,b\n' * 1
        + 'z,3,a\n"""",4,b\n'
    )
    found = guess(written(tmp_path, text))
    assert (found.source, found.rows, found.target) == ({}, 4, "label")


def test_encodings(tmp_path):
    assert guess(written(tmp_path, "größe,y\n1,a\n2,b\n", "cp1252")).source == {
        "encoding": "cp1252"
    }
    assert guess(written(tmp_path, "größe,y\n1,a\n2,b\n", "utf-16")).source == {
        "encoding": "utf-16"
    }
    assert guess(written(tmp_path, "größe,y\n1,a\n2,b\n", "utf-8-sig")).source == {}


def test_its_proposal_can_be_read(tmp_path):
    path = written(
        tmp_path, "größe;y\n1,5;a\n2,5;b\n" * 1 + "?;a\n3,5;b\n" * 3, "cp1252"
    )
    frame = read_delimited(
        path.read_bytes(), TextOptions.model_validate(guess(path).source), "data.csv"
    )
    assert frame.columns == ["größe", "y"]
    assert frame["größe"][0] == "1.5"


def test_what_cannot_be_read_is_a_sentence(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        guess(tmp_path / "absent.csv")
    with pytest.raises(DataError, match="is empty"):
        guess(written(tmp_path, ""))
    with pytest.raises(DataError, match="no rows"):
        guess(written(tmp_path, "a,b\n"))
    with pytest.raises(DataError, match="line 3 has 1 cells"):
        guess(written(tmp_path, "a,b\n1,2\n3\n"))


def test_numbers_too_small_for_their_square_are_looked_at(tmp_path):
    lines = ["g,x,y", *(f"a{i // 2},{i}e-200,{'ny'[i % 2]}" for i in range(40))]
    assert guess(written(tmp_path, "\n".join(lines))).target == "y"


def test_the_example_of_a_step_is_a_cell_that_needs_it(tmp_path):
    cost = [f'"{i},{i:03d}"' if i % 2 else str(i) for i in range(100, 140)]
    lines = ["cost,y", *(f"{one},{'ny'[i % 2]}" for i, one in enumerate(cost))]
    (step,) = guess(written(tmp_path, "\n".join(lines))).clean
    assert ("parse_numbers" in step[0], step[1].details["example"]) == (True, "101,101")


def test_codes_with_leading_zeros_need_no_step() -> None:
    """No comma stands in them: `thousands: ","` would change nothing."""
    assert ways_of_writing(pl.Series("zip", ["01067", "8001", "12345"])) == []
    assert ways_of_writing(pl.Series("price", ["1,067", "8", "12"]))


def test_dates_with_slashes_order_the_rows_and_either_order_is_asked_about(tmp_path):
    days = [f"2012/{1 + i // 28:02d}/{1 + i % 28:02d}" for i in range(112)]
    rng = random.Random(7)
    rain = [rng.random() for _ in days]
    assert look(tmp_path, day=days, rain=rain).time == "day"
    either = [f"{1 + i % 12}/{1 + i % 7}/2012" for i in range(112)]
    found = look(tmp_path, day=either, rain=rain)
    assert "maybe_day_first" in [note.code for note in found.notes]


def test_a_sum_of_a_column_that_is_known_only_with_the_target(tmp_path):
    rng = random.Random(8)
    entry = [rng.randrange(100) for _ in range(200)]
    time = [rng.randrange(1, 90) for _ in entry]
    found = look(
        tmp_path,
        entry=entry,
        time=time,
        exit=[a + b for a, b in zip(entry, time, strict=True)],
        age=[rng.random() for _ in entry],
        died=[rng.choice(["no", "yes"]) for _ in entry],
    )
    codes = {name: reason.code for name, reason in found.drop.items()}
    assert codes == {"time": "time_until", "exit": "sum_of_late"}


def test_successes_of_trials_become_a_row_each(tmp_path):
    found = look(
        tmp_path,
        dose=[i * 0.7 for i in range(30)],
        successes=[i % 5 for i in range(30)],
        trials=[4] * 30,
    )
    assert (found.target, found.rows, found.notes[0].code) == ("success", 120, "trials")
