"""The parts of docs/calibration.md that this module writes; sections of other simulations are kept.

The order of sections is fixed: those of `document`, those of `OTHERS`, then how it was simulated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from research.calibrate.ledger import ROOT, versions
from research.calibrate.parts import CELLS, TRIALS
from research.calibrate.rows import INTERVAL, REPRODUCED, TEST, Bound, Found, Table, bounds, percent, tables
from research.calibrate.tally import Tally, standard_error

PAGE = ROOT / "docs" / "calibration.md"
#: Sections that other simulations write (`healthy_page`, `finder_page`), in their order on the page.
OTHERS = ("## Diagnostics", "## Explanations of published numbers")
_ABOUT = """\
# How often bench errs

`make calibrate` simulates studies whose truth is known, lets bench test and judge them, and counts the errors. It
writes this page. A short form runs with every `make test`.
"""
_REASONS = {
    TEST: (
        "The correction uses the share of common rows as the correlation of folds. That is too small for families "
        "whose fit depends on few rows, most of all a tree of one split: almost all training sets of one sample "
        "lead to much the same fit and another sample to a different one, and the differences of folds do not show "
        "this part of chance, however often they are repeated. Confirm a difference between two such families on a "
        "second dataset; pages and verdicts say so where families are known to be unstable. Verdicts on published "
        "numbers of the same rows do not use this test."
    ),
    INTERVAL: (
        "For the same reason. Also, stratified folds all have the same class shares and samples do not: an accuracy "
        "that follows the share of the large class varies more between samples than between folds."
    ),
    REPRODUCED: (
        "This error is largest at the border of the tolerance, where the rule is designed to reach .05, so half of the "
        "estimates of an exact rate lie above it; away from the border it is far below. The rule assumes normal means "
        "of repeats; with few rows of a class they are coarse."
    ),
}
_HOW = """\
## How it was simulated

- Two classes, normal with unit covariance, their means 1.95 apart (LDA is right for some 83 % of balanced rows); each
  family sees three features. The class of a row is drawn, one half or one tenth of the second class on average; a
  sample in which a class has fewer rows than folds is drawn again. Ten stratified folds, drawn again for each repeat.
- Families: linear discriminant analysis, Gaussian naive Bayes, logistic regression (L2, C = 1), nine nearest
  neighbours, a decision tree of one split; a test holds them against scikit-learn. Nothing is tuned.
- Equal families: the same kind on different features that carry the same signal, so that none is better by symmetry.
- A published number: one more ten-fold cross-validation of the same rows on folds of its own, printed with three
  decimals, the shift added before printing. Verdicts, tests and intervals are computed by `bench.claims` and
  `bench.stats`, not by the simulation.
- A lead of one family over another is added to its fold scores.
- Many datasets: 100, 200 or 400 rows, one half or three tenths of the second class, means 1 to 3 apart, one ten-fold
  cross-validation of LDA on ten blocks of features.
- The seed of a trial is made from the name of its cell and its number: the table is the same for any number of
  processes. Families in one row of a table share their samples.
- s.e.: Monte Carlo standard error, in points of percent, of the largest error rate of its row.

Not simulated: tuned families and those that take a seed, other distributions, more classes, regression, hold-out,
a published number from another sample, shifts that change with the split.
"""


def document(found: dict[str, Tally], before: str = "") -> str:
    """The whole page, with the sections of other simulations from the page `before`."""
    parts = [_ABOUT, *_unfinished(found), _summary(bounds(found)), *map(_markdown, tables(found)), _HOW, _where()]
    text = "\n".join(parts)
    for title in OTHERS:
        if old := section_of(before, title):
            text = with_section(text, title, old)
    return text


def with_section(page: str, title: str, section: str) -> str:
    """The page with that section in its place, once; its first line is its title, one of `OTHERS`."""
    if title not in OTHERS or section.partition("\n")[0] != title:
        raise ValueError(f"{title} is not the title of a section of {', '.join(OTHERS)}")
    parts = [part for part in page.split("\n## ") if _title(part) != title]
    later = tuple(one.removeprefix("## ") for one in (*OTHERS[OTHERS.index(title) + 1 :], "## How it was simulated"))
    at = next((i for i, part in enumerate(parts) if part.startswith(later)), len(parts))
    parts.insert(at, section.removeprefix("## ").rstrip("\n") + "\n")
    return "\n## ".join(parts)


def section_of(page: str, title: str) -> str:
    """One section of the page; empty if there is none."""
    found = [part for part in page.split("\n## ") if _title(part) == title]
    return f"## {found[0]}" if found else ""


def _title(part: str) -> str:
    """The heading line of a part of the page."""
    first, _, _ = part.partition("\n")
    return f"## {first}"


def put(title: str, section: str) -> None:
    """Write one section into docs/calibration.md."""
    PAGE.write_text(with_section(PAGE.read_text(encoding="utf-8"), title, section), encoding="utf-8")


def _unfinished(found: dict[str, Tally]) -> list[str]:
    """A warning on the page of an interrupted run."""
    counts = [found[cell].trials if cell in found else 0 for cell in CELLS]
    if min(counts) >= TRIALS:
        return []
    return [
        f"**Unfinished**: {min(counts)} to {max(counts)} trials where {TRIALS} are meant; `make calibrate` makes the "
        "rest. Until then read each rate with its standard error.\n"
    ]


def _summary(listed: Sequence[Bound]) -> str:
    lines = [
        "## What holds",
        "",
        "Nominal level .05. An error rate plus two standard errors should stay within its limit in every place: all",
        "sizes, balances, metrics, families, repeats, tolerances and shifts below. Where a rule is exact, as at the",
        "border of the tolerance, the rate is .05 and cannot stay within .05 with anything added. So the table also",
        "counts the places that are clearly beyond a limit, by more than two standard errors. A design can detect a",
        "tolerance where the half-width of its interval is at most a third of it: then a true shift of half the",
        "tolerance leaves room for the interval and for chance. There a verdict must be reached where the true shift",
        "is at most half the tolerance or at least twice.",
        "",
        _row(("how often", "limit, %", "worst, %", "s.e.", "where", "places", "not within", "clearly beyond")),
        _row(("---", "---:", "---:", "---:", "---", "---:", "---", "---")),
    ]
    for one in listed:
        share, trials, where = one.worst
        limit = f"{'at most' if one.most else 'at least'} {percent(one.limit)}"
        shown = (percent(share), percent(standard_error(share, trials), 2), where, str(len(one.places)))
        lines.append(_row((one.what, limit, *shown, _who(one.not_within), _who(one.clearly_beyond))))
    return "\n".join([*lines, "", *_why(listed)])


def _who(places: Sequence[Found]) -> str:
    """The number of places, by family or claim."""
    counts = Counter(where.split(",")[0] for _, _, where in places)
    return f"{len(places)}: {', '.join(f'{who} {count}' for who, count in counts.items())}" if places else "none"


def _why(listed: Sequence[Bound]) -> list[str]:
    """The known reasons for places beyond a limit."""
    said = []
    for one in listed:
        who = ", ".join(dict.fromkeys(where.split(",")[0] for _, _, where in one.clearly_beyond))
        if who and one.what in _REASONS:
            said.append(f"Clearly beyond its limit: {one.what} ({who}). {_REASONS[one.what]}\n")
    return said


def _markdown(table: Table) -> str:
    rule = ["---:" if _number(cell) else "---" for cell in table.rows[0]]
    lines = [f"## {table.title}", "", table.about, "", *map(_row, (table.head, rule, *table.rows)), ""]
    return "\n".join(lines)


def _number(cell: str) -> bool:
    return cell.replace("/", "").replace(".", "").replace("-", "").isdigit() or cell == "-"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _where() -> str:
    return "\n".join(["## Where", "", *(f"- {name}: {value}" for name, value in versions().items()), ""])
