r"""LaTeX: every score and claim as a number with a name, `\bench{study:dataset.model.metric}`, that can be traced.

`bench check --tex` says which numbers of a manuscript are no longer those of the results.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bench.claims import judged_by
from bench.report.bundle import Bundle
from bench.report.exports.content import Content, ExportFormat
from bench.report.exports.names import distinct
from bench.report.points import limits_of
from bench.report.sections.claim_rows import shown_word
from bench.report.text import exports as text
from bench.report.text.tex import NUMBER_MACROS, escaped
from bench.text.formats import (
    UNLIMITED,
    ScaleLimits,
    percent,
    quantity,
    true_minus,
    width_of,
)
from bench.text.words import measure

BEFORE, AFTER = r"\expandafter\def\csname bench@", r"\endcsname"


@dataclass(frozen=True)
class NamedNumber:
    """A number of a study: as it is printed, its value (None: it is a word), whether that is in percent, and what it is
    not rounded to."""

    text: str
    value: float | None
    percent: bool = False
    limits: ScaleLimits = UNLIMITED


def named_numbers(bundle: Bundle) -> dict[str, NamedNumber]:
    """Every number by its name: `study:dataset.model.metric`, also with `.low`, `.high` or `.percent`; and
    `study:claim.ID.ours`, of an order its `.tau`."""
    return {
        f"{bundle.study.id}:{name}": number
        for name, number in (*_scores(bundle), *_claims(bundle))
    }


def _named(each: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """A name for each dataset and model, or claim: what TeX reads as a sign of its own, or skips, is a hyphen, and
    of two with one name the later one has a number. A name that is right as it is comes first."""
    plain = {one: ".".join(one) for one in each}
    inside = {
        one: re.sub(r"[^a-zA-Z0-9_.+ -]|(?<= ) ", "-", name)
        for one, name in plain.items()
    }
    found = sorted(plain, key=lambda one: inside[one] != plain[one])
    return dict(zip(found, distinct(inside[one] for one in found), strict=True))


def _models(bundle: Bundle) -> dict[tuple[str, ...], str]:
    return _named(bundle.frames["estimates"].select("dataset", "family").iter_rows())


def _scores(bundle: Bundle) -> Iterator[tuple[str, NamedNumber]]:
    names = _models(bundle)
    for row in bundle.frames["estimates"].iter_rows(named=True):
        of = measure(row["metric"]).within(row["low"], row["high"])
        name = f"{names[row['dataset'], row['family']]}.{row['metric']}"
        for key, part in (("mean", ""), ("low", ".low"), ("high", ".high")):
            if (value := row[key]) is None:
                continue
            yield name + part, NamedNumber(of.show(value), value, limits=of.limits)
            if of.share:
                shown = percent(value, of.width)
                yield (
                    f"{name}{part}.percent",
                    NamedNumber(shown, 100 * value, True, of.limits_in("percent")),
                )


def _claims(bundle: Bundle) -> Iterator[tuple[str, NamedNumber]]:
    names = _named((row.claim,) for row in bundle.verdicts)
    for row in bundle.verdicts:
        name, unit = f"claim.{names[row.claim,]}", row.unit == "percent"
        if row.printed is not None:
            claim = bundle.claims.get(row.claim)
            number = (
                row.published if row.stated is None or claim is None else claim.value
            )
            yield (
                f"{name}.published",
                NamedNumber(
                    true_minus(row.printed),
                    None if number is None else _float(number),
                    unit,
                    limits_of(row),
                ),
            )
        if row.ours is not None:
            part = "tau" if row.kind == "order" else "ours"
            limits = limits_of(row)
            said = quantity(
                row.ours, width=width_of(*judged_by.ends(row)), limits=limits
            )
            yield f"{name}.{part}", NamedNumber(said, row.ours, unit, limits)
        if row.difference is not None:
            yield (
                f"{name}.difference",
                NamedNumber(quantity(row.difference), row.difference, unit),
            )
        if row.agreement is not None:
            yield (
                f"{name}.agreement",
                NamedNumber(shown_word(bundle, row).lower(), None),
            )


def _float(printed: str) -> float | None:
    try:
        return float(printed.replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        return None


def numbers(content: Content) -> dict[str, str]:
    """numbers.tex; names that are not those of the study stand in its head with what they are of."""
    bundle = content.bundle
    made = f"% {text.made(bundle.study.id, bundle.results_sha256)}\n"
    models = _models(bundle)
    plain = Counter(map(".".join, models))
    for (dataset, family), name in models.items():
        if plain[name] != 1 or name != f"{dataset}.{family}":
            made += f"% {bundle.study.id}:{name}: {text.model_on(family, dataset)}\n"
    lines = (
        f"{BEFORE}{name}{AFTER}{{{escaped(one.text)}}}\n"
        for name, one in named_numbers(bundle).items()
    )
    return {"numbers.tex": made + NUMBER_MACROS + "".join(lines)}


FORMAT = ExportFormat("numbers", numbers)
