r"""LaTeX: every score and claim as a number with a name, `\bench{study:dataset.model.metric}`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from bench.claims import judged_by
from bench.report.bundle import Bundle
from bench.report.exports.content import Content, ExportFormat
from bench.report.exports.names import distinct
from bench.report.first.verdicts import sign_of
from bench.report.points import is_order, limits_of
from bench.report.text import exports as text
from bench.report.text.tex import NUMBER_MACRO, escaped
from bench.report.values import quantity, score, show, show_middle
from bench.text.formats import PERCENT, fixed, true_minus
from bench.text.words import measure


def named_numbers(bundle: Bundle) -> dict[str, str]:
    """Every number as it is printed, by its name.

    Names are `study:dataset.model.metric`, also with `.low`, `.high` or `.percent`, and
    `study:claim.ID.ours`, of an order its `.tau`.
    """
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


def _scores(bundle: Bundle) -> Iterator[tuple[str, str]]:
    names = _models(bundle)
    for row in bundle.frames["estimates"].iter_rows(named=True):
        of = measure(row["metric"])
        ends = row["low"], row["high"]
        name = f"{names[row['dataset'], row['family']]}.{row['metric']}"
        for key, part in (("mean", ""), ("low", ".low"), ("high", ".high")):
            if row[key] is None:
                continue
            number = score(of, row[key], *ends)
            yield name + part, show_middle(number)
            if of.share:
                digits = number.digits - 2
                share = fixed(100 * row[key], digits, PERCENT)
                yield f"{name}{part}.percent", share


def _claims(bundle: Bundle) -> Iterator[tuple[str, str]]:
    names = _named((row.claim,) for row in bundle.verdicts)
    for row in bundle.verdicts:
        name = f"claim.{names[row.claim,]}"
        if row.published is not None:
            yield f"{name}.published", row.printed or true_minus(row.published)
        if row.ours is not None:
            part = "tau" if is_order(row) else "ours"
            ours = quantity(row.ours, "", *judged_by.ends(row), limits_of(row))
            yield f"{name}.{part}", show_middle(ours)
        if row.difference is not None:
            yield f"{name}.difference", show(quantity(row.difference))
        if row.agreement is not None:
            yield f"{name}.agreement", sign_of(bundle, row).words


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
        rf"\expandafter\def\csname bench@{name}\endcsname{{{escaped(number)}}}" "\n"
        for name, number in named_numbers(bundle).items()
    )
    return {"numbers.tex": made + NUMBER_MACRO + "".join(lines)}


FORMAT = ExportFormat("numbers", numbers)
