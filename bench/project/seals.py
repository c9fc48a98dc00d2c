"""Which study the results on disk are of, and whether they are as they were written.

A run writes `provenance.json` before its first fit and again after its last frame, then with the sha256 of every frame;
judging writes `judged.json` with those of its own, of the run it judged, and of what the study had settled.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NoReturn

import polars as pl

from bench.core import frames
from bench.core.errors import DataError
from bench.core.identity import SHORT, bytes_sha256, package_sha256
from bench.core.registry import Extension
from bench.core.text import clean
from bench.study import Study
from bench.study.preregistration import changed_keys, settled, sha256_of
from bench.text.refusals import fitted_with

RUN, JUDGED = "provenance.json", "judged.json"


@dataclass(frozen=True)
class RunProvenance:
    """What a run used.

    `fitted`: what of the study decides its fits, as JSON; `versions`: of libraries; `code`: names of the code that
    fits; `trusted_code`: import paths of packages that the project trusts.
    """

    fitted: str
    versions: Mapping[str, str]
    code: Mapping[str, str]
    trusted_code: tuple[str, ...]
    extensions: tuple[Extension, ...]


def fitted_part(study: Study, tables: pl.DataFrame) -> str:
    """What of a study decides its fits: the same part, the same predictions. Claims and words are not in it."""
    datasets = {
        name: spec.model_dump(mode="json", include={"protocol", "families"})
        | ({} if spec.preprocess is None else {"preprocess": spec.preprocess})
        for name, spec in study.datasets.items()
    }
    families = {
        name: spec.model_dump(mode="json")
        for name, spec in (study.families or {}).items()
    }
    part = {
        "task": study.task,
        "protocol": None
        if study.protocol is None
        else study.protocol.model_dump(mode="json"),
        "seeds_of": None if study.protocol is None else study.id,
        "preprocess": study.preprocess,
        "families": families,
        "datasets": datasets,
        "tables": dict(tables.select("dataset", "fingerprint").iter_rows()),
    }
    return json.dumps(
        part,
        sort_keys=True,
        default=lambda one: dict(one) if isinstance(one, Mapping) else str(one),
    )


def begin_run(folder: Path, provenance: RunProvenance) -> None:
    """Leave word of a run that has not ended: what stands beside it is of an earlier one."""
    write_json(folder / RUN, {**_as_json(provenance), "frames": None})


def finish_run(
    folder: Path,
    provenance: RunProvenance,
    names: Iterable[str],
    repeats: pl.DataFrame | None,
) -> None:
    """Leave word of a run that has; `repeats`: those that a pilot decided."""
    more = (
        {}
        if repeats is None or repeats.is_empty()
        else {"repeats": repeats.rows(named=True)}
    )
    write_json(
        folder / RUN,
        {**_as_json(provenance), **more, "frames": _sha256s(folder, names)},
    )


def most_repeats(folder: Path) -> dict[str, int]:
    """By dataset with a pilot, how many repeats the run was allowed."""
    return {
        row["dataset"]: row["at_most"]
        for row in _record(folder / RUN).get("repeats", [])
    }


def _as_json(provenance: RunProvenance) -> Mapping[str, Any]:
    return {**asdict(provenance), "fitted": json.loads(provenance.fitted)}


def check_run(folder: Path, names: Iterable[str]) -> None:
    """Raises `DataError` when the run did not end, or when one of its frames is not as it was written."""
    sealed = _record(folder / RUN)["frames"]
    if sealed is None:
        raise DataError(
            f"{folder}: the last run did not end, so these results are not its own; run it again"
        )
    _unchanged(folder, names, sealed)


def check_study(folder: Path, study: Study, tables: pl.DataFrame) -> None:
    """Raises `DataError` when the run was of another study file, or of other tables."""
    now = fitted_part(study, tables)
    then = provenance_of(folder).fitted
    if changed := changed_keys(json.loads(then), json.loads(now)):
        raise DataError(
            f"{folder}: these results are of the study as it was, and {changed[0]} is another now;"
            f" run `bench repro {study.id}`; nothing was judged or written"
        )


def tell_other_versions(folder: Path, installed: Mapping[str, str]) -> None:
    """Say on stderr that the results were fitted with other versions of libraries than are here now."""
    then = provenance_of(folder).versions
    changed = [
        (name, then[name], now)
        for name, now in sorted(installed.items())
        if then.get(name, now) != now
    ]
    if changed:
        print(
            clean(fitted_with(str(folder), changed, f"bench repro {folder.name}")),
            file=sys.stderr,
        )


def finish_judging(folder: Path, study: Study, names: Iterable[str]) -> None:
    """Leave word of what was judged."""
    run = frames.sha256(folder / RUN)
    write_json(
        folder / JUDGED,
        {"run": run, "study": _settled(study), "frames": _sha256s(folder, names)},
    )


def _settled(study: Study) -> dict[str, str]:
    """The sha256 of each section that can decide a judgement; words for people are not in it."""
    return {name: sha256_of(section) for name, section in settled(study).items()}


def check_judged(folder: Path, study: Study, names: Iterable[str]) -> None:
    """Raises `DataError` when another run than this one was judged, or another study file, or when a frame is not as it
    was written."""
    judged, now = _record(folder / JUDGED), _settled(study)
    if judged.get("run") != frames.sha256(folder / RUN):
        raise DataError(
            f"{folder}: the results are newer than what was judged; run `bench judge {folder.name}`"
        )
    if changed := changed_keys(judged.get("study") or {}, now):
        raise DataError(
            f"{folder}: was judged by the study as it was, and {' and '.join(changed[:3])} is another now; run"
            f" `bench judge {study.id}`; nothing was written"
        )
    _unchanged(folder, names, judged["frames"] or {})


def provenance_of(folder: Path) -> RunProvenance:
    """What a run used."""
    found = _record(folder / RUN)
    try:
        return RunProvenance(
            json.dumps(found["fitted"], sort_keys=True),
            dict(found["versions"]),
            dict(found["code"]),
            tuple(found["trusted_code"]),
            tuple(Extension(**one) for one in found["extensions"]),
        )
    except (KeyError, TypeError, ValueError):
        _no_record(folder / RUN)


def _record(path: Path) -> Mapping[str, Any]:
    found = read_json(path)
    if not isinstance(found, dict) or not isinstance(
        found.get("frames", ""), dict | None
    ):
        _no_record(path)
    return found


def _no_record(path: Path) -> NoReturn:
    raise DataError(f"{path}: is no record of a run; delete it and run again") from None


def write_json(path: Path, value: Any) -> None:
    """JSON in one form, so that equal values are equal bytes."""
    text = (
        json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
        + "\n"
    )
    frames.write_bytes(path, text.encode())


def read_json(path: Path) -> Any:
    """The value in a file. Raises `DataError` where there is none, or no JSON."""
    if not path.is_file():
        raise DataError(
            f"{path}: is missing; an earlier stage makes it: run `bench repro`"
        )
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise DataError(
            f"{path}: is no JSON, so it was changed or cut off; delete it and run again"
        ) from None


def _sha256s(folder: Path, names: Iterable[str]) -> dict[str, str]:
    return {name: frames.sha256(folder / f"{name}.parquet") for name in names}


def _unchanged(folder: Path, names: Iterable[str], sealed: Mapping[str, str]) -> None:
    for name in names:
        path = folder / f"{name}.parquet"
        if path.is_file() and frames.sha256(path) != sealed.get(name):
            raise DataError(
                f"{path}: its sha256 is not the one recorded, so it was changed or damaged; run it again"
            )


def code_of_run(paths: Sequence[str]) -> dict[str, str]:
    """What names the code that a run uses: that of bench which fits, and the packages of these import paths."""
    found = {"bench run": bytes_sha256("run")[:SHORT]}
    for package in sorted({path.partition(".")[0] for path in paths}):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = package_sha256(package)[:SHORT]
    return found


def code_of_judge() -> dict[str, str]:
    """What names the code that judges."""
    return {"bench judge": bytes_sha256("judge")[:SHORT]}
