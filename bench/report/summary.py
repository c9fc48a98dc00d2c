"""A study in short: what the pages over all studies and the end of a run show, and `summaries/<id>.json` holds."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import TypeAdapter

from bench.core.answers import AnswerRow
from bench.core.counting import Counted, NumbersCompared, count_numbers
from bench.core.judgements import Agreement, Evidence
from bench.report import facts, printed
from bench.report.advice import use
from bench.report.bundle import Bundle
from bench.report.counts import statuses
from bench.report.first.headline import headline, is_own
from bench.report.styles import styles_of


@dataclass(frozen=True)
class PaperShort:
    """The paper that a study reproduces."""

    citation: str
    year: int | None


@dataclass(frozen=True)
class ClaimShort:
    """A judged claim and its judgement.

    `other_method`: whether another method stands in for the paper's; `numbers`: of a table of printed numbers, how many
    follow and how many there are.
    """

    claim: str
    agreement: str
    evidence: str
    other_method: bool = False
    numbers: tuple[int, int] = (0, 0)

    def verify(self) -> None:
        """Raises `ValueError` for words of a judgement that are none."""
        Agreement(self.agreement)
        Evidence(self.evidence)


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
        The judged claims that count; how many others were not judged, by status.
    datasets, families
        What was compared, and on what.
    failures, results_sha256
        How many cells failed; the hash of the results.
    answers
        What is said of the paper's numbers as a whole, one a metric.
    name, asks
        Its short name; whether it asks a question of its own.
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
    results_sha256: str
    answers: list[AnswerRow] = field(default_factory=list)
    name: str = ""
    asks: bool = False

    @property
    def numbers(self) -> NumbersCompared:
        """How its claims came out, by the counts of its page."""
        judged = (
            Counted(
                Agreement(claim.agreement),
                claim.other_method and not self.own,
                claim.numbers,
            )
            for claim in self.claims
        )
        return count_numbers(judged, sum(self.statuses.values()))

    @property
    def of_paper(self) -> bool:
        """Whether it says something of a paper, and does not ask a question of its own."""
        return (
            self.paper is not None
            and not self.asks
            and bool(self.claims or self.statuses)
        )

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
    numbers = printed.claimed(bundle)
    return Summary(
        id=study.id,
        title=study.title,
        question=study.question,
        headline=headline(bundle),
        answer=study.answer,
        use=use(bundle, styles),
        paper=None if paper is None else PaperShort(paper.citation, paper.year),
        own=bundle.counted.own,
        claims=[
            ClaimShort(
                row.claim,
                str(row.agreement),
                str(row.evidence),
                row.is_by_other_method,
                numbers.get(row.claim, (0, 0)),
            )
            for row in bundle.counted.judged
        ],
        statuses=statuses(bundle),
        datasets=[styles.dataset(name) for name in bundle.datasets],
        families=[style.title for style in styles.families.values()],
        failures=facts.failed_cells(bundle).height,
        results_sha256=bundle.results_sha256,
        answers=[row for row in bundle.whole if row.family is None],
        name=study.name or study.title,
        asks=is_own(bundle),
    )
