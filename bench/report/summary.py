"""What a study says in one line, three sentences and a few counts: written by rule from verdicts and comparisons."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

import polars as pl

from bench.core.findings import Outcome, is_alarm
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.styles import Styles, styles_of
from bench.report.text import external as given
from bench.report.text.advice import use
from bench.scores.design import level_of
from bench.text import formats
from bench.text.words import HELD, VERDICTS, measure

Counts = dict[str, int]
#: What a summary holds, and the pages over all studies ask of it.
KEYS = (
    "id", "title", "question", "headline", "answer", "use", "lead", "paper", "own", "verdicts", "signs", "share",
    "misses", "claims", "numbers", "sorts", "task", "datasets", "families", "looks", "hues", "metric", "failures",
    "results_sha256",
)  # fmt: skip


def summary(bundle: Bundle) -> dict[str, Any]:
    """The study in short, ready for JSON: what the index shows and what the terminal says at the end."""
    study, styles = bundle.study, styles_of(bundle)
    verdicts = facts.counted(bundle)
    counts = verdict_counts(bundle)
    paper = study.paper
    return {
        "id": study.id,
        "title": study.title,
        "question": study.question,
        "headline": headline(bundle, styles),
        "answer": study.answer,
        "use": use(bundle, styles),
        "lead": lead(bundle, styles),
        "paper": None if paper is None else {"citation": paper.citation, "year": paper.year, "url": paper.url},
        "own": facts.own(bundle),
        "verdicts": counts,
        "signs": [VERDICTS[word][0] for word in verdicts["verdict"]],
        "share": share(bundle),
        "misses": misses(bundle),
        "claims": _claims(bundle),
        "numbers": numbers(bundle),
        "sorts": [sort_of(bundle, row) for row in verdicts.iter_rows(named=True)],
        "task": study.task,
        "datasets": [styles.dataset(name) for name in bundle.datasets],
        "families": [style.title for style in styles.families.values()],
        "looks": [{"short": style.short, "shape": style.shape, "hue": style.hue} for style in styles.families.values()],
        "hues": [list(hue) for hue in styles.hues],
        "metric": study.metrics.primary,
        "failures": facts.failed_cells(bundle).height,
        "results_sha256": results_hash(bundle),
    }


def _claims(bundle: Bundle) -> list[dict[str, str]]:
    """Every claim, its verdict, the first claim of the same published number, and that number as printed."""
    first = facts.number_of(bundle)
    rows = facts.counted(bundle).select("claim", "verdict", "published").iter_rows()
    return [
        {"claim": claim, "verdict": verdict, "number": first.get(claim, claim), "printed": printed or ""}
        for claim, verdict, printed in rows
    ]


def verdict_counts(bundle: Bundle) -> Counts:
    """How many claims got each verdict, in the order of the words."""
    found = Counter(facts.counted(bundle)["verdict"].to_list())
    return {word: found[word] for word in VERDICTS}


def _told(bundle: Bundle) -> Counts:
    """The same, with what was not attempted apart from what was run and can yet be decided by no test."""
    rows = facts.counted(bundle)
    counts, left = verdict_counts(bundle), rows.filter(verdict="not_testable", fidelity="not_attempted").height
    return counts | {"not_testable": counts["not_testable"] - left, "not_attempted": left}


def sort_of(bundle: Bundle, row: dict[str, Any]) -> str:
    """What a claim is: a published number, read at its source or from memory, or a comparison without a number."""
    if row["published"] is None:
        return "comparison"
    claim = bundle.claims.get(row["claim"])
    return "verified" if claim is None or claim.verified else "from_memory"


def share(bundle: Bundle) -> dict[str, Any]:
    """How many of the judged claims hold; and of those with an error rate, with the interval of that share, if any."""
    whole = bundle.frame("replication_groups").filter(pl.col("kind").is_null())
    row = whole.row(0, named=True) if whole.height else {}
    found = {}
    for name, of, ends in (("held", "judged", ()), ("held_with_error_rate", "with_error_rate", ("low", "high"))):
        claims = row.get(of) or 0
        interval = {end: _nine(row.get(end)) if end in ends else None for end in ("low", "high")}
        found[name] = {"held": round((row.get(name) or 0) * claims), "claims": claims} | interval
    return found


def _nine(value: float | None) -> float | None:
    """Nine significant digits: what lies beyond is noise of the machine."""
    return None if value is None else float(f"{value:.9g}")


def misses(bundle: Bundle) -> Counts:
    """Claims that do not hold, by cause."""
    return dict(bundle.frame("replication_misses").iter_rows())


def results_hash(bundle: Bundle) -> str:
    """A sha256 over the content of verdicts and scores, whatever file format holds them."""
    digest = hashlib.sha256()
    for name in ("verdicts", "scores"):
        frame = bundle.frame(name)
        digest.update(name.encode())
        digest.update(frame.sort(frame.columns).write_csv().encode())
    return digest.hexdigest()


def headline(bundle: Bundle, styles: Styles) -> str:
    """The finding in one line: of the claims if there are any, else of the comparison, else what stopped it."""
    if facts.counted(bundle).height:
        return claims_line(bundle)
    if bundle.plain("scores").height:
        return _beside_alarms(bundle, comparison_line(bundle, styles))
    failed = facts.failed_cells(bundle).height
    return (
        f"Nothing could be scored: {formats.plural(failed, 'cell')} failed" if failed else "Nothing has been scored yet"
    )


def _beside_alarms(bundle: Bundle, line: str) -> str:
    """A comparison of scores that the findings warn about begins with that."""
    found = bundle.frame("findings").filter(is_alarm()).height
    if not found:
        return line
    count = "One warning" if found == 1 else f"{formats.spelled(found).capitalize()} warnings"
    return f"{count} about these scores; {line[0].lower() if line.split()[0] in _PLAIN else line[0]}{line[1:]}"


#: Words that begin a line about the comparison and are no names.
_PLAIN = {"No", "Nothing", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"}


def claims_line(bundle: Bundle) -> str:
    """`Three of four published accuracies hold up; one could not be tested`: no count is left out."""
    counts, noun = _told(bundle), _what(bundle)
    total, held = sum(counts.values()), sum(counts[word] for word in HELD)
    if total == 1:
        line = _one_claim(next(word for word, n in counts.items() if n), _what(bundle, one=True))
        by = next((words for fidelity, words in _BY.items() if _stand_ins(bundle, fidelity).height), "")
        return f"{line}, by {by}" if by else line
    if held == total:
        return f"{'Both' if total == 2 else 'All ' + formats.spelled(total)} {noun} hold up"
    if held == 0:
        return _none_held(counts, total, noun, "confirmed" if facts.own(bundle) else "fully reproduced")
    verb, rest = "holds" if held == 1 else "hold", _rest(counts)
    untested = counts["not_testable"] + counts["not_attempted"]
    if 2 * untested > total:
        tested = formats.spelled(total - untested)
        return f"{formats.spelled(held).capitalize()} of {tested} {noun} that could be tested {verb} up; {rest}"
    return f"{formats.spelled(held).capitalize()} of {formats.spelled(total)} {noun} {verb} up; {rest}"


#: By what a claim was met that is not the paper's own experiment.
_BY = {
    "substituted": "another method than the paper's",
    "approximated": "an approximation of the paper's experiment",
}


def _stand_ins(bundle: Bundle, fidelity: str) -> pl.DataFrame:
    """The claims that hold up although something stands in for the paper's own: less than the paper's own success."""
    return facts.counted(bundle).filter(pl.col("verdict").is_in(HELD), pl.col("fidelity") == fidelity)


def _none_held(counts: Counts, total: int, noun: str, held: str) -> str:
    start = f"None of {formats.spelled(total)} {noun}"
    verbs = {"inconclusive": "could be decided", "not_testable": "could be tested", "not_attempted": "was attempted"}
    for word, verb in verbs.items():
        if counts[word] == total:
            return f"{start} {verb}"
    if counts["not_reproduced"] == total:
        return f"{start} is reproduced"
    return f"{start} is {held}: {_rest(counts, refuted=('is refuted', 'are refuted'))}"


def _rest(counts: Counts, refuted: tuple[str, str] = ("does not", "do not")) -> str:
    """`one does not and two stay open`; `refuted` where the words before it give `does not` no verb."""
    parts = []
    for word, one, many in (
        ("direction_reproduced", "holds in direction only", "hold in direction only"),
        ("not_reproduced", *refuted),
        ("inconclusive", "stays open", "stay open"),
        ("not_testable", "could not be tested", "could not be tested"),
        ("not_attempted", "was not attempted", "were not attempted"),
    ):
        if counts[word]:
            parts.append(f"{formats.spelled(counts[word])} {one if counts[word] == 1 else many}")
    return formats.listed(parts)


def _one_claim(verdict: str, noun: str) -> str:
    endings = {
        "direction_reproduced": "holds up in its direction, not in its size",
        "inconclusive": "can be neither confirmed nor refuted here",
        "not_reproduced": "does not hold up",
        "not_testable": "could not be tested",
        "not_attempted": "was not attempted",
    }
    return f"The {noun} {endings.get(verdict, 'holds up')}"


def _what(bundle: Bundle, one: bool = False) -> str:
    """`published accuracies`, `expected` ones of the study's own; without a paper and a number, `stated` claims."""
    stated = bundle.study.paper is None and facts.counted(bundle)["published"].is_null().all()
    word = "expected" if facts.own(bundle) else "stated" if stated else "published"
    claims = facts.counted(bundle).height
    count, number_of = numbers(bundle), facts.number_of(bundle)
    if one or count == len(number_of):
        return f"{word} {_noun(bundle, one)}"
    if len(number_of) == claims:
        return f"claims about {formats.spelled(count)} {word} {_noun(bundle, count == 1)}"
    return f"{word} claims, about {formats.spelled(count)} {'number' if count == 1 else 'numbers'} among others,"


def numbers(bundle: Bundle) -> int:
    """How many different numbers the paper prints for the claims: one number may be claimed in several ways."""
    return len(set(facts.number_of(bundle).values()))


def _noun(bundle: Bundle, one: bool = False) -> str:
    """What the claims are: `accuracies` when all are values of one metric, else `numbers` or `claims`."""
    rows = facts.counted(bundle)
    if set(rows["kind"]) != {"value"}:
        return "claim" if one else "claims"
    metrics = set(rows["metric"])
    if len(metrics) == 1 and (name := metrics.pop()):
        unit = measure(name)
        return unit.word if one else unit.plural
    return "number" if one else "numbers"


def comparison_line(bundle: Bundle, styles: Styles) -> str:
    """Who leads, or that no one can be told from the best; never a winner that no test supports."""
    unit = facts.primary(bundle)
    scored = {d for d, _ in facts.estimates(bundle, unit.name)}
    datasets = [d for d in facts.places(bundle) if d in scored]
    if not datasets:
        return "No family has a score on the primary metric"
    if len(datasets) > 1:
        return _on_many(bundle, styles, datasets)
    standing = facts.standing(bundle, datasets[0], unit.name)
    seeds = standing is not None and standing.tested and bundle.setting(datasets[0]).seeds
    return _on_one(bundle, styles, datasets[0]) + (", over seeds on the same split" if seeds else "")


def _on_one(bundle: Bundle, styles: Styles, dataset: str) -> str:
    unit = facts.primary(bundle)
    place, standing = styles.dataset(dataset), facts.standing(bundle, dataset, unit.name)
    scored = [f for d, f in facts.estimates(bundle, unit.name) if d == dataset]
    if standing is None or len(scored) == 1:
        shown = facts.estimates(bundle, unit.name)[dataset, scored[0]]
        return f"{styles.family(scored[0]).title}: {unit.word} {unit.show(shown.value)} on {place}"
    best = styles.family(standing.best).title
    if not standing.tested:
        return f"{best} has the best {unit.word} on {place}, with no test of the difference"
    others = len(standing.tied) - 1
    plain = {f for f in scored if not styles.family(f).baseline}
    if others == 0:
        return f"{best} leads on {place}"
    if len(standing.tied) == len(scored):
        return f"No family can be told from the best on {place}"
    if standing.tied == plain and len(plain) > 2:
        return f"Nothing but the baseline can be told from the best on {place}"
    also = f"{formats.spelled(others)} more cannot" if others > 1 else "one more cannot"
    return f"{best} leads on {place}, but {also} be told from it"


def _on_many(bundle: Bundle, styles: Styles, datasets: list[str]) -> str:
    unit = facts.primary(bundle)
    ranks = facts.mean_ranks(bundle, unit.name)
    places = facts.sets_words(bundle, datasets)
    if len(facts.distinct(bundle, datasets)) == 1 and len(datasets) == 2:
        first, second = (_on_one(bundle, styles, dataset) for dataset in datasets)
        return f"{first}; {second[0].lower() + second[1:] if second.startswith(('No ', 'Nothing ')) else second}"
    if not ranks:
        return f"{formats.plural(len(facts.families(bundle)), 'family', 'families')} on {places}, not compared"
    if not facts.decides(bundle, unit.name):
        return f"{places.capitalize()} cannot decide which family is best"
    groups, (best, *near) = facts.overall_groups(bundle, unit.name)
    if len(groups) == 1:
        return f"No family can be told from the others across {places}"
    said = f"{styles.family(best).title} has the best mean rank across {places}"
    if not near:
        return said
    also = styles.family(near[0]).title if len(near) == 1 else f"{formats.spelled(len(near))} more"
    return f"{said}, but {also} cannot be told from it"


def lead(bundle: Bundle, styles: Styles) -> list[str]:
    """Up to five sentences under the headline: what was not fitted here, claims, stand-ins, the comparison, gaps."""
    found = [
        given.whole(bundle),
        _claims_sentence(bundle, styles),
        " ".join(sentence for fidelity in _BY if (sentence := _stand_in_sentence(bundle, fidelity))),
        _comparison_sentence(bundle),
        _failure_sentence(bundle),
    ]
    return [sentence for sentence in found if sentence]


def _stand_in_sentence(bundle: Bundle, fidelity: str) -> str:
    """How many claims hold up by a stand-in, and what it is if their notes say one and the same."""
    rows = _stand_ins(bundle, fidelity)
    if rows.is_empty():
        return ""
    held, count = facts.counted(bundle).filter(pl.col("verdict").is_in(HELD)).height, rows.height
    verb = "was" if count == 1 else "were"
    who = (
        "What holds up was"
        if held == count
        else f"{formats.spelled(count).capitalize()} of the claims that hold up {verb}"
    )
    notes = {(bundle.claims[c].note or "").rstrip(".") if c in bundle.claims else "" for c in rows["claim"]}
    note = notes.pop() if len(notes) == 1 else ""
    if note:
        return f"{who} met by {_BY[fidelity]}: {note}."
    return f"{who} met by {_BY[fidelity]}" + ("; what differs stands beside each." if notes else ".")


_SENTENCES = {
    "exact": "equals the published number to its printed decimals|equal the published numbers to "
    "their printed decimals",
    "reproduced": "is reproduced within the tolerance|are reproduced within the tolerance",
    "direction_reproduced": "holds in direction only|hold in direction only",
    "not_reproduced": "is not reproduced|are not reproduced",
    "inconclusive": "stays open|stay open",
    "not_testable": "can be decided by no test here|can be decided by no test here",
    "not_attempted": "was not attempted|were not attempted",
}


def _claims_sentence(bundle: Bundle, styles: Styles) -> str:
    """Names up to three claims a verdict, counts them beyond."""
    rows, known = facts.counted(bundle), claim_names(bundle, styles)
    parts = []
    left = (pl.col("verdict") == "not_testable") & (pl.col("fidelity") == "not_attempted")
    rows = rows.with_columns(verdict=pl.when(left).then(pl.lit("not_attempted")).otherwise("verdict"))
    for verdict, endings in _SENTENCES.items():
        names = [known[claim] for claim in rows.filter(pl.col("verdict") == verdict)["claim"]]
        if not names:
            continue
        one, many = (endings.replace("published", "expected") if facts.own(bundle) else endings).split("|")
        if len(names) > 3:
            names = [formats.plural(len(names), "claim")]
            parts.append(f"{names[0]} {one if names[0].startswith('1 ') else many}")
        else:
            parts.append(f"{formats.listed(names)} {one if len(names) == 1 else many}")
    return "; ".join(parts) + "." if parts else ""


def claim_names(bundle: Bundle, styles: Styles) -> dict[str, str]:
    """The name of every claim by its id: where two would read alike, with what tells them apart, else the id."""
    rows = bundle.frame("verdicts").to_dicts()
    alike: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        alike.setdefault(_claim_name(row, styles), []).append(row)
    found = {}
    for name, same in alike.items():
        metrics, sides = ({row["claim"]: of(bundle, row) for row in same} for of in (_metric_of, _side_of))
        told = [words for words in (metrics, sides) if len(set(words.values())) > 1]
        longer = {c: ", ".join(filter(None, (name, *(words[c] for words in told)))) for c in metrics}
        for claim, words in longer.items():
            found[claim] = words if list(longer.values()).count(words) == 1 else f"{words} ({claim})"
    return {row["claim"]: found[row["claim"]] for row in rows}


def _metric_of(bundle: Bundle, row: dict[str, Any]) -> str:
    return measure(row["metric"]).word if row["metric"] else ""


def _side_of(bundle: Bundle, row: dict[str, Any]) -> str:
    claim = bundle.claims.get(row["claim"])
    return {"train": "training rows", "inner": "inner folds"}.get(claim.side, "") if claim is not None else ""


def _claim_name(row: dict[str, Any], styles: Styles) -> str:
    """A claim in two or three words: its family, both families, or its id; with the data set when there are several."""
    if row["family"] is None:
        name = row["claim"]
    elif row["against"] is None:
        name = styles.family(row["family"]).short
    else:
        name = f"{styles.family(row['family']).short} over {styles.family(row['against']).short}"
    many = len(styles.study.datasets) > 1 and row["dataset"] is not None
    return f"{name} on {styles.dataset(row['dataset'])}" if many else name


def _comparison_sentence(bundle: Bundle) -> str:
    """What the comparison rests on where the headline speaks of it; what comes of it, `use` says."""
    unit = facts.primary(bundle)
    if not facts.estimates(bundle, unit.name) or len(facts.families(bundle)) < 2 or facts.counted(bundle).height:
        return ""
    rope = bundle.study.compare.rope if bundle.study.compare else None
    same = f" Differences within {unit.size(rope)} count as none." if rope else ""
    return f"Judged by {unit.word}, at the {100 * level_of(bundle.study):g}{formats.THIN}% level after Holm.{same}"


def _failure_sentence(bundle: Bundle) -> str:
    failed = facts.failed_cells(bundle).height
    if not failed:
        return ""
    said = f"{formats.plural(failed, 'cell')} failed and {'is' if failed == 1 else 'are'} listed below"
    if facts.fallbacks(bundle, bundle.study.metrics.primary):
        said += f"; a baseline's score takes {'its' if failed == 1 else 'their'} place"
    changes = bundle.frame("findings").filter(
        pl.col("diagnostic") == "failed_cells", pl.col("outcome") == Outcome.FOUND.value, pl.col("family").is_null()
    )
    return f"{said}. The order of families depends on what does." if changes.height else f"{said}."
