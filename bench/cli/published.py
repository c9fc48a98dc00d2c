"""`bench judge FILE`: published numbers and scores of one file, without a project."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from bench.core.errors import NotReproducedError
from bench.core.judgements import Agreement
from bench.core.text import json_object
from bench.project.judge_published import judge_published


def judge_file(options: argparse.Namespace) -> None:
    """Print the verdicts as one JSON object. Raises `NotReproducedError` with --strict where a number differs."""
    defaults: dict[str, Any] = {}
    if options.metric is not None:
        defaults["metric"] = options.metric
    if options.test_train_ratio is not None:
        defaults["test_train_ratio"] = options.test_train_ratio
    if options.seeds:
        defaults["repeats_are"] = "seeds"
    judged = judge_published(Path(options.id), defaults)
    json_object(judged.as_json())
    differ = judged.verdicts.filter(agreement=Agreement.DIFFERS)["claim"].to_list()
    if options.strict and differ:
        raise NotReproducedError(f"not reproduced: {', '.join(differ)}")
