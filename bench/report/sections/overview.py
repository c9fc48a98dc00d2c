"""The first screen: the author's answer, what was concluded and how it came out, its picture, four tiles, sources."""

from __future__ import annotations

from collections.abc import Iterator

from bench.report import facts
from bench.report.blocks import (
    Block,
    Cell,
    Code,
    Facts,
    Link,
    Note,
    Paragraph,
    Row,
    Stack,
    find_figures,
)
from bench.report.bundle import Bundle
from bench.report.first.conclusions import conclusions
from bench.report.first.headline import is_own
from bench.report.first.hero import hero
from bench.report.first.protocols import protocols
from bench.report.first.tiles import tiles
from bench.report.section import Section
from bench.text import formats

#: Under a picture of this height, in pixels, or under two, there is no room.
TALL = 420


def overview(bundle: Bundle) -> Iterator[Block]:
    """All of the first screen but its headline; tables and tiles before the picture, which a phone shows after them."""
    study = bundle.study
    if study.answer or study.question:
        yield Paragraph(study.answer or study.question or "")
    table = conclusions(bundle)
    left: list[Block] = [table] if table is not None else []
    left.append(Row(tiles(bundle)))
    right: list[Block] = [one for one in (hero(bundle), protocols(bundle)) if one]
    below: list[Block] = [*_caution(bundle), sources(bundle)]
    heights = [figure.charts[0].height for figure in find_figures(right)]
    tall = len(heights) > 1 or sum(heights) > TALL
    (left if tall else right).extend(below)
    yield Row((Stack(tuple(left)), Stack(tuple(right))) if right else tuple(left))


def _caution(bundle: Bundle) -> Iterator[Note]:
    """The one line that a reader must not miss."""
    study = bundle.study
    said = [study.caution] if study.caution else []
    paper = [row for row in bundle.counted.tested if row.tolerance]
    if paper and bundle.provenance.frozen is None and not is_own(bundle) and study.fits:
        said.append("The tolerance was not registered before the scores were seen.")
    if said:
        yield Note("caution", " ".join(said))


def sources(bundle: Bundle) -> Facts:
    """The paper, the data, the models, the price of the run, the command."""
    study, paper = bundle.study, bundle.study.paper
    rows: list[tuple[str, Cell]] = []
    if paper is not None:
        url = paper_link(bundle)
        rows.append(("Paper", Link(paper.citation, url) if url else paper.citation))
    rows.append(("Data", _data(bundle)))
    models = facts.families(bundle)
    fits, cost = facts.fits(bundle), bundle.provenance.cost
    run = f"models: {len(models)}"
    if fits:
        run += f"; scored fits: {formats.count(fits)}"
    if cost is not None and cost.results_sha256 == bundle.results_sha256:
        run += f"; {formats.work(cost.seconds)} of processor time"
    rows.append(("Run", run))
    rows.append(("Again", Code(bundle.provenance.rerun or f"bench repro {study.id}")))
    return Facts(tuple(rows))


def _data(bundle: Bundle) -> str:
    tables = bundle.frame("tables")
    if not bundle.study.fits:
        return f"scores that others published; datasets: {len(facts.places(bundle))}"
    rows, features = tables["rows"].to_list(), tables["features"].to_list()
    if len(rows) == 1:
        return f"{formats.count(rows[0])} rows × {formats.count(features[0])} features"
    if not rows:
        return ""
    span = f"{formats.count(min(rows))} to {formats.count(max(rows))} rows"
    wide = f"{formats.count(max(features))} features"
    if min(features) < max(features):
        wide = f"{formats.count(min(features))} to {wide}"
    return f"datasets: {len(rows)}; {span} × {wide}"


def paper_link(bundle: Bundle) -> str:
    """Where the paper is, if that is a web address; anything else is never made into a link."""
    paper = bundle.study.paper
    if paper is None:
        return ""
    if paper.url and paper.url.startswith(("https://", "http://")):
        return paper.url
    is_doi = paper.doi is not None and paper.doi.startswith("10.")
    return f"https://doi.org/{paper.doi}" if is_doi else ""


SECTION = Section("overview", "Summary", overview, order=10)
