"""The JSON schema of study.yaml for editors: the form of the models, the words of the registries."""

from __future__ import annotations

from typing import Any

from bench.claims import KINDS
from bench.claims.statistic import STATISTICS
from bench.core.metrics import METRICS
from bench.data.sources import SOURCES
from bench.data.steps import STEPS
from bench.diagnose import DIAGNOSTICS
from bench.families import FAMILIES
from bench.families.preprocess import PREPROCESS
from bench.report.checklist import items
from bench.study import Study


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a study file, with the options of every source and the known names as enumerations."""
    whole = Study.model_json_schema()
    forms = whole["$defs"]
    whole["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    whole["title"] = "bench study"
    whole["properties"].pop("id", None)
    whole["required"] = [name for name in whole["required"] if name != "id"]
    forms["SourceSpec"] = {"oneOf": [_source(name, forms) for name in SOURCES]}
    metric = {"enum": sorted(METRICS)}
    for name, key in (("Metrics", "primary"), ("Claim", "metric"), ("Tuning", "metric"), ("DatasetSpec", "metric")):
        old = forms[name]["properties"][key]
        forms[name]["properties"][key] = (
            {**_notes(old), "anyOf": [metric, {"type": "null"}]} if "anyOf" in old else metric
        )
    forms["Metrics"]["properties"]["also"]["items"] = metric
    forms["Claim"]["properties"]["kind"] = {
        "oneOf": [{"const": one.name, "title": one.title, "description": one.example} for one in KINDS.values()]
    }
    forms["Claim"]["properties"]["statistic"]["anyOf"] = [{"enum": sorted(STATISTICS)}, {"type": "null"}]
    forms["FamilySpec"]["properties"]["family"]["anyOf"] = [{"enum": sorted(FAMILIES)}, {"type": "null"}]
    forms["Diagnostics"]["properties"]["leave_out"]["items"] = {"enum": sorted(DIAGNOSTICS)}
    whole["properties"]["checklist"]["propertyNames"] = {"enum": list(items())}
    for field, names in (("clean", STEPS), ("preprocess", PREPROCESS)):
        for form in (whole, forms["DatasetSpec"], forms["FamilySpec"]):
            if field in form["properties"]:
                form["properties"][field]["anyOf"] = [
                    {"type": "array", "items": _step(sorted(names))},
                    {"type": "null"},
                ]
    return whole


def _notes(old: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in old.items() if key in ("description", "default", "title")}


def _source(name: str, forms: dict[str, Any]) -> dict[str, Any]:
    form = SOURCES[name].options.model_json_schema(ref_template="#/$defs/{model}")
    forms.update(form.pop("$defs", {}))
    form["properties"] = {"kind": {"const": name}} | form.get("properties", {})
    form["required"] = ["kind", *form.get("required", [])]
    form["title"] = SOURCES[name].title
    return dict(form)


def _step(names: list[str]) -> dict[str, Any]:
    block = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "properties": {name: {} for name in names},
        "additionalProperties": False,
    }
    return {"anyOf": [{"enum": names}, block]}
