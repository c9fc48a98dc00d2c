"""What a run can show for an item of REFORMS, a function an item, from the sections of the page that show it."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.checklist.item import ItemEvidence
from bench.report.styles import styles_of
from bench.scores.design import is_external, level_of, varies
from bench.text import formats
from bench.text.words import measure, tuning_words

#: Names beyond these are counted.
MOST = 6


def _named(words: Iterable[str]) -> str:
    unique = list(dict.fromkeys(words))
    more = [f"{formats.count(len(unique) - MOST)} more"] if len(unique) > MOST else []
    shown = [*unique[:MOST], *more]
    return "; ".join(shown) if any("," in word for word in shown) else formats.listed(shown)


def _sentence(text: str) -> str:
    text = text.strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."


def _targets(bundle: Bundle) -> list[str]:
    """The data sets whose rows are here: those with a target."""
    return [name for name in bundle.datasets if not is_external(bundle.study, name)]


def data(bundle: Bundle) -> ItemEvidence | None:
    tables = bundle.frame("tables")
    if not tables.height:
        return None
    said = _named(f"{name} ({source or 'source not recorded'})" for name, source in tables.select(
        pl.coalesce("title", "dataset"), "source").iter_rows())  # fmt: skip
    whole = tables["raw_sha256"].null_count() == 0 and tables["source"].null_count() == 0
    return ItemEvidence(_sentence(f"{said}; each identified by the sha256 of its content"), "data", whole)


def code(bundle: Bundle) -> ItemEvidence | None:
    versions = bundle.provenance.get("versions")
    if not isinstance(versions, dict) or not versions:
        return None
    study = str(bundle.provenance.get("study_sha256") or "")[:12]
    said = f"{formats.plural(len(versions), 'version')} of libraries and the sha256 of the study file ({study}) are "
    said += "recorded; the address of the code is not"
    return ItemEvidence(_sentence(said), "provenance", False)


def machine(bundle: Bundle) -> ItemEvidence | None:
    if not bundle.provenance.get("versions"):
        return None
    said = "The software is recorded with its versions. No file of the results names a machine; the number of workers "
    return ItemEvidence(_sentence(said + "does not change the results"), "provenance", False)


def instructions(bundle: Bundle) -> ItemEvidence | None:
    rerun = bundle.provenance.get("rerun") or f"dvc repro report@{bundle.study.id}"
    return ItemEvidence(_sentence(f"one command makes the page from the sources of the data: {rerun}"), "provenance")


def script(bundle: Bundle) -> ItemEvidence | None:
    said = "the study file and the pipeline are the script: every number here is made by them"
    theirs = any(is_external(bundle.study, name) for name in bundle.datasets)
    if theirs:
        said += "; the fits behind the numbers from elsewhere are not theirs to make"
    return ItemEvidence(_sentence(said), "provenance", not theirs)


def sources(bundle: Bundle) -> ItemEvidence | None:
    tables = bundle.frame("tables")
    known = [source for source in tables["source"].to_list() if source] if tables.height else []
    if not known:
        return None
    return ItemEvidence(_sentence(f"read from {_named(known)}; when and how they were collected and labelled, "
                              "the run cannot know"), "data", False)  # fmt: skip


def outcome(bundle: Bundle) -> ItemEvidence | None:
    names = _targets(bundle)
    if not names:
        return None
    styles = styles_of(bundle)
    said = _named(f"{styles.dataset(name)}: {bundle.study.datasets[name].target}" for name in names)
    counted = set(bundle.frame("classes")["dataset"])
    columns = bundle.frame("columns").filter(pl.col("role") == "target", pl.col("mean").is_not_null())
    described = counted if bundle.study.task == "classification" else set(columns["dataset"])
    how = "the rows of each class" if bundle.study.task == "classification" else "its mean, spread and range"
    whole = set(names) <= described
    return ItemEvidence(_sentence(f"{said}" + (f"; the page shows {how}" if whole else "")), "data", whole)


def size(bundle: Bundle) -> ItemEvidence | None:
    tables = bundle.frame("tables").filter(pl.col("dataset").is_in(_targets(bundle)))
    if not tables.height:
        return None
    styles = styles_of(bundle)
    said = _named(
        f"{styles.dataset(name)} {formats.plural(rows, 'row')}, {formats.plural(features, 'feature')}"
        for name, rows, features in tables.select("dataset", "rows", "features").iter_rows()
    )
    whole = bundle.study.task == "regression" or set(tables["dataset"]) <= set(bundle.frame("classes")["dataset"])
    return ItemEvidence(_sentence(said), "data", whole)


def missing(bundle: Bundle) -> ItemEvidence | None:
    columns = bundle.frame("columns").filter(pl.col("role") == "feature")
    if not columns.height or set(columns["dataset"]) < set(_targets(bundle)):
        return None
    cells, gone = int(columns["rows"].sum()), int(columns["missing"].sum())
    if not gone:
        return ItemEvidence(f"Nothing: all {formats.count(cells)} cells are present.", "data")
    said = f"{formats.count(gone)} of {formats.count(cells)} cells ({formats.share(gone, cells)}); not counted by class"
    return ItemEvidence(_sentence(said), "data", bundle.study.task == "regression")


def left_out(bundle: Bundle) -> ItemEvidence | None:
    if not bundle.frame("tables").height or not _targets(bundle):
        return None
    log = bundle.frame("cleaning").filter(pl.col("rows_before") > pl.col("rows_after"))
    if not log.height:
        return ItemEvidence("No: every row of the tables is used.", "data")
    dropped = int((log["rows_before"] - log["rows_after"]).sum())
    steps = _named(log["step"])
    said = f"{formats.plural(dropped, 'row')} left out by {steps}; why is the author's to say"
    return ItemEvidence(_sentence(said), "data", False)


def corrupt(bundle: Bundle) -> ItemEvidence | None:
    if not _targets(bundle) or not bundle.frame("tables").height:
        return None
    log = bundle.frame("cleaning")
    remarks = bundle.frame("remarks").filter(pl.col("code") != "left_out")  # what is not drawn is no fault of the data
    steps = f"cleaning ran {_named(log['step'])}, logged cell by cell" if log.height else "no cleaning step ran"
    found = formats.plural(remarks.height, "remark") if remarks.height else "no remark"
    said = f"{steps}; a look at the tables left {found}; whether a value is possible, only who knows the data can say"
    return ItemEvidence(_sentence(said), "data", False)


def transformations(bundle: Bundle) -> ItemEvidence | None:
    if not bundle.study.fits:
        return None
    steps = bundle.frame("cleaning")["step"].to_list()
    before = f"before any split {_named(steps)}" if steps else "before any split nothing"
    inside = [step if isinstance(step, str) else next(iter(step)) for step in bundle.study.preprocess or ()]
    own = [name for name, spec in (bundle.study.families or {}).items() if spec.preprocess is not None]
    fold = f"inside the fold {_named(inside)}" if inside else "inside the fold what each family needs by itself"
    said = f"{before}; {fold}" + (f"; of its own: {_named(own)}" if own else "")
    return ItemEvidence(_sentence(said), "provenance")


def models(bundle: Bundle) -> ItemEvidence | None:
    if not bundle.study.fits or not bundle.families:
        return None
    styles = styles_of(bundle)
    said = f"{_named(styles.family(name).title for name in bundle.families)}; parameters and candidates are listed"
    return ItemEvidence(_sentence(said), "provenance")


def evaluation(bundle: Bundle) -> ItemEvidence | None:
    from bench.report.sections.provenance import provenance  # the sections know the checklist

    said = "; ".join(f"{one['where']}: {one['words'].rstrip('.')}" if one["where"] else one["words"].rstrip(".")
                     for one in provenance(bundle)["protocol"])  # fmt: skip
    return ItemEvidence(_sentence(said), "provenance", bundle.study.fits)


def selection(bundle: Bundle) -> ItemEvidence | None:
    if not bundle.study.fits:
        return None
    said = "every family that was run is reported, with its failed cells; none was picked by its test score"
    return ItemEvidence(_sentence(said), "families")


def tuning(bundle: Bundle) -> ItemEvidence | None:
    if not bundle.study.fits:
        return None
    said = dict.fromkeys(
        tuning_words(protocol.tuning)
        for name in bundle.datasets
        if (protocol := bundle.study.protocol_of(name)) is not None
    )
    return ItemEvidence(_sentence("; ".join(said)), "overfitting")


def baselines(bundle: Bundle) -> ItemEvidence | None:
    styles = styles_of(bundle)
    found = [style.title for style in styles.families.values() if style.baseline]
    if not found and not bundle.frame("classes").height:
        return None
    what = f"{_named(found)} was run beside the others" if found else "the share of the largest class is shown"
    return ItemEvidence(_sentence(f"{what}; whether that is the right rival, the author must say"), "families", False)


def metrics(bundle: Bundle) -> ItemEvidence | None:
    names = bundle.study.metrics.names
    first = measure(names[0])
    said = f"{_named(measure(name).title for name in names)}; families are compared by {first.word}; why it suits the "
    return ItemEvidence(_sentence(said + "task is the author's to say"), "families", False)


def uncertainty(bundle: Bundle) -> ItemEvidence | None:
    metric = bundle.study.metrics.primary
    found = facts.estimates(bundle, metric)
    if not found:
        return None
    if any(one.low is not None for one in found.values()):
        level = f"{100 * level_of(bundle.study):g}{formats.THIN}%"
        said = (
            f"{level} intervals of means; over drawn splits they are widened for training sets that overlap (Nadeau & "
        )
        said += "Bengio 2003)"
        bare = {d for (d, _), one in found.items() if one.low is None}
        seeds = [d for d in bundle.datasets if varies(bundle.study, d) == "seeds"]
        styles = styles_of(bundle)
        said += f"; over seeds alone on {_named(map(styles.dataset, seeds))}" if seeds else ""
        said += f"; none for some on {_named(sorted(map(styles.dataset, bare)))}, and the page says why" if bare else ""
        return ItemEvidence(_sentence(said), "families")
    why = dict.fromkeys(facts.no_interval_reason(bundle, d, metric) for d, _ in found)
    return ItemEvidence(_sentence(_named(why)), "families")


def _tests_made(bundle: Bundle) -> list[str]:
    """The tests that the comparisons hold, in words."""
    rows, over = bundle.frame("test_set_pairs")["test"], bundle.frame("pairs_over_datasets")["exact"]
    made = {
        "the corrected t test, for training sets overlap": bundle.frame("pairs")["p"].is_not_null().any(),
        "exact signed ranks over data sets, which assume no distribution": over.any(),
        "signed ranks over data sets": (~over).any(),
        "McNemar's test where one fit predicted each row": "mcnemar" in rows,
        "DeLong's test where one fit predicted each row": "delong" in rows,
        "Friedman's test": bundle.frame("omnibus")["friedman_f_p"].is_not_null().any(),
    }
    return [words for words, is_made in made.items() if is_made]


def tests(bundle: Bundle) -> ItemEvidence | None:
    if not bundle.frame("scores").height:
        return None
    used = _tests_made(bundle)
    if not used:
        return ItemEvidence("None was made on families.", "differences")
    return ItemEvidence(_sentence(f"{_named(used)}; pairs are corrected by Holm"), "differences")


def external(bundle: Bundle) -> ItemEvidence | None:
    places = facts.places(bundle)
    other = [claim for claim in bundle.claims.values() if claim.splits == "other_sample"]
    said = f"families stand on {facts.sets_words(bundle, places)}" if len(places) > 1 else ""
    said += f"{'; ' if said else ''}{formats.plural(len(other), 'claim')} met on another sample" if other else ""
    return ItemEvidence(_sentence(said), "differences", False) if said else None


def limits(bundle: Bundle) -> ItemEvidence | None:
    from bench.report.sections.limits import limits as section  # the sections know the checklist

    said = section(bundle)["limits"]
    if not said:
        return None
    return ItemEvidence(f"By its design: {' '.join(said)}", "limits", False)
