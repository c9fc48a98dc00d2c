"""Families compared: statements with their sentences."""

from __future__ import annotations

from typing import Literal

from bench.core.comparisons import WhyNot
from bench.core.outcomes import Statement
from bench.text.formats import correlation, drawn, listed, p_equals, plural
from bench.text.why_not import WHY_NOT

#: Of more models than this the number is said.
MOST_NAMED = 4


class NoErrorRate(Statement, code="claim.no_error_rate"):
    """No error rate exists, and why; None: none is needed, as nothing is drawn. external: of scores that others made."""

    why: WhyNot | None = None
    external: bool = False

    def sentence(self) -> str:
        if self.why is None:
            return "judged without a significance test"
        of = " of the external scores" if self.external else ""
        return f"no error rate{of} ({WHY_NOT[self.why]})"


class WithoutTest(
    Statement,
    code="claim.without_test",
    says="no chance is involved between {pairs:listed}: judged by the tolerance alone",
):
    """Beside pairs that are tested, some whose scores anybody would get."""

    pairs: tuple[str, ...]


class RoundedTooMuch(
    Statement,
    code="claim.rounded_too_much",
    says="the printed scores are rounded too much to say whether they lie within {margin:g}",
):
    margin: float


class OnTestRows(Statement, code="claim.on_test_rows"):
    """What a test on the rows of one test set says of a pair that was judged without an error rate."""

    test: Literal["mcnemar", "delong"]
    p: float

    def sentence(self) -> str:
        name = {"mcnemar": "McNemar", "delong": "DeLong"}[self.test]
        return f"{name} {p_equals(self.p)} (for these two fitted models on further rows like these)"


class Probabilities(Statement, code="claim.probabilities"):
    """The probabilities that the family is better, practically equal (within the margin) and worse."""

    better: float
    within: float
    worse: float
    margin: float

    def sentence(self) -> str:
        better, same, worse = map(drawn, (self.better, self.within, self.worse))
        return f"P(better) {better}, P(same) {same}, P(worse) {worse}"


class ConstantDifference(
    Statement,
    code="claim.constant_difference",
    says="the difference is {difference:.3g} in every fold",
):
    difference: float


class SignedRanks(Statement, code="claim.signed_ranks"):
    """On how many datasets the family is better, on how many equal, and the signed-rank statistic.

    exact: its p is from all sign patterns, not from the normal distribution.
    """

    better: int
    equal: int
    datasets: int
    statistic: float
    exact: bool

    def sentence(self) -> str:
        equal = f", equal on {self.equal}" if self.equal else ""
        null = "exact" if self.exact else "normal approximation"
        return f"better on {self.better} of {self.datasets} datasets{equal}; signed ranks T = {self.statistic:g}, {null}"


class FewDatasets(Statement, code="claim.few_datasets"):
    """With so few datasets p cannot be small enough; needed: so many could decide. equality: whether models that are
    claimed to differ can still be shown to be practically equal, which refutes the claim."""

    datasets: int
    least_p: float
    needed: int
    equality: bool = False

    def sentence(self) -> str:
        least = f"p could not be below {self.least_p:.2g}; {self.needed} datasets could"
        if not self.equality:
            return f"{self.datasets} datasets cannot decide: {least}"
        return f"{self.datasets} datasets are too few to show a direction ({least}), and enough to show equality"


class DirectionShown(Statement, code="claim.direction_shown", says="{p:p}"):
    p: float


class DirectionOpen(Statement, code="claim.direction_open", says="{p:p}"):
    p: float


class OtherWayRound(Statement, code="claim.other_way_round"):
    """The other family is better; p: None where no error rate exists."""

    p: float | None

    def sentence(self) -> str:
        return "the other way round" + (
            "" if self.p is None else f" ({p_equals(self.p)})"
        )


class Equivalent(
    Statement, code="claim.equivalent", says="practically equal: within {margin:g}"
):
    margin: float


class EquivalenceShown(
    Statement, code="claim.equivalence_shown", says="{p:p}, two one-sided tests"
):
    """The families are practically equal; p: the larger of two one-sided tests."""

    p: float


class EquivalenceOpen(
    Statement,
    code="claim.equivalence_open",
    says="{p:p}, two one-sided tests",
):
    """The interval crosses the margin; p: the larger of two one-sided tests."""

    p: float


class Apart(Statement, code="claim.apart", says="apart by more than {margin:g}"):
    margin: float


class BeatsAll(Statement, code="claim.beats_all"):
    others: int
    closest: str

    def sentence(self) -> str:
        if self.others == 1:
            return f"better than {self.closest}"
        return (
            f"better than each of {self.others} others; the closest is {self.closest}"
        )


class Beaten(Statement, code="claim.beaten"):
    """These families beat it; `tested`: significantly, after Holm over all its rivals."""

    by: tuple[str, ...]
    tested: bool

    def sentence(self) -> str:
        names = (
            f"{len(self.by)} other models"
            if len(self.by) > MOST_NAMED
            else listed(self.by)
        )
        if not self.tested:
            return f"beaten by {names}"
        are = "is" if len(self.by) == 1 else "are"
        return (
            f"{names} {are} significantly better (Holm over the pairs with this model)"
        )


class NotShownToBeat(Statement, code="claim.not_shown_to_beat"):
    families: tuple[str, ...]

    def sentence(self) -> str:
        many = len(self.families) > MOST_NAMED
        return f"not shown to beat {f'{len(self.families)} of the other models' if many else listed(self.families)}"


class DifferenceFrom(
    Statement,
    code="claim.difference_from",
    says="the difference is from {family}, the closest of those not beaten",
):
    """From which rival the numbers of a claim of the best model are, where another one is closer, and beaten."""

    family: str


class Closest(Statement, code="claim.closest", says="the closest is {family}"):
    family: str


class RivalsMissing(
    Statement,
    code="claim.rivals_missing",
    says="best of those with complete scores; there are none of {families:listed}",
):
    """The family is the best of those with all their scores; these lack some or all."""

    families: tuple[str, ...]


class RivalsAbsent(
    Statement,
    code="claim.rivals_absent",
    says="no complete scores of {families:listed}",
):
    """Rivals that lack scores, so that those of the others cannot show that the family beats all."""

    families: tuple[str, ...]


class RankingsCompared(Statement, code="claim.rankings_compared"):
    """The claimed ranking beside ours, and their Kendall tau-b; None where one of them has only ties.

    p: the chance that a random order of so many families agrees as well.
    """

    claimed: str
    ours: str
    tau: float | None
    p: float | None
    families: int

    def sentence(self) -> str:
        tau = "" if self.tau is None else f"; Kendall's τ {correlation(self.tau)}"
        if self.p is not None:
            tau += f" (a random order of {self.families} models agrees as well with {p_equals(self.p)})"
        return f"claimed: {self.claimed}; ours: {self.ours}{tau}"


class PairContradicted(Statement, code="claim.pair_contradicted"):
    """A pair of a ranking is not as claimed: they lie apart, are equal within the margin, or are reversed."""

    pair: str
    relation: Literal["apart", "equal", "reversed"]
    margin: float

    def sentence(self) -> str:
        found = {
            "apart": "they lie apart",
            "equal": f"they are equal within {self.margin:g}",
            "reversed": "it is the other way round",
        }
        return f"{self.pair}, but {found[self.relation]}"


class PairsNotShown(
    Statement, code="claim.pairs_not_shown", says="not shown: {pairs:commas}"
):
    pairs: tuple[str, ...]


class PairsHold(Statement, code="claim.pairs_hold"):
    """Each of so many neighbouring pairs holds."""

    pairs: int

    def sentence(self) -> str:
        return (
            "the one pair holds"
            if self.pairs == 1
            else f"each of {self.pairs} neighbouring pairs holds"
        )


class Holm(Statement, code="claim.holm"):
    """The p-values are adjusted by Holm over so many pairs."""

    tests: int

    def sentence(self) -> str:
        return f"Holm over {plural(self.tests, 'pair')}"


class NotAfterHolm(Statement, code="claim.not_after_holm"):
    """A falsifier, or its opposite, is significant before Holm's correction over so many falsifiers alone; `ahead`: of
    two models the one that is better."""

    tests: int
    opposite: bool
    ahead: str | None = None

    def sentence(self) -> str:
        found = "the opposite is significant" if self.opposite else "significant"
        found = found if self.ahead is None else f"{self.ahead} is significantly better"
        return f"{found} before Holm's correction over {plural(self.tests, 'falsifier')}, not after it"


class FewForOpposite(Statement, code="claim.few_for_opposite"):
    """With so few datasets the claim can be shown, and no pair can be significantly the other way round, nor one that
    is claimed to be equal apart; needed: so many could refute it. equality: as of `FewDatasets`."""

    datasets: int
    pairs: int
    needed: int
    equality: bool = False

    def sentence(self) -> str:
        holm = f" after Holm over {self.pairs} pairs" if self.pairs > 1 else ""
        if not self.equality:
            return f"{self.datasets} datasets are too few to refute it{holm}; {self.needed} could"
        too_few = (
            f"{self.datasets} datasets are too few for the opposite to be significant"
        )
        return f"{too_few}{holm}, and enough to show equality"
