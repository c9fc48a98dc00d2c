"""The terms of the pages: each once, in one or two sentences; the page of all terms and the links to it use them."""

from __future__ import annotations

from dataclasses import dataclass

from bench.text.marks import guide

#: What a reader of a page has to know first.
HOW_TO_READ = (
    *guide(),
    "Brackets hold an interval; pp are percentage points.",
    "● marks the best model and those that do not differ significantly from it.",
    "Select a term to read its definition.",
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
        "A range of plausible values of the true mean score, computed from the folds. It is widened for overlapping "
        "training sets (Nadeau and Bengio 2003), for the shares of the classes if folds are stratified, and for "
        "differences between halves of the rows if models were fitted on halves.",
    ),
    "corrected_t": (
        "Corrected t test",
        "A paired t test over folds. Its variance is enlarged according to the ratio of test to training rows, because "
        "training sets overlap and the plain test would see differences where there are none.",
    ),
    "class_mix": (
        "Shares of the classes",
        "Stratified folds all have the same shares of classes; another sample would not, and folds do not show that "
        "variance. So the interval of a score that is a mean over rows adds it: the variance between classes, divided "
        "by the number of rows.",
    ),
    "sharp": (
        "SHARP",
        "A test on models that are fitted to disjoint halves of the rows, again and again (Zeng and others 2026). "
        "Halves share no row, so they show what other rows would change. Its p is of the difference between these "
        "models; the interval is as wide as the test reaches, but lies around the difference on all rows. So p can be "
        "small beside an interval that contains 0, or large beside one that does not: p decides. With few pairs of "
        "halves p cannot be small: if the conservative z test on the same halves gives a smaller p, that p is used.",
    ),
    "p": (
        "p",
        "If there were no difference, the probability of observing one at least as large as here: p = 0.03 is 3 of 100 "
        "cases. A large p does not show that two models are equal.",
    ),
    "holm": (
        "Holm",
        "A correction for many comparisons: it raises their p-values, so that the probability of any false positive "
        "among them stays below the level.",
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
        "The test of the pair, after Holm, does not show a difference. This is no proof that the two are equal: for "
        "that see P(same).",
    ),
    "stays_first": (
        "Truly the best",
        "The probability that the first model is the best, from the posteriors of its differences to the other models. "
        "At most, it is the probability that the model is better than its closest rival; at least, one minus the sum "
        "of the probabilities that a rival is better.",
    ),
    "resolution": (
        "Difference needed for significance",
        "The smallest difference that the test of the pair would find significant with these folds, at the "
        "strictest level of Holm's correction. More repeats reduce it only to a limit, as they bring no new rows.",
    ),
    "signed_rank": (
        "Signed ranks",
        "Wilcoxon's test of two models over datasets: ranks the differences by size and compares the ranks of wins "
        "and losses. It uses the two models alone, so a third cannot change what it says.",
    ),
    "zeros_split": (
        "Ties in the signed-rank test",
        "Of the datasets on which two models are equal, half count for each of them (Demšar 2006).",
    ),
    "hodges_lehmann": (
        "Difference of Hodges and Lehmann",
        "The median of the pairwise means of the datasets' differences: one odd dataset cannot move it far.",
    ),
    "bayes_signed_rank": (
        "P(better), P(same), P(worse) over datasets",
        "How probable it is, after seeing these datasets, that on datasets like these a difference above (inside, "
        "below) the ROPE is the most frequent of the three (Bayesian signed-rank test, Benavoli and others 2014). "
        "It is not the share of datasets on which one is better.",
    ),
    "first": (
        "Share of first places",
        "In what share of bootstrap samples of the ranked datasets a model has the best mean rank. It shows how much "
        "the first place depends on single datasets; with few datasets it says little.",
    ),
    "mcnemar": (
        "McNemar",
        "Counts the test rows that only one of two models gets right, and asks whether a fair coin would split them "
        "so. It says how these two fits do on further rows like these, not how other fits would. The interval of the "
        "difference is that of Tango (1998).",
    ),
    "delong": (
        "DeLong",
        "Compares two areas under the ROC curve on the same rows, allowing for their correlation.",
    ),
    "friedman": (
        "Friedman test",
        "Tests whether the models' ranks differ over datasets more than by chance; the dataset is the unit, never "
        "the fold.",
    ),
    "mean_rank": (
        "Mean rank",
        "A model's place on each dataset (1 is best), averaged over datasets.",
    ),
    "nested": (
        "Nested cross-validation",
        "Candidates are chosen inside each outer training set, so that the outer test rows have no say in the choice.",
    ),
    "gap": (
        "Train–test gap",
        "How much better the score is on the rows that a model was fitted to than on rows it never saw. A large gap "
        "means that the model memorised its training rows.",
    ),
    "optimism": (
        "Tuning optimism",
        "How much better the inner score of the chosen candidate is than its outer score: the winner of many "
        "candidates looks better than it is.",
    ),
    "validation_curve": (
        "Validation curve",
        "The inner score over the candidates of one parameter, each with the best setting of the others in each fold.",
    ),
    "roc": (
        "Area under the ROC curve",
        "How often a row of the positive class (with more classes: of each in turn) ranks above a row of another "
        "class: 0.5 is chance, 1 is always. The precision–recall curve shows how many of the rows that rank high "
        "are of the class, which says more where the class is rare.",
    ),
    "calibration_level": (
        "Calibration error, its expectation and limit",
        "How far the share of right labels lies from the mean probability, over 15 bins (Guo and others 2017). With "
        "few rows a calibrated model has an error too. Expected: the mean error of a calibrated model on as many rows; "
        "limit: the largest error that chance explains.",
    ),
    "recall": (
        "Recall",
        "Of the rows that are of a class, the share that is found. High accuracy can hide a rare class that is never "
        "found.",
    ),
    "importance": (
        "Permutation importance",
        "How much worse a score on the test rows gets when one feature is shuffled. Where features carry the same "
        "information, a model can use one for another, and all look unimportant.",
    ),
    "dependence": (
        "Partial dependence",
        "What a model predicts on average when one feature is set to a value in every row, whether or not such rows "
        "exist; it says what the model does, not what causes what.",
    ),
    "compatible": (
        "Compatible",
        "A study of this size with this protocol could have printed the number: it lies in the 95 % prediction "
        "interval, or within the claim's tolerance. Several protocols can be compatible with one number. A number "
        "that is compatible with a protocol error may come from a valid study.",
    ),
    "budget": (
        "Variance budget",
        "How much of the variance between runs comes from the random split, from the seed of the model, and from the "
        "seed of the tuning (its inner folds). Repeating a source with a small share does not make a score more "
        "stable.",
    ),
    "tolerance": (
        "Tolerance",
        "How far our number may lie from the published one and still count as the same. The study states it with a "
        "reason.",
    ),
    "smallest_tolerance": (
        "Tolerance needed",
        "The smallest tolerance with which the claim would be reproduced. For a published number it includes the "
        "rounding, and is 0 where ours is equal as printed; an expected number is taken as not rounded.",
    ),
    "same_data": (
        "Same data, other splits",
        "Both numbers are of the same rows, so only the random splits can make them differ. Our repeats of the "
        "protocol measure by how much.",
    ),
    "another_sample": (
        "Another sample",
        "The published number was measured on other rows than ours, so both have sampling error.",
    ),
    "noise_floor": (
        "Noise floor",
        "How much the published number itself depends on chance, as its splits and seeds are unknown. Where that is as "
        "much as the tolerance, nothing can show that the two numbers agree within it.",
    ),
    "central": (
        "Central",
        "One of the main claims, in the judgement of the study's author.",
    ),
    "evidence": (
        "Follows the paper",
        "How close the study is to the paper, whether or not a difference is significant. Closely: the paper's method, "
        "data and protocol, and a number read in the paper or in a transcription of it. In part: an approximated "
        "method, other data or protocol, or a number that another text quotes. Loosely: another method in its place, "
        "or a number from memory. A claim is called not reproduced only where the study follows the paper closely.",
    ),
    "fits": (
        "Fits and off",
        "Two words for claims that the data do not decide. A claim fits where ours lies within the tolerance, or favours "
        "the claimed comparison, and chance may do more than that. It is off where ours lies outside the tolerance, or "
        "does not favour the comparison, and chance may explain that.",
    ),
    "kendall": (
        "Kendall's τ",
        "Agreement of two orders: the share of pairs in the same order minus the share in the opposite order, "
        "corrected for ties (τ-b). 1 is the same order, 0 no relation, −1 the reverse.",
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
        "† Stand-in",
        "Where a fit failed, the score of a prediction without features, from the same training rows, takes its "
        "place: leaving the fit out would let a model look good by failing on what is hard. Where a run is "
        "missing in somebody else's table, the score of the model that the study names takes its place.",
    ),
    "first_repeats": (
        "Stability of the first place",
        "In how many repeats (or folds, if there is one repeat) the model that is best on average is also the best.",
    ),
    "copies": (
        "Duplicates and repeats",
        "A duplicate is a test row with an exact copy among its training rows. A near copy is closer to a training row "
        "than independent cases are. A repeat is another run of the protocol with other splits, or on fixed splits "
        "with other seeds.",
    ),
    "pearson": (
        "Correlation",
        "Pearson's r: how closely two columns follow one straight line, from −1 to 1.",
    ),
    "fingerprint": (
        "Fingerprint",
        "A sha256 of the content of a table, a file, the results or a run: one changed value changes it. Its first ten "
        "characters stand for it wherever there is no room for all.",
    ),
}
GLOSSARY = {name: Term(name, title, words) for name, (title, words) in _TERMS.items()}


def terms(*names: str) -> list[Term]:
    """Terms by name, in that order."""
    return [GLOSSARY[name] for name in names]


def every_term() -> list[Term]:
    """All terms by title, as a reader looks them up."""
    return sorted(
        GLOSSARY.values(), key=lambda term: term.title.lstrip("† ").casefold()
    )
