"""Places that a reader who is no statistician read wrongly: each says what is meant, once and alike."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from bench.core import frames
from bench.core.outcomes import encoded
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.page import pages, render
from bench.text.formats import THIN
from bench.text.remarks import FewRows
from tests.helpers import bundles
from tests.helpers.bundles import classification
from tests.helpers.sparse import sparse
from tests.house.test_words import retired

#: Words of the code that a page has others for: a family is a model there, a cell a fit, an alarm a warning.
OF_THE_CODE = re.compile(r"\b(famil(y|ies)|cells?|alarms?)\b", re.IGNORECASE)


class Shown(HTMLParser):
    """The texts of a page: what stands between tags, and what attributes say to a reader."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inside = ""
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        self.texts += [
            value
            for name, value in attrs
            if value and name in ("aria-label", "title", "data-h")
        ]

    def handle_data(self, data: str) -> None:
        if self.inside not in ("style", "script", "code"):
            self.texts.append(data)


@pytest.mark.parametrize("name", [name for name in bundles.ALL if name != "hostile"])
def test_a_page_has_no_retired_word_and_no_word_of_the_code(name: str) -> None:
    for page in pages(bundles.ALL[name]()).values():
        texts = Shown(page).texts
        assert not retired("\n".join(texts))
        assert not [text for text in texts if OF_THE_CODE.search(text)]


def with_rows(bundle: Bundle, **rows: list[dict[str, Any]]) -> Bundle:
    schemas = {"findings": frames.FINDINGS, "remarks": frames.REMARKS}
    added = {name: sparse(some, schemas[name]) for name, some in rows.items()}
    return Bundle(bundle.study, dict(bundle.frames) | added, bundle.provenance)


def test_a_remark_is_no_warning_and_counts_as_the_page_counts() -> None:
    place = facts.places(classification())[0]
    remark = {
        "dataset": place,
        "code": "few_rows",
        "column": None,
        "severity": "warning",
        "count": 1,
    }
    told = remark | {"details": encoded([FewRows(5690)])}
    page = render(with_rows(classification(), remarks=[told]))
    (item,) = re.findall(rf"<li>(only 5{THIN}690 rows[^<]*)</li>", page)
    assert "warning" not in item
