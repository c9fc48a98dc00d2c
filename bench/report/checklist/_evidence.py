"""What a run can show for an item of REFORMS, a function an item, from the sections of the page that show it."""

from __future__ import annotations

import polars as pl

from bench.core.comparisons import Method
from bench.core.findings import FindingRow, Outcome
from bench.core.outcomes import codes
from bench.diagnose.leakage import SourceSelected
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.checklist.item import ItemEvidence
from bench.report.styles import styles_of
from bench.report.text import evidence as text
from bench.report.text.provenance import rerun
from bench.scores.design import is_external, level_of, varies
from bench.text import formats
from bench.text.words import measure


def _targets(bundle: Bundle) -> list[str]:
    """The datasets whose rows are here: those with a target."""
    return [name for name in bundle.datasets if not is_external(bundle.study, name)]


def data(bundle: Bundle) -> ItemEvidence | None:
    tables = bundle.frame("tables")
    if not tables.height:
        return None
    sources_of = tables.select(pl.coalesce("title", "dataset"), "source").iter_rows()
    whole = (
        tables["raw_sha256"].null_count() == 0 and tables["source"].null_count() == 0
    )
    return ItemEvidence(text.data(sources_of), "data", whole)


def code(bundle: Bundle) -> ItemEvidence | None:
    made = bundle.provenance
    if not made.versions:
        return None
    return ItemEvidence(
        text.code(len(made.versions), formats.fingerprint(made.study_sha256)),
        "provenance",
        False,
    )


def machine(bundle: Bundle) -> ItemEvidence | None:
    if not bundle.provenance.versions:
        return None
    cost = bundle.provenance.cost
    if cost is None or _fitted_elsewhere(bundle):
        return ItemEvidence(text.MACHINE, "provenance", False)
    return ItemEvidence(
        text.machine(cost.cores, cost.system, cost.python), "provenance", True
    )


def instructions(bundle: Bundle) -> ItemEvidence | None:
    theirs, command = (
        _fitted_elsewhere(bundle),
        bundle.provenance.rerun or rerun(bundle.study.id),
    )
    return ItemEvidence(
        text.instructions(command, external=theirs), "provenance", not theirs
    )


def _fitted_elsewhere(bundle: Bundle) -> bool:
    return any(is_external(bundle.study, name) for name in bundle.datasets)


def script(bundle: Bundle) -> ItemEvidence | None:
    theirs = _fitted_elsewhere(bundle)
    return ItemEvidence(text.script(external=theirs), "provenance", not theirs)


def sources(bundle: Bundle) -> ItemEvidence | None:
    tables = bundle.frame("tables")
    known = (
        [source for source in tables["source"].to_list() if source]
        if tables.height
        else []
    )
    if not known:
        return None
    return ItemEvidence(text.sources(known), "data", False)


def outcome(bundle: Bundle) -> ItemEvidence | None:
    names = _targets(bundle)
    if not names:
        return None
    styles = styles_of(bundle)
    columns = bundle.frame("columns").filter(role="target")
    titles = dict(columns.select("dataset", "column").iter_rows())
    targets = [
        (styles.dataset(name), titles.get(name, bundle.study.datasets[name].target))
        for name in names
    ]
    counted = set(bundle.frame("classes")["dataset"])
    numeric = set(columns.drop_nulls("mean")["dataset"])
    described = counted if bundle.study.task == "classification" else numeric
    whole = set(names) <= described
    return ItemEvidence(text.outcome(targets), "data", whole)


def size(bundle: Bundle) -> ItemEvidence | None:
    tables = bundle.frame("tables").filter(pl.col("dataset").is_in(_targets(bundle)))
    if not tables.height:
        return None
    styles = styles_of(bundle)
    sizes = tables.select("dataset", "rows", "features").iter_rows()
    said = text.size(
        (styles.dataset(name), rows, features) for name, rows, features in sizes
    )
    whole = bundle.study.task == "regression" or set(tables["dataset"]) <= set(
        bundle.frame("classes")["dataset"]
    )
    return ItemEvidence(said, "data", whole)


def missing(bundle: Bundle) -> ItemEvidence | None:
    columns = bundle.frame("columns").filter(pl.col("role") == "feature")
    if not columns.height or set(columns["dataset"]) < set(_targets(bundle)):
        return None
    cells, gone = int(columns["rows"].sum()), int(columns["missing"].sum())
    return ItemEvidence(
        text.missing(cells, gone), "data", not gone or bundle.study.task == "regression"
    )


def left_out(bundle: Bundle) -> ItemEvidence | None:
    if not bundle.frame("tables").height or not _targets(bundle):
        return None
    log = bundle.frame("cleaning").filter(pl.col("rows_before") > pl.col("rows_after"))
    if not log.height:
        return ItemEvidence(text.ALL_ROWS, "data")
    dropped = int((log["rows_before"] - log["rows_after"]).sum())
    return ItemEvidence(text.left_out(dropped, log["step"].to_list()), "data", False)


def corrupt(bundle: Bundle) -> ItemEvidence | None:
    if not _targets(bundle) or not bundle.frame("tables").height:
        return None
    log = bundle.frame("cleaning")
    remarks = bundle.frame("remarks").filter(
        pl.col("code") != "left_out"
    )  # what is not drawn is no fault of the data
    return ItemEvidence(
        text.corrupt(log["step"].to_list(), remarks.height), "data", False
    )


def transformations(bundle: Bundle) -> ItemEvidence | None:
    if not bundle.study.fits:
        return None
    steps = bundle.frame("cleaning")["step"].to_list()
    inside = [
        step if isinstance(step, str) else next(iter(step))
        for step in bundle.study.preprocess or ()
    ]
    styles = styles_of(bundle)
    own = [
        styles.family(name).title
        for name, spec in (bundle.study.families or {}).items()
        if spec.preprocess
    ]
    own += [
        styles.dataset(name)
        for name, one in bundle.study.datasets.items()
        if one.preprocess is not None
    ]
    selected = [
        styles.dataset(row.dataset)
        for row in bundle.rows(
            "findings", FindingRow, diagnostic="leakage", outcome=Outcome.FOUND.value
        )
        if row.dataset and SourceSelected.code in codes(row.details)
    ]
    return ItemEvidence(
        text.transformations(steps, inside, own, list(dict.fromkeys(selected))),
        "provenance",
    )


def models(bundle: Bundle) -> ItemEvidence | None:
    if not bundle.study.fits or not bundle.families:
        return None
    styles = styles_of(bundle)
    return ItemEvidence(
        text.models(styles.family(name).title for name in bundle.families), "provenance"
    )


def evaluation(bundle: Bundle) -> ItemEvidence | None:
    from bench.report.sections.provenance import (
        provenance,
    )  # the sections know the checklist

    protocols = text.protocols(
        (part.label, part.text) for part in provenance(bundle).protocol
    )
    return ItemEvidence(protocols, "provenance", bundle.study.fits)


def selection(bundle: Bundle) -> ItemEvidence | None:
    if not bundle.study.fits:
        return None
    return ItemEvidence(text.SELECTION, "families")


def tuning(bundle: Bundle) -> ItemEvidence | None:
    if not bundle.study.fits:
        return None
    return ItemEvidence(
        text.tuning(facts.tuning_said(bundle, bundle.datasets)), "overfitting"
    )


def baselines(bundle: Bundle) -> ItemEvidence | None:
    styles = styles_of(bundle)
    found = [style.title for style in styles.families.values() if style.baseline]
    if not found and not bundle.frame("classes").height:
        return None
    return ItemEvidence(text.baselines(found), "families", False)


def metrics(bundle: Bundle) -> ItemEvidence | None:
    names = bundle.study.metrics.names
    first = measure(names[0])
    return ItemEvidence(
        text.metrics((measure(name).title for name in names), first.word),
        "families",
        False,
    )


def uncertainty(bundle: Bundle) -> ItemEvidence | None:
    metric = bundle.study.metrics.primary
    found = facts.estimates(bundle, metric)
    if not found:
        return None
    if any(one.low is not None for one in found.values()):
        bare = {d for (d, _), one in found.items() if one.low is None}
        seeds = [d for d in bundle.datasets if varies(bundle.study, d) == "seeds"]
        seeds, without = (
            [styles_of(bundle).dataset(d) for d in names] for names in (seeds, bare)
        )
        return ItemEvidence(
            text.intervals(level_of(bundle.study), seeds, sorted(without)), "families"
        )
    why = dict.fromkeys(facts.no_interval_reason(bundle, d, metric) for d, _ in found)
    return ItemEvidence(text.sentence(text.named(why)), "families", False)


def _tests_made(bundle: Bundle) -> list[str]:
    """The tests that the comparisons made, as keys of text.TESTS."""
    over = bundle.frame("pairs_over_datasets")["exact"]
    rows = {*bundle.frame("test_set_pairs")["test"], *bundle.frame("pairs")["test"]}
    made = {
        "corrected_t": bool(rows & {Method.CORRECTED_T, Method.CORRECTED_T_MIX}),
        "sharp": "sharp" in rows,
        "t": bool(rows & {Method.T_OVER_DRAWS, Method.T_OVER_SEEDS}),
        "exact": over.any(),
        "signed_ranks": (~over).any(),
        "mcnemar": "mcnemar" in rows,
        "delong": "delong" in rows,
        "friedman": bundle.frame("omnibus")["friedman_p"].is_not_null().any(),
    }
    return [words for words, is_made in made.items() if is_made]


def tests(bundle: Bundle) -> ItemEvidence | None:
    if not bundle.frame("scores").height:
        return None
    used = _tests_made(bundle)
    if not used:
        return ItemEvidence(text.NO_TESTS, "differences", False)
    return ItemEvidence(text.tests(used), "differences")


def external(bundle: Bundle) -> ItemEvidence | None:
    places = facts.places(bundle)
    other = [
        claim for claim in bundle.claims.values() if claim.splits == "other_sample"
    ]
    said = text.external(
        facts.sets_words(bundle, places) if len(places) > 1 else "", len(other)
    )
    return ItemEvidence(said, "differences", False) if said else None


def limits(bundle: Bundle) -> ItemEvidence | None:
    from bench.report.sections.limits import (
        limits as section,
    )  # the sections know the checklist

    said = section(bundle).limits
    if not said:
        return None
    return ItemEvidence(text.limits(said), "limits", False)
