"""Functions stay small."""

from research import structure


def test_no_function_is_large() -> None:
    """At most 15 branches and 90 lines, as `research.structure` counts them."""
    assert not structure.large(), "split them"
