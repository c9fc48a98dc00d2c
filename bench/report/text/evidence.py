"""What a run can show for an item of a checklist, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bench.text import formats

#: Names beyond these are counted.
MOST = 6
CODE_RECORDED = "recorded; the address of the code is not"
MACHINE = "The versions of the software are recorded."
SCRIPT = "The study file makes every number"
STATISTICS_ONLY = "; it repeats the statistics, not the fits"
NOT_THEIRS = " but those fitted elsewhere"
ALL_ROWS = "None by this study."
SELECTION = "Every model is reported; none was selected by its test score."
NO_TESTS = "No test compares models."
NO_SOURCE = "source not recorded"
#: The tests that the comparisons make, by name.
TESTS = {
    "corrected_t": "corrected t test",
    "sharp": "SHARP",
    "t": "t test",
    "exact": "exact signed ranks",
    "signed_ranks": "signed ranks",
    "mcnemar": "McNemar",
    "delong": "DeLong",
    "friedman": "Friedman",
}


def named(words: Iterable[str]) -> str:
    """Each name once; beyond MOST they are counted."""
    unique = list(dict.fromkeys(words))
    more = [f"{formats.count(len(unique) - MOST)} more"] if len(unique) > MOST else []
    shown = [*unique[:MOST], *more]
    return (
        "; ".join(shown)
        if any("," in word for word in shown)
        else formats.listed(shown)
    )


def sentence(words: str) -> str:
    """Words with a capital letter and one full stop."""
    words = words.strip().rstrip(".")
    return f"{words[:1].upper()}{words[1:]}."


def _few(each: Sequence[str]) -> str:
    """One or two datasets in words; of more, their number."""
    return (
        formats.listed(list(each))
        if len(each) <= 2
        else formats.plural(len(each), "dataset")
    )


def machine(cores: int, system: str, python: str) -> str:
    """The machine of the recorded run."""
    return f"{formats.plural(cores, 'core')}, {system}, Python {python}; versions of the software are recorded."


def settled(passed: int) -> str:
    """That checks passed, or that the design ensures it."""
    return (
        f"{formats.plural(passed, 'check')} passed" if passed else "ensured by design"
    )


def other_leaks(items: Sequence[str]) -> str:
    """That the test rows leak in another way.

    >>> other_leaks(["L1.3"]), other_leaks([])
    (' But test rows leak in another way: L1.3.', '')
    """
    return (
        f" But test rows leak in another way: {formats.listed(list(items))}."
        if items
        else ""
    )


def data(sources: Iterable[tuple[str, str | None]]) -> str:
    each = [f"{name} ({source or NO_SOURCE})" for name, source in sources]
    return sentence(f"{_few(each)}, with source and fingerprint")


def code(versions: int, study_hash: str) -> str:
    libraries = formats.plural(versions, "version")
    return sentence(
        f"{libraries} of libraries and the fingerprint of the study file ({study_hash}) are {CODE_RECORDED}"
    )


def instructions(command: str, *, external: bool) -> str:
    return sentence(f"one command: {command}{STATISTICS_ONLY if external else ''}")


def script(*, external: bool) -> str:
    return sentence(SCRIPT + (NOT_THEIRS if external else ""))


def sources(names: Sequence[str]) -> str:
    return sentence(
        f"read from {named(names)}; when and how they were collected and labelled is not known here"
    )


def outcome(targets: Iterable[tuple[str, str | None]]) -> str:
    """The target of each dataset."""
    return sentence(_few([f"{place}: {target}" for place, target in targets]))


def size(tables: Iterable[tuple[str, int, int]]) -> str:
    """The rows and features of each dataset."""
    return sentence(
        _few(
            [
                f"{name} {formats.plural(n, 'row')}, {formats.plural(k, 'feature')}"
                for name, n, k in tables
            ]
        )
    )


def missing(values: int, gone: int) -> str:
    if not gone:
        return f"None: all {formats.count(values)} values are present."
    share = formats.share(gone, values)
    return f"{formats.count(gone)} of {formats.count(values)} values ({share}); not counted by class."


def left_out(rows: int, steps: Sequence[str]) -> str:
    return sentence(
        f"{formats.plural(rows, 'row')} left out by {named(steps)}; the author must say why"
    )


def corrupt(steps: Sequence[str], remarks: int) -> str:
    ran = (
        f"cleaning ran {named(steps)}, logged value by value"
        if steps
        else "no cleaning step ran"
    )
    found = formats.plural(remarks, "remark") if remarks else "no remark"
    return sentence(
        f"{ran}; the checks of the tables gave {found}; the author must say which values are possible"
    )


def transformations(
    before: Sequence[str],
    inside: Sequence[str],
    own: Sequence[str],
    selected: Sequence[str],
) -> str:
    """Cleaning before any split, preprocessing on training rows, and the models with preprocessing of their own.

    `selected`: datasets whose simulation selected features on all rows.

    >>> transformations([], ["select"], [], ["noise"])
    'Before the split: the simulation of noise selected features on all rows; on training rows only: select.'
    """
    early = [named(before)] if before else []
    early += (
        [f"the simulation of {named(selected)} selected features on all rows"]
        if selected
        else []
    )
    first = f"before the split: {'; '.join(early) or 'nothing'}"
    fold = (
        f"on training rows only: {named(inside)}"
        if inside
        else "on training rows only: what each model needs"
    )
    steps = f"; the study sets the steps of {named(own)}" if own else ""
    return sentence(f"{first}; {fold}{steps}")


def models(titles: Iterable[str]) -> str:
    unique = list(dict.fromkeys(titles))
    return sentence(
        formats.listed(unique)
        if len(unique) <= 4
        else formats.plural(len(unique), "model")
    )


def protocols(each: Iterable[tuple[str, str]]) -> str:
    """The protocols: (datasets, words) of each."""
    said = [words.rstrip(".") for _, words in each]
    return sentence(
        said[0] if len(said) == 1 else formats.plural(len(said), "protocol")
    )


def tuning(words: Sequence[str]) -> str:
    return sentence("; ".join(words))


def baselines(titles: Sequence[str]) -> str:
    shown = (
        f"{named(titles)} was run beside the others"
        if titles
        else "the share of the largest class is shown"
    )
    return sentence(f"{shown}; the author must say whether this is the right baseline")


def metrics(titles: Iterable[str], first: str) -> str:
    return sentence(
        f"{named(titles)}; models are compared by {first}; the author must say why it suits the task"
    )


def intervals(level: float, seeds: Sequence[str], bare: Sequence[str]) -> str:
    """The intervals of means; `seeds`: datasets where only seeds vary, `bare`: those without some interval."""
    words = f"{100 * level:g}{formats.THIN}% intervals, corrected for overlapping training sets"
    words += f"; over seeds alone on {named(seeds)}" if seeds else ""
    return sentence(words + (f"; some missing on {named(bare)}" if bare else ""))


def tests(used: Iterable[str]) -> str:
    return sentence(f"{named(TESTS[name] for name in used)}; Holm's correction")


def external(datasets: str, claims: int) -> str:
    """On what else models and claims were tested; `datasets` is empty for one dataset."""
    parts = [f"models are compared on {datasets}"] if datasets else []
    parts += (
        [f"{formats.plural(claims, 'claim')} tested on another sample"]
        if claims
        else []
    )
    return sentence("; ".join(parts)) if parts else ""


def limits(words: Sequence[str]) -> str:
    return f"By its design: {formats.plural(len(words), 'limit')}, listed under Limits and failures."


def more_findings(count: int) -> str:
    return f"{formats.count(count)} more under Findings"
