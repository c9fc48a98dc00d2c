"""A paper as a BibTeX entry needs it: from the typed fields of the study, else as read from its citation."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from bench.report.works import cited
from bench.study.models import Paper

_AUTHOR = re.compile(r"([^,]+), ((?:[A-Z]\.[ -]?)+)(?:, and |, | and |$)")
_JOURNAL = re.compile(r"(?P<journal>.+?) (?P<volume>\d+)(?:\((?P<number>[\w-]+)\))?, (?P<pages>\w+(?:\s*[-–]+\s*\w+)?)")
_REPORT = re.compile(r"Technical Report (?P<number>[\w./-]+), (?P<institution>.+)")
_MEETING = re.compile(
    r"(?P<booktitle>.*(?:Proceedings|Conference|Symposium|Workshop).*?)"
    r"(?:, (?P<volume>\d+))?(?:, (?P<pages>\d+[-–]+\d+))?"
)


@dataclass(frozen=True)
class CitedPaper:
    """Kind of BibTeX entry, authors (`Surname, I.`; editors of a collection), title, and the further fields by name."""

    kind: str
    authors: tuple[str, ...]
    title: str
    editors: bool = False
    fields: dict[str, str] = field(default_factory=dict)


def cited_paper(paper: Paper) -> CitedPaper:
    """What is known of a paper.

    Examples
    --------
    >>> said = "Breiman, L. (1996). Bagging Predictors. Machine Learning 24, 123-140."
    >>> one = cited_paper(Paper(citation=said, year=1996))
    >>> one.kind, one.authors, one.title, one.fields["pages"]
    ('article', ('Breiman, L.',), 'Bagging Predictors', '123–140')
    """
    who, rest = cited(paper.citation, paper.year)
    who, eds, _ = who.partition(", eds")
    authors = _authors(who) if rest else ()
    title, _, where = rest.lstrip(" ).,:").partition(". ")
    if not title.strip(" .)"):
        (title, _, where), authors = paper.citation.partition(". "), ()
    kind, fields = _place(paper.published_in or where.strip())
    return CitedPaper(kind, paper.authors or authors, paper.title or title.rstrip("."), bool(eds), fields)


def _authors(who: str) -> tuple[str, ...]:
    """`Hastie, T. and Friedman, J.` as two; the whole as one where it is written otherwise.

    >>> _authors("Aeberhard, S., Coomans, D. and de Vel, O."), _authors("The Team")
    (('Aeberhard, S.', 'Coomans, D.', 'de Vel, O.'), ('The Team',))
    """
    found = [f"{name.strip()}, {initials.strip()}" for name, initials in _AUTHOR.findall(who)]
    return tuple(found) if _letters("".join(found)) == _letters(who.replace(" and ", " ")) else (who,)


def _letters(text: str) -> list[str]:
    return re.findall(r"\w", text)


def _place(where: str) -> tuple[str, dict[str, str]]:
    """The kind of entry, and its fields, from what stands behind a title."""
    first, _, more = where.rstrip(".").partition(". ")
    for kind, form in (("techreport", _REPORT), ("inproceedings", _MEETING), ("article", _JOURNAL)):
        if (found := form.fullmatch(where.rstrip("."))) is not None:
            fields = {name: value for name, value in found.groupdict().items() if value}
            if "pages" in fields:
                fields["pages"] = re.sub(r"\s*[-–]+\s*", "–", fields["pages"])
            return kind, fields
    if first and not re.search(r"\d", first):
        return "book", {"publisher": first} | ({"note": more} if more else {})
    return "misc", {"howpublished": where.rstrip(".")} if where else {}


def key_of(paper: CitedPaper, year: int | None, other: str) -> str:
    """`breiman1996bagging`: ASCII, from the first author, the year and the first long word of the title.

    >>> key_of(CitedPaper("article", ("Demšar, J.",), "Statistical Comparisons"), 2006, "x")
    'demsar2006statistical'
    """
    words = [word for word in re.findall(r"\w+", paper.title) if len(word) > 3][:1]
    parts = [paper.authors[0].split(",")[0] if paper.authors else "", str(year or ""), *words]
    plain = unicodedata.normalize("NFKD", "".join(parts)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", plain) if paper.authors else other
