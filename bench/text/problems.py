"""The sentences of what is wrong with a study.

A sentence says what is wrong and the nearest right word; which words are known stands on a second line.
"""

from __future__ import annotations

from bench.core import problems as p
from bench.core.errors import nearest, suggested
from bench.core.problems import Rule
from bench.text.sentences import Templates, says, templates

SENTENCES: Templates = {
    p.Said: "{words}",
    p.RetiredWord: "{word} is the old word; write `{now}`",
    p.RetiredForm: "{word} has another form now; write `{now}`",
    p.ListAsText: '"{word}" is text; write a list, {now}',
    p.NotOfKind: "has no meaning in a claim of kind {kind}; it has {own:commas}",
    p.Missing: "missing; {nullable:write null when there is none|it must be given}",
    p.WrongForm: "{got} is not of the form {pattern}",
    p.Twice: "{word} stands there twice",
    p.NotTrusted: "{file} is not trusted to run code here; to trust it, list it under `trusted` in params.yaml",
    p.FirstReading: "the first reading is the study as it stands: leave out `{key}`, or put another reading first",
    p.SameReading: "changes the same as {other}",
    p.NothingReadOtherwise: "{name} is what the study has already, so that nothing is read otherwise; leave it out",
    p.IdleReadings: "no claim is a number of the paper about what they change; name its dataset or family here",
    p.BadExpression: "at character {place}: {reason}",
    p.NotUtf8: "is not UTF-8 (byte {byte})",
    p.NoFile: "{name}: no such file in the study's folder",
    p.TagFound: "the tag {tag} is not allowed in a study",
    p.EmptyBlock: "is empty; name at least one of the {what}",
    p.CellCount: "has {cells} cells, the header has {header}",
    p.IdTaken: "the id {id} stands already in {place}",
    p.RecordEdited: (
        "record {number} is not what its sha256 says: it was edited after it was frozen; take it from the history of "
        "the repository"
    ),
    p.NeverFrozen: "are changes since the study was frozen, and it never was; `bench freeze {study}` does that",
    p.NullButNeeded: "null, but dataset {dataset} has a target to predict; say which {section}",
    p.RanksOneRow: "{metric} ranks rows of one test set, and leave-one-out has one row in each",
    p.NeedsRole: "the protocol is {resampling}: the dataset needs `{role}`, the column to split by",
    p.LooksAtNothing: "{family} looks at no feature: there is nothing to ask it",
    p.LibraryMissing: (
        "{family} cannot be fitted here: {library} is not installed; `pip install 'bench[{library}]'` installs it"
    ),
    p.EvidenceAbsent: (
        "evidence absent: {address} cannot be reached ({reason}), and no copy of its files is kept here. "
        "`bench fetch {study} --from FOLDER` takes them from a folder; nothing was run"
    ),
    p.NothingToExplain: "no claim prints a score of {family}: there is nothing to explain",
}
templates(SENTENCES)


_RULES: dict[Rule, str] = {
    Rule.ALIAS: "aliases (&name, *name) are not allowed in a study: write the value out",
    Rule.KEY: "a key must be a word",
    Rule.NO_BLOCK: "a study is a block of `key: value` lines; this file is not",
    Rule.NESTED: "is nested too deeply",
    Rule.NAME: "a name is small letters, digits, _ and -, and begins with a letter",
    Rule.LINK: "expected a link that begins with https://",
    Rule.NUL: "has a NUL character; expected a table of text",
    Rule.NO_CLAIM: "has no claim; expected one row a claim under the header",
    Rule.RANGES: 'without `column`, both `train` and `test` are row ranges such as "1-200"',
    Rule.RANGE_ORDER: "rows are counted from 1, and a range ends at or after the row at which it begins",
    Rule.DIRECTIVE: "the file is read as YAML 1.2; leave out the line `%YAML`, which would change what its words mean",
    Rule.HALF_LETTER: "half of a letter: such a code has no meaning without the other half",
    Rule.STUDY_ID: "the id of a study is small letters, digits and hyphens, and begins with a letter",
    Rule.NAME_OF_OURS: "bench has files of its own by this name; choose another",
    Rule.ORDINAL: "an order needs its values: write `{ordinal: [low, middle, high]}`, the lowest first",
    Rule.PAIRED: "`paired` makes the other outer folds the inner ones: leave out `folds`, and `by: oob`",
    Rule.BUDGET: "`search: random` needs a `budget` (how many candidates), and only it",
    Rule.FAMILY_OR_ESTIMATOR: "give `family` or `estimator`, not both",
    Rule.REPEATS_ARE_MISSING: "`repeat` needs `repeats_are`: `splits` when each repeat drew other splits, `seeds` when "
    "it kept them and took another seed, `draws` when all rows are new",
    Rule.REPEATS_ARE_ALONE: "`repeats_are` stands without `repeat`, the column that it speaks of",
    Rule.RATIO_AND_ROWS: "give `test_train_ratio` or the numbers of rows, not both",
    Rule.METRIC_IN_VALUE: "`value` names the metric of each column already; leave out `metric`",
    Rule.TRAIN_AND_SIDE: "`train` names the columns of training scores, `side` the column that says which rows are "
    "such scores; give one of them",
    Rule.TRAIN_FORM: "`train` has the form of `value`: a column, or a block for each metric",
    Rule.ANSWER: "give `value` (regression), or `label` or `p` (classification)",
    Rule.TARGET: "give `target` (the column to predict), or `scores` for a table of scores, or `predictions` for one "
    "of predictions",
    Rule.METRIC_MISSING: "a table of scores needs `metric`: which metric its values are",
    Rule.METRIC_IDLE: "`metric` is for a table of scores of one metric; leave it out",
    Rule.MUST_BE_NULL: "must be null: all results are external, nothing is fitted",
    Rule.NO_POSITIVE: "has no meaning in regression; remove it",
    Rule.IDLE: "has no meaning here: nothing is fitted to a table of external results; remove it",
    Rule.STRATIFY: "stratifying needs classes; the task is regression",
    Rule.NO_FITS: "asks for fits, but nothing is fitted in this study; remove it",
    Rule.NO_RECORD: "holds no record; take it from the history of the repository",
    Rule.NO_RECORD_FILE: "is not what `bench freeze` writes; take it from the history of the repository",
    Rule.SMOTE: "smote needs imbalanced-learn, which is not installed; `pip install 'bench[imbalance]'`",
    Rule.SCHEDULER: "`backend: dask` and `scheduler`, an address like tcp://host:8786, go together: give both or none",
    Rule.NO_SETTING: "name what the paper does not print, `{other_settings: {n_neighbors: [3, 5, 7]}}`",
    Rule.ONE_FAMILY: "candidates are of one family, and several are to be explained; name candidates in `families`",
}
_EXPECTED = {
    "text": "expected text; write it in quotes",
    "integer": "expected a whole number",
    "number": "expected a number",
    "finite": "expected a finite number",
    "boolean": "expected true or false",
    "list": "expected a list [a, b, ...]",
    "block": "expected a block of `key: value`",
    "printed": 'expected a number as printed, such as "97.5"; its unit is a key of its own',
}
_RELATIONS = {
    "ge": "greater than or equal to {}",
    "gt": "greater than {}",
    "le": "less than or equal to {}",
    "lt": "less than {}",
    "min_length": "at least {} of them",
    "max_length": "at most {} of them",
}
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
_MORE = {"own_name": " A name of its own needs `family:` or `estimator:`"}
_PARAMETERS = {
    "whole": "a whole number",
    "counts": "two whole numbers or more, each once and above 0, in a list",
    "how": "copies or smote",
    "columns": "a list of columns from `drop`",
}


@says(p.Broken)
def _broken(one: p.Broken) -> str:
    if one.rule == Rule.TASK_OF_PREDICTIONS:
        return f"null, but dataset {one.names[0]} holds predictions: classification or regression?"
    if one.rule == Rule.K_AND_PERCENTILE:
        return f"{one.names[0]} takes k or percentile, not both"
    return _RULES[Rule(one.rule)]


@says(p.UnknownKey)
def _unknown_key(one: p.UnknownKey) -> str:
    what = "unknown column" if one.noun == "columns" else "unknown"
    return f"{what}; {suggested(one.word, one.known, one.noun)}"


@says(p.Elsewhere)
def _elsewhere(one: p.Elsewhere) -> str:
    shown = f"{one.word}: ..."
    for block in reversed(one.blocks):
        shown = f"{block}: {{{shown}}}"
    if not one.blocks:
        return f"stands at the top of the file, not indented: `{shown}`"
    return f"stands under `{'.'.join(one.blocks)}`: `{shown}`; is it indented as its neighbours are?"


@says(p.StepOptions)
def _step_options(one: p.StepOptions) -> str:
    return (
        f"expected a block of its options, `{{{one.step}: {{{one.options[0]}: ...}}}}`; {one.step} has "
        f"{', '.join(one.options)}"
    )


@says(p.UnknownWord)
def _unknown_word(one: p.UnknownWord) -> str:
    what = f"unknown {one.what} " if one.what else "unknown "
    return f"{what}{one.word}; {suggested(one.word, one.known, one.nouns, _MORE.get(one.more, ''))}"


@says(p.NotInStudy)
def _not_in_study(one: p.NotInStudy) -> str:
    return (
        f"the study has no {one.what} {one.word}; {suggested(one.word, one.known, f'{_plural(one.what)} of the study')}"
    )


def _plural(noun: str) -> str:
    """
    >>> _plural("family"), _plural("dataset")
    ('families', 'datasets')
    """
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


@says(p.WrongType)
def _wrong_type(one: p.WrongType) -> str:
    if one.expected == "quotes":
        return f'expected text in quotes, such as "{one.got}"; got {one.got}'
    return f"{_EXPECTED[one.expected]}; got {one.got}"


@says(p.OutOfRange)
def _out_of_range(one: p.OutOfRange) -> str:
    return f"expected {_RELATIONS[one.relation].format(f'{one.bound:g}')}; got {one.got}"


@says(p.NotYaml)
def _not_yaml(one: p.NotYaml) -> str:
    return f"not YAML: {one.words}{_ADVICE.get(one.advice, '')}"


@says(p.FileTooLarge)
def _too_large(one: p.FileTooLarge) -> str:
    if one.what == "bytes":
        return f"the file is larger than {one.limit:,} bytes; put tables into claims.csv or data/"
    return f"more than {one.limit:,} values or {one.depth} levels; put tables into claims.csv"


@says(p.ChangesNothing)
def _changes_nothing(one: p.ChangesNothing) -> str:
    hint = nearest(one.path, one.changed) if one.changed else "nothing differs from what was frozen"
    return f"{one.path} is as it was frozen; {hint}"


@says(p.NotScored)
def _not_scored(one: p.NotScored) -> str:
    return f"{one.metric} is in no table of scores; {nearest('', one.held)}"


@says(p.PredictionsNeed)
def _predictions_need(one: p.PredictionsNeed) -> str:
    wanted = "`value`" if one.task == "regression" else "`label` or `p`"
    return f"the task is {one.task}: predictions need {wanted}"


@says(p.OtherTask)
def _other_task(one: p.OtherTask) -> str:
    if one.what == "metric":
        return f"{one.name} is a metric of {one.its_task}, the task is {one.task}"
    return f"{one.name} does not do {one.task}; {suggested(one.name, one.known, f'families for {one.task}')}"


@says(p.TooWide)
def _too_wide(one: p.TooWide) -> str:
    percent = f"; did you mean {one.value / 100:g}?" if one.percent else ""
    return f"{one.value:g} is half of {one.metric}'s range or more, so everything would be close{percent}"


@says(p.NoOob)
def _no_oob(one: p.NoOob) -> str:
    able = ", ".join(one.able)
    return f"has no out-of-bag score, which `tuning: {{by: oob}}` needs (only: {able}); or `tune: false`"


@says(p.NoParameter)
def _no_parameter(one: p.NoParameter) -> str:
    return f"{one.owner} has no such parameter; {suggested(one.word, one.known, 'parameters')}"


@says(p.BadParameter)
def _bad_parameter(one: p.BadParameter) -> str:
    title = f", {one.title}" if one.title else ""
    return f"expected {_PARAMETERS[one.expected]}{title}; got {one.got}"


@says(p.NotDropped)
def _not_dropped(one: p.NotDropped) -> str:
    return f"no dataset drops a column {one.column}; {suggested(one.column, one.dropped, 'dropped columns')}"
