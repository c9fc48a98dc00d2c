"""One function for each verb: call the project, print what it answers. A verb `x` is the function `x_`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.cli import environment
from bench.core.errors import (
    CellsFailedError,
    DataError,
    NotReproducedError,
    UsageError,
)
from bench.core.text import json_object, json_out, say
from bench.project.folder import recorded, refuse_files_of_dvc
from bench.project.project import Project
from bench.study.noted import Remark, StudyError
from bench.text.formats import fingerprint, plural
from bench.text.problems import LibraryMissing


def _answer(
    options: argparse.Namespace, values: dict[str, Any], show: Callable[[], None]
) -> None:
    """The answer of a verb: one object for programs with `--json`, else what `show` prints."""
    if options.json:
        json_object(values)
    else:
        show()


def _say(lines: Sequence[str]) -> Callable[[], None]:
    return lambda: say("\n".join(lines))


def init_(options: argparse.Namespace) -> None:
    from bench.project.begin import ahead, begin

    folder = options.folder
    planned = ahead(folder, dvc=not options.no_dvc)
    if planned and not options.yes and not options.json and environment.is_answered():
        say("\n".join([f"{folder.resolve()} is not empty", *planned]))
        if not _agreed("make a project here?"):
            raise UsageError("init: not agreed to; nothing was made")
    lines = [
        *planned[-1:],
        *begin(folder, dvc=not options.no_dvc),
    ]  # what is left alone, first
    _answer(options, {"folder": folder, "said": lines}, _say(lines))


def new_(options: argparse.Namespace) -> None:
    from bench.cli.asking import asked
    from bench.project.first_look.guess import Guess
    from bench.project.first_look.look import Wishes
    from bench.project.new_study import new_study

    project = environment.project()
    wishes = Wishes(
        options.target, options.task, options.group, options.time, options.positive
    )
    talks = environment.is_answered() and not (options.yes or options.json)
    found = new_study(
        project, options.id, options.from_csv, wishes, asked if talks else None
    )
    file = project.paths.study(options.id) / "study.yaml"
    lines = [f"made {file} and listed {options.id} in {project.paths.params}"]
    if isinstance(found, Guess):
        lines += found.said()
    elif found is not None:
        lines.append(
            f"the table holds {found.block} of models: the study judges them and fits nothing"
        )
    _follow()
    lines.append(
        f"next: look at it, then `bench check {options.id}` and `bench repro {options.id}`"
    )
    _answer(options, {"study": options.id, "file": file, "said": lines}, _say(lines))


def remove_(options: argparse.Namespace) -> None:
    from bench.project.moving import files_of_study, remove

    project = environment.project()
    found = files_of_study(project, project.known(options.id))
    if not options.yes and not _agreed(f"remove {', '.join(map(str, found))}?"):
        raise UsageError(
            f"remove {options.id}: not agreed to (--yes does); nothing was removed"
        )
    lines = [f"removed  {path}" for path in remove(project, options.id)]
    _follow()
    lines.append("its cells stay in .bench/, which may be deleted as a whole")
    _answer(options, {"study": options.id, "said": lines}, _say(lines))


def _follow() -> None:
    """Have the pipeline files follow params.yaml, where DVC runs the stages."""
    from bench.project.dvc import write_pipeline

    project = environment.project()
    if project.has_pipeline:
        write_pipeline(project)


def _enlisted(project: Project, ids: Sequence[str]) -> list[str]:
    """Those of the studies that no list names, which are now listed; none where params.yaml cannot be written."""
    from bench.project.lists import enlist

    new = [study for study in dict.fromkeys(ids) if study not in project.studies]
    try:
        for study in new:
            project.study(study)  # one with mistakes is not listed
            enlist(project.paths.params, study)
    except DataError:
        return []
    if new:
        _follow()
    return new


def _say_listed(project: Project, studies: Sequence[str]) -> None:
    for study in studies:
        say(f"{study}: added to `studies` of {project.paths.params}")


def _say_unlisted(project: Project) -> None:
    """A line that names the studies which no list names."""
    from bench.project.lists import unlisted

    if names := unlisted(project):
        say(
            f"{project.paths.params} does not list {', '.join(names)}: `bench repro ID` adds and runs a study"
        )


def _agreed(question: str) -> bool:
    """The answer of a person at a terminal; no where there is none."""
    return (
        environment.is_live()
        and sys.stdin.isatty()
        and input(f"{question} [y/N] ").lower() in ("y", "yes")
    )


def rename_(options: argparse.Namespace) -> None:
    from bench.project.moving import rename

    project = environment.project()
    lines = [f"now  {path}" for path in rename(project, options.id, options.new)]
    _follow()
    lines.append(
        f"next: `bench repro {options.new}`; seeds come from the name, so it is fitted anew"
    )
    _answer(options, {"study": options.new, "said": lines}, _say(lines))


def check_(options: argparse.Namespace) -> None:
    from bench.cli.checking import against_words, checked, show_checked

    project = environment.project()
    found = checked(project, options.ids, options.strict)
    new = [] if found.problems else _enlisted(project, options.ids)
    if options.json:
        json_object(found.as_json() | {"listed": new})
    if found.problems:
        if options.json:
            raise SystemExit(StudyError.exit_code)
        raise StudyError(found.problems)
    if not options.json:
        show_checked(project, found)
        _say_listed(project, new)
        _say_unlisted(environment.project())
    if against := against_words(found.bad_news):
        raise NotReproducedError(against)
    if not options.json:
        say(
            f"{plural(len(found.studies), 'study is', 'studies are')} well formed; nothing was run"
        )


def repro_(options: argparse.Namespace) -> None:
    """All stages of studies: by DVC where the project has a pipeline file, else one after the other."""
    project = environment.project()
    refuse_files_of_dvc(project)
    ids = [
        _known(project, study)
        for study in (project.settings.evidence if options.evidence else options.ids)
    ]
    if options.evidence and not ids:
        say(
            f"{project.paths.params}: its list `evidence` names no study; nothing was run"
        )
        return
    if new := _enlisted(project, ids):
        _say_listed(project, new)
        project = environment.project()
    if project.has_pipeline:
        _by_dvc(project, ids, options)
        return
    slow, unfitted = _able(
        project, project.settings.slow if options.slow and not ids else ()
    )
    _reproduced(project, ids or [*project.settings.studies, *slow], options.cost)
    _say_unfitted(unfitted)


def _reproduced(project: Project, studies: Sequence[str], cost: bool) -> None:
    """All stages of studies without DVC, and the index of all that have a summary."""
    for study in studies:
        project.fetch(study)
        project.clean(study)
        fit(project, study, goes_on=True)
        project.judge(study)
        if cost:
            _costs(project, [study])
        _reported(project, study)
    say(f"the page over all studies: {project.index()}")


def _able(project: Project, studies: Sequence[str]) -> tuple[list[str], list[Remark]]:
    """The studies all of whose families can be fitted here, and what the others lack."""
    lacking = {
        draft.id: [
            one for one in draft.remarks if isinstance(one.statement, LibraryMissing)
        ]
        for draft in (project.check(studies) if studies else ())
    }
    return [study for study in studies if not lacking[study]], [
        one for remarks in lacking.values() for one in remarks
    ]


def _say_unfitted(remarks: Sequence[Remark]) -> None:
    """Raises `DataError` where there are any: their studies were left out."""
    if remarks:
        raise DataError(
            "\n".join(
                (*map(str, remarks), "that study was left out; all others were run")
            )
        )


def _costs(project: Project, studies: Sequence[str]) -> None:
    """Record what the last runs of studies took; of a study that fits nothing there is nothing to record."""
    from bench.project.written_down import record_cost

    for study in studies:
        if project.study(study).fits:
            record_cost(project, study)


def _all_known(project: Project) -> None:
    """Raise `UsageError` with the nearest id where params.yaml lists a study that is not there: DVC would say less."""
    for study in project.studies:
        project.known(study)


def _known(project: Project, word: str) -> str:
    """The id of a study; of stages in the words of DVC, a sentence with the id."""
    if "/" in word:
        study = project.known(Path(word.partition(":")[0]).parent.name)
        raise UsageError(
            f"{word}: names stages of DVC; write `bench repro {study}`; nothing was run"
        )
    return project.known(word)


def pull_(options: argparse.Namespace) -> None:
    """Bring the results that DVC has recorded; studies that were never run have none."""
    from bench.project.dvc import dvc, refuse_nested, target

    project = environment.project()
    if not project.has_pipeline:
        raise UsageError(
            f"{project.paths.dvc}: there is none, so there is nothing to pull; `bench repro` runs"
        )
    studies = [project.known(study) for study in options.ids] or recorded(project)
    if not studies:
        say("DVC has recorded no result, so there is nothing to pull")
        return
    refuse_files_of_dvc(project)
    refuse_nested(project)
    dvc(
        project.root,
        ["pull", "--allow-missing", *(target(project, study) for study in studies)],
    )


def _by_dvc(project: Project, ids: Sequence[str], options: argparse.Namespace) -> None:
    """The named studies, or all quick ones: those that are computed here, then those of authors' scores."""
    from bench.project.dvc import refuse_nested, write_pipeline

    _all_known(project)
    refuse_nested(project)
    write_pipeline(project)
    elsewhere = [study for study in ids if study in project.settings.evidence]
    own = [study for study in ids if study not in elsewhere]
    if own or not ids:
        _reproduced_by_dvc(project, own, options.slow)
        if options.cost:
            _costs(project, own or project.settings.studies)
            _reproduced_by_dvc(project, own, False)
    if elsewhere:
        _evidence_by_dvc(project, elsewhere)


def _reproduced_by_dvc(project: Project, ids: Sequence[str], slow: bool) -> None:
    """Have DVC reproduce the named studies, or all quick ones; `slow`: the slow ones, too, and then the index."""
    from bench.project.dvc import dvc, target

    dvc(project.root, ["repro", *(target(project, study) for study in ids)])
    _refresh(project, ids or project.settings.studies)
    if slow:
        able, unfitted = _able(project, project.settings.slow)
        dvc(
            project.root,
            ["repro", *(target(project, study) for study in able), "index"],
        )
        _refresh(project, able)
        _say_unfitted(unfitted)


def _refresh(project: Project, studies: Sequence[str]) -> None:
    """Have DVC make anew the results of another study file that it takes for current, as after `dvc commit`."""
    from bench.cli.parser import error
    from bench.project.dvc import dvc, target
    from bench.project.pipeline import stale

    for study in studies:
        if (problem := stale(project, study)) is not None:
            error(problem)
            say(f"DVC takes these results of {study} for current; they are made anew")
            dvc(project.root, ["repro", "--force", target(project, study)])


def _evidence_by_dvc(project: Project, ids: Sequence[str]) -> None:
    """Have DVC reproduce the studies whose scores can be had; of each other one a sentence says that they cannot."""
    from bench.data.source import EvidenceAbsentError
    from bench.project.dvc import dvc, target

    there, absent = list[str](), list[EvidenceAbsentError]()
    for study in ids:
        try:
            project.fetch(study)
            there.append(study)
        except EvidenceAbsentError as problem:
            absent.append(problem)
    if there:
        dvc(
            project.root,
            ["repro", "--keep-going", *(target(project, study) for study in there)],
        )
        _refresh(project, there)
    _raise(absent)


def _raise(absent: Sequence[DataError]) -> None:
    """Print all errors but the last, which is raised."""
    from bench.cli.parser import error

    for one in absent[:-1]:
        error(one)
    if absent:
        raise absent[-1]


def trust_(options: argparse.Namespace) -> None:
    from bench.project.trust import allow

    project = environment.project()
    for name in options.names:
        files = allow(project, name)
        say(f"{name} may run as it is now: {plural(files, 'file')}")


def freeze_(options: argparse.Namespace) -> None:
    from bench.project.written_down import freeze
    from bench.study.preregistration import FILE

    project = environment.project()
    sha256 = fingerprint(freeze(project, options.id))
    place = project.paths.study(options.id) / FILE
    line = f"{options.id} is frozen as {sha256} in {place}; commit that file"
    _answer(options, {"study": options.id, "said": line}, _say([line]))


def cost_(options: argparse.Namespace) -> None:
    from bench.project.written_down import record_cost
    from bench.study.cost import FILE

    project = environment.project()
    cost = record_cost(project, project.known(options.id))
    file = project.paths.study(options.id) / FILE
    line = (
        f"{options.id}: {cost.fits} fits, {cost.seconds:g} s of one core; wrote {file}"
    )
    after = f"next     bench repro {options.id} puts it on the page; nothing is fitted"
    _answer(options, {"study": options.id} | asdict(cost), _say([line, after]))


def list_(options: argparse.Namespace) -> None:
    from bench.cli.show import table
    from bench.project.listing import list_kinds, name_column, rows_of

    if options.what is None:
        columns, rows = list_kinds(environment.project_if_any())
    elif options.what == "studies":
        columns, rows = rows_of(options.what, environment.project())
    else:
        columns, rows = rows_of(options.what)
    named = [dict(zip(columns, row, strict=True)) for row in rows]
    if not (options.verbose and options.what):
        _answer(
            options, {"list": options.what, "rows": named}, lambda: table(columns, rows)
        )
        return
    from bench.cli.details import show_details
    from bench.project.explained import details_of

    details, name = details_of(options.what), name_column(columns)
    titles = {str(row[name]): str(row[name + 1]) for row in rows}
    values = {
        "list": options.what,
        "rows": named,
        "details": {key: dict(said) for key, said in details.items()},
    }
    _answer(options, values, lambda: show_details(titles, details))


def show_(options: argparse.Namespace) -> None:
    from bench.cli.show import limits_of, show
    from bench.core.comparisons import COMPARISONS
    from bench.diagnose import numbers, reason
    from bench.project.pipeline import bundle_of
    from bench.report.exports.frames import frame_of
    from bench.report.summary import summary_of

    project = environment.project()
    bundle = bundle_of(project, options.id)
    if not options.json:
        show(bundle, summary_of(bundle))
        return
    names = ("verdicts", *COMPARISONS, "findings", "failures", "costs")
    tables = {name: frame_of(bundle, name).to_dicts() for name in names}
    tables["findings"] = [
        row | {"reason": reason(row["details"])} for row in tables["findings"]
    ]
    json_object(
        {"summary": summary_of(bundle).as_json()}
        | tables
        | {
            "finding_numbers": {
                name: {"is": one.name, "unit": one.unit}
                for name, one in numbers().items()
            },
            "limits": limits_of(bundle),
            "paths": {
                "results": project.paths.results(options.id),
                "page": project.paths.report_page(options.id),
            },
        }
    )


def open_(options: argparse.Namespace) -> None:
    """Open a page in the browser, or print its path where there is none. Raises `DataError` without a page."""
    import webbrowser

    from bench.cli.parser import error
    from bench.project.pipeline import stale

    project = environment.project()
    page = project.paths.report_page(project.known(options.id))
    if not page.is_file():
        raise DataError(
            f"{page}: there is no page yet; run `bench repro {options.id}` first"
        )
    if (problem := stale(project, options.id)) is not None:
        error(problem)
    url = page.resolve().as_uri()
    if options.json:
        json_object({"study": options.id, "page": page, "url": url})
    elif options.print or not webbrowser.open(url):
        say(str(page))
    else:
        say(f"opened {page}")


def export_(options: argparse.Namespace) -> None:
    from bench.project import pipeline

    project = environment.project()
    written = pipeline.export(
        project,
        options.id,
        options.to or project.paths.exports(options.id),
        options.format,
    )
    files = [path.as_posix() for path in written]
    _answer(options, {"written": files}, _say(files))


def why_(options: argparse.Namespace) -> None:
    from bench.cli.store_report import show_why
    from bench.project import pipeline

    reasons = pipeline.why(environment.project(), options.id)
    _answer(options, asdict(reasons), lambda: show_why(reasons))


def settle_(options: argparse.Namespace) -> None:
    from bench.cli.store_report import settle_rows, show_settling
    from bench.project.settle import settle

    found = settle(environment.project(), options.id)
    as_json = {
        "study": found.study,
        "tested": found.tested,
        "open": found.open,
        "apart": sorted(found.apart),
    }
    as_json |= {"falsifiers": sorted(found.falsifiers), "rows": settle_rows(found)}
    _answer(options, as_json, lambda: show_settling(found))


def schema_(options: argparse.Namespace) -> None:
    from bench.project.json_schema import schema, schema_of_published

    json_out(schema_of_published() if options.what == "judge" else schema())


def fetch_(options: argparse.Namespace) -> None:
    """Fetch every study; one whose files cannot be had stops no other."""
    from bench.cli.downloads import shown_downloads
    from bench.data.source import EvidenceAbsentError
    from bench.project import pipeline

    project = environment.project()
    rows, lines, absent = (
        list[dict[str, Any]](),
        list[str](),
        list[EvidenceAbsentError](),
    )
    studies = [
        project.known(study) for study in options.ids or project.settings.evidence
    ]
    if not studies:
        say(
            f"{project.paths.params}: its list `evidence` names no study; nothing was fetched"
        )
        return
    for study in studies:
        taken = (
            pipeline.take(project, study, options.folder)
            if options.folder is not None
            else None
        )
        rows.append(
            {"study": study, "status": "fetched"}
            | (asdict(taken) if taken is not None else {})
        )
        try:
            with shown_downloads():
                project.fetch(study)
        except EvidenceAbsentError as problem:
            rows[-1]["status"] = "evidence_absent"
            absent += [problem]
            continue
        of = (
            taken
            and f", with {plural(taken.files, 'file')} and {plural(taken.commits, 'commit')} of {options.folder}"
        )
        lines.append(f"fetch {study}: done{of or ''}")
    if lines or options.json:
        _answer(options, {"studies": rows}, _say(lines))
    _raise(absent)


def judge_(options: argparse.Namespace) -> None:
    """The claims of a study, those of a file, or one published number against a file of scores."""
    given = [
        f"--{name}"
        for name in ("published", "scores")
        if getattr(options, name) is not None
    ]
    if options.id is not None and given:
        raise UsageError(
            f"judge {options.id} {given[0]}: judge a study or a file, or one number, not both; nothing was judged"
        )
    if len(given) == 1 or (options.id is None and not given):
        raise UsageError(
            "judge: expected the ID of a study, a FILE of published numbers, or --published NUMBER with "
            "--scores FILE; nothing was judged"
        )
    if options.id is None:
        from bench.cli.numbers import judge_number

        judge_number(options)
    elif _is_file(options.id):
        from bench.cli.published import judge_file

        judge_file(options)
    else:
        stage_(options)


def _is_file(word: str) -> bool:
    """Whether a word is a file, not the id of a study; raises `UsageError` where it is both."""
    if Path(word).suffix.lower() in (".json", ".csv"):
        return True
    if not Path(word).is_file():
        return False
    if Path("studies", word).is_dir():
        raise UsageError(
            f"judge {word}: is a file and a study; write ./{word} for the file; nothing was judged"
        )
    return True


def stage_(options: argparse.Namespace) -> None:
    getattr(environment.project(), options.verb)(options.id)
    say(f"{options.verb} {options.id}: done")


def run_(options: argparse.Namespace) -> None:
    fit(environment.project(), options.id, options.json)


def fit(
    project: Project, study: str, json: bool = False, goes_on: bool = False
) -> None:
    """Fit the cells of a study and print what came of it.

    Raises `CellsFailedError` unless somebody `goes_on` by itself with what there is: DVC, or the caller.
    """
    from bench.cli import run_summary
    from bench.cli.progress import listener

    inside = goes_on or environment.is_inside_dvc()
    with closing(listener(study)) as progress:
        results = project.fit_cells(study, progress)
    failed = run_summary.failed(results)
    if json:
        json_object(run_summary.about(project, progress, results))
    elif results is None:
        say(f"run {study}: done, there was nothing to fit")
    else:
        run_summary.ended(project, study, progress.conclusion(), failed, inside)
    if failed.height and not inside:
        raise CellsFailedError(
            f"{study}: {failed.height} cells failed; results/{study}/failures.parquet says why"
        )


def report_(options: argparse.Namespace) -> None:
    _reported(environment.project(), options.id)


def _reported(project: Project, study: str) -> None:
    """Write the pages of a study and print its conclusion."""
    from bench.cli.show import error, reported
    from bench.core import frames
    from bench.core.answers import ANSWERS
    from bench.core.judgements import VERDICTS
    from bench.project import pipeline
    from bench.project.bad_news import became
    from bench.study.cost import FILE as COST

    page, headline, lost = pipeline.report(project, study)
    for part in lost:
        error(
            f"a part of the page could not be made: {part}; please report it. The other parts stand"
        )
    schemas = {
        "verdicts": VERDICTS,
        "answers": ANSWERS,
        "findings": frames.FINDINGS,
        "failures": frames.FAILURES,
    }
    folder = project.paths.results(study)
    tables = {
        name: frames.read(folder / f"{name}.parquet", schema)
        for name, schema in schemas.items()
    }
    cost = (project.paths.study(study) / COST).is_file() or not project.study(
        study
    ).fits
    reported(study, headline, page, tables, became(project, study), cost)


def versions_(options: argparse.Namespace) -> None:
    from bench.project.dvc import refuse_stale

    project = environment.project()
    _all_known(project)
    if project.has_pipeline:
        refuse_files_of_dvc(project)
        refuse_stale(project)
    say(f"wrote {project.write_versions()}")
    _say_unlisted(project)


def index_(options: argparse.Namespace) -> None:
    say(f"the page over all studies: {environment.project().index()}")
