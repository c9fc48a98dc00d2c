"""Reads the command line; its errors name the nearest word."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from textwrap import wrap
from typing import Any, NoReturn, get_args

from bench.cli.commands import VERBS, Use, Verb
from bench.core.errors import BenchError, UsageError, nearest

_DAY = """a day with a study:
  bench new my-study                 then edit studies/my-study/study.yaml
  bench check my-study               every mistake at once, before anything runs
  bench repro my-study               fetch, clean, run, judge, report
  bench show my-study                or: bench open my-study
"""


def error(problem: BenchError | str) -> None:
    """Print an error on stderr."""
    from bench.cli.show import error as shown

    shown(problem)


class _Once(argparse.Action):
    """An option with a value: it may stand once, since of two the last one would count without a word."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option: str | None = None,
    ) -> None:
        if option is not None and isinstance(parser, _Parser):
            if self.dest in parser.given:
                many = "; write all its values behind one" if self.nargs == "+" else ""
                parser.error(f"{option} stands twice{many}")
            parser.given.add(self.dest)
        setattr(namespace, self.dest, values)


class _Parser(argparse.ArgumentParser):
    """argparse whose errors are one sentence with the nearest word, and exit code 2."""

    given: set[str]  # the options of the command that is read

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.register("action", None, _Once)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        self.given = set()
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        error(f"{self.prog}: {message}; see `{self.prog} --help`")
        raise SystemExit(UsageError.exit_code)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            self.error(
                f"unknown word {value}; {nearest(str(value), map(str, action.choices))}"
            )

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """The options; an unknown one ends the command with the nearest option of its verb."""
        options, unknown = self.parse_known_args(args, namespace)
        if unknown:
            verb: _Parser = options.parser
            verb.error(f"unknown word {unknown[0]}{verb.hint(unknown[0])}")
        return options

    def hint(self, word: str) -> str:
        """The nearest option to a word that looks like one, as the end of a sentence; else nothing."""
        return f"; {nearest(word, self.options())}" if word.startswith("-") else ""

    def options(self) -> Iterable[str]:
        """The long options of this verb."""
        return (
            name
            for action in self._actions
            for name in action.option_strings
            if name.startswith("--")
        )


@cache
def parser() -> argparse.ArgumentParser:
    """The parser of all verbs; what it parses has `act`, the function to call with the options."""
    top = _Parser(
        prog="bench",
        description="Re-do a paper's experiment on tabular data and say what holds up.",
        epilog=f"{_list_verbs()}\n{_DAY}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument(
        "--version", action=_Version, nargs=0, help="print the version of bench and end"
    )
    subparsers = top.add_subparsers(
        dest="verb", required=True, parser_class=_Parser, metavar="VERB"
    )

    for verb in VERBS:
        _add(subparsers, verb)
    return top


def _list_verbs() -> str:
    """All commands, those that people use first in front, in 80 columns."""
    parts = []
    for use in get_args(Use):
        parts.append(f"{use}:")
        for verb in VERBS:
            if verb.use == use:
                lines = wrap(verb.text, 66)
                parts.append(f"  {verb.name:<10}{lines[0]}")
                parts += [f"{'':<12}{line}" for line in lines[1:]]
        parts.append("")
    return "\n".join(parts)


def _add(subparsers: Any, verb: Verb) -> None:
    added: _Parser = subparsers.add_parser(verb.name, description=verb.text)
    for argument in verb.arguments:
        added.add_argument(*argument.names, **argument.details)
    added.set_defaults(act=_Later(verb.function), parser=added)


class _Version(argparse.Action):
    """Prints the version of bench, which is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from importlib.metadata import version

        sys.stdout.write(f"bench {version('bench')}\n")
        raise SystemExit


class _Later:
    """A verb's function, imported when it is called: most of them need libraries that others do not."""

    def __init__(self, function: str) -> None:
        self.function = function

    def __call__(self, options: argparse.Namespace) -> None:
        module, name = self.function.split(".")
        getattr(import_module(f"bench.cli.{module}"), name)(options)
