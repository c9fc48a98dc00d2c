"""`bench check --tex`: which numbers of a manuscript are no longer those of the results."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from bench.cli import environment
from bench.core.errors import NotReproducedError, UsageError
from bench.core.text import json_object, say
from bench.project.manuscript import Traced, TracedNumber, trace
from bench.text.formats import plural


def check_tex(options: argparse.Namespace) -> None:
    """Print every number that is not as the results have it. Raises where there is one."""
    found = trace(environment.project(), options.tex)
    wrong = [one for one in found if one.state is not Traced.CURRENT]
    if options.json:
        json_object({"numbers": [asdict(one) for one in found]})
    else:
        for one in wrong:
            say(f"{one.file}:{one.line}: {_words(one)}")
        say(f"{plural(len(found), 'number')} traced; {len(found) - len(wrong)} as the results have them")
    if stale := [one for one in wrong if one.state is Traced.STALE]:
        raise NotReproducedError(f"{plural(len(stale), 'number is', 'numbers are')} stale")
    if wrong:
        raise UsageError(f"{plural(len(wrong), 'number names', 'numbers name')} no result that the manuscript reads")


def _words(one: TracedNumber) -> str:
    match one.state:
        case Traced.STALE:
            again = f"`bench export {one.name.partition(':')[0]} --format numbers`"
            return f"{one.name} is {one.now}, and the manuscript has {one.written}; {again} writes it anew"
        case Traced.NOT_EXPORTED:
            return f"{one.name} is {one.now}, and no file of numbers that the manuscript reads has it"
        case _:
            return f"no result is called {one.name}; {one.hint}"
