"""The card behind a number, and single scores under an interval: counted by hand."""

from __future__ import annotations

import re
from dataclasses import replace

from markupsafe import Markup

from bench.report.bundle import Bundle
from bench.report.charts.intervals import (
    Dot,
    beyond,
    held,
    rug,
    score_intervals,
)
from bench.report.charts.svg import Scale
from bench.report.page import render
from bench.report.section import Lacking, keys, lacking
from bench.report.sections.cards import Card
from bench.report.sections.families import families
from bench.report.styles import Style, styles_of
from tests.helpers import bundles
from tests.helpers.big import big
from tests.helpers.pages import figures

KEY = {"dataset": "wine", "variant": "plain", "metric": "accuracy"}
#: svm on two repeats of five folds; the last cell failed.
VALUES = ((0.9, 0.8, 0.9, 0.7, 0.95), (1.0, 0.85, 0.9, 0.75))
CHOSEN = (
    0,
    0,
    0,
    0,
    1,
    1,
    2,
    3,
    4,
)  # of nine folds, and one of a sixth candidate below
ANY = {"fold": 0, "stage": "fit", "repeat": 0} | {
    k: KEY[k] for k in ("dataset", "variant")
}


def one() -> Bundle:
    made = bundles.study(metrics={"primary": "accuracy", "also": []})
    scores = [
        KEY | {"family": "svm", "repeat": r, "fold": f, "side": side, "value": v + lift}
        for side, lift in (("test", 0.0), ("train", 0.04))
        for r, row in enumerate(VALUES)
        for f, v in enumerate(row)
    ]
    tuning = [
        {
            "dataset": "wine",
            "family": "svm",
            "variant": "plain",
            "repeat": i // 5,
            "fold": i % 5,
            "candidate": c,
        }
        | {
            "parameters": f'{{"C": {10**c}}}',
            "inner_fold": 0,
            "metric": "accuracy",
            "value": 0.5,
            "chosen": c == picked,
        }
        for i, picked in enumerate((*CHOSEN, 5))
        for c in range(6)
    ]
    failures = [
        ANY
        | {
            "family": "svm",
            "repeat": 1,
            "fold": 4,
            "status": "oom",
            "reason": "killed at 900 MB",
        }
    ]
    failures += [
        ANY
        | {
            "family": "svm",
            "fold": f,
            "status": "warning",
            "reason": "did not converge",
        }
        for f in (1, 2)
    ]
    failures += [
        ANY | {"family": "random_forest", "status": "failed", "reason": "no reason"}
    ]
    costs = [
        {"dataset": "wine", "family": "svm", "variant": v, "fits": n}
        for v, n in (("plain", 190), ("permuted=3", 9))
    ]
    return bundles.made_of(
        made,
        scores=scores,
        tuning=tuning,
        failures=failures,
        costs=costs,
        folds=bundles.folds(made, 50),
    )


def cards(bundle: Bundle) -> dict[str, Card]:
    return {card.look.name: card for card in families(bundle).cards}


def test_a_card_says_what_is_in_the_frames() -> None:
    card = cards(one())["svm"]
    (metric,) = card.metrics
    assert (metric.value, metric.train, figures(metric.gap)) == (
        "0.861",
        "0.901",
        ["4.0"],
    )
    assert figures(metric.folds) == ["9", "2", "0.700", "1.000"]
    assert list(map(figures, metric.states)) == [["9", "10"], ["2"]]
    assert [
        failure.endswith(end)
        for failure, end in zip(
            card.failures, ("did not converge", "900 MB"), strict=True
        )
    ]
    assert [(c.words, figures(c.times)) for c in card.chosen] == [
        (f"C = {10**power}", [times, "10"]) for power, times in enumerate("42111")
    ]
    assert figures(card.more) == ["1"]


def test_a_cell_without_anything_has_no_card_and_one_that_failed_has() -> None:
    found, html = cards(one()), render(one())
    assert list(found) == ["random_forest", "svm"], "logistic regression was not run"
    (lost,) = found["random_forest"].metrics
    assert (lost.value, lost.strip, lost.folds) == ("–", "", "")
    targets = re.findall(r'<button class="open" popovertarget="([^"]+)"', html)
    ids = re.findall(
        r'<div class="behind-cell" id="([^"]+)" popover role="dialog" aria-labelledby="\1-h">',
        html,
    )
    assert targets == ids == ["card-0-1", "card-0-2"]
    assert html.index('id="card-0-1"') < html.index("</main>")


def test_a_switch_has_two_to_six_datasets_and_says_where_one_is_empty() -> None:
    three = bundles.classification()
    assert keys(three) == {"wine": "0", "sonar": "1", "vehicle": "2"}
    assert keys(three.on("wine")) == keys(big(7)) == {}
    assert lacking(
        three, styles_of(three), ["wine", "vehicle"], "Nothing of {}.".format
    ) == (Lacking("1", "Nothing of Sonar, mines and rocks."),)


SCALE = Scale(0.0, 1.0)


def path(drawn: Markup) -> str:
    return re.findall(r' d="([^"]*)"', drawn)[0]


def test_ticks_stand_on_the_floor_and_grow_with_what_coincides() -> None:
    # 3 + 94 v percent: .5 is at 50, 0 at 3, 1 at 97; the one that comes three times is the highest
    assert (
        path(rug([0.0, 0.5, 0.5, 0.5, 1.0, 7.0], SCALE, "ink", 26, (3, 7)))
        == "M3 26v-3M50 26v-7M97 26v-3"
    )
    assert path(rug([0.0, 1.0], SCALE, "ink", 26, (3, 7))) == "M3 26v-7M97 26v-7"
    assert rug([7.0], SCALE, "ink", 26, (3, 7)) == ""


def test_folds_far_out_do_not_squash_the_intervals_and_are_counted() -> None:
    dot = Dot(
        Style("a", "a", "a", "circle", "ink"),
        0.5,
        0.4,
        0.6,
        folds=(0.3, 0.5, 0.79, 0.1, 0.0),
    )
    base = Dot(Style("b", "b", "b", "bar", "ink"), 0.1, folds=(0.1, 0.05), aside=True)
    scale = held([dot, base], (0, 1))
    assert (scale.low, scale.high) == (0.3, 0.8), (
        "a span of the intervals, .2, at either end; 0.3 is a fold"
    )
    assert beyond([dot, base], (0, 1)) == 2
    assert (
        score_intervals([dot, base], "label", None, (0, 1)).count('class="folds') == 1
    )
    assert (
        score_intervals([replace(dot, folds=())], "label", None, (0, 1)).count(
            'class="folds'
        )
        == 0
    )
