"""A hook of mkdocs: adds README, CONTRIBUTING, CHANGELOG and the pages that are made from the code."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from docs.hooks import reference  # noqa: E402

#: Files of the root that are pages of the site, by the name of the page.
ROOT_PAGES = {"index.md": "README.md", "contributing.md": "CONTRIBUTING.md", "changelog.md": "CHANGELOG.md"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages to those of docs/."""
    for page, source in ROOT_PAGES.items():
        files.append(File.generated(config, page, content=moved((ROOT / source).read_text(encoding="utf-8"))))
    files.append(File.generated(config, "study-file.md", content=reference.study_reference()))
    files.append(File.generated(config, "names.md", content=reference.known_names()))
    files.append(File.generated(config, "api.md", content=reference.api_reference()))
    return files


def moved(text: str) -> str:
    """The text of a file of the root with its links as they are inside the site."""
    pages = {source: page for page, source in ROOT_PAGES.items()}
    text = re.sub(r"\]\(docs/", "](", text)
    for source, page in pages.items():
        text = text.replace(f"]({source}", f"]({page}")
    return text
