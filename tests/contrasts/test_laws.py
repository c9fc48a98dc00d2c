"""Each law against the tests that it stands for, at its edges, and mirrored."""

import numpy as np
import pytest
from scipy import stats

from bench.contrasts import Contrast, HalvesLaw, RanksLaw, RowsLaw, Student, Unspread
from bench.stats.halves import carried
from bench.stats.instances import accuracy_difference, mcnemar
from bench.stats.signed_ranks import shift, signed_rank

RNG = np.random.default_rng(20261201)
PAIRS = RNG.normal(0.02, 0.02, (10, 2))
FIRST, SECOND = RNG.normal(0.8, 0.1, (2, 12))
RIGHT = RNG.random((2, 200)) < [[0.9], [0.8]]
STUDENT = Student(gain=0.03, standard_error=0.01, df=9)
HALVES = HalvesLaw(gain=0.03, pairs=PAIRS, standard_error=0.01)
RANKS = RanksLaw(FIRST, SECOND)
ROWS = RowsLaw(*RIGHT)
LAWS = {"student": STUDENT, "halves": HALVES, "ranks": RANKS, "rows": ROWS}
MIRRORED = {
    "student": Student(gain=-0.03, standard_error=0.01, df=9),
    "halves": HalvesLaw(gain=-0.03, pairs=-PAIRS, standard_error=0.01),
    "ranks": RanksLaw(SECOND, FIRST),
    "rows": RowsLaw(*RIGHT[::-1]),
}


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("mu", [-0.05, 0.0, 0.02, 0.1])
def test_a_law_is_mirrored(name: str, mu: float) -> None:
    law, mirrored = LAWS[name], MIRRORED[name]
    assert law.above(mu) == pytest.approx(mirrored.below(-mu))
    assert law.below(mu) == pytest.approx(mirrored.above(-mu))
    low, high = law.interval(0.9)
    assert mirrored.interval(0.9) == pytest.approx((-high, -low))


@pytest.mark.parametrize("name", LAWS)
def test_a_farther_truth_is_harder_to_show(name: str) -> None:
    law = LAWS[name]
    truths = np.linspace(
        0.005, 0.2, 40
    )  # of halves and of rows 0 has a test of its own
    above = [law.above(float(mu)) for mu in truths]
    below = [law.below(float(mu)) for mu in truths]
    assert above == sorted(above)
    assert below == sorted(below, reverse=True)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
def test_interval_and_p_of_student_agree(level: float) -> None:
    low, high = STUDENT.interval(level)
    assert STUDENT.above(low) == pytest.approx((1 - level) / 2)
    assert STUDENT.below(high) == pytest.approx((1 - level) / 2)
    assert STUDENT.interval(level) == pytest.approx(
        stats.t.interval(level, 9, loc=0.03, scale=0.01)
    )


@pytest.mark.parametrize("level", [0.9, 0.95])
def test_interval_and_p_of_rows_agree(level: float) -> None:
    low, high = ROWS.interval(level)
    assert ROWS.above(low) == pytest.approx((1 - level) / 2, rel=1e-6)
    assert ROWS.below(high) == pytest.approx((1 - level) / 2, rel=1e-6)


def test_two_sided_p_are_those_of_the_tests() -> None:
    p = {name: Contrast(gain=0.0, law=law).p() for name, law in LAWS.items()}
    assert p["student"] == pytest.approx(2 * stats.t.sf(3, 9))
    assert p["halves"] == carried(0.03, PAIRS, se=0.01).p_value
    assert p["ranks"] == signed_rank(FIRST, SECOND).p_value
    assert p["rows"] == mcnemar(*RIGHT).p_value


def test_intervals_are_those_of_the_tests() -> None:
    halves, ranks = carried(0.03, PAIRS, se=0.01), shift(FIRST, SECOND)
    rows = mcnemar(*RIGHT)
    assert HALVES.interval(0.95) == (halves.low, halves.high)
    assert RANKS.interval(0.95) == (ranks.low, ranks.high)
    assert ROWS.interval(0.95) == accuracy_difference(rows.only_a, rows.only_b, 200)


def test_ranks_take_a_truth_for_each_dataset() -> None:
    moved = np.linspace(0, 0.1, 12)
    assert RANKS.above(moved) == signed_rank(FIRST - moved, SECOND).p_greater


@pytest.mark.parametrize(
    ("mu", "above", "below"),
    [(0.0199, 0.0, 1.0), (0.02, 1.0, 1.0), (0.0201, 1.0, 0.0)],
)
def test_without_error_the_gain_is_what_it_is(
    mu: float, above: float, below: float
) -> None:
    law = Student(gain=0.02, standard_error=0.0, df=99)
    assert (law.above(mu), law.below(mu)) == (above, below)


def test_a_normal_law_has_infinite_degrees() -> None:
    law = Student(gain=0.02, standard_error=0.01, df=np.inf)
    assert law.above(0) == pytest.approx(stats.norm.sf(2))


def test_equal_values_show_nothing() -> None:
    law = Unspread()
    assert (law.above(-1), law.below(1), law.interval(0.9)) == (1.0, 1.0, None)


def test_too_few_halves_or_datasets_have_no_end() -> None:
    few = HalvesLaw(gain=0.01, pairs=np.full((2, 2), 0.01), standard_error=0.0)
    assert few.interval(0.99)[1] == np.inf
    assert RanksLaw(FIRST[:5], SECOND[:5]).interval(0.95) is None
    assert Contrast(gain=0.01, law=few).reach(0.99) is None


def test_chances_are_one_together() -> None:
    for law in (STUDENT, HALVES):
        chances = law.chances(0.01)
        assert chances.p_less + chances.p_rope + chances.p_greater == pytest.approx(1)
    assert STUDENT.chances(0.01).p_greater == pytest.approx(stats.t.sf(-2, 9))
    assert RANKS.chances(0.01) is None


@pytest.mark.parametrize("alpha", [0.05, 0.05 / 3, 0.001])
@pytest.mark.parametrize("differ", [0, 5, 6, 7, 20, 21])
def test_the_needed_difference_is_the_least_that_mcnemar_calls(
    differ: int, alpha: float
) -> None:
    """Of all tables with as many rows that one model alone has right."""
    called = []
    for only_a in range(differ + 1):
        first = np.arange(40) < only_a
        second = (np.arange(40) >= only_a) & (np.arange(40) < differ)
        test = mcnemar(first, second)
        if test.p_value < alpha:
            called.append(abs(test.difference))
    law = RowsLaw(np.arange(40) < differ, np.zeros(40, dtype=bool))
    assert law.needed(alpha) == (pytest.approx(min(called)) if called else None)
