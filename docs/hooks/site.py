"""A hook of mkdocs: adds README, CONTRIBUTING, CHANGELOG, the tables made from the code, and the pages of studies."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from docs.hooks import gallery, notebooks, reference  # noqa: E402

#: Files of the root that are pages of the site, by the name of the page.
ROOT_PAGES = {
    "index.md": "README.md",
    "contributing.md": "CONTRIBUTING.md",
    "changelog.md": "CHANGELOG.md",
}


#: Pages of docs/ that end, in the site, with tables made from the code.
MADE = {
    "study-file.md": reference.study_reference,
    "names.md": reference.known_names,
    "api.md": reference.api_reference,
    "gone.md": reference.gone_keys,
    "gallery.md": gallery.page,
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the root, and those of notebooks, to those of docs/."""
    for page, content in notebooks.pages().items():
        files.append(File.generated(config, page, content=content))
    for page, source in ROOT_PAGES.items():
        files.append(
            File.generated(
                config, page, content=moved((ROOT / source).read_text(encoding="utf-8"))
            )
        )
    return files


def on_page_markdown(
    markdown: str, page: Page, config: MkDocsConfig, files: Files
) -> str:
    """Add to a page what is made from the code, and turn its links to files of the root to their pages."""
    for name, source in ROOT_PAGES.items():
        markdown = markdown.replace(f"](../{source}", f"]({name}")
    made = MADE.get(page.file.src_uri)
    return f"{markdown}\n\n{made()}" if made else markdown


def on_post_build(config: MkDocsConfig) -> None:
    """Copy the pages of studies, to which the documentation links."""
    shutil.copytree(
        ROOT / "reports", Path(config.site_dir) / "reports", dirs_exist_ok=True
    )


def moved(text: str) -> str:
    """The text of a file of the root with its links as they are inside the site."""
    pages = {source: page for page, source in ROOT_PAGES.items()}
    text = re.sub(r"\]\(docs/", "](", text)
    for source, page in pages.items():
        text = text.replace(f"]({source}", f"]({page}")
    return text
