"""The picture that carries the answer: ours - printed, or the tables that follow, or all models sorted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bench.claims.claim import shape_of
from bench.core.answers import AnswerRow
from bench.core.judgements import Agreement, VerdictRow
from bench.report import facts, printed
from bench.report.blocks import Figure, Piece
from bench.report.bundle import Bundle
from bench.report.charts.marks import Band, choose_axis
from bench.report.charts.plot_rows import PlotRow, plot_rows, reach
from bench.report.charts.plot_shares import PlotBar, plot_shares
from bench.report.counts import compared
from bench.report.first.conclusions import mean_of, name_claim
from bench.report.first.verdicts import (
    NUMBER,
    difference,
    find_pair,
    told,
    words_of,
)
from bench.report.means import MeanScore
from bench.report.styles import Styles, styles_of
from bench.report.values import Value, count, score
from bench.scores.design import rope_of
from bench.text import formats
from bench.text.words import Measure

#: Of more printed numbers only those outside the tolerance have a row of their own.
MOST_ROWS = 45
#: Models on more datasets than this are not drawn a dataset each.
MOST_DATASETS = 6
#: Tone and shape of a verdict: filled is shown, hollow cannot be told, orange is a difference.
LOOKS = {
    "holds": ("ours", "disc"),
    "open": ("open", "ring"),
    "off": ("off", "disc"),
    "untested": ("pale", "ring"),
}
#: The same of a model beside the best one, with its word.
BESIDE = {
    "best": ("ours", "disc", "best"),
    "equal": ("ours", "disc", "as good"),
    "unknown": ("open", "ring", "cannot tell"),
    "worse": ("off", "disc", "worse"),
    "better": ("ours", "disc", "better"),
    "untested": ("soft", "spot", ""),
}
#: Of what the interval of a mean is.
NEW_ROWS = "for new training and test rows"
OVER_SEEDS = "over seeds; other rows may give another result"
_BESIDE_MARKS = (
    "Filled: the best, or as good as it. Hollow: cannot tell. Orange: worse."
)


def hero(bundle: Bundle) -> Figure | None:
    """The figure; None where there is nothing to draw."""
    if printed.checks_numbers(bundle):
        return _tables(bundle)
    if _has_forest(bundle):
        numbers = [row for row in bundle.counted.judged if _is_drawn(row)]
        return _forest(bundle, numbers)
    return _models(bundle)


def shows_scores(bundle: Bundle) -> bool:
    """Whether the picture is the scores of all models."""
    if printed.checks_numbers(bundle) or _has_forest(bundle):
        return False
    places, metric = facts.places(bundle), facts.primary(bundle).name
    several = sum(bool(facts.means_on(bundle, place, metric)) for place in places) > 1
    return not (several and facts.ranks(bundle, metric) and not bundle.study.planted)


def _has_forest(bundle: Bundle) -> bool:
    numbers = [row for row in bundle.counted.judged if _is_drawn(row)]
    own = bundle.counted.own or all(row.is_by_other_method for row in numbers)
    return len(numbers) > 1 and not own


def _is_drawn(row: VerdictRow) -> bool:
    return (
        row.published is not None
        and row.difference is not None
        and bool(row.tolerance)
        and shape_of(row.kind).number == "score"
    )


@dataclass(frozen=True)
class ForestScale:
    """In which unit differences are drawn: their own, or so many tolerances where these differ."""

    unit: str
    tolerance: float

    def shrink(self, row: VerdictRow) -> float:
        """What a number of a claim is divided by."""
        return 1.0 if self.unit != "tolerances" else row.tolerance or 1.0


def _scale(rows: Sequence[VerdictRow]) -> ForestScale:
    limits = {(row.tolerance, row.unit) for row in rows}
    if len(limits) != 1:
        return ForestScale("tolerances", 1.0)
    ((tolerance, unit),) = limits
    return ForestScale("pp" if unit == "percent" else "", tolerance or 1.0)


def _forest(bundle: Bundle, rows: list[VerdictRow]) -> Figure:
    """Ours - printed: a row a number, a diamond a model, one for all, over the band of the tolerance."""
    scale, styles = _scale(rows), styles_of(bundle)
    main = next((row for row in bundle.whole if row.family is None), None)
    limit = f"±{formats.tolerance(scale.tolerance)} {scale.unit}".rstrip()
    if scale.unit == "tolerances":
        limit = "the number's own"
    drawn = list(_forest_rows(bundle, styles, rows, main, scale))
    ends = [end for end in reach(drawn) if abs(end) < 1e4]
    title = f"ours − printed{f', {scale.unit}' if scale.unit else ''}"
    axis = choose_axis([*ends, scale.tolerance, -scale.tolerance, 0.0], title=title)
    band = Band(-scale.tolerance, scale.tolerance, "within the tolerance")
    row = 17 if len(drawn) > 15 else 24
    name = "Differences between our numbers and the printed ones"
    chart = plot_rows(name, drawn, axis, band=band, line=0.0, row=row)
    marks = f"Row: a printed number. Band: the tolerance, {limit}."
    marks += "".join(
        words
        for words, there in (
            (
                " Line: 90 % interval of ours − printed.",
                any(one.low is not None for one in drawn),
            ),
            (" Filled: holds.", _has(drawn, "disc", "ours")),
            (" Hollow: not decided.", _has(drawn, "ring", "open")),
            (
                " Hollow and orange: not decided, outside the band.",
                _has(drawn, "ring", "off"),
            ),
            (" Orange: differs.", _has(drawn, "disc", "off")),
            (" Pale: another method.", _has(drawn, "ring", "pale")),
        )
        if there
    )
    if any(one.shape == "diamond" for one in drawn):
        marks += " Diamond: the mean over datasets, with its 90 % interval."
    if len(rows) > MOST_ROWS:
        marks += f" Of the {len(rows)} numbers only those outside the band have a row."
    return Figure("answer", _forest_result(bundle, rows, main, limit), marks, (chart,))


def _has(rows: list[PlotRow], shape: str, tone: str) -> bool:
    return any((row.shape, row.tone) == (shape, tone) for row in rows)


def _forest_result(
    bundle: Bundle, rows: list[VerdictRow], main: AnswerRow | None, limit: str
) -> tuple[Piece, ...]:
    numbers, beside = compared(bundle), ""
    tested = sum(not row.is_by_other_method for row in rows)
    if undrawn := numbers.compared - tested:
        beside = f"; without a row: {undrawn}"
    if main is not None and main.answer is not None:
        words = {
            "holds": "On average the numbers are as printed: ",
            "differs": "On average the numbers are not as printed: ",
            "open": "On average the numbers may be as printed: ",
        }[str(main.answer)]
        return (
            words,
            mean_of(main),
            f" beside a tolerance of {limit}; {numbers.held} of {numbers.compared} hold alone{beside}.",
        )
    return (f"{words_of(numbers)}; the tolerance is {limit}{beside}.",)


def _forest_rows(
    bundle: Bundle,
    styles: Styles,
    rows: list[VerdictRow],
    main: AnswerRow | None,
    scale: ForestScale,
) -> Iterator[PlotRow]:
    pooled = _pooled(bundle, main, scale)
    by_family: dict[str | None, list[VerdictRow]] = {}
    for row in rows:
        if len(rows) <= MOST_ROWS or abs(row.difference or 0) > (row.tolerance or 0):
            by_family.setdefault(row.family, []).append(row)
    order = [name for name in (*facts.families(bundle), None) if name in by_family]
    for family in order:
        answer = pooled.get(family) if len(order) > 1 else None
        if answer is not None and family is not None:
            yield _diamond(styles.brief(family), answer)
        own = by_family[family]
        own.sort(key=lambda one: -(one.difference or 0) / scale.shrink(one))
        for row in own:
            name = _place(bundle, styles, row, grouped=answer is not None)
            yield _number(row, name, scale)
    if None in pooled:
        yield _diamond("All models", pooled[None])


def _pooled(
    bundle: Bundle, main: AnswerRow | None, scale: ForestScale
) -> dict[str | None, AnswerRow]:
    """By model, and for all (None), the answers that have an interval in the unit of the picture."""
    if main is None or main.in_tolerances != (scale.unit == "tolerances"):
        return {}
    same = main.metric, main.side, main.unit
    return {
        row.family: row
        for row in bundle.whole
        if row.low is not None and (row.metric, row.side, row.unit) == same
    }


def _place(bundle: Bundle, styles: Styles, row: VerdictRow, *, grouped: bool) -> str:
    if grouped and row.dataset:
        return styles.dataset(row.dataset)
    name = name_claim(bundle, styles, row)
    claim = bundle.claims.get(row.claim)
    train = claim is not None and claim.side == "train"
    return f"{name} (training rows)" if train else name


def _diamond(name: str, row: AnswerRow) -> PlotRow:
    kind = {"holds": "holds", "differs": "off"}.get(str(row.answer), "open")
    tone = LOOKS[kind][0]
    number = replace(mean_of(row), unit="")
    return PlotRow(name, row.mean, row.low, row.high, "diamond", tone, number=number)


def _number(row: VerdictRow, name: str, scale: ForestScale) -> PlotRow:
    value, size = difference(row), scale.shrink(row)
    sign = NUMBER[Agreement(str(row.agreement))]
    tone, shape = LOOKS["untested" if row.is_by_other_method else sign.kind]
    if row.agreement == Agreement.OFF:
        tone = "off"
    middle, low, high = (
        None if one is None else one / size
        for one in (row.difference, value.low, value.high)
    )
    unit = value.unit if scale.unit == "tolerances" else ""
    shown = Value(value.number, unit, value.digits, True)
    return PlotRow(name, middle, low, high, shape, tone, number=shown)


def _tables(bundle: Bundle) -> Figure | None:
    """How many numbers of each printed table follow from the scores."""
    found = printed.claimed(bundle)
    if not found:
        return None
    parts = (("follow", "ours"), ("do not, as printed", "off"))
    bars = [
        PlotBar(
            bundle.claims[claim].where,
            (float(exact), float(total - exact)),
            count(exact),
            f"of {formats.count(total)}",
        )
        for claim, (exact, total) in found.items()
    ]
    exact, total = printed.total(bundle)
    result = (
        count(exact),
        f" of {formats.count(total)} printed numbers follow from the scores.",
    )
    chart = plot_shares("Printed numbers that follow, by table", bars, parts)
    return Figure("answer", result, "Bar: the numbers of one printed table.", (chart,))


def _models(bundle: Bundle) -> Figure | None:
    """All models, sorted, train beside test; over many datasets their mean ranks."""
    metric = facts.primary(bundle).name
    places = [
        name for name in facts.places(bundle) if facts.means_on(bundle, name, metric)
    ]
    if not places:
        return None
    if len(places) > 1 and facts.ranks(bundle, metric) and not bundle.study.planted:
        return _ranks(bundle)
    return _scores(bundle, places[:MOST_DATASETS])


def _scores(bundle: Bundle, places: list[str]) -> Figure:
    unit, styles = facts.primary(bundle), styles_of(bundle)
    rows = [
        row
        for place in places
        for row in _score_rows(bundle, styles, unit, place, several=len(places) > 1)
    ]
    rope = rope_of(bundle.study, unit.name)
    band = None
    if len(places) == 1 and rope and rows[0].middle is not None:
        best = rows[0].middle
        low, high = (best - rope, best) if unit.higher else (best, best + rope)
        band = Band(low, high, "practically as good as the best")
    marks = ""
    if any(row.low is not None for row in rows):
        marks += f"Line: 95 % interval {_sampled(bundle, places)}. "
    if any(row.other is not None for row in rows):
        marks += "Ring: the score on training rows. "
    if band is not None:
        marks += f"Band: within {unit.size(rope or 0)} of the best. "
    chart = plot_rows(f"{unit.title} of all models", rows, band=band)
    result = (
        _scores_result(rows, unit) if len(places) == 1 else _best_of(bundle, places)
    )
    return Figure("answer", result, marks + _BESIDE_MARKS, (chart,))


def _sampled(bundle: Bundle, places: list[str]) -> str:
    """Over what the interval of a mean is."""
    seeds = all(bundle.setting(place).seeds for place in places)
    return OVER_SEEDS if seeds else NEW_ROWS


def _score_rows(
    bundle: Bundle, styles: Styles, unit: Measure, place: str, *, several: bool
) -> Iterator[PlotRow]:
    means = dict(facts.means_on(bundle, place, unit.name))
    train = facts.estimates(bundle, unit.name, "train")
    order = sorted(means, key=lambda name: (unit.loss(means[name].value), name))
    shown = [name for name in order if _fits_in(styles, unit, means, name)]
    pairs = facts.pairs(bundle, place, unit.name)
    for name in shown:
        mean, own = means[name], train.get((place, name))
        outcome = "best"
        if name != order[0]:
            outcome = told(bundle, pairs.get((name, order[0])))
        tone, shape, words = BESIDE[outcome]
        yield PlotRow(
            styles.brief(name),
            mean.value,
            mean.low,
            mean.high,
            shape,
            tone,
            None if own is None else own.value,
            score(unit, mean.value),
            words,
            styles.dataset(place) if several else "",
            "simple" if name == bundle.study.simple else "",
        )


def _fits_in(
    styles: Styles, unit: Measure, means: dict[str, MeanScore], name: str
) -> bool:
    """Whether a model is drawn: a baseline only where it is near the models."""
    if not styles.family(name).baseline:
        return True
    losses = [
        unit.loss(one.value)
        for f, one in means.items()
        if not styles.family(f).baseline
    ]
    if not losses:
        return True
    worst, best = max(losses), min(losses)
    return unit.loss(means[name].value) - worst <= worst - best


def _scores_result(rows: list[PlotRow], unit: Measure) -> tuple[Piece, ...]:
    """Who has the best mean, and who is shown to be worse."""
    worse = [row.name for row in rows if row.words == "worse"]
    unknown = sum(row.words == "cannot tell" for row in rows)
    number: tuple[Piece, ...] = () if rows[0].number is None else (" ", rows[0].number)
    if not any(row.words for row in rows[1:]):
        end = "; no test compares the models."
    else:
        end = f". Shown to be worse: {', '.join(worse) or 'none'}."
        if unknown:
            end += f" Cannot tell: {unknown} of {len(rows) - 1}."
    return (f"Best mean {unit.word}: {rows[0].name}", *number, end)


def _best_of(bundle: Bundle, places: list[str]) -> tuple[Piece, ...]:
    styles, metric = styles_of(bundle), facts.primary(bundle).name
    parts = []
    for place in places:
        names = map(styles.brief, facts.leading(bundle, place, metric))
        parts.append(f"{styles.dataset(place)}, {' and '.join(names)}")
    return (f"Best on each dataset: {'; '.join(parts)}.",)


def _ranks(bundle: Bundle) -> Figure:
    """Mean ranks over datasets, with what the tests over datasets say beside the first."""
    unit, styles = facts.primary(bundle), styles_of(bundle)
    found, order = facts.ranks(bundle, unit.name), facts.by_ranks(bundle, unit.name)
    rows = []
    for name in order:
        rank = found[name]
        outcome = "best"
        if name != order[0]:
            outcome = told(bundle, find_pair(bundle, name, order[0]))
        tone, shape, words = BESIDE[outcome]
        tag = "simple" if name == bundle.study.simple else ""
        number = Value(rank.mean_rank)
        rows.append(
            PlotRow(
                styles.brief(name), rank.mean_rank, rank.low, rank.high, shape, tone,
                number=number, words=words, tag=tag,
            )
        )  # fmt: skip
    chart = plot_rows(f"Mean rank by {unit.word}", rows)
    marks = "Disc: mean rank over datasets, 1 is best. Line: 95 % interval for other datasets. "
    worse = [row.name for row in rows if row.words == "worse"]
    result = (
        f"Best mean rank: {rows[0].name} ", rows[0].number or "",
        f". Shown to be worse over the datasets: {', '.join(worse) or 'none'}.",
    )  # fmt: skip
    return Figure("answer", result, marks + _BESIDE_MARKS, (chart,))
