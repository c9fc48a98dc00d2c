"""The fixtures of faults_kit, for every file of this folder, whose runs share the self-tests of the shortcuts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.run.workers.fork_server import Keeper
from tests.helpers.faults_kit import make, ran

__all__ = ["make", "ran"]


@pytest.fixture(scope="session", autouse=True)
def warm() -> Iterator[None]:
    fresh = Keeper.__init__

    def started(self: Keeper, preload: tuple[str, ...]) -> None:
        fresh(self, (*preload, "tests.helpers.warm"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Keeper, "__init__", started)
        yield
