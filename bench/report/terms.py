"""Words of the glossary as pieces of a sentence: the explanation is shown at the word itself."""

from __future__ import annotations

from bench.report.blocks import Term
from bench.text.glossary import terms


def term(name: str, word: str = "") -> Term:
    """A term of `bench/text/glossary.py`; `word` is what stands in the sentence, its title where it is left out."""
    (found,) = terms(name)
    return Term(word or found.title, found.words)
