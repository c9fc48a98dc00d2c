"""What the foremost claims of a study found: model, data and number, in the paper's terms and by rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bench.claims.statistic import STATISTICS
from bench.core.counting import is_open
from bench.core.judgements import Agreement, Evidence, VerdictRow
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.counts import Foremost, mark
from bench.report.styles import Styles
from bench.report.text.claim_names import claim_names, pair_named
from bench.report.text.claims import published as published_words
from bench.report.text.claims import subject
from bench.text import formats
from bench.text.marks import AGREES, NOT_REPRODUCED, UNDECIDED
from bench.text.words import measure

#: So many names stand in a headline; of more the rest is counted.
NAMED = 4
#: Fewer foremost claims than this are told together with others of equal evidence.
FEW = 2
#: Claims of a number, and what they say of a model: the verb, where the number of its metric reads as a share.
_SCORES = ("value", "mean")
_VERBS = {"accuracy": ("reaches", "reach"), "error_rate": ("errs in", "err in")}
#: How further claims came out.
_CAME = {
    "reproduced": "reproduced",
    "agrees": "agrees",
    Agreement.DIRECTION_REPRODUCED: "direction only",
    Agreement.CONSISTENT: "consistent",
    Agreement.UNCLEAR: "unclear",
    UNDECIDED: UNDECIDED,
    Agreement.DIFFERS: "differs",
}
#: First words of titles that stay capital inside a sentence.
_PROPER = ("Adaboost", "Gaussian", "Huber", "Poisson", "Bayes", "Theil")
#: Nouns of models that take an article.
_COUNTED = ("tree", "stump", "forest", "network", "machine", "perceptron", "process", "rule", "classifier", "model")
STAND_IN = "the paper's own method was not run"


def is_plural(title: str) -> bool:
    """Whether a model's title is a plural: `Bagged trees`, but `1-NN`, `Naive Bayes`, `Backprop, 5 hidden units`.

    >>> is_plural("Bagged trees"), is_plural("Network without hidden units"), is_plural("Naive Bayes")
    (True, False, False)
    """
    noun = _noun(title)
    return noun.endswith("s") and not noun.endswith(("ss", "is", "us", "yes"))


def _noun(title: str) -> str:
    return re.split(r"[,(]| with | without | of | on ", title)[0].strip().rsplit(" ", 1)[-1]


def inside(title: str) -> str:
    """A model's title inside a sentence: `a pruned tree`, `linear discriminant analysis`, but `LightGBM`, `1-NN`.

    >>> inside("Pruned tree"), inside("Linear discriminant analysis"), inside("Gaussian process"), inside("LightGBM")
    ('a pruned tree', 'linear discriminant analysis', 'a Gaussian process', 'LightGBM')
    """
    first = title.split()[0] if title.split() else ""
    keeps = not first.replace("-", "").isalpha() or len(first) < 2 or first != first.capitalize() or first in _PROPER
    said = title if keeps else title[0].lower() + title[1:]
    article = (
        ("an " if said[:1].lower() in "aeio" else "a ") if _noun(title).lower() in _COUNTED and "," not in title else ""
    )
    return article + said


def begun(title: str) -> str:
    """The same at the beginning of a sentence: `A pruned tree`, `1-NN`."""
    said = inside(title)
    return said if title.startswith(said[:1]) else said[:1].upper() + said[1:]


def named(names: Sequence[str]) -> str:
    """The names, beyond `NAMED` counted."""
    rest = len(names) - NAMED
    more = [f"{formats.spelled(rest)} {'other' if rest == 1 else 'others'}"] if rest > 0 else []
    return formats.listed([*names[:NAMED], *more])


@dataclass(frozen=True)
class FindingOfClaims:
    """The sentences on claims of one study."""

    bundle: Bundle
    styles: Styles

    def said(self, of: Foremost) -> str:
        """Numbers first, then comparisons, then what else is foremost; last a number that is not reproduced."""
        rows = self._with_equals(of)
        numbers, pairs = list(filter(_is_number, rows)), [row for row in rows if _is_pair(row)]
        parts = self._comparisons(pairs)
        if numbers:
            parts = self._joined(self._numbers(numbers), parts, numbers, pairs)
        if not parts:
            parts = list(map(self.judged, rows))[:FEW]
        if self._nothing_decided() and numbers:
            parts = [self._full(self._in_order(numbers)[0], status=False), self._nothing_decided()]
        refuted = [row for row in self.bundle.counted.attempted if mark(row) == NOT_REPRODUCED and row not in rows]
        parts += [self._full(row, first=not parts) for row in filter(_is_number, refuted)][:1]
        stand_in = all(row.fidelity == "substituted" for row in of.rows)
        return "; ".join([*parts, STAND_IN] if stand_in else parts)

    def _joined(
        self, told: list[str], pairs: list[str], numbers: list[VerdictRow], rows: list[VerdictRow]
    ) -> list[str]:
        """Numbers before comparisons; a comparison of the very model that the first number is of continues it."""
        first = self._in_order(numbers)[0]
        if len(pairs) != 1 or (rows[0].family, rows[0].dataset) != (first.family, first.dataset):
            return [*told, *pairs]
        title, place = begun(self._title(first.family)), self._on(first)
        rest = pairs[0].removeprefix(title).replace(place, "", 1).removesuffix(", as published")
        return [f"{told[0]} and{rest}", *told[1:]]

    def named(self, row: VerdictRow) -> tuple[str, str]:
        """What a claim is about, for a table: the model or models, and the metric with its data."""
        unit = measure(row.metric) if row.metric else None
        what = unit.title if unit is not None else ""
        title = self._title(row.family)
        claim = self.bundle.claims.get(row.claim)
        if row.kind in _SCORES and row.family is not None:
            name = title
        elif row.kind == "order" and claim is not None and claim.order:
            name = " > ".join(self._title(f) for f in _flat(claim.order))
        elif row.against is not None:
            name = pair_named(row, self.styles)
            what = f"{subject(row.kind, unit, False, claim)}, {what}" if row.kind == "statistic" else what
        elif row.kind == "best":
            name = f"{title} best of all"
        else:
            name = self._subject(row)
            what = "" if row.kind == "statistic" else what
        return name, (what + self._side(row) + self._on(row)).strip()

    def _with_equals(self, of: Foremost) -> list[VerdictRow]:
        """The foremost claims; where that is one alone, also the other claims on evidence that is as good or better.

        A central expectation of the author over several datasets stands alone: the others are of other things.
        """
        if len(of.rows) >= FEW or (of.central and of.rows[0].source == "author" and of.rows[0].dataset is None):
            return list(of.rows)
        order = list(Evidence)
        least = order.index(of.evidence)
        also = (r for r in self.bundle.counted.attempted if order.index(Evidence(str(r.evidence))) <= least)
        return [*of.rows, *(row for row in also if row not in of.rows)]

    def judged(self, row: VerdictRow) -> str:
        """One claim with how it came out."""
        if _is_number(row):
            return self._full(row)
        if _is_pair(row):
            return self._comparisons([row])[0]
        name = claim_names(self.bundle, self.styles)[row.claim]
        claim = self.bundle.claims.get(row.claim)
        if row.kind == "order" and claim is not None and claim.order:
            name = "The order of " + formats.listed([self._title(f) for f in _flat(claim.order)])
        elif row.kind == "equivalent":
            pair = f"{begun(self._title(row.family))} and {inside(self._title(row.against))}"
            equal = "are practically equal" if row.holds else "are not shown to be practically equal"
            return f"{pair} {equal}{self._on(row)}"
        elif row.kind == "best":
            return self._best(row)
        return f"{name}: {_CAME[_outcome(row)]}"

    def _best(self, row: VerdictRow) -> str:
        title, unit = begun(self._title(row.family)), measure(row.metric or self.bundle.study.metrics.primary)
        ahead = row.holds or (row.ours is not None and row.ours > 0)
        verb = ("have" if is_plural(title) else "has") + ("" if ahead else " not")
        doubt = ", but not significantly" if ahead and not row.holds else ""
        return f"{title} {verb} the best {unit.word}{self._on(row)}{doubt}"

    # Numbers.

    def _numbers(self, rows: list[VerdictRow]) -> list[str]:
        """The first number with its model and data; the others by how they came out, with the first where alike."""
        first, *others = self._in_order(rows)
        start = self._full(first)
        if len(others) == 1 and self._same_model(first, others[0]) and first.dataset != others[0].dataset:
            second = "in " * (self._verb(first)[0] == "errs in") + self._number(others[0])
            return [f"{start} and {self._with_tail(second, others[0], self._on(others[0]))}"]
        apart = [row for row in others if row.kind in _SCORES and not (row.holds or _is_consistent(row))]
        told = [start]
        for row in apart:
            same = row.published == first.published and mark(row) != NOT_REPRODUCED
            told.append(self._clause(row, first=False) if same else self._full(row, first=False))
        told += self._alike(first, [row for row in others if row not in apart])
        return told[: FEW + 1]

    def _nothing_decided(self) -> str:
        """That no test decides any of several claims of a paper; else empty."""
        rows = self.bundle.counted.attempted
        undecided = len(rows) > FEW and all(map(is_open, rows))
        return f"none of {len(rows)} claims is confirmed or refuted" if undecided else ""

    def _full(self, row: VerdictRow, *, first: bool = True, status: bool = True) -> str:
        """A number with its model and data, and how it stands to the published one."""
        said = self._clause(row, first=first)
        place = self._on(row) if said.endswith(self._on(row)) else ""
        return self._with_tail(said.removesuffix(place), row, place, status=status)

    def _with_tail(self, said: str, row: VerdictRow, place: str, *, status: bool = True) -> str:
        """The published number in brackets stands before the place, whose name may end with brackets."""
        tail = self._tail(row, status=status)
        return f"{said}{tail}{place}" if tail.startswith(" (") else f"{said}{place}{tail}"

    def _alike(self, first: VerdictRow, others: Sequence[VerdictRow]) -> list[str]:
        """Further numbers by how they came out."""
        groups: dict[str, list[str]] = {}
        for row in others:
            groups.setdefault(_outcome(row), []).append(self._name(row, first))
        exact = {row.agreement == Agreement.EXACT for row in others if _outcome(row) == "reproduced"}
        came = _CAME | ({"reproduced": "exact or reproduced" if False in exact else "exact"} if True in exact else {})
        same = "" if first.holds else _outcome(first)
        said = {key: f"{'also ' * (key == same)}{came[key]}" for key in groups}
        return [f"{said[key]}: {named(list(dict.fromkeys(names)))}" for key, names in groups.items()]

    def _in_order(self, rows: list[VerdictRow]) -> list[VerdictRow]:
        """Central claims first, then what agrees, on test rows, of a model and not a baseline, of the least loss."""
        order, claims = list(Agreement), self.bundle.claims

        def worth(row: VerdictRow) -> tuple[object, ...]:
            claim, unit = claims.get(row.claim), measure(row.metric or "")
            train = claim is not None and claim.side == "train"
            central, baseline = claim is not None and claim.central, self.styles.family(row.family).baseline
            place = order.index(Agreement(str(row.agreement)))
            return not central, max(place, 1), train, baseline, unit.loss(float(row.published or 0))

        return sorted(rows, key=worth)

    def _same_model(self, one: VerdictRow, other: VerdictRow) -> bool:
        return (one.family, one.metric, one.kind, one.unit) == (other.family, other.metric, other.kind, other.unit)

    def _name(self, row: VerdictRow, first: VerdictRow) -> str:
        """What tells a further claim from the first: its data, its model, or both."""
        if row.kind not in _SCORES or row.family is None:
            return self._subject(row)
        if row.family == first.family and row.dataset != first.dataset and row.dataset:
            return self.styles.dataset(row.dataset)
        title = inside(self._title(row.family))
        return title if row.dataset == first.dataset else title + self._on(row)

    def _clause(self, row: VerdictRow, *, first: bool = True) -> str:
        """`1-NN errs in 1.5 % on Noise`, `Friedman's chi-square is 9.28`."""
        if row.kind not in _SCORES or row.family is None:
            where = "" if row.kind == "statistic" else self._on(row)
            return f"{self._subject(row)}{where} is {self._number(row)}"
        title = self._title(row.family)
        one, many = self._verb(row)
        start = f"{begun(title) if first else inside(title)} {many if is_plural(title) else one}"
        return f"{start} {self._number(row)}{self._side(row)}{self._on(row)}"

    def _verb(self, row: VerdictRow) -> tuple[str, str]:
        if row.unit == "percent" and row.metric in _VERBS:
            return _VERBS[row.metric]
        word = measure(row.metric or "").word
        article = "an" if word[0] in "aeiou" else "a"
        return f"has {article} {word} of", f"have {article} {word} of"

    def _subject(self, row: VerdictRow) -> str:
        claim, unit = self.bundle.claims.get(row.claim), measure(row.metric) if row.metric else None
        said = subject(row.kind, unit, row.dataset is not None, claim)
        if claim is not None and claim.statistic in STATISTICS:
            said = STATISTICS[claim.statistic].title.split(",")[0]
        whose = f" of {self._title(row.family)}" if row.family is not None else ""
        if row.against is not None:
            whose = f" ({pair_named(row, self.styles)})"
        return said + whose + self._side(row)

    def _number(self, row: VerdictRow) -> str:
        """Ours with the decimals of the published number; with one more where that has none and ours is another."""
        printed = row.published or ""
        short = formats.as_printed(row.ours, printed)
        other = float(short.replace(formats.MINUS, "-")) != float(printed) and formats.decimals_of(printed) == 0
        shown = formats.as_printed(row.ours, printed, 1) if other else short
        return shown + _percent(row)

    def _tail(self, row: VerdictRow, *, status: bool = True) -> str:
        """How ours stands to the published number; `status`: also that this is undecided."""
        claim = self.bundle.claims.get(row.claim)
        memory = claim is not None and claim.read == "memory"
        whose = "expected" if row.source == "author" else "quoted from memory" if memory else "published"
        published = published_words(row, _percent(row))
        if row.agreement == Agreement.DIFFERS:
            return f", not the {whose.removesuffix(' from memory')} {published}"
        if row.agreement == Agreement.CONSISTENT:
            return f" ({whose}: {published}{f'; {_CAME[_outcome(row)]}' if status else ''})"
        word = f" ({_CAME[_outcome(row)]})" if status else ""
        if row.agreement == Agreement.UNCLEAR and row.difference is not None:
            return f", {_stands(row)} the {whose.removesuffix(' from memory')} {published}{word}"
        equal = self._number(row) == published and row.fidelity != "substituted"
        return f", as {whose}" if equal else f" ({whose}: {published})"

    # Comparisons.

    def _comparisons(self, rows: list[VerdictRow]) -> list[str]:
        """A sentence for each two models: on which data the first is better, by how much, where not."""
        pairs: dict[tuple[str | None, str | None], list[VerdictRow]] = {}
        for row in rows:
            pairs.setdefault((row.family, row.against), []).append(row)
        first, *more = pairs.values() or [[]]
        return ([self._comparison(first)] if first else []) + [self._briefly(same) for same in more][: FEW - 1]

    def _briefly(self, rows: list[VerdictRow]) -> str:
        """Two further models: on which data the first is better."""
        shown = [row for row in rows if row.holds]
        if not shown:
            return self._comparison(rows)
        one, other = self._title(rows[0].family), inside(self._title(rows[0].against))
        return f"{inside(one)} {'beat' if is_plural(one) else 'beats'} {other}{self._places(shown)}"

    def _comparison(self, rows: list[VerdictRow]) -> str:
        shown = [row for row in rows if row.holds]
        against = [row for row in rows if row.agreement == Agreement.DIFFERS]
        one, other = self._title(rows[0].family), inside(self._title(rows[0].against))
        if not shown:
            verb = ("does not beat", "do not beat") if against else ("is not shown to beat", "are not shown to beat")
            return f"{begun(one)} {verb[is_plural(one)]} {other}{self._places(rows)}"
        first = max(shown, key=lambda row: (row.ours or 0) / (row.tolerance or 1))
        start = f"{begun(one)} {self._beats(first, is_plural(one), other)}{self._on(first)}{self._as(shown)}"
        opened = [row for row in rows if row not in (*shown, *against)]
        more = [row for row in shown if row is not first]
        for words, some in (("; also", more), (", not shown", opened), (", not", against)):
            start += f"{words}{self._places(some)}" if some else ""
        return start

    def _as(self, rows: list[VerdictRow]) -> str:
        claims = [self.bundle.claims.get(row.claim) for row in rows]
        if any(row.source == "author" for row in rows):
            return ""
        return (
            ", as quoted from memory" if all(c is not None and c.read == "memory" for c in claims) else ", as published"
        )

    def _beats(self, row: VerdictRow, many: bool, other: str) -> str:
        """`beats B by 9.3 pp`; an error without a bound: `has 45 % less mean squared error than B`."""
        unit = measure(row.metric or self.bundle.study.metrics.primary)
        base = facts.estimates(self.bundle, unit.name).get((row.dataset or self.bundle.datasets[0], row.against or ""))
        verb = "beat" if many else "beats"
        if row.ours is None:
            return f"{verb} {other}"
        if unit.high is None and not unit.higher and unit.low == 0 and base is not None and base.value > 0:
            share = f"{100 * row.ours / base.value:.0f}{formats.THIN}%"
            return f"{'have' if many else 'has'} {share} less {unit.word} than {other}"
        if row.unit == "percent":
            return f"{verb} {other} by {formats.as_printed(row.ours, '0.0')} pp"
        size = unit.beside(None if base is None else base.value, row.ours).difference(row.ours).lstrip("+")
        return f"{verb} {other} by {size}" + ("" if unit.share else f" {unit.word}")

    def _places(self, rows: Sequence[VerdictRow]) -> str:
        if len(self.bundle.datasets) == 1:
            return ""
        places = [self.styles.dataset(row.dataset) for row in rows if row.dataset]
        return f" on {named(places)}" if places else f" over {len(self._over(rows[0]))} datasets"

    def _over(self, row: VerdictRow) -> Sequence[str]:
        """The datasets of a claim over several."""
        claim = self.bundle.claims.get(row.claim)
        return (claim.datasets if claim is not None else None) or self.bundle.datasets

    # Words that all share.

    def _title(self, family: str | None) -> str:
        return self.styles.family(family).title

    def _on(self, row: VerdictRow) -> str:
        if row.dataset is not None:
            return f" on {self.styles.dataset(row.dataset)}"
        one = len(self.bundle.datasets) == 1 and row.kind != "statistic"
        return f" on {self.styles.dataset(self.bundle.datasets[0])}" if one else ""

    def _side(self, row: VerdictRow) -> str:
        claim = self.bundle.claims.get(row.claim)
        side = claim.side if claim is not None else "test"
        return {"train": " of the training rows", "inner": " in the inner folds"}.get(side, "")


def _stands(row: VerdictRow) -> str:
    """How ours stands to the published number: `1.1 pp below`, `equal to` where no printed digit tells them apart."""
    way, size, printed = (
        "below" if (row.difference or 0) < 0 else "above",
        abs(row.difference or 0),
        row.published or "",
    )
    percent = row.unit == "percent"
    shown = formats.as_printed(size, max("0.0", printed, key=formats.decimals_of) if percent else printed, not percent)
    if not shown.partition("e")[0].strip("0."):
        if formats.as_printed(row.ours, printed) == formats.as_printed(float(printed), printed):
            return "equal to"
        shown = formats.as_printed(size, printed, 1)
    return f"{shown}{' pp' if percent else ''} {way}"


def _outcome(row: VerdictRow) -> str:
    """A key of `_CAME`."""
    if row.holds:
        return "agrees" if mark(row) == AGREES else "reproduced"
    return UNDECIDED if is_open(row) and row.source == "author" else str(row.agreement)


def _is_consistent(row: VerdictRow) -> bool:
    return row.agreement == Agreement.CONSISTENT


def _is_number(row: VerdictRow) -> bool:
    return row.published is not None and row.ours is not None


def _is_pair(row: VerdictRow) -> bool:
    return row.kind == "better" and not _is_number(row)


def _percent(row: VerdictRow) -> str:
    return f"{formats.THIN}%" if row.unit == "percent" else ""


def _flat(order: Sequence[str | Sequence[str]]) -> list[str]:
    return [name for one in order for name in ([one] if isinstance(one, str) else one)]
