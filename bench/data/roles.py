"""Which part each column plays: feature, target, group, time, split, draw, or dropped."""

from __future__ import annotations

from collections.abc import Iterable

from bench.core.errors import IncompatibleDataError, suggested
from bench.study.external import PredictionColumns
from bench.study.models import ColumnType, DatasetSpec, Ordinal

LAST = "last"


def roles_of(
    columns: list[str], spec: DatasetSpec, split_columns: Iterable[str], where: str
) -> dict[str, str]:
    """The role of every column of the raw table, in its order; empty for a table of scores or predictions.

    `split_columns` are those that the protocol names. Raises `IncompatibleDataError` for a column that does
    not exist (with the nearest one) and for a column with two roles.
    """
    if spec.external is not None:
        block = "scores" if spec.scores is not None else "predictions"
        for key, column in spec.external.columns.items():
            held = held_as(column, columns)
            _known(
                held if held in columns else column,
                columns,
                f"{where}: {block}: {key.replace('.', ': ')}",
            )
        return {}
    roles: dict[str, str] = {}
    extras = _extras(spec, columns)
    _give(roles, target_of(spec, columns, where), "target", where)
    for role, name in (("group", spec.group), ("time", spec.time)):
        if name is not None:
            _known(name, columns, f"{where}: {role}")
            _give(roles, name, role, where)
    for name in split_columns:
        _known(name, columns, where + ": protocol: resampling: column")
        # A column may be a group, and split by as well; the first role is the telling one.
        if roles.get(name) in (None, "target"):
            _give(roles, name, "split", where)
    for name, role in extras.items():
        roles.setdefault(name, role)
    for name in spec.drop:
        _known(name, columns, f"{where}: drop")
        _give(roles, name, "dropped", where)
    for name in spec.features or ():
        _known(name, columns, f"{where}: features")
        _give(roles, name, "feature", where)
    rest = "feature" if spec.features is None else "dropped"
    return {name: roles.get(name, rest) for name in columns}


def target_of(spec: DatasetSpec, columns: list[str], where: str) -> str:
    """The target's column; `last` means the last one that came with the data, unless a column is called so."""
    target = str(spec.target)
    if target == LAST and LAST not in columns:
        extras = _extras(spec, columns)
        return [name for name in columns if name not in extras][-1]
    _known(target, columns, f"{where}: target")
    return target


def _extras(spec: DatasetSpec, columns: list[str]) -> dict[str, str]:
    """Columns that the source added: which file a row came from, and a simulation's split and draw."""
    given = spec.source.parameters
    if spec.source.kind in ("synthetic", "generated"):
        return {
            name: role
            for name, role in (("split", "split"), ("draw", "draw"))
            if name in columns
        }
    return {"file": "split"} if given.get("files") and "file" in columns else {}


def _known(name: str, columns: list[str], what: str) -> None:
    if name not in columns:
        alone = (
            " Is `separator` right?"
            if len(columns) == 1 and any(c in columns[0] for c in ";\t|,")
            else ""
        )
        raise incompatible(
            what,
            f"there is no column {name}; {suggested(name, columns, 'columns', alone)}",
        )


def incompatible(what: str, message: str) -> IncompatibleDataError:
    """The study's mistake at `dataset d: key: key`, as the part of the study file that it stands in."""
    dataset, *keys = what.split(": ")
    return IncompatibleDataError(
        ("datasets", dataset.removeprefix("dataset "), *keys), message
    )


def _give(roles: dict[str, str], name: str, role: str, where: str) -> None:
    if roles.get(name, role) != role:
        raise incompatible(
            where, f"column {name} cannot be {role}: it is {roles[name]} already"
        )
    roles[name] = role


def free_of_row(columns: Iterable[str]) -> dict[str, str]:
    """The new name of a raw column `row`, which is the name of our row numbers; empty where there is none."""
    taken, known = "row", set(columns)
    while taken in known:
        taken += "_"
    return {"row": taken} if "row" in known else {}


def held_as(name: str, columns: Iterable[str]) -> str:
    """What a column of the raw table is called after cleaning: `row` is ours, theirs has become `row_`."""
    return (
        name
        if name != "row"
        else max(
            (c for c in columns if not c.strip("_").removeprefix("row")), default="row_"
        )
    )


def _types_elsewhere(
    columns: list[str], spec: DatasetSpec
) -> dict[str, ColumnType | None]:
    """Of a table of external results: names as they are written, values as numbers."""
    if spec.external is None:
        return {}
    numbers = {"value", "train_rows", "test_rows"}
    found: dict[str, ColumnType | None] = {}
    if isinstance(spec.external, PredictionColumns) and spec.external.p is not None:
        begin = spec.external.p
        found = {column: "numeric" for column in columns if column.startswith(begin)}
    for key, name in spec.external.columns.items():
        found[held_as(name, columns)] = (
            "numeric" if key.split(".")[0] in numbers else "categorical"
        )
    return found


def declared_types(
    columns: list[str],
    spec: DatasetSpec,
    roles: dict[str, str],
    nominal: Iterable[str],
    task: str | None,
) -> dict[str, ColumnType | None]:
    """The type that each column is to have; None: inferred. `nominal` are categories by the file's own declaration.

    Labels, groups and splits are taken as text, as they are written: "1" and "01" are two of them.
    """
    types: dict[str, ColumnType | None] = dict.fromkeys(columns)
    types |= dict.fromkeys(nominal, "categorical")
    types |= _types_elsewhere(columns, spec)
    types |= spec.types
    for name, role in roles.items():
        if role in ("group", "split") or (
            role == "target" and task == "classification"
        ):
            types[name] = (
                types[name] if isinstance(types.get(name), Ordinal) else "categorical"
            )
        elif role == "target" or role == "draw":
            types[name] = "numeric"
    return types
