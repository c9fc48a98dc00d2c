"""Counts of all rules to docs/corpus.md: `python -m research.corpus.page`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isnan
from pathlib import Path

import numpy as np

from research.calibrate.page import markdown
from research.calibrate.rows import Row, Table, percent
from research.corpus import authors, copied, simulated
from research.corpus.rules import BENCH, NAIVE, Case, at_recall, counted

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "corpus.md"
RULES = (*NAIVE, BENCH)
TABLES, DRAWS = 40, 1
GROUPS: Mapping[str, str] = {
    copied.GROUP: "A printed table and the scores that it was made from: ten runs of five models on four datasets. "
    "Half of the tables are rounded, half are cut; one number in ten has a typo. Judged as claims of kind `printed`.",
    authors.GROUP: "Five seeds of a model, as printed, beside the other seeds of its authors: what differs is real "
    "noise. Two ways are sound; in two another model's number, or the best seed, stands where the mean should. "
    "Tolerance .002.",
    simulated.FOLLOWS: "Papers of research/calibrate: three models on a small table, under a valid protocol, under an "
    "error that bench lists as an explanation, or under one that it does not list. The study does what the paper says, "
    "with ten repeats on splits of its own.",
    simulated.WEAKER: "Valid papers, and a study whose models are weaker: one neighbour, one feature, one split, two "
    "rounds. The paper is right, so that every alarm is wrong. Half of the judgements know that the study is weaker "
    "(`fidelity: approximated`), half do not.",
}
_ABOUT = """\
# A corpus with known answers

`make corpus` holds {cases} printed numbers whose truth is known against scores, by the rules of bench and by four naive
ones, and writes this page. A short form runs with every `make test`.

A number is *off* if it is not what the stated protocol gives and the difference is beyond the tolerance on average
({tolerance} of a score between 0 and 1, unless a group says otherwise), *trifling* if it is not and the difference is
smaller, and *sound* else. An alarm says that a number is wrong: of bench that it `differs` with strong evidence, of a
naive rule that ours lies outside

- **written precision**: half a unit of the last printed decimal around it,
- **fixed tolerance**: the tolerance of bench,
- **within one sd of the runs**: the standard deviation of our runs (repeats or seeds),
- **95 % prediction interval of three runs**: mean ± t(2) s √(1 + 1/3) of our first three.

Alarms on trifling numbers count as neither right nor wrong. *Precision*: the share of alarms that are right. *Recall*:
the share of numbers off with an alarm. *Passed*: numbers off of which the rule says that they hold. *Decided*: bench
says that a number is wrong or holds; naive rules always say one of the two.

The last two columns compare precision at equal recall, in both directions: the rule with its threshold moved until it
finds as many as bench does, and bench at the level of significance at which it finds as many as the rule does; a dash
where it finds so many at no level.
"""
_HEAD = (
    "rule",
    "alarms right",
    "alarms wrong",
    "precision, %",
    "recall, %",
    "off, passed",
    "decided, %",
)
_EQUAL = (
    "precision at bench's recall, %",
    "bench's precision at this recall, % (level)",
)


def document(cases: Sequence[Case], missing: Sequence[str] = ()) -> str:
    """The page."""
    head = _ABOUT.format(cases=f"{len(cases):,}", tolerance=".01")
    parts = [head, markdown(_rules("All numbers", _mix(cases), cases)), _answer(cases)]
    for group, about in GROUPS.items():
        if mine := [one for one in cases if one.group == group]:
            title = f"{group[0].upper()}{group[1:]}"
            parts.append(markdown(_rules(title, f"{about} {_mix(mine)}", mine)))
    parts += [markdown(_ways(cases)), _HOW]
    if missing:
        parts.append(
            f"Not counted here, because their scores are not on this machine (`make evidence`): {', '.join(missing)}.\n"
        )
    return "\n".join(parts)


_HOW = """\
## What to read with care

- Precision depends on how many numbers are off, and that is a choice here: the corpus is no sample of the literature.
  The tables by group and by way have the shares that do not depend on it.
- The threshold or level at which two rules find as many is known only because the answers are. Nobody can set it for a
  paper; these columns compare what the rules know, not how they are used.
- A dash at a high recall is no accident: bench calls no number wrong that lies within the tolerance, at whatever level.
- Bench is told more than the naive rules: how many runs stand behind the printed number, whether splits or seeds were
  drawn, and whether the study is weaker than the paper. Telling it is what a study file is for.
- The simulated protocols tune one parameter at most, of two classes; there is no regression.
"""


def _mix(cases: Sequence[Case]) -> str:
    truths = [one.truth for one in cases]
    return (
        ", ".join(
            f"{truths.count(truth):,} {truth}" for truth in ("sound", "off", "trifling")
        )
        + "."
    )


def _answer(cases: Sequence[Case]) -> str:
    """Whether bench beats each naive rule in precision at its own recall: all together, then by group."""
    lines = []
    for title in ("all numbers", *dict.fromkeys(one.group for one in cases)):
        mine = [one for one in cases if title in ("all numbers", one.group)]
        own = counted(mine, BENCH)
        if own.right:
            said: dict[str, list[str]] = {}
            for rule in NAIVE:
                theirs = at_recall(mine, rule, own.recall)
                assert theirs is not None, (
                    "every naive rule alarms from some distance on"
                )
                difference = round(own.precision - theirs[1].precision, 9)
                word = (
                    "as precise as"
                    if difference == 0
                    else "more precise than"
                    if difference > 0
                    else _LESS
                )
                said.setdefault(word, []).append(rule)
            lines.append(
                f"- {title}: {'; '.join(f'{word} {_and(rules)}' for word, rules in said.items())}."
            )
    own = counted(cases, BENCH)
    price = (
        f"Bench decides {percent(own.decided)} % of all numbers and finds {percent(own.recall)} % of what is off. It "
        f"says of {own.cleared or 'no'} number that is off that it holds."
    )
    title = (
        "At its own recall, against each naive rule with its threshold moved, bench is"
    )
    return "\n".join([price, "", title, "", *lines, ""])


_LESS = "**less precise** than"


def _and(words: Sequence[str]) -> str:
    if len(words) == len(NAIVE):
        return "each of them"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _rules(title: str, about: str, cases: Sequence[Case]) -> Table:
    """What each rule says of these numbers."""
    rows: list[Row] = []
    bench = counted(cases, BENCH)
    for rule in RULES:
        one = counted(cases, rule)
        moved = (
            at_recall(cases, rule, bench.recall)
            if bench.right and rule != BENCH
            else None
        )
        equal = (
            at_recall(cases, BENCH, one.recall) if one.right and rule != BENCH else None
        )
        rows.append(
            (rule, str(one.right), str(one.wrong), _share(one.precision), _share(one.recall), str(one.cleared),
             percent(one.decided), "-" if moved is None else _share(moved[1].precision),
             "-" if equal is None else f"{_share(equal[1].precision)} ({1 - equal[0]:.2g})")
        )  # fmt: skip
    return Table(title, about, (*_HEAD, *_EQUAL), rows)


def _ways(cases: Sequence[Case]) -> Table:
    """The share of alarms of each rule, by how the numbers were made."""
    by: dict[tuple[str, str, str], list[Case]] = {}
    for one in cases:
        by.setdefault((one.group, one.truth, one.way), []).append(one)
    order = {"sound": 0, "off": 1, "trifling": 2}
    keys = sorted(
        by, key=lambda key: (list(GROUPS).index(key[0]), order[key[1]], key[2])
    )
    rows = [
        (
            *key,
            *(
                percent(float(np.mean([one.alarms[rule] for one in by[key]])))
                for rule in RULES
            ),
            str(len(by[key])),
        )
        for key in keys
    ]
    about = "Numbers with an alarm, % of those of a group, a truth and a way. Right is 0 on sound ones, 100 on those off."
    return Table(
        "By how the number was made",
        about,
        ("group", "truth", "way", *RULES, "numbers"),
        rows,
    )


def _share(value: float) -> str:
    return "-" if isnan(value) else percent(value)


def all_cases(
    tables: int = TABLES, draws: int = DRAWS, results: Path = ROOT / "results"
) -> Iterable[Case]:
    """The corpus, group by group."""
    yield from copied.cases(tables)
    yield from authors.cases(results)
    yield from simulated.cases(draws)


if __name__ == "__main__":
    PAGE.write_text(
        document(list(all_cases()), authors.missing(ROOT / "results")), encoding="utf-8"
    )
