"""The tables that come with scikit-learn."""

from __future__ import annotations

import pytest

from bench.study.noted import StudyError


@pytest.mark.parametrize(
    ("name", "shape", "labels"),
    [
        ("wine", (178, 14), {"class_0", "class_1", "class_2"}),
        ("breast_cancer", (569, 31), {"malignant", "benign"}),
        ("iris", (150, 5), {"setosa", "versicolor", "virginica"}),
        ("digits", (1797, 65), set("0123456789")),
    ],
)
def test_class_names_are_text(read, name, shape, labels):
    frame = read(kind="sklearn", name=name)
    assert frame.shape == shape
    assert set(frame["target"]) == labels


def test_known_values(read):
    wine = read(kind="sklearn", name="wine")
    assert (wine["alcohol"][0], wine["proline"][0], wine["target"][0]) == (
        14.23,
        1065.0,
        "class_0",
    )
    cancer = read(kind="sklearn", name="breast_cancer")["target"].value_counts()
    assert dict(cancer.iter_rows()) == {"malignant": 212, "benign": 357}


def test_diabetes_in_its_own_units(read):
    raw = read(kind="sklearn", name="diabetes", scaled=False)
    assert (raw["age"][0], raw["bmi"][0], raw["target"][0]) == (59.0, 32.1, 151.0)
    scaled = read(kind="sklearn", name="diabetes")
    assert abs(scaled["age"].mean()) < 1e-10
    assert scaled["target"].equals(raw["target"])


def test_linnerud_keeps_its_three_targets(read):
    assert read(kind="sklearn", name="linnerud").columns[-3:] == [
        "Weight",
        "Waist",
        "Pulse",
    ]


def test_wrong_names_and_options(read):
    with pytest.raises(StudyError, match="did you mean wine"):
        read(kind="sklearn", name="wnie")
    with pytest.raises(StudyError, match="only diabetes"):
        read(kind="sklearn", name="wine", scaled=False)
    with pytest.raises(StudyError, match="did you mean name"):
        read(kind="sklearn", nme="wine")
    with pytest.raises(StudyError, match="did you mean sklearn"):
        read(kind="scklearn", name="wine")
