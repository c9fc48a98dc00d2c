"""What is wrong with a study, and what is worth saying of one that is right: statements with their sentences.

A sentence says what is wrong and the nearest right word; which words are known stands on a second line. A kind of claim
or an explanation may bring statements of its own.
"""

from __future__ import annotations

from enum import StrEnum

from bench.core.errors import meant, nearest, suggested
from bench.core.outcomes import Statement
from bench.text.formats import count


class Rule(StrEnum):
    """Rules, each with the sentence that tells it whole: but for two, nothing of it depends on the study."""

    says: str

    def __new__(cls, code: str, says: str = "") -> Rule:
        member = str.__new__(cls, code)
        member._value_, member.says = code, says
        return member

    ALIAS = (
        "alias",
        "aliases (&name, *name) are not allowed in a study: write the value out",
    )
    KEY = "key", "a key must be a word"
    NO_BLOCK = "no_block", "expected a block of `key: value` lines"
    NESTED = "nested", "is nested too deeply"
    NAME = "name", "a name is small letters, digits, _ and -, and begins with a letter"
    LINK = "link", "expected a link that begins with https://"
    NUL = "nul", "has a NUL character; expected a table of text"
    NO_CLAIM = "no_claim", "has no claim; expected one row a claim under the header"
    RANGES = (
        "ranges",
        'without `column`, both `train` and `test` are row ranges such as "1-200"',
    )
    RANGE_ORDER = (
        "range_order",
        "rows are counted from 1, and a range ends at or after the row at which it begins",
    )
    NAME_OF_OURS = (
        "name_of_ours",
        "bench has files of its own by this name; choose another",
    )
    HALF_LETTER = (
        "half_letter",
        "half of a letter: such a code has no meaning without the other half",
    )
    STUDY_ID = (
        "study_id",
        "the id of a study is small letters, digits and hyphens, and begins with a letter",
    )
    DIRECTIVE = (
        "directive",
        "the file is read as YAML 1.2; leave out the line `%YAML`, which would change what its words mean",
    )
    ORDINAL = (
        "ordinal",
        "an order needs its values: write `{ordinal: [low, middle, high]}`, the lowest first",
    )
    FAMILY_OR_ESTIMATOR = (
        "family_or_estimator",
        "give `family` or `estimator`, not both",
    )
    REPEATS_ARE_MISSING = (
        "repeats_are_missing",
        "`repeat` needs `repeats_are`: `splits` when each repeat drew other splits, `seeds` when it kept "
        "them and took another seed, `draws` when all rows are new",
    )
    REPEATS_ARE_ALONE = (
        "repeats_are_alone",
        "`repeats_are` stands without `repeat`, the column that it speaks of",
    )
    RATIO_AND_ROWS = (
        "ratio_and_rows",
        "give `test_train_ratio` or the numbers of rows, not both",
    )
    METRIC_IN_VALUE = (
        "metric_in_value",
        "`value` names the metric of each column already; leave out `metric`",
    )
    ANSWER = "answer", "give `label` or `p`"
    CONCLUSION = "conclusion", "give one of `pair`, `numbers: true`, `claims`"
    NO_SETTING = (
        "no_setting",
        "name what the paper does not print, `{other_settings: {n_neighbors: [3, 5, 7]}}`",
    )
    TARGET = (
        "target",
        "give `target` (the column to predict), or `scores` for a table of scores, or `predictions` for one "
        "of predictions",
    )
    METRIC_MISSING = (
        "metric_missing",
        "a table of scores needs `metric`: which metric its values are",
    )
    METRIC_IDLE = (
        "metric_idle",
        "`metric` is for a table of scores of one metric; leave it out",
    )
    MUST_BE_NULL = (
        "must_be_null",
        "must be null: all results are external, nothing is fitted",
    )
    TASK_OF_PREDICTIONS = (
        "task_of_predictions",
        "null, but dataset {} holds predictions: classification or regression?",
    )
    NO_POSITIVE = "no_positive", "has no meaning in regression; remove it"
    IDLE = (
        "idle",
        "has no meaning here: nothing is fitted to a table of external results; remove it",
    )
    STRATIFY = "stratify", "stratifying needs classes; the task is regression"
    NO_FITS = "no_fits", "asks for fits, but nothing is fitted in this study; remove it"
    NO_RECORD_FILE = (
        "no_record_file",
        "is not what `bench freeze` writes; take it from the history of the repository",
    )
    K_AND_PERCENTILE = "k_and_percentile", "{} takes k or percentile, not both"
    ONE_FAMILY = (
        "one_family",
        "candidates are of one family, and several are to be explained; name candidates in `families`",
    )
    SCHEDULER = (
        "scheduler",
        "`backend: dask` and `scheduler`, an address like tcp://host:8786, go together: give both or none",
    )


class Said(Statement, code="problem.said", says="{words}"):
    words: str


class Broken(Statement, code="problem.rule"):
    """A rule that does not hold; `names`: the keys or columns that it is about."""

    rule: str
    names: tuple[str, ...] = ()

    def sentence(self) -> str:
        rule = Rule(self.rule)
        of_names = rule in (Rule.TASK_OF_PREDICTIONS, Rule.K_AND_PERCENTILE)
        return rule.says.format(*self.names) if of_names else rule.says


class UnknownKey(Statement, code="problem.unknown_key"):
    """A key, or a column, that means nothing here; `noun`: what the known ones are."""

    word: str
    known: tuple[str, ...]
    noun: str = "keys"

    @property
    def meant(self) -> tuple[str, ...]:
        """The known words that it is most like; one, if any, where none is the same but for its signs."""
        return tuple(meant(self.word, self.known))

    def sentence(self) -> str:
        what = "unknown column" if self.noun == "columns" else "unknown"
        return f"{what}; {suggested(self.word, self.known, self.noun)}"


class Elsewhere(Statement, code="problem.elsewhere"):
    """A key that stands in another block; `blocks`: the keys down to that block, none at the top of the file."""

    word: str
    blocks: tuple[str, ...]

    def sentence(self) -> str:
        shown = f"{self.word}: ..."
        for block in reversed(self.blocks):
            shown = f"{block}: {{{shown}}}"
        if not self.blocks:
            return f"stands at the top of the file, not indented: `{shown}`"
        return f"stands under `{'.'.join(self.blocks)}`: `{shown}`; is it indented as its neighbours are?"


class StepOrder(
    Statement,
    code="problem.step_order",
    says="{step} works on raw text and runs before {later}, which works on typed columns; list it before {later}",
):
    """Cleaning steps in another order than that in which they run."""

    step: str
    later: str


class StepOptions(Statement, code="problem.step_options"):
    """Options of a step that are no block; `options`: those that it has."""

    step: str
    options: tuple[str, ...]

    def sentence(self) -> str:
        return (
            f"expected a block of its options, `{{{self.step}: {{{self.options[0]}: ...}}}}`; {self.step} has "
            f"{', '.join(self.options)}"
        )


_MORE = {"own_name": " A name of its own needs `family:` or `estimator:`"}


class UnknownWord(Statement, code="problem.unknown_word"):
    """A value that is none of the known ones. what: what it would be, such as `family`; nouns: the known ones in words;
    more: a further sentence, by its name."""

    what: str
    word: str
    known: tuple[str, ...]
    nouns: str = ""
    more: str = ""

    def sentence(self) -> str:
        what = f"unknown {self.what} " if self.what else "unknown "
        return f"{what}{self.word}; {suggested(self.word, self.known, self.nouns, _MORE.get(self.more, ''))}"


def _plural(noun: str) -> str:
    """
    >>> _plural("family"), _plural("dataset")
    ('families', 'datasets')
    """
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


class NotInStudy(Statement, code="problem.not_in_study"):
    """A name (`what`: family, dataset) that is right elsewhere and that this study does not have."""

    what: str
    word: str
    known: tuple[str, ...]

    def sentence(self) -> str:
        known = f"{_plural(self.what)} of the study"
        return f"the study has no {self.what} {self.word}; {suggested(self.word, self.known, known)}"


class Gone(Statement, code="problem.gone", says="{word} is gone; {instead}"):
    """A key, or a value of a key, of earlier study files, and what to write instead."""

    word: str
    instead: str


class ListAsText(
    Statement, code="problem.list_as_text", says='"{word}" is text; write a list, {now}'
):
    word: str
    now: str


class NotOfKind(
    Statement,
    code="problem.not_of_kind",
    says="has no meaning in a claim of kind {kind}; it has {own:commas}",
):
    """A key that a claim of this kind does not have; `own`: those that it has beside what all kinds have."""

    kind: str
    own: tuple[str, ...]


class Missing(
    Statement,
    code="problem.missing",
    says="missing; {nullable:write null when there is none|it must be given}",
):
    """A key that is not there; nullable: whether null may stand there."""

    nullable: bool = False


_EXPECTED = {
    "text": "expected text; write it in quotes",
    "integer": "expected a whole number",
    "number": "expected a number",
    "finite": "expected a finite number",
    "boolean": "expected true or false",
    "value": "expected a value such as a number or text, or a list of values",
    "list": "expected a list [a, b, ...]",
    "block": "expected a block of `key: value`",
    "printed": 'expected a number as printed, such as "97.5"; its unit is a key of its own',
    "printed score": 'expected a score as printed, such as "97.5", "171 of 178" or "68-69"; its unit is a key of its own',
}


class WrongType(Statement, code="problem.wrong_type"):
    """A value of another type than `expected` (text, integer, number, finite, boolean, value, list, block, printed
    or printed score)."""

    expected: str
    got: str

    def sentence(self) -> str:
        if self.expected == "quotes":
            return f'expected text in quotes, such as "{self.got}"; got {self.got}'
        return f"{_EXPECTED[self.expected]}; got {self.got}"


_RELATIONS = {
    "ge": "greater than or equal to {}",
    "gt": "greater than {}",
    "le": "less than or equal to {}",
    "lt": "less than {}",
    "min_length": "at least {} of them",
    "max_length": "at most {} of them",
}


class OutOfRange(Statement, code="problem.out_of_range"):
    """A number, or a count of entries, beyond a bound; relation: ge, gt, le, lt, min_length or max_length."""

    relation: str
    bound: float
    got: str

    def sentence(self) -> str:
        return f"expected {_RELATIONS[self.relation].format(f'{self.bound:g}')}; got {self.got}"


class WrongForm(
    Statement, code="problem.wrong_form", says="{got} is not of the form {pattern}"
):
    got: str
    pattern: str


class CountTooLarge(
    Statement,
    code="problem.count_too_large",
    says='"{value}" counts more cases than there are',
):
    value: str


class EndsSwapped(
    Statement,
    code="problem.ends_swapped",
    says='the ends of "{value}" are swapped; write "{turned}"',
):
    value: str
    turned: str


class Twice(Statement, code="problem.twice", says="{word} stands there twice"):
    word: str


class NotTrusted(
    Statement,
    code="problem.not_trusted",
    says="{file} is not trusted to run code here; to trust it, list it under `trusted` in params.yaml",
):
    file: str


class NotAllowed(
    Statement,
    code="problem.not_allowed",
    says="{name} lies in this project and would run as code; read it, then type `bench trust {name}`; nothing of it was run",
):
    name: str


class ScoresStay(
    Statement,
    code="problem.scores_stay",
    says="the study reads {metric} as scores, which only predictions could put together otherwise; leave it out",
):
    """An aggregation of scores that somebody else's table holds."""

    metric: str


class BadExpression(Statement, code="problem.expression", says="{reason}"):
    """An expression of SQL that cannot be read, or that looks at other rows."""

    reason: str


#: What most often lies behind what the reader of YAML says.
_ADVICE = {
    "indent": "; is it indented as its neighbours are, and text that holds `: ` in quotes?",
    "block": "; is it indented as its neighbours are, and is a quote or a bracket left open above?",
    "open": "; is a quote or a bracket left open above?",
    "quote": "; is a quote left open above?",
    "colon": "; a line just above lacks the colon behind its key",
    "tab": "; indent with spaces, not with tabs",
    "once": ": each name may stand only once in its block",
}


class NotYaml(Statement, code="problem.not_yaml"):
    """Text that is no YAML: what its reader says, and what most often lies behind that (`advice`, by its name)."""

    words: str
    advice: str = ""

    def sentence(self) -> str:
        return f"not YAML: {self.words}{_ADVICE.get(self.advice, '')}"


class ControlCharacter(
    Statement,
    code="problem.control_character",
    says="not YAML: it may not hold U+{number:04X}",
):
    """A character that no YAML may hold, by its number."""

    number: int


class NotUtf8(Statement, code="problem.not_utf8", says="is not UTF-8 (byte {byte})"):
    """A file that is not text; the place of the first bad byte."""

    byte: int


class FileTooLarge(Statement, code="problem.too_large"):
    """More of something (`bytes`, `values`) than a study may have."""

    what: str
    limit: int
    depth: int = 0

    def sentence(self) -> str:
        if self.what == "bytes":
            return f"the file is larger than {count(self.limit)} bytes; put tables into claims.csv or data/"
        return f"more than {count(self.limit)} values or {self.depth} levels; put tables into claims.csv"


class NoFile(
    Statement, code="problem.no_file", says="{name}: no such file in the study's folder"
):
    name: str


class TagFound(
    Statement, code="problem.tag", says="the tag {tag} is not allowed in a study"
):
    tag: str


class EmptyBlock(
    Statement,
    code="problem.empty_block",
    says="is empty; name at least one of the {what}",
):
    what: str


class CellCount(
    Statement,
    code="problem.cell_count",
    says="has {cells} cells, the header has {header}",
):
    cells: int
    header: int


class IdTaken(
    Statement, code="problem.id_taken", says="the id {id} stands already in {place}"
):
    """An id that another claim has; `place`: its file and line."""

    id: str
    place: str


class RecordEdited(
    Statement,
    code="problem.record_edited",
    says="its record is not what its sha256 says: it was edited after it was frozen; take it from the history of "
    "the repository",
):
    """The record of a preregistration was edited afterwards."""


class NeverFrozen(
    Statement,
    code="problem.never_frozen",
    says="are changes since the study was frozen, and it never was; `bench freeze {study}` does that",
):
    study: str


class ChangesNothing(Statement, code="problem.changes_nothing"):
    """A declared change of a value that is as it was; `changed`: the paths of those that are not."""

    path: str
    changed: tuple[str, ...]

    def sentence(self) -> str:
        hint = (
            nearest(self.path, self.changed)
            if self.changed
            else "nothing differs from what was frozen"
        )
        return f"{self.path} is as it was frozen; {hint}"


class NullButNeeded(
    Statement,
    code="problem.null_but_needed",
    says="null, but dataset {dataset} has a target to predict; say which {section}",
):
    section: str
    dataset: str


class NotScored(Statement, code="problem.not_scored"):
    """A primary metric that no table of scores holds; `held`: those that some do."""

    metric: str
    held: tuple[str, ...]

    def sentence(self) -> str:
        return f"{self.metric} is in no table of scores; {nearest('', self.held)}"


class TypeOfRole(Statement, code="problem.type_of_role"):
    """A declared type that the role of its column overrules; `role`: target, group or split."""

    column: str
    role: str
    declared: str
    task: str

    def sentence(self) -> str:
        role = {
            "target": f"the target of a {self.task}",
            "split": "a column of splits",
        }.get(self.role, f"the {self.role}")
        taken = (
            "numbers"
            if (self.role, self.task) == ("target", "regression")
            else "categories"
        )
        return f"{self.column} is {role}, so its values are taken as {taken}, not as {self.declared}; remove this type"


class PredictionsNeed(Statement, code="problem.predictions_need"):
    """Predictions that are of the other task."""

    task: str

    def sentence(self) -> str:
        wanted = "`value`" if self.task == "regression" else "`label` or `p`"
        return f"the task is {self.task}: predictions need {wanted}"


class OtherTask(Statement, code="problem.other_task"):
    """A family or a metric (`what`) of another task; `known`: those that would fit."""

    what: str
    name: str
    task: str
    its_task: str = ""
    known: tuple[str, ...] = ()

    def sentence(self) -> str:
        if self.what == "metric":
            return (
                f"{self.name} is a metric of {self.its_task}, the task is {self.task}"
            )
        return f"{self.name} does not do {self.task}; {suggested(self.name, self.known, f'families for {self.task}')}"


class TooWide(Statement, code="problem.too_wide"):
    """A closeness of half of a metric's range or more; `percent`: whether it looks like one."""

    value: float
    metric: str
    percent: bool

    def sentence(self) -> str:
        percent = f"; did you mean {self.value / 100:g}?" if self.percent else ""
        return f"{self.value:g} is half of {self.metric}'s range or more, so everything would be close{percent}"


class RopeOfOther(
    Statement,
    code="problem.rope_of_other",
    says="{rope:g} was stated when the primary metric was {was} (run {run}), and would now count in the unit of {now}; "
    "state it anew, or leave it out",
):
    """A ROPE that stayed when the primary metric became one of another scale; `run`: the last one with the earlier."""

    rope: float
    was: str
    now: str
    run: str


class RanksOneRow(
    Statement,
    code="problem.ranks_one_row",
    says="{metric} ranks rows of one test set, and leave-one-out has one row in each",
):
    metric: str


class NeedsRole(
    Statement,
    code="problem.needs_role",
    says="the protocol is {resampling}: the dataset needs `{role}`, the column to split by",
):
    resampling: str
    role: str


class NoOob(Statement, code="problem.no_oob"):
    """A family without an out-of-bag score, in a study that tunes by it; `able`: the families that have one."""

    able: tuple[str, ...]

    def sentence(self) -> str:
        able = ", ".join(self.able)
        return f"has no out-of-bag score, which `tuning: {{by: oob}}` needs (only: {able}); or `tune: false`"


class LooksAtNothing(
    Statement,
    code="problem.looks_at_nothing",
    says="{family} looks at no feature: there is nothing to ask it",
):
    family: str


class NothingToExplain(
    Statement,
    code="problem.nothing_to_explain",
    says="no claim prints a score of {family}: there is nothing to explain",
):
    family: str


class AlwaysMade(
    Statement,
    code="problem.always_made",
    says="{name} is a valid variant, which is always made; leave it out, and name errors and controls alone",
):
    """An explanation that a study names and that is made whatever it names."""

    name: str


class NoParameter(Statement, code="problem.no_parameter"):
    """A parameter that a step or an explanation (`owner`) does not have."""

    owner: str
    word: str
    known: tuple[str, ...]

    def sentence(self) -> str:
        return f"{self.owner} has no such parameter; {suggested(self.word, self.known, 'parameters')}"


_PARAMETERS = {
    "whole": "a whole number",
    "counts": "two whole numbers or more, each once and above 0, in a list",
}


class BadParameter(Statement, code="problem.bad_parameter"):
    """A parameter of the wrong type or range. expected: whole, counts, or words of their own; title: what the
    parameter is."""

    expected: str
    got: str
    title: str = ""

    def sentence(self) -> str:
        title = f", {self.title}" if self.title else ""
        return f"expected {_PARAMETERS[self.expected]}{title}; got {self.got}"


class LibraryMissing(
    Statement,
    code="problem.library_missing",
    says="{family} cannot be fitted here: {library} is not installed; `pip install 'bench[{library}]'` installs it",
):
    """A `family` is fitted by a `library` that is not installed; the extra of bench has its name."""

    family: str
    library: str


class EvidenceAbsent(
    Statement,
    code="problem.evidence_absent",
    says="evidence absent: {address} cannot be reached ({reason}), and no copy of its files is kept here. `bench fetch "
    "{study} --from FOLDER` takes them from a folder; nothing was run",
):
    """A study's files lie elsewhere: at an `address` that could not be reached, for a `reason`, and nowhere here."""

    study: str
    address: str
    reason: str
