"""The page over all studies, from the summaries that the report stage wrote: which papers hold, at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.core.counting import NumbersCompared
from bench.core.judgements import Evidence
from bench.report.blocks import Block, Cell, Link, Listing, Paragraph, Sign, Table
from bench.report.charts.plot_shares import PlotBar, plot_shares
from bench.report.first.verdicts import (
    AS_A_WHOLE,
    left_out,
    sign_of_counts,
)
from bench.report.summary import Summary
from bench.text import formats
from bench.text.marks import followed_words

#: The verdicts, best first: by the kind of sign, its word and its tone in the bar of all studies.
VERDICTS = {
    "holds": ("holds", "ours"),
    "mixed": ("mixed", "mixed"),
    "open": ("open", "pale"),
    "off": ("differs", "off"),
    "untested": ("not tested", "band"),
}
#: A verdict on fewer numbers says so.
FEW = 3
RULE = (
    "The mean of ours − published over three or more datasets decides as a whole. Else numbers are counted. Holds: at "
    "least half hold, and at most a tenth differ. Mixed: more differ. Differs: at least half do. Open: chance leaves "
    "more than half undecided."
)
#: What numbers of papers, and expectations of authors, do; and the tone of each.
OF_PAPERS = (("hold", "ours"), ("open", "pale"), ("differ", "off"))
EXPECTED = (("as expected", "ours"), ("undecided", "pale"), ("not as expected", "off"))


def find_verdict(one: Summary, numbers: NumbersCompared) -> Sign:
    """What a study of a paper says of it, by the counts and the answer as a whole."""
    answers = {row.answer for row in one.answers if row.answer is not None}
    if answers:
        return (
            AS_A_WHOLE[answers.pop()] if len(answers) == 1 else Sign("mixed", "mixed")
        )
    if not numbers.compared:
        how = "not tested: another method" if numbers.untested else "not tested"
        return Sign("untested", how)
    return sign_of_counts(numbers)


@dataclass(frozen=True)
class Entry:
    """A study of a paper on the page."""

    study: Summary
    numbers: NumbersCompared
    sign: Sign
    evidence: Evidence | None

    @property
    def place(self) -> tuple[int, bool, int, float, str]:
        """The best verdict first, then what follows the paper most closely."""
        follows = (
            len(Evidence)
            if self.evidence is None
            else list(Evidence).index(self.evidence)
        )
        few = self.numbers.compared < FEW
        share = -self.numbers.share(self.numbers.held)
        return (
            list(VERDICTS).index(self.sign.kind),
            few,
            follows,
            share,
            self.study.title,
        )


def enter(one: Summary) -> Entry:
    """A study with its verdict."""
    numbers = one.numbers
    return Entry(one, numbers, find_verdict(one, numbers), _middle_evidence(one))


def _middle_evidence(one: Summary) -> Evidence | None:
    """How closely half of its claims follow the paper, at the least; None where none was compared."""
    grades = list(Evidence)
    found = sorted(
        grades.index(Evidence(claim.evidence))
        for claim in one.claims
        if not claim.other_method
    )
    return grades[found[len(found) // 2]] if found else None


def enter_papers(summaries: Sequence[Summary]) -> list[Entry]:
    """The studies of papers by their verdict."""
    entries = [enter(one) for one in summaries if one.of_paper]
    return sorted(entries, key=lambda entry: entry.place)


def title(summaries: Sequence[Summary]) -> str:
    """Which papers hold, in one line."""
    counts = Counter(entry.sign.kind for entry in enter_papers(summaries))
    if not counts:
        return "Studies"
    rest = [
        f"{word} {counts[kind]}"
        for kind, (word, _) in VERDICTS.items()
        if counts[kind] and kind != "holds"
    ]
    held = f"{counts['holds']} of {counts.total()} studies of papers hold"
    return "; ".join(filter(None, (held, ", ".join(rest))))


def all_studies(
    summaries: Sequence[Summary],
) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """The parts of the page under their headings: studies of papers by their verdict, then those of one's own."""
    if not summaries:
        yield "", (Paragraph("No study has been run yet."),)
    entries = enter_papers(summaries)
    if entries:
        yield "", tuple(_papers(entries))
    own = [one for one in summaries if not one.of_paper]
    if own:
        own.sort(key=lambda one: one.name or one.title)
        head = ("Study", "What came out", "Share", "Expectations")
        table = Table(head, tuple(map(_own_row, own)))
        yield "Studies of one's own, and demonstrations", (table,)


def _papers(entries: Sequence[Entry]) -> Iterator[Block]:
    counts = Counter(entry.sign.kind for entry in entries)
    shares = PlotBar("", tuple(float(counts[kind]) for kind in VERDICTS))
    bar = plot_shares("Studies of papers", [shares], tuple(VERDICTS.values()))
    signs = [
        Sign(kind, f"{word} {counts[kind]}")
        for kind, (word, _) in VERDICTS.items()
        if counts[kind]
    ]
    yield Listing((bar, *signs))
    yield Paragraph(RULE)
    head = ("Study of a paper", "Verdict", "Share", "Numbers", "Follows it", "Year")
    yield Table(head, tuple(map(_paper_row, entries)))


def _paper_row(entry: Entry) -> tuple[Cell, ...]:
    one, numbers, paper = entry.study, entry.numbers, entry.study.paper
    if paper is None:
        raise ValueError(one.id)
    follows = "" if entry.evidence is None else followed_words(entry.evidence)
    few = "; few numbers" if 0 < numbers.compared < FEW else ""
    return (
        (Link(one.name or one.title, f"{one.id}/index.html"), paper.citation),
        entry.sign,
        *_counted(numbers, OF_PAPERS),
        follows + few,
        str(paper.year or ""),
    )


def _own_row(one: Summary) -> tuple[Cell, ...]:
    named = (Link(one.name or one.title, f"{one.id}/index.html"),)
    return named, one.headline, *_counted(one.numbers, EXPECTED)


def _counted(
    numbers: NumbersCompared, parts: tuple[tuple[str, str], ...]
) -> tuple[Cell, Cell]:
    """The bar of what was compared, and its counts in words."""
    counts = (numbers.held, numbers.open, numbers.differ)
    words = [
        f"{word} {formats.count(count)}"
        for count, (word, _) in zip(counts, parts, strict=True)
        if count
    ]
    words += [f"{word} {count}" for word, count in left_out(numbers).items()]
    if not numbers.compared:
        return "", ", ".join(words)
    bar = PlotBar("", tuple(map(float, counts)))
    return plot_shares(", ".join(words), [bar], parts), ", ".join(words)
