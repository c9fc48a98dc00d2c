"""The frames that CSV and JSON hold, with the sentence of every statement beside its code and details."""

from __future__ import annotations

import polars as pl

from bench.claims import KINDS
from bench.claims.printed import JudgedTable
from bench.core.outcomes import Statement
from bench.diagnose import statements_of as of_findings
from bench.report import facts, printed
from bench.report.bundle import FRAMES, Bundle
from bench.report.styles import styles_of
from bench.text.sentences import sentences

#: The frame of printed tables, which no stage writes: a row a number.
PRINTED = "printed_numbers"
PRINTED_SCHEMA = pl.Schema(
    dict.fromkeys(
        ("claim", "table", "dataset", "family", "metric", "statistic", "printed"),
        pl.String,
    )
    | {"ours": pl.Float64, "scores": pl.Int64, "agreement": pl.String}
)
#: The columns of statements as JSON, of which a frame has one at most, and that of the sentences beside them.
STATEMENTS, SENTENCE = ("reasons", "details"), "sentence"


def exported(bundle: Bundle) -> dict[str, pl.DataFrame]:
    """The titles behind names, and every frame but the predictions, which stay in the study's results."""
    return {"names": _names(bundle)} | {
        name: _with_sentences(frame_of(bundle, name)) for name in (*FRAMES, PRINTED)
    }


def frame_of(bundle: Bundle, name: str) -> pl.DataFrame:
    """A frame as it is exported."""
    if name == PRINTED:
        return _printed_numbers(bundle)
    return facts.verdicts(bundle) if name == "verdicts" else bundle.frame(name)


def statements_of(encoded: str | None) -> tuple[Statement, ...]:
    """The statements of a cell of a frame."""
    KINDS.values()  # the files of claim kinds define statements of their own
    return of_findings(encoded)


def _printed_numbers(bundle: Bundle) -> pl.DataFrame:
    """Each number of a printed table beside what the scores give; without scores it has no agreement."""
    rows = [
        {
            "claim": claim,
            "table": number.table,
            "dataset": number.of.dataset,
            "family": number.of.family,
            "metric": number.metric,
            "statistic": number.statistic,
            "printed": number.printed,
            "ours": number.ours,
            "scores": number.scores,
            "agreement": number.agreement,
        }
        for claim, table in printed.judged(bundle).items()
        if isinstance(table, JudgedTable)
        for number in table.numbers
    ]
    return pl.DataFrame(rows, PRINTED_SCHEMA)


def _names(bundle: Bundle) -> pl.DataFrame:
    styles = styles_of(bundle)
    rows = [("dataset", name, styles.dataset(name)) for name in facts.places(bundle)]
    rows += [
        ("family", name, styles.family(name).title) for name in facts.families(bundle)
    ]
    return pl.DataFrame(
        rows, schema=dict.fromkeys(("kind", "name", "title"), pl.String), orient="row"
    )


def _with_sentences(frame: pl.DataFrame) -> pl.DataFrame:
    for column in STATEMENTS:
        if column in frame.columns:
            words = [
                sentences(statements_of(encoded)) or None for encoded in frame[column]
            ]
            return frame.with_columns(pl.Series(SENTENCE, words, pl.String))
    return frame
