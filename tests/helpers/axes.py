"""Status, agreement and evidence behind a mark of the page, for rows of verdicts that are made by hand."""

from __future__ import annotations

from bench.core.judgements import Agreement, Status
from bench.text.marks import NOT_REPRODUCED


def axes(mark: str, evidence: str | None = None) -> dict[str, str | None]:
    """The columns of judgements.VERDICTS that go with a key of marks.MARKS; evidence: strong, unless ours differs."""
    if mark in {*Status} - {Status.ATTEMPTED}:
        return {"status": mark, "agreement": None, "evidence": None}
    agreement = Agreement.DIFFERS if mark == NOT_REPRODUCED else mark
    graded = evidence or ("limited" if mark == Agreement.DIFFERS else "strong")
    return {"status": "attempted", "agreement": str(agreement), "evidence": graded}
