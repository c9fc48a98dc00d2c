"""What the paper says, what came out here, and the verdict."""

from __future__ import annotations

from typing import Any

from bench.report import formats
from bench.report.bundle import Bundle
from bench.report.charts.intervals import ClaimMark, published_vs_reproduced
from bench.report.charts.svg import Figure, Table
from bench.report.looks import Looks, looks_of
from bench.report.sections.together import together
from bench.report.summary import claim_name, verdict_counts
from bench.report.words import VERDICTS, in_unit_of_target, measure, outer_words, terms

#: Published numbers spread over more than this many tolerances are drawn as differences, or no bar could be seen.
WIDE = 10
#: Kinds of claims whose number is the difference of two scores.
DIFFERENCES = ("better", "best", "equivalent", "difference")
#: Beyond so many claims, those without a number of ours stand in the table only.
MANY = 8


def _two_digits(tolerance: float) -> float:
    """A tolerance is a choice: two significant digits say it."""
    return float(f"{tolerance:.2g}")


def claims(bundle: Bundle) -> dict[str, Any]:
    looks, study = looks_of(bundle), bundle.study
    rows = [_row(bundle, looks, row) for row in bundle.frame("verdicts").iter_rows(named=True)]
    counts = [(VERDICTS[w], w, n) for w, n in verdict_counts(bundle).items() if n]
    why = study.tolerance.why if study.tolerance else ""
    tolerances = study.tolerance.parameters if study.tolerance else {}
    return {
        "rows": rows,
        "legend": [{"verdict": w, "meaning": meaning, "count": n} for (_, _, meaning), w, n in counts],
        "figures": claim_figures(bundle, looks)[1:],
        "tolerance": [f"{measure(m).word} within {measure(m).size(float(v))}" for m, v in tolerances.items()],
        "why": why,
        "answers": answers(bundle),
        "together": together(bundle, looks),
        "deviations": list(study.deviations),
        "paper": study.paper is not None,
        "terms": terms("tolerance", "smallest_tolerance", "fidelity", "clustered", "kendall", "concordance"),
    }


def answers(bundle: Bundle) -> list[dict[str, str]]:
    """What the study's author said beforehand, to be read beside what came out."""
    study = bundle.study
    said = (("Expected before the run", study.expect), ("Would change my mind", study.would_change_my_mind))
    return [{"label": label, "text": text} for label, text in said if text]


def _row(bundle: Bundle, looks: Looks, row: dict[str, Any]) -> dict[str, Any]:
    claim = bundle.claims.get(row["claim"])
    printed = _printed(row)
    unit = unit_words(row["unit"]) if row["kind"] not in DIFFERENCES else difference_unit(row["unit"])
    verified = claim.verified if claim else True
    flags = [] if verified else ["unverified"]
    flags += ["central"] if claim and claim.central else []
    note = (claim.note if claim else None) or ""
    reason = _plain_words(row["reason"] or "")
    return {
        "id": row["claim"],
        "name": claim_name(row, looks),
        "what": what(bundle, looks, row),
        "where": claim.where if claim else "",
        "note": note if note not in reason else "",
        "flags": flags,
        "published": formats.true_minus(row["published"]) + unit if row["published"] else formats.NONE,
        "ours": formats.as_printed(row["ours"], printed, 1) + (unit if row["ours"] is not None else ""),
        "interval": ours_interval(row),
        "difference": _difference(row),
        "smallest": formats.NONE
        if row["smallest_tolerance"] is None
        else f"±{formats.as_printed(row['smallest_tolerance'], printed, 1)}{difference_unit(row['unit'])}",
        "stated": ""
        if row["tolerance"] is None
        else f"stated ±{formats.short(_two_digits(row['tolerance']))}{difference_unit(row['unit'])}",
        "verdict": row["verdict"],
        "reason": reason,
        "fidelity": (row["fidelity"] or "").replace("_", " "),
        "protocol": "" if row["protocol_match"] in (None, "same") else row["protocol_match"],
    }


def _printed(row: dict[str, Any]) -> str:
    """The published number; where none is printed, one with as many decimals as ours deserve."""
    return row["published"] or ("0.0" if row["unit"] == "percent" else "0.000")


def _plain_words(reason: str) -> str:
    """A reason as prose: its leading literal (`not_attempted: ...`) without underscores."""
    literal, colon, rest = reason.partition(":")
    return f"{literal.replace('_', ' ')}{colon}{rest}" if literal.replace("_", "").isalpha() else reason


def unit_words(unit: str | None) -> str:
    return f"{formats.THIN}%" if unit == "percent" else ""


def difference_unit(unit: str | None) -> str:
    return " pp" if unit == "percent" else ""


def _difference(row: dict[str, Any]) -> str:
    """Ours minus published in the claim's unit; of a comparison, one family minus the other in the metric's."""
    value, printed = row["difference"], row["published"]
    if value is None or printed is None:
        return measure(row["metric"] or "").difference(value)
    text = formats.as_printed(value, printed, 1)
    zero = float(text.replace(formats.MINUS, "-")) == 0
    return ("" if zero or value < 0 else "+") + text + difference_unit(row["unit"])


def has_interval(row: dict[str, Any]) -> bool:
    """Whether chance has a part in a claim's interval: one that is no wider than the published rounding has none."""
    if row["low"] is None or row["high"] is None or row["ours"] is None:
        return False
    rounding = 10.0 ** -formats.decimals_of(row["published"]) if row["published"] else 0.0
    return bool(row["high"] - row["low"] > rounding * (1 + 1e-6))


def ours_interval(row: dict[str, Any]) -> str:
    """The interval that the verdict rests on, around our number; empty where none exists.

    That of a difference from the published number is moved to ours; without one it is ours already.
    """
    if not has_interval(row):
        return ""
    centre = 0.0 if row["difference"] is None else row["ours"] - row["difference"]
    printed = _printed(row)
    ends = (formats.as_printed(centre + row[side], printed, 1) for side in ("low", "high"))
    return "[{}, {}]".format(*ends)


def what(bundle: Bundle, looks: Looks, row: dict[str, Any]) -> str:
    """What the claim is about, as a clause: the metric or the order, the data, our protocol for them."""
    unit = measure(row["metric"]) if row["metric"] else None
    kinds = {
        "value": unit.title if unit else "Value",
        "difference": f"Difference{f' in {unit.word}' if unit else ''}",
        "ratio": f"Ratio{f' of {unit.plural}' if unit else ''}",
        "mean": f"Mean{f' {unit.word}' if unit else ''}",
        "rank": f"{'Mean rank' if row['dataset'] is None else 'Rank'}{f' by {unit.word}' if unit else ''}",
        "better": f"Better{f' by {unit.word}' if unit else ''}",
        "best": f"Best{f' by {unit.word}' if unit else ''}",
        "equivalent": f"Equivalent{f' by {unit.word}' if unit else ''}",
        "order": f"Order{f' by {unit.word}' if unit else ''}",
        "share": _share(bundle, row),
        "statistic": _statistic(bundle, row),
    }
    parts = [kinds.get(row["kind"], row["kind"].replace("_", " ").capitalize())]
    if row["dataset"] is not None:
        parts[0] += f" on {looks.dataset(row['dataset'])}"
        parts += _side(bundle, row)
        fitted = row["dataset"] in bundle.study.datasets and bundle.study.protocol_of(row["dataset"]) is not None
        parts += [outer_words(bundle.study, row["dataset"])] if fitted else []
    elif len(looks.study.datasets) > 1 and row["kind"] != "statistic":
        parts[0] += " over all data sets"
        parts += _side(bundle, row)
    return ", ".join(parts)


def _share(bundle: Bundle, row: dict[str, Any]) -> str:
    """`Share with error rate below 0.3`."""
    claim = bundle.claims.get(row["claim"])
    below = claim.below if claim is not None else None
    return "Share" if below is None else f"Share with {measure(row['metric']).word} below {formats.short(below)}"


def _statistic(bundle: Bundle, row: dict[str, Any]) -> str:
    """`Critical difference at level 0.9`: which of the statistics, in its own words."""
    claim = bundle.claims.get(row["claim"])
    if claim is None or claim.statistic is None:
        return "Statistic"
    level = "" if claim.level is None else f" at level {formats.short(claim.level)}"
    return claim.statistic.replace("_", " ").capitalize() + level


def _side(bundle: Bundle, row: dict[str, Any]) -> list[str]:
    """`training rows` or `inner folds` where a claim is about those."""
    claim = bundle.claims.get(row["claim"])
    words = {"train": ["training rows"], "inner": ["inner folds, chosen candidate"]}
    return words.get(claim.side, []) if claim is not None else []


def claim_figures(bundle: Bundle, looks: Looks) -> list[Figure]:
    """Published against ours, one figure for each metric and unit with a value claim, in the order of the claims.

    Errors in the unit of the target have a scale for each dataset.
    """
    groups: dict[tuple[str, str | None, str | None], list[dict[str, Any]]] = {}
    for row in bundle.frame("verdicts").filter(kind="value").iter_rows(named=True):
        if row["published"] is not None and row["metric"] is not None:
            alone = len(bundle.study.datasets) > 1 and in_unit_of_target(row["metric"])
            groups.setdefault((row["metric"], row["unit"], row["dataset"] if alone else None), []).append(row)
    return [
        _figure(bundle, looks, metric, unit, dataset, rows)
        for (metric, unit, dataset), rows in groups.items()
        if len(rows) <= MANY or any(row["ours"] is not None for row in rows)
    ]


def _figure(
    bundle: Bundle, looks: Looks, metric: str, unit: str | None, dataset: str | None, rows: list[dict[str, Any]]
) -> Figure:
    title = measure(metric).title
    left_out = [row for row in rows if row["ours"] is None] if len(rows) > MANY else []
    rows = [row for row in rows if row not in left_out]
    published = [float(row["published"]) for row in rows]
    widest = max((row["tolerance"] or 0 for row in rows), default=0)
    relative = widest > 0 and max(published) - min(published) > WIDE * widest
    marks = [_mark(bundle, looks, row, relative) for row in rows]
    roof = None if relative or measure(metric).high != 1 else 100.0 if unit == "percent" else 1.0
    held = sum(row["verdict"] in ("exact", "reproduced") for row in rows)
    label = f"{title}: {held} of {len(rows)} published numbers hold up. " + "; ".join(_said(looks, row) for row in rows)
    deterministic = not any(has_interval(row) for row in rows)
    bars = (
        "No interval exists: the protocol is deterministic."
        if deterministic
        else "Bar: 90% interval of the difference."
    )
    where = "Difference from the published number" + (", in percent points. " if unit == "percent" else ". ")
    note = f"{where if relative else ''}Diamond: published, on its band of tolerance. Disc: ours. {bars}"
    if left_out:
        verb = "is" if len(left_out) == 1 else "are"
        note += f" {formats.plural(len(left_out), 'claim')} without a number of ours {verb} in the table only."
    name = "-".join(word for word in ("published", metric, unit, dataset) if word)
    place = f" on {looks.dataset(dataset)}" if dataset else ""
    shown = f"Published {measure(metric).word} against ours{place}" + (
        ", %" if unit == "percent" and not relative else ""
    )
    return Figure(name, shown, note, published_vs_reproduced(marks, label, roof), _table(looks, rows))


def _mark(bundle: Bundle, looks: Looks, row: dict[str, Any], relative: bool) -> ClaimMark:
    published, ours = float(row["published"]), row["ours"]
    centre = 0.0 if relative else published
    low, high = row["low"], row["high"]
    many = len(looks.study.datasets) > 1
    return ClaimMark(
        label=looks.family(row["family"]).short if row["family"] else row["claim"],
        sub=", ".join(([looks.dataset(row["dataset"])] if many else []) + _side(bundle, row)),
        verdict=row["verdict"],
        published=centre,
        ours=None if ours is None else centre + ours - published,
        low=centre + low if has_interval(row) else None,
        high=centre + high if has_interval(row) else None,
        tolerance=row["tolerance"],
    )


def _said(looks: Looks, row: dict[str, Any]) -> str:
    ours = "nothing" if row["ours"] is None else formats.as_printed(row["ours"], row["published"], 1)
    return f"{claim_name(row, looks)}: published {row['published']}, ours {ours}, {VERDICTS[row['verdict']][1].lower()}"


def _table(looks: Looks, rows: list[dict[str, Any]]) -> Table:
    body = tuple(
        (
            claim_name(row, looks),
            row["published"],
            formats.as_printed(row["ours"], row["published"], 2),
            ours_interval(row) or formats.NONE,
            formats.short(row["tolerance"]),
            VERDICTS[row["verdict"]][1],
        )
        for row in rows
    )
    return Table(("Claim", "Published", "Ours", "Interval", "Tolerance", "Verdict"), body)
