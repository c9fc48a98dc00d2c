"""What a kind of claim is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bench.claims.case import CaseOf
from bench.claims.judgement import Judgement
from bench.claims.shapes import ARITHMETIC, Shape
from bench.core.outcomes import Statement
from bench.core.registry import Registry
from bench.scores.series import SeriesByKey
from bench.study import Claim, Study
from bench.study.claims import ClaimForm
from bench.text.claim_problems import NoOwnTolerance, WideOwnTolerance


def has_one_dataset(study: Study) -> bool:
    """Whether a claim need not name its dataset; a table that has a column of datasets names several."""
    tables = [spec.external for spec in study.datasets.values()]
    return len(tables) == 1 and (tables[0] is None or tables[0].dataset is None)


C = TypeVar("C", bound=Claim)
#: What is wrong with a claim: the keys at fault, and what.
Problems = Iterator[tuple[tuple[str, ...], Statement]]


def check_own_tolerance(claim: Claim, most: float) -> Problems:
    """A number with a scale of its own needs a tolerance, and one below the most that two such numbers can differ."""
    if claim.not_attempted is not None:
        return
    if claim.tolerance is None:
        yield ("tolerance",), NoOwnTolerance(claim.kind)
    elif claim.tolerance >= most:
        yield ("tolerance",), WideOwnTolerance(claim.tolerance, most)


@dataclass(frozen=True)
class ClaimKind(ClaimForm, Generic[C]):
    """A kind of claim: its fields, what its number is, and how it is judged.

    Attributes
    ----------
    name, title : str
        Its word in a study (`kind`), and what it is for people.
    model : type
        The subclass of `Claim` with the fields of the kind.
    example : str
        A claim of the kind, as a line of YAML.
    judge : callable
        From a claim, bound to its evidence, to a judgement.
    shape : Shape
        What its claims are like.
    numbers : callable, optional
        Of a table: each of its numbers, judged, from the claim, the study and the scores.
    check : callable
        What else can be wrong with a claim of this kind: the keys at fault, and what.
    """

    model: type[C]
    example: str
    judge: Callable[[CaseOf[C]], Judgement]
    shape: Shape
    numbers: Callable[[C, Study, SeriesByKey], Any] | None = None
    check: Callable[[C, Study], Problems] = lambda claim, study: iter(())


KINDS: Registry[ClaimKind[Any]] = Registry(
    "bench.claims", ClaimKind, "claim kind", group="bench.claims"
)


def shape_of(kind: str) -> Shape:
    """The shape of a kind; of one that is not known here, as in an old record, that of a statistic."""
    member = KINDS.get(kind)
    return ARITHMETIC if member is None else member.shape
