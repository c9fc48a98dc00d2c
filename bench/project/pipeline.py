"""One function a DVC stage: read files, call one floor, write files.

fetch   sources -> data/<id>/raw/*.parquet
clean   raw -> data/<id>/clean/*.parquet, roles, cleaning log, profile
run     clean -> results/<id>/*.parquet of RUN_FRAMES
judge   results -> results/<id>/*.parquet of JUDGE_FRAMES, metrics.json, plots/, record.json, .bench/log
report  all of it -> reports/<id>/ (its pages), summaries/<id>.json
index   summaries -> reports/index.html, reports/glossary.html

Beside its outputs each of the first four writes what it made of what (`bench.project.ledger`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache, partial
from importlib.metadata import metadata, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from bench.core import frames
from bench.core.answers import ANSWERS
from bench.core.by_row import BY_ROW
from bench.core.comparisons import COMPARISONS
from bench.core.errors import BenchError, DataError, IncompatibleDataError, UsageError
from bench.core.explanations import EXPLAINED
from bench.core.judgements import VERDICTS
from bench.core.spare import sparing
from bench.data.dataset import Dataset
from bench.families.seeds import with_seeds
from bench.project import decides, ledger
from bench.project.check import checked_draft, unfitted
from bench.project.check_tables import list_other_cases
from bench.project.folder import ProjectFolder, inside, is_pullable
from bench.project.ledger import Record, read_json, write_json
from bench.project.own_files import own_files
from bench.run.cells import Cell
from bench.run.gather import Results
from bench.run.store import Store
from bench.run.study import Execution, Listener, Silent, cells_of, grid_of
from bench.run.study import run as run_study
from bench.run.why import Why, before_fetch
from bench.run.why import why as why_run
from bench.study import Draft, Study, read_study
from bench.study.noted import StudyError
from bench.study.own_files import files_of
from bench.study.preregistration import frozen_of
from bench.study.reading import notes_of
from bench.study.repeats import pilots_of
from bench.text.problems import Said, UnknownWord

if TYPE_CHECKING:
    from bench.data.from_folder import Taken
    from bench.report.bundle import Bundle
    from bench.report.summary import Summary
    from bench.run.counts import RunCounts
    from bench.scores.external import ExternalResults

#: The stages of a study, in order; `index` follows them all.
STAGES_IN_ORDER = ("fetch", "clean", "run", "judge", "report")
RUN_FRAMES = {
    "predictions": None,
    "tuning": frames.TUNING,
    "failures": frames.FAILURES,
    "costs": frames.COSTS,
    "folds": frames.FOLDS,
    "importance": frames.IMPORTANCE,
    "effects": frames.EFFECTS,
    "unavailable": frames.UNAVAILABLE,
}
JUDGE_FRAMES = {
    "scores": frames.SCORES,
    **COMPARISONS,
    "verdicts": VERDICTS,
    "answers": ANSWERS,
    "explanations": EXPLAINED,
    "variance": frames.VARIANCE,
    "findings": frames.FINDINGS,
    **BY_ROW,
}
#: What diagnostics see of a run.
_SEEN = ("folds", "tuning", "predictions", "failures", "importance", "unavailable")


def fetch(project: ProjectFolder, study_id: str) -> None:
    """Get every table and record its content's sha256. Validates the whole study before anything else."""
    from bench.data.room import within
    from bench.data.table import read_table

    study = checked_draft(project, study_id).study()
    folder = project.paths.raw(study_id)
    for name, spec in study.datasets.items():
        with within(project.settings.megabytes_per_cell):
            table = read_table(
                spec, project.paths.study(study_id), project.paths.downloads
            )
        frames.write(table, folder / f"{name}.parquet")
    record = Record(
        study=decides.decide_fetch(study),
        inputs=files_of(study, project.paths.study(study_id)),
        outputs=ledger.sha256s(folder, study.datasets),
    )
    ledger.write(folder / ledger.FETCH, record)


def take(project: ProjectFolder, study_id: str, folder: Path) -> Taken:
    """Fill the cache of downloads with the files of a study that lie in a folder, by their content."""
    from bench.data.from_folder import take as take_files
    from bench.data.table import wanted_of

    study = checked_draft(project, study_id).study()
    wanted = [
        wanted_of(spec, project.paths.study(study_id))
        for spec in study.datasets.values()
    ]
    return take_files(
        [one for one in wanted if one is not None], folder, project.paths.downloads
    )


def clean(project: ProjectFolder, study_id: str) -> None:
    """Type and clean every table, and take its profile. Raises `DataError` when a raw table is not as recorded."""
    from bench.data.clean import clean_table
    from bench.data.faults import refuse_ranges
    from bench.data.load import write_clean
    from bench.data.profile import profile

    draft, folder = checked_draft(project, study_id), project.paths.raw(study_id)
    study = draft.study()
    record = _refuse_other_raw(project, study)
    ledger.refuse_changed(folder / ledger.FETCH, record, study.datasets)
    cleans, profiles = [], []
    for name, spec in study.datasets.items():
        raw = frames.read(folder / f"{name}.parquet")
        columns = study.split_columns(name)
        with _placed(draft):
            if (
                protocol := study.protocol_of(name)
            ) is not None and spec.external is None:
                at = study.place_of_protocol(name, ("protocol", "resampling"))
                refuse_ranges(protocol.resampling, raw.height, f"dataset {name}", at)
            cleaned = clean_table(
                name, raw, spec, study.clean_of(name), study.task, split_columns=columns
            )
        cleans.append(cleaned)
        profiles.append(
            profile(name, cleaned, study.task if spec.external is None else None)
        )
    write_clean(project.paths.clean(study_id), cleans)
    with _placed(draft):
        _clean_otherwise(project, study)
    for kind, schema in frames.PROFILE.items():
        whole = pl.concat(
            [frames.empty(schema), *(one[kind] for one in profiles)], rechunk=True
        )
        frames.write(
            whole, project.paths.clean(study_id) / "profile" / f"{kind}.parquet", schema
        )
    record = Record(
        study=decides.decide_clean(study),
        inputs=files_of(study, project.paths.study(study_id)),
        outputs=ledger.sha256s(project.paths.clean(study_id), study.datasets),
    )
    ledger.write(project.paths.clean(study_id) / ledger.CLEAN, record)


def _clean_otherwise(project: ProjectFolder, study: Study) -> None:
    """The tables of explanations that keep what the study drops, each in a folder of its own."""
    from bench.data.clean import clean_table
    from bench.data.load import write_clean
    from bench.data.other_cleanings import other_cleanings

    shutil.rmtree(
        project.paths.explanations(study.id), ignore_errors=True
    )  # what was asked before is not asked now
    found: dict[str, list[Any]] = {}
    for kept in other_cleanings(study):
        raw = frames.read(project.paths.raw(study.id) / f"{kept.dataset}.parquet")
        columns = study.split_columns(kept.dataset)
        cleaned = clean_table(
            kept.dataset, raw, kept.spec, kept.steps, study.task, split_columns=columns
        )
        found.setdefault(kept.explanation, []).append(cleaned)
    for explanation, cleans in found.items():
        write_clean(project.paths.explanations(study.id) / explanation, cleans)


def _otherwise(
    project: ProjectFolder, study: Study
) -> Callable[[str, str], Dataset | None]:
    """A function of dataset and explanation: the dataset as that one cleans it, None where it does not."""
    from bench.data.load import read_dataset

    def other(dataset: str, explanation: str) -> Dataset | None:
        folder = project.paths.explanations(study.id) / explanation
        there = (folder / f"{dataset}.parquet").is_file()
        return read_dataset(folder, dataset, study.task) if there else None

    return other


def run(
    project: ProjectFolder, study_id: str, listener: Listener | None = None
) -> Results | None:
    """Fit every cell. External predictions and folds stand beside what was fitted, or alone.

    Raises `DataError` before the first fit where the library of a family is not installed.
    """
    draft = checked_draft(project, study_id)
    if missing := unfitted(draft):
        raise DataError(
            "\n".join((*map(str, missing), f"nothing of {study_id} was fitted"))
        )
    study, out = draft.study(), project.paths.results(study_id)
    _refuse_other_tables(project, study)
    datasets = _datasets(project, study)
    # Written before anything is fitted: a folder that cannot be written is told now, not after an hour.
    record = decides.begin_run(project, study, _tables(project, study_id))
    ledger.write(out / ledger.RUN, record)
    results = None
    with _placed(draft):
        external = _external(project, study)
        _refuse_other_cases(draft, _tables(project, study_id), datasets, external.folds)
        if study.families is not None and study.task is not None:
            other = _otherwise(project, study)
            needed = partial(_repeats_needed, project.paths.clean(study_id))
            limits, engine = (
                project.settings.limits,
                project.settings.engine,
            )
            execution = Execution(
                limits,
                project.store,
                project.paths.arrays,
                engine,
                project.settings.scheduler,
            )
            results = run_study(
                study, datasets, execution, listener or Silent(), other, needed
            )
    for name, schema in _run_schemas(study).items():
        fitted, more = (
            getattr(results, name) if results else frames.empty(schema),
            getattr(external, name, None),
        )
        whole = (
            fitted
            if more is None or more.is_empty()
            else pl.concat([fitted, more], rechunk=True)
        )
        frames.write(whole, out / f"{name}.parquet", schema)
    repeats = () if results is None else tuple(results.repeats.rows(named=True))
    outputs = ledger.sha256s(out, _run_schemas(study))
    ledger.write(out / ledger.RUN, replace(record, repeats=repeats, outputs=outputs))
    return results


def _refuse_other_cases(
    draft: Draft, tables: pl.DataFrame, datasets: list[Dataset], folds: pl.DataFrame
) -> None:
    """Raise `StudyError` for a printed count of other cases than there are; `folds`: of external results."""
    study = draft.study()
    if not any(claim.score and claim.score.cases for claim in study.judged):
        return
    with Store(None) as store:
        made = grid_of(study, datasets, store).folds
    if problems := list_other_cases(draft, tables, pl.concat([folds, made])):
        raise StudyError(problems)


def _refuse_other_raw(project: ProjectFolder, study: Study) -> Record:
    """The record of the raw tables. Raises `DataError` where they are of other sources, or of other files."""
    return ledger.refuse_other(
        project.paths.raw(study.id) / ledger.FETCH,
        f"bench fetch {study.id}",
        decides.decide_fetch(study),
        files_of(study, project.paths.study(study.id)),
    )


def _refuse_other_tables(project: ProjectFolder, study: Study) -> None:
    """Raises `DataError` where the study, or a file of it, is another than its tables were made of."""
    if (project.paths.raw(study.id) / ledger.FETCH).is_file():
        _refuse_other_raw(project, study)
    ledger.refuse_other(
        project.paths.clean(study.id) / ledger.CLEAN,
        f"bench clean {study.id}",
        decides.decide_clean(study),
        files_of(study, project.paths.study(study.id)),
    )


def _refuse_other_run(
    project: ProjectFolder, study: Study, tables: pl.DataFrame
) -> Record:
    """The record of a run. Raises `DataError` where it was of another study, or of other tables."""
    return ledger.refuse_other(
        project.paths.results(study.id) / ledger.RUN,
        f"bench repro {study.id}",
        decides.decide_run(study),
        decides.fingerprints(tables),
    )


def _refuse_other_judging(project: ProjectFolder, study: Study) -> None:
    """Raises `DataError` where another run or study was judged, or a frame is not as it was written."""
    out = project.paths.results(study.id)
    record = ledger.refuse_other(
        out / ledger.JUDGE,
        f"bench judge {study.id}",
        decides.decide_judge(study),
        {ledger.RUN: frames.sha256(out / ledger.RUN)},
    )
    ledger.refuse_changed(out / ledger.JUDGE, record, JUDGE_FRAMES)


def _tables(project: ProjectFolder, study_id: str) -> pl.DataFrame:
    """What is known of the clean tables as such."""
    return frames.read(project.paths.clean(study_id) / "tables.parquet", frames.TABLES)


def _repeats_needed(clean_tables: Path, study: Study, pilot: Results) -> dict[str, int]:
    """By dataset, how many repeats the claims need, from what a pilot left."""
    tables = frames.read(clean_tables / "tables.parquet", frames.TABLES)
    return _repeats_asked(
        study,
        tables,
        {name: getattr(pilot, name) for name in ("predictions", "tuning", "folds")},
    )


def _repeats_asked(
    study: Study, tables: pl.DataFrame, pilot: Mapping[str, pl.DataFrame]
) -> dict[str, int]:
    from bench.claims import repeats_after_pilot
    from bench.scores.compute import scores_of

    scores = scores_of(study, tables, pilot["predictions"], pilot["tuning"])
    return repeats_after_pilot(study, tables, pilot["folds"], scores)


def _refuse_other_repeats(
    study: Study,
    tables: pl.DataFrame,
    have: Mapping[str, pl.DataFrame],
    at_most: Mapping[str, int],
) -> None:
    """Raises `DataError` where the claims, as they are now, ask for other repeats after a pilot than were run, within
    what the run was allowed."""
    pilots = pilots_of(study)
    if not pilots:
        return
    first = pl.col("repeat") < pl.col("dataset").replace_strict(
        {n: one.pilot for n, one in pilots.items()}, default=0
    )
    pilot = {
        name: have[name].filter(first) for name in ("predictions", "tuning", "folds")
    }
    pilot |= {
        name: pilot[name].filter(variant="plain") for name in ("predictions", "tuning")
    }
    asked = _repeats_asked(study, tables, pilot)
    for name, stated in pilots.items():
        most = at_most.get(name, stated.at_most)
        wanted = min(max(stated.pilot, asked.get(name, 0)), most)
        run = have["folds"].filter(dataset=name)["repeat"].n_unique()
        if wanted != run:
            raise DataError(
                f"{study.id}: {run} repeats of {name} were run, and the claims as they are now ask for {wanted}; run"
                f" `bench run {study.id}`; nothing was judged"
            )


def _run_schemas(study: Study) -> dict[str, pl.Schema]:
    predictions = (
        frames.REGRESSION if study.task == "regression" else frames.CLASSIFICATION
    )
    return {name: schema or predictions for name, schema in RUN_FRAMES.items()}


def why(project: ProjectFolder, study_id: str) -> Why:
    """Which cells `run` would fit, what changed since they were stored, and what they would cost. Nothing is fitted.

    The tables are read and cleaned as they are now, because other rows or columns are other cells. Nothing is
    downloaded: downloads that were not fetched yet are counted by what the protocol says.
    """
    from bench.data.table import wanted_of

    draft = checked_draft(project, study_id)
    folder, datasets = project.paths.study(study_id), draft.study().datasets.values()
    if all(wanted_of(spec, folder) is None for spec in datasets):
        fetch(project, study_id)  # from files of the study and from packages
    elif not (project.paths.raw(study_id) / ledger.FETCH).is_file():
        return before_fetch(draft.study(), project.settings.workers)
    clean(project, study_id)
    failures = project.paths.results(study_id) / "failures.parquet"
    rows = (
        frames.read(failures, frames.FAILURES).rows(named=True)
        if failures.is_file()
        else []
    )
    name = ("dataset", "family", "variant", "repeat", "fold")
    failed = {
        tuple(row[one] for one in name): row["status"]
        for row in rows
        if row["status"] != "warning"
    }
    with Store(project.store) as store:
        cells, waiting, _ = cells_of_study(project, draft, store)
        found = why_run(
            draft.study().id,
            cells,
            store,
            failed,
            project.settings.workers,
            waiting,
        )
    return replace(found, study=study_id)


def counts(project: ProjectFolder, study_id: str) -> RunCounts | None:
    """What a run of a study makes; None where only its tables can tell, and they are not there. Nothing is fitted."""
    from bench.run.counts import count_before_fetch, count_cells

    draft = checked_draft(project, study_id)
    study = draft.study()
    if not (project.paths.clean(study_id) / "tables.parquet").is_file():
        return count_before_fetch(study)
    try:
        _refuse_other_tables(project, study)
        with Store(project.store) as store:
            cells, waiting, _ = cells_of_study(project, draft, store)
            return count_cells(
                study, [*cells, *waiting], store, project.settings.workers
            )
    except BenchError:  # of other tables; a run tells why
        return count_before_fetch(study)


def seconds_of_repeats(project: ProjectFolder, study_id: str) -> dict[str, float]:
    """By dataset, the work of one repeat of all models, where that is known; nothing without tables."""
    from bench.run.counts import seconds_of_repeats as seconds_of

    draft = checked_draft(project, study_id)
    try:
        with Store(project.store) as store:
            cells, _, _ = cells_of_study(project, draft, store)
            return seconds_of(cells, store)
    except BenchError:
        return {}


def cells_of_study(
    project: ProjectFolder, draft: Draft, store: Store
) -> tuple[list[Cell], list[Cell], list[Dataset]]:
    """The cells of a study as it is now, those that start from one that is not stored, and its datasets; nothing of a
    study that fits nothing."""
    study = draft.study()
    datasets = _datasets(project, study)
    if study.families is None or study.task is None:
        return [], [], []
    with _placed(draft):
        other, needed = (
            _otherwise(project, study),
            partial(_repeats_needed, project.paths.clean(study.id)),
        )
        return *cells_of(
            study, datasets, store, project.settings.engine, other, needed
        ), datasets


def _datasets(project: ProjectFolder, study: Study) -> list[Dataset]:
    """The clean tables that a study fits to; none where it fits nothing."""
    found = (
        _dataset(project, study, name)
        for name in (study.datasets if study.families is not None else ())
    )
    return [dataset for dataset in found if dataset is not None]


def _dataset(project: ProjectFolder, study: Study, name: str) -> Dataset | None:
    """The clean table of one dataset, read when it is asked for; None where it is no table of cases."""
    from bench.data.load import read_dataset

    spec = study.datasets[name]
    if spec.external is not None or spec.target is None or study.task is None:
        return None
    folder = project.paths.clean(study.id)
    try:
        return read_dataset(folder, name, study.task)
    except (
        TypeError,
        ValueError,
        AttributeError,
        LookupError,
        RecursionError,
        pl.exceptions.PolarsError,
    ):
        raise DataError(
            f"{folder}: is not as it was written; run `bench clean {study.id}` to make it anew"
        ) from None


def judge(project: ProjectFolder, study_id: str) -> None:
    """Scores, comparisons, verdicts and findings, all from what is stored: nothing is fitted."""
    from bench.claims import answers, explanations, verdicts
    from bench.comparisons import comparisons
    from bench.diagnose import DiagnosticEvidence, budget, by_row, findings
    from bench.project.dvc_values import metrics_of, plot_tables
    from bench.scores.compute import scores_of

    draft, out = checked_draft(project, study_id), project.paths.results(study_id)
    with _placed(draft):
        external = _external(project, draft.study())
    study, tables = external.study, external.tables
    _refuse_other_tables(project, draft.study())
    record = _refuse_other_run(project, draft.study(), _tables(project, study_id))
    decides.tell_other_versions(out, record)
    _claims_are_about_something(draft, study)
    have = run_frames(project, study)
    at_most = {row["dataset"]: row["at_most"] for row in record.repeats}
    _refuse_other_repeats(draft.study(), _tables(project, study_id), have, at_most)
    profile = _profile(project, study_id)
    ours = scores_of(study, tables, have["predictions"], have["tuning"])
    scores = pl.concat([ours, external.scores], rechunk=True)
    compared = comparisons(study, tables, have["folds"], scores, have["predictions"])
    seen = have | {
        "tables": tables,
        "scores": scores,
        "estimates": compared.estimates,
        "missing_runs": external.missing,
    }
    judged = verdicts(study, seen)
    explained, varied = explanations(study, seen), budget(study, scores)
    evidence = DiagnosticEvidence(
        study,
        tables=tables,
        scores=scores,
        **{name: have[name] for name in _SEEN},
        **{name: profile[name] for name in ("remarks", "duplicates")},
        read=partial(_dataset, project, study),
        explanations=explained,
        variance=varied,
        names=external.names,
    )
    with sparing():  # the findings say what was lost
        found = findings(evidence)
        counted = by_row(evidence, compared.estimates, found)
    made = {
        "scores": scores,
        **compared.frames,
        "verdicts": judged,
        "answers": answers(study, tables, scores, judged),
    }
    made |= counted | {
        "explanations": explained,
        "variance": varied,
        "findings": found,
    }
    for name, schema in JUDGE_FRAMES.items():
        frames.write(made[name], out / f"{name}.parquet", schema)
    write_json(out / "metrics.json", metrics_of(study, made, have["failures"]))
    for name, table in plot_tables(study, made, have["tuning"]).items():
        frames.write_bytes(
            project.paths.plots(study_id) / f"{name}.csv", table.write_csv().encode()
        )
    seen |= {"verdicts": judged, "findings": found}
    _log_run(project, draft.study(), study, seen, record)
    # The last file, so that no page is made of half a judging.
    judging = Record(
        study=decides.decide_judge(draft.study()),
        inputs={ledger.RUN: frames.sha256(out / ledger.RUN)},
        outputs=ledger.sha256s(out, JUDGE_FRAMES),
        code=decides.code_of_judge(),
    )
    ledger.write(out / ledger.JUDGE, judging)


def _log_run(
    project: ProjectFolder,
    stated: Study,
    study: Study,
    judged: dict[str, pl.DataFrame],
    made: Record,
) -> None:
    """Write the record of a judged run, and keep it in the log."""
    from bench.claims.falsifiers import falsified
    from bench.comparisons.run_record import record_of_run
    from bench.core.judgements import VerdictRow
    from bench.data.load import read_clean
    from bench.project.run_log import FILE, RunLog
    from bench.scores.fold_words import name_folds

    out = project.paths.results(study.id)
    record = record_of_run(
        study,
        judged,
        stated=stated,
        code={**made.code, **decides.code_of_judge()},
        versions=made.versions,
        became=falsified(study, frames.records(judged["verdicts"], VerdictRow)),
        elsewhere=name_folds(
            stated, judged["folds"], partial(read_clean, project.paths.clean(study.id))
        ),
    )
    frames.write_bytes(out / FILE, record.text)
    with suppress(
        BenchError, OSError
    ):  # the results are whole without it; `bench log` says what is wrong
        RunLog(project, study.id).take_up()


def _external(project: ProjectFolder, study: Study) -> ExternalResults:
    """What a study's tables of external results say, and the study with all names that they hold."""
    from bench.scores.external import external_results

    def read(name: str) -> pl.DataFrame:
        from bench.data.load import (
            read_clean,
        )  # with all that cleans, and few studies have such tables

        return read_clean(project.paths.clean(study.id), name)

    return external_results(study, _tables(project, study.id), read)


def _claims_are_about_something(draft: Draft, study: Study) -> None:
    """Names that only the tables of external results know: a claim about another one is a mistake of the study."""
    if all(spec.external is None for spec in study.datasets.values()):
        return
    known = {
        "dataset": study.datasets,
        "family": study.families or {},
        "against": study.families or {},
    }
    found = [
        where.problem((*path, field), UnknownWord("", name, tuple(names)))
        for claim, (where, path) in zip(study.judged, draft.claim_places, strict=True)
        for field, names in known.items()
        if (name := getattr(claim, field)) is not None
        and name not in names
        and claim.not_attempted is None
    ]
    if found:
        raise StudyError(found)


def report(project: ProjectFolder, study_id: str) -> tuple[Path, str, list[str]]:
    """Render a study's pages and its summary.

    Returns the first page's path, the study's headline, and what could not be made of its pages.
    """
    from bench.report.page import pages
    from bench.report.summary import summary_of

    bundle = bundle_of(project, study_id)
    folder = project.paths.report_folder(study_id)
    with sparing() as lost:
        made = pages(bundle)
    for name, text in made.items():
        frames.write_bytes(inside(project, folder / name), text.encode())
    for stale in folder.rglob("*.html"):
        if stale.relative_to(folder).as_posix() not in made:
            stale.unlink()
    short = summary_of(bundle)
    write_json(project.paths.summary(study_id), short.as_json())
    if (
        not project.paths.index.is_file()
    ):  # the page links to it, and to the glossary beside it
        index(project)
    return project.paths.report_page(study_id), short.headline, lost


def index(project: ProjectFolder) -> Path:
    """The page over all studies of params.yaml, from their summaries, and the glossary.

    A study without a summary is left out: it was not reported yet.
    """
    from bench.report.page import render_glossary, render_index

    settings = project.settings
    known = (*settings.studies, *settings.slow, *settings.evidence)
    made = [study for study in known if project.paths.summary(study).is_file()]
    summaries = [_summary(project, study) for study in made]
    page = inside(project, project.paths.index)
    frames.write_bytes(page.with_name("glossary.html"), render_glossary().encode())
    # The last one: where it is, the other is.
    frames.write_bytes(page, render_index(summaries).encode())
    return page


def _summary(project: ProjectFolder, study_id: str) -> Summary:
    """A study's summary; those of slow studies may be older than the code that reads them."""
    from bench.report.summary import Summary

    path = project.paths.summary(study_id)
    try:
        made = Summary.of_json(read_json(path))
        if made.id != study_id:
            raise ValueError("id")
    except ValueError as error:
        lacks = [
            ".".join(map(str, one["loc"])) for one in getattr(error, "errors", list)()
        ]
        raise DataError(
            f"{path}: is no summary as this version of bench writes it ({', '.join(lacks[:3]) or error}); run"
            f" `bench repro {study_id}`; no page was written"
        ) from None
    return made


def stale(project: ProjectFolder, study_id: str) -> DataError | None:
    """Why the results that are here are none of the study as it is now; None where they are, or there are none."""
    out = project.paths.results(study_id)
    if not (out / ledger.JUDGE).is_file():
        return None
    study = read_study(project.paths.study(project.known(study_id)))
    try:
        _refuse_other_tables(project, study)
        _refuse_other_run(project, study, _tables(project, study_id))
        _refuse_other_judging(project, study)
    except DataError as problem:
        return problem
    return None


def bundle_of(project: ProjectFolder, study_id: str) -> Bundle:
    """Everything that a report shows of one study."""
    from bench.report.bundle import Bundle, Provenance
    from bench.study.cost import cost_of

    home, out = project.paths.study(study_id), project.paths.results(study_id)
    stated = read_study(project.paths.study(project.known(study_id)))
    if not (out / "verdicts.parquet").is_file() and is_pullable(project, study_id):
        raise DataError(
            f"{out}: its results are not here; DVC has them recorded and knows a remote: `bench pull {study_id}` "
            f"brings them, `bench repro {study_id}` makes them anew"
        )
    external = _external(project, stated)
    study, tables = with_seeds(external.study), external.tables
    _refuse_other_tables(project, stated)
    made = _refuse_other_run(project, stated, _tables(project, study_id))
    schemas = _run_schemas(study)
    predictions = schemas.pop("predictions")
    have = run_frames(project, study, tuple(schemas)) | _profile(project, study_id)
    have |= {"tables": tables, "missing_runs": external.missing}
    _refuse_other_judging(project, stated)
    have |= {
        name: frames.read(out / f"{name}.parquet", schema)
        for name, schema in JUDGE_FRAMES.items()
    }
    have["cleaning"] = frames.read(
        project.paths.clean(study_id) / "cleaning.parquet", frames.CLEANING
    )
    files, texts = own_files(home)
    provenance = Provenance(
        versions=made.versions,
        seed=study.protocol.seed if study.protocol else None,
        rerun=f"bench repro {study_id}",
        study_sha256=frames.sha256(home / "study.yaml"),
        hashes=dict(zip(tables["dataset"], tables["fingerprint"], strict=True)),
        trusted_code=made.trusted_code,
        extensions=made.extensions,
        notes=notes_of(home),
        study_file=(home / "study.yaml").read_text(encoding="utf-8"),
        files=files,
        texts=texts,
        frozen=frozen_of(stated, home),
        cost=cost_of(home),
        bench=version("bench"),
        address=(metadata("bench").get_all("Project-URL") or [""])[0].partition(", ")[
            2
        ],
    )
    return Bundle(
        study,
        have,
        provenance,
        external.names,
        cache(partial(frames.read, out / "predictions.parquet", predictions)),
    )


def _profile(project: ProjectFolder, study_id: str) -> dict[str, pl.DataFrame]:
    folder = project.paths.clean(study_id) / "profile"
    return {
        name: frames.read(folder / f"{name}.parquet", schema)
        for name, schema in frames.PROFILE.items()
    }


def export(
    project: ProjectFolder, study_id: str, folder: Path, names: Sequence[str]
) -> list[Path]:
    """Write what of a study goes into a paper or another program; returns the files. Others in the folder stay.

    Raises `DataError` where a link in the project's own folder of exports leads out of the project.
    """
    from bench.report.exports import export as texts

    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file, expected a folder; nothing was written")
    files = {
        folder / name: text
        for name, text in texts(bundle_of(project, study_id), names).items()
    }
    for place in (
        {path.parent for path in files}
        if folder == project.paths.exports(study_id)
        else ()
    ):
        inside(project, place)
    for path, text in files.items():
        frames.write_bytes(path, text.encode())
    return list(files)


def run_frames(
    project: ProjectFolder, study: Study, names: Collection[str] = ()
) -> dict[str, pl.DataFrame]:
    """The frames that the run left, or those of these names.

    Raises `DataError` when it did not end, or when one was changed since.
    """
    out = project.paths.results(study.id)
    schemas = _run_schemas(study)
    ledger.refuse_changed(out / ledger.RUN, ledger.read(out / ledger.RUN), schemas)
    return {
        name: frames.read(out / f"{name}.parquet", schemas[name])
        for name in names or schemas
    }


@contextmanager
def _placed(draft: Draft) -> Iterator[None]:
    """Turn an IncompatibleDataError into a StudyError that names file and line."""
    try:
        yield
    except IncompatibleDataError as error:
        raise StudyError(
            [draft.where.problem(error.path, Said(error.message))]
        ) from None
