"""Errors of one data set: by class, by row, and on which rows families disagree."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from markupsafe import Markup

from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.intervals import Dot
from bench.report.charts.lanes import heat, lanes
from bench.report.charts.svg import Figure, Row, Table, bar, row_plot
from bench.report.panel import Part, drawn
from bench.report.row_errors import missed_by, missed_rows, residuals, side_by_side, tested, with_duplicates, wrong_rows
from bench.report.sections.confusion import classes_of, confusions
from bench.report.styles import Style, Styles
from bench.stats.misses import Recall, alike, disagreement, recalls
from bench.text import formats

#: Classes drawn and rows listed: the hardest.
CLASSES, LISTED = 8, 10
ONCE = "Each row was tested once."
NOTHING = "No predictions of test rows are stored here."


def by_class(bundle: Bundle, styles: Styles, dataset: str) -> Part | None:
    """Recall of each class and family with its interval, and who is taken for whom."""
    if bundle.study.task == "regression":
        return None
    tests, title = tested(bundle, dataset), "Which classes are missed"
    classes = classes_of(bundle, dataset)
    shown = drawn(bundle, styles, dataset, set(tests["family"].unique()))
    if tests.is_empty() or not classes or not shown:
        return Part("classes", title, empty=NOTHING)
    level = facts.level(bundle)
    found = [(style, _recalls(tests.filter(pl.col("family") == style.name), classes, level)) for style in shown]
    figure = _recall_figure(found, classes, dataset, styles.dataset(dataset), level)
    tables = confusions(tests, classes, shown)
    return Part("classes", title, (), (figure,) if figure else (), confusions=tuple(tables))


def _recalls(part: pl.DataFrame, classes: list[str], level: float) -> list[Recall]:
    codes = part.select(
        pl.col("truth", "label").replace_strict(classes, list(range(len(classes))), return_dtype=pl.Int64)
    )
    return recalls(
        codes["truth"].to_numpy(), codes["label"].to_numpy(), part["row"].to_numpy(), len(classes), level=level
    )


def _recall_figure(
    found: list[tuple[Style, list[Recall]]], classes: list[str], dataset: str, place: str, level: float
) -> Figure | None:
    there = [k for k in range(len(classes)) if any(one[k].share is not None for _, one in found)]
    means = {k: float(np.mean([one[k].share for _, one in found if one[k].share is not None])) for k in there}
    hardest = sorted(there, key=lambda k: (means[k], k))
    if not hardest:
        return None
    rows, lines = [], []
    for k in sorted(hardest[:CLASSES]) if len(there) <= CLASSES else hardest[:CLASSES]:
        dots = [
            Dot(style.short, style.shape, style.hue, r.share, r.low, r.high, key=style.key)
            for style, one in found
            if (r := one[k]).share is not None
        ]
        rows.append((classes[k], f"{formats.count(found[0][1][k].rows)} rows", dots))
        cells = [f"{formats.score(one[k].share)} {formats.interval(one[k].low, one[k].high)}" for _, one in found]
        lines.append((classes[k], *cells))
    worst, best = hardest[0], hardest[-1]
    conclusion = f"{classes[worst]} is found least often ({_percent(means[worst])} of its rows on average)"
    conclusion += f", {classes[best]} most often ({_percent(means[best])})." if worst != best else "."
    note = (
        f"Share of a class's test rows that are found. Bar: {100 * level:g}% interval (Wilson), each row counted once."
    )
    note += f" The {CLASSES} hardest of {len(there)} classes." if len(there) > CLASSES else ""
    label = f"Recall by class on {place}: {conclusion}"
    table = Table(("Class", *(style.short for style, _ in found)), tuple(lines))
    return Figure(f"recall-{dataset}", "Recall by class", note, lanes(rows, label, (0.0, 1.0)), table, conclusion)


def hardest(bundle: Bundle, styles: Styles, dataset: str) -> Part | None:
    """Rows that most families get wrong, with what stands in the raw table and what is said of them."""
    tests, title = tested(bundle, dataset), "The hardest rows"
    shown = drawn(bundle, styles, dataset, set(tests["family"].unique()))
    tests = tests.filter(pl.col("family").is_in([style.name for style in shown]))
    if tests.is_empty():
        return Part("rows", title, empty=NOTHING)
    duplicates = bundle.frame("duplicates").filter(pl.col("dataset") == dataset).select("row", "duplicates")
    if bundle.study.task == "regression":
        return _far_rows(tests, duplicates, title)
    by = missed_by(tests)
    rows = wrong_rows(tests, by)
    wrong = rows.filter(pl.col("wrong") > 0)
    if wrong.is_empty():
        return Part("rows", title, ("Every family gets every row right in every repeat.",))
    listed = with_duplicates(wrong.head(LISTED), tests, duplicates)
    lines = tuple(
        (
            formats.count(r["row"]),
            r["truth"],
            f"{r['said']} ({formats.probability(r['source'])})",
            formats.probability(r["wrong"]),
            f"{r['families']} of {r['of']}",
            _equals(r, "label"),
        )
        for r in listed.iter_rows(named=True)
    )
    head = ("Row", "Truth", "Said instead", "Wrong", "Families wrong", "Equal rows")
    said, figure = _how_many(
        rows, _alone(by), dataset, styles.dataset(dataset), anew=_anew(bundle, by.height == tests.height, dataset)
    )
    return Part(
        "rows",
        title,
        said,
        (figure,),
        ((_listed(len(lines), rows.height), Table(head, lines)),),
    )


def _listed(shown: int, rows: int) -> str:
    return f"The hardest {shown} of {formats.count(rows)} rows, by their place in the raw table, counted from 0."


def _equals(row: dict[str, object], what: str) -> str:
    """What the table itself says of a row: rows with the same features, and those of them with another truth."""
    if not row["equal"]:
        return formats.NONE
    said = formats.plural(int(row["equal"]), "equal row")  # type: ignore[call-overload]
    return f"{said}, {row['other']} with another {what}" if row["other"] else said


def _alone(by: pl.DataFrame) -> dict[str, float]:
    """By family, the share of rows that it gets wrong more often than not."""
    shares = by.group_by("family").agg((pl.col("wrong") > 0.5).mean()).sort("family")
    return {str(family): float(share) for family, share in shares.iter_rows()}


def _anew(bundle: Bundle, once: bool, dataset: str) -> str:
    """Why no row is met again, in a sentence: it was tested once, or is new in every draw; empty where rows are."""
    if once:
        return ONCE
    draws = bundle.frame("tables").filter(pl.col("dataset") == dataset)["draws"].to_list()
    return "Rows are new in every draw." if any(draws) else ""


def _how_many(
    rows: pl.DataFrame, alone: dict[str, float], dataset: str, place: str, *, anew: str
) -> tuple[tuple[str, ...], Figure]:
    """How many rows are got wrong by how many families, beside how many would be if families erred independently.

    anew: why no row is met again, if so: what a row is cannot be told from what chance did to it.
    """
    families = len(alone)
    counts = dict(rows.group_by("families").len().iter_rows())
    total = rows.height
    order = list(range(families, -1, -1))
    names = {families: "all", 0: "none"}
    made = [
        Row(
            f"{names.get(n, n)} wrong",
            bar(0, 100 * counts.get(n, 0) / total, 11, 12, "c-all"),
            note=f"{formats.count(counts.get(n, 0))} · {formats.share(counts.get(n, 0), total)}",
        )
        for n in order
    ]
    every = counts.get(families, 0)
    who = "both families" if families == 2 else f"all {formats.spelled(families)} families"
    counted = formats.plural(every, "row") if every else "No row"
    said = f"{counted} of {formats.count(total)} {'is' if every < 2 else 'are'} got wrong by "
    said += who if families > 1 else "the family"
    said += ", more often than not." if every and not anew else "."
    if families > 1:
        chance = total * math.prod(alone.values())
        said += f" Were their errors independent of each other, {_about(chance)} would be."
        if not anew and every > chance + 2 * math.sqrt(max(chance, 1.0)):
            said += " No choice among these families helps there: look at the rows themselves."
    table = Table(("Families wrong", "Rows"), tuple((str(n), formats.count(counts.get(n, 0))) for n in order))
    note = "A family gets a row wrong when more than half of its predictions over the repeats are wrong."
    note = anew if anew == ONCE else f"{note} {anew}".strip()
    label = f"Rows of {place} by how many families get them wrong: {said}"
    return (said,), Figure(
        f"wrong-{dataset}",
        "How many families miss a row",
        note,
        row_plot(made, label, Markup(""), 22, widest=620),
        table,
    )


def _about(rows: float) -> str:
    return "hardly one" if rows < 0.5 else f"about {formats.count(round(rows))}"


def _far_rows(tests: pl.DataFrame, duplicates: pl.DataFrame, title: str) -> Part:
    listed = with_duplicates(missed_rows(tests).head(LISTED), tests, duplicates)
    lines = tuple(
        (
            formats.count(r["row"]),
            formats.quantity(r["truth"]),
            f"{formats.quantity(r['low'])} to {formats.quantity(r['high'])}",
            formats.quantity(r["error"]),
            _equals(r, "value"),
        )
        for r in listed.iter_rows(named=True)
    )
    head = ("Row", "Truth", "Predicted, least to most", "Median error", "Equal rows")
    said = "The median, over families, of how far a row's mean prediction lies from the truth, in the target's unit."
    return Part("rows", title, (said,), tables=((_listed(len(lines), tests["row"].n_unique()), Table(head, lines)),))


def disagree(bundle: Bundle, styles: Styles, dataset: str) -> Part | None:
    """The share of rows on which two families say different things; of numbers, how alike their residuals are."""
    tests = tested(bundle, dataset)
    shown = drawn(bundle, styles, dataset, set(tests["family"].unique()))
    numbers, title = bundle.study.task == "regression", "Where families disagree"
    if len(shown) < 2:
        return Part("disagreement", title, empty="It takes two families to disagree.")
    names = [style.name for style in shown]
    said = residuals(tests, names) if numbers else side_by_side(tests, names)
    if len(said) < 2:
        return Part("disagreement", title, empty="No test row was predicted by all of these families.")
    values = alike(said) if numbers else disagreement(said)
    show = formats.score if numbers else _percent
    words = [[formats.NONE if np.isnan(v) else show(float(v)) for v in row] for row in values]
    conclusion = _alike_words(shown, values) if numbers else _disagree_words(shown, values, said, tests)
    label = f"{title}, {styles.dataset(dataset)}: {conclusion}"
    note = (
        "Correlation of residuals on the same test rows: near 1, two families make the same errors."
        if numbers
        else "Share of test rows on which two families say different things, over all repeats."
    )
    head, name = ("Family", *(style.short for style in shown)), "Likeness of errors" if numbers else "Disagreement"
    rows = tuple((style.title, *row) for style, row in zip(shown, words, strict=True))
    body = heat([(style.short, style.shape, style.hue) for style in shown], values, words, label)
    return Part(
        "disagreement", title, (), (Figure(f"disagree-{dataset}", name, note, body, Table(head, rows), conclusion),)
    )


def _disagree_words(shown: list[Style], values: np.ndarray, said: np.ndarray, tests: pl.DataFrame) -> str:
    pairs = [(float(values[i, j]), i, j) for i in range(len(shown)) for j in range(i + 1, len(shown))]
    least, most = min(pairs), max(pairs)
    united = float((said == said[:, :1]).all(axis=1).mean())
    ends = f"{shown[most[1]].title} and {shown[most[2]].title} disagree on {_percent(most[0])} of rows"
    if len(pairs) > 1:
        ends += f", {shown[least[1]].title} and {shown[least[2]].title} on {_percent(least[0])}"
        ends += f"; all say the same on {_percent(united)}"
    return f"{ends}."


def _alike_words(shown: list[Style], values: np.ndarray) -> str:
    pairs = [(float(values[i, j]), i, j) for i in range(len(shown)) for j in range(i + 1, len(shown))]
    pairs = [pair for pair in pairs if not np.isnan(pair[0])]
    if not pairs:
        return "A family's residuals are constant, so there is nothing to compare."
    low, i, j = min(pairs)
    both = f"{shown[i].title} and {shown[j].title}"
    return f"The least alike are {both}, whose errors have a correlation of {formats.score(low)}."


def _percent(value: float) -> str:
    """A share of rows with one decimal: families that are good differ behind it."""
    return formats.share(value, 1)
