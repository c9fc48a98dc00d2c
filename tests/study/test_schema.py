"""The JSON schema of study.yaml: every key says what it is, and each kind of claim has a form of its own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from bench.claims import KINDS
from bench.project.json_schema import schema as made

schema = cache(made)

#: Blocks whose keys are names of steps; `bench list steps` says what each does.
STEPS = "/items/anyOf[1]"


def keys(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key of a schema with its description, wherever it stands."""
    if isinstance(node, dict):
        if not path.endswith(STEPS):
            yield from (
                (f"{path}.{name}", value)
                for name, value in node.get("properties", {}).items()
            )
        for name, value in node.items():
            yield from keys(value, f"{path}/{name}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from keys(value, f"{path}[{index}]")


def test_every_key_has_a_description() -> None:
    without = [path for path, key in keys(schema()) if not key.get("description")]
    assert without == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_kind_of_claim_has_a_form(kind: Any) -> None:
    form = schema()["$defs"][kind.model.__name__]
    assert form["properties"]["kind"]["const"] == kind.name
    assert set(kind.own) <= set(form["properties"])
    assert form["additionalProperties"] is False
    assert kind.example in form["description"]


def test_known_names_are_enumerations() -> None:
    forms = schema()["$defs"]
    assert "accuracy" in forms["ValueClaim"]["properties"]["metric"]["anyOf"][0]["enum"]
    assert "friedman_f" in forms["StatisticClaim"]["properties"]["statistic"]["enum"]
    assert "accuracy" in forms["Metrics"]["properties"]["also"]["items"]["enum"]
    assert {"$ref": "#/$defs/OrderClaim"} in forms["Claim"]["oneOf"]
