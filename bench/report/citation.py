"""A paper as a BibTeX entry needs it: from the typed fields of the study, else as read from its citation.

A citation is read only where all of it has a form that is known; else it stands whole in the title.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace

from bench.study.models import Paper

_WORD = r"(?!and )[^\W\d_][\w'\u2019-]*"
_NAME = rf"{_WORD}(?: {_WORD})*, [^\W\d_]\.(?:[ -]?[^\W\d_]\.)*"
#: `Hastie, T. and Friedman, J. (2009). Title. Place. Link`, also with `, & ` before the last author.
_CITATION = re.compile(
    rf"(?P<authors>{_NAME}(?:, {_NAME})*(?:,? (?:and|&) {_NAME})?)(?P<editors>,? \(?[Ee]ds\.?\)?)? "
    r"\((?P<year>\d{4})\)\. "
    r"(?P<title>.+?)(?:\.|(?<=[?!])|$)(?: (?P<place>.+?)\.?)?(?: (?:https?://|doi:)\S+)?"
)
_PAGES = r"(?P<pages>\d+(?: ?[-\u2013]+ ?\d+)?)"
#: The places that tell what they are, by the kind of entry.
_PLACES = {
    "techreport": re.compile(
        r"Technical Report (?P<number>[\w./-]+), (?P<institution>[^.\d]+)"
    ),
    "inproceedings": re.compile(
        r"(?:In )?(?P<booktitle>[^.()]*(?:Conference|Symposium|Workshop|Neural Information Processing Systems)[^.()]*?)"
        rf"(?:,? (?P<volume>(?<=, )\d+|\d{{1,3}}))?(?:, {_PAGES}| \(pp\. {_PAGES.replace('pages', 'pp')}\))?",
        re.IGNORECASE,
    ),
    "article": re.compile(
        r"(?!In |Chapter |Technical Report )"
        rf"(?P<journal>[^.()\d]+?),? (?P<volume>\d+)(?:\((?P<number>[\w-]+)\))?, {_PAGES}"
    ),
    "book": re.compile(
        r"(?!In )(?P<publisher>[^.\d]*\b(?:Press|Springer|Wiley|Hall|Horwood|Kaufmann|Elsevier|Verlag)\b[^.\d]*)"
        r"(?:\. (?P<note>.+))?",
        re.IGNORECASE,
    ),
    "misc": re.compile(
        r"(?P<howpublished>arXiv(?: preprint)?(?: arXiv)?[ :]\d{4}\.\d{4,5})"
    ),
}


@dataclass(frozen=True)
class CitedPaper:
    """Kind of BibTeX entry, authors (`Surname, I.`; editors of a collection), title, and the further fields by name."""

    kind: str
    authors: tuple[str, ...]
    title: str
    editors: bool = False
    year: int | None = None
    fields: dict[str, str] = field(default_factory=dict)


def cited_paper(paper: Paper) -> CitedPaper:
    """What is known of a paper.

    Examples
    --------
    >>> said = "Breiman, L. (1996). Bagging Predictors. Machine Learning 24, 123-140."
    >>> one = cited_paper(Paper(citation=said, year=1996))
    >>> one.kind, one.authors, one.title, one.fields["pages"]
    ('article', ('Breiman, L.',), 'Bagging Predictors', '123–140')
    >>> cited_paper(Paper(citation="Breiman: Bagging", year=1996)).title
    'Breiman: Bagging'
    """
    found = _read(paper) or CitedPaper("misc", (), paper.citation)
    if paper.published_in is not None:
        where = paper.published_in.rstrip(".")
        kind, fields = _place(where) or ("misc", {"howpublished": where})
        found = replace(found, kind=kind, fields=fields)
    return replace(
        found, authors=paper.authors or found.authors, title=paper.title or found.title
    )


def is_unread(paper: Paper) -> bool:
    """Whether the title of a paper is its whole citation.

    >>> is_unread(Paper(citation="Breiman: Bagging")), is_unread(Paper(citation="Breiman: Bagging", title="Bagging"))
    (True, False)
    """
    return paper.title is None and _read(paper) is None


def _read(paper: Paper) -> CitedPaper | None:
    """The whole of a citation, part by part; None where it has another form, or another year than the paper."""
    found = _CITATION.fullmatch(paper.citation)
    if found is None or paper.year not in (None, int(found["year"])):
        return None
    place = (
        ("misc", dict[str, str]()) if found["place"] is None else _place(found["place"])
    )
    if place is None or place[1].get("volume") == found["year"]:
        return None
    kind, fields = place
    return CitedPaper(
        kind,
        tuple(re.findall(rf"(?<!\w){_NAME}", found["authors"])),
        found["title"],
        bool(found["editors"]),
        int(found["year"]),
        fields,
    )


def _place(where: str) -> tuple[str, dict[str, str]] | None:
    """The kind of entry, and its fields, from what stands behind a title."""
    for kind, form in _PLACES.items():
        if (found := form.fullmatch(where)) is not None:
            fields = {
                "pages" if name == "pp" else name: value
                for name, value in found.groupdict().items()
                if value
            }
            if "pages" in fields:
                fields["pages"] = re.sub(r"\W+", "\u2013", fields["pages"])
            return kind, fields
    return None


def key_of(paper: CitedPaper, year: int | None, other: str) -> str:
    """`breiman1996bagging`: ASCII, from the first author, the year and the first long word of the title.

    >>> key_of(CitedPaper("article", ("Demšar, J.",), "Statistical Comparisons"), 2006, "x")
    'demsar2006statistical'
    """
    words = [word for word in re.findall(r"\w+", paper.title) if len(word) > 3][:1]
    parts = [
        paper.authors[0].split(",")[0] if paper.authors else "",
        str(year or ""),
        *words,
    ]
    plain = (
        unicodedata.normalize("NFKD", "".join(parts))
        .encode("ascii", "ignore")
        .decode()
        .lower()
    )
    return re.sub(r"[^a-z0-9]", "", plain) if paper.authors else other
