"""The two axes behind the one word of a verdict, for rows of verdicts that are made by hand."""

from __future__ import annotations

from typing import Any

#: Status, agreement and evidence that give each word.
AXES = {
    "exact": ("attempted", "exact", "strong"),
    "reproduced": ("attempted", "reproduced", "strong"),
    "direction_reproduced": ("attempted", "direction_reproduced", "strong"),
    "inconclusive": ("attempted", "consistent", "strong"),
    "not_reproduced": ("attempted", "differs", "strong"),
    "not_testable": ("missing", None, None),
}


def axes(word: str) -> dict[str, Any]:
    """The columns of judgements.VERDICTS that go with a verdict."""
    return dict(zip(("status", "agreement", "evidence"), AXES[word], strict=True)) | {"verdict": word}
