"""The JSON schema of study.yaml: the form of the models, and the names that the registries know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench.claims import KINDS
from bench.claims.statistic import STATISTICS
from bench.core.metrics import METRICS
from bench.data.sources import SOURCES
from bench.data.steps import STEPS
from bench.families import FAMILIES
from bench.families.preprocess import PREPROCESS
from bench.project.published_file import PublishedFile
from bench.report.checklist import items
from bench.study import Study
from bench.study.described import schema_of
from bench.study.models import SourceSpec
from bench.study.reading import AUTHORED, OF_AUTHOR

Json = dict[str, Any]


def schema() -> Json:
    """JSON Schema (2020-12) of a study file: every key with its description, one form a kind of claim and a source, and
    the known names as enumerations."""
    whole = schema_of(Study)
    forms: Json = whole["$defs"]
    whole["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    whole["title"] = "bench study"
    whole["properties"].pop("id", None)
    whole["required"] = [name for name in whole["required"] if name != "id"]
    forms["SourceSpec"] = {"oneOf": [_source(name, forms) for name in SOURCES]}
    forms["Claim"] = {"oneOf": [_claim(name, forms) for name in KINDS]}
    forms["Expectation"] = {"oneOf": [_expectation(name, forms) for name in KINDS]}
    for expected in AUTHORED:
        whole["properties"][expected]["anyOf"][0]["items"] = {
            "$ref": "#/$defs/Expectation"
        }
    for form, key, names in _enumerations(forms):
        _limit(forms[form]["properties"], key, names)
    whole["properties"]["checklist"]["propertyNames"] = {"enum": list(items())}
    for field, steps in (("clean", sorted(STEPS)), ("preprocess", sorted(PREPROCESS))):
        for block in (whole, forms["DatasetSpec"], forms["FamilySpec"]):
            if field in block["properties"]:
                described = _notes(block["properties"][field])
                listed = {"type": "array", "items": _step(steps, forms)}
                block["properties"][field] = described | {
                    "anyOf": [listed, {"type": "null"}]
                }
    return whole


def schema_of_published() -> Json:
    """JSON Schema of a file for `bench judge`."""
    whole = schema_of(PublishedFile)
    forms: Json = whole["$defs"]
    whole["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    claims = [_claim(name, forms) for name in KINDS]
    for claim in claims:
        # What a claim of a study must have and one of a file need not.
        forms[claim["$ref"].rpartition("/")[2]]["required"] = []
    whole["properties"]["claims"]["items"] = {"anyOf": claims}
    return whole


def _enumerations(forms: Json) -> Iterator[tuple[str, str, list[str]]]:
    """Which key of which form has which names."""
    metrics = sorted(METRICS)
    yield from (("Metrics", key, metrics) for key in ("primary", "also"))
    yield from ((form, "metric", metrics) for form in ("Tuning", "DatasetSpec"))
    for kind in KINDS.values():
        form = kind.model.__name__
        yield form, "metric", metrics
        if "statistic" in forms[form]["properties"]:
            yield form, "statistic", sorted(STATISTICS)
    yield "FamilySpec", "family", sorted(FAMILIES)


def _limit(properties: Json, key: str, names: list[str]) -> None:
    """Let a text, or each text of a list, be one of these names; null stays where it may stand."""
    old = properties[key]
    options = old.get("anyOf", [old])
    named = [_named(option, names) for option in options]
    properties[key] = _notes(old) | ({"anyOf": named} if "anyOf" in old else named[0])


def _named(option: Json, names: list[str]) -> Json:
    if option.get("type") == "array":
        return {"type": "array", "items": {"enum": names}}
    return option if option.get("type") == "null" else {"enum": names}


def _notes(old: Json) -> Json:
    return {
        key: value
        for key, value in old.items()
        if key in ("description", "default", "title")
    }


def _claim(name: str, forms: Json) -> Json:
    """The form of one kind of claim; the example is a line of YAML."""
    kind = KINDS[name]
    form = schema_of(kind.model)
    forms.update(form.pop("$defs", {}))
    form["title"], form["description"] = (
        kind.title,
        f"{form['description']} Example: {kind.example}",
    )
    forms[kind.model.__name__] = form
    return {"$ref": f"#/$defs/{kind.model.__name__}"}


def _expectation(name: str, forms: Json) -> Json:
    """The form of one kind of claim that the author makes."""
    form = forms[KINDS[name].model.__name__]
    return dict(form) | {
        "required": [key for key in form["required"] if key not in OF_AUTHOR]
    }


def _source(name: str, forms: Json) -> Json:
    form = schema_of(SOURCES[name].options)
    forms.update(form.pop("$defs", {}))
    kind = {"const": name, "description": SourceSpec.__doc__}
    form["properties"] = {"kind": kind} | form.get("properties", {})
    form["required"] = ["kind", *form.get("required", [])]
    form["title"] = SOURCES[name].title
    return dict(form)


def _step(names: list[str], forms: Json) -> Json:
    """A step by its name alone, or with its options; those of a cleaning step are a form of that name."""
    for name in sorted(set(names) & set(STEPS)):
        form = schema_of(STEPS[name].options)
        forms.update(form.pop("$defs", {}))
        forms[name] = form | dict.fromkeys(("title", "description"), STEPS[name].title)
    own = {
        name: {"anyOf": [{"$ref": f"#/$defs/{name}"}, {"type": "null"}]}
        if name in forms
        else {}
        for name in names
    }
    block = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "properties": own,
        "additionalProperties": False,
    }
    return {"anyOf": [{"enum": names}, block]}
