"""A headline tells claims by their own codes and numbers, whatever the claims of a study are."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.core.judgements import Agreement, Evidence
from bench.core.outcomes import encoded
from bench.report.bundle import Bundle
from bench.report.counts import Foremost, foremost
from bench.report.styles import styles_of
from bench.report.text.finding import FindingOfClaims, begun, inside
from bench.report.told import Says, Told, finding_of
from bench.text.compared import Equivalent
from bench.text.formats import MINUS, THIN
from tests.helpers import bundles

TITLES = {"wine": "Wine", "sonar": "Sonar", "glass": "Glass"}
FAMILIES = ("logistic_regression", "random_forest", "svm")
NUMBERS, PAIRS = ("value",), ("better", "equivalent")
KINDS = (*NUMBERS, "better", "best", "equivalent", "order")
OPEN = (Agreement.FITS, Agreement.OFF)
Key = tuple[str, str, str, str]


def tables(datasets: list[str]) -> dict[str, Any]:
    source = bundles.wine()
    return {name: source | {"title": TITLES[name]} for name in datasets}


@st.composite
def claims(
    draw: st.DrawFn, datasets: list[str], scores: dict[Key, float], often: str
) -> dict[str, Any]:
    """A claim of any of several kinds, and how it was judged; ours is the difference of the scores, or any number.

    Half of the claims are of the kind `often` and the same models, so that many differ in little.
    """
    kind = draw(st.sampled_from((*KINDS, *len(KINDS) * [often])))
    family, against = draw(
        st.sampled_from((FAMILIES, draw(st.permutations(FAMILIES))))
    )[:2]
    dataset = draw(st.sampled_from((*datasets, None)))
    metric, side = (
        draw(st.sampled_from(("accuracy", "log_loss"))),
        draw(st.sampled_from(("test", "train"))),
    )
    numbered = kind in NUMBERS
    value = f"{draw(st.floats(0.01, 2)):.2f}" if numbered else None
    stated = {
        "kind": kind,
        "dataset": dataset,
        "metric": metric,
        "side": side,
        "family": family,
        "value": value,
    }
    stated |= {
        "against": against if kind in PAIRS else None,
        "central": draw(st.sampled_from((False, False, False, True))),
    }
    if kind == "order":
        stated |= {"order": [family, against], "family": None}
    own, other = (
        scores.get((side, metric, dataset or datasets[0], name))
        for name in (family, against)
    )
    gap = (
        (other - own) * (1 if metric == "log_loss" else -1)
        if own is not None and other is not None
        else 0.1
    )
    ours = draw(
        st.sampled_from((gap, draw(st.floats(-1, 30).map(lambda one: round(one, 3)))))
    )
    row = {
        "ours": ours,
        "published": value,
        "unit": None,
        "agreement": draw(st.sampled_from(Agreement)).value,
    }
    row |= {
        "evidence": draw(st.sampled_from((*3 * [Evidence.STRONG], *Evidence))).value,
        "p": draw(st.sampled_from((None, 0.01, 0.9))),
    }
    row |= {
        "doubts": draw(st.sampled_from(("", "other_method"))),
        "difference": None,
    }
    return {
        "stated": {name: one for name, one in stated.items() if one is not None},
        "row": row,
    }


@st.composite
def studies(draw: st.DrawFn) -> tuple[Bundle, dict[Key, float]]:
    """One to three datasets, of which some cells failed, and one to six claims."""
    datasets = list(TITLES)[: draw(st.integers(1, 3))]
    scores = {
        (side, metric, dataset, family): round(draw(st.floats(0.05, 3)), 3)
        for side in ("test", "train")
        for metric in ("accuracy", "log_loss")
        for dataset in datasets
        for family in FAMILIES
        if draw(st.integers(0, 9))
    }
    made = draw(
        st.lists(
            claims(datasets, scores, draw(st.sampled_from(KINDS))),
            min_size=1,
            max_size=6,
        )
    )
    stated = [
        one["stated"] | {"id": f"c{i}", "where": "w", "read": "source"}
        for i, one in enumerate(made)
    ]
    rows = []
    for claim, one in zip(stated, made, strict=True):
        row = bundles.verdict(
            claim["id"], "exact", claim.get("dataset"), claim.get("family"), "0"
        )
        rows.append(
            row
            | {name: claim.get(name) for name in ("kind", "against", "metric")}
            | one["row"]
        )
    found = [
        {"dataset": dataset, "family": family, "variant": "plain", "repeat": 0, "fold": fold, "side": side,
         "metric": metric, "value": value + (0.01 if fold else -0.01)}
        for (side, metric, dataset, family), value in scores.items() for fold in (0, 1)
    ]  # fmt: skip
    metrics = {"primary": "accuracy", "also": draw(st.sampled_from(([], ["log_loss"])))}
    return bundles.made_of(
        bundles.study(claims=stated, datasets=tables(datasets), metrics=metrics),
        verdicts=rows,
        scores=found,
    ), scores


def may_say(one: Told) -> Says:
    """What the agreement supports."""
    agreement = Agreement(str(one.row.agreement))
    return (
        Says.REFUTED
        if agreement == Agreement.DIFFERS
        else Says.OPEN
        if agreement in OPEN
        else Says.SHOWN
    )


def alike(one: Told, other: Told) -> bool:
    same = all(
        getattr(one.row, name) == getattr(other.row, name)
        for name in ("kind", "family", "against", "metric")
    )
    return same and one.side == other.side and one.is_number == other.is_number


def share_of(one: Told, scores: dict[Key, float]) -> float:
    (dataset,) = one.datasets
    own, other = (
        scores[one.side, one.metric, dataset, str(f)]
        for f in (one.row.family, one.row.against)
    )
    return (other - own) / other


@pytest.mark.parametrize(
    ("other", "row", "together"),
    [
        ({}, {}, True), ({}, {"agreement": "differs", "evidence": "limited"}, True), ({"note": "n"}, {}, True),
        ({"metric": "log_loss"}, {}, False), ({"side": "train"}, {}, False), ({"against": "svm"}, {}, False),
        ({"family": "svm"}, {}, False), ({"kind": "equivalent"}, {}, False), ({"dataset": "wine"}, {}, False),
        ({"read": "memory"}, {}, False), ({}, {"doubts": "other_method"}, False),
    ],
)  # fmt: skip
def test_only_claims_that_differ_by_their_dataset_are_told_together(
    other: dict[str, str], row: dict[str, str], together: bool
) -> None:
    first = {
        "id": "a",
        "kind": "better",
        "dataset": "wine",
        "family": "logistic_regression",
    }
    first |= {
        "against": "random_forest",
        "metric": "accuracy",
        "where": "w",
        "read": "source",
    }
    second = first | {"id": "b", "dataset": "sonar"} | other
    plain = {"evidence": "strong", "unit": None, "ours": 0.1}
    rows = [
        bundles.verdict(one["id"], "reproduced", one["dataset"], one["family"], "0")
        | {
            "kind": one["kind"],
            "against": one["against"],
            "metric": one["metric"],
            "published": one.get("value"),
        }
        | plain
        | more
        for one, more in ((first, {}), (second, row))
    ]
    bundle = bundles.made_of(
        bundles.study(claims=[first, second], datasets=tables(["wine", "sonar"])),
        verdicts=rows,
    )
    of = Foremost(tuple(bundle.verdicts), False, Evidence.STRONG, False)
    assert len(finding_of(bundle, of).others) == together


@pytest.mark.parametrize(
    ("wine", "sonar", "said"),
    [
        (
            "equal",
            "equal",
            "LR and RF are practically equal in accuracy on Wine; also practically equal on Sonar",
        ),
        (
            "equal",
            "reversed",
            "LR does not beat RF in accuracy on Sonar; practically equal on Wine",
        ),
        (
            "shown",
            "equal",
            "LR beats RF in accuracy on Wine, as published, here by 10.0 pp; practically equal on Sonar",
        ),
    ],
)
def test_models_that_are_practically_equal_are_called_so(
    wine: str, sonar: str, said: str
) -> None:
    """A test may show that the one is ahead, by less than counts: that it does not beat the other would be wrong."""
    first = {
        "id": "wine",
        "kind": "better",
        "dataset": "wine",
        "family": "logistic_regression",
    }
    first |= {
        "against": "random_forest",
        "metric": "accuracy",
        "where": "w",
        "read": "source",
    }
    rows = [
        bundles.verdict(
            name,
            "reproduced" if came == "shown" else "differs",
            name,
            "logistic_regression",
            "0",
        )
        | {
            "kind": "better",
            "against": "random_forest",
            "published": None,
            "unit": None,
            "ours": 0.1,
        }
        | {
            "evidence": "limited",
            "reasons": encoded([Equivalent(0.2)] if came == "equal" else []),
        }
        for name, came in (("wine", wine), ("sonar", sonar))
    ]
    stated = [first, first | {"id": "sonar", "dataset": "sonar"}]
    bundle = bundles.made_of(
        bundles.study(claims=stated, datasets=tables(["wine", "sonar"])), verdicts=rows
    )
    styles = styles_of(bundle)
    line = FindingOfClaims(bundle, styles).said(
        Foremost(tuple(bundle.verdicts), False, Evidence.LIMITED, False)
    )
    for short, name in (("LR", "logistic_regression"), ("RF", "random_forest")):
        line = line.replace(inside(styles.family(name).title), short).replace(
            begun(styles.family(name).title), short
        )
    assert line == said


@settings(max_examples=60, derandomize=True)
@given(studies())
def test_every_claim_is_told_by_its_own_agreement_and_numbers(
    made: tuple[Bundle, dict[Key, float]],
) -> None:
    bundle, scores = made
    of = foremost(bundle)
    assert of is not None
    found = finding_of(bundle, of)
    assert {one.row.claim for one in (found.first, *found.others)} <= {
        row.claim for row in of.rows
    }
    places = [one.datasets for one in (found.first, *found.others)]
    assert len(set(places)) == len(places) and all(
        alike(one, found.first) for one in found.others
    )
    against = found.refuted.row if found.refuted is not None else None
    assert against is None or against.agreement == Agreement.DIFFERS
    for one in found.claims:
        assert one.row in bundle.verdicts and one.says == may_say(one)
        assert one.side == bundle.claims[one.row.claim].side
        assert one.datasets == (
            tuple(bundle.datasets) if one.row.dataset is None else (one.row.dataset,)
        )
        shown = (
            one.row.kind == "better"
            and one.says == Says.SHOWN
            and len(one.datasets) == 1
        )
        assert one.size == (one.row.ours if shown else None)
        if one.share is not None:
            assert 0 < one.share <= 1 and one.share == pytest.approx(
                share_of(one, scores), rel=1e-5
            )
    line = FindingOfClaims(bundle, styles_of(bundle)).said(of)
    allowed = [number for one in found.claims for number in numbers_of(one)]
    for shown_as in re.findall(
        rf"{MINUS}?\d[\d.{THIN}]*\d|{MINUS}?\d", re.sub(r"[<>] (1|99)\b", "", line)
    ):
        number = shown_as.replace(MINUS, "-").replace(THIN, "")
        half = 0.5 * 10.0 ** -len(number.partition(".")[2])
        assert any(abs(float(number) - one) <= half * 1.001 for one in allowed), (
            line,
            shown_as,
        )
    sizes = [one for one in found.claims if one.size is not None]
    assert (" here " in line) <= any(not one.is_number for one in sizes)


def numbers_of(one: Told) -> list[float]:
    """The numbers that a sentence on a claim may have; differences of shares are in percentage points."""
    if one.is_number:
        found = [one.row.ours, float(str(one.row.published))]
    else:
        found = [
            one.size,
            None if one.size is None else 100 * one.size,
            one.share and 100 * one.share,
        ]
    return [number for number in found if number is not None]
