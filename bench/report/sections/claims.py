"""What the paper says, what came out here, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bench.core.judgements import (
    WITH_P,
    AggregationDiffers,
    BinomialErrors,
    NoiseFloor,
    NotAttempted,
    OtherSample,
    OtherSampleUnknown,
    RankErrorUnknown,
    Rankings,
    Reason,
    Repeats,
)
from bench.core.outcomes import Statement, codes, decoded
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.intervals import ClaimMark, published_vs_reproduced
from bench.report.charts.svg import Figure, Table
from bench.report.counts import verdict_counts
from bench.report.section import Section
from bench.report.sections.replication import replication
from bench.report.styles import Styles, styles_of
from bench.report.text import claims as text
from bench.report.text.claim_names import claim_names
from bench.study.preregistration import Frozen
from bench.text import formats
from bench.text.sentences import sentence, sentences
from bench.text.words import VERDICTS, in_unit_of_target, measure, outer_words, terms

#: Published numbers spread over more than this many tolerances are drawn as differences, or no bar could be seen.
WIDE = 10
#: Kinds of claims whose number is the difference of two scores.
DIFFERENCES = ("better", "best", "equivalent", "difference")
#: Beyond so many claims, those without a number of ours stand in the table only.
MANY = 8
#: Above the fold so many claims are drawn, the central ones first.
FOLD = 12


def claims(bundle: Bundle) -> dict[str, Any]:
    styles, study = styles_of(bundle), bundle.study
    verdicts, names = bundle.frame("verdicts").to_dicts(), claim_names(bundle, styles)
    rows = [_row(bundle, styles, row) | {"name": names[row["claim"]]} for row in verdicts]
    counts = [(VERDICTS[w], w, n) for w, n in verdict_counts(bundle).items() if n]
    why = study.tolerance.why if study.tolerance else ""
    tolerances = study.tolerance.parameters if study.tolerance else {}
    return {
        "rows": rows,
        "legend": [{"verdict": w, "meaning": meaning, "count": n} for (_, _, meaning), w, n in counts],
        "figures": claim_figures(bundle, styles)[1 if _is_whole_above(bundle) else 0 :],
        "tolerance": [f"{measure(m).word} within {measure(m).size(float(v))}" for m, v in tolerances.items()],
        "shared": _shared(verdicts),
        "why": why,
        "settled": _settled(bundle),
        "improvement": any(row["published"] is None and facts.has_interval(row) for row in verdicts),
        "bare": _bare(bundle, verdicts),
        "own": _own(bundle),
        "answers": answers(bundle),
        "replication": replication(bundle, styles),
        "deviations": list(study.deviations),
        "paper": study.paper is not None,
        "terms": terms("tolerance", "smallest_tolerance", "fidelity", *_more_terms(bundle)),
    }


def _own(bundle: Bundle) -> str:
    """What the numbers of the study's own are, and that they are not counted beside those of a paper."""
    count = bundle.frame("verdicts").filter(source="author").height
    return text.OWN_ONLY if count and facts.own(bundle) else text.own(count)


def _more_terms(bundle: Bundle) -> list[str]:
    """The terms of what the table says as a whole, and of p where a verdict gives one: those that are used."""
    numbers = bundle.frame("replication_numbers")
    words = {"tau": "kendall", "concordance": "concordance"}
    reasons = [reason for row in bundle.frame("verdicts")["reasons"] for reason in decoded(row)]
    found = ["p"] if any(reason.code in WITH_P for reason in reasons) else []
    found += ["clustered"] if bundle.frame("replication_groups")["low"].is_not_null().any() else []
    found += [term for name, term in words.items() if numbers[name].is_not_null().any()]
    found += ["central"] if any(claim.central for claim in bundle.claims.values()) else []
    terms = {_term(reason) for reason in reasons}
    return found + [term for term in ("same_data", "another_sample", "noise_floor") if term in terms]


def _term(reason: Statement) -> str | None:
    """The term that explains what a reason says in short."""
    match reason:
        case Repeats(differs="splits") | Rankings():
            return "same_data"
        case OtherSample() | OtherSampleUnknown() | BinomialErrors() | RankErrorUnknown():
            return "another_sample"
        case NoiseFloor():
            return "noise_floor"
    return None


def _shared(rows: list[dict[str, Any]]) -> bool:
    """Whether some interval holds the chance of a published number beside that of ours."""
    return any(row["published"] is not None and facts.has_interval(row) for row in rows)


def answers(bundle: Bundle) -> list[dict[str, str]]:
    """What the study's author said beforehand, to be read beside what came out."""
    study = bundle.study
    said = ((text.EXPECTED, study.expect), (text.FALSIFIED_IF, study.falsified_if))
    return [{"label": label, "text": words} for label, words in said if words]


def _row(bundle: Bundle, styles: Styles, row: dict[str, Any]) -> dict[str, Any]:
    claim = bundle.claims.get(row["claim"])
    printed = _printed(row)
    unit = unit_words(row["unit"]) if row["kind"] not in DIFFERENCES else difference_unit(row["unit"])
    verified = claim.verified if claim else True
    flags = [] if verified else ["unverified"]
    flags += ["central"] if claim and claim.central else []
    flags += ["the study's own"] if row["source"] == "author" else []
    note = (claim.note if claim else None) or ""
    reasons = decoded(row["reasons"])
    return {
        "id": row["claim"],
        "what": what(bundle, styles, row),
        "where": claim.where if claim else "",
        "note": "" if NotAttempted(note) in reasons else note,
        "flags": flags,
        "own": row["source"] == "author",
        "published": formats.true_minus(row["published"]) + unit if row["published"] else formats.NONE,
        "ours": formats.as_printed(row["ours"], printed, 1) + (unit if row["ours"] is not None else ""),
        "interval": difference_interval(row),
        "of": "improvement" if row["published"] is None else "",
        "difference": _difference(row),
        "smallest": formats.NONE
        if row["smallest_tolerance"] is None
        else f"±{formats.as_printed(row['smallest_tolerance'], printed, 1)}{difference_unit(row['unit'])}",
        "stated": ""
        if row["tolerance"] is None
        else f"stated ±{formats.tolerance(row['tolerance'])}{difference_unit(row['unit'])}",
        "verdict": row["verdict"],
        "reason": sentences(one for one in reasons if not isinstance(one, AggregationDiffers)),
        "fidelity": (row["fidelity"] or "").replace("_", " "),
        "protocol": protocol_words(row["protocol_match"], reasons),
    }


def protocol_words(match: str | None, reasons: Iterable[Statement]) -> str:
    """How the protocol differs from the paper's, in the study's words and by the aggregation; empty where it is same."""
    declared = [] if match in (None, "same", "differs") else [str(match)]
    return "; ".join([*declared, *(sentence(one) for one in reasons if isinstance(one, AggregationDiffers))])


def _printed(row: dict[str, Any]) -> str:
    """The published number; where none is printed, one with as many decimals as ours deserve."""
    return row["published"] or ("0.0" if row["unit"] == "percent" else "0.000")


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


def difference_interval(row: dict[str, Any]) -> str:
    """The interval that the verdict rests on; empty where none exists.

    Of ours less published; of a comparison without a published size, of the improvement itself.
    """
    if not facts.has_interval(row):
        return ""
    return "[{}, {}]".format(*(formats.as_printed(row[side], _printed(row), 1) for side in ("low", "high")))


def _settled(bundle: Bundle) -> str:
    """Whether the tolerances are as they were frozen, as far as anything shows it; ends before the link to the list."""
    found = bundle.provenance.get("frozen")
    if not isinstance(found, Frozen):
        return text.NOT_FROZEN
    changed = any(change.section in ("tolerance", "claims") for change in found.changes)
    return text.CHANGED if changed else text.FROZEN


def _bare(bundle: Bundle, rows: list[dict[str, Any]]) -> str:
    """Why claims with a number of ours have no interval, each cause once; empty where all have one."""
    bare = [row for row in rows if row["ours"] is not None and not facts.has_interval(row)]
    return "; ".join(dict.fromkeys(_why_bare(bundle, row) for row in bare))


def _why_bare(bundle: Bundle, row: dict[str, Any]) -> str:
    """Why one claim has no interval, in a few words."""
    claim = bundle.claims.get(row["claim"])
    if Reason.ARITHMETIC in codes(row["reasons"]):
        return text.ARITHMETIC
    if claim is not None and claim.splits == "same":
        return text.SAME_SPLITS
    if row["low"] is not None and not facts.without_draws(row["reasons"]) and row["published"] is not None:
        return text.ALWAYS_EQUAL
    dataset = row["dataset"] or (next(iter(bundle.study.datasets)) if len(bundle.study.datasets) == 1 else None)
    found = facts.estimates(bundle, row["metric"]) if row["metric"] else {}
    if dataset is not None and all(one.low is None for (d, _), one in found.items() if d == dataset):
        return facts.no_interval_cause(bundle, dataset, row["metric"] or bundle.study.metrics.primary)
    return text.ERROR_UNKNOWN


def what(bundle: Bundle, styles: Styles, row: dict[str, Any]) -> str:
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
        parts[0] += f" on {styles.dataset(row['dataset'])}"
        parts += _side(bundle, row)
        fitted = row["dataset"] in bundle.study.datasets and bundle.study.protocol_of(row["dataset"]) is not None
        parts += [outer_words(bundle.study, row["dataset"])] if fitted else []
    elif len(styles.study.datasets) > 1 and row["kind"] != "statistic":
        named = bundle.claims[row["claim"]].datasets if row["claim"] in bundle.claims else None
        parts[0] += (
            f" over {formats.listed([styles.dataset(name) for name in named])}" if named else " over all data sets"
        )
        parts += _side(bundle, row)
    return ", ".join(parts)


def _share(bundle: Bundle, row: dict[str, Any]) -> str:
    """`Share with error rate below 0.3`."""
    claim = bundle.claims.get(row["claim"])
    below = claim.threshold if claim is not None else None
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


def claim_figures(bundle: Bundle, styles: Styles) -> list[Figure]:
    """Published against ours, one figure for each metric and unit with a value claim, in the order of the claims.

    Errors in the unit of the target have a scale for each dataset.
    """
    return [_figure(bundle, styles, *group) for group in _groups(bundle)]


def fold_figure(bundle: Bundle, styles: Styles) -> Figure | None:
    """The first of these with at most so many claims, the central ones before the others; None without any."""
    groups = _groups(bundle)
    if not groups:
        return None
    group, rows = groups[0][:3], groups[0][3]
    chosen = (
        sorted(rows, key=lambda row: (row["ours"] is None, not _is_central(bundle, row)))[:FOLD]
        if len(rows) > FOLD
        else rows
    )
    figure = _figure(bundle, styles, *group, [row for row in rows if row in chosen])
    if len(chosen) == len(rows):
        return figure
    note = f" {FOLD} of {len(rows)} claims, the central ones first; the others are under Reproduced or not."
    return replace(figure, note=figure.note + note)


def _is_central(bundle: Bundle, row: dict[str, Any]) -> bool:
    claim = bundle.claims.get(row["claim"])
    return claim is not None and claim.central


def _is_whole_above(bundle: Bundle) -> bool:
    """Whether the figure above the fold has every claim of its kind, so that it need not be drawn again."""
    groups = _groups(bundle)
    return bool(groups) and len(groups[0][3]) <= FOLD


def _groups(bundle: Bundle) -> list[tuple[str, str | None, str | None, list[dict[str, Any]]]]:
    """Claims that are drawn together: metric, unit, dataset if it has a scale of its own, and their verdicts."""
    groups: dict[tuple[str, str | None, str | None], list[dict[str, Any]]] = {}
    for row in facts.counted(bundle).filter(kind="value").iter_rows(named=True):
        if row["published"] is not None and row["metric"] is not None:
            alone = len(bundle.study.datasets) > 1 and in_unit_of_target(row["metric"])
            groups.setdefault((row["metric"], row["unit"], row["dataset"] if alone else None), []).append(row)
    return [
        (*group, rows)
        for group, rows in groups.items()
        if len(rows) <= MANY or any(row["ours"] is not None for row in rows)
    ]


def _figure(
    bundle: Bundle, styles: Styles, metric: str, unit: str | None, dataset: str | None, rows: list[dict[str, Any]]
) -> Figure:
    title, whose = measure(metric).title, "expected" if facts.own(bundle) else "published"
    left_out = [row for row in rows if row["ours"] is None] if len(rows) > MANY else []
    rows = [row for row in rows if row not in left_out]
    published = [float(row["published"]) for row in rows]
    widest = max((row["tolerance"] or 0 for row in rows), default=0)
    relative = widest > 0 and max(published) - min(published) > WIDE * widest
    marks = [_mark(bundle, styles, row, relative) for row in rows]
    roof = None if relative or measure(metric).high != 1 else 100.0 if unit == "percent" else 1.0
    held = sum(row["verdict"] in ("exact", "reproduced") for row in rows)
    names = claim_names(bundle, styles)
    said = "; ".join(_said(names[row["claim"]], row) for row in rows)
    label = f"{title}: {held} of {len(rows)} {whose} numbers hold up. {said}"
    bars = (
        f"Bar: 90% interval of the difference ours − {whose}."
        if any(facts.has_interval(row) for row in rows)
        else f"No interval exists: {_bare(bundle, rows)}."
        if any(row["ours"] is not None for row in rows)
        else "Nothing of ours was measured."
    )
    where = f"Difference from the {whose} number" + (", in percent points. " if unit == "percent" else ". ")
    note = f"{where if relative else ''}Diamond: {whose}, on its band of tolerance. Disc: ours. {bars}"
    if left_out:
        verb = "is" if len(left_out) == 1 else "are"
        note += f" {formats.plural(len(left_out), 'claim')} without a number of ours {verb} in the table only."
    name = "-".join(word for word in ("published", metric, unit, dataset) if word)
    place = f" on {styles.dataset(dataset)}" if dataset else ""
    shown = f"{whose.capitalize()} {measure(metric).word} against ours{place}" + (
        ", %" if unit == "percent" and not relative else ""
    )
    return Figure(name, shown, note, published_vs_reproduced(marks, label, roof), _table(names, rows))


def _mark(bundle: Bundle, styles: Styles, row: dict[str, Any], relative: bool) -> ClaimMark:
    published, ours = float(row["published"]), row["ours"]
    centre = 0.0 if relative else published
    low, high = row["low"], row["high"]
    many = len(styles.study.datasets) > 1
    return ClaimMark(
        label=styles.family(row["family"]).short if row["family"] else row["claim"],
        sub=", ".join(([styles.dataset(row["dataset"])] if many else []) + _side(bundle, row)),
        verdict=row["verdict"],
        published=centre,
        ours=None if ours is None else centre + ours - published,
        low=centre + low if facts.has_interval(row) else None,
        high=centre + high if facts.has_interval(row) else None,
        tolerance=row["tolerance"],
    )


def _said(name: str, row: dict[str, Any]) -> str:
    ours = "nothing" if row["ours"] is None else formats.as_printed(row["ours"], row["published"], 1)
    return f"{name}: published {row['published']}, ours {ours}, {VERDICTS[row['verdict']][1].lower()}"


def _table(names: dict[str, str], rows: list[dict[str, Any]]) -> Table:
    body = tuple(
        (
            names[row["claim"]],
            row["published"],
            formats.as_printed(row["ours"], row["published"], 1),
            difference_interval(row) or formats.NONE,
            formats.NONE if row["tolerance"] is None else formats.tolerance(row["tolerance"]),
            VERDICTS[row["verdict"]][1],
        )
        for row in rows
    )
    return Table(("Claim", "Published", "Ours", "Interval of the difference", "Tolerance", "Verdict"), body)


SECTION = Section("claims", "Reproduced or not", claims, order=20)
