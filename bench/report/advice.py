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
from bench.report.printed import checks_numbers
from bench.report.styles import Styles
from bench.report.values import score, show_middle
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
#: Test rows unlike the training rows: scores there are of other rows, not too high.
_SHIFT = "biased_test"


class Verdict(StrEnum):
    """What the tests say of a model beside the best mean."""

    BEST = "best"
    BETTER = "significantly better"
    WORSE = "significantly worse"
    UNDECIDED = "not significantly different"
    UNTESTED = "not tested"


#: By the outcome for the best model.
_VERDICTS = {
    None: Verdict.UNTESTED,
    1: Verdict.WORSE,
    0: Verdict.UNDECIDED,
    -1: Verdict.BETTER,
}


class Code(StrEnum):
    """What the advice amounts to."""

    TESTED = "tested"
    UNTESTED = "untested"
    BASELINE = "baseline"
    FEW_DATASETS = "few_datasets"
    NOTHING = "nothing"


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

    `mean` and `value` are in words; `detail` says why there is no more to say.
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
        return [_over_datasets(bundle, styles, unit, datasets)]
    return [_on_one(bundle, styles, unit, name) for name in datasets]


def sentence(styles: Styles, advice: Advice) -> str:
    """One sentence: the best mean, the others by verdict, what there is no more to say."""
    if advice.code == Code.NOTHING:
        return f"Nothing {advice.where}: {advice.detail}."
    titles: dict[Verdict, list[str]] = {}
    for name, verdict in advice.verdicts.items():
        titles.setdefault(verdict, []).append(styles.family(name).title)
    best = formats.listed(titles.pop(Verdict.BEST))
    parts = [f"Best {advice.mean} {advice.where}: {best} ({advice.value})"]
    if advice.code in (Code.TESTED, Code.BASELINE):
        told = [verdict for verdict in Verdict if verdict in titles]
        parts += [f"{verdict}: {_some(titles[verdict])}" for verdict in told]
    if advice.detail:
        parts.append(advice.detail)
    return f"{'; '.join(parts)}."


def _some(titles: Sequence[str]) -> str:
    if len(titles) <= _NAMED:
        return formats.listed(list(titles))
    return f"{formats.spelled(len(titles))} models"


def _on_one(bundle: Bundle, styles: Styles, unit: Measure, dataset: str) -> Advice:
    where = f"on {styles.dataset(dataset)}"
    if serious := _serious(bundle, styles, [dataset]):
        return serious
    means = facts.means_on(bundle, dataset, unit.name)
    order = facts.best_first(bundle, dataset, unit.name)
    own = [name for name in order if means[name].scores]
    models = [name for name in own if _is_model(styles, name)]
    if not models:
        detail = "no model but a baseline has a score"
        return Advice(code=Code.NOTHING, where=where, detail=detail)
    losses = without_noise(np.array([unit.loss(means[name].value) for name in own]))
    by_name = dict(zip(own, losses.tolist(), strict=True))
    pairs = facts.pairs(bundle, dataset, unit.name)
    tests = {other: pair for (one, other), pair in pairs.items() if one == models[0]}
    told = {
        name: pair.told(unit, alpha_of(bundle.study)) for name, pair in tests.items()
    }
    code, verdicts = _compare(models, told, by_name)
    detail = _BASELINE if code == Code.BASELINE else ""
    if code == Code.UNTESTED:
        detail = _why_untested(bundle, unit, dataset)
    if own == models and _is_guess(bundle, styles, unit, dataset, by_name[models[0]]):
        code = Code.BASELINE
        detail = f"{WITHOUT_FEATURES.get(unit.name, 'The baseline')} is no worse"
    mean = means[models[0]]
    return Advice(
        code=code,
        where=where,
        mean=unit.word,
        value=show_middle(score(unit, mean.value, mean.low, mean.high)),
        verdicts=verdicts,
        detail=detail,
        cautions=_cautions(bundle, styles, tests.values()),
    )


def _is_guess(
    bundle: Bundle, styles: Styles, unit: Measure, dataset: str, loss: float
) -> bool:
    """Whether a guess from the classes alone is as good as this loss."""
    base = facts.baseline(bundle, styles, dataset, unit)
    return base is not None and unit.loss(base) <= loss


def _why_untested(bundle: Bundle, unit: Measure, dataset: str) -> str:
    causes = facts.not_tested_causes(bundle, dataset, unit.name)
    why = "; ".join(WHY_NOT[cause] for cause in causes)
    return f"no test compares it with another{f' ({why})' if why else ''}"


def _over_datasets(
    bundle: Bundle, styles: Styles, unit: Measure, datasets: Sequence[str]
) -> Advice:
    if serious := _serious(bundle, styles, datasets):
        return serious
    ranks = facts.mean_ranks(bundle, unit.name)
    order = facts.by_ranks(bundle, unit.name)
    models = [name for name in order if _is_model(styles, name)]
    design = facts.design(bundle, unit.name)
    if not models or design is None:
        detail = "fewer than two of them have a score of every model"
        return Advice(code=Code.NOTHING, where="over the datasets", detail=detail)
    tests = facts.overall_told(bundle, unit.name)
    told = {name: tests.get((models[0], name)) for name in order}
    code, verdicts = _compare(models, told, {name: ranks[name] for name in order})
    detail = _BASELINE if code == Code.BASELINE else ""
    if not facts.decides(bundle, unit.name):
        code = Code.FEW_DATASETS
        needed = facts.needed(bundle, unit.name)
        detail = f"too few datasets to decide: {needed} are needed for these pairs"
    elif code == Code.UNTESTED:
        detail = "no test compares it with another"
    return Advice(
        code=code,
        where=f"over {formats.spelled(design.datasets)} datasets",
        mean=f"mean rank by {unit.word}",
        value=formats.rank(ranks[models[0]]),
        verdicts=verdicts,
        detail=detail,
    )


def _is_model(styles: Styles, family: str) -> bool:
    return not styles.family(family).baseline


def _compare(
    models: Sequence[str],
    told: Mapping[str, int | None],
    losses: Mapping[str, float],
) -> tuple[Code, dict[str, Verdict]]:
    """The verdict on each family beside the first of the models; equal ones share it.

    All else in `losses` is a baseline: where one is not shown to be worse, that is the code. Without a test its mean
    decides.
    """
    best = models[0]
    verdicts = {name: _VERDICTS[told.get(name)] for name in losses}
    for name in models:
        if losses[name] == losses[best] and not told.get(name):
            verdicts[name] = Verdict.BEST
    for name in [name for name in losses if name not in models]:
        beside = losses[name] <= losses[best]
        if verdicts[name] in (Verdict.UNDECIDED, Verdict.BETTER):
            return Code.BASELINE, verdicts
        if verdicts[name] == Verdict.UNTESTED and beside:
            return Code.BASELINE, verdicts
    if all(outcome is None for outcome in told.values()):
        return Code.UNTESTED, verdicts
    return Code.TESTED, verdicts


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


def _serious(bundle: Bundle, styles: Styles, datasets: Sequence[str]) -> Advice | None:
    """A serious warning about all scores of a dataset: none of them is a reason to choose."""
    place, serious = pl.col("dataset"), pl.col("severity") == Severity.SERIOUS.value
    # Failed fits of one model say nothing of the others.
    about_all = (pl.col("diagnostic") != "failed_cells") | pl.col("family").is_null()
    here = place.is_in(list(datasets)) | place.is_null()
    found = bundle.frame("findings").filter(is_alarm() & serious & about_all & here)
    if not found.height:
        return None
    names = found["dataset"].drop_nulls().unique(maintain_order=True)
    where = formats.listed([styles.dataset(name) for name in names], most=_NAMED)
    rows = found.select("diagnostic", "code").unique(maintain_order=True).iter_rows()
    titles = [f"“{title_of(diagnostic, code)}”" for diagnostic, code in rows]
    return Advice(
        code=Code.NOTHING,
        where=f"on {where}" if where else "over the datasets",
        detail=f"serious warning, {formats.listed(titles)}",
    )
