"""The tables of a page as sheets: text as the page prints it, from the sections themselves, every mark explained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bench.report.bundle import Bundle
from bench.report.charts.svg import Table
from bench.report.styles import styles_of
from bench.text import formats
from bench.text.words import VERDICTS

TIED = "●"
Shown = dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """A table for print, and the same, a row an observation, for programs.

    A cell of `table` may have lines below the first (an interval); `notes` explain every mark in it.
    """

    id: str
    title: str
    table: Table
    notes: tuple[str, ...]
    long: Table


def sheets(bundle: Bundle, sections: Mapping[str, Shown]) -> list[Sheet]:
    """Data sets, claims, results a metric, pairs a data set, pairs over data sets: those that there are.

    `sections`: what the sections of the page show, by their ids.
    """
    shown = (sections[name] for name in ("claims", "families", "differences"))
    return [*_datasets(bundle), *(one for of, found in zip((_claims, _results, _pairs), shown) for one in of(found))]


def _cell(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _datasets(bundle: Bundle) -> Iterator[Sheet]:
    frame, styles = bundle.frame("tables"), styles_of(bundle)
    if frame.height:
        rows = tuple(
            (
                styles.dataset(row["dataset"]),
                formats.count(row["rows"]),
                formats.count(row["features"]),
                formats.count(len(row["classes"])) if row["classes"] else formats.NONE,
                row["source"] or formats.NONE,
            )
            for row in frame.iter_rows(named=True)
        )
        table = Table(("Data set", "Rows", "Features", "Classes", "Source"), rows)
        yield Sheet("datasets", "Data sets", table, (), table)


#: What marks a claim that no paper makes.
OWN = "the study's own"


def _claims(found: Shown) -> Iterator[Sheet]:
    if not found["rows"]:
        return
    head = ("Claim", "Published", "Ours", "Ours − published", "Verdict")
    rows = tuple(
        (
            _cell(row["name"], row["what"], OWN if row["own"] else ""),
            row["published"],
            row["ours"],
            _cell(row["difference"], row["of"], row["interval"]),
            _cell(
                VERDICTS[row["verdict"]][1], _unless(row["fidelity"], "exact"), row["protocol"] and "protocol differs"
            ),
        )
        for row in found["rows"]
    )
    notes = [f"{VERDICTS[one['verdict']][1]}: {one['meaning']}." for one in found["legend"]]
    notes.append(
        "Brackets: the 90% interval that the verdict rests on, of the difference ours − published"
        + ("; of a comparison without a published size, of the improvement itself." if found["improvement"] else ".")
    )
    if any(row["own"] for row in found["rows"]):
        notes.append(f"{OWN.capitalize()}: a number or order that the study itself expects, and no paper's.")
    notes += [f"Where no interval is printed: {found['bare']}."] if found["bare"] else []
    yield Sheet("claims", "Published and reproduced", Table(head, rows), tuple(notes), _long_claims(found["rows"]))


def _unless(text: str, usual: str) -> str:
    return "" if text == usual else text


def _long_claims(rows: list[dict[str, Any]]) -> Table:
    head = (
        "Claim", "About", "Where", "Published", "Ours", "Ours − published", "Interval", "Smallest tolerance", "Verdict",
        "Fidelity", "Protocol", "Reason", "Note", "Said by",
    )  # fmt: skip
    keys = ("name", "what", "where", "published", "ours", "difference", "interval", "smallest")
    return Table(
        head,
        tuple(
            (
                *(row[key] for key in keys),
                VERDICTS[row["verdict"]][1],
                row["fidelity"],
                row["protocol"] or "same",
                row["reason"],
                row["note"],
                "author" if row["own"] else "paper",
            )
            for row in rows
        ),
    )


def _results(found: Shown) -> Iterator[Sheet]:
    for metric in found["metrics"]:
        datasets, rows = metric["datasets"], metric["families"]
        down = metric["down"] == "families"
        titles, across = [style.title for style in rows], [place["title"] for place in datasets]
        head = ("Family", *across) if down else ("Data set", *titles)
        body = [
            (first, *(_score(cell) for cell in cells))
            for first, cells in zip(titles if down else across, metric["cells"], strict=True)
        ]
        if metric["baseline"]:
            base = [place["baseline"] or formats.NONE for place in datasets]
            body = (
                [*body, ("Baseline", *base)] if down else [(*row, value) for row, value in zip(body, base, strict=True)]
            )
            head = head if down else (*head, "Baseline")
        name = metric["title"]
        table = Table(head, tuple(body))
        yield Sheet(
            f"results-{metric['name']}", f"{name} of every family", table, _marks(metric, found["level"]), _long(metric)
        )


def _score(cell: dict[str, Any]) -> str:
    value = f"{cell['value']} {TIED}" if cell["tied"] else cell["value"]
    return _cell(value, cell["interval"], *(state.words for state in cell["states"]))


def _marks(metric: dict[str, Any], level: str) -> tuple[str, ...]:
    said = [f"{metric['title']}, {metric['direction']}: {metric['how']}."]
    if metric["tested"]:
        said.append(
            f"{TIED} marks the best and every family that no test tells from it, after Holm at the {level} level; "
            f"brackets hold the {level} interval."
        )
    said += ["Intervals end where the metric does."] if metric["clipped"] else []
    return (*said, *filter(None, (metric["no_interval"], metric["fallback"])))


def _long(metric: dict[str, Any]) -> Table:
    """A row a data set and family."""
    down = metric["down"] == "families"
    body = []
    for i, place in enumerate(metric["datasets"]):
        for j, style in enumerate(metric["families"]):
            cell = metric["cells"][j][i] if down else metric["cells"][i][j]
            tied = ("yes" if cell["tied"] else "no") if metric["tested"] else formats.NONE
            body.append(
                (
                    place["title"],
                    style.title,
                    cell["value"],
                    cell["interval"],
                    tied,
                    "; ".join(state.words for state in cell["states"]),
                )
            )
        if metric["baseline"]:
            body.append((place["title"], "Baseline", place["baseline"] or formats.NONE, "", formats.NONE, ""))
    return Table(("Data set", "Family", metric["title"], "Interval", "Not worse than the best", "State"), tuple(body))


_ODDS = (("P(better)", "better"), ("P(same)", "same"), ("P(worse)", "worse"))


def _pairs(found: Shown) -> Iterator[Sheet]:
    rope = f"P(same): the difference lies within {found['rope']}." if found["rope"] else ""
    for place in found["places"]:
        extra = (*_ODDS, *((("Repeats to decide", "needed"),) if place["needed"] else ()))
        notes = (f"Differences in {found['metric']}, first family minus second; p after Holm.", rope, place["note"])
        where = place["title"]
        yield _of_pairs(f"pairs-{where}", f"Every pair on {where}", place["pairs"], extra, notes)
        if place["rows"]:
            yield _row_by_row(where, place["rows"])
    overall = found["overall"]
    if overall and overall["pairs"]:
        extra = (("Wins–ties–losses", "wins"), *(_ODDS if overall["chances"] else ()))
        said = (overall["note"], f"Wins, ties and losses of the first family: {overall['ties']}.")
        yield _of_pairs("pairs", overall["title"], overall["pairs"], extra, said)


def _row_by_row(where: str, rows: list[dict[str, Any]]) -> Sheet:
    head = ("Family", "Against", "Test", "Metric", "Difference", "Interval", "p (Holm)")
    keys = ("test", "metric", "difference", "interval", "p")
    table = Table(head, tuple((row["a"].title, row["b"].title, *(row[key] for key in keys)) for row in rows))
    note = "Every test row was predicted once, by one fit of each family: the test speaks of these fits."
    return Sheet(f"rows-{where}", f"Row by row on the test set of {where}", table, (note,), table)


def _of_pairs(
    id_: str, title: str, rows: list[dict[str, Any]], extra: tuple[tuple[str, str], ...], notes: tuple[str, ...]
) -> Sheet:
    head = ("Family", "Against", "Difference", "Interval", "p (Holm)", *(name for name, _ in extra))
    keys = ("difference", "interval", "p", *(key for _, key in extra))
    body = tuple((row["a"].title, row["b"].title, *(row[key] or formats.NONE for key in keys)) for row in rows)
    table = Table(head, body)
    return Sheet(id_, title, table, tuple(filter(None, notes)), table)
