"""Probes: what diagnostics ask of the engine beyond the study's own cells, as cells of other variants.

    learning      train_share=0.5     the chosen candidate, fitted on a share of each fold's training rows
    inspect       inspected           the chosen candidate, fitted again and looked into
    permutations  permuted=3          the first repeat of the whole protocol, on a permuted target
    overtuning    untuned             the defaults of a tuned family
    variance      model_seed=3, tuning_seed=3, split_seed=3      the first repeat, one seed changed
    grouping      random_split, grouped_split                    folds that ignore groups, folds that keep them
    explain       slip=..., honest=...                           `bench.run.ways`

The first two need to know what was chosen: they follow when the study's own cells are done. All are stored, limited and
retried as any cell is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from bench.data.dataset import Dataset
from bench.errors import Misfit
from bench.run.cells import Cell, Plan, resolved
from bench.run.folds import Fold, inner_folds
from bench.run.permuted import permuted
from bench.run.remember import folds_of
from bench.run.seeds import seed_of
from bench.run.store import Store
from bench.run.ways import Ground, Variation, asked
from bench.run.ways.choosing import judged_by_given_folds, untuned
from bench.run.ways.splitting import random_folds
from bench.run.ways.way import with_protocol
from bench.study import Protocol, Study
from bench.study.models import Diagnostics, GroupKFold, Probe

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


@dataclass(eq=False)
class Asked:
    """Cells of probes; the datasets that they are fitted to where these are none of the study's own; and what cannot
    be asked here (rows of frames.WAYS)."""

    cells: list[Cell] = field(default_factory=list)
    datasets: dict[str, Dataset] = field(default_factory=dict)
    refused: list[dict[str, object]] = field(default_factory=list)

    def add(self, cells: Iterable[Cell], dataset: Dataset | None = None) -> None:
        self.cells += cells
        if dataset is not None:
            self.datasets[dataset.fingerprint] = dataset


def asked_at_once(site: Site) -> Asked:
    """The cells of all probes that need not know what the study's own cells chose."""
    wanted, found = site.study.diagnostics or Diagnostics(), Asked()
    if wanted.permutations is not None:
        found.add(_permutations(site, wanted.permutations.count, site.chosen_plans(wanted.permutations)))
    if wanted.overtuning is not None:
        found.add(_overtuning(site, site.chosen_plans(wanted.overtuning)))
    if wanted.variance is not None:
        for plan in site.chosen_plans(wanted.variance):
            found.add(_variance(site, plan, wanted.variance.draws))
    if wanted.grouping is not None:
        found.add(_grouping(site, site.chosen_plans(wanted.grouping)))
    if wanted.explain is not None and site.dataset.name in (wanted.explain.datasets or site.study.datasets):
        _explain(site, found)
    return found


def asked_afterwards(site: Site, chosen: Callable[[Cell], int | None]) -> list[Cell]:
    """The cells of the probes that go on from each fold's chosen candidate; none where a fold has no result."""
    wanted = site.study.diagnostics or Diagnostics()
    found: list[Cell] = []
    for probe in (wanted.learning, wanted.inspect):
        if probe is None:
            continue
        for plan in site.chosen_plans(probe):
            for fold in site.first_folds(probe.folds):
                number = chosen(Cell(plan, fold, site.dataset.fingerprint))
                if number is None:
                    continue
                settled = replace(plan, candidates=(plan.candidates[number],))
                if probe is wanted.inspect:
                    found += _inspected(settled, fold, site.dataset, wanted.inspect.shuffles)
                else:
                    shares = wanted.learning.shares if wanted.learning is not None else ()
                    found += _learning(settled, fold, site.dataset, shares)
    return found


def _inspected(plan: Plan, fold: Fold, dataset: Dataset, shuffles: int) -> list[Cell]:
    from bench.run.inspection import MOST_FEATURES

    if len(dataset.columns) > MOST_FEATURES:
        return []
    return [Cell(plan, fold, dataset.fingerprint, "inspected", shuffles=shuffles)]


def _learning(plan: Plan, fold: Fold, dataset: Dataset, shares: Sequence[float]) -> Iterator[Cell]:
    order = _order(dataset, fold.train, seed_of("learning", plan.study, dataset.name, fold.repeat, fold.fold))
    for share in sorted(shares):
        train = np.sort(order[: max(2, round(share * len(order)))])
        if dataset.task == "classification" and len(np.unique(dataset.y[train])) < 2:
            continue
        yield Cell(plan, replace(fold, train=train, others=(), other_tests=()), dataset.fingerprint,
                   f"train_share={share:g}")  # fmt: skip


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


def _permutations(site: Site, count: int, plans: Sequence[Plan]) -> Iterator[Cell]:
    """Folds are drawn anew for each permutation, as they were for the study: else only the true target would be
    stratified, and the two would not be exchangeable."""
    protocol = site.study.protocol_of(site.dataset.name)
    assert protocol is not None
    if site.dataset.time is not None and protocol.resampling.kind == "time_ordered":
        return
    for number in range(count):
        mixed = permuted(site.dataset, site.study.id, number)
        about = replace(mixed, fingerprint=f"{mixed.fingerprint}|permuted={number}")
        folds = [fold for fold in folds_of(about, _once(protocol), site.study.id, site.store) if fold.repeat == 0]
        for plan in plans:
            small = replace(plan, train_rows=1)
            for fold in folds:
                yield Cell(small, fold, site.dataset.fingerprint, f"permuted={number}", permutation=number)


def _once(protocol: Protocol) -> Protocol:
    return repeated(protocol, 1)


def repeated(protocol: Protocol, repeats: int) -> Protocol:
    """The protocol with so many repeats, where its resampling has any."""
    if not hasattr(protocol.resampling, "repeats"):
        return protocol
    return protocol.model_copy(update={"resampling": protocol.resampling.model_copy(update={"repeats": repeats})})


def _overtuning(site: Site, plans: Sequence[Plan]) -> Iterator[Cell]:
    for plan in plans:
        if plan.tuned:
            _, stated, _ = resolved(site.study, site.dataset.name, plan.family)
            alone = untuned(plan, stated)
            for fold in site.folds:
                yield Cell(alone, replace(fold, others=(), other_tests=()), site.dataset.fingerprint, "untuned")


def _variance(site: Site, plan: Plan, draws: int) -> Iterator[Cell]:
    """The first repeat with one seed changed at a time; the folds of tuning are laid down, so that they stay."""
    first = [fold for fold in site.folds if fold.repeat == 0]
    protocol = site.study.protocol_of(site.dataset.name)
    assert protocol is not None
    if protocol.resampling.kind == "time_ordered" or site.dataset.draw is not None:
        return
    given = replace(with_protocol(plan, judged_by_given_folds(protocol)), train_rows=1)
    settled = given if plan.tuned and not plan.out_of_bag else replace(plan, train_rows=1)
    for number in range(draws):
        for source in ("model_seed", "tuning_seed", "split_seed"):
            yield from _changed(site, settled, first, source, number)


def _changed(site: Site, plan: Plan, first: Sequence[Fold], source: str, number: int) -> Iterator[Cell]:
    setup, fingerprint = plan.setup, site.dataset.fingerprint
    tuned = plan.tuned and not plan.out_of_bag
    if (source == "model_seed" and setup.seed is None) or (source == "tuning_seed" and not tuned):
        return
    folds: Iterable[Fold] = first
    if source == "split_seed":
        protocol = site.study.protocol_of(site.dataset.name)
        assert protocol is not None
        if protocol.resampling.kind not in ("kfold", "holdout", "group_kfold"):
            return
        drawn = folds_of(site.dataset, repeated(protocol, number + 1), site.study.id, site.store)
        folds = [replace(fold, repeat=0) for fold in drawn if fold.repeat == number]
    for fold in folds:
        plain = Cell(plan, fold, fingerprint)
        inner = seed_of("inner", plain.seed, fold.fold, *([number] if source == "tuning_seed" else []))
        laid = _laid_down(site, plan, fold, inner) if tuned else replace(fold, others=(), other_tests=())
        yield Cell(plan, laid, fingerprint, f"{source}={number}", draw=number if source == "model_seed" else 0)


def _laid_down(site: Site, plan: Plan, fold: Fold, seed: int) -> Fold:
    """The fold with its inner folds inside it; their numbers are below 0, so that no two cells share a fit."""
    protocol = site.study.protocol_of(site.dataset.name)
    assert protocol is not None and protocol.tuning is not None
    drawn = protocol.model_copy(update={"tuning": protocol.tuning.model_copy(update={"paired": False})})
    inner = inner_folds(site.dataset, fold, drawn, seed)
    return replace(fold, others=tuple(-1 - i for i in range(len(inner))), other_tests=tuple(held for _, held in inner))


def _grouping(site: Site, plans: Sequence[Plan]) -> Iterator[Cell]:
    """What rows that belong together are worth: folds of the other kind, on the same rows."""
    protocol, dataset = site.study.protocol_of(site.dataset.name), site.dataset
    assert protocol is not None
    if protocol.resampling.kind in ("group_kfold", "fixed_split", "given_folds", "time_ordered"):
        repeats = getattr(protocol.resampling, "repeats", 1)
        other, variant = random_folds(protocol, dataset.n, repeats), "random_split"
    elif dataset.group is not None:
        count = min(getattr(protocol.resampling, "folds", 10), len(np.unique(dataset.group)))
        repeats = getattr(protocol.resampling, "repeats", 1)
        resampling = GroupKFold(kind="group_kfold", folds=count, repeats=repeats)
        other, variant = protocol.model_copy(update={"resampling": resampling}), "grouped_split"
    else:
        return
    for plan in plans:
        for fold in folds_of(dataset, other, site.study.id, site.store):
            yield Cell(replace(plan, protocol=other, train_rows=1), fold, dataset.fingerprint, variant)


def _explain(site: Site, found: Asked) -> None:
    explain = site.study.diagnostics.explain if site.study.diagnostics is not None else None
    plan = next((p for p in site.plans if explain is not None and p.family == explain.family), None)
    if explain is None or plan is None:
        return
    ground = ground_of(site, plan, explain.repeats)
    for way, parameters in asked(explain):
        made = way.made(ground, parameters) if way.made is not None else []
        if isinstance(made, str):
            if parameters:
                raise Misfit(("diagnostics", "explain", "slips"), f"{way.name} cannot be made here: {made}")
            row: dict[str, object] = {
                "dataset": site.dataset.name,
                "family": plan.family,
                "variant": way.variant,
                "reason": made,
            }
            found.refused.append(row)
            continue
        for variation in made:
            same = variation.dataset.fingerprint == site.dataset.fingerprint
            found.add(_cells_of(site, variation, explain.repeats), None if same else variation.dataset)


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
    own = {fold.repeat for fold in site.folds} if one.variant == "honest=protocol" else set()
    plan = one.plan if one.variant == "honest=protocol" else replace(one.plan, train_rows=1)
    for fold in folds_of(one.dataset, one.protocol, site.study.id, site.store):
        if fold.repeat in own or (one.dataset.draw is None and fold.repeat >= repeats):
            continue
        if one.on_test:
            fold = replace(fold, others=(-1,), other_tests=(fold.test,))
        elif not plan.paired:
            fold = replace(fold, others=(), other_tests=())
        yield Cell(plan, fold, one.dataset.fingerprint, one.variant, draw=one.draw)


def by_fingerprint(datasets: Iterable[Dataset], more: Mapping[str, Dataset]) -> dict[str, Dataset]:
    return {one.fingerprint: one for one in datasets} | dict(more)
