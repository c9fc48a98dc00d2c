r"""LaTeX: every score and claim as a number with a name, `\bench{study:dataset.model.metric}`, that can be traced.

`bench check --tex` says which numbers of a manuscript are no longer those of the results.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bench.report.bundle import Bundle
from bench.report.exports.content import Content, ExportFormat
from bench.report.text import exports as text
from bench.report.text.tex import NUMBER_MACROS, escaped
from bench.stats.noise import is_noise
from bench.text.formats import quantity, true_minus
from bench.text.words import measure

BEFORE, AFTER = r"\expandafter\def\csname bench@", r"\endcsname"


@dataclass(frozen=True)
class NamedNumber:
    """A number of a study: as it is printed, and its value (None: it is a word)."""

    text: str
    value: float | None


def named_numbers(bundle: Bundle) -> dict[str, NamedNumber]:
    """Every number by its name: `study:dataset.model.metric`, also with `.low`, `.high` or `.percent`; and
    `study:claim.ID.ours`. What TeX reads as a sign of its own is a hyphen in a name."""
    found = (*_scores(bundle), *_claims(bundle))
    return {f"{bundle.study.id}:{re.sub(r'[^a-zA-Z0-9_.+ -]', '-', name)}": number for name, number in found}


def _scores(bundle: Bundle) -> Iterator[tuple[str, NamedNumber]]:
    for row in bundle.frames["estimates"].iter_rows(named=True):
        of, name = measure(row["metric"]), f"{row['dataset']}.{row['family']}.{row['metric']}"
        for key, part in (("mean", ""), ("low", ".low"), ("high", ".high")):
            if (value := row[key]) is None:
                continue
            yield name + part, NamedNumber(of.show(value), value)
            if of.share:
                yield f"{name}{part}.percent", NamedNumber(true_minus(f"{100 * value:.1f}"), 100 * value)


def _claims(bundle: Bundle) -> Iterator[tuple[str, NamedNumber]]:
    for row in bundle.verdicts:
        name = f"claim.{row.claim}"
        if row.printed is not None:
            claim = bundle.claims.get(row.claim)
            number = row.published if row.stated is None or claim is None else claim.value
            yield f"{name}.published", NamedNumber(true_minus(row.printed), None if number is None else _float(number))
        if row.ours is not None:
            yield f"{name}.ours", NamedNumber(quantity(row.ours), row.ours)
        if row.difference is not None:
            apart = 0.0 if is_noise(row.difference, row.ours or 0.0) else row.difference
            yield f"{name}.difference", NamedNumber(quantity(apart), apart)
        if row.agreement is not None:
            yield f"{name}.agreement", NamedNumber(row.agreement.replace("_", " "), None)


def _float(printed: str) -> float | None:
    try:
        return float(printed.replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        return None


def numbers(content: Content) -> dict[str, str]:
    """numbers.tex."""
    bundle = content.bundle
    made = f"% {text.made(bundle.study.id, bundle.results_sha256)}\n{NUMBER_MACROS}"
    lines = (f"{BEFORE}{name}{AFTER}{{{escaped(one.text)}}}\n" for name, one in named_numbers(bundle).items())
    return {"numbers.tex": made + "".join(lines)}


FORMAT = ExportFormat("numbers", numbers)
