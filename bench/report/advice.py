"""Which model to use: who has the best mean, and what tests against it say of the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import polars as pl

from bench.core.comparisons import Method
from bench.core.findings import Outcome, Severity, is_alarm
from bench.diagnose import title_of
from bench.families.instability import unstable_families
from bench.report import facts
from bench.report.blocks import Table
from bench.report.bundle import Bundle
from bench.report.means import MeanScore
from bench.report.printed import checks_numbers
from bench.report.styles import Styles
from bench.scores.design import alpha_of
from bench.stats.adjust import past_doubt
from bench.stats.noise import without_noise
from bench.text import formats
from bench.text.why_not import WHY_NOT
from bench.text.words import Measure

#: Where there is nothing to choose between, and where no model was run.
NO_SCORES = "No model has a score: nothing to choose."
NO_ADVICE = "The study checks printed numbers: it recommends no model."
#: So many models are named; of more their number.
_NAMED = 4
#: The diagnostic of failed fits: it casts doubt on the order of models, not on scores.
_FAILED = "failed_cells"
#: Test rows unlike the training rows: scores there are of other rows, not too high.
_SHIFT = "biased_test"


class Verdict(StrEnum):
    """What the tests say of a model beside the best mean."""

    BEST = "best"
    BETTER = "significantly better"
    WORSE = "significantly worse"
    UNDECIDED = "not significantly different"
    UNTESTED = "not tested"
    LOST = "not compared, as runs failed or are missing"


class Code(StrEnum):
    """What the advice amounts to."""

    TESTED = "tested"
    UNTESTED = "untested"
    BASELINE = "baseline"
    FEW_DATASETS = "few_datasets"
    ONE_MODEL = "one_model"
    NO_CHOICE = "no_choice"
    NOT_COMPARED = "not_compared"
    NOT_RANKED = "not_ranked"
    NO_MODEL = "no_model"
    ORDER = "order"
    LEAK = "leak"


#: Follows who has the best mean.
_AFTER_BEST = {
    Code.TESTED: "",
    Code.UNTESTED: "no test compares it with another{}",
    Code.BASELINE: "{}",
    Code.FEW_DATASETS: "too few datasets to decide: {}",
    Code.ONE_MODEL: "no other model to choose",
}
#: No model has the best mean.
_NOTHING = {
    Code.NO_CHOICE: "the study has one model",
    Code.NOT_COMPARED: "the models were not compared over them",
    Code.NOT_RANKED: "fewer than two datasets have a score of every model",
    Code.NO_MODEL: "no model but a baseline has a score",
    Code.ORDER: "the order of the models depends on what stands in for failed fits",
    Code.LEAK: "{} may make every score too good",
}
_BASELINE = "the baseline is not shown to be worse by tests of pairs"
#: What a choice by these scores leaves open: what it is, and what to do about it.
SEEDS = (
    "Tested over seeds only",
    "other test rows may give another result: draw splits",
)
ROWS = (
    "Tested on the rows of one test set",
    "other training rows may give another result: draw splits",
)
UNSTABLE = (
    "The test calls equal models different too often: {}",
    "confirm the difference on a second dataset",
)
_PARTIAL_TESTS = {
    Method.T_OVER_SEEDS: SEEDS,
    Method.MCNEMAR: ROWS,
    Method.DELONG: ROWS,
}
Caution = tuple[str, str]


#: What replaces a baseline that was not run, by metric: computed from the counts of the classes.
WITHOUT_FEATURES = {
    "accuracy": "Largest class always",
    "error_rate": "Largest class always",
    "balanced_accuracy": "One class always",
    "r2": "Mean always",
}


@dataclass(frozen=True, kw_only=True)
class Advice:
    """Who has the best mean on one dataset or over several, and the verdict on each other model.

    `detail` fills the sentence of the code; `mean` and `value` are in words.
    """

    code: Code
    where: str
    mean: str = ""
    value: str = ""
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    detail: str = ""
    cautions: tuple[Caution, ...] = ()


def use(bundle: Bundle, styles: Styles) -> str:
    """One sentence on which model to use, then the cautions; empty without models."""
    if checks_numbers(bundle) and not bundle.study.fits:
        return NO_ADVICE
    advice = advise(bundle, styles)
    if not advice:
        return NO_SCORES if bundle.study.families else ""
    sentences = [sentence(styles, row) for row in advice]
    sentences += [f"{says}: {do}." for says, do in list_cautions(bundle, styles)]
    return " ".join(dict.fromkeys(sentences))


def tabulate_cautions(bundle: Bundle, styles: Styles) -> Table | None:
    """What a choice by these scores leaves open, with what to do; None without any."""
    rows = list_cautions(bundle, styles)
    return Table(("What to know before choosing", "What to do"), rows) if rows else None


def list_cautions(bundle: Bundle, styles: Styles) -> tuple[Caution, ...]:
    """The cautions of all advice, and the warnings of leakage."""
    found = [one for advice in advise(bundle, styles) for one in advice.cautions]
    return tuple(dict.fromkeys((*found, *_suspect(bundle, styles))))


def advise(bundle: Bundle, styles: Styles) -> list[Advice]:
    """The advice by the primary metric over all datasets, or on each form of the only one."""
    unit = facts.primary(bundle)
    scored = {dataset for dataset, _ in facts.estimates(bundle, unit.name)}
    datasets = [name for name in facts.places(bundle) if name in scored]
    if len(facts.distinct(bundle, datasets)) > 1:
        return _over_datasets(bundle, styles, unit, datasets)
    return [_on_one(bundle, styles, unit, name) for name in datasets]


def sentence(styles: Styles, advice: Advice) -> str:
    """One sentence: the best mean, the others by verdict, what the code says."""
    if advice.code in _NOTHING:
        return f"Nothing {advice.where}: {_NOTHING[advice.code].format(advice.detail)}."
    best = formats.listed(_titles(styles, advice, Verdict.BEST))
    parts = [f"Best {advice.mean} {advice.where}: {best} ({advice.value})"]
    told = advice.code in (Code.TESTED, Code.BASELINE)
    for verdict in Verdict:
        titles = _titles(styles, advice, verdict)
        if not titles or verdict == Verdict.BEST:
            continue
        if told or verdict == Verdict.LOST:
            parts.append(f"{verdict}: {_some(titles)}")
    parts.append(_AFTER_BEST[advice.code].format(advice.detail))
    return f"{'; '.join(filter(None, parts))}."


def _titles(styles: Styles, advice: Advice, verdict: Verdict) -> list[str]:
    families = [name for name, own in advice.verdicts.items() if own == verdict]
    return [styles.family(name).title for name in families]


def _some(titles: Sequence[str]) -> str:
    if len(titles) <= _NAMED:
        return formats.listed(list(titles))
    return f"{formats.spelled(len(titles))} models"


def _on_one(bundle: Bundle, styles: Styles, unit: Measure, dataset: str) -> Advice:
    where = f"on {styles.dataset(dataset)}"
    if leaks := _leaks(bundle, dataset):
        return Advice(code=Code.LEAK, where=where, detail=formats.listed(leaks))
    if _decides_order(bundle, dataset):
        return Advice(code=Code.ORDER, where=where)
    means = facts.means_on(bundle, dataset, unit.name)
    lost = facts.lost(bundle, dataset, unit.name)
    losses = _losses(unit, means)
    models = [name for name in losses if _is_model(styles, name) and name not in lost]
    if not models:
        return Advice(code=Code.NO_MODEL, where=where)
    models.sort(key=lambda name: (losses[name], name))
    tests = _tests_of(bundle, unit, dataset, models[0])
    alpha = alpha_of(bundle.study)
    told = {name: pair.told(unit, alpha) for name, pair in tests.items()}
    code, verdicts = _compare(models, told, losses)
    detail = _details(bundle, unit, dataset)[code]
    if losses.keys() == set(models):
        base = facts.baseline(bundle, styles, dataset, unit)
        if base is not None and unit.loss(base) <= losses[models[0]]:
            code = Code.BASELINE
            detail = f"{WITHOUT_FEATURES.get(unit.name, 'The baseline')} is no worse"
    mean = means[models[0]]
    return Advice(
        code=code,
        where=where,
        mean=unit.word,
        value=unit.within(mean.low, mean.high).show(mean.value),
        verdicts=verdicts | dict.fromkeys(lost, Verdict.LOST),
        detail=detail,
        cautions=_cautions(bundle, styles, tests.values()),
    )


def _losses(unit: Measure, means: Mapping[str, MeanScore]) -> dict[str, float]:
    losses = np.array([unit.loss(row.value) for row in means.values()])
    return dict(zip(means, without_noise(losses).tolist(), strict=True))


def _tests_of(
    bundle: Bundle, unit: Measure, dataset: str, family: str
) -> dict[str, facts.ComparedPair]:
    """By the other model, the pairs of one model on a dataset."""
    pairs = facts.pairs(bundle, dataset, unit.name)
    return {other: pair for (first, other), pair in pairs.items() if first == family}


def _details(bundle: Bundle, unit: Measure, dataset: str) -> dict[Code, str]:
    """What fills the sentence of each code about one dataset."""
    causes = facts.not_tested_causes(bundle, dataset, unit.name)
    why = "; ".join(WHY_NOT[cause] for cause in causes)
    untested = f" ({why})" if why else ""
    details = {Code.BASELINE: _BASELINE, Code.UNTESTED: untested}
    return dict.fromkeys(Code, "") | details


def _over_datasets(
    bundle: Bundle, styles: Styles, unit: Measure, datasets: Sequence[str]
) -> list[Advice]:
    nothing = _nothing_over(bundle, styles, datasets)
    if nothing is not None:
        return [nothing]
    if not facts.overall_pairs(bundle, unit.name):
        shared = facts.shared(bundle, datasets, unit.name)
        if len(shared) == 1:
            return [_on_one(bundle, styles, unit, shared[0])]
        sets = facts.sets_words(bundle, datasets)
        return [Advice(code=Code.NOT_COMPARED, where=f"over {sets}")]
    return [_by_ranks(bundle, styles, unit, datasets)]


def _nothing_over(
    bundle: Bundle, styles: Styles, datasets: Sequence[str]
) -> Advice | None:
    """Why nothing can be said over several datasets."""
    leaks = {name: _leaks(bundle, name) for name in datasets}
    leaking = [name for name in datasets if leaks[name]]
    if leaking:
        names = [styles.dataset(name) for name in leaking]
        where = f"on {formats.listed(names, most=_NAMED)}"
        causes = dict.fromkeys(title for titles in leaks.values() for title in titles)
        detail = formats.listed(list(causes))
        return Advice(code=Code.LEAK, where=where, detail=detail)
    where = f"over {facts.sets_words(bundle, datasets)}"
    if _decides_order(bundle, None):
        return Advice(code=Code.ORDER, where=where)
    if sum(_is_model(styles, name) for name in facts.families(bundle)) == 1:
        return Advice(code=Code.NO_CHOICE, where=where)
    return None


def _by_ranks(
    bundle: Bundle, styles: Styles, unit: Measure, datasets: Sequence[str]
) -> Advice:
    ranks = facts.mean_ranks(bundle, unit.name)
    if not ranks:
        sets = facts.sets_words(bundle, datasets)
        return Advice(code=Code.NOT_RANKED, where=f"over {sets}")
    where = f"over {facts.ranked_words(bundle, datasets, unit.name)}"
    order = facts.by_ranks(bundle, unit.name)
    models = [name for name in order if _is_model(styles, name)]
    if not models:
        return Advice(code=Code.NO_MODEL, where=where)
    tests = facts.overall_told(bundle, unit.name)
    told = {name: tests.get((models[0], name)) for name in order}
    code, verdicts = _compare(models, told, ranks)
    detail = _BASELINE if code == Code.BASELINE else ""
    if not facts.decides(bundle, unit.name):
        code, detail = (
            Code.FEW_DATASETS,
            f"{facts.needed(bundle, unit.name)} are needed for these pairs",
        )
    return Advice(
        code=code,
        where=where,
        mean=f"mean rank by {unit.word}",
        value=formats.rank(ranks[models[0]]),
        verdicts=verdicts,
        detail=detail,
    )


def _is_model(styles: Styles, family: str) -> bool:
    return not styles.family(family).baseline


def _verdict(outcome: int | None) -> Verdict:
    """What a test of the best model against another says of the other."""
    if outcome is None:
        return Verdict.UNTESTED
    return {1: Verdict.WORSE, 0: Verdict.UNDECIDED, -1: Verdict.BETTER}[outcome]


def _compare(
    models: Sequence[str],
    told: Mapping[str, int | None],
    losses: Mapping[str, float],
) -> tuple[Code, dict[str, Verdict]]:
    """The verdict on each family beside the first of the models; equal ones share it.

    All else in `losses` is a baseline, or what stands in for failed fits: where one is
    not shown to be worse, that is the code. Without a test its mean decides.
    """
    best = models[0]
    verdicts = {best: Verdict.BEST}
    for name in models[1:]:
        shares = losses[name] == losses[best] and not told.get(name)
        verdicts[name] = Verdict.BEST if shares else _verdict(told.get(name))
    code = Code.TESTED
    if all(outcome is None for outcome in told.values()):
        code = Code.UNTESTED if len(losses) > 1 else Code.ONE_MODEL
    for name in [name for name in losses if name not in models]:
        verdicts[name] = _verdict(told.get(name))
        is_open = verdicts[name] == Verdict.UNTESTED
        if is_open and losses[name] <= losses[best]:
            code = Code.BASELINE
        if verdicts[name] in (Verdict.UNDECIDED, Verdict.BETTER):
            code = Code.BASELINE
    return code, verdicts


def _cautions(
    bundle: Bundle, styles: Styles, pairs: Iterable[facts.ComparedPair]
) -> tuple[Caution, ...]:
    """What tests of the best model leave out, and whether they err too often."""
    tested = [pair for pair in pairs if pair.p_adjusted is not None]
    methods = [pair.test for pair in tested]
    cautions = [caution for name, caution in _PARTIAL_TESTS.items() if name in methods]
    doubtful = [name for pair in tested for name in _doubtful(bundle, pair)]
    if doubtful:
        titles = [styles.family(name).title for name in dict.fromkeys(doubtful)]
        says, do = UNSTABLE
        cautions.append((says.format(", ".join(titles)), do))
    return tuple(dict.fromkeys(cautions))


def _doubtful(bundle: Bundle, pair: facts.ComparedPair) -> list[str]:
    """The unstable models that make a significant difference doubtful: the corrected t test errs too often there."""
    alpha = alpha_of(bundle.study)
    if pair.p_adjusted is None or pair.p_adjusted >= alpha:
        return []
    fooled = unstable_families(bundle.study, corrected_models([pair]))
    errs = [one.errs for one in fooled.values()]
    if not errs or pair.p_adjusted < past_doubt(max(errs), alpha):
        return []
    return list(fooled)


def corrected_models(pairs: Iterable[facts.ComparedPair]) -> dict[str, None]:
    """The models of pairs that the corrected t test compares."""
    corrected = (Method.CORRECTED_T, Method.CORRECTED_T_MIX)
    mine = [pair for pair in pairs if pair.test in corrected]
    return dict.fromkeys(family for pair in mine for family in pair.between)


def _suspect(bundle: Bundle, styles: Styles) -> Iterator[Caution]:
    """The warnings of leakage; serious ones stand in the place of advice."""
    found = bundle.frame("findings").filter(
        pl.col("code").str.starts_with("L") & (pl.col("diagnostic") != _SHIFT),
        pl.col("dataset").is_not_null(),
        outcome=Outcome.FOUND.value,
        severity=Severity.WARNING.value,
    )
    optimistic = "scores may be too high" if facts.primary(bundle).higher else "errors may be too low"  # fmt: skip
    on: dict[str, dict[str, None]] = {}
    for diagnostic, code, dataset in found.select(
        "diagnostic", "code", "dataset"
    ).iter_rows():
        title = title_of(diagnostic, code)
        on.setdefault(title, {})[styles.dataset(dataset)] = None
    for title, names in on.items():
        yield f"{title} (on {', '.join(names)})", f"{optimistic}: see Findings"


def _serious(bundle: Bundle) -> pl.DataFrame:
    serious = pl.col("severity") == Severity.SERIOUS.value
    return bundle.frame("findings").filter(is_alarm() & serious)


def _leaks(bundle: Bundle, dataset: str) -> list[str]:
    """The titles of a dataset's serious findings: no score there is a reason to choose.

    Failed fits raise no score.
    """
    serious = _serious(bundle).filter(pl.col("diagnostic") != _FAILED, dataset=dataset)
    rows = serious.select("diagnostic", "code").unique(maintain_order=True)
    return [f"“{title_of(*row)}”" for row in rows.iter_rows()]


def _decides_order(bundle: Bundle, dataset: str | None) -> bool:
    """Whether what stands in for failed fits decides the order; None: over all."""
    failed = _serious(bundle).filter(pl.col("family").is_null(), diagnostic=_FAILED)
    return dataset in failed["dataset"].to_list()
