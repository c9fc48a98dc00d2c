"""The page: every section from every kind of bundle, sealed against what it shows, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from markupsafe import escape

from bench.core.errors import BenchError
from bench.core.frames import records
from bench.core.judgements import VERDICTS, Arithmetic, OutsideTolerance, Repeats, VerdictRow
from bench.core.outcomes import Statement, encoded
from bench.core.text import visible
from bench.report.all_studies import literature
from bench.report.bundle import Bundle, Provenance
from bench.report.page import TEMPLATES, render, render_index, render_literature
from bench.report.section import why_empty
from bench.report.sections import SECTIONS, sections_of
from bench.report.sections.replication import sentences
from bench.report.styles import styles_of
from bench.report.summary import Summary, summary_of
from bench.report.text.headline import headline
from bench.text.formats import THIN
from bench.text.refusals import HalvesTooDear
from tests.helpers import bundles
from tests.helpers.pages import Reader, files, read
from tests.helpers.pages import html as html_of
from tests.helpers.pages import section as section_in
from tests.helpers.sparse import sparse


def every() -> list[Bundle]:
    """The made bundles."""
    return [make() for make in bundles.ALL.values()]


#: The sections that a study's page has not; above six datasets others stand on pages of their own.
ABSENT = {"many_sets": {section.id for section in SECTIONS.values() if section.where == "each"}}


@pytest.mark.parametrize("name", bundles.ALL)
def test_a_section_is_there_in_order_and_says_something_or_the_page_says_why_not(name: str) -> None:
    bundle, html = bundles.ALL[name](), html_of(name)
    ids = [attrs.get("id") for tag, attrs in read(name).tags if tag == "section"]
    reasons = {section.id: why_empty(section.fill(bundle)) for section in sections_of(bundle)}
    assert ids == [known for known, why in reasons.items() if not why]
    assert all(escape(why) in html for why in reasons.values()) and not set(ids) & ABSENT.get(name, {"datasets"})
    assert html.partition("<nav")[2].partition("</nav>")[0].count("<li>") == len(ids)
    for part in re.split(r"<section ", html_of(name))[1:]:
        body = re.sub(r"<h2.*?</h2>|<[^>]*>", "", part)
        assert len(body.split()) > 4, part[:80]


@pytest.mark.parametrize("name", bundles.ALL)
def test_ids_are_unique_and_links_lead_somewhere(name: str) -> None:
    ids = [attrs["id"] for _, attrs in read(name).tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for tag, attrs in read(name).tags:
        href = attrs.get("href") or ""
        if href.startswith("#"):
            assert href[1:] in ids, (tag, href)


@pytest.mark.parametrize("name", bundles.ALL)
def test_nothing_is_loaded_from_anywhere(name: str) -> None:
    for tag, attrs in read(name).tags:
        assert "src" not in attrs, (tag, attrs)
        assert not any(key.startswith("on") for key in attrs), (tag, attrs)
        if "href" not in attrs:
            continue
        href = attrs["href"] or ""
        assert tag in ("a", "use", "link"), (tag, href)
        if tag == "a":
            assert href.startswith(("https://", "http://", "#", "../index.html", "../glossary.html", "datasets/")), href
        if tag == "use":
            assert href.startswith("#m-")
        if tag == "link":
            assert href == "data:,"
    style = html_of(name).split("</style>")[0]
    assert style.count("url(") == style.count("url(data:font/woff2;base64,") == 2


def test_hostile_text_is_shown_as_text() -> None:
    page, shown = read("hostile"), "".join(read("hostile").text)
    assert sum(tag == "script" for tag, _ in page.tags) == 1
    assert not any(tag == "img" for tag, _ in page.tags)
    for text in bundles.HOSTILE:
        assert visible(text).replace("\r\n", "\n") in shown.replace("\r\n", "\n"), text
    assert "49" not in [part.strip() for part in page.text]


def test_the_page_has_a_policy_that_forbids_all_but_itself() -> None:
    policy = next(a["content"] for t, a in read("classification").tags if t == "meta" and a.get("http-equiv"))
    assert policy is not None and policy.startswith("default-src 'none'")
    assert "unsafe-eval" not in policy


@pytest.mark.parametrize("name", bundles.ALL)
def test_pages_are_small(name: str) -> None:
    assert len(html_of(name).encode()) < 1_200_000
    assert len((TEMPLATES / "page.js").read_bytes()) <= 15_000


def test_templates_and_sections_belong_together() -> None:
    assert {p.stem for p in (TEMPLATES / "sections").glob("*.html")} == set(SECTIONS)


def test_a_template_that_asks_for_what_no_section_gives_is_an_error() -> None:
    import jinja2

    from bench.report.page import environment

    with pytest.raises(jinja2.UndefinedError):
        environment().from_string("{{ s.nothing }}").render(s={})


def test_the_same_frames_give_the_same_bytes_whatever_the_hash_seed() -> None:
    """A page, and every format of the exports."""
    code = (
        "import json; from hashlib import sha256; from tests.helpers.pages import files, html; "
        "texts = html('classification'), json.dumps(files('leave_one_out')); "
        "print(*(sha256(text.encode()).hexdigest() for text in texts))"
    )
    env = os.environ | {"PYTHONHASHSEED": "1", "PYTHONPATH": str(Path(bundles.__file__).parents[2])}
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    here = (html_of("classification"), json.dumps(files("leave_one_out")))
    assert run.stdout.split() == [hashlib.sha256(text.encode()).hexdigest() for text in here]


def test_a_wrong_frame_is_refused() -> None:
    with pytest.raises(BenchError, match="knows no frame nonsense"):
        Bundle(bundles.study(), {"nonsense": pl.DataFrame()})
    with pytest.raises(BenchError, match="scores: column"):
        Bundle(bundles.study(), {"scores": pl.DataFrame({"dataset": ["a"]})})


def test_a_bundle_without_any_frame_still_makes_a_page() -> None:
    html = render(Bundle(bundles.study(), {}))
    assert "Nothing has been scored yet" in html
    Reader(html)


def claims_with(*words: str) -> Bundle:
    made = bundles.study(tolerance={"accuracy": 0.01, "why": "w"})
    rows = [bundles.verdict(f"c{i}", word, "wine", "svm", "95.0") for i, word in enumerate(words)]
    return bundles.made_of(made, verdicts=rows)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("barren", "Nothing could be scored: 10 fits failed"),
        ("regression", "Ridge regression leads on Diabetes, but one other is not significantly different"),
    ],
)
def test_headlines_of_whole_bundles(name: str, line: str) -> None:
    assert summary_of(bundles.ALL[name]()).headline == line


def test_few_data_sets_cannot_decide() -> None:
    bundle = bundles.many_sets(5)
    assert headline(bundle, styles_of(bundle)) == "Five datasets cannot decide which model is best"
    html = render(bundle)
    assert (
        "5 datasets cannot decide between pairs of models: with three models at least seven datasets are needed "
        "before p &lt; 0.05 is possible."
    ) in html
    assert "They describe how alike these datasets are, and cannot predict others." in html
    assert "5 datasets cannot decide</td>" in html
    assert 'class="clique"' not in html
    assert "no difference" not in html.split('id="differences"')[1].split('class="terms"')[0]


def test_enough_data_sets_get_groups() -> None:
    html = html_of("many_sets")
    assert 'class="clique"' in html
    assert "Wins, ties and losses" in html and "cannot decide" not in html


def test_groups_in_words() -> None:
    from bench.report.sections.differences import groups_words

    styles = styles_of(bundles.many_sets())
    names = ("logistic_regression", "random_forest", "svm")
    lr, rf, svm = (styles.family(name).title for name in names)
    assert groups_words(styles, (names,)) == "No two models are significantly different."
    assert groups_words(styles, (names[:2],)) == "The two models are not significantly different."
    assert groups_words(styles, tuple((name,) for name in names)) == "All models are significantly different in pairs."
    assert (
        groups_words(styles, (names[:2], names[2:])) == f"Not significantly different from each other: {lr} and {rf}."
    )
    apart = f"Significantly different: {lr} from {svm}. No other two models are."
    assert groups_words(styles, (names[:2], names[1:])) == apart


def test_what_the_design_sees_is_said() -> None:
    html = section_in(html_of("classification"), "differences")
    assert "The smallest difference that this design finds significant is" in html
    assert "for the most stable pair of models" in html and "less needs more rows" in html
    assert f"truly the best, by any margin however small, is between 41{THIN}% and 72{THIN}%; that it" in html
    assert "better than each of the others by more than 1 pp (the ROPE), at most" in html
    assert "Repeats to decide" in html


def test_a_deterministic_study_shows_no_interval_and_says_so() -> None:
    html = html_of("leave_one_out")
    assert "no interval: leave-one-out draws no split" in html.lower()
    assert "deterministic" not in html
    results = section_in(html, "families")
    assert not re.search(r"\[\d\.\d{3}, \d\.\d{3}\]", results)
    assert "no test over splits exists" in html


def one_test_set(**spec: str) -> str:
    """The differences section of one fixed split."""
    split = {"kind": "fixed_split", "column": "set", "test": "b"}
    base = bundles.study(protocol={"resampling": split, "tuning": None, "seed": 1})
    wine = base.datasets["wine"].model_copy(update=spec)
    made = base.model_copy(update={"datasets": {"wine": wine}})
    key = {"dataset": "wine", "metric": "accuracy"}
    estimates = [key | {"family": f, "mean": 0.9, "fallbacks": 0} for f in made.families or ()]
    pair = key | {"family": "svm", "against": "random_forest", "difference": 0.02}
    tested = {"test": "mcnemar", "p": 0.02, "p_adjusted": 0.031}
    by_row = [pair | tested] if not spec else []
    pair |= {"cause": "one_seed"} if not spec else {"cause": "grouped_rows"}
    splits = [{"dataset": "wine", "repeat": 0, "fold": 0, "train_rows": 100, "test_rows": 78, "rows_sha256": ""}]
    tables = {"estimates": estimates, "pairs": [pair | {"fallbacks": 0}], "test_set_pairs": by_row}
    html = render(bundles.made_of(made, **tables, folds=splits))
    return section_in(html, "differences")


def test_one_test_set_is_compared_row_by_row() -> None:
    html = one_test_set()
    assert "Row by row on the test set of Wine" in html and "McNemar" in html and ">0.031<" in html
    grouped = one_test_set(group="speaker")
    assert "Row by row" not in grouped and "Not tested: test rows come in groups." in grouped
    assert "●" not in grouped and "Not significantly" not in grouped


def of_a_pair(
    families: dict[str, Any], resampling: dict[str, Any], same: bool = False, asked: Any = None, **parts: Any
) -> tuple[str, str]:
    """The differences section of two families whose pair was tested, and the headline; `asked` of diagnostics."""
    protocol = {"resampling": resampling, "tuning": None, "seed": 1}
    made, (a, b) = bundles.study(families=families, protocol=protocol, diagnostics=asked), families
    key: dict[str, Any] = {"dataset": "wine", "metric": "accuracy"}
    key |= {"fallbacks": 0}
    estimates = [key | {"mean": 0.9, "low": 0.88, "high": 0.92, "family": f} for f in families]
    pair = key | {"family": a, "against": b, "p": 0.01, "p_adjusted": 0.01}
    pair |= {
        "difference": 0.02,
        "low": 0.01,
        "high": 0.03,
        "test": "t_over_seeds" if same else parts.pop("test", "corrected_t"),
    }
    sizes = {"train_rows": 100, "test_rows": 78}
    splits = [
        {"dataset": "wine", "repeat": r, "fold": 0, "rows_sha256": "" if same else str(r)} | sizes for r in range(4)
    ]
    score = {"dataset": "wine", "metric": "accuracy", "variant": "plain", "fold": 0, "side": "test", "value": 0.9}
    scores = [score | {"family": f, "repeat": r} for f in families for r in range(4)]
    scores += [score | {"family": b, "repeat": 0, "variant": f"half={half}"} for half in parts.pop("halves", ())]
    bundle = bundles.made_of(made, estimates=estimates, pairs=[pair], folds=splits, scores=scores, **parts)
    return section_in(render(bundle), "differences"), headline(bundle, styles_of(bundle))


HOLDOUT = {"kind": "holdout", "test_size": 0.4, "repeats": 4}


def test_families_that_fool_the_test_are_named_with_their_rates() -> None:
    html, _ = of_a_pair({"one_nn": {"family": "knn", "title": "1-NN"}, "decision_tree": {}}, HOLDOUT)
    assert "The fits of Decision tree and 1-NN depend on few training rows" in html
    assert f"up to 28.5{THIN}% for trees of one split and 11.8{THIN}% for rules of one nearest neighbour" in html
    assert "depend on few" not in of_a_pair({"lda": {}, "qda": {}}, HOLDOUT)[0]


def test_halves_are_told_with_their_price_and_where_there_are_none_why() -> None:
    families: dict[str, Any] = {"lda": {}, "decision_tree": {}}
    cost = {"dataset": "wine", "family": "lda"}
    costs = [cost | {"variant": "plain", "fits": 400}, cost | {"variant": "half", "fits": 600}]
    halved = {"test": "sharp", "halves": ("0a", "0b", "1a", "1b"), "costs": costs}
    html, _ = of_a_pair(families, HOLDOUT, **halved)
    assert (
        "Pairs with Decision tree, whose fits depend on few training rows, were tested on 2 pairs of disjoint" in html
    )
    assert "600 trainings beside the 400 of the study itself" in html and "exceeds its level" not in html
    assert "All pairs were tested on 2 pairs" in of_a_pair(families, HOLDOUT, asked={"halves": {}}, **halved)[0]

    refused = {"dataset": "wine", "family": "decision_tree", "variant": "half", "code": str(HalvesTooDear.code)}
    dear = [refused | {"reasons": encoded([HalvesTooDear(2.4, 1.5)])}]
    html, _ = of_a_pair(families, HOLDOUT, unavailable=dear)
    assert "exceeds its level" in html and "they would cost 2.4 times" in html and "{halves: {}}" in html
    assert "the study leaves them out" in of_a_pair(families, HOLDOUT, asked={"halves": None})[0]
    given = {"kind": "given_folds", "column": "set"}
    assert "were not fitted: the protocol draws no folds" in of_a_pair(families, given)[0]


def test_runs_of_one_split_differ_by_the_seed_alone() -> None:
    split = {"kind": "fixed_split", "column": "set", "test": "b", "repeats": 4}
    html, line = of_a_pair({"random_forest": {}, "decision_tree": {}}, split, same=True)
    assert (
        "this is no sampling error" in html
        and f"95{THIN}% interval (t over seeds)" in html
        and "corrected" not in html.lower()
    )
    assert "depend on few" not in html  # what is said of other rows' samples has no place here
    assert line.endswith("over seeds on the same split")
    drawn, line = of_a_pair({"random_forest": {}, "decision_tree": {}}, HOLDOUT)
    assert "no sampling error" not in drawn and "over seeds" not in line


def test_all_present_cells_are_good_news() -> None:
    assert "None. All 534 fits are present." in html_of("leave_one_out")


def test_ties_carry_one_mark_and_partial_cells_none() -> None:
    made = bundles.classification()
    scores = made.frame("scores").filter(~((pl.col("family") == "extra") & (pl.col("fold") == 0)))
    html = render(Bundle(made.study, dict(made.frames) | {"scores": scores}, made.provenance))
    assert "8 of 10 folds" in html


def test_the_summary_is_json_and_changes_with_the_results() -> None:
    one = summary_of(bundles.classification())
    assert Summary.of_json(json.loads(json.dumps(one.as_json()))) == one
    assert [claim.mark for claim in one.claims] == [*bundles.MARKS[:-1], "consistent"]
    assert one.statuses == {"missing": 1}
    assert one.failures == 1
    scores = bundles.classification().frame("scores")
    changed = dict(bundles.classification().frames) | {"scores": scores.with_columns(pl.col("value") * 0.999)}
    other = summary_of(Bundle(bundles.classification().study, changed))
    assert other.results_sha256 != one.results_sha256
    shuffled = dict(bundles.classification().frames) | {"scores": scores.reverse()}
    assert summary_of(Bundle(bundles.classification().study, shuffled)).results_sha256 == one.results_sha256


def test_the_index_links_every_study_and_is_sealed_too() -> None:
    page = Reader(render_index([summary_of(bundle) for bundle in every()]))
    links = [a["href"] for t, a in page.tags if t == "a"]
    assert links == ["literature.html", *(f"{bundle.study.id}/index.html" for bundle in every())]
    assert sum(tag == "script" for tag, _ in page.tags) == 1
    assert "No study has been run yet." in "".join(Reader(render_index([])).text)


def test_bibtex_escapes_and_stays_balanced() -> None:
    from bench.report.sections.cite import entry

    text = entry("misc", "k", {"note": "A & B {50%} \\x", "url": "https://e.org/a_b}", "year": None})
    assert r"A \& B \{50\%\} \textbackslash{}x" in text
    assert "{https://e.org/a_b%7D}," in text
    assert "year" not in text


def test_claims_that_were_not_judged_are_not_drawn() -> None:
    from bench.report.sections.claims import claim_figures

    some = claims_with(*["exact"] * 2, *["missing"] * 9)
    assert claim_figures(some, styles_of(some))[0].body.count("m-around") == 2
    nothing = claims_with(*["missing"] * 9)
    assert claim_figures(nothing, styles_of(nothing)) == []


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (
            {"kind": "statistic", "statistic": "critical_difference", "level": 0.9},
            "Nemenyi's critical difference at level 0.9",
        ),
        ({"kind": "statistic", "statistic": "mean_rank", "family": "svm"}, "Mean rank"),
        (
            {
                "kind": "share",
                "dataset": "wine",
                "family": "svm",
                "metric": "accuracy",
                "side": "inner",
                "threshold": 0.3,
            },
            "Share with accuracy below 0.3 on Wine, inner folds, chosen candidate, "
            "two repeats of stratified 5-fold cross-validation",
        ),
    ],
)
def test_a_claim_says_what_it_is_about(claim: dict[str, Any], words: str) -> None:
    from bench.report.sections.claims import what

    made = bundles.study(claims=[{"id": "c", "value": "18.5", "where": "Table 1", "read": "source"} | claim])
    shown = {key: claim.get(key) for key in ("kind", "dataset", "family", "metric")}
    row = bundles.verdict("c", "reproduced", "wine", None, "18.5") | shown
    bundle = bundles.made_of(made, verdicts=[row])
    assert what(bundle, styles_of(bundle), bundle.verdicts[0]) == words


def test_the_literature_is_one_row_a_paper_by_year_and_counts_what_was_attempted() -> None:
    """Of the seven claims of `three-sets` one was not judged, one compares, one was not read at its source.

    `loo` is deterministic, one of its four was not attempted; the other bundles have no paper.
    """
    page = render_literature([summary_of(bundles.ALL[name]()) for name in bundles.ALL if name != "hostile"])
    shown = Reader(page)
    links = [a["href"] for t, a in shown.tags if t == "a"]
    assert links == ["index.html", "loo/index.html", "three-sets/index.html"]
    text = " ".join("".join(shown.text).split())
    assert "2 papers: 7 numbers read at their source, 1 number from memory and 1 comparison." in text
    assert "B. Writer" in text and "A. Author" in text
    made = literature([summary_of(bundles.ALL[name]()) for name in bundles.ALL if name != "hostile"])
    assert dict(made.totals) == {
        "exact": 3, "reproduced": 2, "direction_reproduced": 1, "consistent": 2, "not_reproduced": 1,
    }  # fmt: skip
    assert "3 of 3" in text
    assert (
        "2 of 6" in text
        and "1 claim not attempted" in text
        and "no error rate exists" in text
        and "right in direction, not in size" in text
    )
    assert "No study of a paper has been run yet." in "".join(Reader(render_literature([])).text)


def test_the_literature_shows_attacks_as_text() -> None:
    page = Reader(render_literature([summary_of(bundles.hostile())]))
    assert sum(tag == "script" for tag, _ in page.tags) == 1
    assert not any(tag == "img" for tag, _ in page.tags)
    assert bundles.HOSTILE[2] in "".join(page.text)


def lines(name: str) -> str:
    """The list under `The table as a whole`, as text."""
    part = html_of(name).split('id="replication"')[1].split("</ul>")[0]
    return " ".join("".join(Reader(f"<h3{part}</ul>").text).split())


def test_the_table_as_a_whole_in_words() -> None:
    text = lines("classification")
    assert "2 of 6 attempted claims hold up" in text
    assert "Three of the attempted claims cannot be refuted by a test: another method than the paper's" in text
    assert "A test could refute 3 claims on 2 subjects; chance alone would bring up to 0.1 false refutations." in text
    assert "It refutes one, and still one after Holm's correction: RF on Sonar" in text
    assert "Kendall's τ of published and our numbers is" in text
    assert "3 of 3 attempted claims hold up. No error rate exists for any of them" in lines("leave_one_out")


def test_few_claims_have_no_interval_and_no_curve() -> None:
    html = render(claims_with("reproduced", "not_reproduced", "consistent"))
    assert "1 of 3 attempted claims holds up: too few for an interval." in html
    assert "fig-tolerance-" not in html
    assert "fig-tolerance-accuracy-percent" in render(claims_with(*["reproduced"] * 4))


def test_deviations_stand_beside_the_verdicts() -> None:
    section = html_of("classification").split('<section id="claims"')[1].split("<section")[0]
    assert "Ten folds stand for the paper&#39;s single split." in section
    assert section.index('id="deviations"') < section.index('id="claims-table"')
    assert "No deviation from the paper is stated." in html_of("leave_one_out")


def claim_section(bundle: Bundle) -> str:
    return render(bundle).split('<section id="claims"')[1].split("<section")[0]


def test_the_interval_of_a_claim_is_of_the_difference() -> None:
    """Not moved to ours, where it would leave the metric's range; of a bare comparison it is the improvement's."""
    from bench.report.sections.claims import difference_interval

    printed = {"ours": 0.98, "published": "0.97", "low": -0.01, "high": 0.03}
    bare = {"ours": 3.0, "published": None, "low": 2.9, "high": 3.1, "unit": "percent"}
    given = records(sparse([printed, bare], VERDICTS), VerdictRow)
    assert list(map(difference_interval, given)) == ["[−0.010, 0.030]", "[2.90, 3.10]"]
    more = {"kind": "better", "against": "random_forest", "published": None, "difference": None}
    rows = [bundles.verdict("c", "reproduced", "wine", "svm", "99.8")]
    rows += [bundles.verdict("d", "reproduced", "wine", "svm", "1.0") | more]
    made = bundles.made_of(bundles.study(), verdicts=rows)
    section = claim_section(made)
    assert '<th scope="col" class="n">Ours − published</th>' in section
    assert f'data-h="Ours">100.00{THIN}%</td>' in section
    assert 'data-h="Ours − published">+0.20 pp<span class="sub ends">[−0.40, 0.80]</span></td>' in section
    assert '<span class="sub">improvement</span>' in section and "100.60" not in section
    assert "of a comparison without a published size: of the improvement" in section


def test_claims_that_read_alike_are_named_apart() -> None:
    """By metric where that tells them apart, else with the id; one that stands alone keeps its short name."""
    from bench.report.text.claim_names import claim_names
    from bench.text.words import measure

    rows = [
        bundles.verdict("a", "reproduced", "wine", "svm", "95.0"),
        bundles.verdict("b", "reproduced", "wine", "svm", "0.9", metric="f1_macro", unit=None),
        bundles.verdict("c", "reproduced", "wine", "random_forest", "95.0"),
        bundles.verdict("d", "reproduced", "wine", "random_forest", "96.0"),
        bundles.verdict("e", "reproduced", "wine", "logistic_regression", "96.0"),
    ]
    made = bundles.made_of(bundles.study(), verdicts=rows)
    names = claim_names(made, styles_of(made))
    assert names["a"].endswith(", accuracy") and names["b"].endswith(f", {measure('f1_macro').word}")
    assert len(set(names.values())) == 5
    assert names["c"].endswith(" (c)") and names["d"].endswith(" (d)")
    assert "," not in names["e"] and "(" not in names["e"]


def test_tolerances_are_called_settled_only_as_far_as_anything_shows_it() -> None:

    from bench.study.preregistration import Change, Frozen

    made = claims_with("exact", "not_reproduced")
    assert "Not preregistered: it may have been chosen after the scores were seen" in claim_section(made)

    def with_changes(*changes: Change) -> str:
        return claim_section(replace(made, provenance=Provenance(frozen=Frozen(("a" * 64,), changes))))

    kept, changed = "neither was changed since", "Tolerances or claims were changed after they were frozen"
    assert kept in with_changes()
    assert kept in with_changes(Change("families.svm", "{}", "nothing", 1))
    assert changed in with_changes(Change("tolerance.parameters.accuracy", "0.01", "0.05", 1, "why"))
    assert changed in with_changes(Change("claims.c0.published", '"95.0"', '"96.0"', 1))


def test_the_terminal_tells_changes_since_the_freeze_and_keeps_intervals_in_range(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:

    from bench.cli.show import show
    from bench.study.preregistration import Change, Frozen

    monkeypatch.setenv("COLUMNS", "160")
    key = {"dataset": "wine", "metric": "accuracy", "fallbacks": 0}
    rows = [key | {"family": "svm", "mean": 0.98, "low": 0.95, "high": 1.01}]
    made = bundles.made_of(bundles.study(), estimates=rows)
    show(made, summary_of(made))
    said = capsys.readouterr().out
    assert "[0.950, 1.000]" in said and "intervals end where the metric does" in said
    assert "frozen" not in said
    changes = (Change("tolerance.parameters.accuracy", "0.01", "0.05", 1), Change("claims.a", "1", "2", 1, "why"))
    made = replace(made, provenance=Provenance(frozen=Frozen(("a" * 64,), changes)))
    show(made, summary_of(made))
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    said = " ".join(lines).split("since it was frozen")[1].split(" lists")[0]
    assert re.findall(r"\d+", said) == ["2", "1"] and "`bench check toy`" in said


@pytest.mark.parametrize(
    ("resampling", "words"),
    [
        ({"kind": "holdout", "test_size": 0.3, "repeats": 1}, "one drawn split"),
        ({"kind": "leave_one_out"}, "leave-one-out draws no split"),
        ({"kind": "fixed_split", "column": "set", "test": "b"}, "one fixed training and test split, one run"),
        ({"kind": "kfold", "folds": 5, "repeats": 1}, "pooled over the folds of one repeat"),
    ],
)
def test_a_missing_interval_has_its_own_cause(resampling: dict[str, object], words: str) -> None:
    from bench.report.facts import no_interval_cause

    made = bundles.study(protocol={"resampling": resampling, "tuning": None, "seed": 1})
    score = {"dataset": "wine", "family": "svm", "variant": "plain", "metric": "accuracy", "side": "test"}
    made_bundle = bundles.made_of(made, scores=[score | {"repeat": 0, "fold": None, "value": 0.9}])
    assert no_interval_cause(made_bundle, "wine", "accuracy") == words


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Arithmetic("table"), "nothing was drawn, and the numbers differ"),
        (Repeats("splits", 3), "every draw gave the same number"),
    ],
)
def test_a_refutation_without_a_p_value_says_why(reason: Statement, words: str) -> None:
    ends = {"low": -3.4, "high": -3.4, "p": None, "reasons": encoded([OutsideTolerance("lower"), reason])}
    rows = [bundles.verdict("a", "not_reproduced", "wine", "svm", "95.0", **ends)]
    made = bundles.made_of(bundles.study(), verdicts=rows)
    assert words in " ".join(sentences(made, styles_of(made)))


def test_the_draws_of_a_simulation_are_no_single_split() -> None:
    from types import SimpleNamespace

    from bench.study.models import FixedSplit, KFold, Protocol
    from bench.text.words import outer_words

    def words(resampling: object, draws: int) -> str:
        protocol = Protocol(resampling=resampling, tuning=None)
        source = SimpleNamespace(parameters={"draws": draws} if draws > 1 else {})
        study = SimpleNamespace(protocol_of=lambda _: protocol, datasets={"d": SimpleNamespace(source=source)})
        return outer_words(study, "d")

    split, folds = FixedSplit(kind="fixed_split", column="split", test="test"), KFold(kind="kfold", folds=5)
    assert words(split, 1) == "one fixed split, as published"
    assert words(split, 100) == "100 draws, each with training and test rows of its own"
    assert words(folds, 50) == "stratified 5-fold cross-validation of each of 50 draws"


def test_errors_in_the_unit_of_the_target_are_drawn_by_data_set() -> None:
    from bench.core.metrics import METRICS
    from bench.text.words import in_unit_of_target

    assert {name for name in METRICS if in_unit_of_target(name)} == {"mse", "rmse", "mae", "median_ae"}


def test_of_thousands_of_features_the_first_are_listed() -> None:
    from bench.report.sections.data import MOST_LISTED, data

    made = bundles.study()
    names = [f"x{i}" for i in range(MOST_LISTED + 2)]
    roles = [*((name, "feature") for name in names), ("target", "target")]
    rows = [{"dataset": "wine", "column": name, "role": role, "rows": 9, "missing": 0} for name, role in roles]
    place = data(bundles.made_of(made, columns=rows)).places[0]
    assert [column.column for column in place.columns] == [*names[:MOST_LISTED], "target"]
    assert place.listed == f"The first {MOST_LISTED} of {MOST_LISTED + 2} features, and every other column"
