"""What the page says of its limits: the design of the study, and the fits that failed."""

from __future__ import annotations

from collections.abc import Sequence

from bench.text import formats

EXCLUDED = "nothing: the model is excluded here"
EXTERNAL = (
    "Scores and predictions of models that were fitted elsewhere do not show how these were tuned, nor whether test "
    "rows were kept out of training."
)
#: How a claim was tested, by its fidelity.
FIDELITY = {
    "substituted": "tested with a different method in place of the paper's",
    "approximated": "tested with an approximation of the paper's method or data",
}


def extra_fit(variant: str) -> str:
    """What a fit beside the study's own is of.

    >>> extra_fit("half=0a"), extra_fit("permuted=3"), extra_fit("explanation=untuned")
    ('half of the rows', 'permuted = 3', 'explanation = untuned')
    """
    name, _, value = variant.partition("=")
    return "half of the rows" if name == "half" else f"{name} = {value.replace('_', ' ')}"


def all_present(fits: int) -> str:
    return f"None. All {formats.count(fits)} fits are present."


def cut(shown: int, rows: int) -> str:
    return f"The first {shown} of {formats.count(rows)} are shown."


def policy_title(measure: str) -> str:
    return f"{measure}, and the place among the models"


def policy_header(per_dataset: bool) -> tuple[str, str, str, str]:
    case = "folds" if per_dataset else "datasets"
    return ("Model", "Failed fits", "With the baseline's score", f"On {case} that all models finished")


def mean_rank(metric: str) -> str:
    return f"Mean rank by {metric}"


def warned(titles: Sequence[str]) -> list[str]:
    """The warnings of checks, by title: no page with one is without limits."""
    named = formats.listed([f"“{title}”" for title in titles])
    return [f"Checks warn of {named} (see Findings)."] if titles else []


def few_datasets(count: int) -> str:
    words = formats.spelled(count).capitalize()
    return f"{words} dataset{'' if count == 1 else 's'}: on others another model may be better."


def only_seeds(places: Sequence[str]) -> str:
    return (
        f"On {formats.listed(list(places))} only the seed varies: intervals and tests do not apply to other splits or "
        "other rows."
    )


def fixed_splits(places: Sequence[str]) -> str:
    return f"The splits on {formats.listed(list(places))} are fixed, so the effect of other splits is unknown."


def one_way_to_split(places: Sequence[str]) -> str:
    return f"Leave-one-out has no other splits of {formats.listed(list(places))}: the effect of other rows is unknown."


def missing_runs(models: Sequence[tuple[str, int]], places: int, stand_ins: bool) -> str:
    """The runs that models of a table lack, and what became of them."""
    most = [f"{name} {count}" for name, count in models[:5]] + (["others fewer"] if len(models) > 5 else [])
    done = "another model's scores stand in, as the study says" if stand_ins else "they are left out, as the study says"
    total = sum(count for _, count in models)
    where = f"{formats.plural(total, 'run')} on {formats.plural(places, 'dataset')}"
    return f"{where} {'is' if total == 1 else 'are'} missing ({formats.listed(most)}): {done}."


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def fidelity(count: int, code: str) -> str:
    return f"{formats.plural(count, 'claim')} {_were(count)} {FIDELITY[code]}."


def unverified(count: int) -> str:
    numbers = formats.plural(count, "published number")
    return f"{numbers} of attempted claims {_were(count)} not checked against the source, and cannot refute the paper."


def other_protocol(count: int) -> str:
    return f"{formats.plural(count, 'claim')} {_were(count)} tested under a protocol that differs from the paper's."
