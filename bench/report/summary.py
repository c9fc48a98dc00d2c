"""A study in short: what the pages over all studies and the end of a run show, and `summaries/<id>.json` holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import TypeAdapter

from bench.core.answers import AnswerRow
from bench.core.judgements import Agreement, Evidence, Status, VerdictRow
from bench.report import facts, printed
from bench.report.bundle import Bundle
from bench.report.counts import (
    explained,
    sort_of,
    statuses,
)
from bench.report.first.headline import headline
from bench.report.sections.findings import warnings_of
from bench.report.styles import styles_of
from bench.report.text.advice import use
from bench.report.works import PaperShort, Quote
from bench.text.marks import mark_of, tally


@dataclass(frozen=True)
class ClaimShort:
    """An attempted claim: its judgement, what it is (`counts.sort_of`), and the number that it quotes, if any.

    `cause`: why it does not hold, as a code; `explained`: why, in the words of the study, where ours differs;
    `control`: what stands beside a number that differs.
    """

    claim: str
    agreement: str
    evidence: str
    central: bool
    sort: str
    cause: str | None
    explained: str
    quote: Quote | None
    control: str | None = None

    def verify(self) -> None:
        """Raises `ValueError` for words of a judgement that are none."""
        Agreement(self.agreement)
        Evidence(self.evidence)

    @property
    def holds(self) -> bool:
        return Agreement(self.agreement).holds

    @property
    def mark(self) -> str:
        return mark_of(
            Status.ATTEMPTED, self.agreement, self.evidence, control=self.control
        )


@dataclass(frozen=True)
class WarningShort:
    """A warning: its diagnostic, what it is about, what was seen, and its number in words (or nothing)."""

    diagnostic: str
    where: str
    reason: str
    size: str


@dataclass(frozen=True)
class Summary:
    """A study in short.

    Attributes
    ----------
    id, title, question, headline, answer, use
        What the study is, and what came out, in words.
    paper, own
        The paper, if any; whether the claims that count are of numbers that the study's author expects.
    claims, statuses
        The attempted claims that count; how many others were not judged, by status.
    datasets, families
        What was compared, and on what.
    failures, warnings, results_sha256
        How many cells failed; the warnings; the hash of the results.
    answers
        What is said of the paper's numbers as a whole, one a metric.
    printed
        Of a study of printed tables: how many numbers follow from the scores, and how many there are; else zeros.
    """

    id: str
    title: str
    question: str | None
    headline: str
    answer: str | None
    use: str
    paper: PaperShort | None
    own: bool
    claims: list[ClaimShort]
    statuses: dict[str, int]
    datasets: list[str]
    families: list[str]
    failures: int
    warnings: list[WarningShort]
    results_sha256: str
    answers: list[AnswerRow] = field(default_factory=list)
    printed: tuple[int, int] = (0, 0)

    @property
    def tally(self) -> str:
        """How many attempted claims have each mark: `3 exact, 1 off`."""
        return tally(Counter(claim.mark for claim in self.claims))

    def as_json(self) -> dict[str, Any]:
        """What its file holds."""
        return asdict(self)

    @classmethod
    def of_json(cls, content: object) -> Summary:
        """A summary from what its file holds; raises `ValueError` where this version would not have written it."""
        made = TypeAdapter(cls).validate_python(content)
        for claim in made.claims:
            claim.verify()
        return made


def summary_of(bundle: Bundle) -> Summary:
    """The study in short."""
    study, styles, paper = bundle.study, styles_of(bundle), bundle.study.paper
    quotes = facts.quotes(bundle)
    return Summary(
        id=study.id,
        title=study.title,
        question=study.question,
        headline=headline(bundle),
        answer=study.answer,
        use=use(bundle, styles),
        paper=None
        if paper is None
        else PaperShort(paper.citation, paper.year, paper.doi),
        own=bundle.counted.own,
        claims=[
            _short(bundle, row, quotes.get(row.claim))
            for row in bundle.counted.attempted
        ],
        statuses=statuses(bundle),
        datasets=[styles.dataset(name) for name in bundle.datasets],
        families=[style.title for style in styles.families.values()],
        failures=facts.failed_cells(bundle).height,
        warnings=[
            WarningShort(one.diagnostic, one.where, one.reason, one.size)
            for one in warnings_of(bundle)
        ],
        results_sha256=bundle.results_sha256,
        answers=[row for row in bundle.whole if row.family is None],
        printed=printed.total(bundle),
    )


def _short(bundle: Bundle, row: VerdictRow, quote: Quote | None) -> ClaimShort:
    claim, agreement, evidence = (
        bundle.claims.get(row.claim),
        str(row.agreement),
        str(row.evidence),
    )
    central = claim is not None and claim.central
    sort, why = sort_of(bundle, row), explained(bundle, row)
    return ClaimShort(
        row.claim,
        agreement,
        evidence,
        central,
        sort,
        row.cause,
        why,
        quote,
        row.control,
    )
