"""Which model to use: the comparison as advice, by rule. Never a winner without a test, never a reason why one is."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bench.core.findings import FindingRow, Outcome, Severity, is_alarm
from bench.core.metrics import complement_of
from bench.diagnose import title_of
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.printed import checks_numbers
from bench.report.styles import Styles
from bench.report.text.advice_on_one import OnOne
from bench.report.text.advice_over_many import OverMany
from bench.report.text.advice_words import NAMED
from bench.report.text.headline import metric_of_headline
from bench.text import formats
from bench.text.words import Measure, measure

#: Where there is nothing to choose between, and where no model was run.
ONE_MODEL = "The study has one model: nothing to choose."
NO_SCORES = "No model has a score: nothing to choose."
NO_ADVICE = "The study checks printed numbers: it recommends no model."
#: The diagnostic of failed fits: it casts doubt on the order of models, not on scores.
_FAILED = "failed_cells"
#: Test rows unlike the training rows: scores may be of other rows, but are not too high for that.
_SHIFT = "biased_test"


def use(bundle: Bundle, styles: Styles) -> str:
    """Which model, by how much, on which data, how sure; or that none differs significantly. Empty without scores.

    By the metric of the headline, and by the primary metric where that is another.
    """
    if checks_numbers(bundle) and not bundle.study.fits:
        return NO_ADVICE
    unit, primary = measure(metric_of_headline(bundle)), facts.primary(bundle)
    places = _places(bundle, unit)
    if not places:
        return NO_SCORES if bundle.study.families else ""
    said = [_said(bundle, styles, unit, places)]
    if primary.name not in (unit.name, complement_of(unit.name)) and (
        scored := _places(bundle, primary)
    ):
        said += [_said(bundle, styles, primary, scored, second=True)]
    return " ".join(
        dict.fromkeys(filter(None, [*said, _suspect(bundle, styles, places)]))
    )


def _suspect(bundle: Bundle, styles: Styles, places: Sequence[str]) -> str:
    """The warnings of leakage, and on which of these datasets: scores there may be too high, of some models more than
    of others. Serious ones are said in the place of advice."""
    rows = bundle.rows(
        "findings",
        FindingRow,
        outcome=Outcome.FOUND.value,
        severity=Severity.WARNING.value,
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        if (
            row.code.startswith("L")
            and row.diagnostic != _SHIFT
            and row.dataset in places
        ):
            found.setdefault(title_of(row.diagnostic, row.code), []).append(
                styles.dataset(str(row.dataset))
            )
    named = [
        f"“{title}” (on {formats.listed(list(dict.fromkeys(on)))})"
        for title, on in found.items()
    ]
    return f"Scores may be too high: {formats.listed(named)}." if named else ""


def _places(bundle: Bundle, unit: Measure) -> list[str]:
    """The datasets with scores of a metric."""
    scored = {d for d, _ in facts.estimates(bundle, unit.name)}
    return [d for d in facts.places(bundle) if d in scored]


def _said(
    bundle: Bundle,
    styles: Styles,
    unit: Measure,
    places: Sequence[str],
    *,
    second: bool = False,
) -> str:
    """By one metric; second: another one was told before."""
    if len(facts.distinct(bundle, places)) > 1:
        return _over_many(bundle, styles, unit, places, second)
    grave, decided = _grave(bundle), _by_policy(bundle)
    said = {place: f"{OnOne(bundle, styles, unit, place).said()}." for place in places}
    said |= {
        place: _undecided(bundle, f"on {styles.dataset(place)}")
        for place in places
        if place in decided
    }
    said |= {
        place: _leaking(styles, place, grave[place])
        for place in places
        if place in grave
    }
    return " ".join(said.values())


def _over_many(
    bundle: Bundle, styles: Styles, unit: Measure, places: Sequence[str], second: bool
) -> str:
    if len([f for f in facts.families(bundle) if not styles.family(f).baseline]) == 1:
        return ONE_MODEL
    grave = _grave(bundle)
    if leaks := [
        _leaking(styles, place, grave[place]) for place in places if place in grave
    ]:
        more = (
            f"So on {formats.spelled(len(leaks) - NAMED)} more datasets."
            if len(leaks) > NAMED
            else ""
        )
        return " ".join(filter(None, [*leaks[:NAMED], more]))
    if None in _by_policy(bundle):
        return _undecided(bundle, f"over {facts.sets_words(bundle, places)}")
    many = OverMany(bundle, styles, unit, places)
    return many.beside() if second else many.said()


def _undecided(bundle: Bundle, where: str) -> str:
    """Why no model is advised where the policy for what was lost decides their order."""
    return f"Nothing {where} yet: the order of the models depends on what stands in for failed fits."


def _leaking(styles: Styles, place: str, titles: Sequence[str]) -> str:
    """Why no model is advised on a dataset with serious findings."""
    return f"Nothing on {styles.dataset(place)} yet: {formats.listed(list(titles))} may make every score too high."


def _serious(bundle: Bundle) -> pl.DataFrame:
    return bundle.frame("findings").filter(
        is_alarm() & (pl.col("severity") == Severity.SERIOUS.value)
    )


def _grave(bundle: Bundle) -> dict[str, list[str]]:
    """By dataset, the titles of its serious findings: no score there is a reason to choose. Failed fits raise none."""
    serious = _serious(bundle).filter(pl.col("diagnostic") != _FAILED)
    titles: dict[str, list[str]] = {}
    for dataset, *row in (
        serious.select("dataset", "diagnostic", "code")
        .unique(maintain_order=True)
        .iter_rows()
    ):
        titles.setdefault(dataset, []).append(f"“{title_of(*row)}”")
    return titles


def _by_policy(bundle: Bundle) -> set[str | None]:
    """The datasets (None: over all) where the order of models depends on what stands in for what was lost."""
    return set(
        _serious(bundle).filter(pl.col("family").is_null(), diagnostic=_FAILED)[
            "dataset"
        ]
    )
