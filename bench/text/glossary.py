"""The terms of the pages: each once, in one or two sentences; the page of all terms and the links to it use them."""

from __future__ import annotations

from dataclasses import dataclass

#: What a reader of a page has to know first.
HOW_TO_READ = (
    "Each claim is compared with our own number. Agreement says how the two compare: exact, reproduced (the difference "
    "is within the tolerance), consistent (both a difference of zero and one beyond the tolerance remain possible), "
    "unclear, or differs.",
    "Numbers in brackets are an interval: values that agree with the data. A wide interval means that little is known. "
    "pp are percentage points. p says how often chance alone would give such a result.",
    "Under Models compared, ● marks the best model and every model that is not significantly different from it. "
    "Findings lists the checks: a warning is a problem that may make scores too high, with what to do about it.",
    "Select a number to see its folds, a line with a triangle to open details, and a term to read its definition. The "
    "command under Provenance runs the study again.",
)


@dataclass(frozen=True)
class Term:
    """A term: the name by which it is linked, how it is written, and what it means."""

    name: str
    title: str
    words: str


_TERMS: dict[str, tuple[str, str]] = {
    "interval": (
        "Interval of a mean",
        "The range of mean scores that agrees with the folds. It is widened because training sets overlap (Nadeau and "
        "Bengio 2003), where folds are stratified also for the mix of classes, and where models were fitted to halves "
        "of the rows by how much those differ, if that is wider.",
    ),
    "corrected_t": (
        "Corrected t test",
        "A paired t test over folds whose variance is enlarged by the ratio of test to training rows, because training "
        "sets overlap and the plain test would see differences where there are none.",
    ),
    "class_mix": (
        "Class mix",
        "Stratified folds all have the same shares of classes; another sample would not. So the interval of a score "
        "that is a mean over rows adds the variance between classes, divided by the number of rows.",
    ),
    "sharp": (
        "SHARP",
        "A test on models fitted to disjoint halves of the rows, many times anew (Zeng and others 2026): halves share "
        "no row, so that they show what other rows would change. Its p is of fits on half of the rows. Few halves give "
        "no small p; a more cautious test on the same halves (conservative z) counts where its p is smaller.",
    ),
    "p": (
        "p",
        "How often chance alone does as much where there is no effect: p = 0.03 is 3 of 100 cases. A large p does not "
        "show that two models are equal.",
    ),
    "holm": (
        "Holm",
        "A correction for making many comparisons at once: p-values are raised, step by step, so that one false "
        "positive among all of them is as rare as the level says.",
    ),
    "rope": (
        "ROPE",
        "The region of practical equivalence: differences smaller than this count as no difference, by the study's "
        "choice.",
    ),
    "posterior": (
        "P(better), P(same), P(worse)",
        "How probable it is, after seeing the folds, that a true difference lies above, inside or below the ROPE "
        "(Bayesian correlated t test, Corani and Benavoli 2015).",
    ),
    "groups": (
        "Not significantly different",
        "No test of the pair, after Holm, excludes that the two are equally good. That is absence of evidence, not "
        "equality: for that see P(same).",
    ),
    "stays_first": (
        "Truly the best",
        "How probable it is that the first model is the best one, from the posterior of its difference to each other "
        "model. Bounds are given: at most the probability to be better than the closest rival; at least one minus the "
        "sum of the probabilities that a rival is better. Resampling folds would be far too certain, as folds share "
        "training rows.",
    ),
    "resolution": (
        "Smallest significant difference",
        "The smallest difference that the corrected t test would find significant with these folds, at the level of "
        "Holm's first step. More repeats reduce it only to a limit, as they bring no new rows.",
    ),
    "signed_rank": (
        "Signed ranks",
        "Wilcoxon's test of two models over datasets: ranks the differences by size and compares the ranks of wins "
        "and losses. It uses the two models alone, so a third cannot change what it says.",
    ),
    "zeros_split": (
        "Zeros split",
        "Of the datasets on which two models are equal, half count for each of them (Demšar 2006).",
    ),
    "hodges_lehmann": (
        "Difference of Hodges and Lehmann",
        "The median of the means of all pairs of datasets' differences: one odd dataset cannot move it far.",
    ),
    "bayes_signed_rank": (
        "P(better), P(same), P(worse) over datasets",
        "How probable it is that a further dataset like these would most probably show a difference above, inside or "
        "below the ROPE (Bayesian signed-rank test, Benavoli and others 2014).",
    ),
    "first": (
        "First",
        "In what share of draws of these datasets (again, with replacement) a model has the best mean rank. It says "
        "how much hangs on single datasets of these, not what others would show; of a handful it says little.",
    ),
    "mcnemar": (
        "McNemar",
        "Counts the test rows that only one of two models gets right, and asks whether a fair coin would split them "
        "so. It is about these two fits on further rows like these. The interval of the difference is that of Tango "
        "(1998).",
    ),
    "delong": (
        "DeLong",
        "Compares two areas under the ROC curve on the same rows, knowing that the areas go together.",
    ),
    "friedman": (
        "Friedman test",
        "Tests whether the models' ranks differ over datasets more than by chance; the dataset is the unit, never "
        "the fold.",
    ),
    "mean_rank": ("Mean rank", "A model's place on each dataset (1 is best), averaged over datasets."),
    "nested": (
        "Nested cross-validation",
        "Candidates are chosen inside each outer training set, so that the outer test rows have no say in the choice.",
    ),
    "gap": (
        "Train–test gap",
        "The score on the rows a model was fitted to minus the score on rows it never saw: a large gap means "
        "that the model memorised its training rows.",
    ),
    "optimism": (
        "Tuning optimism",
        "The inner score of the chosen candidate minus its outer score: the winner of many candidates looks better "
        "than it is.",
    ),
    "validation_curve": (
        "Validation curve",
        "The inner score over the candidates of one parameter, each with the best setting of the others.",
    ),
    "roc": (
        "Area under the ROC curve",
        "How often a row of the class ranks above one of the others: a half is a coin, 1 is always. The "
        "precision–recall curve asks instead how many of those that rank high are of the class, and shows more where "
        "the class is rare.",
    ),
    "calibration_level": (
        "Calibration error and its level",
        "How far the share of right labels lies from what the probabilities say, over 15 bins (Guo and others 2017). "
        "Few rows stray by chance alone: the level is what probabilities that are all right would usually show here, "
        "and only what lies beyond the end that chance allows counts as shown.",
    ),
    "recall": (
        "Recall",
        "Of the rows that are of a class, the share that is found. High accuracy can hide a rare class that is never "
        "found.",
    ),
    "importance": (
        "Permutation importance",
        "How much a score on the test rows falls when one feature is shuffled. Features that say the same thing stand "
        "in for each other and then all look unimportant.",
    ),
    "dependence": (
        "Partial dependence",
        "What a model predicts on average when one feature is set to a value in every row, whether or not such rows "
        "exist; it says what the model does, not what causes what.",
    ),
    "compatible": (
        "Compatible",
        "The published number lies where 95 % of single studies of this size would print theirs with this protocol. "
        "Several protocols can be compatible with one number, and a number compatible with a protocol error may still "
        "come from a valid study.",
    ),
    "budget": (
        "Variance budget",
        "How much of the variance between runs comes from the random split, from the seed of the model, and from the "
        "random search. Repeating a source with a small share does not make a score more stable.",
    ),
    "tolerance": (
        "Tolerance",
        "How far our number may lie from the published one and still count as the same, stated in the study with its "
        "reason.",
    ),
    "smallest_tolerance": (
        "Smallest tolerance",
        "The smallest tolerance with which the claim would be reproduced: the smaller, the closer the two numbers.",
    ),
    "same_data": (
        "Same data, other splits",
        "Both numbers come from the same rows, so only the random splits can make them differ. How much they do is "
        "measured by our own repeats of the whole protocol.",
    ),
    "another_sample": (
        "Another sample",
        "The published number is of other rows than ours, so both have sampling error.",
    ),
    "noise_floor": (
        "Noise floor",
        "How much the published number itself depends on chance, as its splits and seeds are unknown. Where that is as "
        "much as the tolerance, nothing can show that the two numbers agree within it.",
    ),
    "central": ("Central", "A claim that the paper stands on, in the judgement of the study's author."),
    "evidence": (
        "Follows the paper",
        "How close the study is to the paper; it says nothing of significance. Closely: the paper's method and "
        "protocol, and a number read in the paper or in a transcription of it. In part: an approximated method, "
        "another protocol, or a number that another text quotes. Loosely: another method in its place, or a number "
        "from memory. A claim is called not reproduced only where the study follows the paper closely.",
    ),
    "consistent": (
        "Consistent",
        "No difference was found. The smallest difference that would have been found is given: a smaller one may "
        "exist.",
    ),
    "clustered": (
        "Interval of a share",
        "Claims on one dataset hold or fail together, so the interval counts datasets rather than claims (Wilson, at "
        "the size that independent claims would need).",
    ),
    "kendall": (
        "Kendall's τ",
        "Agreement of two orders: the share of pairs in the same order minus the share in the opposite order. 1 is the "
        "same order, 0 no relation, −1 the reverse.",
    ),
    "concordance": (
        "Lin's concordance",
        "How close pairs of numbers are to being equal, not only to the same order: 1 if all are equal.",
    ),
    "pooled": (
        "Fold mean and pooled",
        "A fold mean scores each test fold and averages; a pooled score puts the test predictions of all folds "
        "together first.",
    ),
    "baseline": (
        "Baseline",
        "The score of a prediction that uses no features, such as always the largest class. Where the study runs no "
        "such model, the page computes it from the counts of the classes, and no test compares a model with it.",
    ),
    "fallback": (
        "† Baseline's score",
        "Where a fit failed, a score without features, from the same training rows, stands in: leaving the fit out "
        "would let a model look good by failing on what is hard.",
    ),
    "first_repeats": (
        "Stability of the first place",
        "In how many repeats alone (of one repeat: folds) the model that is first on average is first as well.",
    ),
    "copies": (
        "Copies, repeats",
        "A duplicate is a test row with an exact copy among its training rows; a near copy lies nearer to one than "
        "independent cases ever lie. A repeat is none of these: it is one more run of the protocol with other splits.",
    ),
    "box": (
        "Box",
        "From the first to the third quartile, a line at the median, whiskers to the last value within 1.5 times the "
        "box.",
    ),
    "pearson": ("Correlation", "Pearson's r: how closely two columns follow one straight line, from −1 to 1."),
    "fingerprint": (
        "Fingerprint",
        "A sha256 of the content of a table, a file, the results or a run: one changed value changes it. Its first ten "
        "letters name it wherever there is no room for all.",
    ),
}
GLOSSARY = {name: Term(name, title, words) for name, (title, words) in _TERMS.items()}


def terms(*names: str) -> list[Term]:
    """Terms by name, in that order."""
    return [GLOSSARY[name] for name in names]


def every_term() -> list[Term]:
    """All terms by title, as a reader looks them up."""
    return sorted(GLOSSARY.values(), key=lambda term: term.title.lstrip("† ").casefold())
