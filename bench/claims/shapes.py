"""What claims of a kind are like: judging, page, exports and terminal ask this, and never for the name of a kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """The words of a kind.

    subject: the head of its claims, the name of the kind unless stated. between: what stands between two models.
    """

    subject: str = ""
    between: str = "over"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Traits of a kind of claim.

    number: what our number is. `score`: of the metric; `difference`: of two scores; `rank`;
    `order`: the order that was found, which is no number; `statistic`: of a table, with a scale of its own; `table`:
    many numbers.
    subject: what it is about, and whose scores the judgement rests on. `family`: one; `pair`: one and another;
    `rivals`: one and each of all others; `ranking`: all that are ranked; `table`: all.
    decided_by: `interval`: that of the number lies within the tolerance; `one end`: its lower end lies above less the
    tolerance; `direction`: a test shows that one is better; `tests`: of several pairs; `arithmetic`: nothing but our
    number.
    """

    number: Literal["score", "difference", "rank", "order", "statistic", "table"]
    subject: Literal["family", "pair", "rivals", "ranking", "table"]
    decided_by: Literal["interval", "one end", "direction", "tests", "arithmetic"]
    phrases: Phrases = field(default_factory=Phrases)

    @property
    def compares(self) -> bool:
        """Whether it holds models against each other, and so speaks of other rows too."""
        return self.subject in ("pair", "rivals", "ranking")

    @property
    def of_metric(self) -> bool:
        """Whether its tolerance is in the unit of the metric."""
        return self.number in ("score", "difference", "order")

    @property
    def beats_one(self) -> bool:
        """Whether it says that one model is better than another."""
        return self.subject == "pair" and self.decided_by == "direction"

    @property
    def beats_all(self) -> bool:
        """Whether it says that one model is better than all others: of the same models at most one such claim is
        true, and its number is the difference from the best other."""
        return self.subject == "rivals" and self.number == "difference"


SCORE = Shape(number="score", subject="family", decided_by="interval")
#: Of a table of scores: what follows from it.
ARITHMETIC = Shape(number="statistic", subject="table", decided_by="arithmetic")
