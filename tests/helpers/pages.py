"""The pages and exports of the made bundles, each made once in a process, and a reader of pages."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser

from bench.report.exports import FORMATS
from bench.report.exports.content import Content
from bench.report.page import render
from tests.helpers import bundles


class Reader(HTMLParser):
    """Collects tags, attributes and text; unclosed or crossed tags are mistakes."""

    VOID = {"meta", "link", "input", "br", "img"}

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == [], self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (tag, self.open[-3:])
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("script", "style"):
            self.text.append(data)


def figures(text: str) -> list[str]:
    """The numbers of a sentence, in its order, whatever its words.

    >>> figures("2 of 3 claims hold up: 66.7 %")
    ['2', '3', '66.7']
    """
    return re.findall(r"\d+(?:\.\d+)?", text)


def section(page: str, name: str) -> str:
    """One section of a page, as HTML; empty where the page leaves it out."""
    return page.partition(f'<section id="{name}"')[2].partition("</section>")[0]


@cache
def html(name: str) -> str:
    """The page of a made bundle."""
    return render(bundles.ALL[name]())


@cache
def read(name: str) -> Reader:
    """The same page, read."""
    return Reader(html(name))


@cache
def content(name: str) -> Content:
    """What the exports of a made bundle are written from."""
    return Content(bundles.ALL[name]())


@cache
def files(name: str) -> dict[str, str]:
    """Every export of a made bundle: text by file name."""
    return {
        file: text
        for one in FORMATS.values()
        for file, text in one.files(content(name)).items()
    }
