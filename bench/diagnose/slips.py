"""Which way to a published number fits it: an honest one, a known slip, several, or none of those that were tried."""

from __future__ import annotations

import polars as pl

from bench.diagnose.diagnostic import Diagnostic, Evidence, Number, Rows, by_chance, found, not_applicable, passed


def run(evidence: Evidence) -> Rows:
    """A row a published number that was looked at. Compatible is all that is said; nobody is accused."""
    frame = evidence.explanations
    if frame.is_empty():
        return [not_applicable("no published number was to be explained: `diagnostics: {explain: {family: ...}}`")]
    rows: Rows = []
    for (claim,), part in frame.partition_by("claim", as_dict=True, maintain_order=True).items():
        subject = (str(part["dataset"][0]), str(part["family"][0]))
        good = part.filter(pl.col("compatible"))
        honest = good.filter(pl.col("arm") != "slip")["title"].to_list()
        slips = good.filter(pl.col("arm") == "slip")["title"].to_list()
        known = part.filter(pl.col("compatible").is_not_null())
        if known.is_empty():
            rows.append(not_applicable(f"{claim}: no spread is known, so nothing can be told apart", subject))
        elif honest:
            also = f"; so would {_listed(slips)}" if slips else ""
            said = f"{claim}: an honest run gives such a number ({_listed(honest)}){also}"
            rows.append(passed(subject, said, estimate=_beyond(part)))
        elif slips:
            rare = f"in an honest study of this size {by_chance(_beyond(part) or 0.0)}"
            said = f"{claim}: compatible with {_listed(slips)}, and with no honest way that was tried; {rare}"
            rows.append(found(subject, "note", said, estimate=_beyond(part)))
        else:
            said = f"{claim}: none of the {len(known)} ways that were tried gives such a number"
            rows.append(found(subject, "note", said, estimate=_beyond(part)))
    return rows


def _beyond(part: pl.DataFrame) -> float | None:
    values = part["beyond"].drop_nulls()
    return float(values.max()) if len(values) else None  # type: ignore[arg-type]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


DIAGNOSTIC = Diagnostic(
    name="slips",
    title="What would explain a published number",
    code="X1",
    why="Where no honest run of the same method reaches a number, known slips can be held against it; where the method "
    "here is not the paper's own, that may be the whole reason.",
    what_to_do="Read the paper's protocol for that one step, or ask its authors; compatible is not proven.",
    run=run,
    number=Number("how often chance does as much in an honest study", "chance"),
)
