"""Four questions of every reader: how sure, overfitting, leaks and data, what stays open and at which price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bench.core.counting import Falsified
from bench.core.findings import FindingRow, Outcome, Severity
from bench.core.judgements import PROTOCOL, Settle, VerdictRow
from bench.diagnose.run_all import title_of
from bench.report import facts
from bench.report.blocks import Code, Pieces, Sign, Tile
from bench.report.bundle import Bundle
from bench.report.counts import compared
from bench.report.first.headline import is_own
from bench.report.first.verdicts import left_out
from bench.report.styles import styles_of
from bench.report.values import Value, gain
from bench.text import formats
from bench.text.words import Measure

GRADES = ("", "very low", "low", "moderate", "high")
#: Fewer datasets than this are a reason for doubt.
FEW_DATASETS = 3
#: A doubt about this share of the numbers costs a disc.
GRAVE = 1 / 3
#: Findings about fitting and tuning, which the second tile is of.
FITTING = ("train_test_gap", "tuning_optimism", "overtuning")
#: Findings in the order in which they matter to a reader of scores.
FIRST = (
    "leakage", "illegitimate_features", "duplicates_across", "split_gap", "temporal", "near_duplicates",
    "file_order", "biased_test", "permuted_labels", "worse_than_baseline", "failed_cells", "calibration",
    "grid_edge",
)  # fmt: skip
#: What some findings say of scores; the others have their titles.
SAYS = {
    "file_order": "neighbouring rows of the file are alike",
    "duplicates_across": "copies of training rows among the test rows",
    "near_duplicates": "test rows that nearly equal training rows",
    "biased_test": "test rows differ from training rows",
    "calibration": "probabilities are off",
    "candidate_stability": "the chosen setting changes from fold to fold",
    "grid_edge": "the best setting is at the edge of those tried",
    "importances": "the leading feature changes from fold to fold",
    "outlier_folds": "one split is far from the others",
}
#: What would decide open claims, in words.
WAYS = {
    Settle.REPEATS: "decided by more repeats",
    Settle.SEEDS: "decided by more seeds",
    Settle.DRAWS: "decided by more draws of the data",
    Settle.DATASETS: "decided by more datasets only",
    Settle.ROWS: "decided only by more rows than there are",
    Settle.PAPER_NOISE: "never decided, the printed number's own random error is too large",
    Settle.FIXED_DESIGN: "cannot be decided by this protocol, which has one run",
    Settle.RIVALS: "decided by scores of all models",
    Settle.SOURCE: "decided by what the source does not say",
    Settle.SCORES: "decided by the scores of the paper",
    Settle.METHOD: "decided by the method of the paper",
    Settle.HOLM: "open only because so many are tested together",
    Settle.NOT_JUDGED: "not judged",
    Settle.UNKNOWN: "nothing is known that would decide it",
}


def tiles(bundle: Bundle) -> tuple[Tile, ...]:
    """The four tiles, in the order of the questions."""
    return certainty(bundle), overfitting(bundle), leaks(bundle), still_open(bundle)


def certainty(bundle: Bundle) -> Tile:
    """Four discs, one less for each reason that strikes a third of the numbers or more, at least one."""
    doubts = _doubts(bundle)
    reasons = [*(words for words, _ in doubts), *(weak := _weakness(bundle))]
    grave = sum(share >= GRAVE for _, share in doubts) + len(weak)
    grade = min(max(1, 4 - grave), _most(bundle))
    kinds = ("", "off", "mixed", "open", "holds")
    return Tile("How sure?", Sign(kinds[grade], GRADES[grade]), tuple(reasons), grade)


def _doubts(bundle: Bundle) -> list[tuple[Pieces, float]]:
    """Why claims of the paper could hold or differ for another reason than the paper, and what share of them could."""
    rows = _rows_of_paper(bundle)
    if not rows:
        return []
    if is_own(bundle):
        return [("the method of the paper was not run", 0.0)]  # not what is asked
    groups = (
        ({"other_method"}, "the method of the paper was not run"),
        ({"method"}, "the method of the paper is approximated"),
        ({"memory"}, "printed number from the memory of this study's author"),
        ({"quoted"}, "printed number read in a text that quotes the paper"),
        (set(PROTOCOL), "data, split, tuning or metric differ from the paper"),
    )
    found: list[tuple[Pieces, float]] = []
    for doubts, words in groups:
        struck = sum(bool(doubts & set(row.doubted)) for row in rows)
        some = "" if struck == len(rows) else f": {struck} of {len(rows)}"
        if struck:
            found.append((words + some, struck / len(rows)))
    return found


def _rows_of_paper(bundle: Bundle) -> list[VerdictRow]:
    """The tested claims of the paper; where another method stands in for all, these."""
    count = bundle.counted
    return [row for row in count.tested or count.judged if row.source == "paper"]


def _most(bundle: Bundle) -> int:
    """The most discs: two where more than half of the paper's numbers are in doubt for any reason, else four."""
    rows = _rows_of_paper(bundle)
    doubted = sum(bool(row.doubted) for row in rows)
    return 2 if 2 * doubted > len(rows) and not is_own(bundle) else 4


def _weakness(bundle: Bundle) -> list[Pieces]:
    """Few datasets; comparisons that could not see what matters."""
    found: list[Pieces] = []
    names = facts.distinct(bundle, facts.places(bundle))
    if names and len(names) < FEW_DATASETS and not _is_checked(bundle):
        rows = bundle.frame("tables").filter(dataset=names[0])["rows"].to_list()
        size = f", {formats.count(rows[0])} rows" if rows and rows[0] else ""
        found.append(f"one dataset{size}" if len(names) == 1 else "two datasets")
    metric = facts.primary(bundle).name
    if is_own(bundle) and len(names) == 1:
        pairs = facts.pairs(bundle, names[0], metric).values()
        if pairs and all(pair.p_adjusted is None for pair in pairs):
            found.append("no test compares the models")
    if is_own(bundle) and bundle.provenance.frozen is None and bundle.study.fits:
        found.append("not registered before the scores were seen")
    return found


def _is_checked(bundle: Bundle) -> bool:
    """Whether the study only follows numbers from scores that others published."""
    return not bundle.study.fits


def overfitting(bundle: Bundle) -> Tile:
    """Whether choosing among settings makes scores look better than they are, and the gap from training to test rows."""
    question = "Overfitting?"
    rows = [row for row in bundle.findings if row.diagnostic in FITTING]
    optimism = [row for row in rows if row.diagnostic == "tuning_optimism"]
    struck = [row for row in optimism if row.outcome == Outcome.FOUND]
    tested = [row for row in optimism if row.outcome in (Outcome.FOUND, Outcome.PASSED)]
    reasons = [*_gap(bundle), *_optimism(bundle, optimism), *_tuned(rows)]
    if not bundle.study.fits:
        return Tile(question, Sign("untested", "nothing was fitted here"), ())
    if struck:
        words = f"by choosing settings: {len(struck)} of {len(tested)}"
        sign = Sign("warning", words)
    elif tested:
        sign = Sign("fine", "none by tuning is shown")
    elif any(row.estimate is not None for row in optimism):
        sign = Sign("untested", "no test: no random splits")
    else:
        sign = Sign("untested", "no test: settings are not chosen by scores")
    return Tile(question, sign, tuple(reasons))


def _gap(bundle: Bundle) -> Iterable[Pieces]:
    """The largest gap between the scores on training and on test rows."""
    unit, styles = facts.primary(bundle), styles_of(bundle)
    tests = facts.estimates(bundle, unit.name, own=True)
    train = facts.estimates(bundle, unit.name, "train")
    gaps = {
        key: unit.loss(tests[key].value) - unit.loss(train[key].value)
        for key in train
        if key in tests and not styles.family(key[1]).baseline
    }
    if not gaps:
        return
    dataset, family = max(gaps, key=lambda key: gaps[key])
    place = f" on {styles.dataset(dataset)}" if len(bundle.datasets) > 1 else ""
    yield (
        f"largest gap, training − test rows: {styles.brief(family)}{place}, ",
        _plain(gain(unit.beside(tests[dataset, family].value), gaps[dataset, family])),
    )
    if _fitted_fully(unit, [train[key].value for key in gaps]):
        yield "all models fit their training rows fully, so the gap is the test error"


def _fitted_fully(unit: Measure, train: list[float]) -> bool:
    if unit.low is None or unit.high is None:
        return False
    best = unit.high if unit.higher else unit.low
    return all(abs(one - best) < 1e-3 for one in train)


def _optimism(bundle: Bundle, rows: list[FindingRow]) -> Iterable[Pieces]:
    known = [row for row in rows if row.estimate is not None]
    if known:
        most = max(known, key=lambda row: row.estimate or 0.0)
        unit = facts.tuned_by(bundle, most.dataset or "")
        unit = facts.beside(bundle, unit, most.dataset or "", most.family or "")
        name = styles_of(bundle).brief(most.family or "")
        size = gain(unit, most.estimate, most.low, most.high)
        yield (
            "the score that chose the settings is too good by at most ",
            _plain(size),
            f", {name}",
        )


def _tuned(rows: list[FindingRow]) -> Iterable[Pieces]:
    tuned = [row for row in rows if row.diagnostic == "overtuning"]
    worse = [row for row in tuned if row.outcome == Outcome.FOUND]
    shown = [row for row in tuned if row.estimate is not None]
    if worse:
        yield f"tuning makes new rows worse: {len(worse)} of {len(shown)}"
    elif shown:
        yield f"tuning is not shown to hurt on new rows: {len(shown)} of {len(shown)}"


def _plain(value: Value) -> Value:
    """A size without the sign and the interval of a difference."""
    return Value(value.number, value.unit, value.digits)


def leaks(bundle: Bundle) -> Tile:
    """How many warnings and notes there are, the two that matter most, and what they do to scores."""
    question = "Leaks, data?"
    found = [row for row in bundle.findings if row.outcome == Outcome.FOUND]
    grave = [row for row in found if row.severity != Severity.NOTE]
    ran = any(row.outcome == Outcome.PASSED for row in bundle.findings)
    failed = facts.failed_cells(bundle).height
    if not found and not failed:
        words = "nothing found" if ran else "no check applies"
        return Tile(question, Sign("fine" if ran else "untested", words), ())
    reasons = _gravest(bundle, found)
    if failed:
        reasons.append(f"failed fits: {formats.count(failed)}")
    if grave:
        reasons.append(_consequence(bundle, grave))
    sign = Sign("warning" if grave else "remark", _counts(len(grave), len(found)))
    return Tile(question, sign, tuple(reasons))


def _gravest(bundle: Bundle, found: list[FindingRow]) -> list[Pieces]:
    """The two kinds of findings that matter most, with what they are about."""
    about = sorted((row for row in found if row.diagnostic not in FITTING), key=_place)
    by_title: dict[str, list[FindingRow]] = {}
    for row in about:
        by_title.setdefault(_title(row), []).append(row)
    first = list(by_title.items())[:2]
    return [title + _where(bundle, rows) for title, rows in first]


def _counts(warnings: int, found: int) -> str:
    """`3 warnings, 19 notes`."""
    notes = found - warnings
    counted = f"{notes} {'note' if notes == 1 else 'notes'}"
    if not warnings:
        return counted
    return f"{warnings} {'warning' if warnings == 1 else 'warnings'}, {counted}"


def _consequence(bundle: Bundle, grave: list[FindingRow]) -> str:
    """What warnings do to scores; nothing that was not meant, where the study plants them."""
    planted = set((bundle.study.planted or {}).items())
    if {(row.dataset, row.diagnostic) for row in grave} <= planted:
        return "planted on purpose"
    higher = facts.primary(bundle).higher
    return "scores may be too high" if higher else "errors may be too low"


def _place(row: FindingRow) -> tuple[bool, int]:
    place = FIRST.index(row.diagnostic) if row.diagnostic in FIRST else len(FIRST)
    return row.severity == Severity.NOTE, place


def _title(row: FindingRow) -> str:
    return SAYS.get(row.diagnostic) or title_of(row.diagnostic, row.code)


def _where(bundle: Bundle, rows: list[FindingRow]) -> str:
    """The datasets, or the number of models, that a finding is about."""
    styles = styles_of(bundle)
    names = list(dict.fromkeys(row.dataset for row in rows if row.dataset))
    if len(bundle.datasets) > 1 and names:
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        return f": {', '.join(map(styles.dataset, names[:3]))}{more}"
    models = list(dict.fromkeys(row.family for row in rows if row.family))
    if len(models) > 3:
        return f": {len(models)} models"
    return f": {', '.join(map(styles.brief, models))}" if models else ""


def still_open(bundle: Bundle) -> Tile:
    """What is undecided, what would decide it, and the price; beside it what is left out of the counts."""
    question, numbers = "Still open?", compared(bundle)
    outside = [f"{word}: {n}, not counted" for word, n in left_out(numbers).items()]
    tests = list(bundle.falsified.values())
    counts = {
        "expectations" if bundle.counted.own else "claims": (
            numbers.open,
            numbers.compared,
        ),
        "tests": (tests.count(Falsified.UNDECIDED), len(tests)),
    }
    parts = [f"{n} of {total} {noun}" for noun, (n, total) in counts.items() if n]
    if parts:
        sign = Sign("open", ", ".join(parts))
    elif numbers.compared or tests:
        sign = Sign("fine", "nothing")
    else:
        sign = Sign("untested", "nothing was tested")
    return Tile(question, sign, (*_ways(bundle), *outside))


def _ways(bundle: Bundle) -> Iterable[Pieces]:
    """What would decide what is open, the most frequent first."""
    rows = open_rows(bundle)
    ways = Counter(Settle(row.settle) if row.settle else Settle.UNKNOWN for row in rows)
    for way, many in ways.most_common():
        struck = [row for row in rows if row.settle == way and row.further]
        yield f"{many}: {WAYS[way]}{_price(bundle, way, struck)}"
    if any(way.counted for way in ways):
        yield Code(f"bench settle {bundle.study.id}")


def open_rows(bundle: Bundle) -> list[VerdictRow]:
    """The tested claims that are open, and the falsifiers that are undecided."""
    undecided = [
        row
        for row in bundle.counted.falsifiers
        if bundle.falsified[row.claim] == Falsified.UNDECIDED
    ]
    return [*bundle.counted.open, *undecided]


def _price(bundle: Bundle, way: Settle, rows: list[VerdictRow]) -> str:
    """`: 5 to 91 more, at most 910 fits, 3 min`; minutes only from a recorded run."""
    if not rows or not way.counted:
        return ""
    least, most = (
        min(row.further or 0 for row in rows),
        max(row.further or 0 for row in rows),
    )
    amount = formats.count(most)
    if least < most:
        amount = f"{formats.count(least)} to {amount}"
    dear = max(rows, key=lambda row: (row.further or 0) * _fits_a_repeat(bundle, row))
    fits = (dear.further or 0) * _fits_a_repeat(bundle, dear)
    words = f" ({amount}"
    if not fits:
        return f"{words})"
    words += f"; at most {formats.count(fits)} fits"
    cost, run = bundle.provenance.cost, facts.fits(bundle)
    if cost is not None and run:
        minutes = max(1, round(fits * cost.seconds / run / 60))
        words += f", {formats.count(minutes)} min"
    return f"{words})"


def _fits_a_repeat(bundle: Bundle, row: VerdictRow) -> int:
    """The fits of one more repeat of a claim's models on its dataset."""
    name = row.dataset or (bundle.datasets[0] if len(bundle.datasets) == 1 else "")
    repeats = bundle.setting(name).repeats if name else 0
    if not repeats:
        return 0
    folds = bundle.frame("folds").filter(dataset=name).height
    models = 1 if row.against is None else 2
    return max(1, folds // repeats) * models
