"""Datasets that are forms of one table: one dataset, however often it is analysed."""

from __future__ import annotations

from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.styles import Styles
from bench.text import formats


def forms_said(bundle: Bundle, styles: Styles) -> list[str]:
    """Datasets that are forms of one table: what tells them apart, and that they are no two samples."""
    features = dict(bundle.frame("tables").select("dataset", "features").iter_rows())
    said = []
    for names in facts.forms(bundle):
        titles = formats.listed([f"“{styles.dataset(name)}”" for name in names])
        counts = [formats.count(features[name]) for name in names]
        told = (
            f", with {formats.listed(counts)} features"
            if len(set(counts)) == len(counts)
            else ""
        )
        said.append(
            f"{titles} are the same rows of one table{told}: {formats.spelled(len(names))} analyses of one dataset, "
            "which counts once where datasets are counted."
        )
    return said
