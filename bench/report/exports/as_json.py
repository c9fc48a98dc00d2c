"""JSON: verdicts, scores and all that follows from them, not rounded, with a version and a schema that says its form.

Numbers are those of the frames; `shown` holds what the page prints for them. A number that is not finite is null.
"""

from __future__ import annotations

import json
from itertools import product
from math import isfinite
from typing import Any

import polars as pl

from bench.core.frames import COMPARISONS, REPLICATION
from bench.diagnose import numbers
from bench.report import facts
from bench.report.bundle import FRAMES, Bundle
from bench.report.checklist import STATES
from bench.report.exports.content import Content
from bench.report.styles import styles_of
from bench.report.summary import headline, lead, results_hash
from bench.report.text.advice import use
from bench.text.words import VERDICTS, measure

#: Grows when a key is renamed or removed, or means something else; not when one is added.
SCHEMA_VERSION = 2
TABLES = (
    "verdicts", "scores", *COMPARISONS, *REPLICATION, "findings", "failures", "costs", "tables", "folds",
)  # fmt: skip
_KINDS = {pl.String: "string", pl.Float64: "number", pl.Int64: "integer", pl.Int32: "integer", pl.Boolean: "boolean"}


def json_files(content: Content) -> dict[str, str]:
    """results.json and results.schema.json."""
    return {"results.json": _text(record(content)), "results.schema.json": json.dumps(schema(), indent=2) + "\n"}


def record(content: Content) -> dict[str, Any]:
    """The study in one value, ready for JSON."""
    bundle = content.bundle
    study, styles = bundle.study, styles_of(bundle)
    paper, versions = study.paper, bundle.provenance.get("versions")
    return {
        "schema_version": SCHEMA_VERSION,
        "study": study.id,
        "title": study.title,
        "question": study.question,
        "task": study.task,
        "paper": None if paper is None else paper.model_dump(mode="json"),
        "headline": headline(bundle, styles),
        "answer": bundle.study.answer,
        "use": use(bundle, styles),
        "lead": lead(bundle, styles),
        "results_sha256": results_hash(bundle),
        "versions": {str(k): str(v) for k, v in sorted(versions.items())} if isinstance(versions, dict) else {},
        "metrics": [
            {"metric": name, "title": measure(name).title, "higher_is_better": measure(name).higher}
            for name in study.metrics.names
        ],
        "families": {name: styles.family(name).title for name in facts.families(bundle)},
        "datasets": {name: styles.dataset(name) for name in facts.places(bundle)},
        "shown": {"claims": _shown_claims(content), "scores": _shown_scores(bundle)},
        "finding_numbers": [{"diagnostic": k, "name": v.name, "unit": v.unit} for k, v in numbers().items()],
        "checklist": [{"item": one.item.id, "state": one.state, "stated": one.stated} for one in content.checklist],
        **{name: [_finite(row) for row in bundle.frame(name).iter_rows(named=True)] for name in TABLES},
    }


def _finite(row: dict[str, Any]) -> dict[str, Any]:
    return {k: None if isinstance(v, float) and not isfinite(v) else v for k, v in row.items()}


def _shown_claims(content: Content) -> list[dict[str, str]]:
    keys = ("published", "ours", "difference", "interval")
    rows = content.sections["claims"]["rows"]
    return [{"claim": row["id"], "name": row["name"], **{key: row[key] for key in keys}} for row in rows]


def _shown_scores(bundle: Bundle) -> list[dict[str, Any]]:
    """Every mean on test rows with its interval, as printed."""
    found = []
    for name in bundle.study.metrics.names:
        unit, means = measure(name), facts.estimates(bundle, name)
        for dataset, family in product(facts.places(bundle), facts.families(bundle)):
            if (one := means.get((dataset, family))) is None:
                continue
            ends = [None if end is None else unit.show(end) for end in (one.low, one.high)]
            key: dict[str, Any] = {"dataset": dataset, "family": family, "metric": name}
            found.append(key | {"mean": unit.show(one.value), "low": ends[0], "high": ends[1]})
    return found


def _text(value: dict[str, Any]) -> str:
    """One row of a table a line; control characters and signs of direction are escaped."""
    parts = []
    for key, one in value.items():
        if isinstance(one, list) and one:
            body = "[\n" + ",\n".join(f"  {_line(row)}" for row in one) + "\n ]"
        else:
            body = _line(one)
        parts.append(f" {json.dumps(key)}: {body}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _line(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text if text.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of results.json; tables have the columns of the frames."""
    text: dict[str, Any] = {"type": "string"}
    nullable = {"type": ["string", "null"]}
    texts = {"type": "array", "items": text}
    rows: dict[str, Any] = {name: _rows(FRAMES[name]) for name in TABLES}
    rows["verdicts"]["items"]["properties"]["verdict"] = {"enum": list(VERDICTS)}
    named = {"type": "object", "additionalProperties": text}
    shown = {"type": "array", "items": {"type": "object", "additionalProperties": nullable}}
    properties: dict[str, Any] = {
        "schema_version": {"const": SCHEMA_VERSION},
        "study": text,
        "title": text,
        "question": nullable,
        "task": {"enum": ["classification", "regression", None]},
        "paper": {"type": ["object", "null"]},
        "headline": text,
        "answer": {"type": ["string", "null"]},
        "use": text,
        "lead": texts,
        "results_sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "versions": named,
        "metrics": _objects({"metric": text, "title": text, "higher_is_better": {"type": "boolean"}}),
        "families": named,
        "datasets": named,
        "shown": {"type": "object", "properties": {"claims": shown, "scores": shown}, "required": ["claims", "scores"]},
        "finding_numbers": _objects({"diagnostic": text, "name": text, "unit": text}),
        "checklist": _objects({"item": text, "state": {"enum": list(STATES)}, "stated": text}),
        **rows,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Results of a study of bench",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _objects(properties: dict[str, Any]) -> dict[str, Any]:
    form = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return {"type": "array", "items": form}


def _rows(frame: pl.Schema) -> dict[str, Any]:
    return _objects({name: _kind(dtype) for name, dtype in frame.items()})


def _kind(dtype: Any) -> dict[str, Any]:
    if isinstance(dtype, pl.List):
        return {"type": ["array", "null"], "items": _kind(dtype.inner)}
    return {"type": [_KINDS[dtype.base_type()], "null"]}
