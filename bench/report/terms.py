"""Words of the glossary as pieces of a sentence: the explanation is shown at the word itself."""

from __future__ import annotations

from bench.report.blocks import Code, Piece, Term
from bench.text.glossary import terms


def term(name: str, word: str = "") -> Term:
    """A term of `bench/text/glossary.py`; `word` is what stands in the sentence, its title where it is left out."""
    (found,) = terms(name)
    return Term(word or found.title, found.words)


def with_code(words: str) -> tuple[Piece, ...]:
    """Words with what stands between backticks as code.

    >>> with_code("say `groups:`")
    ('say ', Code(text='groups:'))
    """
    parts = enumerate(words.split("`"))
    return tuple(Code(part) if i % 2 else part for i, part in parts if part)
