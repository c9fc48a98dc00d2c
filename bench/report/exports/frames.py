"""The frames that CSV and JSON hold, with the sentence of every statement beside its code and details."""

from __future__ import annotations

import polars as pl

from bench.core.outcomes import decoded
from bench.report import facts
from bench.report.bundle import FRAMES, Bundle
from bench.report.styles import styles_of
from bench.text.sentences import sentences

#: The column of statements as JSON, and that of the sentences beside it.
STATEMENTS, SENTENCE = "reasons", "sentence"


def exported(bundle: Bundle) -> dict[str, pl.DataFrame]:
    """The titles behind names, and every frame but the predictions, which stay in the study's results."""
    return {"names": _names(bundle)} | {name: _with_sentences(bundle.frame(name)) for name in FRAMES}


def _names(bundle: Bundle) -> pl.DataFrame:
    styles = styles_of(bundle)
    rows = [("dataset", name, styles.dataset(name)) for name in facts.places(bundle)]
    rows += [("family", name, styles.family(name).title) for name in facts.families(bundle)]
    return pl.DataFrame(rows, schema=dict.fromkeys(("kind", "name", "title"), pl.String), orient="row")


def _with_sentences(frame: pl.DataFrame) -> pl.DataFrame:
    if STATEMENTS not in frame.columns:
        return frame
    words = [sentences(decoded(encoded)) or None for encoded in frame[STATEMENTS]]
    return frame.with_columns(pl.Series(SENTENCE, words, pl.String))
