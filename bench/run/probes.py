"""Probes: what diagnostics ask of the engine beyond the study's own cells, as cells of other variants.

    learning      train_share=0.5     the chosen candidate, fitted on a share of each fold's training rows
    inspect       inspected           the chosen candidate, fitted again and looked into
    permutations  permuted=3          the first repeat of the whole protocol, on a permuted target
    overtuning    untuned             the defaults of a tuned family
    variance      model_seed=3, tuning_seed=3, split_seed=3      the first repeat, one seed changed
    grouping      random_split, grouped_split                    folds that ignore groups, folds that keep them
    explain       slip=..., honest=...                           `bench.run.ways`

The first two, and the ways that change what a fold chose, need to know the choice: they follow when the study's own
cells are done. All are stored, limited and retried as any cell is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from bench.data.dataset import Dataset
from bench.errors import Misfit
from bench.run.cells import Cell, Plan, resolved, unfit
from bench.run.folds import Fold, inner_folds
from bench.run.permuted import permuted
from bench.run.remember import folds_of
from bench.run.result import short
from bench.run.seeds import seed_of
from bench.run.store import Store
from bench.run.ways import WAYS, Ground, Variation, asked
from bench.run.ways.choosing import judged_by_given_folds, untuned
from bench.run.ways.splitting import random_folds
from bench.run.ways.way import STATED, plain, with_protocol
from bench.study import Protocol, Study
from bench.study.models import Diagnostics, Explain, GroupKFold, Probe

#: The dataset as another cleaning leaves it, by dataset and way; None where there is none.
Other = Callable[[str, str], Dataset | None]


@dataclass(frozen=True, eq=False)
class Site:
    """One dataset of a study: its folds and plans, where folds are remembered, and its other cleanings."""

    study: Study
    dataset: Dataset
    folds: Sequence[Fold]
    plans: Sequence[Plan]
    store: Store
    other: Other

    def first_folds(self, count: int) -> Sequence[Fold]:
        """The first `count` outer folds; all where every test set is one row, for then a fold says nothing alone."""
        one_row = all(len(fold.test) == 1 for fold in self.folds)
        return self.folds if one_row else self.folds[:count]

    def chosen_plans(self, probe: Probe) -> list[Plan]:
        """The plans that a probe is about; never those that look at no feature."""
        named = probe.families or tuple(plan.family for plan in self.plans)
        return [p for p in self.plans if p.family in named and "dummy" not in p.setup.estimator]


class NotHereError(Exception):
    """A probe that cannot be made on these data; the message says why."""


@dataclass(eq=False)
class Asked:
    """Cells of probes; the datasets that they are fitted to where these are none of the study's own; and what cannot
    be asked here (rows of frames.WAYS)."""

    cells: list[Cell] = field(default_factory=list)
    datasets: dict[str, Dataset] = field(default_factory=dict)
    refused: list[dict[str, object]] = field(default_factory=list)

    def add(self, plan: Plan, variant: str, cells: Iterable[Cell], dataset: Dataset | None = None) -> None:
        """The cells of one probe of a plan: all of them, or none and the reason."""
        try:
            self.cells += list(cells)
        except (Misfit, NotHereError) as error:
            self.refuse(plan, variant, str(error))
            return
        if dataset is not None:
            self.datasets[dataset.fingerprint] = dataset

    def refuse(self, plan: Plan, variant: str, reason: str) -> None:
        self.refused.append({"dataset": plan.dataset, "family": plan.family, "variant": variant, "reason": reason})


def asked_at_once(site: Site) -> Asked:
    """The cells of all probes that need not know what the study's own cells chose, and every probe's refusals."""
    wanted, found = site.study.diagnostics or Diagnostics(), Asked()
    if wanted.permutations is not None:
        _permutations(site, wanted.permutations.count, site.chosen_plans(wanted.permutations), found)
    for plan in site.chosen_plans(wanted.overtuning) if wanted.overtuning is not None else ():
        found.add(plan, "untuned", _overtuning(site, plan))
    for plan in site.chosen_plans(wanted.variance) if wanted.variance is not None else ():
        for source in SEEDS:
            found.add(plan, source, _variance(site, plan, source, wanted.variance.draws if wanted.variance else 0))
    if wanted.grouping is not None:
        _grouping(site, site.chosen_plans(wanted.grouping), found)
    _explain(site, found)
    if wanted.learning is not None and not any(
        list(_smaller(site, fold, wanted.learning.shares)) for fold in site.first_folds(wanted.learning.folds)
    ):
        for plan in site.chosen_plans(wanted.learning):
            found.refuse(plan, "train_share", "no smaller training set holds whole groups and two classes")
    if wanted.inspect is not None and (reason := _not_inspected(site, wanted.inspect.folds)):
        for plan in site.chosen_plans(wanted.inspect):
            found.refuse(plan, "inspected", reason)
    return found


def asked_afterwards(site: Site, chosen: Callable[[Cell], int | None]) -> list[Cell]:
    """The cells of the probes that go on from each fold's chosen candidate; none where a fold has no result."""
    wanted = site.study.diagnostics or Diagnostics()
    found: list[Cell] = []
    if wanted.learning is not None:
        for plan, fold, shared in _settled(site, wanted.learning, wanted.learning.folds, chosen):
            for share, smaller in _smaller(site, fold, wanted.learning.shares):
                one = Cell(plan, smaller, site.dataset.fingerprint, f"train_share={share:g}")
                found.append(replace(one, of_repeat=shared))
    if wanted.inspect is not None and not _not_inspected(site, wanted.inspect.folds):
        for plan, fold, shared in _settled(site, wanted.inspect, wanted.inspect.folds, chosen):
            if len(fold.test) > 1:  # in one row a feature cannot be shuffled: its importance would be 0 by construction
                one = Cell(plan, fold, site.dataset.fingerprint, "inspected", shuffles=wanted.inspect.shuffles)
                found.append(replace(one, of_repeat=shared))
    return found + list(_explain_afterwards(site, chosen))


def _settled(
    site: Site, probe: Probe, folds: int, chosen: Callable[[Cell], int | None]
) -> Iterator[tuple[Plan, Fold, bool]]:
    """Each plan with the candidate alone that a fold chose, the fold, and whether its cell had the repeat's seed."""
    for plan in site.chosen_plans(probe):
        for fold in site.first_folds(folds):
            number = chosen(Cell(plan, fold, site.dataset.fingerprint))
            if number is not None:
                yield replace(plan, candidates=(plan.candidates[number],)), fold, plan.paired


def _not_inspected(site: Site, folds: int) -> str | None:
    """Why nobody can look into the fits of this dataset."""
    from bench.run.inspection import MOST_FEATURES

    if len(site.dataset.columns) > MOST_FEATURES:
        return f"{len(site.dataset.columns)} features are more than the {MOST_FEATURES} that are looked at"
    if all(len(fold.test) == 1 for fold in site.first_folds(folds)):
        return "every test set is one row: a feature cannot be shuffled in it"
    return None


def _smaller(site: Site, fold: Fold, shares: Sequence[float]) -> Iterator[tuple[float, Fold]]:
    """The fold with each share of its training rows that is one, and that something can be learnt from."""
    dataset = site.dataset
    order = _order(dataset, fold.train, seed_of("learning", site.study.id, dataset.name, fold.repeat, fold.fold))
    for share in sorted(shares):
        train = np.sort(order[: _count(dataset, order, share)])
        if len(train) < len(order) and _teaches(dataset, train):
            yield share, replace(fold, train=train, others=(), other_tests=())


def _count(dataset: Dataset, order: np.ndarray, share: float) -> int:
    """How many rows of an order a share holds: groups are whole, and those of one moment stay together."""
    wanted = max(2, round(share * len(order)))
    unit = dataset.time if dataset.time is not None else dataset.group
    if unit is None:
        return wanted
    ends = np.flatnonzero(np.append(unit[order[1:]] != unit[order[:-1]], True)) + 1
    return int(ends[np.abs(ends - wanted).argmin()])


def _teaches(dataset: Dataset, train: np.ndarray) -> bool:
    return dataset.task == "regression" or len(np.unique(dataset.y[train])) > 1


def _order(dataset: Dataset, train: np.ndarray, seed: int) -> np.ndarray:
    """Training rows in an order whose every beginning is a fair smaller training set, so that each share holds the
    smaller ones: groups whole, classes in their proportions; of ordered times the latest rows first."""
    rng = np.random.default_rng(seed)
    if dataset.time is not None:
        return train[np.argsort(dataset.time[train], kind="stable")[::-1]]
    if dataset.group is not None:
        names, where = np.unique(dataset.group[train], return_inverse=True)
        return train[np.argsort(rng.permutation(len(names))[where], kind="stable")]
    mixed = rng.permutation(train)
    if dataset.task == "regression":
        return mixed
    place = np.empty(len(mixed))
    for code in np.unique(dataset.y[mixed]):
        mine = np.flatnonzero(dataset.y[mixed] == code)
        place[mine] = (np.arange(len(mine)) + 0.5) / len(mine)
    return mixed[np.argsort(place, kind="stable")]


def _permutations(site: Site, count: int, plans: Sequence[Plan], found: Asked) -> None:
    """Folds are drawn anew for each permutation, as they were for the study: else only the true target would be
    stratified, and the two would not be exchangeable."""
    try:
        drawn = list(_permuted_folds(site, count))
    except (Misfit, NotHereError) as error:
        for plan in plans:
            found.refuse(plan, "permuted", str(error))
        return
    for plan in plans:
        small = replace(plan, train_rows=1)
        found.cells += [
            Cell(small, fold, site.dataset.fingerprint, f"permuted={number}", permutation=number)
            for number, folds in enumerate(drawn)
            for fold in folds
        ]


def _permuted_folds(site: Site, count: int) -> Iterator[list[Fold]]:
    protocol = _protocol(site)
    if protocol.resampling.kind == "time_ordered":
        raise NotHereError("rows in order of time cannot be dealt anew: neighbours in time are alike")
    for number in range(count):
        mixed = permuted(site.dataset, site.study.id, number)
        folds = folds_of(mixed, repeated(protocol, 1), site.study.id, site.store)
        yield [fold for fold in folds if fold.repeat == 0]


def _protocol(site: Site) -> Protocol:
    protocol = site.study.protocol_of(site.dataset.name)
    assert protocol is not None
    return protocol


def repeated(protocol: Protocol, repeats: int) -> Protocol:
    """The protocol with so many repeats, where its resampling has any."""
    if not hasattr(protocol.resampling, "repeats"):
        return protocol
    return protocol.model_copy(update={"resampling": protocol.resampling.model_copy(update={"repeats": repeats})})


def _overtuning(site: Site, plan: Plan) -> Iterator[Cell]:
    if not plan.tuned:
        raise NotHereError("nothing is tuned here")
    _, stated, _ = resolved(site.study, site.dataset.name, plan.family)
    alone = untuned(plan, stated)
    for fold in site.folds:
        yield Cell(alone, replace(fold, others=(), other_tests=()), site.dataset.fingerprint, "untuned")


#: What one seed at a time is changed of.
SEEDS = ("model_seed", "tuning_seed", "split_seed")


def _variance(site: Site, plan: Plan, source: str, draws: int) -> Iterator[Cell]:
    """The first repeat with one seed changed at a time; the folds of tuning are laid down, so that they stay."""
    protocol, tuned = _protocol(site), plan.tuned and not plan.out_of_bag
    if reason := _not_drawn(site, plan, source):
        raise NotHereError(reason)
    settled = with_protocol(plan, judged_by_given_folds(protocol)) if tuned else plan
    settled = replace(settled, train_rows=1)
    drawn: Sequence[Fold] = site.folds
    if source == "split_seed":
        drawn = folds_of(site.dataset, repeated(protocol, draws), site.study.id, site.store)
    for number in range(draws):
        for fold in drawn:
            if fold.repeat == (number if source == "split_seed" else 0):
                yield _changed(site, settled, replace(fold, repeat=0), source, number)


def _not_drawn(site: Site, plan: Plan, source: str) -> str | None:
    """Why a seed decides nothing here, or cannot be told from the rest."""
    kind = _protocol(site).resampling.kind
    if kind == "time_ordered":
        return "rows in order of time are split in one way: no seed is drawn for their folds"
    if site.dataset.draw is not None:
        return "every repeat has data of its own: no seed alone can be changed"
    if source == "model_seed" and (plan.setup.seed is None or idle_seed(site, plan)):
        return "the family's fit takes no seed"
    if source == "tuning_seed" and not (plan.tuned and not plan.out_of_bag):
        return "no inner folds are drawn here"
    if source == "split_seed" and kind not in ("kfold", "holdout", "group_kfold"):
        return "the protocol draws no folds"
    return None


def idle_seed(site: Site, plan: Plan) -> bool:
    """Whether the family's seed does nothing with what the study states of it."""
    _, stated, _ = resolved(site.study, site.dataset.name, plan.family)
    return plan.setup.seed_idle_unless is not None and plan.setup.seed_idle_unless not in stated


def _changed(site: Site, plan: Plan, fold: Fold, source: str, number: int) -> Cell:
    """One cell with one seed changed; without that change it is the same for every source."""
    laid = replace(fold, others=(), other_tests=())
    if plan.paired:
        changed = (number,) if source == "tuning_seed" else ()
        seed = seed_of("inner", Cell(plan, fold, site.dataset.fingerprint).seed, fold.fold, *changed)
        laid = _laid_down(site, fold, seed)
    draw = number if source == "model_seed" else 0
    return Cell(plan, laid, site.dataset.fingerprint, f"{source}={number}", draw=draw)


def _laid_down(site: Site, fold: Fold, seed: int) -> Fold:
    """The fold with its inner folds inside it; their numbers are below 0, so that no two cells share a fit."""
    protocol = _protocol(site)
    assert protocol.tuning is not None
    drawn = protocol.model_copy(update={"tuning": protocol.tuning.model_copy(update={"paired": False})})
    try:
        inner = inner_folds(site.dataset, fold, drawn, seed)
    except ValueError as error:
        raise NotHereError(f"the folds of tuning cannot be drawn: {short(str(error))}") from None
    return replace(fold, others=tuple(-1 - i for i in range(len(inner))), other_tests=tuple(held for _, held in inner))


def _grouping(site: Site, plans: Sequence[Plan], found: Asked) -> None:
    """What rows that belong together are worth: folds of the other kind, on the same rows."""
    kept = _protocol(site).resampling.kind in ("group_kfold", "fixed_split", "given_folds", "time_ordered")
    variant = "random_split" if kept else "grouped_split"
    for plan in plans:
        found.add(plan, variant, _otherwise_grouped(site, plan, variant))


def _otherwise_grouped(site: Site, plan: Plan, variant: str) -> Iterator[Cell]:
    protocol, dataset = _protocol(site), site.dataset
    repeats = getattr(protocol.resampling, "repeats", 1)
    if variant == "random_split":
        other = random_folds(protocol, dataset.n, repeats)
    else:
        groups = 0 if dataset.group is None else len(np.unique(dataset.group))
        if groups < 2:
            raise NotHereError("the dataset declares no group: nothing is known that belongs together")
        count = min(getattr(protocol.resampling, "folds", 10), groups)
        resampling = GroupKFold(kind="group_kfold", folds=count, repeats=repeats)
        other = protocol.model_copy(update={"resampling": resampling})
    for fold in folds_of(dataset, other, site.study.id, site.store):
        yield Cell(replace(plan, protocol=other, train_rows=1), fold, dataset.fingerprint, variant)


def _explained(site: Site) -> Iterator[tuple[Explain, Ground]]:
    """What is to be explained on this dataset, and where the ways of each family start from."""
    explain = site.study.diagnostics.explain if site.study.diagnostics is not None else None
    if explain is None or site.dataset.name not in (explain.datasets or site.study.datasets):
        return
    for plan in site.plans:
        if plan.family in explain.families:
            yield explain, ground_of(site, plan, explain.repeats)


def _explain(site: Site, found: Asked) -> None:
    for explain, ground in _explained(site):
        for way, parameters in asked(explain):
            made = way.made(ground, parameters) if way.made is not None else []
            if isinstance(made, str):
                found.refuse(ground.plan, way.variant, made)
                continue
            for one in made if not way.follows else ():
                new = None if one.dataset.fingerprint == site.dataset.fingerprint else one.dataset
                found.add(ground.plan, way.variant, _cells_of(site, one, explain.repeats), new)


def _explain_afterwards(site: Site, chosen: Callable[[Cell], int | None]) -> Iterator[Cell]:
    """The ways that go on from what the family under the study's own protocol chose in a fold."""
    for explain, ground in _explained(site):
        for way, parameters in asked(explain):
            made = way.made(ground, parameters) if way.follows and way.made is not None else []
            for one in made if not isinstance(made, str) else ():
                for cell in _as_stated(site, ground, explain.repeats):
                    if (number := chosen(cell)) is not None:
                        yield _after(cell, cell.plan.candidates[number], one)


def _as_stated(site: Site, ground: Ground, repeats: int) -> Iterator[Cell]:
    """The cells of the family under the study's own protocol, in as many repeats as the other ways have."""
    for fold in site.folds:
        if fold.repeat < repeats or site.dataset.draw is not None:
            yield Cell(ground.plan, fold, site.dataset.fingerprint)
    yield from _cells_of(site, plain(ground, WAYS[STATED]), repeats)


def _after(cell: Cell, candidate: Mapping[str, object], one: Variation) -> Cell:
    """The cell of a way that changes what this cell chose."""
    plan = replace(one.plan, candidates=tuple({**candidate, **change} for change in one.plan.candidates), train_rows=1)
    return Cell(plan, _judged_by_test(cell.fold), cell.fingerprint, one.variant)


def _judged_by_test(fold: Fold) -> Fold:
    """The fold whose only inner fold is its test rows: the slip itself."""
    return replace(fold, others=(-1,), other_tests=(fold.test,))


def ground_of(site: Site, plan: Plan, repeats: int) -> Ground:
    protocol = site.study.protocol_of(site.dataset.name)
    assert protocol is not None
    _, stated, _ = resolved(site.study, site.dataset.name, plan.family)
    drawn = protocol.resampling.kind in ("kfold", "holdout", "group_kfold") or plan.setup.seed is not None
    name, enough = site.dataset.name, repeated(protocol, repeats) if drawn and site.dataset.draw is None else protocol
    other = partial(site.other, name)
    return Ground(site.study.id, site.dataset, with_protocol(plan, enough), enough, repeats, stated, other)


def _cells_of(site: Site, one: Variation, repeats: int) -> Iterator[Cell]:
    """The cells of one variation. Repeats that the study has itself under its own protocol are not fitted again."""
    for sentence in unfit(site.study, one.dataset, one.plan.family, one.plan.steps):
        raise NotHereError(sentence)
    own = {fold.repeat for fold in site.folds} if one.variant == "honest=protocol" else set()
    plan = one.plan if one.variant == "honest=protocol" else replace(one.plan, train_rows=1)
    for fold in _folds_of(site, one):
        if fold.repeat in own or (one.dataset.draw is None and fold.repeat >= repeats):
            continue
        if one.on_test:
            fold = _judged_by_test(fold)
        elif not plan.paired:
            fold = replace(fold, others=(), other_tests=())
        yield Cell(plan, fold, one.dataset.fingerprint, one.variant, draw=one.draw)


def _folds_of(site: Site, one: Variation) -> Iterator[Fold]:
    """The folds of a variation. Of one repeat alone: its own, or where the protocol draws no more, the same again."""
    folds = folds_of(one.dataset, one.protocol, site.study.id, site.store)
    drawn = 1 + max(fold.repeat for fold in folds)
    for fold in folds:
        if one.repeat is None:
            yield fold
        elif fold.repeat == one.repeat % drawn:
            yield replace(fold, repeat=one.repeat)


def by_fingerprint(datasets: Iterable[Dataset], more: Mapping[str, Dataset]) -> dict[str, Dataset]:
    return {one.fingerprint: one for one in datasets} | dict(more)
