"""How probable it is that one family beats another, on one data set and over all, and who won where."""

from __future__ import annotations

from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.pairs import PairCell, PairProbabilities, shared_out, square
from bench.report.charts.svg import Figure, Table
from bench.report.styles import Style, Styles
from bench.text import formats
from bench.text.words import Measure

#: A square of more families than this cannot be read; the table of pairs has the same numbers.
MOST = 14
Key = tuple[str, str]


def against_best(bundle: Bundle, styles: Styles, dataset: str, standing: facts.Leaders, unit: Measure) -> Figure | None:
    """Every other family against the best of a data set; None where no probability stands in the comparisons."""
    tests, best = facts.pairs(bundle, dataset, unit.name), styles.family(standing.best)
    rows = []
    for f in facts.families(bundle):
        chances = _chances(tests.get((standing.best, f)), unit)
        if chances is not None:
            note = " · ".join(formats.drawn(p) for p in chances)
            rows.append(PairProbabilities(styles.family(f), *chances, note))
    if not rows:
        return None
    rows.sort(key=lambda row: (row.best, row.style.name))
    words = [f"{formats.drawn(r.best)} that it loses to {best.short}" for r in rows]
    label = f"{best.title} on {styles.dataset(dataset)}: " + "; ".join(
        f"{r.style.short}: {said}" for r, said in zip(rows, words, strict=True)
    )
    head = ("Family", f"{best.short} is better", "Same", "It is better")
    table = tuple((r.style.title, *map(formats.drawn, (r.best, r.same, r.own))) for r in rows)
    note = f"Dark: the probability that {best.title} is truly better; pale: that the two are the same within the ROPE; "
    note += "mid: that the other is better."
    title = f"{styles.dataset(dataset)}: how sure the best is"
    return Figure(f"chances-{dataset}-{unit.name}", title, note, shared_out(rows, label), Table(head, table))


def _chances(pair: facts.ComparedPair | None, unit: Measure) -> tuple[float, float, float] | None:
    """The first is better, the same, the second is better."""
    if pair is None or pair.p_less is None or pair.p_rope is None or pair.p_greater is None:
        return None
    better, worse = (pair.p_greater, pair.p_less) if unit.higher else (pair.p_less, pair.p_greater)
    return better, pair.p_rope, worse


def beats(bundle: Bundle, styles: Styles, dataset: str, unit: Measure) -> Figure | None:
    """P(row beats column) on one data set."""
    tests = facts.pairs(bundle, dataset, unit.name)
    chances = {key: found[0] for key, pair in tests.items() if (found := _chances(pair, unit)) is not None}
    title = f"P(row beats column) on {styles.dataset(dataset)}"
    note = "How probable it is that the row's family is truly better than the column's by more than the ROPE."
    return _square(f"beats-{dataset}-{unit.name}", title, note, _shown(bundle, styles, chances), _shaded(chances))


def beats_overall(bundle: Bundle, styles: Styles, unit: Measure) -> Figure | None:
    """P(row beats column) on a further data set like these (Bayesian signed ranks)."""
    chances: dict[Key, float] = {}
    for pair in facts.overall_pairs(bundle, unit.name):
        if pair.p_greater is None or pair.p_less is None:
            continue
        better, worse = (pair.p_greater, pair.p_less) if unit.higher else (pair.p_less, pair.p_greater)
        chances |= {(pair.family, pair.against): better, (pair.against, pair.family): worse}
    note = "How probable it is that on a further data set like these the row's family is better by more than the ROPE."
    if not facts.decides(bundle, unit.name):
        note += " From so few data sets it says how alike these are, not what others would show."
    title = f"P(row beats column) by {unit.word} over data sets"
    return _square(facts.named(bundle, "beats", unit), title, note, _shown(bundle, styles, chances), _shaded(chances))


def won(bundle: Bundle, styles: Styles, unit: Measure, tie: str) -> Figure | None:
    """Wins, ties and losses of the row's family against the column's, counted over data sets."""
    cells: dict[Key, PairCell] = {}
    for pair in facts.overall_pairs(bundle, unit.name):
        wins, losses = (pair.above, pair.below) if unit.higher else (pair.below, pair.above)
        sets = max(pair.datasets, 1)
        cells[pair.family, pair.against] = PairCell(f"{wins}–{pair.within}–{losses}", wins / sets)
        cells[pair.against, pair.family] = PairCell(f"{losses}–{pair.within}–{wins}", losses / sets)
    note = f"Data sets on which the row's family is better, the same, worse than the column's; {tie}."
    title = f"Wins–ties–losses by {unit.word}"
    return _square(facts.named(bundle, "won", unit), title, note, _shown(bundle, styles, cells), cells)


def _shaded(chances: dict[Key, float]) -> dict[Key, PairCell]:
    return {key: PairCell(formats.drawn(p), p) for key, p in chances.items()}


def _shown(bundle: Bundle, styles: Styles, cells: dict[Key, float] | dict[Key, PairCell]) -> list[Style]:
    return [styles.family(f) for f in facts.families(bundle) if any(f in key for key in cells)]


def _square(id_: str, title: str, note: str, shown: list[Style], cells: dict[Key, PairCell]) -> Figure | None:
    if not 2 < len(shown) <= MOST:
        return None
    return Figure(id_, title, f"{note} A stronger tint is more.", square(shown, cells, title), None)
