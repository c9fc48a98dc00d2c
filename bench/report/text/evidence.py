"""What a run can show for an item of a checklist, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bench.text import formats

#: Names beyond these are counted.
MOST = 6
CODE_RECORDED = "recorded; the address of the code is not"
MACHINE = "The versions of the software are recorded. The number of workers does not change the results."
SCRIPT = "The study file and the pipeline are the script: they make every number here"
NOT_THEIRS = "; the fits behind external numbers are not included"
ALL_ROWS = "No: every row of the tables is used."
SELECTION = "Every model that was run is reported, with its failed fits; none was selected by its test score."
NO_TESTS = "None was made on models."
NO_SOURCE = "source not recorded"
_DESCRIBED = {"classification": "the rows of each class", "regression": "its mean, spread and range"}
#: The tests that the comparisons make, by name.
TESTS = {
    "corrected_t": "the corrected t test, because training sets overlap",
    "sharp": "SHARP on disjoint halves of the rows",
    "t": "the t test over independent draws or seeds",
    "exact": "exact signed ranks over datasets, which assume no distribution",
    "signed_ranks": "signed ranks over datasets",
    "mcnemar": "McNemar's test where one fit predicted each row",
    "delong": "DeLong's test where one fit predicted each row",
    "friedman": "Friedman's test",
}


def named(words: Iterable[str]) -> str:
    """Each name once; beyond MOST they are counted."""
    unique = list(dict.fromkeys(words))
    more = [f"{formats.count(len(unique) - MOST)} more"] if len(unique) > MOST else []
    shown = [*unique[:MOST], *more]
    return "; ".join(shown) if any("," in word for word in shown) else formats.listed(shown)


def sentence(words: str) -> str:
    """Words with a capital letter and one full stop."""
    words = words.strip().rstrip(".")
    return f"{words[:1].upper()}{words[1:]}."


def data(sources: Iterable[tuple[str, str | None]]) -> str:
    each = named(f"{name} ({source or NO_SOURCE})" for name, source in sources)
    return sentence(f"{each}; each identified by its fingerprint, the sha256 of its content")


def code(versions: int, study_hash: str) -> str:
    libraries = formats.plural(versions, "version")
    return sentence(
        f"{libraries} of libraries and the fingerprint of the study file ({study_hash}) are {CODE_RECORDED}"
    )


def instructions(command: str) -> str:
    return sentence(f"one command makes the page from the sources of the data: {command}")


def script(*, external: bool) -> str:
    return sentence(SCRIPT + (NOT_THEIRS if external else ""))


def sources(names: Sequence[str]) -> str:
    return sentence(f"read from {named(names)}; when and how they were collected and labelled is not known here")


def outcome(targets: Iterable[tuple[str, str | None]], task: str | None) -> str:
    """The target of each dataset; `task`: of the study, where the page describes every target."""
    each = named(f"{place}: {target}" for place, target in targets)
    return sentence(each + ("" if task is None else f"; the page shows {_DESCRIBED[task]}"))


def size(tables: Iterable[tuple[str, int, int]]) -> str:
    """The rows and features of each dataset."""
    return sentence(
        named(f"{name} {formats.plural(n, 'row')}, {formats.plural(k, 'feature')}" for name, n, k in tables)
    )


def missing(values: int, gone: int) -> str:
    if not gone:
        return f"Nothing: all {formats.count(values)} values are present."
    share = formats.share(gone, values)
    return f"{formats.count(gone)} of {formats.count(values)} values ({share}); not counted by class."


def left_out(rows: int, steps: Sequence[str]) -> str:
    return sentence(f"{formats.plural(rows, 'row')} left out by {named(steps)}; the author must say why")


def corrupt(steps: Sequence[str], remarks: int) -> str:
    ran = f"cleaning ran {named(steps)}, logged value by value" if steps else "no cleaning step ran"
    found = formats.plural(remarks, "remark") if remarks else "no remark"
    return sentence(f"{ran}; the checks of the tables gave {found}; the author must say which values are possible")


def transformations(before: Sequence[str], inside: Sequence[str], own: Sequence[str]) -> str:
    """Cleaning before any split, preprocessing inside each fold, and the models with preprocessing of their own."""
    first = f"before any split: {named(before)}" if before else "nothing is done before the split"
    fold = (
        f"Inside each fold: {named(inside)}"
        if inside
        else "Inside each fold each model gets the preprocessing it needs"
    )
    steps = f"{named(own)} {'has steps of its' if len(own) == 1 else 'have steps of their'} own"
    return sentence(f"{first}. {fold}" + (f"; {steps}" if own else ""))


def models(titles: Iterable[str]) -> str:
    return sentence(f"{named(titles)}; parameters and candidates are listed")


def protocols(each: Iterable[tuple[str, str]]) -> str:
    """The protocols: (datasets, words) of each."""
    return sentence("; ".join(f"{place}: {words.rstrip('.')}" if place else words.rstrip(".") for place, words in each))


def tuning(words: Iterable[str]) -> str:
    return sentence("; ".join(words))


def baselines(titles: Sequence[str]) -> str:
    shown = f"{named(titles)} was run beside the others" if titles else "the share of the largest class is shown"
    return sentence(f"{shown}; the author must say whether this is the right baseline")


def metrics(titles: Iterable[str], first: str) -> str:
    return sentence(f"{named(titles)}; models are compared by {first}; the author must say why it suits the task")


def intervals(level: float, seeds: Sequence[str], bare: Sequence[str]) -> str:
    """The intervals of means; `seeds`: datasets where only seeds vary, `bare`: those without some interval."""
    words = (
        f"{100 * level:g}{formats.THIN}% intervals of means; over random splits they are widened because training sets "
        "overlap (Nadeau & Bengio 2003)"
    )
    words += f"; over seeds alone on {named(seeds)}" if seeds else ""
    return sentence(words + (f"; none for some on {named(bare)}, and the page says why" if bare else ""))


def tests(used: Iterable[str]) -> str:
    return sentence(f"{named(TESTS[name] for name in used)}; pairs are corrected by Holm")


def external(datasets: str, claims: int) -> str:
    """On what else models and claims were tested; `datasets` is empty for one dataset."""
    parts = [f"models are compared on {datasets}"] if datasets else []
    parts += [f"{formats.plural(claims, 'claim')} tested on another sample"] if claims else []
    return sentence("; ".join(parts)) if parts else ""


def limits(words: Sequence[str]) -> str:
    return f"By its design: {formats.plural(len(words), 'limit')}, listed under Limits and failures."


def more_findings(count: int) -> str:
    return f"{formats.count(count)} more under Findings"
