"""What became of the printed numbers of the studies of authors' own scores: docs/evidence.md.

python -m research.evidence        # after `make evidence`, from the results of the studies
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import Project
from bench.claims.claim import KINDS
from bench.claims.counted import CountedClaim, JudgedPair
from bench.claims.printed import JudgedTable, PrintedClaim
from bench.core.judgements import Agreement
from bench.core.outcomes import codes
from bench.report.printed import judged
from bench.report.sections import printed as text
from bench.study import Study
from bench.text.chance import AnyOrder

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "evidence.md"

#: By study: how many numbers were typed from the paper or its repository, and which of them are not judged, and why.
TYPED: dict[str, tuple[int, str]] = {
    "tabular-optimizers-2026": (
        1218,
        "not judged: sums and further mean gains of the transfer table; counts that two tables print; 192 means and "
        "deviations of relative scores and of ranks in tiers, by rules of the paper's own",
    ),
    "amlb-2019": (2028, "all, 28 places that print no number among them"),
    "tabzilla-2023": (315, "all"),
    "tabr-2024": (176, "all"),
    "wainer-2023": (
        803,
        "not judged: intervals of the posterior and its mass near a half, posteriors of datasets or of removed results "
        "that are not recorded, model checks, counts with spread ties, adjusted p values, medians, and the folds of one "
        "dataset",
    ),
    "tabm-2025": (101, "not judged: one count of runs"),
    "rtdl-2021": (11, "all; the other 158 cells of the paper's table were not typed"),
    "num-embeddings-2022": (11, "all"),
    "catboost-2018": (
        207,
        "72 means and 72 deviations are the only scores here, so nothing stands behind them; judged are 63 differences "
        "between the means and 18 counts",
    ),
}
_ORDER = "agrees in another order of values that are equal"
_ABOUT = """\
# Numbers against their authors' files

Each study of this page reads the scores that the authors of a paper publish, and holds the numbers that they print
against them. Nothing is fitted. [How it is done](how-to/published-scores.md). `python -m research.evidence` writes this
page from the results of `make evidence`. *Typed* are the numbers that were copied from the paper or its repository.
"""


_NOT_READ = """\
Not every paper carries a study. TabReD publishes 5,400 runs, and no printed result beside them. TALENT prints 8,954
means with deviations, without a run and without a statement about them that could be judged; what published means
alone allow is shown by `catboost-2018`. The README of InterpretML prints 20 means on five tables: the row of the one
table that anybody has is fitted again in `nori-2019`, which is no study of this page.
"""


@dataclass(frozen=True)
class NotFollowing:
    """Printed numbers of one place that are not what the scores give, `count` of them; none where they are exact only
    with differences that are float noise."""

    place: str
    what: str
    printed: str
    ours: str
    explanation: str
    count: int = 1


@dataclass(frozen=True)
class Outcome:
    """One study: how many numbers are exact, which are not, and for how many there are no scores."""

    exact: int
    missing: int
    others: tuple[NotFollowing, ...]


def numbers_of(study: Study) -> int:
    """How many numbers the claims of a study hold."""
    count = 0
    for claim in study.claims:
        if isinstance(claim, PrintedClaim):
            count += sum(1 + (row.spread is not None) for row in claim.rows)
        elif isinstance(claim, CountedClaim):
            count += sum(3 + (pair.gain is not None) for pair in claim.pairs)
        else:
            count += 1
    return count


def outcome(project: Project, name: str) -> Outcome:
    """What became of the numbers of a study, from its results."""
    result = project.result(name)
    others: list[NotFollowing] = []
    exact = missing = 0
    for table in judged(result._bundle).values():
        found = list(_table(table) if isinstance(table, JudgedTable) else _pairs(table))
        others += found
        if isinstance(table, JudgedTable):
            exact, missing = exact + table.counts.exact, missing + table.counts.missing
        else:
            exact += sum(pair.exact for pair in table)
    for row in result.verdicts.iter_rows(named=True):
        if KINDS[row["kind"]].numbers is None:
            exact += row["agreement"] == "exact"
            if row["agreement"] != "exact":
                others.append(_statistic(row))
    return Outcome(exact, missing, tuple(others))


def _table(table: JudgedTable) -> Iterator[NotFollowing]:
    for one in table.numbers:
        if (not one.exact or one.reading == "order") and one.agreement is not None:
            place = ", ".join(
                filter(None, (one.of.where, one.of.dataset, one.of.family))
            )
            what = f"{text.STATISTICS[one.statistic]} of {one.metric}".replace("_", " ")
            known = one.of.note or text.explain(one)
            yield NotFollowing(
                place,
                what,
                one.printed,
                text.from_scores(one),
                known,
                int(not one.exact),
            )


def _pairs(pairs: tuple[JudgedPair, ...]) -> Iterator[NotFollowing]:
    for one in pairs:
        name = f"{one.family} against {one.against}"
        if one.by_order:
            yield NotFollowing(
                name, "wins/ties/losses", str(one.printed), str(one.ours), _ORDER, 0
            )
        elif one.exact < one.numbers:
            known, count = text.NONE_FOUND, one.numbers - one.exact
            yield NotFollowing(
                name, "wins/ties/losses", str(one.printed), str(one.ours), known, count
            )


def _statistic(row: dict[str, Any]) -> NotFollowing:
    """A statistic that is a claim of its own."""
    known = text.NONE_FOUND
    if row["agreement"] == Agreement.REPRODUCED:
        by_order = AnyOrder.code in codes(row["reasons"])
        known = _ORDER if by_order else "within the tolerance of the claim"
    return NotFollowing(
        row["claim"], row["kind"], row["published"], f"{row['ours']:.3f}", known
    )


def page(project: Project, names: list[str]) -> str:
    """The page of these studies."""
    rows, lists = [], []
    for name in names:
        found, numbers = outcome(project, name), numbers_of(project.study(name))
        typed, which = TYPED[name]
        not_exact = sum(one.count for one in found.others)
        assert numbers == found.exact + not_exact + found.missing, name
        rows.append(
            (name, typed, numbers, found.exact, not_exact, found.missing, which)
        )
        lists += [f"\n### {name}\n", *_listed(found.others)] if found.others else []
    total = tuple(sum(row[i] for row in rows) for i in range(1, 6))  # type: ignore[misc]
    head = [
        "| study | typed | judged | exact | not exact | no scores | of the typed ones |",
        "|---|---|---|---|---|---|---|",
    ]
    made = [
        f"| `{row[0]}` | {' | '.join(f'{one:,}' for one in row[1:6])} | {row[6]} |"
        for row in rows
    ]
    last = f"| all | {' | '.join(f'{one:,}' for one in total)} | |"
    return (
        "\n".join(
            [
                _ABOUT,
                *head,
                *made,
                last,
                "",
                _NOT_READ,
                "## Every number that is not exact",
                *lists,
            ]
        )
        + "\n"
    )


def _listed(others: tuple[NotFollowing, ...]) -> Iterator[str]:
    yield "| where | what | printed | from the scores | explanation |"
    yield "|---|---|---|---|---|"
    for one in others:
        yield f"| {one.place} | {one.what} | {one.printed} | {one.ours} | {one.explanation} |"


if __name__ == "__main__":
    here = Project(ROOT)
    PAGE.write_text(page(here, list(TYPED)), encoding="utf-8")
