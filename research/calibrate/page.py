"""The parts of docs/calibration.md that this module writes; sections of other simulations are kept.

`python -m research.calibrate.page halves repeats`: rows and sections of these kinds of cells, from the trials that were
simulated so far; all else stays as it is.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from research.calibrate import agreements, halves_rows, rows
from research.calibrate.bound import Bound
from research.calibrate.ledger import ROOT, Ledger, kind_of, versions
from research.calibrate.limits import bounds
from research.calibrate.parts import TRIALS
from research.calibrate.rows import Row, Table
from research.calibrate.tally import Tally

PAGE = ROOT / "docs" / "calibration.md"
OPENING, WHY, ALSO = (
    "## In one table",
    "## What does not hold, and why",
    "## What was also tried",
)
HOW, WHERE = "## How it was simulated", "## Where"
#: Sections that other simulations write (`whole`, `small_studies`, `healthy_page`, `finder_page`), in their order on
#: the page.
OTHERS = (
    "## The answer for a paper",
    "## Small studies",
    "## Diagnostics",
    "## Explanations of published numbers",
)
_ABOUT = """\
# How often bench errs

`make calibrate` simulates studies whose truth is known, lets bench test and judge them, and counts the errors. It
writes this page. A short form runs with every `make test`.
"""
_OPENING = f"""\
{OPENING}

One row a rule: what could go wrong, how often it may, and how often it did in the worst place of all that were
simulated, ± its standard error. A place is a family, metric, number of rows, share of the second class, and whatever
else a table below has columns for. **Yes**: no place is beyond the limit. **Within chance**: some are, none by more
than two standard errors. **No**: some are, by more; the next section says why.
"""
_TRIALS = f"""
{TRIALS} trials a place are meant; the table says how many were run. Stable families: lda, naive_bayes, logistic.
Unstable ones, whose fit hangs on few rows: a tree of one split (stump), nine and one nearest neighbours (knn, one_nn).
Power: how often a difference of two standard deviations is found, stable families.
Agreement is false: `reproduced`, `exact` or `differs` where the truth of the place says otherwise; the truth of a
number is how far the paper's implementation is off, in tolerances, and away from the border, where it is off by just
one. `fits` and `off` promise nothing; the tables of claims below show how often they are all that is said.
Claims on families with halves are not counted here beyond a number of another sample, nor are claims after a pilot.
"""
_ALSO = f"""\
{ALSO}

Other rules on the same samples, in the same words.
"""
_HEAD = (
    "rule",
    "what could go wrong",
    "limit, %",
    "measured worst, %",
    "where",
    "trials",
    "holds?",
)
_LINE = ("---", "---", "---", "---:", "---", "---:", "---")
_SKEWED = (
    "It is exact for normal repeats. Those of a stump are skewed and far from their mean now and then: a short pilot "
    "often sees too little of their spread. A pilot of twenty sees more (docs/history.md)."
)
_DOUBTED = (
    "Folds do not show how much the fits of these families depend on the rows. Where halves were fitted their variance "
    "is taken; where none were, the verdict says that the family is unstable, and how often its test errs."
)
#: Why a rule is known not to hold, by its name.
_REASONS = {
    "corrected t, unstable families": (
        "Almost all training sets of one sample lead to much the same fit and another sample to a different one. "
        "Folds, however often they are drawn, do not show this part of chance; two halves that share no row do. SHARP "
        "is the test there."
    ),
    "SHARP, 10 pairs of halves": (
        "Half of the rows tell less than all, and ten pairs tell the spread of their mean only roughly; the test "
        "allows for both. Thirty pairs lose less, at three times the price."
    ),
    "conservative z, 10 pairs of halves": (
        "Its variance is that of half of the rows, about twice too large: it finds fewer differences. Where both "
        "halves always predict the large class their scores are alike by stratification, and it says nothing."
    ),
    "interval of an accuracy, no class mix, stable families": (
        "Stratified folds all have the same class shares and samples do not: an accuracy that follows the share of the "
        "large class varies more between samples than between folds."
    ),
    "interval of a ROC AUC, plain scale, stable families": (
        "Few rows of a class make the area skewed, and its spread small where it is too large. On the logit scale the "
        "interval leans the other way."
    ),
    "interval of a score, class mix, unstable families": "As the corrected t; the wider of two is the one to take.",
    "repeats in two stages (Stein), pilot of 10": _SKEWED,
    "repeats in two stages (Stein), pilot of 20": _SKEWED,
    "published number of another sample, unstable families without halves": _DOUBTED,
    "published number on a fixed split": (
        "At the border of the tolerance the rule is designed to reach .05; away from the border it errs far less."
    ),
}
_HOW = """\
## How it was simulated

- Two classes, normal with unit covariance, their means 1.95 apart (LDA is right for some 83 % of balanced rows); each
  family sees three features. The class of a row is drawn, one half or one tenth of the second class on average; a
  sample in which a class has fewer rows than folds is drawn again. Ten stratified folds, drawn again for each repeat.
- Fewer places, more trials: halves and claims are simulated at 200 and 1000 rows, with families that are
  cheap to fit: linear discriminant analysis, Gaussian naive Bayes (stable), the nearest neighbour (1-NN) and a decision
  tree of one split (unstable, and worst of six in earlier runs). Tests and intervals without halves have logistic
  regression (L2, C = 1) and nine nearest neighbours too, and 4000 rows. A test holds all six against scikit-learn.
  Nothing is tuned.
- Halves: the rows are dealt into two halves, class by class, ten times (thirty times too at 200 rows); inside each half
  every family is cross-validated with ten folds, with five at 200 rows of which one tenth is of the second class.
- Equal families: the same kind on different features that carry the same signal, so that none is better by symmetry.
- A published number: one more ten-fold cross-validation of the same rows on folds of its own, printed with three
  decimals, the true difference added before printing; or of a sample of its own. The tolerance is .02 up to 300 rows
  and .01 above. Agreements are those of `bench.claims`, tests and intervals those of `bench.stats`.
- A fixed split: two thirds of the rows train; the seed of a run draws a bootstrap sample of them to fit on.
- A pilot: `bench.claims` asks for the repeats; they, the pilot and the paper's are drawn from 200 cross-validations of
  one sample, four times a sample.
- A lead of one family over another is added to its fold scores. Margins are .05 at 200 rows and .02 at 1000.
- Many datasets: 100, 200 or 400 rows, one half or three tenths of the second class, means 1 to 3 apart, one ten-fold
  cross-validation of LDA on ten blocks of features.
- The seed of a trial is made from the name of its cell and its number: the table is the same for any number of
  processes. Families in one row of a table share their samples.
- s.e.: Monte Carlo standard error, in points of percent, of the largest error rate of its row.
- Repeats in two stages: 200 cross-validations of one sample are all that can be drawn, so
  that their mean is the truth; every repeat is one of them, drawn at random.

Not simulated: tuned families, other distributions, more classes, regression, hold-out, shifts that change with the
split, claims over several datasets.
"""


def document(found: dict[str, Tally], before: str = "") -> str:
    """The whole page; rows and sections of cells that are not in `found` are those of the page `before`."""
    old = sections(before)
    new = _limits(bounds(found), old.get(OPENING, "") + old.get(ALSO, "")) | {HOW: _HOW}
    new |= {WHERE: _where()} if found or WHERE not in old else {}
    new |= {f"## {one.title}": markdown(one) for one in _tables(found) if one.rows}
    return _in_order(_ABOUT, old | new)


def sections(page: str) -> dict[str, str]:
    """The sections of a page by their title."""
    parts = [f"## {part.rstrip()}\n" for part in page.split("\n## ")[1:]]
    return {part.partition("\n")[0]: part for part in parts}


def with_section(page: str, title: str, section: str) -> str:
    """The page with that section in its place, once; its first line is its title, one of `OTHERS`."""
    if title not in OTHERS or section.partition("\n")[0] != title:
        raise ValueError(
            f"{title} is not the title of a section of {', '.join(OTHERS)}"
        )
    return _in_order(page.split("\n## ")[0], sections(page) | {title: section})


def put(title: str, section: str) -> None:
    """Write one section into docs/calibration.md."""
    PAGE.write_text(
        with_section(PAGE.read_text(encoding="utf-8"), title, section), encoding="utf-8"
    )


def _in_order(head: str, by_title: dict[str, str]) -> str:
    """The page; a section without a place on it is dropped."""
    titles = (
        OPENING,
        WHY,
        ALSO,
        *(f"## {one.title}" for one in _tables({})),
        *OTHERS,
        HOW,
        WHERE,
    )
    return "\n".join(
        f"{part.rstrip()}\n"
        for part in (head, *(by_title.get(one, "") for one in titles))
        if part
    )


def _tables(found: dict[str, Tally]) -> list[Table]:
    return [*agreements.tables(found), *halves_rows.tables(found), *rows.tables(found)]


def _limits(listed: Sequence[Bound], before: str) -> dict[str, str]:
    """The sections on limits; a rule without places has the row that it had before."""
    lines = [line[2:-2] for line in before.splitlines() if line.startswith("| ")]
    kept = {
        (cells[0], cells[1]): cells
        for cells in (tuple(line.split(" | ")) for line in lines)
    }
    rows: dict[bool, list[Row]] = {True: [], False: []}
    for one in listed:
        if row := one.row if one.places else kept.get((one.rule, one.danger)):
            rows[one.used].append(row)
    table = {
        used: [_row(_HEAD), _row(_LINE), *map(_row, own)] for used, own in rows.items()
    }
    failed = dict.fromkeys(
        row[0] for row in (*rows[True], *rows[False]) if row[-1].startswith("**no**")
    )
    why = [
        f"- {rule}: {_REASONS.get(rule, 'the reason is not known.')}" for rule in failed
    ]
    return {
        OPENING: "\n".join([_OPENING, *table[True], _TRIALS]),
        WHY: "\n".join([WHY, "", *(why or ["All rules hold in all places."])]) + "\n",
        ALSO: "\n".join([_ALSO, *table[False]]) + "\n",
    }


def markdown(table: Table) -> str:
    """A section of the page: its title, what it says, and its rows."""
    line = ["---:" if _number(cell) else "---" for cell in table.rows[0]]
    body = map(_row, (table.head, line, *table.rows))
    return "\n".join([f"## {table.title}", "", table.about, "", *body, ""])


def _number(cell: str) -> bool:
    return not set(cell) - set("0123456789./±- ") and cell != ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _where() -> str:
    return "\n".join(
        [WHERE, "", *(f"- {name}: {value}" for name, value in versions().items()), ""]
    )


def main(kinds: Sequence[str]) -> None:
    found = {
        cell: tally
        for cell, tally in Ledger().tallies(TRIALS).items()
        if kind_of(cell) in kinds
    }
    PAGE.write_text(document(found, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
