"""The page over all studies: a verdict of counts, and the best first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.report.all_studies import enter_papers, find_verdict, title
from bench.report.page import render_index
from bench.report.summary import ClaimShort, PaperShort, Summary, summary_of
from tests.helpers import bundles
from tests.helpers.pages import Reader

PLAIN = summary_of(bundles.regression())


def study(*words: str, name: str = "a", **more: object) -> Summary:
    """A study of a paper whose claims came out so; `another`: by another method."""
    claims = [
        ClaimShort(
            f"c{i}", "exact" if word == "another" else word, "strong", word == "another"
        )
        for i, word in enumerate(words)
    ]
    paper = PaperShort(f"{name} (1999). Toys.", 1999)
    fields = {"id": name, "name": name, "asks": False, "paper": paper, "claims": claims}
    return replace(PLAIN, **fields | {"own": False, "answers": []} | more)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["exact"], "holds"),
        (["reproduced"] * 21 + ["fits"] * 3, "holds"),
        (["reproduced", "off"], "holds"),
        (["reproduced", "off", "fits"], "open"),
        (["reproduced"] * 9 + ["differs"], "holds"),
        (["reproduced"] * 8 + ["differs"], "mixed"),
        (["fits"] * 8 + ["differs"], "mixed"),
        (["reproduced", "differs"], "off"),
        (["another"] * 5, "untested"),
        (["another"] * 5 + ["differs"], "off"),
    ],
)
def test_a_verdict_follows_from_counts(words: list[str], kind: str) -> None:
    one = study(*words)
    assert find_verdict(one, one.numbers).kind == kind


def test_a_printed_table_counts_by_its_numbers() -> None:
    claim = ClaimShort("c", "differs", "strong", numbers=(98, 100))
    one = replace(study(), claims=[claim])
    numbers = one.numbers
    assert (numbers.held, numbers.differ) == (98, 2)
    assert find_verdict(one, numbers).kind == "holds"
    left_open = replace(one, claims=[replace(claim, agreement="off")])
    assert left_open.numbers.open == 2


def test_the_best_verdict_is_first_and_few_numbers_come_after_many() -> None:
    studies = [
        study("differs", name="a"),
        study("exact", name="b"),
        study(*["exact"] * 3, "fits", name="c"),
        study("another", name="d"),
        study("exact", name="e", asks=True),
    ]
    assert [one.study.id for one in enter_papers(studies)] == ["c", "b", "a", "d"]
    assert title(studies).startswith("2 of 4 studies of papers hold")
    page = Reader(render_index(studies))
    links = [a["href"] for tag, a in page.tags if tag == "a"]
    assert links == [f"{name}/index.html" for name in "cbade"]
