"""What the page says around the table of claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.claims.claim import shape_of
from bench.claims.judged_by import NoInterval
from bench.claims.shapes import Shape
from bench.claims.statistic import STATISTICS
from bench.core.counting import Falsified
from bench.core.judgements import VerdictRow
from bench.study import Claim
from bench.study.preregistration import Frozen
from bench.text import formats
from bench.text.chance import Differs, Repeats
from bench.text.marks import FALSIFIED, MARKS
from bench.text.words import Measure

TITLE = "Claims"
NO_CLAIMS = (
    "No claim of the paper has been entered, so nothing can be compared with it."
)
NO_PAPER = "This study reproduces no paper and states no expectation."
#: The levels of the intervals: of a size, and of an improvement.
NEAR, WIDE = f"90{formats.THIN}%", f"95{formats.THIN}%"
#: Why a claim has no interval, by `judged_by.why_no_interval`; and where the design says it.
NO_INTERVAL: Mapping[NoInterval, str] = {
    "arithmetic": "arithmetic on numbers as they stand",
    "statistic": "the error of a statistic of these scores is not known",
    "sizes_alone": "the numbers of datasets and models decide alone",
    "few_datasets": f"so few datasets have no {WIDE} interval",
    "equal_runs": "every run gave the same number",
}
SAME_SPLITS = "the splits are the paper's own"
NO_SPLIT_DRAWN = "no split is drawn"
ERROR_UNKNOWN = "the standard error is unknown"
#: In the place of the smallest tolerance of a number that equals the printed decimals.
ROUNDING = "0"
AGAINST_BEST = "against the best other model"
#: Of a falsifier “best of all” that is undecided: the test of the one rival, and that of all rivals.
ONLY_BEFORE_HOLM = "significantly worse than the best before Holm's correction (over the pairs with this model), not after it"
#: When a claim that one model is the best holds, and when it does not.
BEST = (
    " “Best of all” holds if the model is significantly better than every other model (no correction is needed). It is "
    "refuted if another model is significantly better (Holm over the pairs with the named model)."
)
OWN_ONLY = "The claims are the author's own expectations."
NOT_FROZEN = (
    "Not preregistered: the tolerance may have been chosen after the scores were seen."
)
CHANGED = "Tolerances or claims changed after they were frozen: see"
FROZEN = "Claims and tolerances were fixed before the results: see"
FALSIFIERS = (
    "Claims and tolerances were fixed before the results; falsifiers were added: see"
)


def apart(
    expected: int,
    became: Mapping[Falsified, int],
    again: int = 0,
    tolerances: Sequence[str] = (),
) -> str:
    """What stands beside the claims that count: so many expectations of the author, and what became of falsifiers.

    again: how many of the expectations are published numbers with a tolerance of their own; `tolerances`: theirs.

    >>> apart(2, {Falsified.HAPPENED: 1})
    "Not counted above: 2 expectations of the study's author; 1 falsifier (1 happened)"
    >>> apart(5, {}, 5, ["±2 pp"]).partition(" (")[2]
    'the published numbers again, with a tolerance of ±2 pp)'
    """
    numbers = (
        "the published number" if again == expected == 1 else "the published numbers"
    )
    which = (
        numbers
        if again == expected
        else f"{again} {'is' if again == 1 else 'are'} published"
    )
    own = (
        f"a tolerance of {tolerances[0]}"
        if len(tolerances) == 1
        else "other tolerances"
    )
    said = f" ({which} again, with {own})" if again else ""
    parts = (
        [f"{formats.plural(expected, 'expectation')} of the study's author{said}"]
        if expected
        else []
    )
    many = sum(became.values())
    came = ", ".join(
        f"{n} {FALSIFIED[one]}" for one in FALSIFIED if (n := became.get(one))
    )
    parts += [f"{formats.plural(many, 'falsifier')} ({came})"] if came else []
    return f"Not counted above: {'; '.join(parts)}" if parts else ""


#: What becomes of falsifiers that no test decides, by whether some were judged without one.
_OTHERWISE = {
    False: " Otherwise it is undecided.",
    True: " Where one is judged without a test, our numbers alone decide it. Otherwise it is undecided.",
}


#: What an author expects whose falsifiers say of several models that each is the best.
_NO_BEST = (
    "The study's author expects that {nobody} is better than all others. Each falsifier below says the opposite for one "
    "model: if one happens, the expectation is refuted. A falsifier happens if the model that it names is significantly "
    "better than every other model{holm}. It does not happen if another model is significantly better than the named "
    "one (Holm over the pairs with the named one)."
)


def falsifiers(
    kinds: Sequence[str],
    together: int,
    *,
    every_model: bool = False,
    untested: bool = False,
    others: bool = False,
) -> str:
    """What the author expects, and when one of the falsifiers of these judged `kinds` happens; empty without any.

    together: how many of them can be true at once; of “best of all” of the same models at most one is. every_model:
    whether they name every model but baselines. untested: whether some were decided without a test. others: whether
    the author states other expectations, which are counted.

    >>> falsifiers(["best", "better"], 2).partition(" (")[2].partition(".")[0]
    'both after Holm over the 2 falsifiers)'
    >>> falsifiers(["better"], 1, others=True).split(". ")[1]
    'If it happens, this expectation is refuted'
    >>> falsifiers(["best", "best", "better"], 2).partition("opposite (")[2].partition(" that")[0]
    'after Holm over 2: of those'
    >>> falsifiers(["best", "best"], 1, every_model=True).partition(". ")[0]
    "The study's author expects that no model is better than all others"
    """
    if not kinds:
        return ""
    shapes, many = [shape_of(kind) for kind in kinds], len(kinds) > 1
    over = f"Holm over the {len(kinds)} falsifiers"
    holm = f" ({over})" if many else ""
    if many and together == 1 and all(shape.beats_all for shape in shapes):
        every = f"none of these {formats.spelled(len(kinds))} models"
        nobody = "no model" if every_model else every
        return _NO_BEST.format(nobody=nobody, holm=holm) + _OTHERWISE[untested]
    none, refutes = (
        (
            "none of the falsifiers below happens",
            "If one happens, it refutes this expectation",
        )
        if many
        else (
            "the falsifier below does not happen",
            "If it happens, this expectation is refuted",
        )
    )
    also = (
        " also expects, beside the expectations counted above, that"
        if others
        else " expects that"
    )
    if together < len(kinds):
        rule = (
            f"A falsifier happens if a test shows it (after {over}), and does not happen if a test shows the opposite "
            f"(after Holm over {together}: of those that say “best of all” of the same models at most one is true, so "
            "that they count as one)."
        )
    else:
        both = f" (both after {over})" if many else ""
        rule = f"A falsifier happens if a test shows it, and does not happen if a test shows the opposite{both}."
    said = f"The study's author{also} {none}. {refutes}. {rule}{_OTHERWISE[untested]}"
    return said + _opposites(shapes)


def _opposites(shapes: Sequence[Shape]) -> str:
    """What shows the opposite of claims that one model is better."""
    said = ""
    if any(shape.beats_all for shape in shapes):
        said += (
            " A test shows the opposite of “best of all” if another model is significantly better, also after Holm "
            "over the pairs with the named model."
        )
    if any(shape.beats_one for shape in shapes):
        said += " It shows the opposite of “better” also where the difference lies within the tolerance."
    return said


def preregistered(frozen: Frozen | None) -> str:
    """Whether the tolerances are as they were frozen; ends before the link to the record, if there is one."""
    if frozen is None:
        return NOT_FROZEN
    changed = any(change.section in ("tolerance", "claims") for change in frozen.meant)
    added = any(change.section == "falsified_if" for change in frozen.meant)
    return CHANGED if changed else FALSIFIERS if added else FROZEN


def decided_at(alpha: float) -> str:
    """At which level comparisons are decided, where that is not the one of the intervals."""
    return f" Comparisons are decided at α = {formats.short(alpha)}, and not by these intervals."


def intervals(
    *,
    numbers: bool,
    directions: bool,
    shared: Sequence[str],
    expected: bool,
    theory: bool,
) -> str:
    """Which intervals the table has; `numbers`: of sizes, `directions`: of claims that one model is better; `shared`:
    whose numbers are uncertain too, but for those of `theory`, or what the author `expected`."""
    known = (
        " An expectation from theory has no such error." if theory and shared else ""
    )
    wrote = (
        " A number that the author wrote down without runs behind it has no such error."
    )
    known = wrote if expected and not theory and shared else known
    error = (
        f"; they allow for the random error of the {' or '.join(shared)} number"
        if shared
        else ""
    )
    near = f"{NEAR} intervals{error}.{known}"
    if not directions:
        return near if numbers else ""
    return (
        f"{near} Where only the direction of a difference was judged: {WIDE}."
        if numbers
        else f"{WIDE} intervals."
    )


def repeats(designs: Sequence[Repeats]) -> str:
    """On which repeats the intervals of several datasets rest; one design stands above the table.

    >>> repeats([Repeats("splits", 100), Repeats("splits", 300)])
    ' The intervals rest on 100 or 300 repeats (splits drawn anew), depending on the dataset.'
    """
    if len(designs) < 2:
        return ""
    numbers: dict[Differs, set[int]] = {}
    for one in designs:
        numbers.setdefault(one.differs, set()).add(one.repeats)
    said = []
    for differs, of in numbers.items():
        most = Repeats(differs, max(of)).sentence()
        least = f"{formats.count(min(of))} {'or' if len(of) < 3 else 'to'} "
        said.append(most if len(of) == 1 else least + most)
    return f" The intervals rest on {', or on '.join(said)}, depending on the dataset."


def design(protocol: str, repeats: Repeats | None) -> tuple[str, ...]:
    """A protocol and its repeats, whose number stands once; of a pilot, `100 to 300 repeats`, it stays.

    >>> design("three repeats of 5-fold cross-validation", Repeats("splits", 3))
    ('our protocol: three repeats of 5-fold cross-validation, splits drawn anew',)
    """
    told = ""
    if repeats is not None:
        several = not protocol or " to " in protocol
        told = repeats.sentence() if several else repeats.anew
    said = ", ".join(one for one in (protocol, told) if one)
    return (f"our protocol: {said}",) if said else ()


def source(where: str) -> str:
    """Where the number of a claim stands: `source: Table 2`."""
    return f"source: {where}"


def of_improvement(direction: bool) -> str:
    """Above the interval of a comparison without a published size: of what it is, and its level."""
    return f"improvement, {WIDE if direction else NEAR}"


def one_sided(p: str) -> str:
    """The p-value of a direction on another sample, which its two-sided interval does not decide."""
    return f"one-sided {p}"


def flags(claim: Claim | None) -> list[str]:
    """The marks beside the name of a claim."""
    central, constant = (
        (False, False) if claim is None else (claim.central, claim.constant)
    )
    marks = {"central": central, "theory": bool(constant)}
    return [mark for mark, applies in marks.items() if applies]


def rest(more: int, beyond: str) -> str:
    """What is folded behind the first claims."""
    return f"{formats.plural(more, 'attempted claim')}{beyond}"


def unseen(size: str) -> str:
    """What a claim that fits does not rule out."""
    return f"A true difference of {size} would be detected half the time"


def close(unit: Measure, tolerance: float) -> str:
    """What the study calls close in one metric: `±1 pp accuracy`."""
    return f"±{unit.size(tolerance)} {unit.word}"


def stated(tolerance: float, unit: str, *, own: bool) -> str:
    """The tolerance of a claim where it is not that of its metric: stated in the claim, or what the study settles."""
    said = "this claim's tolerance:" if own else "judged within"
    return f"{said} ±{formats.tolerance(tolerance)}{unit}"


def published(row: VerdictRow, unit: str, claim: Claim | None) -> str:
    """The published number, a bound with its sign; empty where there is none."""
    if not row.published:
        return ""
    sign = {"lower": f">{formats.THIN}", "upper": f"<{formats.THIN}"}
    bound = None if claim is None else claim.bound
    return sign.get(bound or "", "") + formats.true_minus(row.published) + unit


def subject(kind: str, unit: Measure | None, claim: Claim | None) -> str:
    """The number or the order that a claim is about: `Better by accuracy`."""
    shape = shape_of(kind)
    if claim is not None and claim.statistic is not None:
        return _statistic(claim.statistic, claim.level)
    if shape.number == "score" and unit is not None:
        return unit.title
    said = shape.phrases.subject or _capitalized(kind)
    return f"{said} by {unit.word}" if shape.compares and unit is not None else said


def _capitalized(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _statistic(name: str, level: float | None) -> str:
    """`Critical difference at α = 0.1`: which of the statistics, in its own words."""
    alpha = "" if level is None else f" at α = {formats.short(round(1 - level, 9))}"
    title = STATISTICS[name].title if name in STATISTICS else _capitalized(name)
    return title[0].upper() + title[1:] + alpha


#: By the side of a claim's scores; those of test rows need no word.
SIDES = {"train": "training rows", "inner": "inner folds, chosen candidate"}


def on(datasets: Sequence[str]) -> str:
    """` on Wine`."""
    return f" on {formats.listed(list(datasets))}"


def over(datasets: Sequence[str]) -> str:
    """` over Iris and Wine`; without names, over all."""
    return (
        f" over {formats.listed(list(datasets))}" if datasets else " over all datasets"
    )


#: Whose numbers are compared with ours: a paper's, the author's, or also those of falsifiers.
WHOSE_PUBLISHED, WHOSE_EXPECTED, WHOSE_STATED = "published", "expected", "stated"
TABLE_HEAD = (
    "Claim",
    "{whose}",
    "Ours",
    "Interval of the difference",
    "Tolerance",
    "Agreement",
)


@dataclass(frozen=True)
class FigureWords:
    """The texts of a figure of published numbers against ours.

    Attributes
    ----------
    measure
        The metric.
    whose
        Whose numbers are compared with ours: `expected` or `published`.
    dataset
        The title of the dataset, where the figure has one alone.
    percent
        Whether the numbers are in percent.
    relative
        Whether differences from the published numbers are drawn.
    claims
        One line a claim that is drawn, for readers who do not see the figure.
    held
        How many of them hold up.
    has_interval
        Whether any of them has an interval.
    no_interval
        Why some have none.
    """

    measure: Measure
    whose: str
    dataset: str | None
    percent: bool
    relative: bool
    claims: tuple[str, ...]
    held: int
    has_interval: bool
    no_interval: str

    @property
    def title(self) -> str:
        place = on([self.dataset]) if self.dataset else ""
        unit = ", %" if self.percent and not self.relative else ""
        return (
            f"{self.whose.capitalize()} {self.measure.word} against ours{place}{unit}"
        )

    @property
    def label(self) -> str:
        """The figure in words, for readers who do not see it."""
        held = (
            f"{self.held} of {len(self.claims)} attempted {self.whose} numbers hold up"
        )
        return f"{self.measure.title}: {held}. {'; '.join(self.claims)}"

    @property
    def note(self) -> str:
        """What the marks of the figure are."""
        scale = f" Scale: ours − {self.whose}{', in percentage points' if self.percent else ''}."
        bar = (
            f"bar: {NEAR} interval"
            if self.has_interval
            else f"no interval: {self.no_interval}"
        )
        return f"Ring: {self.whose}; band: tolerance; dot: ours; {bar}.{scale if self.relative else ''}"


def beside(place: str, name: str) -> str:
    """What tells two claims of one label apart: the end of their names, `Glass, claim CART`."""
    part = name.rpartition("(")[2].rstrip(")") if name.endswith(")") else name
    return ", ".join(filter(None, (place, part)))


def claim_line(
    name: str, whose: str, published: str, ours: str | None, mark: str
) -> str:
    """One claim of a figure in words."""
    return f"{name}: {whose} {published}, ours {ours or 'nothing'}, {MARKS[mark].word.lower()}"
