"""What a run would fit and why, and what stands in the store, in words for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bench.cli.show import table
from bench.cli.words import predicted, size
from bench.core.text import say, wrapped
from bench.text.formats import count, listed, plural, work
from bench.text.sentences import sentence

if TYPE_CHECKING:
    from bench.project.settle import Pilot, Settling
    from bench.run.prune import Contents, Removed
    from bench.run.variants.price import CellCosts, Price
    from bench.run.why import ReasonGroup, Why


def show_why(why: Why) -> None:
    """Which cells a run would fit, and why; the dearest groups first."""
    if not why.groups:
        done = (
            f"all {count(why.cells)} cells are stored"
            if why.cells
            else "it has no cell"
        )
        say(f"{why.study}: nothing to do: {done}")
        return
    for group in why.groups[:_GROUPS]:
        wrapped(
            f"{_whose(group)}: {plural(group.cells, 'cell')}: {'; '.join((*group.reasons, predicted(group.seconds)))}"
        )
    more = sum(group.cells for group in why.groups[_GROUPS:])
    if more:
        say(
            f"and {plural(more, 'cell')} in {len(why.groups) - _GROUPS} groups more; --json has all"
        )
    time = predicted(why.seconds)
    if why.seconds is not None:
        time += f" with {plural(why.workers, 'worker')}"
        if why.unknown:
            takes = "takes" if len(why.unknown) == 1 else "take"
            time += f", and what {listed(why.unknown)} {takes}, which is not known"
    counts = (
        f"{count(why.cells - why.stored)} of {plural(why.cells, 'cell')} would be run"
    )
    wrapped(f"{why.study}: {counts}, {time}; {count(why.stored)} are stored")


def show_price(
    study: str,
    price: Price | None,
    said: Mapping[str, str],
    workers: int,
    by_default: Sequence[str],
) -> None:
    """What the diagnostics of a study add, in numbers where its tables are there, else in words."""
    fitted = price.extra_fits if price is not None else ()
    said = {
        name: phrase
        for name, phrase in said.items()
        if name in fitted or name not in by_default
    }
    if not said:
        return
    if price is None:
        asked = "; ".join(f"{name}: {phrase}" for name, phrase in said.items())
        wrapped(
            f"remark: {study}: its diagnostics add {asked}. `bench why {study}` counts the cells"
        )
        return
    if not price.added.cells:
        wrapped(
            f"remark: {study}: its diagnostics add nothing: {', '.join(said)} cannot be asked of these data; "
            "the page says why"
        )
        return
    from bench.run.variants.price import together

    each = ", ".join(
        f"{name} {_with_fits(part)}" for name, part in price.extra_fits.items()
    )
    added, own = price.added, price.own
    whole = together([added, own]).waiting(workers)
    time = predicted(whole)
    time += (
        ""
        if whole is None
        else f" in all with {plural(workers, 'worker')}, if nothing is stored"
    )
    wrapped(
        f"remark: {study}: its diagnostics add {_with_fits(added)} to the study's own "
        f"{_with_fits(own)}{': ' + each if each else ''}; {time}"
    )


def _with_fits(part: CellCosts) -> str:
    return f"{plural(part.cells, 'cell')} ({plural(part.fits, 'fit')})"


def show_pilots(
    study: str, price: Price | None, pilots: Mapping[str, Pilot], workers: int
) -> None:
    """What a study's own cells are where a pilot decides how many repeats there are: of the pilot, and at most."""
    for dataset, one in pilots.items():
        time = (
            ""
            if price is None
            else f": {predicted(None if one.seconds is None else one.seconds / workers)}"
        )
        asked = f"up to {count(one.at_most - one.pilot)} more may be asked for by {listed(one.claims)}{time}"
        many = asked if one.claims else "no claim can ask for more"
        wrapped(
            f"remark: {study}: of {dataset} {count(one.pilot)} repeats are run first; {many}"
        )
    if pilots and price is not None and price.at_most is not None:
        parts = (price.own, price.at_most)
        first_time, most_time = (predicted(part.waiting(workers)) for part in parts)
        wrapped(
            f"remark: {study}: the first repeats are {_with_fits(price.own)}, {first_time}; all that may follow "
            f"make {_with_fits(price.at_most)}, {most_time}"
        )


def show_seeds(study: str, price: Price | None, workers: int) -> None:
    """Which fixed splits are run with several seeds unasked, what that costs, and how to have another number."""
    if price is None:
        return
    for dataset, runs in price.seeds.items():
        time = predicted(price.own.waiting(workers))
        wrapped(
            f"remark: {study}: the fixed split of {dataset} is run {runs} times with other seeds, because one seed "
            f"decides nothing; the study's own runs are {_with_fits(price.own)}, {time}; write `repeats` in its "
            "resampling for another number"
        )


def show_defaults(study: str, keys: Sequence[str], price: Price | None) -> None:
    """What of it the study does not write, and how to leave it out, or to have it where it would cost too much."""
    for dataset, times in price.too_dear.items() if price is not None else ():
        later = (
            " unless more repeats follow the pilot"
            if price is not None and dataset in price.cheap_after_pilot
            else ""
        )
        wrapped(
            f"remark: {study}: on {dataset} no halves are fitted by default{later}, although some of its models depend "
            f"on few rows: they would cost {times:g} times what its own fits do; write `diagnostics: {{halves: {{}}}}` "
            "to have them"
        )
    for key in keys:
        if price is None or key in price.extra_fits:
            where = (
                " where they cost little beside its own fits" if price is None else ""
            )
            wrapped(
                f"remark: {study}: {key} are fitted by default{where}, because the fit of some of its models depends "
                f"on few rows; write `diagnostics: {{{key}: null}}` to leave them out"
            )


#: Groups of `bench why` that are printed.
_GROUPS = 30


def _whose(group: ReasonGroup) -> str:
    """The datasets and families of a group, by name when they are few."""

    def some(names: tuple[str, ...], noun: str) -> str:
        return ", ".join(names) if len(names) <= 2 else f"{len(names)} {noun}"

    variant = "" if group.variant == "plain" else f", {group.variant}"
    return f"{some(group.datasets, 'datasets')} x {some(group.families, 'families')}{variant}"


def settle_rows(found: Settling) -> list[dict[str, Any]]:
    """What would decide the open claims, for programs."""
    return [
        {"claim": row.claim, "dataset": row.dataset, "agreement": row.agreement and str(row.agreement),
         "by": row.settle.by, "count": row.settle.count, "now": row.now, "seconds": seconds}
        for row, seconds in zip(found.rows, found.seconds, strict=True)
    ]  # fmt: skip


def show_settling(found: Settling) -> None:
    """What would decide the open claims of a study, one line each."""
    if not found.rows:
        say(
            f"{found.study}: no claim is open; {plural(found.attempted, 'was', 'were')} attempted"
        )
        return
    said: set[str] = set()
    titles = ("open claim", "open expectation", "undecided falsifier")
    lines: dict[str, list[tuple[str, ...]]] = {title: [] for title in titles}
    for row, seconds in zip(found.rows, found.seconds, strict=True):
        name = "" if row.claim in said else row.claim
        said.add(row.claim)
        now = "" if row.now is None else count(row.now)
        shown = (
            name,
            sentence(row.settle),
            now,
            "" if seconds is None else predicted(seconds),
        )
        lines[
            titles[(row.claim in found.apart) + (row.claim in found.falsifiers)]
        ].append(shown)
    for title, some in lines.items():
        if some:
            table((title, "what would decide it", "now", "time"), some)
    are = "is" if found.open == 1 else "are"
    expected, falsifiers = len(found.apart - found.falsifiers), len(found.falsifiers)
    others = [f"{plural(expected, 'expectation')} of the author"] if expected else []
    others += [plural(falsifiers, "falsifier")] if falsifiers else []
    beside = f", and {' and '.join(others)}, not counted" if others else ""
    wrapped(
        f"{found.study}: {found.open} of {plural(found.attempted, 'attempted claim')} {are} open{beside}. Repeats, "
        "seeds and draws are counted in all, and decide if the difference stays as it is. Time: for all models on the "
        "dataset, by what their cells took here"
    )


def show_store(found: Contents) -> None:
    """What stands in .bench/."""
    damaged = {one.study: one.cells for one in found.damaged}
    rows = [
        (
            one.study,
            count(one.cells),
            size(one.bytes),
            work(one.seconds),
            size(one.peak),
            damaged.get(one.study, ""),
        )
        for one in found.cells
    ]
    rows += [
        (one, "", "", "", "", lost)
        for one, lost in damaged.items()
        if one not in {row[0] for row in rows}
    ]
    if rows:
        table(("study", "cells", "size", "work", "peak memory", "damaged"), rows)
    else:
        say("no cell is stored")
    say(f"cells      {size(found.file.bytes)}")
    say(
        f"arrays     {size(found.arrays.bytes)}, {plural(found.arrays.count, 'dataset')}"
    )
    say(
        f"downloads  {size(found.downloads.bytes)}, {plural(found.downloads.count, 'file')}"
    )
    if found.aside.count:
        say(
            f"set aside  {size(found.aside.bytes)}, damaged or of an earlier version of bench"
        )


def show_removed(removed: Removed, spared: dict[str, str]) -> None:
    """What was removed from .bench/, and whose cells were kept unseen."""
    counts = (
        (removed.cells, "cell that no study uses", "cells that no study uses"),
        (removed.damaged, "damaged cell", "damaged cells"),
        (removed.aside, "file that was set aside", "files that were set aside"),
        (removed.arrays, "dataset's arrays", "datasets' arrays"),
        (
            removed.left_behind,
            "thing that a killed run left",
            "things that killed runs left",
        ),
    )
    said = [plural(*one) for one in counts if one[0]]
    for study, reason in spared.items():
        wrapped(
            f"{study}: its cells were kept, for it is not known what it would use: {reason}"
        )
    wrapped(
        f"removed: {', '.join(said)}; {size(removed.bytes)} are free"
        if said
        else "there was nothing to remove"
    )
