"""The published numbers, the numbers of this study, and the verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bench.core.judgements import (
    WITH_P,
    AggregationDiffers,
    Arithmetic,
    BinomialErrors,
    NoiseFloor,
    NotAttempted,
    OtherSample,
    OtherSampleUnknown,
    RankErrorUnknown,
    Rankings,
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
from bench.text.words import HELD, VERDICTS, in_unit_of_target, measure, outer_words, terms

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
        "frozen": text.preregistered(_frozen(bundle)),
        "improvement": any(row["published"] is None and facts.has_interval(row) for row in verdicts),
        "no_interval": _without_interval(bundle, verdicts),
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
    """The terms that the tables of all claims and the reasons of verdicts use."""
    numbers = bundle.frame("replication_numbers")
    words = {"tau": "kendall", "concordance": "concordance"}
    reasons = [reason for row in bundle.frame("verdicts")["reasons"] for reason in decoded(row)]
    used = ["p"] if any(isinstance(reason, WITH_P) for reason in reasons) else []
    used += ["clustered"] if bundle.frame("replication_groups")["low"].is_not_null().any() else []
    used += [term for name, term in words.items() if numbers[name].is_not_null().any()]
    used += ["central"] if any(claim.central for claim in bundle.claims.values()) else []
    terms = {_term(reason) for reason in reasons}
    return used + [term for term in ("same_data", "another_sample", "noise_floor") if term in terms]


def _term(reason: Statement) -> str | None:
    """The term that explains a reason."""
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
    """What the study's author expected, to be read beside the results."""
    study = bundle.study
    entries = ((text.EXPECTED, study.expect), (text.FALSIFIED_IF, study.falsified_if))
    return [{"label": label, "text": words} for label, words in entries if words]


def _row(bundle: Bundle, styles: Styles, row: dict[str, Any]) -> dict[str, Any]:
    claim = bundle.claims.get(row["claim"])
    printed = _printed(row)
    unit = unit_words(row["unit"]) if row["kind"] not in DIFFERENCES else difference_unit(row["unit"])
    note, own = (claim.note if claim else None) or "", row["source"] == "author"
    reasons = decoded(row["reasons"])
    return {
        "id": row["claim"],
        "what": what(bundle, styles, row),
        "where": claim.where if claim else "",
        "note": "" if NotAttempted(note) in reasons else note,
        "flags": text.flags(claim is None or claim.read == "source", claim is not None and claim.central, own),
        "own": own,
        "published": formats.true_minus(row["published"]) + unit if row["published"] else formats.NONE,
        "ours": formats.as_printed(row["ours"], printed, 1) + (unit if row["ours"] is not None else ""),
        "interval": difference_interval(row),
        "of": "improvement" if row["published"] is None else "",
        "difference": _difference(row),
        "smallest": _smallest(row),
        "stated": "" if row["tolerance"] is None else text.stated(row["tolerance"], difference_unit(row["unit"])),
        "verdict": row["verdict"],
        "reason": sentences(one for one in reasons if not isinstance(one, AggregationDiffers)),
        "fidelity": (row["fidelity"] or "").replace("_", " "),
        "protocol": protocol_words(row["protocol_match"], reasons),
    }


def _smallest(row: dict[str, Any]) -> str:
    """The smallest tolerance that reproduces the claim."""
    value = row["smallest_tolerance"]
    if value is None:
        return formats.NONE
    return f"±{formats.as_printed(value, _printed(row), 1)}{difference_unit(row['unit'])}"


def protocol_words(match: str | None, reasons: Iterable[Statement]) -> str:
    """How the protocol differs from the paper's: as the study declares it, and by its aggregation; or empty."""
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


def _frozen(bundle: Bundle) -> Frozen | None:
    """What was frozen before the results; None where nothing shows it."""
    frozen = bundle.provenance.get("frozen")
    return frozen if isinstance(frozen, Frozen) else None


def _without_interval(bundle: Bundle, rows: list[dict[str, Any]]) -> str:
    """Why claims with a number of ours have no interval, each cause once; empty where all have one."""
    without = [row for row in rows if row["ours"] is not None and not facts.has_interval(row)]
    return "; ".join(dict.fromkeys(_why_no_interval(bundle, row) for row in without))


def _why_no_interval(bundle: Bundle, row: dict[str, Any]) -> str:
    """Why one claim has no interval, in a few words."""
    claim = bundle.claims.get(row["claim"])
    if Arithmetic.code in codes(row["reasons"]):
        return text.ARITHMETIC
    if claim is not None and claim.splits == "same":
        return text.SAME_SPLITS
    if row["low"] is not None and not facts.without_draws(row["reasons"]) and row["published"] is not None:
        return text.ALWAYS_EQUAL
    dataset = row["dataset"] or (next(iter(bundle.study.datasets)) if len(bundle.study.datasets) == 1 else None)
    scores = facts.estimates(bundle, row["metric"]) if row["metric"] else {}
    if dataset is not None and all(score.low is None for (name, _), score in scores.items() if name == dataset):
        return facts.no_interval_cause(bundle, dataset, row["metric"] or bundle.study.metrics.primary)
    return text.ERROR_UNKNOWN


def what(bundle: Bundle, styles: Styles, row: dict[str, Any]) -> str:
    """What the claim is about, as a clause: the metric or the order, the data, our protocol for them."""
    unit, claim = measure(row["metric"]) if row["metric"] else None, bundle.claims.get(row["claim"])
    subject, dataset = text.subject(row["kind"], unit, row["dataset"] is not None, claim), row["dataset"]
    if dataset is not None:
        fitted = dataset in bundle.study.datasets and bundle.study.protocol_of(dataset) is not None
        protocol = [outer_words(bundle.study, dataset)] if fitted else []
        return ", ".join([subject + text.on([styles.dataset(dataset)]), *_side(bundle, row), *protocol])
    if len(styles.study.datasets) > 1 and row["kind"] != "statistic":
        named = claim.datasets if claim is not None else None
        return ", ".join([subject + text.over([styles.dataset(name) for name in named or ()]), *_side(bundle, row)])
    return subject


def _side(bundle: Bundle, row: dict[str, Any]) -> list[str]:
    """`training rows` or `inner folds` where a claim is about those."""
    claim = bundle.claims.get(row["claim"])
    return [text.SIDES[claim.side]] if claim is not None and claim.side in text.SIDES else []


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
    return replace(figure, note=figure.note + text.fold_note(FOLD, len(rows)))


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
    """Published against ours of claims that share metric and unit."""
    drawn = [row for row in rows if row["ours"] is not None or len(rows) <= MANY]
    left_out, rows = len(rows) - len(drawn), drawn
    relative, percent, names = _is_relative(rows), unit == "percent", claim_names(bundle, styles)
    words = text.FigureWords(
        measure=measure(metric),
        whose=text.WHOSE_EXPECTED if facts.own(bundle) else text.WHOSE_PUBLISHED,
        dataset=styles.dataset(dataset) if dataset else None,
        percent=percent,
        relative=relative,
        claims=tuple(_line(names[row["claim"]], row) for row in rows),
        held=sum(row["verdict"] in HELD for row in rows),
        has_interval=any(facts.has_interval(row) for row in rows),
        no_interval=_without_interval(bundle, rows),
        left_out=left_out,
    )
    marks = [_mark(bundle, styles, row, relative) for row in rows]
    name = "-".join(word for word in ("published", metric, unit, dataset) if word)
    body = published_vs_reproduced(marks, words.label, None if relative else _roof(metric, percent))
    return Figure(name, words.title, words.note, body, _table(names, rows))


def _roof(metric: str, percent: bool) -> float | None:
    """Where the scale ends: at the highest score of a metric whose scores end at 1."""
    return (100.0 if percent else 1.0) if measure(metric).high == 1 else None


def _is_relative(rows: list[dict[str, Any]]) -> bool:
    """Whether the published numbers are so far apart that only differences from them can be drawn."""
    published = [float(row["published"]) for row in rows]
    widest = max((row["tolerance"] or 0 for row in rows), default=0)
    return bool(widest > 0 and max(published) - min(published) > WIDE * widest)


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


def _line(name: str, row: dict[str, Any]) -> str:
    ours = None if row["ours"] is None else formats.as_printed(row["ours"], row["published"], 1)
    return text.claim_line(name, row["published"], ours, row["verdict"])


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
    return Table(text.TABLE_HEAD, body)


SECTION = Section("claims", text.TITLE, claims, order=20)
