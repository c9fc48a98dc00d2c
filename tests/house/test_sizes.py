"""Functions stay small."""

from research import structure

#: Functions that are still too large. The list may only become shorter.
LARGE = {
    "comparisons.run_all:comparisons",
    "project.describe:described",
    "project.in_memory:benchmark",
    "project.pipeline:run",
    "scores.external:_Table.__init__",
    "scores.series:sensitivities",
    "scores.setting:setting_of",
}


def test_no_further_function_is_large() -> None:
    """At most 15 branches and 60 lines, as `research.structure` counts them."""
    further = {name: size for name, size in structure.large().items() if name not in LARGE}
    assert not further, "split them"


def test_no_function_is_listed_as_large_that_is_not() -> None:
    assert not LARGE - structure.large().keys(), "take them off the list"
