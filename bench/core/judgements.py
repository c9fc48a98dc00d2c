"""Judgements as data: status, agreement, evidence and cause of a claim."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, get_args

from bench.core.frames import of_row


class Status(StrEnum):
    """Whether a claim was judged, or why it was not.

    Examples
    --------
    >>> from bench import Status
    >>> Status("not_attempted")
    <Status.NOT_ATTEMPTED: 'not_attempted'>
    """

    ATTEMPTED = "attempted"
    NOT_ATTEMPTED = "not_attempted"
    IMPOSSIBLE = "impossible"
    FAILED = "failed"
    MISSING = "missing"


class Agreement(StrEnum):
    """How our numbers compare with a claim, best first.

    exact: equal as printed, and nothing is drawn. reproduced: the 90 % interval lies inside the tolerance, or a claimed
    comparison is established. fits: ours lies within the tolerance, or favours the claimed comparison, and chance may do
    more than that. off: ours lies outside the tolerance, or does not favour the comparison, and chance may explain
    that. differs: the 95 % interval lies outside the tolerance, or the opposite is established.

    Examples
    --------
    >>> from bench import Agreement
    >>> Agreement("reproduced").holds
    True
    """

    EXACT = "exact"
    REPRODUCED = "reproduced"
    FITS = "fits"
    OFF = "off"
    DIFFERS = "differs"

    @property
    def holds(self) -> bool:
        return self in (Agreement.EXACT, Agreement.REPRODUCED)

    @property
    def decided(self) -> bool:
        """Whether it is none of the two that leave a claim open."""
        return self not in (Agreement.FITS, Agreement.OFF)


class Evidence(StrEnum):
    """How closely the study follows the paper.

    strong: the paper's method, data and protocol, and a number that was read at its source. limited: an approximated
    method, other data, another protocol, or a secondary source. weak: a substituted method, or a number from memory.

    Examples
    --------
    >>> from bench import Evidence
    >>> [evidence.value for evidence in Evidence]
    ['strong', 'limited', 'weak']
    """

    STRONG = "strong"
    LIMITED = "limited"
    WEAK = "weak"


class Control(StrEnum):
    """What stands beside a published number that differs; null in verdicts where nothing has to.

    held: other numbers of the dataset that could have shown such a difference, most of which do not. own_shift: they
    do, but the model is shifted alike on other datasets: another implementation. none: no such numbers; our study may
    be weaker than the paper.
    """

    HELD = "held"
    OWN_SHIFT = "own_shift"
    NONE = "none"


class Cause(StrEnum):
    """Why an attempted claim does not hold, in one word, so that the claims of many tables can be counted together.

    In the order of precedence: last what stays without an explanation.

    Examples
    --------
    >>> Cause("split").name
    'SPLIT'
    """

    NOISE_FLOOR = "noise_floor"
    MEMORY = "memory"
    QUOTED = "quoted"
    OTHER_METHOD = "other_method"
    METHOD = "method"
    DATA = "data"
    SPLIT = "split"
    TUNING = "tuning"
    METRIC = "metric"
    SEED = "seed"
    ONE_SPLIT = "one_split"
    NO_ERROR = "no_error"
    FEW_DATASETS = "few_datasets"
    OPEN = "open"
    EQUIVALENT = "equivalent"
    REFUTED = "refuted"


class Settle(StrEnum):
    """What would decide a claim that is open: more repeats, or why these cannot.

    repeats, seeds, draws: more of them, of the protocol, on its fixed folds, or of a simulation. datasets, rows: more of
    them. paper_noise: the published number's own chance is too large, whatever is run here. fixed_design: the protocol
    has one run. rivals: scores of models that lack some. source: what the paper says of its number, or more digits.
    scores: the paper's own scores. method: the paper's method, data and protocol. holm: only Holm's correction over the
    falsifiers leaves it open. not_judged: a falsifier without a judgement. unknown: nothing is known that would.

    Examples
    --------
    >>> Settle("repeats").counted, Settle("rows").counted
    (True, False)
    """

    REPEATS = "repeats"
    SEEDS = "seeds"
    DRAWS = "draws"
    DATASETS = "datasets"
    ROWS = "rows"
    PAPER_NOISE = "paper_noise"
    FIXED_DESIGN = "fixed_design"
    RIVALS = "rivals"
    SOURCE = "source"
    SCORES = "scores"
    METHOD = "method"
    HOLM = "holm"
    NOT_JUDGED = "not_judged"
    UNKNOWN = "unknown"

    @property
    def counted(self) -> bool:
        """Whether it is something that can be run again on the same rows."""
        return self in (Settle.REPEATS, Settle.SEEDS, Settle.DRAWS)


#: What makes evidence less than strong: a deviation of the study from the paper, by what differs, or where the number
#: was read, if not at its source. The gravest first: another method and a number from memory make it weak.
Doubt = Literal[
    "other_method", "method", "memory", "quoted", "data", "split", "tuning", "metric"
]
DOUBTS: tuple[Doubt, ...] = get_args(Doubt)
#: Those of data and protocol.
PROTOCOL: frozenset[Doubt] = frozenset(("data", "split", "tuning", "metric"))


#: The level of the three-sided rule.
LEVEL = 0.95


@dataclass(frozen=True, kw_only=True)
class VerdictRow:
    """All numbers in the claim's unit. `standard_error`: of the difference, where one is known. `low`, `high`: t.95
    interval of the difference ours - published;
    `low_refute`, `high_refute`: t.975; of a comparison without a published size, of the improvement itself; of a
    rank on one dataset, the ranks that Holm leaves less the published one. `p`: of the claim, small
    where it is refuted; of a published number below .05 just where the t.975 interval lies outside the tolerance.
    `p_shown`: of the test that shows the claim, small where it holds; of a published number at most .05 just where
    the t.95 interval lies inside the tolerance. Both null where no error rate exists. `ours` of an order is
    Kendall's tau-b with ours. `dataset` null: the study's only one, or over all. `cause`: in one word why an
    attempted claim does not hold (`Cause`), else null. `reasons`: why, statements of this module as JSON.
    `agreement`, `evidence`: null unless `status` is attempted. `detectable`: the smallest difference that the
    design could have seen, half the t.975 interval and the tolerance; of a comparison without a size, half of that
    interval. `decidable`: of a published score, how probable it is that endless repeats of ours decide it, by what
    is known of our mean; null where they have no part in it. `falsifier`: the claim would falsify what the author
    expects (`falsified_if`). `tolerance`: as stated; `tolerance_used`: the one judged by, wider where one test case
    is. `settle`: what would decide a claim that is
    open (fits or off), or an undecided falsifier (`Settle`); `further`: how many more of it, where that is known.
    `printed`: a count of cases or a range as the paper has it, of which `published` is one number; else null.
    """

    claim: str
    kind: str
    dataset: str | None
    family: str | None
    against: str | None
    metric: str | None
    unit: str | None
    published: str | None
    printed: str | None = None
    ours: float | None
    difference: float | None
    standard_error: float | None
    low: float | None
    high: float | None
    low_refute: float | None
    high_refute: float | None
    p: float | None
    p_shown: float | None
    tolerance: float | None
    tolerance_used: float | None
    smallest_tolerance: float | None
    detectable: float | None
    decidable: float | None
    status: Status
    agreement: Agreement | None
    evidence: Evidence | None
    control: Control | None
    source: str
    falsifier: bool
    doubts: str
    cause: Cause | None
    settle: Settle | None
    further: int | None
    reasons: str

    @property
    def doubted(self) -> tuple[Doubt, ...]:
        """What makes its evidence less than strong."""
        here = self.doubts.split()
        return tuple(doubt for doubt in DOUBTS if doubt in here)

    @property
    def is_by_other_method(self) -> bool:
        """Whether another method stands in for the paper's."""
        return "other_method" in self.doubted

    @property
    def holds(self) -> bool:
        """Whether it was judged, and all that it claims holds."""
        return self.agreement is not None and Agreement(self.agreement).holds


VERDICTS = of_row(VerdictRow)
