"""The words of `diagnostics` against the study and the registries: before any fit, all mistakes at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import Any

from bench.core.errors import suggested
from bench.families.family import Task
from bench.run.variants.explanation import EXPLANATIONS, Explanation
from bench.study import step_parts
from bench.study.models import ClaimTable, Diagnostics, Explain, ExtraFits, FamilySpec

Said = Iterator[tuple[tuple[str | int, ...], str]]


def sentences(have: Mapping[str, Any]) -> Said:
    """Paths and sentences of what is wrong with the `diagnostics` of these sections."""
    from bench.diagnose import DIAGNOSTICS

    wanted: Diagnostics | None = have.get("diagnostics")
    if wanted is None:
        return
    optional = [diagnostic.name for diagnostic in DIAGNOSTICS.values() if not diagnostic.required]
    for index, name in enumerate(wanted.leave_out):
        if name not in optional:
            what = f"the diagnostic {name} cannot be left out" if name in DIAGNOSTICS else f"unknown diagnostic {name}"
            yield ("diagnostics", "leave_out", index), f"{what}; {suggested(name, optional, 'diagnostics')}"
    families = have.get("families")
    for key in type(wanted).model_fields:
        asked = getattr(wanted, key)
        if isinstance(asked, ExtraFits | Explain) and "families" in have and not families:
            yield ("diagnostics", key), "asks for fits, but nothing is fitted in this study; remove it"
        elif isinstance(asked, ExtraFits) and families:
            yield from _families(key, asked, families)
    if wanted.explain is not None and families:
        yield from _explain(wanted.explain, have)


def _families(key: str, asked: ExtraFits, families: Mapping[str, Any]) -> Said:
    for index, name in enumerate(asked.families or ()):
        if name not in families:
            yield (
                ("diagnostics", key, "families", index),
                f"the study has no family {name}; {suggested(name, families, 'families of the study')}",
            )
        elif "baseline" in (name, families[name].family):
            yield ("diagnostics", key, "families", index), f"{name} looks at no feature: there is nothing to ask it"


def _explain(explain: Explain, have: Mapping[str, Any]) -> Said:
    path, families = ("diagnostics", "explain"), have["families"]
    for index, name in enumerate(explain.families):
        if name not in families:
            where = (*path, "family", *(() if isinstance(explain.family, str) else (index,)))
            yield where, f"the study has no family {name}; {suggested(name, families, 'families of the study')}"
    for index, name in enumerate(explain.datasets or ()):
        if "datasets" in have and name not in have["datasets"]:
            yield (
                (*path, "datasets", index),
                f"the study has no such dataset; {suggested(name, have['datasets'], 'datasets of the study')}",
            )
    claims = have.get("claims")
    for index, name in enumerate(explain.families if not isinstance(claims, ClaimTable) else ()):
        if name in families and not any(c.kind == "value" and c.family == name for c in claims or ()):
            where = () if isinstance(explain.family, str) else ("family", index)
            yield (*path, *where), f"no claim prints a score of {name}: there is nothing to explain"
    slips = [way.name for way in EXPLANATIONS.values() if way.kind != "valid"]
    for index, step in enumerate(explain.variants or ()):
        name, parameters = step_parts(step)
        if name not in slips:
            yield (*path, "variants", index), f"unknown explanation {name}; {suggested(name, slips, 'explanations')}"
        else:
            yield from _parameters((*path, "variants", index, name), EXPLANATIONS[name], parameters, have)


def _parameters(
    path: tuple[str | int, ...], way: Explanation, parameters: Mapping[str, Any], have: Mapping[str, Any]
) -> Said:
    if "..." in way.parameters:
        yield from _candidates(path, parameters, have)
    if {"k", "percentile"} <= set(parameters):
        yield path, f"{way.name} takes k or percentile, not both"
    for key, value in parameters.items():
        if key not in way.parameters and "..." not in way.parameters:
            yield (*path, key), f"{way.name} has no such parameter; {suggested(key, way.parameters, 'parameters')}"
        elif key in ("k", "percentile", "folds", "seeds", "splits") and "..." not in way.parameters:
            if (
                isinstance(value, bool)
                or not isinstance(value, int)
                or value < (1 if key in ("k", "percentile") else 2)
            ):
                yield (*path, key), f"expected a whole number, {way.parameters[key]}; got {value!r}"
        elif key == "rounds" and not _counts(value):
            yield (*path, key), f"expected two whole numbers or more, each once and above 0, in a list; got {value!r}"
        elif key == "how" and value not in ("copies", "smote"):
            yield (*path, key), f"expected copies or smote, got {value!r}"
        elif key == "how" and value == "smote" and find_spec("imblearn") is None:
            yield (*path, key), "smote needs imbalanced-learn, which is not installed; `pip install 'bench[imbalance]'`"
        elif key == "columns":
            yield from _columns(path, value, have)


def _counts(value: Any) -> bool:
    whole = isinstance(value, list) and all(type(one) is int and one > 0 for one in value)
    return whole and 1 < len(value) == len(set(value))


def _candidates(path: tuple[str | int, ...], parameters: Mapping[str, Any], have: Mapping[str, Any]) -> Said:
    """Candidates that a family of ours does not know; what is wrong with the family itself is told elsewhere."""
    from bench.families import FAMILIES
    from bench.families.checks import check_parameters

    names = have["diagnostics"].explain.families
    if parameters and len(names) > 1:
        yield path, "candidates are of one family, and several are to be explained; name candidates in `families`"
        return
    spec: FamilySpec | None = have["families"].get(names[0])
    task: Task | None = have.get("task")
    base = (spec.family or names[0]) if spec is not None and spec.estimator is None else None
    if base is not None and task is not None and base in FAMILIES and task in FAMILIES[base].setups:
        yield from (((*path, key), sentence) for key, sentence in check_parameters(FAMILIES[base], task, parameters))


def _columns(path: tuple[str | int, ...], value: Any, have: Mapping[str, Any]) -> Said:
    dropped = {name for spec in have.get("datasets", {}).values() for name in spec.drop}
    if not isinstance(value, list) or not value:
        yield (*path, "columns"), "expected a list of columns from `drop`"
        return
    for index, name in enumerate(value):
        if name not in dropped:
            yield (
                (*path, "columns", index),
                f"no dataset drops a column {name}; {suggested(str(name), dropped, 'dropped columns')}",
            )
