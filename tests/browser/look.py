"""Every shipped page in Chromium: what it weighs, how long it takes, what is wrong with it. Run by `make look`.

Prints a line a page and exits with 1 when anything is wrong. Arguments: parts of the paths of the pages to look at.
"""

from __future__ import annotations

import gzip
import os
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from bench.core.errors import BenchError
from bench.project import pipeline as stages
from bench.project.project import Project
from bench.report.page import pages
from tests.helpers.eyes import CHROMIUM, LINKED, OPEN, SEEN, bare, printed, violations

REPORTS = Path("reports")
BYTES, ZIPPED, LOAD_MS, SHEETS = 1_200_000, 250_000, 1500, 12
COLOURS = ["color-contrast", "link-in-text-block"]
WITHOUT_COLOURS = {name: {"enabled": False} for name in COLOURS}


@contextmanager
def chromium() -> Iterator[Any]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def load_ms(browser: Any, file: Path) -> float:
    """From navigation to the load event, the median of three, each in a window of its own."""
    took = []
    for _ in range(3):
        context = browser.new_context()
        page = context.new_page()
        page.goto(file.resolve().as_uri(), wait_until="load")
        took.append(
            page.evaluate(
                "performance.getEntriesByType('navigation')[0].loadEventStart"
            )
        )
        context.close()
    return statistics.median(took)


def faults(file: Path) -> tuple[int, list[str]]:
    """How many A4 pages it prints on, and what is wrong with a page in any state a reader may bring it into."""
    found: list[str] = []
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("console", lambda message: found.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: found.append(f"error: {error}"))
        page.on(
            "request",
            lambda request: (
                found.append(f"request: {request.url}")
                if asks(request.url, file)
                else None
            ),
        )
        page.goto(file.resolve().as_uri())
        sheets, torn = on_paper(page)
        found += torn
        page.reload()
        found += in_every_state(page)
        found += without_script(browser, page, file)
    return sheets, found


def asks(url: str, file: Path) -> bool:
    return url != file.resolve().as_uri() and not url.startswith("data:")


def on_paper(page: Any) -> tuple[int, list[str]]:
    """Printed with light and with dark chosen: as many pages, the same paint, and no figure on two of them."""
    light = printed(page)
    page.emulate_media(color_scheme="dark")
    page.locator("#theme-dark").check(force=True)
    dark = printed(page)
    page.emulate_media(color_scheme="light")
    page.locator("#theme-auto").check(force=True)
    page.evaluate(LINKED)
    found = [f"print: figure {name} is cut" for name in printed(page).torn]
    return len(light.paint), found + (
        [] if light.paint == dark.paint else ["print: dark leaks onto paper"]
    )


def in_every_state(page: Any) -> list[str]:
    """axe with everything open: on a desk by every rule, by colour in the dark and on paper, by the rest on a phone."""
    page.evaluate(OPEN)
    found = [("light", violations(page))]
    for name, media in (
        ("dark", {"color_scheme": "dark"}),
        ("print", {"media": "print"}),
    ):
        page.emulate_media(**media)
        page.wait_for_timeout(150)
        found.append((name, violations(page, runOnly=COLOURS)))
        page.emulate_media(color_scheme="light", media="screen")
    metrics = page.locator("input[name=metric]")
    for i in range(1, metrics.count()):
        metrics.nth(i).check(force=True)
        places = [at for at in ("#families", "#differences") if page.query_selector(at)]
        found += [
            (f"metric {i}", violations(page, at, rules=WITHOUT_COLOURS))
            for at in places
        ]
    page.set_viewport_size({"width": 390, "height": 900})
    wide = page.evaluate("document.documentElement.scrollWidth")
    found.append(("390", violations(page, rules=WITHOUT_COLOURS)))
    said = [
        f"axe, {state}: {rule} {html}"
        for state, rules in found
        for rule, html, _ in rules
    ]
    return said + ([f"390: {wide} pixels wide"] if wide > 390 else [])


def without_script(browser: Any, page: Any, file: Path) -> list[str]:
    """The same text stands there with JavaScript off, under a policy that lets in nothing but the page's own style."""
    page.goto(file.resolve().as_uri())
    page.set_viewport_size({"width": 1280, "height": 900})
    other = browser.new_context(
        java_script_enabled=False, viewport={"width": 1280, "height": 900}
    ).new_page()
    other.set_content(bare(file))
    both = zip(page.evaluate(SEEN), other.evaluate(SEEN), strict=True)
    return [
        f"no script: part {i} reads otherwise"
        for i, (with_, without) in enumerate(both)
        if with_ != without
    ]


def rendered(study: str) -> float | None:
    """The processor's seconds for a study's pages from its frames, less than 0 where they are too many.

    None where the frames are not on this machine.
    """
    try:
        bundle = stages.bundle_of(Project.here(), study)
    except (BenchError, OSError):
        return None
    start = time.process_time()
    pages(bundle)
    took = time.process_time() - start
    return took if took <= 2 + 0.2 * len(bundle.datasets) else -took


def looked(
    file: Path, load: float, made: float | None, sheets: int, found: list[str]
) -> list[str]:
    """Prints the line of one page; answers with what is wrong, limits included."""
    content = file.read_bytes()
    zipped = len(gzip.compress(content))
    limits = {
        f"{len(content)} bytes": len(content) > BYTES,
        f"{zipped} bytes compressed": zipped > ZIPPED,
        f"loads in {load:.0f} ms": load > LOAD_MS,
        f"rendered in {-(made or 0):.1f} s": made is not None and made < 0,
    }
    wrong = found + [f"over the limit: {name}" for name, over in limits.items() if over]
    took = "–" if made is None else f"{abs(made):.2f}"
    name = file.relative_to(REPORTS).as_posix().removesuffix("/index.html")
    weight = f"{len(content) / 1000:6.0f} {zipped / 1000:5.0f}"
    print(
        f"{name:44.44} {weight} {load:6.0f} {took:>7} {sheets:4}  {len(wrong) or 'none'}",
        flush=True,
    )
    return [f"{name}: {one}" for one in wrong]


def main(parts: list[str]) -> int:
    files = [
        f
        for f in sorted(REPORTS.rglob("*.html"))
        if not parts or any(part in f.as_posix() for part in parts)
    ]
    with chromium() as browser:
        loads = [load_ms(browser, file) for file in files]
    studies = {
        f: f.parent.name
        for f in files
        if f.name == "index.html" and f.parent != REPORTS
    }
    made = {f: rendered(study) for f, study in studies.items()}
    print(f"{'page':44} {'kB':>6} {'gzip':>5} {'ms':>6} {'render':>7} {'A4':>4}  wrong")
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        wrong = [
            one
            for file, load, (sheets, found) in zip(
                files, loads, pool.map(faults, files), strict=True
            )
            for one in looked(file, load, made.get(file), sheets, found)
        ]
    print(
        "\n".join(["", *wrong])
        if wrong
        else f"\nNothing is wrong with {len(files)} pages."
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
