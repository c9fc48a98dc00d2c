"""Why a claim could not be judged: statements with their sentences."""

from __future__ import annotations

from bench.core.errors import nearest
from bench.core.outcomes import Statement, fixed
from bench.text.formats import plural


class NotAttempted(Statement, code="claim.not_attempted"):
    """The paper's method was not attempted; note: why, in the words of the study."""

    note: str | None

    def sentence(self) -> str:
        return self.note or "the paper's method is not part of this study"


class UnknownDataset(Statement, code="claim.unknown_dataset"):
    """The claim names a dataset that has no scores; known: those that have."""

    dataset: str
    known: tuple[str, ...]

    def sentence(self) -> str:
        return f"there are no scores on {self.dataset}; {nearest(self.dataset, self.known)}"


class FormsOfOneTable(
    Statement,
    code="claim.forms_of_one_table",
    says="{datasets:commas} are forms of one table, which is one dataset: name the form that is meant",
):
    datasets: tuple[str, ...]


RankOnOne = fixed(
    "claim.rank_on_one",
    "`rank` is a mean over several datasets; on one dataset write `best`, `better` or `order`",
)


RankOfOthers = fixed(
    "claim.rank_of_others",
    "`rank` is of what was fitted here; write `kind: statistic`, `statistic: mean_rank` for scores that "
    "others made",
)


NoDatasetNamed = fixed(
    "claim.no_dataset_named", "the claim names no dataset, and the study has several"
)


class CellsFailed(Statement, code="claim.cells_failed"):
    """Cells of a family failed, so that its mean score is not known; stage, reason: of the first one."""

    cells: int
    family: str
    dataset: str
    stage: str
    reason: str

    def sentence(self) -> str:
        where = f"{plural(self.cells, 'fit')} of {self.family} on {self.dataset} failed"
        return f"{where}; the first at stage {self.stage}: {self.reason}"


class NoScores(
    Statement,
    code="claim.no_scores",
    says="{family} has no complete {side} scores of {metric} on {dataset}",
):
    metric: str
    family: str
    dataset: str
    side: str


class NoCommonFold(
    Statement,
    code="claim.no_common_fold",
    says="{metric} of {family} and {against} on {dataset}: on no fold are both defined",
):
    metric: str
    family: str
    against: str
    dataset: str


class NoTolerance(
    Statement,
    code="claim.no_tolerance",
    says="no tolerance is declared for {of}, and there is no customary one",
):
    """No tolerance is stated or customary; of: the metric, or `mean rank`."""

    of: str


NoRival = fixed("claim.no_rival", "there is no other model to compare with")


class NoSuchCount(Statement, code="claim.no_such_count"):
    """No count of so many cases gives the number."""

    value: str
    count: int

    def sentence(self) -> str:
        return f"no count of {self.count} cases gives {self.value}: impossible under the stated protocol"


class StatisticFailedCells(
    Statement,
    code="claim.statistic_failed_cells",
    says="{cells} {cells:fit|fits} failed, and {statistic} needs all of them",
):
    statistic: str
    cells: int


class StatisticUndefined(
    Statement,
    code="claim.statistic_undefined",
    says="{statistic} was not computed: {why}",
):
    """The statistic was not computed; why: the message of the computation."""

    statistic: str
    why: str


class StatisticInfinite(
    Statement,
    code="claim.statistic_infinite",
    says="{statistic} is infinite: every dataset ranks the models alike",
):
    statistic: str


class StatisticTooLarge(Statement, code="claim.statistic_too_large"):
    """The printed statistic is larger than it can be; families: None where it does not depend on their number."""

    statistic: str
    value: str
    most: float
    datasets: int
    families: int | None

    def sentence(self) -> str:
        of = plural(self.datasets, "dataset") + (
            "" if self.families is None else f" and {self.families} models"
        )
        return f"{self.statistic} {self.value} cannot be of {of}: at most {self.most:g}"


class StatisticTooFew(Statement, code="claim.statistic_too_few"):
    """There are too few datasets, or too few families, for the statistic; families: the fewest that it needs."""

    statistic: str
    families: int

    def sentence(self) -> str:
        needs = f"at least two datasets on which every model has a score, and {self.families} models"
        return f"{self.statistic} was not computed: it needs {needs}"


class FamilyWithoutMetric(Statement, code="claim.family_without_metric"):
    """A family that the claim names has no scores of the metric; known: those that have."""

    family: str
    metric: str
    known: tuple[str, ...]

    def sentence(self) -> str:
        return f"{self.family} has no {self.metric} here; {nearest(self.family, self.known)}"
