"""The card behind a number of the table of results: its folds, training score, chosen candidates and failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from bench.core.text import shortened
from bench.report import facts
from bench.report.bundle import MOST_PAIRS, Bundle
from bench.report.charts.intervals import Dot, fold_strip
from bench.report.means import CellKey, FoldScores, MeanScore
from bench.report.sections.overfitting import candidate_words
from bench.report.sections.states import FailureRow, State, failures_on
from bench.report.styles import Style, Styles
from bench.report.text import cards as text
from bench.report.tuning import Tuned
from bench.text import formats
from bench.text.words import Measure

#: So many candidates are named, and so many reasons of failures, each cut at so many letters.
NAMED, REASONS, LONGEST = 5, 3, 160


@dataclass(frozen=True)
class ResultCell:
    """A cell of the table of results: the number with its interval, in words and drawn, and its states.

    `card`: the id of the card behind it, where it has one; `key`, `family`: whose it is; `of`: whose, on which data.
    """

    card: str
    states: list[State]
    key: str
    family: str
    of: str
    value: str = formats.NONE
    interval: str = ""
    glyph: Markup | str = ""
    tied: bool = False
    estimate: MeanScore | None = None


@dataclass(frozen=True)
class CardMetric:
    """One metric of a card; `at`: its place among the metrics of the page."""

    title: str
    value: str
    interval: str
    train: str
    gap: str
    states: tuple[str, ...]
    strip: Markup
    folds: str
    at: int


@dataclass(frozen=True)
class Pick:
    """A candidate, and in how many folds it was chosen."""

    words: str
    times: str


@dataclass(frozen=True)
class Card:
    """What stands behind the numbers of one family on one dataset."""

    id: str
    look: Style
    place: str
    metrics: tuple[CardMetric, ...]
    failures: list[str]
    chosen: tuple[Pick, ...]
    more: str


#: The cells of a metric's table, by dataset and family.
CardGrid = Mapping[str, Mapping[str, ResultCell]]


def has_cards(bundle: Bundle) -> bool:
    """Whether the numbers of this page have cards: not where datasets have pages of their own, nor beyond 30 pairs."""
    return (
        not bundle.apart
        and len(facts.places(bundle)) * len(facts.families(bundle)) <= MOST_PAIRS
    )


def where(bundle: Bundle) -> str:
    """What the page says of its cards: what they hold, or where they are."""
    if not has_cards(bundle) and not bundle.apart:
        return text.too_many(MOST_PAIRS)
    metric = facts.primary(bundle).name
    several = (
        d
        for (d, _), rows in facts.fold_scores(bundle, metric).items()
        if sum(map(len, rows.values())) > 1
    )
    return text.where(
        list(
            dict.fromkeys(
                facts.single_scores(bundle, dataset, metric) for dataset in several
            )
        ),
        train=bool(facts.estimates(bundle, metric, "train")),
        chosen=any(one.picked for tuned in bundle.tuned.values() for one in tuned),
        apart=bundle.apart,
    )


def card_id(bundle: Bundle, styles: Styles, dataset: str, family: str) -> str:
    """The name of a cell's card in the page; the same whatever the metric."""
    return f"card-{facts.places(bundle).index(dataset)}-{styles.family(family).key}"


def cards(
    bundle: Bundle, styles: Styles, grids: list[tuple[Measure, CardGrid]]
) -> tuple[Card, ...]:
    """A card a family and dataset that has a score or a failure; each holds every metric, which the bar chooses."""
    if not has_cards(bundle):
        return ()
    found = []
    for d in facts.places(bundle):
        tuned = {one.family: one for one in bundle.tuned.get(d, [])}
        for f in facts.families(bundle):
            cells = [
                (i, unit, grid[d][f])
                for i, (unit, grid) in enumerate(grids)
                if grid[d][f].card
            ]
            if cells:
                found.append(_card(bundle, styles, (d, f), cells, tuned.get(f)))
    return tuple(found)


def _card(
    bundle: Bundle,
    styles: Styles,
    key: CellKey,
    cells: list[tuple[int, Measure, ResultCell]],
    tuned: Tuned | None,
) -> Card:
    dataset, family = key
    return Card(
        id=card_id(bundle, styles, dataset, family),
        look=styles.family(family),
        place=styles.dataset(dataset),
        metrics=tuple(_metric(bundle, styles, key, *cell) for cell in cells),
        failures=_failures(failures_on(bundle, dataset).get(family, [])),
        chosen=() if tuned is None else _picks(tuned, facts.fold_word(bundle, dataset)),
        more="" if tuned is None else text.more_candidates(len(tuned.picked) - NAMED),
    )


def _picks(tuned: Tuned, what: str) -> tuple[Pick, ...]:
    """The candidates chosen most often, each with in how many folds (`what`)."""
    return tuple(
        Pick(
            candidate_words(tuned.candidates[candidate]),
            text.times(times, tuned.folds, what),
        )
        for candidate, times in tuned.picked[:NAMED]
    )


def _metric(
    bundle: Bundle,
    styles: Styles,
    key: CellKey,
    at: int,
    unit: Measure,
    cell: ResultCell,
) -> CardMetric:
    """One metric of a card: the number with its interval, the single scores in a drawing and in words, training."""
    dataset, family = key
    train = facts.estimates(bundle, unit.name, "train").get(key)
    test = facts.estimates(bundle, unit.name, own=True).get(key)
    rows = facts.fold_scores(bundle, unit.name).get(key, {})
    what = facts.single_scores(bundle, dataset, unit.name)
    return CardMetric(
        title=unit.title,
        value=cell.value,
        interval=cell.interval,
        train="" if train is None else unit.show(train.value),
        gap=""
        if train is None or test is None
        else _gap(unit, train.value, test.value),
        states=tuple(
            state.words for state in cell.states if state.kind not in ("lost", "equal")
        ),  # said elsewhere
        strip=_strip(styles.family(family), cell.estimate, unit, rows, what),
        folds=_folds_said(
            unit, rows, what, draws=bundle.setting(dataset).repeats_a_draw == 1
        ),
        at=at,
    )


def _gap(unit: Measure, train: float, test: float) -> str:
    """`2.6 pp better`: on the training rows, whether higher or lower is better."""
    gap = unit.loss(test) - unit.loss(train)
    size = unit.beside(train, test).difference(abs(gap)).lstrip("+")
    return text.gap(size, better=gap > 0)


def _strip(
    style: Style, e: MeanScore | None, unit: Measure, rows: FoldScores, what: str
) -> Markup:
    """The single scores drawn; nothing where there is one alone."""
    values = [v for row in rows.values() for v in row]
    if e is None or len(values) < 2:
        return Markup("")
    dot = Dot(style, e.value, e.low, e.high)
    label = text.strip_label(unit.title, len(values), what, *_ends(unit, values))
    return fold_strip(dot, values, label, unit.limits)


def _folds_said(unit: Measure, rows: FoldScores, what: str, *, draws: bool) -> str:
    """`30 folds of 3 repeats: 0.91 to 1.000.`"""
    values = [v for row in rows.values() for v in row]
    if len(values) < 2:
        return ""
    return text.scores(len(values), what, len(rows), _ends(unit, values), draws=draws)


def _ends(unit: Measure, values: list[float]) -> tuple[str, str]:
    """The lowest and the highest of single scores."""
    low, high = min(values), max(values)
    show = unit.within(low, high).show
    return show(low), show(high)


def _failures(rows: list[FailureRow]) -> list[str]:
    """Every reason once, with how many folds it struck: `failed in 2 folds: MemoryError`."""
    counted = Counter(
        (
            "failed" if row.status is None else row.status,
            text.NO_REASON if row.reason is None else row.reason,
        )
        for row in rows
    )
    said = [
        text.failure(status, n, shortened(reason, LONGEST))
        for (status, reason), n in sorted(
            counted.items(), key=lambda item: (-item[1], item[0])
        )
    ]
    left = len(said) - REASONS
    return said[:REASONS] + ([text.more_reasons(left)] if left > 0 else [])
