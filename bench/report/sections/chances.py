"""How probably one model is better than another, on one dataset and over all, and which won where."""

from __future__ import annotations

from collections.abc import Collection

from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.lanes import stacked
from bench.report.charts.pairs import Cells, square
from bench.report.charts.svg import Figure, Table
from bench.report.styles import Style, Styles
from bench.report.text import chances as text
from bench.scores.design import rope_of
from bench.text import formats
from bench.text.words import Measure

#: A square of more models than this cannot be read; the table of pairs has the same numbers.
MOST = 14
#: Dark for the best, pale for no difference, mid for the other model.
SHADES = ("s0", "s2", "s1")
Key = tuple[str, str]


def against_best(bundle: Bundle, styles: Styles, dataset: str, standing: facts.Leaders, unit: Measure) -> Figure | None:
    """Every other model against the best of a dataset; None where no probability stands in the comparisons."""
    tests, best = facts.pairs(bundle, dataset, unit.name), styles.family(standing.best)
    rows = []
    for f in facts.families(bundle):
        chances = _chances(tests.get((standing.best, f)), unit)
        if chances is not None:
            rows.append((styles.family(f), chances, " · ".join(map(formats.drawn, chances))))
    if not rows:
        return None
    rows.sort(key=lambda row: (row[1][0], row[0].name))
    place = styles.dataset(dataset)
    label = text.best_label(best.title, place, best.short, [(style.short, first) for style, (first, *_), _ in rows])
    table = tuple((style.title, *map(formats.drawn, chances)) for style, chances, _ in rows)
    name, drawing = f"chances-{dataset}-{unit.name}", stacked(rows, label, SHADES)
    lines = Table(text.best_header(best.short), table)
    return Figure(name, text.best_title(place), text.best_note(best.title), drawing, lines)


def _chances(pair: facts.Compared | None, unit: Measure) -> tuple[float, float, float] | None:
    """The first is better, the same, the second is better; None where one is not known."""
    better, same, worse = (None, None, None) if pair is None else pair.chances(unit)
    return None if better is None or same is None or worse is None else (better, same, worse)


def _margin(bundle: Bundle, unit: Measure) -> str | None:
    """What is practically equal in a metric, None where nothing is."""
    rope = rope_of(bundle.study, unit.name)
    return unit.size(rope) if rope else None


def beats(bundle: Bundle, styles: Styles, dataset: str, unit: Measure) -> Figure | None:
    """P(row beats column) on the study's one dataset."""
    if len(bundle.datasets) > 1:
        return None
    tests = facts.pairs(bundle, dataset, unit.name)
    chances = {key: found[0] for key, pair in tests.items() if (found := _chances(pair, unit)) is not None}
    title = text.beats_title(styles.dataset(dataset))
    note = text.beats_note(_margin(bundle, unit))
    return _square(f"beats-{dataset}-{unit.name}", title, note, _shown(bundle, styles, chances), _shaded(chances))


def beats_overall(bundle: Bundle, styles: Styles, unit: Measure) -> Figure | None:
    """P(row beats column) on a further dataset like these (Bayesian signed ranks)."""
    chances: dict[Key, float] = {}
    for pair in facts.overall_pairs(bundle, unit.name):
        if (found := _chances(pair, unit)) is not None:
            chances |= {(pair.family, pair.against): found[0], (pair.against, pair.family): found[2]}
    note = text.beats_overall_note(_margin(bundle, unit)) + ("" if facts.decides(bundle, unit.name) else text.FEW)
    title = text.overall_title(unit.word)
    return _square(facts.named(bundle, "beats", unit), title, note, _shown(bundle, styles, chances), _shaded(chances))


def won(bundle: Bundle, styles: Styles, unit: Measure, tie: str) -> Figure | None:
    """Wins, ties and losses of the row's model against the column's, counted over datasets."""
    cells: dict[Key, tuple[str, float]] = {}
    for pair in facts.overall_pairs(bundle, unit.name):
        (wins, ties, losses), sets = pair.wins(unit), max(pair.datasets, 1)
        cells[pair.family, pair.against] = (f"{wins}–{ties}–{losses}", wins / sets)
        cells[pair.against, pair.family] = (f"{losses}–{ties}–{wins}", losses / sets)
    note, title = text.won_note(tie), text.won_title(unit.word)
    return _square(facts.named(bundle, "won", unit), title, note, _shown(bundle, styles, cells), cells)


def _shaded(chances: dict[Key, float]) -> Cells:
    return {key: (formats.drawn(p), p) for key, p in chances.items()}


def _shown(bundle: Bundle, styles: Styles, cells: Collection[Key]) -> list[Style]:
    return [styles.family(f) for f in facts.families(bundle) if any(f in key for key in cells)]


def _square(id_: str, title: str, note: str, shown: list[Style], cells: Cells) -> Figure | None:
    if not 2 < len(shown) <= MOST:
        return None
    return Figure(id_, title, note + text.TINT, square(shown, cells, title), None)
