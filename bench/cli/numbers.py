"""`bench judge --published` and `bench compare`: one number against ours, one table of scores against another."""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import asdict

import polars as pl

from bench.cli.runs import refuse_worse, shown_difference, written
from bench.comparisons.moved_scores import Moved, folds_in_common
from bench.comparisons.two_runs import RunDifference, two_runs
from bench.core.errors import MovedError, NotReproducedError, UsageError, suggested
from bench.core.judgements import Agreement
from bench.core.metrics import METRICS
from bench.core.text import json_object, say, wrapped
from bench.project.fold_scores import Comparison, JudgedNumber, are_rows, compare, judge
from bench.project.score_files import (
    numbered,
    of_model,
    ratio_of,
    read_bytes,
    read_scores,
    run_of_scores,
)
from bench.report.two_runs import answer, in_part, programs
from bench.report.values import gain, percent, quantity, show, show_middle
from bench.study.printed_numbers import PRINTED, PRINTED_SCORE
from bench.text.chance import DrawsAgree
from bench.text.formats import (
    ScaleLimits,
    interval,
    p_equals,
    plural,
    short,
)
from bench.text.sentences import sentence
from bench.text.settling import what_settles
from bench.text.words import measure

#: A score, whether it is percent, and the spread behind its "±".
_PRINTED = re.compile(r"\s*(.*?)\s*(%?)\s*(?:(?:±|\+-|\+/-)\s*(.*?)\s*(%?))?\s*")


def printed(text: str, option: str) -> tuple[str, bool, str | None]:
    """A number as it was printed, whether it is percent, and the spread behind its "±".

    >>> printed("97.5 %", "--published"), printed("0.82 ± 0.03", "--published")
    (('97.5', True, None), ('0.82', False, '0.03'))
    """
    found = _PRINTED.fullmatch(text.replace("\N{MINUS SIGN}", "-"))
    number, percent, spread, after = found.groups("") if found else ("",) * 4
    if not re.fullmatch(PRINTED_SCORE, number) or not re.fullmatch(
        f"{PRINTED}|", spread
    ):
        raise UsageError(
            f'{option}: {text!r} is no number; expected one such as "97.5 %", 0.975, "97.5 ± 0.3 %" or "171 of 178"'
        )
    return number, bool(percent or after), spread or None


def judge_number(options: argparse.Namespace) -> None:
    """Hold one printed number against a file of scores. Raises `NotReproducedError` with --strict where it differs."""
    metric = _metric(options.metric)
    value, percent, spread = _published(options, metric)
    scores = read_scores(
        read_bytes(options.scores, sys.stdin.buffer), options.scores, metric
    )
    (scores,) = numbered(of_model(scores, options.model, options.scores))
    if (datasets := scores["dataset"].unique().sort().to_list())[1:]:
        raise UsageError(
            f"{options.scores}: holds scores of {len(datasets)} datasets; expected those of one"
        )
    if not options.seeds:
        ratio_of(scores, options.test_train_ratio, options.scores)
    found = judge(
        value,
        scores=scores.drop("family"),
        tolerance=None
        if options.tolerance is None
        else _margin(options.tolerance, "--tolerance", metric),
        unit="percent" if percent else "fraction",
        metric=metric,
        spread=spread,
        spread_is=options.spread_is,
        spread_n=options.spread_n,
        test_train_ratio=options.test_train_ratio,
        repeats_are="seeds" if options.seeds else "splits",
    )
    if options.json:
        says = {"reasons": [sentence(one) for one in found.reasons]}
        json_object(
            {"published": value, "unit": "percent" if percent else "fraction"}
            | asdict(found)
            | says
        )
    else:
        _show_judged(
            found,
            value,
            percent,
            measure(metric).limits_in("percent" if percent else None),
        )
    if options.strict and found.agreement is Agreement.DIFFERS:
        raise NotReproducedError(f"not reproduced: {options.published}")


def _published(
    options: argparse.Namespace, metric: str
) -> tuple[str, bool, str | None]:
    """The printed number, whether it is percent, and its spread. Raises `UsageError`."""
    value, percent, spread = printed(options.published, "--published")
    if (
        METRICS[metric].fraction
        and not percent
        and re.fullmatch(PRINTED, value)
        and 1 < float(value) <= 100
    ):
        raise UsageError(
            f'--published: {metric} is at most 1; did you mean "{value} %"?'
        )
    if percent:
        _share(metric, "--published")
    if options.spread is not None:
        spread, in_percent, _ = printed(options.spread, "--spread")
        if in_percent and not percent:
            raise UsageError(
                f'--spread: "{options.spread}" is percent and the published number {value} is none'
            )
    return value, percent, spread


def _show_judged(
    found: JudgedNumber, value: str, percent: bool, limits: ScaleLimits
) -> None:
    unit = " %" if percent else ""
    word = (
        "not judged"
        if found.agreement is None
        else found.agreement.value.replace("_", " ")
    )
    number = quantity(found.ours, "", found.low, found.high, limits)
    ours = "" if found.ours is None else f", ours {show_middle(number)}{unit}"
    wrapped(f"{word}: published {value}{unit}{ours}", rest="")
    if found.difference is not None:
        ends = interval(found.low, found.high, lambda end: show(quantity(end)))
        within = (
            "" if found.tolerance is None else f", tolerance {short(found.tolerance)}"
        )
        level = ends and "(90 % interval)"
        difference = " ".join(
            filter(
                None, (show(quantity(found.difference)), ends, unit and "points", level)
            )
        )
        wrapped(f"difference   {difference}{within}", rest="")
    if found.p is not None:
        say(f"test         {p_equals(found.p)} of a difference beyond the tolerance")
    for one in found.reasons:
        wrapped(f"- {sentence(one)}", "  ", "")
    if found.settle is not None:
        said = what_settles(found.settle, found.further)
        wrapped(f"- would decide it: {said}", "  ", "")


def compare_tables(options: argparse.Namespace) -> None:
    """Compare two files of scores. Raises `MovedError` with --strict where a score of ours is worse."""
    metric, files = _metric(options.metric), (options.ours, options.theirs)
    if files == ("-", "-"):
        raise UsageError(
            "ours and theirs are both standard input (-); one of them must be a file"
        )
    tables = numbered(
        *(
            read_scores(read_bytes(file, sys.stdin.buffer), file, metric)
            for file in files
        )
    )
    if options.model:
        each = zip(tables, _two_models(options.model), files, strict=True)
        tables = [of_model(table, name, file) for table, name, file in each]
    title = _one_name(tables)
    if _of_rows(tables):
        _compare_rows(tables, title, options)
        return
    ratio = 0.0 if options.seeds else options.test_train_ratio
    rope = None if options.rope is None else _margin(options.rope, "--rope", metric)
    ours, theirs = (
        run_of_scores(
            file,
            table,
            metric=metric,
            ratio=ratio,
            seeds=options.seeds,
            rope=rope,
        )
        for file, table in zip(files, tables, strict=True)
    )
    both = two_runs(theirs, ours)
    one = _compared(tables, both)
    written(both, options, read=files)
    if options.json:
        json_object(
            programs(both) | {"comparison": None if one is None else asdict(one)}
        )
    elif one is None:
        shown_difference(both, options)
    else:
        _show_compared(one, both, title, options.seeds)
    refuse_worse(both, options.strict)


def _of_rows(tables: list[pl.DataFrame]) -> bool:
    """Whether one model of each file was right or wrong on each row of one test set."""
    keys = ("dataset", "family", "repeat")
    single = all(table[key].n_unique() == 1 for table in tables for key in keys)
    first, second = (table["value"].to_numpy() for table in tables)
    return single and are_rows(first, second)


def _compare_rows(
    tables: list[pl.DataFrame], title: str, options: argparse.Namespace
) -> None:
    """Print McNemar's test. Raises `MovedError` with --strict where ours is worse."""
    if options.html or options.markdown:
        raise UsageError(
            "--html and --markdown are of folds, and these scores are rows of one test set, 0 or 1 each"
        )
    columns = ("dataset", "repeat", "fold", "value")
    one = compare(*(table.select(columns) for table in tables), test_train_ratio=0.0)
    metric = METRICS[options.metric]
    if options.json:
        json_object({"comparison": asdict(one)})
    else:
        unit = measure(metric.name).beside(0.0, one.difference)
        assert one.p is not None
        difference = show(gain(unit, one.difference, one.low, one.high))
        wrapped(f"{title}: {plural(one.folds, 'row')} of one test set", rest="")
        say(f"difference   {difference} (95 % interval)")
        say(f"test         {p_equals(one.p)}, McNemar's exact test")
    worse = one.difference * metric.sign < 0 and (one.p or 0.0) < 1 - one.level
    if options.strict and worse:
        raise MovedError(f"worse by {metric.name}: {title}")


def _two_models(names: list[str]) -> list[str]:
    """The model of ours and that of theirs; one name is that of both."""
    if len(names) > 2:
        raise UsageError(
            f"--model: {len(names)} models; write one, or two: ours, theirs"
        )
    return (names * 2)[:2]


def _one_name(tables: list[pl.DataFrame]) -> str:
    """One model in each table is one pair, whatever they are called; what the pair is called."""
    names = [table["family"].unique().to_list() for table in tables]
    if any(len(one) > 1 for one in names):
        return ""
    title = (
        "ours against theirs"
        if names[0] == names[1]
        else f"{names[0][0]} against {names[1][0]}"
    )
    if names[0] != names[1]:
        tables[:] = [table.with_columns(family=pl.lit(title)) for table in tables]
    return title


def _compared(tables: list[pl.DataFrame], both: RunDifference) -> Comparison | None:
    """The scores of one model on the folds in common, ours and theirs; None where these are no pairs. Of seeds the mean
    of each repeat is compared: they are what varies."""
    if len(both.scores) != 1 or not both.scores[0].paired:
        return None
    dataset = both.scores[0].dataset
    setting, common = (
        both.now.table(dataset).setting,
        folds_in_common(both.was, both.now, dataset),
    )
    pair = [
        table.filter(pl.concat_list("repeat", "fold").is_in(list(map(list, common))))
        for table in tables
    ]
    if setting.seeds:
        pair = [
            one.group_by("dataset", "repeat", maintain_order=True).agg(
                pl.col("value").mean()
            )
            for one in pair
        ]
    if pair[0].height < 2:
        return None
    return compare(
        *pair,
        test_train_ratio=setting.ratio or 0.0,
        rope=both.now.metrics[0].rope,
        level=both.now.level,
    )


def _show_compared(
    one: Comparison, both: RunDifference, title: str, seeds: bool
) -> None:
    sure, (row,) = f"{100 * one.level:g} %", both.scores
    unit = measure(both.now.metric).beside(row.was, row.now)
    wrapped(f"{title}: {unit.word}, {plural(one.folds, 'pair')} of scores", rest="")
    wrapped(f"outcome      {answer(both)}", rest="")
    if said := in_part(both):
        wrapped(f"- means {said}", "  ", "")
    if one.p is None or one.low is None or one.high is None:
        say(f"difference   {show(gain(unit, one.difference))}")
        wrapped(
            f"test         none; {sentence(DrawsAgree(one.folds, 'differences'))}",
            rest="",
        )
        return
    difference = show(gain(unit, one.difference, one.low, one.high))
    say(f"difference   {difference} ({sure} interval)")
    say(
        f"test         {p_equals(one.p)}, {'paired t over seeds' if seeds else 'corrected resampled t'}"
    )
    if row.p_equal is not None:
        say(f"equality     {p_equals(row.p_equal)}, two one-sided tests")
    if one.p_greater is not None:
        parts = (
            ("higher", one.p_greater),
            ("equivalent", one.p_rope),
            ("lower", one.p_less),
        )
        say(
            "posterior    "
            + ", ".join(f"{word} {show(percent(chance))}" for word, chance in parts)
        )
    here = ", on this split" if seeds else ""
    say(
        f"error rate   of pairs of equal models {100 * (1 - one.level):g} % are called different{here}"
    )
    if row.moved is Moved.UNCLEAR:
        count, what, of = (
            one.repeats_needed,
            *(("seed", "on this split") if seeds else ("repeat", "of these folds")),
        )
        needed = f"no number of {what}s" if count is None else plural(count, what)
        wrapped(
            f"{what + 's':13}{needed} {of} would make this difference significant, if it stays as it is",
            rest="",
        )


def _metric(name: str) -> str:
    if name not in METRICS:
        raise UsageError(
            f"--metric: unknown metric {name}; {suggested(name, METRICS, 'metrics')}"
        )
    return name


def _share(metric: str, option: str) -> None:
    """Raises `UsageError` where a number in percent means nothing."""
    if not METRICS[metric].fraction:
        raise UsageError(
            f"{option}: {metric} is no share; write the number in its own unit, without %"
        )


def _margin(text: str, option: str, metric: str) -> float:
    """A tolerance or rope in the metric's own unit: `1 %` is 0.01."""
    value, percent, _ = printed(text, option)
    if not re.fullmatch(PRINTED, value) or float(value) < 0:
        raise UsageError(f"{option} is {text}; expected a number from 0")
    if percent:
        _share(metric, option)
    return float(value) / 100 if percent else float(value)
