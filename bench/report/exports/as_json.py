"""JSON: the frames of a study at full precision, with a version and a schema of their form.

Statements are objects with their code, their details and their sentence. A number that is not finite is null.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from math import isfinite
from typing import Any

import polars as pl

from bench.core.by_row import BY_ROW
from bench.core.counting import Falsified, NumbersCompared
from bench.core.judgements import Agreement, Evidence, Status
from bench.diagnose import numbers
from bench.report import facts
from bench.report.advice import use
from bench.report.bundle import FRAMES
from bench.report.checklist import STATES
from bench.report.counts import compared
from bench.report.exports.content import Content, ExportFormat
from bench.report.exports.frames import (
    PRINTED,
    PRINTED_SCHEMA,
    STATEMENTS,
    frame_of,
    statements_of,
)
from bench.report.first.headline import headline
from bench.report.sections.provenance import extensions
from bench.report.styles import styles_of
from bench.report.text.exports import SCHEMA_TITLE
from bench.text import columns
from bench.text.sentences import sentence
from bench.text.words import measure

#: Grows when a key is renamed or removed, or means something else; not when one is added.
SCHEMA_VERSION = 5
#: Frames whose rows describe tables cell by cell or fits one by one: they stand in CSV and Parquet.
LEFT_OUT = (
    *(
        "tuning",
        "importance",
        "effects",
        "histograms",
        "boxes",
        "correlations",
        "duplicates",
        "missing_runs",
    ),
    *BY_ROW,
)
TABLES = (*(name for name in FRAMES if name not in LEFT_OUT), PRINTED)
_KINDS = {
    pl.String: "string",
    pl.Float64: "number",
    pl.Int64: "integer",
    pl.Int32: "integer",
    pl.Boolean: "boolean",
}
_TEXT: dict[str, Any] = {"type": "string"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_NULLABLE: dict[str, Any] = {"type": ["string", "null"]}


def json_files(content: Content) -> dict[str, str]:
    """results.json and results.schema.json."""
    return {
        "results.json": _text(record(content)),
        "results.schema.json": json.dumps(schema(), indent=2) + "\n",
    }


def record(content: Content) -> dict[str, Any]:
    """The study in one value, ready for JSON: what is said once, and the frames by name."""
    bundle = content.bundle
    study, styles, paper = bundle.study, styles_of(bundle), bundle.study.paper
    head = {
        "schema_version": SCHEMA_VERSION,
        "study": study.id,
        "title": study.title,
        "question": study.question,
        "task": study.task,
        "paper": None if paper is None else paper.model_dump(mode="json"),
        "headline": headline(bundle),
        "counts": asdict(compared(bundle)),
        "answer": study.answer,
        "use": use(bundle, styles),
        "results_sha256": bundle.results_sha256,
        "versions": dict(sorted(bundle.provenance.versions.items())),
        "extensions": [
            {"kind": noun, "name": name, "package": package}
            for noun, name, package in extensions(bundle)
        ],
        "metrics": [
            {
                "metric": name,
                "title": measure(name).title,
                "higher_is_better": measure(name).higher,
            }
            for name in study.metrics.names
        ],
        "families": {
            name: styles.family(name).title for name in facts.families(bundle)
        },
        "datasets": {name: styles.dataset(name) for name in facts.places(bundle)},
        "finding_numbers": [
            {"diagnostic": k, "name": v.name, "unit": v.unit}
            for k, v in numbers().items()
        ],
        "checklist": [
            {"item": f.item.id, "state": f.state, "stated": f.stated}
            for f in content.checklist
        ],
    }
    return head | {
        name: [_plain(row) for row in frame_of(bundle, name).iter_rows(named=True)]
        for name in TABLES
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _statements(value) if name in STATEMENTS else _finite(value)
        for name, value in row.items()
    }


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not isfinite(value) else value


def _statements(encoded: str | None) -> list[dict[str, Any]]:
    return [
        {
            "code": str(statement.code),
            "details": statement.details,
            "sentence": sentence(statement),
        }
        for statement in statements_of(encoded)
    ]


def _text(value: dict[str, Any]) -> str:
    """One row of a table a line; control characters and signs of direction are escaped."""
    parts = []
    for key, item in value.items():
        if isinstance(item, list) and item:
            body = "[\n" + ",\n".join(f"  {_line(row)}" for row in item) + "\n ]"
        else:
            body = _line(item)
        parts.append(f" {json.dumps(key)}: {body}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _line(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return (
        text
        if text.isprintable()
        else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)
    )


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of results.json; tables have the columns of the frames."""
    named = {"type": "object", "additionalProperties": _TEXT}
    columns_of = FRAMES | {
        "verdicts": pl.Schema(FRAMES["verdicts"] | {"falsified": pl.String}),
        PRINTED: PRINTED_SCHEMA,
    }
    rows = {name: _rows(name, columns_of[name]) for name in TABLES}
    rows[PRINTED]["items"]["properties"]["agreement"] = {"enum": [*Agreement, None]}
    rows["verdicts"]["items"]["properties"] |= {
        "status": {"enum": list(Status)},
        "agreement": {"enum": [*Agreement, None]},
        "evidence": {"enum": [*Evidence, None]},
        "falsified": {"enum": [*Falsified, None]},
    }
    properties: dict[str, Any] = {
        "schema_version": {"const": SCHEMA_VERSION},
        "study": _TEXT,
        "title": _TEXT,
        "question": _NULLABLE,
        "task": {"enum": ["classification", "regression", None]},
        "paper": {"type": ["object", "null"]},
        "headline": _TEXT,
        "counts": _object({one.name: _COUNT for one in fields(NumbersCompared)}),
        "answer": _NULLABLE,
        "use": _TEXT,
        "results_sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "versions": named,
        "extensions": _objects(dict.fromkeys(("kind", "name", "package"), _TEXT)),
        "metrics": _objects(
            {"metric": _TEXT, "title": _TEXT, "higher_is_better": {"type": "boolean"}}
        ),
        "families": named,
        "datasets": named,
        "finding_numbers": _objects(
            {"diagnostic": _TEXT, "name": _TEXT, "unit": _TEXT}
        ),
        "checklist": _objects(
            {"item": _TEXT, "state": {"enum": list(STATES)}, "stated": _TEXT}
        ),
        **rows,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA_TITLE,
        **_object(properties),
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _objects(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(properties)}


def _rows(frame: str, columns_of: pl.Schema) -> dict[str, Any]:
    properties = {
        name: _column(frame, name, dtype) for name, dtype in columns_of.items()
    }
    return {"description": columns.FRAMES.get(frame, "")} | _objects(properties)


def _column(frame: str, name: str, dtype: Any) -> dict[str, Any]:
    if name in STATEMENTS:
        form = _objects(
            {"code": _TEXT, "details": {"type": "object"}, "sentence": _TEXT}
        )
    else:
        form = _kind(dtype)
    return {"description": columns.column(frame, name)} | form


def _kind(dtype: Any) -> dict[str, Any]:
    if isinstance(dtype, pl.List):
        return {"type": ["array", "null"], "items": _kind(dtype.inner)}
    return {"type": [_KINDS[dtype.base_type()], "null"]}


FORMAT = ExportFormat("json", json_files)
