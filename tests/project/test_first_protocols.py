"""The protocol of a new study: chosen by the size of its table."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.cli import environment
from bench.cli.app import main
from bench.project.first_look import guess as looking
from bench.project.first_look.look import Wishes
from bench.project.first_look.protocols import PROTOCOLS, TableSize, protocol_for
from bench.project.new_study import new_study


@pytest.mark.parametrize(
    ("size", "place"),
    [
        ((200, 10, 2), 0),
        ((1_000, 30, 1), 1),
        ((10_000, 20, 2), 2),
        ((50_000, 20, 2), 3),
        ((100_000, 20, 2), 4),
        ((100_000, 99, 9), 5),
    ],
)
def test_a_larger_table_has_a_weaker_protocol(
    size: tuple[int, int, int], place: int
) -> None:
    assert protocol_for(TableSize(*size)) is PROTOCOLS[place]


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=range(len(PROTOCOLS)))
@pytest.mark.parametrize("kind", ["kfold", "group_kfold", "time_ordered"])
def test_the_study_that_is_written_can_be_checked(
    kind: str,
    protocol: object,
    project: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    toy: str,
) -> None:
    root, rng = project(toy=toy), random.Random(1)
    lines = ["day,unit,x,z,y"]
    for i in range(120):
        lines.append(f"{i},{i // 3},{rng.random()},{rng.random()},{rng.choice('ab')}")
    (root / "t.csv").write_text("\n".join(lines))
    monkeypatch.setattr(looking, "protocol_for", lambda size: protocol)
    group = "unit" if kind == "group_kfold" else ""
    time = "day" if kind == "time_ordered" else ""
    new_study(
        environment.project(),
        "mine",
        root / "t.csv",
        Wishes("y", group=group, time=time),
    )
    assert main(["check", "mine"]) == 0
