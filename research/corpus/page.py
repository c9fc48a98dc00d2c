"""Counts of all rules to docs/corpus.md: `python -m research.corpus.page`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import isnan
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from research.calibrate.finder import EVERY_WORLD
from research.calibrate.page import markdown
from research.calibrate.rows import Row, Table, percent
from research.corpus import authors, papers
from research.corpus.fits import MOST_REPEATS, fit_world
from research.corpus.papers import ALL, ERROR, NUMBER, SOUND
from research.corpus.rules import NAIVE, count

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "corpus.md"
DRAWS = 3
FOLLOWED = (SOUND, ERROR)
_ABOUT = """\
# A corpus with known answers

`make corpus` holds printed numbers whose truth is known against scores, by bench and by three naive rules, and
writes this page ({numbers} numbers; ten minutes on two quiet cores). A short form runs with every `make test`.

- **Other seeds of the authors**: five seeds of a model, as printed, beside the other seeds of its authors. In two ways
  another model's number, or the best seed, stands where the mean should. Tolerance .002, else .01.
- **Simulated papers**: three models on two small and two larger datasets, seven worlds in three draws, under a valid
  protocol or an error of it. The study does what the paper says, with ten repeats on splits of its own.
- **Simulated regressions**: the same with four worlds whose target is a number of variance about one, judged by mean
  squared error, mean absolute error or R² with the same tolerance, .01.
- **Weaker studies**: the paper is right, and the study does not know that its models are weaker (one neighbour, one
  feature, one split, two rounds) or that it has half of the paper's columns, or of its rows.

What is wrong concerns one number, one model on all datasets, one dataset, or everything. A number is *wrong* if its
protocol moves it by more than the tolerance on average, on its own table and on all tables of the kind, *trifling*
(counted neither way) if by less, else *sound*. An *alarm* is a number that differs, with strong evidence; *not
reproduced* is one beside which a control stands: more than half of the other numbers of the dataset that could have
shown such a shift do not differ, and the model's own numbers on other datasets are not shifted alike.
"""
_CARE = """\
## What to read with care

- Precision depends on how many numbers are wrong, and that is a choice here: the corpus is no sample of the literature.
- An error of everything and a study that is weaker in everything are mirror images, and no rule on the table tells them
  apart: both are *differs*, and the answer for the paper names them. So recall falls there, on purpose.
- Two blind spots stay: one number that went wrong here, and one weak model where the paper has one dataset or two. Both
  look like one wrong number of the paper, for classes and regressions alike, and no rule on the table tells them apart.
- Where one number is wrong, ten repeats decide less than fifty would, of regressions most: their scores vary more.
  `bench settle` says how many repeats decide a claim.
- Truth is a mean over simulated papers, and near the tolerance it is itself uncertain.
- The simulated protocols tune one parameter at most; classes are two. Weaker means much weaker.
- Half of the rows is left out for the small tables of the tuned world: its inner folds have too few rows.
"""


def document(
    numbers: pl.DataFrame, wholes: pl.DataFrame, missing: Sequence[str] = ()
) -> str:
    """The page."""
    ours, wholes = (frame.filter(~pl.col("endless")) for frame in (numbers, wholes))
    tables = (
        tabulate_goals(numbers, wholes),
        tabulate_alone(ours.filter(is_once())),
        tabulate_scopes(ours),
        tabulate_decided(numbers),
        tabulate_wholes(wholes),
        tabulate_ways(ours.filter(pl.col("case").is_in(FOLLOWED))),
    )
    parts = [_ABOUT.format(numbers=f"{ours.filter(is_once()).height:,}")]
    parts += [markdown(table) for table in tables]
    parts.append(_CARE)
    if missing:
        parts.append(
            f"Not counted here, because their scores are not on this machine (`make evidence`): {', '.join(missing)}.\n"
        )
    return "\n".join(parts)


def is_once() -> pl.Expr:
    """Of every number one row, whatever it is combined with."""
    return (pl.col("case") == SOUND) | (pl.col("scope") == NUMBER)


def show(share: float) -> str:
    return "-" if isnan(share) else percent(share)


def share_of(frame: pl.DataFrame, column: str) -> str:
    values = frame[column].to_numpy()
    return percent(float(values.mean())) if len(values) else "-"


def interval(frame: pl.DataFrame, column: str) -> str:
    """95 % of the share, worlds and draws, or tables of authors, resampled whole."""
    papers = frame.group_by("paper", maintain_order=True)
    sums = papers.agg(pl.sum(column).alias("hits"), pl.len()).sort("paper")
    if sums["hits"].sum() == 0:
        return f"none of {frame.height:,}"
    size = (2000, sums.height)
    picks = np.random.default_rng(3).integers(sums.height, size=size)
    hits, rows = (sums[name].to_numpy()[picks].sum(axis=1) for name in ("hits", "len"))
    low, high = np.quantile(hits / rows, (0.025, 0.975))
    return f"{percent(low)} to {percent(high)}"


def tabulate_goals(numbers: pl.DataFrame, wholes: pl.DataFrame) -> Table:
    """What was wanted, and what came out."""
    ours = numbers.filter(~pl.col("endless"))
    wrong = ours.filter(is_once(), truth="wrong")
    known = wholes.filter(pl.col("beyond").is_not_null())
    wanted: list[tuple[str, str, str, pl.DataFrame, str]] = []
    for group, scope, case in product(papers.GROUPS, (ALL, NUMBER), papers.WEAKNESSES):
        weaker = ours.filter(group=group, case=case, scope=scope)
        name = f"{case}, {scope}: said *not reproduced*"
        wanted.append((group, name, "at most 15", weaker, "not_reproduced"))
    for group in (*papers.GROUPS, authors.GROUP):
        alarms = wrong.filter("alarm", group=group)
        name = "alarms on single wrong numbers that stay"
        wanted.append((group, name, "at least 80", alarms, "not_reproduced"))
        name, held = "wrong numbers that are said to hold", wrong.filter(group=group)
        wanted.append((group, name, "at most 1", held, "holds"))
    for group in papers.GROUPS:
        whole = known.filter(group=group)
        wanted.append((group, "wrong answers for a paper", "at most 6", whole, "wrong"))
    rows: list[Row] = []
    for group, name, limit, frame, column in wanted:
        shares = (share_of(frame, column), interval(frame, column))
        rows.append((group, name, limit, *shares))
    for group, (name, cases, scopes) in product(
        papers.GROUPS,
        (
            ("all together", FOLLOWED, papers.SCOPES),
            ("one number wrong", (ERROR,), (NUMBER,)),
        ),
    ):
        decided, bound = decide(numbers, group, cases, scopes)
        known_bound = "-" not in (decided, bound)
        below = f"{float(bound) - float(decided):.1f}" if known_bound else "-"
        what = f"{name}: points decided below the bound"
        rows.append((group, what, "at most 3", below, "-"))
    rows.sort(key=lambda row: [*papers.GROUPS, authors.GROUP].index(row[0]))
    about = (
        "What was wanted and what came out, %; worlds and draws are resampled whole."
    )
    head = ("group", "share", "wanted", "measured", "95 % interval")
    return Table("In short", about, head, rows)


def tabulate_alone(once: pl.DataFrame) -> Table:
    """All numbers by all rules, and by bench those of each group."""
    paper = pl.col("case").is_in(FOLLOWED)
    parts = [(rule, rule, once) for rule in NAIVE] + [("bench", "alarm", once)]
    for group in (authors.GROUP, *papers.GROUPS):
        parts.append((f"bench: {group}", "alarm", once.filter(paper, group=group)))
    rows: list[Row] = []
    for name, column, frame in parts:
        if frame.is_empty():
            continue
        counts = count(frame, column)
        shares = (show(counts.precision), show(counts.recall))
        alarms = (str(counts.right), str(counts.false), *shares)
        rows.append((name, *alarms, str(counts.cleared), percent(counts.decided)))
    about = (
        "Each number alone, by alarms. Naive rules call wrong what lies outside half a unit of the last decimal, the "
        "tolerance, or one standard deviation of our runs, and say that all else holds. Beside a weaker study or "
        "poorer data every alarm is false."
    )
    head = ("rule", "alarms right", "alarms false", "precision, %", "recall, %")
    more = ("wrong, said to hold", "decided, %")
    return Table("One number alone", about, (*head, *more), rows)


def tabulate_scopes(simulated: pl.DataFrame) -> Table:
    """Alarms and what controls leave of them, by what is wrong and how much of it."""
    rows: list[Row] = []
    sound = []
    for group in papers.GROUPS:
        mine = simulated.filter(group=group)
        parts = [mine.filter(truth="wrong")]
        parts += [mine.filter(case=case) for case in papers.WEAKNESSES]
        for scope in (*papers.SCOPES, *papers.ALONE):
            cells = [reduce_alarms(part.filter(scope=scope)) for part in parts]
            rows.append((group, scope, *cells))
        sound.append(f"{reduce_alarms(mine.filter(case=SOUND))} % of {group}")
    about = (
        "Alarms → *not reproduced*, % of the numbers concerned, in papers of four datasets and of one. Those on an "
        f"error of the paper are right, all others false; of sound papers beside faithful studies {', '.join(sound)}."
    )
    head = ("group", "what is wrong concerns", ERROR, *papers.WEAKNESSES)
    return Table("With controls", about, head, rows)


def reduce_alarms(frame: pl.DataFrame) -> str:
    return f"{share_of(frame, 'alarm')} → {share_of(frame, 'not_reproduced')}"


def decide(
    numbers: pl.DataFrame, group: str, cases: Sequence[str], scopes: Sequence[str]
) -> tuple[str, str]:
    """The share reproduced or not reproduced, with our repeats and with endless ones, of papers that have both."""
    is_meant = pl.col("case").is_in(cases) & pl.col("scope").is_in(scopes)
    mine = numbers.filter(is_meant, group=group)
    endless = mine.filter("endless")
    ours = mine.filter(~pl.col("endless")).join(endless, on="paper", how="semi")
    return share_of(ours, "decided"), share_of(endless, "decided")


def tabulate_decided(numbers: pl.DataFrame) -> Table:
    """How often a number is decided, beside what no repeat of ours can change."""
    every = papers.SCOPES
    rows: list[Row] = []
    for group in papers.GROUPS:
        wrong = decide(numbers, group, (ERROR,), (NUMBER,))
        rows.append((group, *decide(numbers, group, FOLLOWED, every)))
        rows.append(("of these: sound", *decide(numbers, group, (SOUND,), every)))
        rows.append(("of these: one number wrong", *wrong))
    rows.append((authors.GROUP, *decide(numbers, authors.GROUP, FOLLOWED, every)))
    about = (
        "Numbers *reproduced* or *not reproduced*, %, and the bound: the same with endless repeats of ours "
        f"({MOST_REPEATS} repeats of the first draw; our seeds of the authors' models counted {authors.TIMES} times)."
    )
    return Table("How often it decides", about, ("numbers", "decided", "bound"), rows)


def tabulate_wholes(wholes: pl.DataFrame) -> Table:
    """The answers for papers."""
    rows: list[Row] = []
    for group, case in product(papers.GROUPS, (SOUND, ERROR, *papers.WEAKNESSES)):
        mine = wholes.filter(group=group, case=case)
        cells = []
        for scope in papers.SCOPES:
            part = mine.filter(scope=scope)
            shares = (share_of(part, answer) for answer in ("holds", "differs"))
            cells.append(" / ".join(shares) if part.height else "-")
        known = mine.filter(pl.col("beyond").is_not_null())
        wrong = share_of(known, "wrong")
        rows.append((group, case, *cells, str(mine.height), wrong))
    about = (
        "The mean of ours − published over four datasets *holds* / *differs* as a whole, % of papers; the others are "
        "open. Wrong: *differs* where the mean of all papers of the kind lies within the tolerance, *holds* where it "
        "lies beyond, % of the papers that are not near the border."
    )
    head = ("group", "what is wrong", *papers.SCOPES, "papers", "wrong, %")
    return Table("The answer for the paper", about, head, rows)


def tabulate_ways(ours: pl.DataFrame) -> Table:
    """Alarms by how the numbers were made."""
    rows: list[Row] = []
    known = ours.filter(truth="wrong").sort("group", "way")
    for key, part in known.group_by("group", "way", maintain_order=True):
        once, every = part.filter(is_once()), part.filter(scope=ALL)
        shares = (share_of(once, "alarm"), share_of(once, "not_reproduced"))
        cells = (str(once.height), *shares, share_of(every, "not_reproduced"))
        rows.append((*map(str, key), *cells))
    about = "Wrong numbers: alarms, and *not reproduced* where one number, or everything, was made this way."
    head = ("group", "way", "numbers", "alarms, %", "one number, %", "everything, %")
    return Table("By how the number was made", about, head, rows)


def judge_all(results: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What is said of each number, and of each simulated paper as a whole."""
    numbers: list[dict[str, Any]] = list(authors.judge_studies(results))
    wholes: list[dict[str, Any]] = []
    # a fork of a process whose polars has run waits for ever
    with get_context("spawn").Pool() as pool:
        for of_numbers, of_papers in pool.imap(judge_world, EVERY_WORLD):
            numbers += of_numbers
            wholes += of_papers
    return pl.DataFrame(numbers, infer_schema_length=None), pl.DataFrame(wholes)


def judge_world(name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The same of the papers of one world."""
    fits = list(fit_world(name, 0, most_repeats=MOST_REPEATS))
    for draw in range(1, DRAWS):
        fits += fit_world(name, draw)
    return papers.judge_papers(fits)


if __name__ == "__main__":
    text = document(*judge_all(ROOT / "results"), authors.missing(ROOT / "results"))
    PAGE.write_text(text, encoding="utf-8")
