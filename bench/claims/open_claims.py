"""The claims that are consistent or unclear, falsifiers that are undecided, and what would decide each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bench.core.judgements import Agreement, VerdictRow
from bench.core.outcomes import decoded
from bench.scores.setting import Setting
from bench.text.judgements import Settle

#: What can be run again on the same rows.
REPEATED = ("repeats", "seeds", "draws")


@dataclass(frozen=True)
class OpenClaim:
    """One thing that would decide a claim."""

    #: claim, dataset: whose; the dataset None of a claim over several
    claim: str
    dataset: str | None
    agreement: (
        Agreement | None
    )  # of a falsifier: before Holm's correction; None where it was not judged
    settle: Settle  # what would decide it
    now: (
        int | None
    )  # how many repeats, seeds or draws there are; None where it is something else that would decide

    @property
    def further(self) -> int | None:
        """How many more of them it takes; None where that is not known."""
        return (
            None
            if self.now is None or self.settle.count is None
            else max(0, self.settle.count - self.now)
        )


def open_claims(
    verdicts: Iterable[VerdictRow],
    datasets: Sequence[str],
    setting: Callable[[str], Setting],
) -> tuple[OpenClaim, ...]:
    """What would decide the open claims of a study, in its order; `setting`: how the scores of a dataset vary."""
    found = []
    for row in verdicts:
        dataset = row.dataset or (datasets[0] if len(datasets) == 1 else None)
        unjudged = row.agreement is None
        for settle in (
            (Settle("unjudged"),) * row.falsifier if unjudged else decoded(row.settle)
        ):
            if isinstance(settle, Settle):
                now = None
                if settle.by in REPEATED and dataset in datasets:
                    here = setting(str(dataset))
                    now = here.drawn or None
                found.append(OpenClaim(row.claim, dataset, row.agreement, settle, now))
    return tuple(found)
