"""The repeats that would decide an open claim: with as many of the same mean and spread it is decided, with one fewer
it stays open, and where none are named it stays open with any."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import t

from bench.claims import verdicts
from bench.claims._pairs import Again, Standing
from bench.claims.order import RankedPairs, _settle
from bench.claims.share import noise_of as noise_of_share
from bench.core.comparisons import ESTIMATES
from bench.core.frames import FAILURES, empty
from bench.core.judgements import Agreement
from bench.core.outcomes import decoded
from bench.stats.intervals import t_cdf, t_quantile
from bench.stats.precision import MOST_REPEATS, error_at, fewest_repeats
from bench.text.judgements import Settle
from tests.helpers.judge_cases import (
    OPEN,
    a_study,
    around,
    folds_of,
    scores_of_arrays,
    tables_of,
)

#: Numbers of repeats of which none decides where none are named.
MANY = (11, 12, 16, 20, 30, 43, 88, 240, 600)
TWO = "  two: {source: {kind: sklearn, name: iris}, target: target}"
KFOLD = "{kind: kfold, folds: 2, repeats: 10}"


def folded(mean: float, sd: float, repeats: int, folds: int) -> np.ndarray:
    """(repeats, folds) scores with this mean, and exactly this spread over all folds."""
    z = np.random.default_rng(1).normal(size=(repeats, folds))
    return mean + sd * (z - z.mean()) / z.std(ddof=1)


def judged(
    folder: Path, claim: str, scores: dict[str, dict[str, np.ndarray]], *, draws: bool = False, same: bool = False,
    train: int = 90, **study: str,
) -> dict[str, Any]:  # fmt: skip
    """The verdict on a claim by scores of each dataset and family."""
    text = f"  - {{id: c, where: p, read: source, metric: accuracy, {claim}}}\n"
    more = '\ntolerance: {accuracy: 0.01, why: "by hand"}\n'
    made = a_study(folder, text, **({"more": more, "resampling": KFOLD} | study))
    shapes = {name: next(iter(one.values())).shape for name, one in scores.items()}
    folds = pl.concat(
        [
            folds_of(r, k, train, 10, dataset=name, same=same)
            for name, (r, k) in shapes.items()
        ]
    )
    frame = pl.concat(
        [scores_of_arrays(one, dataset=name) for name, one in scores.items()]
    )
    tables = tables_of(*scores, draws=next(iter(shapes.values()))[0] if draws else 0)
    found = verdicts(made, tables, folds, frame, empty(ESTIMATES), empty(FAILURES))
    return dict(next(found.iter_rows(named=True)))


def settled(row: dict[str, Any]) -> int | None:
    """The count that would decide an open claim; None where the paper's splits would."""
    assert row["agreement"] in OPEN
    one = decoded(row["settle"])[0]
    assert isinstance(one, Settle) and one.by in (
        "repeats",
        "seeds",
        "draws",
        "splits",
        "paper_seeds",
        "paper_draws",
    )
    return one.count


def decides(row: dict[str, Any]) -> bool:
    return row["agreement"] not in OPEN


VALUE = 'kind: value, dataset: toy, family: lda, value: "0.800", unit: fraction'
SD = 'spread: {value: "%s", kind: sd, over: repeats, n: %d}'
ANY = 'spread: {value: "%s", kind: unlabelled, over: repeats}'
NUMBERS: dict[str, tuple[str, float, float, int, bool]] = {
    # claim, mean and spread of ours, repeats, and whether any number of them decides
    "spread of ours": (f"{VALUE}, repeats: 5", 0.802, 0.008, 10, True),
    "beyond the tolerance": (f"{VALUE}, repeats: 20", 0.813, 0.004, 10, True),
    "two degrees in the end": (
        f"{VALUE}, tolerance: 0.0107, {SD % (0.005, 3)}",
        0.8042,
        0.02,
        10,
        False,
    ),
    "three repeats there": (
        f"{VALUE}, tolerance: 0.015, {SD % (0.005, 3)}",
        0.8,
        0.02,
        4,
        True,
    ),
    "spread of zero there": (f"{VALUE}, {SD % ('0.0', 10)}", 0.804, 0.012, 10, True),
    "one run here": (
        f"{VALUE}, tolerance: 0.0116, {SD % (0.007, 12)}",
        0.803,
        0.007,
        1,
        True,
    ),
    "equal runs here": (
        f"{VALUE}, repeats: 100, tolerance: 0.005, {SD % (0.02, 20)}",
        0.8,
        0.0,
        10,
        True,
    ),
    "equal runs, no spread": (VALUE, 0.8, 0.0, 10, True),
    "two readings": (
        f"{VALUE}, repeats: 10, tolerance: 0.006, {ANY % 0.002}",
        0.8,
        0.012,
        10,
        True,
    ),
    "a reading that never decides": (
        f"{VALUE}, repeats: 3, tolerance: 0.006, {ANY % 0.004}",
        0.8,
        0.006,
        10,
        False,
    ),
    "a range": (
        "kind: range, dataset: toy, family: lda, unit: fraction, at_least: '0.80'",
        0.805,
        0.0085,
        10,
        True,
    ),
}


@pytest.mark.parametrize("case", NUMBERS)
def test_a_number_is_decided_by_so_many_repeats_and_by_no_fewer(
    case: str, tmp_path: Path
) -> None:
    claim, mean, sd, now, decidable = NUMBERS[case]

    def row(repeats: int) -> dict[str, Any]:
        return judged(tmp_path, claim, {"toy": {"lda": around(mean, sd, repeats, 2)}})

    needed = settled(row(now))
    assert (needed is not None) == decidable
    if needed is None:
        assert not any(decides(row(repeats)) for repeats in MANY)
    else:
        assert decides(row(needed))
        assert needed - 1 == now or not decides(row(needed - 1))


def test_three_repeats_there_by_hand(tmp_path: Path) -> None:
    """At 88 repeats Welch has 4.74 degrees: the reach is .73 of the .65 that are left; without end it is .85."""
    parts = 0.5**2 / 3, 2.0**2 / 88
    df = sum(parts) ** 2 / (parts[0] ** 2 / 2 + parts[1] ** 2 / 87)
    reach = t.ppf(0.95, df) * sum(parts) ** 0.5
    assert (df, reach) == (
        pytest.approx(4.744, abs=5e-4),
        pytest.approx(0.732, abs=5e-4),
    )
    claim = NUMBERS["two degrees in the end"][0]
    row = judged(tmp_path, claim, {"toy": {"lda": around(0.8042, 0.02, 88, 2)}})
    assert row["high"] == pytest.approx(0.0042 + reach / 100 + 0.0005)
    assert settled(row) is None


def test_another_sample_of_a_simulation_is_another_draw(tmp_path: Path) -> None:
    """More draws decide, and of more rows nothing is said: with six the reach is t.975 of Welch's degrees."""
    claim = f"{VALUE}, splits: other_sample, tolerance: 0.02, repeats: 10, {SD % (0.03, 10)}"

    def row(draws: int, claim: str = claim) -> dict[str, Any]:
        return judged(
            tmp_path,
            claim,
            {"toy": {"lda": around(0.855, 0.035, draws, 2)}},
            draws=True,
        )

    parts = 0.03**2 / 10, 0.035**2 / 6
    reach = (
        t.ppf(0.95, sum(parts) ** 2 / (parts[0] ** 2 / 9 + parts[1] ** 2 / 5))
        * sum(parts) ** 0.5
    )
    assert row(6)["high"] == pytest.approx(0.055 + reach + 0.0005)
    assert [one.details["by"] for one in decoded(row(6)["settle"])] == ["draws"]
    needed = settled(row(6))
    assert needed is not None and decides(row(needed)) and not decides(row(needed - 1))
    alone = row(6, f"{VALUE}, splits: other_sample, repeats: 10")
    reach = t.ppf(0.95, 5) * 0.035 * (1 / 6 + 1 / 10) ** 0.5
    assert alone["high"] == pytest.approx(0.055 + reach + 0.0005)


@pytest.mark.parametrize(
    ("same", "draws", "by"),
    [
        (False, False, "splits"),
        (True, False, "paper_seeds"),
        (False, True, "paper_draws"),
    ],
)
def test_on_the_papers_own_folds_only_its_seeds_are_missing(
    same: bool, draws: bool, by: str, tmp_path: Path
) -> None:
    """Ten runs of random forest on three folds: the published number's own chance is larger than the tolerance."""
    claim = 'kind: value, dataset: toy, family: random_forest, value: "0.800", unit: fraction, repeats: 1'
    row = judged(
        tmp_path,
        claim,
        {"toy": {"random_forest": around(0.805, 0.02, 10, 3)}},
        same=same,
        draws=draws,
    )
    assert [one.details["by"] for one in decoded(row["settle"])] == [by]


class TestMeans:
    """A mean over twenty datasets."""

    NAMES = ("toy", *(f"d{i}" for i in range(19)))

    def row(
        self, folder: Path, repeats: int, tolerance: float, sd: float, first: int = 0
    ) -> dict[str, Any]:
        sets = "".join(
            f"  {name}: {{source: {{kind: sklearn, name: iris}}, target: target}}\n"
            for name in self.NAMES[1:]
        )
        claim = f'kind: mean, family: lda, value: "0.800", unit: fraction, repeats: 10, tolerance: {tolerance}'
        counts = {
            name: max(first, repeats) if name == "toy" else repeats
            for name in self.NAMES
        }
        scores = {
            name: {"lda": around(0.796, sd, count, 2)} for name, count in counts.items()
        }
        return judged(folder, claim, scores, datasets=sets)

    def test_degrees_of_all_datasets(self, tmp_path: Path) -> None:
        """t.95 of 20 (r - 1) degrees: sd sqrt(1/r + 1/10) / sqrt(20) is .0042 at r = 3, .0052 at 2."""
        needed = settled(self.row(tmp_path, 2, 0.0123, 0.03))
        assert needed == 3
        assert decides(self.row(tmp_path, 3, 0.0123, 0.03))

    def test_datasets_that_have_more_already_keep_theirs(self, tmp_path: Path) -> None:
        needed = settled(self.row(tmp_path, 2, 0.0114, 0.03, first=6))
        assert needed is not None and needed > 3
        assert decides(self.row(tmp_path, needed, 0.0114, 0.03, first=6))
        assert not decides(self.row(tmp_path, needed - 1, 0.0114, 0.03, first=6))

    def test_draws_that_all_agree_are_enough_together(self, tmp_path: Path) -> None:
        row = self.row(tmp_path, 2, 0.01, 0.0)
        assert (row["agreement"], settled(row)) == ("unclear", 3)
        assert self.row(tmp_path, 3, 0.01, 0.0)["agreement"] == "reproduced"


class TestShares:
    """Both sides have binomial errors; n is that of the paper, else as many as ours."""

    @pytest.mark.parametrize("n", [None, 400])
    def test_of_so_many_draws(self, n: int | None) -> None:
        noise = noise_of_share(40, 160, 0.25, n)
        assert noise.error is not None
        for draws in (160, 320, 4000):
            again = noise_of_share(draws // 4, draws, 0.25, n)
            assert error_at(noise.error, draws)[0] == pytest.approx(again.se, rel=1e-12)

    def test_rankings_that_are_all_alike(self, tmp_path: Path) -> None:
        """59 of 2 datasets: thirty repeats."""
        claim = (
            'kind: rank, family: lda, among: [lda, qda], value: "1.00", tolerance: 0.3'
        )

        def row(repeats: int) -> dict[str, Any]:
            scores = {
                "lda": around(0.9, 0.01, repeats, 2),
                "qda": around(0.8, 0.01, repeats, 2),
            }
            return judged(tmp_path, claim, {"toy": scores, "two": scores}, datasets=TWO)

        assert settled(row(10)) == 30
        assert decides(row(30)) and not decides(row(29))

    def test_blocks_of_the_papers_repeats(self, tmp_path: Path) -> None:
        """The paper averaged two: so many blocks of two."""
        claim = 'kind: rank, family: lda, among: [lda, qda], value: "1.25", tolerance: 0.4, repeats: 2'

        def row(blocks: int) -> dict[str, Any]:
            gains = np.repeat(np.where(np.arange(blocks) % 2, 0.01, -0.01), 2)[
                :, None
            ] + np.zeros((1, 2))
            flat = np.full_like(gains, 0.8)
            scores = {
                "toy": {"lda": flat + 0.1, "qda": flat},
                "two": {"lda": flat + gains, "qda": flat},
            }
            return judged(tmp_path, claim, scores, datasets=TWO)

        sd, blocks = np.sqrt(1 / 12), 2
        found = settled(row(4))
        while t.ppf(0.95, blocks - 1) * sd * np.sqrt(1 + 1 / blocks) + 0.005 >= 0.4:
            blocks += 1
            if blocks > 1000:
                break
        assert found == (None if blocks > 1000 else 2 * blocks)


BETTER = "kind: better, dataset: toy, family: lda, against: qda"
PAIRS: dict[str, tuple[str, float, float, int, dict[str, Any]]] = {
    # claim, gain and its spread over folds, folds a repeat, what else
    "the direction": (BETTER, 0.015, 0.05, 5, {"train": 2000}),
    "the direction, on other rows": (f"{BETTER}, splits: other_sample", 0.015, 0.05, 5, {"train": 2000}),
    "equal before the direction is seen": (BETTER, 0.001, 0.045, 5, {"train": 4000}),
    "an equality": (BETTER.replace("better", "equivalent"), 0.002, 0.045, 5, {"train": 4000}),
    "an equality on another level": (
        BETTER.replace("better", "equivalent"), 0.002, 0.035, 5,
        {"train": 8000, "more": '\ntolerance: {accuracy: 0.01, why: "x"}\ncompare: {level: 0.99}\n'},
    ),
    "draws": (BETTER, 0.015, 0.05, 1, {"draws": True}),
}  # fmt: skip


@pytest.mark.parametrize("case", PAIRS)
def test_a_pair_is_decided_by_so_many_repeats_and_by_no_fewer(
    case: str, tmp_path: Path
) -> None:
    claim, gain, sd, folds, more = PAIRS[case]

    def row(repeats: int) -> dict[str, Any]:
        scores = {
            "lda": folded(0.8 + gain, sd, repeats, folds),
            "qda": np.full((repeats, folds), 0.8),
        }
        return judged(tmp_path, claim, {"toy": scores}, **more)

    needed = settled(row(4))
    assert needed is not None and needed > 5
    assert decides(row(needed)) and not decides(row(needed - 1))


#: By claim: how far lda is ahead of each rival and the spread over folds, in hundredths.
RANKED: dict[str, tuple[str, dict[str, tuple[float, float]]]] = {
    "another than the closest": (
        "kind: best",
        {"qda": (2.0, 0.5), "random_forest": (3.3, 10.0)},
    ),
    "one is ahead, after Holm": (
        "kind: best",
        {"qda": (-1.5, 4.0), "random_forest": (2.0, 9.0), "baseline": (1.0, 5)},
    ),
    "first of three": (
        'kind: rank, value: "1"',
        {"qda": (2.0, 8.0), "random_forest": (3.3, 9.0)},
    ),
    "not second, after Holm": (
        'kind: rank, value: "2"',
        {"qda": (2.0, 4.0), "random_forest": (3.3, 9.0)},
    ),
    "an order": (
        "kind: order, order: [lda, qda, random_forest]",
        {"qda": (2.0, 8.0), "random_forest": (5.0, 9.0)},
    ),
    "an order, reversed": ("kind: order, order: [qda, lda]", {"qda": (2.0, 8.0)}),
    "a tie": ("kind: order, order: [[lda, qda]]", {"qda": (0.2, 3.0)}),
}


@pytest.mark.parametrize("case", RANKED)
def test_several_pairs_are_decided_by_so_many_repeats_and_by_no_fewer(
    case: str, tmp_path: Path
) -> None:
    kind, rivals = RANKED[case]
    of = "" if "order" in kind else f", family: lda, among: [lda, {', '.join(rivals)}]"

    def row(repeats: int) -> dict[str, Any]:
        lda = np.full((repeats, 5), 0.8)
        draws = {
            name: folded(0.8 - gain / 100, sd / 100, repeats, 5)
            for name, (gain, sd) in rivals.items()
        }
        return judged(
            tmp_path,
            f"{kind}, dataset: toy{of}",
            {"toy": {"lda": lda, **draws}},
            train=4000,
        )

    needed = settled(row(3))
    assert needed is not None and needed > 4
    assert decides(row(needed)) and not decides(row(needed - 1))


class TestRankingsThatAreShownForAWhile:
    """More repeats may show that neighbours are practically equal: a ranking that fewer show is then open again."""

    def row(self, folder: Path, repeats: int) -> dict[str, Any]:
        """By hand with 3 repeats of 5 folds, ratio 1/4: .025 / .01125 = 2.22 is above t.975 = 2.145 of 14 degrees, and
        (.043 - .025) / .01125 = 1.60 is below t.95 = 1.761: better, not equivalent."""
        b = np.full((repeats, 5), 0.8)
        scores = {
            "lda": folded(0.825, 0.02, repeats, 5),
            "qda": b,
            "random_forest": folded(0.6, 0.002, repeats, 5),
        }
        order = "kind: order, order: [lda, qda, random_forest], dataset: toy, tolerance: 0.043"
        return judged(
            folder,
            order,
            {"toy": scores},
            train=40,
            more='\ntolerance: {accuracy: 0.043, why: "x"}\n',
        )

    def test_the_fewest_are_named(self, tmp_path: Path) -> None:
        assert settled(self.row(tmp_path, 2)) == 3
        assert self.row(tmp_path, 3)["agreement"] == "direction_reproduced"
        assert self.row(tmp_path, 60)["agreement"] in OPEN

    def test_by_looking_at_every_number(self) -> None:
        """Random rankings of two to four families: the first number at which the rule decides, of all up to 150."""
        rng = np.random.default_rng(6)
        seen = {"never": 0, "shown for a while": 0, "shown": 0, "contradicted": 0}
        for _ in range(200):
            pairs = ranked_pairs(rng, now=2)
            at = {r: again(pairs, r) for r in range(2, 151)}
            open_now = not at[2].contradicted() and bool(at[2].not_shown())
            if not open_now:
                continue
            found = [
                r for r, one in at.items() if one.contradicted() or not one.not_shown()
            ]
            (one,) = _settle(again(pairs, 2), Agreement.UNCLEAR)
            if not found:
                assert one.by == "rows" or (one.count or 0) > 150
                seen["never"] += one.by == "rows"
                continue
            assert one == Settle("repeats", found[0])
            last = at[150]
            shown = not at[found[0]].not_shown() and not at[found[0]].contradicted()
            seen["contradicted"] += not shown
            seen["shown"] += shown and not last.not_shown()
            seen["shown for a while"] += shown and bool(last.not_shown())
        assert all(seen.values())


def ranked_pairs(rng: np.random.Generator, now: int) -> RankedPairs:
    """A ranking of two to four families with random differences, spreads and ties; five folds a repeat, ratio 1/4.

    Some steps are a little smaller than the margin, with a spread that shows both, one after the other.
    """
    names = [f"m{i}" for i in range(rng.integers(2, 5))]
    tiers = np.cumsum([0, *(rng.random(len(names) - 1) < 0.9)]).tolist()
    near = rng.random(len(names) - 1) < 0.5
    steps = np.where(
        near, rng.uniform(0.5, 0.8, len(near)), rng.normal(1.5, 1.5, len(near))
    )
    means = -np.cumsum([0.0, *steps])
    found = {}
    for (i, a), (k, b) in combinations(enumerate(names), 2):
        gain, sd = float(means[i] - means[k]), float(rng.uniform(0.02, 2.0))
        if k == i + 1 and near[i]:
            sd = 2 * (1 - gain) / float(rng.uniform(1.3, 2.6))
        found[a, b] = one_standing(gain, sd, 1.0, now)
    return RankedPairs(dict(zip(names, map(int, tiers), strict=True)), found)


def one_standing(gain: float, sd: float, margin: float, now: int) -> Standing:
    """A pair by the corrected t."""

    def at(repeats: int) -> Standing:
        df = 5 * repeats - 1
        se = sd * np.sqrt(1 / (df + 1) + 0.25)
        far = t_quantile(0.975, df) * se
        return Standing(
            gain, margin, 0.05, p=2 * t_cdf(-abs(gain) / se, df), p_equivalent=t_cdf((abs(gain) - margin) / se, df),
            p_apart=min(1.0, 2 * t_cdf((margin - abs(gain)) / se, df)), low_refute=gain - far, high_refute=gain + far,
            again=Again(now, at),
        )  # fmt: skip

    return at(now)


def again(pairs: RankedPairs, repeats: int) -> RankedPairs:
    """The ranking with so many repeats."""
    known = {name: one.again for name, one in pairs.standings.items()}
    return replace(
        pairs,
        standings={
            name: one.at(repeats) for name, one in known.items() if one is not None
        },
    )


def test_more_runs_of_the_same_folds_bring_no_fold(tmp_path: Path) -> None:
    """Ten given folds, run three times: a fold is what varies, and there stay ten."""
    scores = {
        "lda": np.tile(folded(0.815, 0.05, 1, 10), (3, 1)),
        "qda": np.full((3, 10), 0.8),
    }
    given = "{kind: given_folds, column: f, repeats: 3}"
    row = judged(
        tmp_path, BETTER, {"toy": scores}, same=True, resampling=given, train=2000
    )
    assert decoded(row["settle"]) == (Settle("rows"),)


def test_the_fewest_of_a_grid() -> None:
    """By looking at every number of repeats: the least whose reach is below the room, of one error and of two."""

    def welch(a: float, m: int, b: float) -> Any:
        def error(r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            parts = a + b / r
            return np.sqrt(parts), parts**2 / (a**2 / m + (b / r) ** 2 / (r - 1))

        return error

    r = np.arange(2.0, MOST_REPEATS + 1)
    found = set()
    for a, m, b, room in np.ndindex(3, 3, 3, 6):
        error = welch((0.01, 0.1, 0.5)[a] ** 2, (1, 2, 9)[m], (0.05, 0.3, 2.0)[b] ** 2)
        se, df = error(r)
        reach = t.ppf(0.95, df) * se
        limit = (0.05, 0.2, 0.3, 0.6, 1.0, 2.0)[room]
        expected = int(r[np.argmax(reach < limit)]) if (reach < limit).any() else None
        assert fewest_repeats([error], limit, levels=[0.95]) == expected
        found.add(expected)
        if expected is not None and expected > 3:
            assert (
                fewest_repeats([error], limit, levels=[0.95], least=expected - 1)
                == expected
            )
            constant = lambda r: (0.0 * r, np.inf)  # noqa: E731
            assert fewest_repeats([constant, error], limit, levels=[0.95]) == expected
    assert len(found) > 20 and None in found


@pytest.mark.parametrize(
    ("source", "by"), [("paper", "splits"), ("author", "expected")]
)
def test_what_the_author_expects_has_no_splits_of_a_paper(
    tmp_path: Path, source: str, by: str
) -> None:
    """One run stands behind the number: its error, .02, leaves the tolerance of .01 open for ever."""
    value = f'kind: value, dataset: toy, family: lda, value: "0.800", unit: fraction, repeats: 1, source: {source}'
    row = judged(tmp_path, value, {"toy": {"lda": folded(0.8, 0.02, 10, 1)}})
    assert [one.by for one in decoded(row["settle"]) if isinstance(one, Settle)] == [by]


#: Claims of a number, whose tolerance is near the ends of their intervals, on two datasets of ten repeats.
WRITTEN_DOWN = {
    "value": 'kind: value, dataset: toy, family: lda, value: "0.8", unit: fraction',
    "difference": 'kind: difference, dataset: toy, family: lda, against: qda, value: "0.1", unit: fraction',
    "ratio": 'kind: ratio, dataset: toy, family: lda, against: qda, value: "1.1", tolerance: 0.02',
    "better": 'kind: better, dataset: toy, family: lda, against: qda, value: "0.1", unit: fraction',
    "range": 'kind: range, dataset: toy, family: lda, at_least: "0.8", unit: fraction',
    "count": 'kind: count, dataset: toy, family: lda, at_least: "2", of: 10, tolerance: 0.1',
    "mean": 'kind: mean, family: lda, value: "0.8", unit: fraction',
    "rank": 'kind: rank, family: lda, among: [lda, qda], value: "1.5", tolerance: 0.4',
}


@pytest.mark.parametrize("kind", WRITTEN_DOWN)
def test_a_number_that_the_author_wrote_down_has_no_error(
    tmp_path: Path, kind: str
) -> None:
    """Ours alone varies: s / sqrt(10) and no rounding, where one run of a paper adds s and half a unit."""
    one = {"lda": folded(0.81, 0.005, 10, 2), "qda": folded(0.71, 0.02, 10, 2)[::-1]}
    if kind == "rank":
        one["qda"] = one["lda"][::-1] + np.linspace(-0.001, 0.001, 10)[:, None]
    scores = {"toy": one, "two": one}

    def row(source: str) -> dict[str, Any]:
        return judged(tmp_path, f"{WRITTEN_DOWN[kind]}, {source}", scores, datasets=TWO)

    expected, paper, run = (
        row("source: author"),
        row("source: paper"),
        row("source: author, repeats: 1"),
    )
    half = 0.0 if kind in ("range", "count") else 0.05
    width, wide = ((one["high"] - one["low"]) / 2 for one in (expected, paper))
    assert width * np.sqrt(11) == pytest.approx(wide - half, rel=1e-5)
    assert (run["low"], run["high"]) == (
        paper["low"],
        paper["high"],
    )  # a run stands behind it
    assert not any(
        settle.by == "expected"
        for settle in decoded(expected["settle"])
        if isinstance(settle, Settle)
    )


def test_where_no_splits_have_a_part_only_digits_decide(tmp_path: Path) -> None:
    """First on both tables in all 60 repeats: the mean rank is 1; printed without a decimal, it may be .5 to 1.5."""
    scores = {"lda": folded(0.9, 0.01, 60, 2), "qda": folded(0.5, 0.01, 60, 2)}
    claim = 'kind: rank, family: lda, among: [lda, qda], value: "1", tolerance: 0.4'
    row = judged(tmp_path, claim, {"toy": scores, "two": scores}, datasets=TWO)
    assert row["agreement"] == "consistent" and decoded(row["settle"]) == (
        Settle("source"),
    )


@pytest.mark.parametrize(
    "claim",
    ['value, value: "20.00"', 'range, at_least: "20.00"', 'range, below: "20.00"'],
)
def test_float_noise_is_no_difference_from_a_number(tmp_path: Path, claim: str) -> None:
    """Scores have nine digits: 2.6e-9 of 20 is noise, 2e-6 is none."""

    def row(below: float) -> dict[str, Any]:
        scores = {"lda": np.full((60, 2), 0.2 - below / 100)}
        return judged(
            tmp_path,
            f"kind: {claim}, unit: percent, dataset: toy, family: lda",
            {"toy": scores},
        )

    noise, real = row(2.6e-9), row(2e-6)
    assert (noise["difference"], real["difference"]) == (
        0.0,
        pytest.approx(-2e-6, rel=1e-6),
    )
    assert (noise["low"] + noise["high"], noise["ours"]) == (0.0, pytest.approx(20))
