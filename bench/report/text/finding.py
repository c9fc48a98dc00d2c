"""What the foremost claims of a study found: model, data and number, in the paper's terms and by rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bench.claims import judged_by
from bench.claims.claim import shape_of
from bench.claims.statistic import STATISTICS
from bench.core.judgements import VerdictRow
from bench.core.outcomes import codes
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.counts import Foremost, mark
from bench.report.points import in_points, number_unit, our_number
from bench.report.styles import Styles
from bench.report.text.claim_names import claim_names, pair_named
from bench.report.text.claims import published as published_words
from bench.report.text.claims import subject
from bench.report.told import Says, Told, finding_of, told
from bench.text import formats
from bench.text.judgements import SeedsOnly, ZeroExcluded
from bench.text.marks import FALSIFIER, MARKS, UNDECIDED, expected_word
from bench.text.words import measure

#: So many names stand in a headline; of more the rest is counted.
NAMED = 4
#: What a number says of a model: the verb, where the number of its metric reads as a share.
_VERBS = {"accuracy": ("reaches", "reach")}
#: What is said of the rows that scores are of, before the dataset.
_ROWS = {"train": "the training rows of ", "inner": "the inner folds of "}
#: On which further datasets a comparison came out so.
_ALSO = {Says.SHOWN: "", Says.OPEN: "not shown", Says.REFUTED: "not"}
#: Of two models, by what is said of a claim that they are equal; True: another claim is refuted by their equality.
_ARE = {
    **{(says, True): "are" for says in Says},
    (Says.SHOWN, False): "are",
    (Says.OPEN, False): "are not shown to be",
    (Says.REFUTED, False): "are not",
}
#: First words of titles that stay capital inside a sentence.
_PROPER = (
    "Adaboost",
    "Gaussian",
    "Huber",
    "Poisson",
    "Bayes",
    "Theil",
    "Brier",
    "Cohen",
    "Friedman",
    "Matthews",
    "Nemenyi",
)
#: Nouns of models that take an article.
_COUNTED = (
    "tree",
    "stump",
    "forest",
    "network",
    "machine",
    "perceptron",
    "process",
    "rule",
    "classifier",
    "model",
)
#: Two models whose equality refutes that one is better.
EQUAL = "practically equal"
STAND_IN = "the paper's own method was not run"


def is_plural(title: str) -> bool:
    """Whether a model's title is a plural: `Bagged trees`, but `1-NN`, `Naive Bayes`, `Backprop, 5 hidden units`.

    >>> is_plural("Bagged trees"), is_plural("Network without hidden units"), is_plural("Naive Bayes")
    (True, False, False)
    """
    noun = _noun(title)
    return noun.endswith("s") and not noun.endswith(("ss", "is", "us", "yes"))


def _noun(title: str) -> str:
    return (
        re.split(r"[,(]| with | without | of | on ", title)[0]
        .strip()
        .rsplit(" ", 1)[-1]
    )


def _small(words: str) -> str:
    """Words inside a sentence, names as they are.

    >>> _small("Rank by accuracy"), _small("ROC AUC"), _small("Brier score")
    ('rank by accuracy', 'ROC AUC', 'Brier score')
    """
    first = words.split()[0]
    keeps = (
        not first.replace("-", "").isalpha()
        or first != first.capitalize()
        or first in _PROPER
    )
    return words if keeps else words[0].lower() + words[1:]


def inside(title: str) -> str:
    """A model's title inside a sentence: `a pruned tree`, `linear discriminant analysis`, but `LightGBM`, `1-NN`.

    >>> inside("Pruned tree"), inside("Linear discriminant analysis"), inside("Gaussian process"), inside("LightGBM")
    ('a pruned tree', 'linear discriminant analysis', 'a Gaussian process', 'LightGBM')
    """
    first = title.split()[0] if title.split() else ""
    said = title if len(first) < 2 else _small(title)
    article = (
        ("an " if said[:1].lower() in "aeio" else "a ")
        if _noun(title).lower() in _COUNTED and "," not in title
        else ""
    )
    return article + said


def begun(title: str) -> str:
    """The same at the beginning of a sentence: `A pruned tree`, `1-NN`."""
    said = inside(title)
    return said if title.startswith(said[:1]) else said[:1].upper() + said[1:]


def named(names: Sequence[str]) -> str:
    """The names, beyond `NAMED` counted."""
    rest = len(names) - NAMED
    more = (
        [f"{formats.spelled(rest)} {'other' if rest == 1 else 'others'}"]
        if rest > 0
        else []
    )
    return formats.listed([*names[:NAMED], *more])


@dataclass(frozen=True)
class FindingOfClaims:
    """The sentences on claims of one study."""

    bundle: Bundle
    styles: Styles

    def said(self, of: Foremost) -> str:
        """The first claim with its numbers, how it came out on other datasets, and a claim that is refuted."""
        found = finding_of(self.bundle, of)
        parts = [self._whole(found.first)]
        if len(found.others) == 1 and self._is_score(found.first):
            (other,) = found.others
            parts = [f"{parts[0]}, and {self._scored(other)}"]
        elif found.others:
            parts += [
                ", ".join(self._also(found.first, found.others)),
                *self._less_closely(found.first.row, of),
            ]
        parts += [self._whole(found.refuted, inside)] if found.refuted else []
        stands_in = found.first.row.is_by_other_method and not found.first.is_number
        return "; ".join([*parts, STAND_IN] if stands_in else parts)

    def _less_closely(self, first: VerdictRow, of: Foremost) -> list[str]:
        """On how many more datasets the same is claimed with less evidence."""
        alike = [
            row
            for row in self.bundle.counted.attempted
            if _same_but_dataset(row, first) and row not in of.rows
        ]
        count = len({row.dataset for row in alike if row.evidence != of.evidence})
        many = f"{formats.spelled(count)} more dataset{'s' if count > 1 else ''}"
        return (
            [f"results on {many}, with weaker evidence, stand under Claims"]
            if count and first.source == "paper"
            else []
        )

    def judged(self, row: VerdictRow) -> str:
        """One claim with how it came out."""
        return self._whole(told(self.bundle, row))

    def _whole(self, one: Told, start: Callable[[str], str] | None = None) -> str:
        """A claim, and ` (20 seeds, one split)` where that is all that varies behind it."""
        undecidable = judged_by.has_few_datasets(one.row)
        said = (
            self._undecidable(one, start) if undecidable else self._sentence(one, start)
        )
        if SeedsOnly.code not in codes(one.row.reasons):
            return said
        folds = self.bundle.frame("folds").filter(
            dataset=one.row.dataset or self.bundle.datasets[0]
        )
        seeds = folds["repeat"].n_unique()
        split = "one split" if folds.height == seeds else "the same folds"
        return f"{said} ({formats.plural(seeds, 'seed')}, {split})"

    def named(self, row: VerdictRow) -> tuple[str, str]:
        """What a claim is about, for a table: the model or models, and the metric with its data."""
        unit, one = measure(row.metric) if row.metric else None, told(self.bundle, row)
        what = unit.title if unit is not None else ""
        title = self._title(row.family)
        claim, shape = self.bundle.claims.get(row.claim), shape_of(row.kind)
        statistic = shape.number == "statistic"
        if shape.number == "score" and row.family is not None:
            name = title
        elif claim is not None and claim.order:
            name = self.styles.order(claim.order)
        elif row.against is not None:
            name = pair_named(row, self.styles)
            if statistic:
                what = f"{subject(row.kind, unit, claim)}, {what}"
        elif shape.beats_all:
            name = f"{title} best of all"
        else:
            name = self._subject(row)
            what = "" if statistic else what
        return name, (what + self._on(one)).strip()

    # One claim.

    def _sentence(self, one: Told, start: Callable[[str], str] | None = None) -> str:
        """A claim by its own numbers and its own agreement; `start`: how a model's title begins it."""
        row, begin = one.row, start or begun
        title = begin(self._title(row.family)) if row.family is not None else ""
        many, place = (
            is_plural(self._title(row.family)),
            self._metric(one) + self._on(one),
        )
        if self._is_score(one):
            return f"{title} {self._verb(one)[many]} {self._scored(one)}"
        shape = shape_of(row.kind)
        phrases = shape.phrases
        if one.equal or phrases.together:
            said = phrases.predicate if phrases.together else EQUAL
            return f"{title} and {inside(self._title(row.against))} {_ARE[one.says, one.equal]} {said}{place}"
        if shape.beats_one:
            return f"{title} {_negated(one.says, 'beat', 'beats', many=many)} {self._other(one, place)}"
        if one.is_number:
            return f"{self._subject(row, start)}{self._on(one)} is {self._number(one)}{self._tail(one)}"
        if shape.beats_all:
            return f"{title} {_negated(one.says, 'have', 'has', many=many)} {self._best(one)}{self._on(one)}"
        if phrases.predicate:
            verb = _negated(one.says, "be", "is", many=many)
            other = inside(self._title(row.against))
            return f"{title} {verb} {phrases.predicate} {other}{place}"
        return self._others(one, start, place)

    def _others(self, one: Told, start: Callable[[str], str] | None, place: str) -> str:
        """A claim of an order, or of a kind that has no sentence."""
        row, claim = one.row, self.bundle.claims.get(one.row.claim)
        if claim is not None and claim.order:
            the = "The" if start is None else "the"
            order = self.styles.order(claim.order)
            return f"{the} order {order}{place} {_came_ordered(one)}"
        return f"{claim_names(self.bundle, self.styles)[row.claim]}: {_agreed(row)}"

    def _undecidable(self, one: Told, start: Callable[[str], str] | None) -> str:
        """Of so few datasets that no data could decide: what these showed says nothing."""
        said = f"{self._where(one)} cannot decide whether {self._claimed(one)}"
        return said if start else said[0].upper() + said[1:]

    def _claimed(self, one: Told) -> str:
        """What a comparison claims, for a part of a sentence: `a tree beats 1-NN`."""
        row, claim = one.row, self.bundle.claims.get(one.row.claim)
        if claim is not None and claim.order:
            return f"the order is {self.styles.order(claim.order)}{self._metric(one)}"
        shape, name = shape_of(row.kind), inside(self._title(row.family))
        phrases, many = shape.phrases, is_plural(self._title(row.family))
        if shape.beats_all:
            return f"{name} {'have' if many else 'has'} {self._best(one)}"
        other = f"{inside(self._title(row.against))}{self._metric(one)}"
        if phrases.together:
            other = f"{inside(self._title(row.against))} are {phrases.predicate}"
            return f"{name} and {other}{self._metric(one)}"
        if phrases.predicate:
            return f"{name} {'are' if many else 'is'} {phrases.predicate} {other}"
        return f"{name} {'beat' if many else 'beats'} {other}"

    def _other(self, one: Told, place: str) -> str:
        """`B by 9.3 pp on D`; of a paper that prints no size, `B on D, as published, here by 9.3 pp`."""
        other, size = inside(self._title(one.row.against)), self._size(one)
        if one.says != Says.SHOWN:
            return other + place
        if one.is_number:
            return f"{other} by {self._number(one)}{self._tail(one)}{place}"
        place = self._on(one) if one.share is not None and size else place
        if one.row.source == "author":
            return f"{other} {size}".strip() + place
        return f"{other}{place}, {self._as(one.row)}" + (
            f", here {size}" if size else ""
        )

    def _size(self, one: Told) -> str:
        """`by 9.3 pp`; of an error without a bound, `with 45 % less mean squared error`; empty where none is told."""
        unit, row = measure(one.metric), in_points(one.row)
        if one.size is None or row.ours is None:
            return ""
        if one.share is not None:
            return f"with {formats.probability(one.share)} less {unit.word}"
        width = formats.width_of(*judged_by.ends(row))
        if row.unit == "percent":
            size = formats.points(row.ours / 100, width and width / 100)
        else:
            size = replace(unit.beside(row.ours), width=width).difference(row.ours)
        size = size.lstrip("+")
        return f"by {size}" if size.strip("0. p") else ""

    def _best(self, one: Told) -> str:
        return f"the best {measure(one.metric).word}"

    def _scored(self, one: Told) -> str:
        """`97.5 % (published: 97.4 %) on Wine`, after the verb."""
        word = " accuracy" if one.several and self._verb(one)[0] == "reaches" else ""
        return f"{self._number(one)}{word}{self._tail(one)}{self._on(one)}"

    def _is_score(self, one: Told) -> bool:
        score = shape_of(one.row.kind).number == "score"
        return score and one.is_number and one.row.family is not None

    def _verb(self, one: Told) -> tuple[str, str]:
        if one.row.unit == "percent" and one.metric in _VERBS:
            return _VERBS[one.metric]
        word = measure(one.metric).word
        article = "an" if word[0] in "aeiou" else "a"
        return f"has {article} {word} of", f"have {article} {word} of"

    def _also(self, first: Told, others: Sequence[Told]) -> list[str]:
        """How claims that differ from the first by their dataset came out, each outcome with its datasets."""
        same, rows = self._outcome(first), _ROWS.get(first.side, "")
        groups: dict[str, list[str]] = {same: []}
        for one in others:
            groups.setdefault(self._outcome(one), []).extend(one.datasets)
        words = {
            came: " ".join(filter(None, ["also" * (came == same), came, "on"]))
            for came in groups
        }
        return [
            f"{words[came]} {rows}{self._places(found)}"
            for came, found in groups.items()
            if found
        ]

    def _outcome(self, one: Told) -> str:
        if one.equal:
            return EQUAL
        if judged_by.has_few_datasets(one.row):
            return UNDECIDED
        return _came(one.row) if one.is_number else _ALSO[one.says]

    def _subject(
        self, row: VerdictRow, start: Callable[[str], str] | None = None
    ) -> str:
        claim, unit = (
            self.bundle.claims.get(row.claim),
            measure(row.metric) if row.metric else None,
        )
        said = subject(row.kind, unit, claim)
        if claim is not None and claim.statistic in STATISTICS:
            said = STATISTICS[claim.statistic].title.split(",")[0]
        said = said if start is None else _small(said)
        whose = f" of {self._title(row.family)}" if row.family is not None else ""
        return said + (
            f" ({pair_named(row, self.styles)})" if row.against is not None else whose
        )

    def _published(self, row: VerdictRow) -> str:
        return published_words(row, number_unit(row), self.bundle.claims.get(row.claim))

    def _number(self, one: Told) -> str:
        """Ours with the decimals of the published number; with one more where that has none and ours is another."""
        row, printed = one.row, one.row.published or ""
        short = our_number(row, printed)
        shown = float(short.strip("<> ").replace(formats.MINUS, "-"))
        other = shown != float(printed) and formats.decimals_of(printed) == 0
        return (our_number(row, printed, 1) if other else short) + number_unit(row)

    def _tail(self, one: Told) -> str:
        """The published number, and how ours came out beside it: ` (published: 97.5 %; fits)`."""
        row, published = one.row, self._published(one.row)
        if row.falsifier:
            return f" ({FALSIFIER.lower()}: {published})"
        if row.holds and not row.is_by_other_method and self._number(one) == published:
            return f" ({self._as(row)})"
        within = (
            "; within the tolerance" if ZeroExcluded.code in codes(row.reasons) else ""
        )
        came = within if row.holds else f"; {_agreed(row)}"
        return f" ({self._as(row).removeprefix('as ')}: {published}{came})"

    def _as(self, row: VerdictRow) -> str:
        claim = self.bundle.claims.get(row.claim)
        memory = claim is not None and claim.read == "memory"
        if row.source == "paper" and row.is_by_other_method:
            return f"as {'quoted from memory' if memory else 'published'} for another method"
        return (
            "as expected"
            if row.source == "author"
            else "as quoted from memory"
            if memory
            else "as published"
        )

    # Words that all share.

    def _title(self, family: str | None) -> str:
        return self.styles.family(family).title

    def _metric(self, one: Told) -> str:
        """Where there are several; and behind a size that is not in percentage points."""
        unit, sized = measure(one.metric), one.beats_one and one.says == Says.SHOWN
        return f" in {unit.word}" if one.several or (sized and not unit.share) else ""

    def _places(self, datasets: Sequence[str]) -> str:
        return named([self.styles.dataset(name) for name in datasets])

    def _where(self, one: Told) -> str:
        """`ten datasets`, `the training rows of ten datasets`; of a part of them, `Iris and Wine`."""
        rows, every = _ROWS.get(one.side, ""), facts.places(self.bundle)
        if not set(one.datasets) < set(every):
            return rows + facts.sets_words(self.bundle, one.datasets)
        if len(one.datasets) <= NAMED:
            return rows + self._places(one.datasets)
        some = formats.spelled(len(facts.distinct(self.bundle, one.datasets)))
        return f"{rows}{some} of {facts.sets_words(self.bundle, every)}"

    def _on(self, one: Told) -> str:
        """` on Wine`, ` over ten datasets`, ` on the training rows of Wine`."""
        rows, count = _ROWS.get(one.side, ""), len(one.datasets)
        statistic = shape_of(one.row.kind).number == "statistic"
        if statistic and one.row.dataset is None:
            return f" on {rows.removesuffix(' of ')}" if rows else ""
        if count == 0:
            return ""
        return (
            f" over {self._where(one)}"
            if count > 1
            else f" on {rows}{self._places(one.datasets)}"
        )


def _same_but_dataset(one: VerdictRow, other: VerdictRow) -> bool:
    """Whether two claims are of one kind, model and metric."""
    return (one.kind, one.family, one.against, one.metric) == (
        other.kind,
        other.family,
        other.against,
        other.metric,
    )


def _negated(says: Says, verb: str, third: str, *, many: bool) -> str:
    """A verb as the claim came out: `beats`, `is not shown to beat`, `does not beat`; of `be`, `is`, `is not`."""
    are, do = ("are", "do") if many else ("is", "does")
    if says == Says.OPEN:
        return f"{are} not shown to {verb}"
    if verb == "be":
        return are if says == Says.SHOWN else f"{are} not"
    if says == Says.SHOWN:
        return verb if many else third
    return f"{do} not {verb}"


def _came_ordered(one: Told) -> str:
    """How an order came out: `is as published`."""
    whose = "expected" if one.row.source == "author" else "published"
    if one.says == Says.OPEN:
        return "is not shown"
    if one.says == Says.REFUTED:
        return f"is not as {whose}"
    return "is shown" if one.row.falsifier else f"is as {whose}"


def _came(row: VerdictRow) -> str:
    """How a claim came out: `reproduced`; of the author's, `as expected`."""
    return (
        expected_word(mark(row))
        if row.source == "author"
        else MARKS[mark(row)].word.lower()
    )


def _agreed(row: VerdictRow) -> str:
    """The same beside the published number, which it is not to be taken for."""
    came = _came(row)
    method = ", with an approximated method" if "method" in row.doubted else ""
    return f"{'agreement ' if came == UNDECIDED else ''}{came}{method}"
