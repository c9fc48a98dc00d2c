"""Why cells would be run: for each that is not stored, what differs from the nearest one that is.

Nothing is fitted. Estimates come from remembered seconds, and are for people only.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bench.core.errors import DataError
from bench.core.text import shortened
from bench.families.seeds import with_seeds
from bench.run.cells import Cell
from bench.run.gather import kind_of
from bench.run.store import Store, StoredRow
from bench.study import Study
from bench.study.protocol import Resampling
from bench.study.repeats import fewest_repeats
from bench.text.formats import listed

Identity = Mapping[str, Any]
#: Name and sha256 of each source that decides a cell (`Plan.code`).
_Code = Sequence[tuple[str, str]]
#: What a group has in common: the kind of variant, and the reasons.
_Shared = tuple[str, tuple[str, ...]]
#: A dataset and a family.
_Pair = tuple[str, str]
NEVER, DAMAGED = "never computed", "its stored result was damaged"
FOLLOWS = "starts from a fit that is to be run"
NOT_FETCHED = "its table is not fetched yet, so extra fits are not counted"
_LONGEST = 60  # characters of a value in a sentence


@dataclass(frozen=True)
class ReasonGroup:
    """Cells that would be run for the same reasons: every dataset named with every family named.

    `variant`: plain, or what extra fits it belongs to, all its numbers together.
    """

    datasets: tuple[str, ...]
    families: tuple[str, ...]
    cells: int
    reasons: tuple[str, ...]
    variant: str = "plain"


@dataclass(frozen=True)
class Why:
    """What a run of a study would do: how many of its cells are stored, and the groups of those that are not.

    `seconds` of waiting with that many workers, None where the cost of a cell is not known.
    """

    study: str
    cells: int
    stored: int
    groups: tuple[ReasonGroup, ...]
    workers: int
    seconds: float | None


def why(
    study: str,
    cells: Sequence[Cell],
    store: Store,
    failed: Mapping[tuple[Any, ...], str],
    workers: int,
    waiting: Sequence[Cell] = (),
) -> Why:
    """What stands in the way of each cell. `failed`: status in the last run, by dataset, family, variant, ..., fold;
    `waiting`: cells that start from one that is not stored."""
    stored = store.known(cell.key for cell in cells)
    open_cells = [cell for cell in cells if cell.key not in stored]
    reasons = _Reasons(store, study, failed)
    costs = Costs(store)
    said = [(cell, reasons.of(cell)) for cell in open_cells]
    said += [(cell, (FOLLOWS,)) for cell in waiting]
    pairs: dict[_Shared, list[_Pair]] = defaultdict(list)
    for cell, reason in said:
        pair = (cell.plan.dataset, cell.plan.family)
        pairs[kind_of(cell.variant), reason].append(pair)
    groups = [group for shared, own in pairs.items() for group in _groups(shared, own)]
    groups.sort(key=lambda group: -group.cells)
    seconds = [costs.of(cell) for cell, _ in said]
    return Why(
        study,
        len(cells) + len(waiting),
        len(stored),
        tuple(groups),
        workers,
        seconds_of_waiting(seconds, workers),
    )


def seconds_of_waiting(each: Sequence[float | None], workers: int) -> float | None:
    """How long so many workers take for cells; None where the cost of one is not known.

    No cell is divided, so that the longest one is waited for.

    >>> [seconds_of_waiting(each, workers=2) for each in ([1.0, 1.0, 6.0], [1.0, None], [])]
    [6.0, None, 0.0]
    """
    known = [seconds for seconds in each if seconds is not None]
    if len(known) < len(each):
        return None
    return max(sum(known) / workers, max(known, default=0.0))


def before_fetch(study: Study, workers: int) -> Why:
    """What a run would do, by the protocol alone. Raises `DataError` where the rows decide how many folds there are."""
    study = with_seeds(study)
    families, groups = tuple(study.families or {}), list[ReasonGroup]()
    for name, spec in study.datasets.items():
        protocol = study.protocol_of(name)
        if protocol is None or spec.external is not None:
            continue
        splits = splits_of(protocol.resampling)
        if splits is None:
            raise DataError(
                f"{study.id}: dataset {name} is not fetched yet, and its rows decide how many folds there are; "
                f"`bench fetch {study.id}` gets it"
            )
        groups.append(
            ReasonGroup((name,), families, splits * len(families), (NOT_FETCHED,))
        )
    return Why(
        study.id, sum(group.cells for group in groups), 0, tuple(groups), workers, None
    )


def splits_of(resampling: Resampling) -> int | None:
    """How many splits a protocol makes; None where the table decides."""
    if resampling.row_by_row or (resampling.given and not resampling.one_split):
        return None
    return int(getattr(resampling, "folds", 1)) * fewest_repeats(resampling)


def _groups(shared: _Shared, pairs: Sequence[_Pair]) -> Iterator[ReasonGroup]:
    """Datasets that have the same families in common stand together."""
    variant, reasons = shared
    cells = Counter(pairs)
    families: dict[str, list[str]] = defaultdict(list)
    for dataset, family in cells:
        families[dataset].append(family)
    together: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for dataset, names in families.items():
        together[tuple(names)].append(dataset)
    for both, datasets in together.items():
        number = sum(cells[dataset, family] for dataset in datasets for family in both)
        yield ReasonGroup(tuple(datasets), both, number, reasons, variant)


class _Reasons:
    """What differs between a cell and the nearest remembered one of its name."""

    def __init__(
        self, store: Store, study: str, failed: Mapping[tuple[Any, ...], str]
    ) -> None:
        self.failed = failed
        self.identities = store.identities()
        self.rows: dict[tuple[Any, ...], list[StoredRow]] = defaultdict(list)
        for row in store.rows(study):
            self.rows[
                row.dataset, row.family, row.variant, row.repeat, row.fold
            ].append(row)
        self.between = lru_cache(maxsize=None)(self._between)

    def of(self, cell: Cell) -> tuple[str, ...]:
        name = tuple(cell.names.values())
        rows = self.rows.get(name, ())
        if any(row.key == cell.key for row in rows):
            return (DAMAGED,)
        if not rows:
            return (
                (f"failed in the last run ({self.failed[name]})",)
                if name in self.failed
                else (NEVER,)
            )
        sentences = [
            self._differences(row, cell) for row in reversed(rows)
        ]  # of equals the newest
        return min(sentences, key=len)

    def _differences(self, row: StoredRow, cell: Cell) -> tuple[str, ...]:
        said = self.between(
            row.plan, cell.plan.identity_sha256, cell.plan.identity_json, cell.plan.code
        )
        if row.data != cell.fingerprint:
            return ("data changed", *said)
        if row.rows != cell.fold.sha256:
            seed = any(
                one.startswith("seed ") for one in said
            )  # which chose the rows, too
            return (
                said
                if seed
                else ("rows of the fold changed: the resampling is another", *said)
            )
        kept = (
            ()
            if row.kept == cell.kept
            else (f"train predictions kept: were {row.kept}, are {cell.kept}",)
        )
        return (*said, *kept) or ("the seal of its identity changed",)

    def _between(
        self, old: str, new: str, identity: str, code: _Code
    ) -> tuple[str, ...]:
        if old == new:
            return ()
        before = self.identities.get(old)
        if before is None:
            return ("what it was is not known any more",)
        return tuple(changes(before, json.loads(identity), code))


def changes(old: Identity, new: Identity, code: _Code) -> Iterator[str]:
    """What differs between two plans' identities (`Plan.identity`), a sentence each. `code`: of the new one."""
    yield from _was("estimator", old.get("estimator"), new.get("estimator"))
    yield from _parameters(old, new)
    yield from _was("steps", _steps(old), _steps(new))
    yield from _was("seed", old.get("seed"), new.get("seed"))
    before, after = old.get("tuning"), new.get("tuning")
    if before and after:
        yield from _each("tuning.", before, after)
        yield from _was("inner folds", old.get("inner"), new.get("inner"))
        if before.get("metric") == after.get("metric"):
            yield from _was("tuning metric", old.get("metric"), new.get("metric"))
    elif before or after:
        yield "it was not tuned, and is" if after else "it was tuned, and is not"
    yield from _was("engine", old.get("engine"), new.get("engine"))
    yield from _each("", old.get("libraries", {}), new.get("libraries", {}))
    other_metric = old.get("metric") != new.get(
        "metric"
    )  # has other source, which is no change of code
    yield from _code(
        old.get("code", ()),
        [one for one in code if not (other_metric and one[0].startswith("metric "))],
    )
    if [old.get(key) for key in ("output", "seeded")] != [
        new.get(key) for key in ("output", "seeded")
    ]:
        yield "the family's setup changed"


def _parameters(old: Identity, new: Identity) -> Iterator[str]:
    """Each parameter with its values among the candidates; then combinations of them."""
    before, after = _values(old), _values(new)
    yield from _each("parameter ", before, after)
    if before == after and old.get("candidates") != new.get("candidates"):
        yield f"candidates were {len(old['candidates'])}, are {len(new['candidates'])} combinations, or others"


def _values(identity: Identity) -> dict[str, Any]:
    """Every parameter's values over all candidates: a list of several, or the only one."""
    found: dict[str, list[Any]] = {}
    for candidate in identity.get("candidates", ()):
        for name, value in {**identity.get("fixed", {}), **candidate}.items():
            listed = found.setdefault(name, [])
            if value not in listed:
                listed.append(value)
    return {
        name: listed[0] if len(listed) == 1 else listed
        for name, listed in found.items()
    }


def _steps(identity: Identity) -> str:
    return (
        ", ".join(
            f"{name} {json.dumps(own)}" if own else name
            for name, own in identity.get("steps", ())
        )
        or "none"
    )


def _each(prefix: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys([*old, *new]):
        if name not in old:
            yield f"{prefix}{name} was not set, is {_short(new[name])}"
        elif name not in new:
            yield f"{prefix}{name} was {_short(old[name])}, is not set"
        else:
            yield from _was(prefix + name, old[name], new[name])


def _was(name: str, old: Any, new: Any) -> Iterator[str]:
    if old != new or type(old) is not type(new):
        yield f"{name} was {_short(old)}, is {_short(new)}"


def _code(old: Container[str], new: _Code) -> Iterator[str]:
    changed = [name for name, sha256 in new if sha256 not in old]
    if changed:
        yield f"code changed: {listed(changed, most=3)}"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return shortened(text, _LONGEST)


class Costs:
    """Seconds of a cell, from the nearest remembered ones: training rows times fits, at their rate.

    Looking into a fit takes another time than fitting: it is known from the same dataset and estimator alone.
    """

    def __init__(self, store: Store) -> None:
        identities = store.identities()
        self.rates: dict[tuple[bool, *tuple[str, ...]], list[float]] = defaultdict(
            lambda: [0.0, 0.0]
        )
        for inspected in (False, True):
            for plan, _, seconds, train in store.spent(inspected):
                if plan in identities:
                    for near in _ladder(identities[plan]):
                        self.rates[inspected, *near][0] += seconds
                        self.rates[inspected, *near][1] += train * _fits(
                            identities[plan]
                        )

    def of(self, cell: Cell) -> float | None:
        identity, inspected = cell.plan.identity, cell.shuffles > 0
        for near in list(_ladder(identity))[: 2 if inspected else None]:
            seconds, size = self.rates.get((inspected, *near), (0.0, 0.0))
            if size:
                return seconds / size * len(cell.fold.train) * _trainings(cell)
        return None


def expected_seconds(
    cells: Iterable[Cell], store: Store
) -> dict[tuple[str, str], float]:
    """The mean seconds of these cells by dataset and family, as far as something like them was run."""
    costs, found = Costs(store), defaultdict[tuple[str, str], list[float]](list)
    for cell in cells:
        if (seconds := costs.of(cell)) is not None:
            found[cell.plan.dataset, cell.plan.family].append(seconds)
    return {pair: sum(each) / len(each) for pair, each in found.items()}


def _ladder(identity: Identity) -> Iterator[tuple[str, ...]]:
    """Where to look for the like of it, the nearest first: fits of another estimator tell nothing."""
    dataset, estimator = str(identity["dataset"]), str(identity["estimator"])
    yield "row", str(identity["study"]), dataset, str(identity["family"])
    yield "dataset and estimator", dataset, estimator
    yield "estimator", estimator


def _trainings(cell: Cell) -> int:
    """Trainings of one cell; where the test rows choose, one for each candidate and the last one."""
    if len(cell.fold.held) == 1:
        return len(cell.plan.candidates) + 1
    return _fits(cell.plan.identity)


def _fits(identity: Identity) -> int:
    """Trainings of one cell by its protocol."""
    tuning, candidates = (
        identity.get("tuning"),
        len(identity.get("candidates", ())) or 1,
    )
    if not tuning:
        return 1
    return (
        candidates
        if tuning.get("by") == "oob"
        else candidates * int(tuning.get("folds") or 5) + 1
    )
