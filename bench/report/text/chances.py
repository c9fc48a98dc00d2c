"""What the figures of probabilities say: how probably one model is better than another."""

from __future__ import annotations

from collections.abc import Sequence

from bench.text import formats

FEW = " So few datasets say little about others."
TINT = " Stronger tint: more."


def beats_note(margin: str | None) -> str:
    """What a square of one dataset shows; margin: what is practically equal, None where nothing is."""
    return f"Probability that the row's model is truly better than the column's{_by_more(margin)}."


def beats_overall_note(margin: str | None) -> str:
    better = f"better{_by_more(margin)} at the centre of the differences over datasets"
    return f"Probability that the row's model is {better}; on a single dataset it may be worse."


def best_title(place: str) -> str:
    return f"{place}: how sure it is that the best is better"


def _by_more(margin: str | None) -> str:
    return "" if margin is None else f" by more than {margin} (smaller differences count as equal)"


def best_label(best: str, place: str, short: str, rows: Sequence[tuple[str, float]]) -> str:
    each = "; ".join(f"{name}: {formats.drawn(p)} that it is worse than {short}" for name, p in rows)
    return f"{best} on {place}: {each}"


def best_note(best: str) -> str:
    return (
        f"Dark: the probability that {best} is truly better; pale: that the two are practically equal; mid-grey: "
        "that the other is better."
    )


def best_header(short: str) -> tuple[str, str, str, str]:
    return ("Model", f"{short} is better", "Same", "It is better")


def beats_title(place: str) -> str:
    return f"P(row beats column) on {place}"


def overall_title(metric: str) -> str:
    return f"P(row beats column) by {metric} over datasets"


def won_title(metric: str) -> str:
    return f"Wins–ties–losses by {metric}"


def won_note(tie: str) -> str:
    return f"Number of datasets on which the row's model is better, the same, or worse; {tie}."
