"""A key of the study file, a kind of claim or a cleaning step has a user: a study, or an example of the documents.

A user writes the key with a value that is not its default. Tables of the trade are whole whoever uses them: metrics,
families, statistics, sources, formats, steps inside the fold, errors of a protocol.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from bench.claims import KINDS
from bench.data.steps import STEPS
from bench.study import Study
from bench.study.models import step_parts
from bench.study.reading import read_draft

ROOT = Path(__file__).parents[2]
#: Documents whose examples count: a reader follows them.
EXAMPLES = (
    ROOT / "docs" / "tutorial.md",
    ROOT / "docs" / "six-mistakes.md",
    *sorted((ROOT / "docs" / "how-to").glob("*.md")),
)
FENCE = re.compile(r"^( *)```yaml[^\n]*\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
KEY = re.compile(r"(?:^|[\s{,\[-])([a-z_]+):(?=\s)", re.MULTILINE)
#: Keys without a user, each with the reason why it stays.
EXCEPTIONS: Mapping[str, str] = {
    "ClaimTable.table": "a study that is read has its claims in its place",
    "Compare.level": "the author sets the level of significance",
    "Diagnostics.halves": "a refusal of a comparison tells users to ask for them",
    "ExternalColumns.test_train_ratio": "judging without a project states it",
    "Metrics.aggregation": "an explanation of a published number sets it",
    "PredictionColumns.label": "authors who publish labels, and no probabilities",
}


def forms(annotation: Any) -> Iterator[type[BaseModel]]:
    """The forms that an annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from forms(part)


def all_forms() -> list[type[BaseModel]]:
    """Every form that a study file can hold, without the options of sources and adapters."""
    waiting = [Study, *(kind.model for kind in KINDS.values())]
    known: list[type[BaseModel]] = []
    while waiting:
        form = waiting.pop()
        if form in known:
            continue
        known.append(form)
        for field in form.model_fields.values():
            waiting += forms(field.annotation)
            for part in field.metadata:
                waiting += forms(getattr(part, "annotation", None))
    return known


def key_of(form: type[BaseModel], field: str) -> str:
    """A key by the form that brings it, so that kinds of claims share those they inherit."""
    owners = [base for base in form.__mro__ if field in inspect.get_annotations(base)]
    return f"{owners[-1].__name__}.{field}"


def keys_in(value: Any) -> Iterator[str]:
    """The keys of a read study that stand there with another value than their default."""
    if isinstance(value, BaseModel):
        form = type(value)
        for name in value.model_fields_set & set(form.model_fields):
            content = getattr(value, name)
            if content != form.model_fields[name].default:
                yield key_of(form, name)
            yield from keys_in(content)
    elif isinstance(value, Mapping):
        for content in value.values():
            yield from keys_in(content)
    elif isinstance(value, tuple | list):
        for content in value:
            yield from keys_in(content)


@cache
def studies() -> list[Study]:
    folders = sorted(path.parent for path in ROOT.glob("studies/*/study.yaml"))
    return [read_draft(folder).study() for folder in folders]


@cache
def words_of_examples() -> frozenset[str]:
    """The keys in the YAML of documents, by their last name."""
    texts = [path.read_text(encoding="utf-8") for path in EXAMPLES]
    blocks = [block for text in texts for _, block in FENCE.findall(text)]
    return frozenset(KEY.findall("\n".join(blocks)))


def test_every_key_has_a_user() -> None:
    used = {key for study in studies() for key in keys_in(study)}
    every = {key_of(form, name) for form in all_forms() for name in form.model_fields}
    words = words_of_examples()
    idle = {key for key in every - used if key.partition(".")[2] not in words}
    assert sorted(idle) == sorted(EXCEPTIONS)


def test_every_kind_of_claim_has_a_user() -> None:
    used = {claim.kind for study in studies() for claim in study.judged}
    assert sorted(set(KINDS) - used) == []


def test_every_cleaning_step_has_a_user() -> None:
    used = set()
    for study in studies():
        blocks = [study.clean, *(spec.clean for spec in study.datasets.values())]
        used |= {step_parts(step)[0] for steps in blocks for step in steps or ()}
    texts = "\n".join(path.read_text(encoding="utf-8") for path in EXAMPLES)
    assert [step for step in STEPS if step not in used and step not in texts] == []


@pytest.mark.parametrize("reason", EXCEPTIONS.values())
def test_an_exception_has_a_reason(reason: str) -> None:
    assert reason
