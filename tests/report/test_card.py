"""The first screen: the claims in its table, how the rest went, and what is exported of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bench.cli.app import main
from bench.core.errors import DataError
from bench.core.outcomes import encoded
from bench.report.bundle import Bundle
from bench.report.charts.forest import ForestLine, forest_line, forest_scale
from bench.report.citation import CitedPaper, cited_paper, is_unread
from bench.report.exports import export
from bench.report.page import render
from bench.report.sections.cite import paper_entry
from bench.report.sections.overview import Overview, overview
from bench.report.text.overview import cost
from bench.study.cost import FILE, RunCost, cost_of
from bench.study.models import Paper
from bench.text.chance import OneRunDecidesNothing, SeedNotMeasured
from bench.text.judgements import IntervalOpen, SmallDifference, ZeroExcluded
from bench.text.sentences import sentence
from tests.conftest import TOY
from tests.helpers import bundles
from tests.helpers.pages import figures
from tests.report.text.test_headline import TWO, alarm, claimed


def facts(shown: Overview) -> dict[str, str]:
    return {fact.label: fact.text for fact in shown.facts}


def test_the_table_has_the_first_central_claims_whatever_came_out_and_what_is_refuted() -> (
    None
):
    central = {"central": True}
    bundle = claimed(
        central | {"mark": "unclear"}, central | {"mark": "exact"}, central | {"mark": "consistent"},
        central | {"mark": "exact"}, {"mark": "exact"}, {"mark": "not_reproduced"}, {"mark": "missing"},
    )  # fmt: skip
    shown = overview(bundle)
    assert [row.id for row in shown.table.rows] == ["c0", "c1", "c2", "c3", "c5"]
    assert (
        shown.others
        == "All 6 attempted claims: 3 exact, 1 consistent but undecided, 1 unclear, 1 not reproduced."
    )
    assert shown.left == "1 claim not judged"


def test_a_central_claim_is_a_row_whatever_its_evidence_and_whether_it_was_judged() -> (
    None
):
    """Behind those on better evidence; a claim that was not judged says so, with the reason."""
    weak = {"fidelity": "substituted", "row": {"evidence": "weak"}}
    bundle = claimed(
        {"mark": "missing", "central": True},
        {"mark": "unclear", "central": True} | weak,
        {"mark": "exact"},
    )
    rows = overview(bundle).table.rows
    assert [(row.id, row.mark) for row in rows] == [
        ("c1", "unclear"),
        ("c0", "missing"),
        ("c2", "exact"),
    ]
    assert rows[1].beside and not rows[1].follows


def test_what_all_rows_of_a_word_say_below_it_stands_once_in_the_note() -> None:
    """Not where one row says something else, or is alone."""
    open_ = {
        "mark": "consistent",
        "row": {"reasons": encoded([IntervalOpen("equal", "higher")])},
    }
    other = {
        "mark": "consistent",
        "row": {"reasons": encoded([IntervalOpen("narrowly", "higher")])},
    }
    why, said = sentence(IntervalOpen("equal", "higher")), []
    for claims in (
        (open_, open_, {"mark": "exact"}),
        (open_, open_, other),
        (open_, {"mark": "exact"}),
    ):
        table = overview(claimed(*map(dict, claims))).table
        said.append(([row.beside == why for row in table.rows], why in table.note))
    assert said == [
        ([False] * 3, True),
        ([True, True, False], False),
        ([True, False], False),
    ]


def test_one_tolerance_of_all_rows_is_named_and_of_several_none() -> None:
    one, other = (
        {"mark": "reproduced"},
        {"mark": "reproduced", "row": {"tolerance": 0.5, "tolerance_used": 0.5}},
    )
    notes = [
        overview(claimed(*map(dict, claims))).table.note
        for claims in ((one, one), (one, other))
    ]
    assert ["within ±" in note for note in notes] == [
        True,
        False,
    ] and "the claim's tolerance" in notes[1]


def test_claims_that_compare_models_are_named_where_published_numbers_are_counted() -> (
    None
):
    pair = {"kind": "better", "against": "random_forest"}
    shown = facts(overview(claimed({}, pair)))["Published numbers"]
    assert figures(shown)[-1] == "1" and "no published number" in shown
    assert (
        "no published number" not in facts(overview(claimed({})))["Published numbers"]
    )


def test_a_small_difference_is_told_with_the_tolerance_of_its_claim() -> None:
    row = {
        "low": -0.9,
        "high": -0.2,
        "low_refute": -0.9,
        "high_refute": -0.1,
        "reasons": encoded([ZeroExcluded()]),
    }
    shown = overview(claimed({"mark": "reproduced", "row": row})).table.rows[0]
    assert shown.beside == sentence(SmallDifference("±1 pp", significant=True))
    row |= {"high_refute": 0.1}
    shown = overview(claimed({"mark": "reproduced", "row": row})).table.rows[0]
    assert shown.beside == sentence(SmallDifference("±1 pp", significant=False))


def test_a_number_of_one_run_says_on_which_side_of_the_tolerance_it_lies() -> None:
    drawn = {
        "reasons": encoded([SeedNotMeasured("inner_folds")]),
        "low": None,
        "high": None,
    }
    rows = [
        {"mark": "unclear", "row": drawn | {"difference": size}} for size in (-2.0, 0.5)
    ]
    shown = overview(claimed(*rows)).table.rows
    assert [row.beside for row in shown] == [
        sentence(OneRunDecidesNothing(outside, "inner_folds"))
        for outside in (True, False)
    ]


def test_only_marks_that_are_drawn_are_explained() -> None:
    bare = {"row": {"low": None, "high": None}}
    notes = [
        overview(claimed({"mark": "reproduced"} | row)).table.note for row in ({}, bare)
    ]
    assert ["Bar:" in note for note in notes] == [True, False] and all(
        "Band:" in note for note in notes
    )


def test_the_level_of_an_interval_is_named_whether_or_not_it_is_drawn() -> None:
    pair = {
        "kind": "better",
        "family": "svm",
        "against": "random_forest",
        "mark": "reproduced",
    }
    ranged = {"kind": "range", "value": None, "at_least": "94.0", "mark": "reproduced"}
    ranged["row"] = {
        "published": "94.0",
        "stated": "at least 94.0",
        "p": 0.8,
        "low": 0.2,
        "high": 1.4,
    }
    note = overview(
        claimed(pair | {"row": {"low_refute": 0.01, "high_refute": 0.03}}, ranged)
    ).table.note
    assert "Bar: 90" in note and "95" in note and "published" not in note


def test_a_row_has_both_numbers_difference_agreement_and_evidence() -> None:
    (row,) = overview(
        claimed(
            {
                "mark": "consistent",
                "fidelity": "substituted",
                "row": {"evidence": "weak"},
            }
        )
    ).table.rows
    assert [text.replace("\u202f", " ") for text in (row.published, row.ours)] == [
        "95.0 %",
        "95.80 %",
    ]
    assert (row.difference, row.interval) == ("+0.80 pp", "[0.20, 1.40]")
    assert (row.mark, row.follows, row.doubts) == (
        "consistent",
        "loosely",
        "another method",
    )


def test_a_comparison_is_in_percentage_points_and_has_no_published_number() -> None:
    pair = {
        "kind": "better",
        "family": "svm",
        "against": "random_forest",
        "mark": "reproduced",
    }
    table = overview(
        claimed(pair | {"row": {"low_refute": 0.01, "high_refute": 0.03}})
    ).table
    (row,) = table.rows
    assert (row.difference, row.interval, table.head.published) == (
        "+2.0 pp",
        "[1.0, 3.0]",
        "",
    )
    percent = {
        "unit": "percent",
        "ours": 9.3,
        "low_refute": 8.9,
        "high_refute": 9.6,
        "tolerance": 0.5,
    }
    (row,) = overview(claimed(pair | {"row": percent})).table.rows
    assert (row.difference, row.interval) == ("+9.3 pp", "[8.9, 9.6]")


def test_a_line_of_a_forest_plot_is_drawn_on_one_scale() -> None:
    near, far = (
        ForestLine(0.5, 0.2, 0.8, -1.0, 1.0),
        ForestLine(3.0, None, None, -1.0, 1.0, refuted=True),
    )
    scale = forest_scale([near])
    assert (scale.low, scale.high) == (-1.0, 1.0)
    drawn = str(forest_line(near, scale, "near"))
    assert 'x="73.5%"' in drawn and drawn.count("<rect") == 2  # 3 + 94 * 0.75
    assert "›" in forest_line(far, scale, "far") and "#m-circle" not in forest_line(
        far, scale, "far"
    )


def test_a_study_of_models_shows_them_with_their_distance_from_the_best() -> None:
    shown = overview(bundles.regression())
    assert shown.use and shown.table.rows[0].word not in {
        row.word for row in shown.table.rows[1:]
    }
    assert all("<svg" in row.drawn for row in shown.table.rows[1:] if row.interval)


def test_where_nothing_is_planted_the_models_are_shown() -> None:
    bundle = bundles.regression()
    none = bundle.study.model_copy(update={"planted": {}})
    assert (
        overview(Bundle(none, bundle.frames, bundle.provenance)).table
        == overview(bundle).table
    )


def test_planted_faults_are_rows() -> None:
    made = bundles.study(
        datasets=TWO, planted={"wine": "duplicates_across", "sonar": "file_order"}
    )
    rows = overview(
        bundles.made_of(made, findings=[alarm("wine", "duplicates_across")])
    ).table.rows
    assert [(row.what, row.ours) for row in rows] == [
        ("Wine", "✓ found"),
        ("Sonar", "✕ not found"),
    ]


def with_cost(bundle: Bundle, results: str) -> Bundle:
    cost = RunCost(results, 712, 299.3, 2, "Linux x86_64", "3.11.7", "2026-11-26")
    return replace(bundle, provenance=replace(bundle.provenance, cost=cost))


def test_what_a_run_took_is_of_the_results_that_it_names() -> None:
    bundle = claimed({})
    assert f"bench cost {bundle.study.id}" in facts(overview(bundle))["Run"]
    said = facts(overview(with_cost(bundle, bundle.results_sha256)))
    assert figures(said["Run"])[:2] == ["5", "2"] and said["Run"].endswith("2026-11-26")
    other = cost(RunCost("a", 712, 1, 1, "", "", ""), "a", 12, "wine")
    assert figures(other)[0] == "12" and "712" not in other
    assert "2026-11-26" in said["Data"]
    earlier = facts(overview(with_cost(bundle, "ab" * 32)))["Run"]
    assert figures(earlier) == figures(said["Run"]) and earlier != said["Run"]


def test_the_record_of_a_run_is_read_as_it_was_written_or_refused(
    tmp_path: Path,
) -> None:
    cost = RunCost("ab" * 32, 3, 0.5, 2, "Linux x86_64", "3.11.7", "2026-11-26")
    assert cost_of(tmp_path) is None
    (tmp_path / FILE).write_bytes(cost.text)
    assert cost_of(tmp_path) == cost
    (tmp_path / FILE).write_text('{"fits": 3}')
    with pytest.raises(DataError, match="bench cost"):
        cost_of(tmp_path)


def test_the_card_by_itself_is_one_content_in_two_forms() -> None:
    bundle = bundles.classification()
    files, shown = export(bundle, ["card"]), overview(bundle)
    html, text = files["card.html"], files["card.md"]
    assert "<script" not in html and '<a href="#' not in html
    for row in shown.table.rows:
        assert row.ours in html and row.ours.replace("−", "−") in text.replace("\\", "")
    assert shown.rerun in html and text.startswith("# ")
    assert files == export(bundle, ["card"])


def test_a_card_links_only_to_sections_that_are_there() -> None:
    page = render(claimed({}))
    assert 'href="#claim-c0"' in page and 'href="#preregistration"' not in page


@pytest.mark.parametrize(
    ("citation", "kind", "fields"),
    [
        (
            "A, B. (1999). T. Journal of Tables 1(1), 1–10.",
            "article",
            {"volume": "1", "number": "1", "pages": "1–10"},
        ),
        (
            "A, B. (1999). T. Technical Report 9-2, Institute.",
            "techreport",
            {"number": "9-2", "institution": "Institute"},
        ),
        (
            "A, B. (1999). T. Conference on X, 3-4.",
            "inproceedings",
            {"booktitle": "Conference on X", "pages": "3–4"},
        ),
        (
            "A, B. (1999). T. Springer. Section 2.",
            "book",
            {"publisher": "Springer", "note": "Section 2"},
        ),
        ("A, B. (1999). T.", "misc", {}),
        (
            "A, B. (1999). T. Proceedings of the IEEE 86, 2-3.",
            "article",
            {"journal": "Proceedings of the IEEE"},
        ),
        (
            "A, B. (1999). T. J of X, 12(3), 45–67. https://doi.org/10.1/x_1",
            "article",
            {"journal": "J of X"},
        ),
        (
            "A, B. (1999). T. In Proceedings of the 22nd international conference on X (pp. 785-794).",
            "inproceedings",
            {
                "booktitle": "Proceedings of the 22nd international conference on X",
                "pages": "785–794",
            },
        ),
        (
            "A, B. (1999). T. Advances in neural information processing systems, 31.",
            "inproceedings",
            {
                "booktitle": "Advances in neural information processing systems",
                "volume": "31",
            },
        ),
        (
            "A, B. (1999). T. arXiv:1909.09223.",
            "misc",
            {"howpublished": "arXiv:1909.09223"},
        ),
    ],
)
def test_a_citation_is_read_as_an_entry(
    citation: str, kind: str, fields: dict[str, str]
) -> None:
    found = cited_paper(Paper(citation=citation, year=1999))
    assert (found.kind, found.authors, found.title) == (kind, ("A, B.",), "T")
    assert found.fields.items() >= fields.items()


@pytest.mark.parametrize(
    ("who", "authors"),
    [
        ("Smith, J. & Doe, A. B.", ("Smith, J.", "Doe, A. B.")),
        ("Smith, J., Doe, A., & Roe, C.", ("Smith, J.", "Doe, A.", "Roe, C.")),
        (
            "Müller, K.-R., O’Hara, P. and van der Maaten, L.",
            ("Müller, K.-R.", "O’Hara, P.", "van der Maaten, L."),
        ),
        (
            "Fernández-Delgado, M. and Prasad C, V., eds",
            ("Fernández-Delgado, M.", "Prasad C, V."),
        ),
    ],
)
def test_the_authors_of_a_citation(who: str, authors: tuple[str, ...]) -> None:
    found = cited_paper(Paper(citation=f"{who} (1999). Why? Trees 1, 2-3.", year=1999))
    assert (found.authors, found.title, found.editors) == (
        authors,
        "Why?",
        who.endswith("eds"),
    )


#: Citations of which a part could only be guessed.
UNREAD = [
    "J. Smith and A. Doe. T. In Advances in Neural Information Processing Systems 33, pages 1-10, 1999.",
    "Team (1999). A technical report. arXiv:2303.08774",
    'Breiman, Leo. "Random forests." Machine learning 45.1 (1999): 5-32.',
    "T. Hastie, R. Tibshirani, J. Friedman, The Elements of Statistical Learning, 2nd ed., Springer, 1999.",
    "Müller, K.-R. et al. (1999). An introduction. IEEE Trans. Neural Netw., 12:181–202.",
    "Delgado M, Cernadas E (1999) Do we need hundreds of classifiers? J Mach Learn Res 15:3133–3181",
    "Gijsbers, LeDell, Thomas. An Open Source AutoML Benchmark. ICML Workshop on AutoML, 1999.",
    "Breiman (1999) Bagging predictors. Machine Learning 24, 123-140",
    "Smith and Doe, A. (1999). T. Trees 1, 2-3.", "Smith, J. (1998). T. Trees 1, 2-3.", "Smith, J. (1999). T.  Trees",
    "Smith, J. (1999). Trees vs. forests. Trees 1, 2-3.", "Smith, J. (1999). Do we? A study. Trees 1, 2-3.",
    "Freund, Y. and Schapire, R. (1999). Boosting. In ICML 96, 148-156.", "Smith, J. (1999). T. Chapter 5, 12-20.",
    "Smith, J. (1999). T. Technical Report 24, 10-12.", "Smith, J. (1999). T. Workshop on X, 1999.",
    "Smith, J. (1999). T. In Springer Notes.", "Smith, J. (1999). A. B.",
]  # fmt: skip


def test_the_year_of_a_citation_is_that_of_the_entry() -> None:
    entry = paper_entry(
        Paper(
            citation="Breiman, L. (1996). Bagging Predictors. Machine Learning 24, 123-140."
        ),
        "x",
    )
    assert "@article{breiman1996bagging," in entry and "year = {1996}" in entry


@pytest.mark.parametrize("citation", UNREAD)
def test_a_citation_of_another_form_stands_whole(citation: str) -> None:
    paper = Paper(citation=citation, year=1999)
    assert cited_paper(paper) == CitedPaper("misc", (), citation) and is_unread(paper)
    typed = cited_paper(
        Paper(citation=citation, year=1999, title="Trees", authors=("A, B.",))
    )
    assert (typed.kind, typed.title, typed.authors, typed.fields) == (
        "misc",
        "Trees",
        ("A, B.",),
        {},
    )


def test_check_says_that_a_citation_is_not_read(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    for cited, title, codes in (
        ("A (1999) T.", "", ["problem.citation_unread"]),
        ("A (1999) T.", ", title: T", []),
        ("A, B. (1999). T.", "", []),
    ):
        project(toy=f'{TOY}paper: {{citation: "{cited}", year: 1999{title}}}\n')
        capsys.readouterr()
        assert main(["check", "toy", "--json"]) == 0
        remarks = json.loads(capsys.readouterr().out)["remarks"]
        assert [(one["code"], one["path"]) for one in remarks] == [
            (code, "paper.citation") for code in codes
        ]


def test_the_citations_of_our_studies_are_read() -> None:
    studies = Path(__file__).parents[2].glob("studies/*/study.yaml")
    papers = [
        YAML(typ="safe").load(file.read_text(encoding="utf-8")).get("paper")
        for file in studies
    ]
    assert [
        paper["citation"] for paper in papers if paper and is_unread(Paper(**paper))
    ] == []


def test_typed_fields_of_a_paper_come_before_its_citation() -> None:
    paper = Paper(
        citation="X",
        year=1999,
        title="Trees",
        authors=("A, B.", "C, D."),
        published_in="J 2, 3-4",
    )
    entry = paper_entry(paper, "study")
    assert entry.startswith(
        "@article{a1999trees,\n  author = {A, B. and C, D.},\n  title = {{Trees}},"
    )
    assert "  pages = {3--4}," in entry


def test_the_source_of_published_numbers_is_named_where_there_is_one() -> None:
    from bench.report.text.overview import read

    assert read({"source": 4}, "wine.names.") == "4 from wine.names"
    assert "Claims" in read({"source": 4}) and read({}) == ""


def test_deviations_are_noted_beside_claims_only_where_a_paper_has_claims() -> None:
    from bench.report.text.overview import NO_DEVIATION, deviations

    assert (deviations(0, notes=True), deviations(0, notes=False)) == (NO_DEVIATION, "")
    assert figures(deviations(2, notes=False)) == ["2"]
