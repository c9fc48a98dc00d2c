"""The first screen: a table of headlines, verdicts by kind, discs of certainty, and counts that add up."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from bench.report.blocks import Figure, Table, Tile, walk
from bench.report.bundle import Bundle
from bench.report.counts import compared
from bench.report.exports.as_json import record
from bench.report.exports.content import Content
from bench.report.first.conclusions import MOST, conclusions
from bench.report.first.headline import headline
from bench.report.first.hero import hero
from bench.report.first.tiles import certainty, leaks, open_rows, still_open
from bench.report.first.verdicts import sum_up, words_of
from bench.report.plain import plain
from bench.report.sections.claims import sum_up_claims
from bench.report.sections.overview import overview
from bench.report.summary import summary_of
from tests.helpers import bundles
from tests.helpers.pages import figures

NAME = "A paper"
OTHER = {"doubt": "other_method", "row": {"evidence": "weak"}}


def claimed(*claims: dict[str, Any], **study: Any) -> Bundle:
    """A study of numbers on Wine; `mark`: how each came out."""
    stated, rows = [], []
    for i, one in enumerate(claims):
        changes = dict(one)
        row, mark = changes.pop("row", {}), changes.pop("mark", "exact")
        fields = {"id": f"c{i}", "kind": "value", "dataset": "wine", "family": "svm",
                  "metric": "accuracy", "value": "95.0", "unit": "percent", "where": "w",
                  "read": "source"} | changes  # fmt: skip
        stated.append(fields)
        doubts = fields.get("doubt", "")
        made = bundles.verdict(fields["id"], mark, "wine", "svm", "95.0", doubts=doubts)
        rows.append(made | row)
    stated, deviations = bundles.with_deviations(stated)
    study = {"name": NAME, "metrics": {"primary": "accuracy"}} | study
    tolerance = {"accuracy": 0.01, "why": "w"}
    made = bundles.study(
        claims=stated, deviations=deviations, tolerance=tolerance, **study
    )
    return bundles.made_of(made, verdicts=rows)


@pytest.mark.parametrize(
    ("claims", "outcome"),
    [
        ([{}], "holds (1 of 1 hold)"),
        ([{}, {"mark": "fits"}], "holds (1 of 2 hold, 1 open)"),
        ([{"mark": "off"}, {"mark": "not_reproduced"}], "differs (0 of 2 hold, 1 different, 1 open)"),
        ([{}, OTHER], "holds (1 of 1 hold, 1 not tested)"),
        ([OTHER], "not tested, another method"),
        ([{"mark": "missing"}], "nothing of the paper was run"),
    ],
)  # fmt: skip
def test_the_headline_of_a_paper_counts(
    claims: list[dict[str, Any]], outcome: str
) -> None:
    assert headline(claimed(*claims)) == f"{NAME}: {outcome}"


def test_the_headline_of_a_demonstration() -> None:
    planted = {"wine": "duplicates_across"}
    found = {"dataset": "wine", "diagnostic": "duplicates_across", "severity": "warning",
             "outcome": "found", "code": "L4"}  # fmt: skip
    made = bundles.study(name=NAME, planted=planted)
    assert (
        headline(bundles.made_of(made))
        == f"{NAME}: 0 of 1 planted faults found, no false warning"
    )
    bundle = bundles.made_of(made, findings=[found])
    assert headline(bundle) == f"{NAME}: 1 of 1 planted faults found, no false warning"
    assert plain(leaks(bundle).reasons[-1]) == "planted on purpose"
    empty = bundles.made_of(bundles.study(name=NAME, planted={}), findings=[found])
    assert headline(empty) == f"{NAME}: 1 false warnings"


def test_the_headline_of_ones_own_question_names_the_simple_model() -> None:
    bundle = bundles.regression()
    first = next(iter(bundle.study.families or {}))
    study = bundle.study.model_copy(update={"simple": first, "name": NAME})
    made = Bundle(study, bundle.frames, bundle.provenance)
    assert headline(made).startswith(NAME) and len(headline(made)) > len(NAME) + 10


@pytest.mark.parametrize(
    ("doubts", "grade"),
    [("", 3), ("memory", 2), ("memory method", 1), ("memory method quoted data", 1)],
)
def test_a_disc_goes_with_each_reason(doubts: str, grade: int) -> None:
    """One dataset alone is a reason."""
    rows = [{"row": {"doubts": doubts, "evidence": "weak"}}] * 2
    tile = certainty(claimed(*rows))
    assert tile.grade == grade and len(tile.reasons) == 1 + len(doubts.split())


def test_what_is_open_adds_up() -> None:
    bundle = claimed(
        {"mark": "fits", "row": {"settle": "repeats", "further": 5}},
        {"mark": "off", "row": {"settle": "paper_noise"}},
        {"mark": "fits", "row": {"settle": "repeats", "further": 9}},
        {},
        {"mark": "missing"},
        OTHER | {"mark": "off"},
    )
    assert len(open_rows(bundle)) == 3
    assert (
        headline(bundle)
        == f"{NAME}: open (1 of 4 hold, 3 open, 1 not tested, 1 not run)"
    )
    tile = still_open(bundle)
    assert tile.sign.words == "3 of 4 claims"
    assert [plain(one).split(":")[0] for one in tile.reasons[:2]] == ["2", "1"]
    assert "5 to 9" in plain(tile.reasons[0])


@pytest.mark.parametrize(
    "beside", [[], [{"mark": "missing"}], [OTHER], [{"mark": "missing"}, OTHER, OTHER]]
)
@pytest.mark.parametrize("many", [3, 9])
def test_every_place_counts_the_same_claims(
    many: int, beside: list[dict[str, Any]]
) -> None:
    """The headline, the tile, the table, the picture, the terminal, the index and the JSON file."""
    claims = [{"row": {"difference": 0.1, "tolerance": 1.0}}] * many
    bundle = claimed({"mark": "fits"}, *claims, *beside)
    numbers = compared(bundle)
    others = sum(one is OTHER for one in beside)
    assert (numbers.held, numbers.compared) == (many, many + 1)
    assert (numbers.untested, numbers.left) == (others, len(beside) - others)
    assert f"({words_of(numbers)})" in headline(bundle)
    assert still_open(bundle).sign.words.startswith(f"1 of {many + 1} ")
    told = dict(sum_up_claims(bundle))
    assert figures(plain(told["Hold"])) == [str(many), str(many + 1)]
    assert summary_of(bundle).numbers == numbers
    assert record(Content(bundle))["counts"] == asdict(numbers)
    figure = hero(bundle)
    assert figure is not None and words_of(numbers) in plain(figure.result)
    table = conclusions(bundle)
    if many + len(beside) >= MOST:
        assert table is not None and plain(table.rows[0][1]).endswith(words_of(numbers))


def test_each_kind_of_number_has_a_column_of_its_own() -> None:
    bundle = claimed(
        {"mark": "reproduced"},
        OTHER,
        concludes=[
            {"says": "a", "claims": ["c0"]},
            {"says": "b", "claims": ["c1"]},
            {"says": "c", "claims": ["c0", "c1"]},
        ],
    )
    table = conclusions(bundle)
    assert table is not None
    assert [plain(one) for one in table.columns] == [
        "The paper says", "Here", "Ours", "Ours − printed (±1\N{NO-BREAK SPACE}pp)",
    ]  # fmt: skip
    kinds = [row[1].kind for row in table.rows]  # type: ignore[union-attr]
    assert kinds == ["holds", "untested", "holds"]
    assert table.rows[2][2] == ""


def test_verdicts_together() -> None:
    from bench.core.judgements import Agreement
    from bench.report.first.verdicts import NUMBER

    exact, fits, differs = (
        NUMBER[Agreement(one)] for one in ("exact", "fits", "differs")
    )
    assert sum_up([exact, exact]).kind == "holds"
    assert sum_up([exact, fits]).kind == "open"
    assert sum_up([exact, differs]).kind == "mixed"
    assert sum_up([fits, differs]).kind == "off"


@pytest.mark.parametrize(
    "make", [bundles.classification, bundles.regression, bundles.leave_one_out, bundles.many_sets, bundles.barren]
)  # fmt: skip
def test_tiles_stand_before_the_picture(make: Any) -> None:
    blocks = list(walk(overview(make())))
    tiles = [i for i, one in enumerate(blocks) if isinstance(one, Tile)]
    pictures = [i for i, one in enumerate(blocks) if isinstance(one, Figure)]
    assert len(tiles) == 4 and all(i > max(tiles) for i in pictures)
    tables = [one for one in blocks if isinstance(one, Table)]
    assert all(len(one.rows) <= 5 for one in tables)
