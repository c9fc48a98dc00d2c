"""What the page says of its limits: the design of the study, and the fits that failed."""

from __future__ import annotations

from collections.abc import Sequence

from bench.core.comparisons import WhyNot
from bench.text import formats
from bench.text.why_not import WHY_NOT

EXTERNAL = "Tuning and leakage of the models fitted elsewhere cannot be checked."


def extra_fit(variant: str) -> str:
    """What a fit beside the study's own is of.

    >>> extra_fit("half=0a"), extra_fit("permuted=3"), extra_fit("explanation=untuned")
    ('extra fit: half of the rows', 'extra fit: permuted = 3', 'extra fit: explanation = untuned')
    """
    name, _, value = variant.partition("=")
    return f"extra fit: {'half of the rows' if name == 'half' else f'{name} = ' + value.replace('_', ' ')}"


def all_present(fits: int) -> str:
    return f"All {formats.count(fits)} scored fits are present."


def cut(shown: int, rows: int) -> str:
    return f"The first {shown} of {formats.count(rows)} are shown."


def warned(titles: Sequence[str]) -> list[str]:
    """The warnings of checks, by title: no page with one is without limits."""
    named = formats.listed([f"“{title}”" for title in titles])
    return [f"Warning: {named} (see Findings)."] if titles else []


def few_datasets(count: int) -> str:
    words = formats.spelled(count).capitalize()
    return f"{words} dataset{'' if count == 1 else 's'}: on others another model may be better."


def only_seeds(places: Sequence[str]) -> str:
    return f"On {formats.listed(list(places))} repeats differ only in their seed: other rows may give another result."


def fixed_splits(places: Sequence[str]) -> str:
    return f"The splits on {formats.listed(list(places))} are fixed: other splits may give another result."


def one_way_to_split(places: Sequence[str]) -> str:
    return f"On {formats.listed(list(places))} leave-one-out gives one result: no interval and no significance test."


def missing_runs(models: Sequence[tuple[str, int]], places: int) -> str:
    """The runs that models of a table lack, and what became of them."""
    others = sum(count for _, count in models[5:])
    most = [f"{name} {count}" for name, count in models[:5]] + (
        [f"others {others}"] if others else []
    )
    total = sum(count for _, count in models)
    where = f"{formats.plural(total, 'run')} on {formats.plural(places, 'dataset')}"
    return f"{where} {'is' if total == 1 else 'are'} missing ({formats.listed(most)}): they are left out, as the study says."


def untested(causes: Sequence[WhyNot]) -> str:
    """That no test compares two models, and why."""
    why = "; ".join(WHY_NOT[cause] for cause in causes)
    return f"No two models are tested{f': {why}' if why else ''}."


def follow(departing: int, attempted: int) -> list[str]:
    """How many attempted claims follow the paper less than closely.

    >>> follow(1, 3), follow(0, 3)
    (['Attempted claims that follow the paper in part or loosely: 1 of 3.'], [])
    """
    of = f"{formats.count(departing)} of {formats.count(attempted)}"
    return (
        [f"Attempted claims that follow the paper in part or loosely: {of}."]
        if departing
        else []
    )


def protocol(places: Sequence[str], differs: str) -> str:
    """How data or protocol leave the paper on some datasets.

    >>> protocol(["Wine"], "random folds")
    'Other data or protocol on Wine: random folds.'
    """
    return f"Other data or protocol{f' on {formats.listed(list(places))}' if places else ''}: {differs}."
