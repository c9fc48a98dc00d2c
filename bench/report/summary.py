"""A study in short, ready for JSON: what the pages over all studies and the end of a run show."""

from __future__ import annotations

from typing import Any

from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.counts import misses, numbers, results_hash, share, sort_of, verdict_counts
from bench.report.styles import styles_of
from bench.report.text.advice import use
from bench.report.text.headline import headline
from bench.report.text.lead import lead
from bench.text.words import VERDICTS

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
