"""A study in short: what the pages over all studies and the end of a run show, and `summaries/<id>.json` holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bench.core.frames import records
from bench.core.judgements import VerdictRow
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.counts import Held, HeldShares, misses, results_hash, shares, sort_of, verdict_counts
from bench.report.styles import styles_of
from bench.report.text.advice import use
from bench.report.text.headline import headline
from bench.report.text.lead import lead
from bench.text.words import VERDICTS


@dataclass(frozen=True)
class PaperShort:
    """The paper that a study reproduces."""

    citation: str
    year: int | None
    url: str | None


@dataclass(frozen=True)
class ClaimShort:
    """A claim, its verdict, the first claim of the same published number, and that number as printed."""

    claim: str
    verdict: str
    number: str
    printed: str


@dataclass(frozen=True)
class Look:
    """How a family is shown."""

    short: str
    shape: str
    hue: str


@dataclass(frozen=True)
class Summary:
    """A study in short.

    Attributes
    ----------
    id, title, question, headline, answer, use, lead
        What the study is, and what came out, in words.
    paper, own
        The paper, if any; whether the claims that count are of numbers that the study's author expects.
    verdicts, misses, share, numbers
        Claims by verdict; those that do not hold by cause; how many hold; how many numbers the paper prints.
    claims, signs, sorts
        Every claim that counts; the sign of each verdict; what each is (`counts.sort_of`).
    task, datasets, families, looks, hues, metric
        What was compared, by what, and how families are drawn: hues are (CSS class, light, dark).
    failures, results_sha256
        How many cells failed; the hash of the results.
    """

    id: str
    title: str
    question: str | None
    headline: str
    answer: str | None
    use: str
    lead: list[str]
    paper: PaperShort | None
    own: bool
    verdicts: dict[str, int]
    signs: list[str]
    share: HeldShares
    misses: dict[str, int]
    claims: list[ClaimShort]
    numbers: int
    sorts: list[str]
    task: str | None
    datasets: list[str]
    families: list[str]
    looks: list[Look]
    hues: list[tuple[str, str, str]]
    metric: str
    failures: int
    results_sha256: str

    def as_json(self) -> dict[str, Any]:
        """What its file holds."""
        return asdict(self)

    @classmethod
    def of_json(cls, content: Mapping[str, Any]) -> Summary:
        """A summary from what its file holds; raises `KeyError` with the first key that another version left out."""
        paper, share = content["paper"], content["share"]
        typed = {
            "paper": None if paper is None else PaperShort(**paper),
            "share": HeldShares(**{name: Held(**value) for name, value in share.items()}),
            "claims": [ClaimShort(**claim) for claim in content["claims"]],
            "looks": [Look(**look) for look in content["looks"]],
            "hues": [tuple(hue) for hue in content["hues"]],
        }
        return cls(**{name: content[name] for name in cls.__dataclass_fields__} | typed)


def summary_of(bundle: Bundle) -> Summary:
    """The study in short."""
    study, styles, paper = bundle.study, styles_of(bundle), bundle.study.paper
    verdicts, number = records(facts.counted(bundle), VerdictRow), facts.number_of(bundle)
    return Summary(
        id=study.id,
        title=study.title,
        question=study.question,
        headline=headline(bundle, styles),
        answer=study.answer,
        use=use(bundle, styles),
        lead=lead(bundle, styles),
        paper=None if paper is None else PaperShort(paper.citation, paper.year, paper.url),
        own=facts.own(bundle),
        verdicts=verdict_counts(bundle),
        signs=[VERDICTS[row.verdict][0] for row in verdicts],
        share=shares(bundle),
        misses=misses(bundle),
        claims=[ClaimShort(r.claim, r.verdict, number.get(r.claim, r.claim), r.published or "") for r in verdicts],
        numbers=len(set(number.values())),
        sorts=[sort_of(bundle, row) for row in verdicts],
        task=study.task,
        datasets=[styles.dataset(name) for name in bundle.datasets],
        families=[style.title for style in styles.families.values()],
        looks=[Look(style.short, style.shape, style.hue) for style in styles.families.values()],
        hues=styles.hues,
        metric=study.metrics.primary,
        failures=facts.failed_cells(bundle).height,
        results_sha256=results_hash(bundle),
    )
