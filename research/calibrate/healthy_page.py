"""How often the diagnostics err, as a section of docs/calibration.md."""

from __future__ import annotations

from collections.abc import Iterable

from bench.diagnose import budgets
from research.calibrate.faults import FAULTS, FINE
from research.calibrate.healthy import DESIGNS
from research.calibrate.tables import SIZES, WORLDS
from research.calibrate.tally import Tally, standard_error

TITLE = "## Diagnostics"
#: How often one diagnostic, and how often any of them, may raise an alarm on a healthy study, and two standard errors.
ONE, ANY = 0.05, 0.10
#: The eight types of leakage of Kapoor & Narayanan (2023): number, name, faults planted here, errors among the
#: explanations, and what excludes the type by construction.
TYPES: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...], str], ...] = (
    ("L1.1", "no test set", (), ("train_score",), "the engine scores no row that the fit saw"),
    ("L1.2", "preprocessing on all rows", (), (),
     "the engine fits each step in its fold"),
    ("L1.3", "features selected on all rows", (), ("selection_before_split",),
     "the engine selects in the fold; features that the study names are a note"),
    ("L1.4", "duplicates", ("duplicates", "near duplicates"), ("duplicates_kept",), ""),
    ("L2", "illegitimate features", ("copy of the target",), (), ""),
    ("L3.1", "the future in training", ("rows that drift",), (),
     "a declared time that the split ignores is a fact, always found"),
    ("L3.2", "rows that belong together", ("rows of one origin", "rows of one declared group"), ("random_split",),
     "a declared group that the split ignores is a fact, always found"),
    ("L3.3", "a test set of another kind", ("other test rows",), (), "drawn test sets are unbiased by construction"),
)  # fmt: skip
_ABOUT = """\
How often a diagnostic finds something on {studies} healthy studies, % of studies. An alarm is a warning or worse; a
note is none. The budget is the share of false alarms that its tests may cause: .10 a study in all. Three designs,
{each} studies of each:
{designs}.
Five folds, or a fixed split where rows are in random order; a constant prediction, LDA or ridge, 5 nearest neighbours,
a full tree; {sizes} rows. bench cleans, splits, fits, scores and diagnoses them like any study. A note may be true
of a healthy study: probabilities of a tree are overconfident.
"""
_KINDS = """\
Kinds of tables, drawn with equal probability (described in research/calibrate/tables.py), and the share of their tables
with an alarm of their own in all three designs, %.
"""
_FAULTS = """\
How often a planted fault is found, % of studies, by its strength. Copy of the target: the share of it that is noise.
Duplicates: the share of rows that occur twice (near duplicates: with noise of a hundredth of each feature's deviation).
Rows of one origin: the share of variance that ten rows have in common, undeclared, or declared as a group (then with
equal classes, and folds by group compared with random ones). Drift: the share of variance of a random walk in time.
Other test rows: the shift of one feature in deviations. Sizes as above, tables with finely measured features, one table
a study, nothing tuned: {fine}.
"""
_TYPES = """\
The eight types of leakage of Kapoor & Narayanan (2023), and where each is tested. What the engine excludes by
construction can only come with a published number: its rates are those of the explanations below.
"""


def section(found: dict[str, Tally]) -> str:
    """What docs/calibration.md says of the diagnostics."""
    parts = [TITLE, "", *_healthy(found), *_kinds(found), *_faults(found), *_types()]
    return "\n".join(parts)


def healthy(found: dict[str, Tally]) -> Tally:
    """All healthy studies together."""
    total = Tally()
    for name in DESIGNS:
        total.add(found[f"healthy/{name}"])
    return total


def beyond(found: dict[str, Tally]) -> list[str]:
    """What is not within its limit and two standard errors, by design and of all designs: empty where all is."""
    said = []
    limits: list[tuple[str, tuple[str, ...], float]] = [
        (name, ("alarm", name), ONE) for name in _names(found)
    ]
    for design, tally in {
        **{name: found[f"healthy/{name}"] for name in DESIGNS},
        "all": healthy(found),
    }.items():
        for name, key, limit in [*limits, ("any of them", ("any",), ANY)]:
            share = tally.share(*key)
            if share > limit + 2 * standard_error(share, tally.trials):
                said.append(f"{name} ({design}: {_percent(share)} %)")
    return said


def _names(found: dict[str, Tally]) -> list[str]:
    """All diagnostics that may raise an alarm by chance, then those that spoke."""
    spoke = {
        key.split("/")[1] for key in healthy(found).counts if key.startswith("found/")
    }
    return sorted({*budgets(), *spoke}, key=lambda name: (name not in budgets(), name))


def _healthy(found: dict[str, Tally]) -> list[str]:
    every = healthy(found)
    each = [found[f"healthy/{name}"] for name in DESIGNS]
    designs = ";\n".join(design.said for design in DESIGNS.values())
    sizes = f"{min(SIZES)} to {max(SIZES)}"
    lines = [
        _ABOUT.format(
            studies=every.trials, each=each[0].trials, designs=designs, sizes=sizes
        )
    ]
    head = (
        "diagnostic",
        "budget, %",
        *(f"alarm, {name}, %" for name in DESIGNS),
        "alarm, all, %",
        "s.e.",
    )
    rows = []
    for name in _names(found):
        budget = f"{100 * budgets()[name]:.1f}" if name in budgets() else "-"
        rows.append(
            (
                *_alarms(name, budget, [*each, every], "alarm", name),
                _percent(every.share("found", name)),
            )
        )
    budget = f"{100 * sum(budgets().values()):.1f}"
    rows.append((*_alarms("any of them", budget, [*each, every], "any"), "-"))
    lines += _table((*head, "alarm or note, all, %"), rows, 1)
    missed = beyond(found)
    limits = f"Each within {100 * ONE:.0f} % and any of them within {100 * ANY:.0f} %, with two standard errors"
    lines.append(
        f"{limits}: {'met in every design' if not missed else 'not met by ' + ', '.join(missed)}.\n"
    )
    return lines


def _alarms(name: str, budget: str, tallies: list[Tally], *key: str) -> tuple[str, ...]:
    share = tallies[-1].share(*key)
    error = f"{100 * standard_error(share, tallies[-1].trials):.2f}"
    return (name, budget, *(_percent(tally.share(*key)) for tally in tallies), error)


def _kinds(found: dict[str, Tally]) -> list[str]:
    every, rows = healthy(found), []
    for kind in WORLDS:
        tables = every.counts[f"kind/{kind}"]
        sick = every.counts[f"sick/{kind}"]
        share = sick / max(tables, 1)
        rows.append(
            (
                kind,
                str(tables),
                _percent(share),
                f"{100 * standard_error(share, max(tables, 1)):.2f}",
            )
        )
    return [_KINDS, *_table(("kind", "tables", "with an alarm, %", "s.e."), rows, 1)]


def _faults(found: dict[str, Tally]) -> list[str]:
    rows = []
    for name, fault in FAULTS.items():
        for strength in fault.strengths:
            tally = found[f"{name}/{strength:g}"]
            alarm = tally.share("alarm")
            error = f"{100 * standard_error(alarm, tally.trials):.2f}"
            shown = (
                _percent(alarm),
                error,
                _percent(tally.share("found")),
                str(tally.trials),
            )
            rows.append((name, fault.finder, f"{strength:g}", *shown))
    head = (
        "fault",
        "found by",
        "strength",
        "alarm, %",
        "s.e.",
        "alarm or note, %",
        "trials",
    )
    return [_FAULTS.format(fine=", ".join(FINE)), *_table(head, rows, 2)]


def _types() -> list[str]:
    rows = []
    for number, name, faults, errors, argument in TYPES:
        said = (
            [f"explanations: {', '.join(error.replace('_', ' ') for error in errors)}"]
            if errors
            else []
        )
        said += [f"planted above: {', '.join(faults)}"] if faults else []
        rows.append(
            (number, name, "; ".join([*said, *([argument] if argument else [])]))
        )
    return [_TYPES, *_table(("type", "what", "where"), rows, 3)]


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _table(
    head: tuple[str, ...], rows: Iterable[tuple[str, ...]], texts: int
) -> list[str]:
    """Lines of a table whose first so many columns are texts."""
    rule = ("---",) * texts + ("---:",) * (len(head) - texts)
    return [f"| {' | '.join(cells)} |" for cells in (head, rule, *rows)] + [""]
