#!/usr/bin/python3
"""Follows every link of a site within it, anchors too, and finds pages that no navigation leads to and what is loaded from elsewhere.

    check_site.py FOLDER

SPDX-License-Identifier: LGPL-2.1-or-later
"""
import html.parser
import pathlib
import sys
import urllib.parse


class Page(html.parser.HTMLParser):
    """The links, loaded files and anchors of a page."""

    def __init__(self, path: pathlib.Path):
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.anchors.update(value for name, value in attrs if name == "id" and value)
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        elif tag == "link" and values.get("rel") in ("stylesheet", "shortcut icon"):
            self.loaded.append(values.get("href") or "")
        elif tag in ("script", "img", "iframe", "source") and values.get("src"):
            self.loaded.append(values["src"])


def problems(folder: pathlib.Path) -> list[str]:
    pages = {path: Page(path) for path in sorted(folder.rglob("*.html")) if path.name not in ("404.html", "search.html")}
    found = []
    linked = {folder / "index.html"}
    for path, page in pages.items():
        name = path.relative_to(folder)
        for link in page.links + page.loaded:
            parts = urllib.parse.urlsplit(link)
            if parts.scheme or parts.netloc:
                if link in page.loaded and parts.scheme != "data":
                    found.append(f"{name} loads {link}")
                continue
            target = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            if not target.is_file():
                found.append(f"{name}: {link} is not there")
                continue
            if target != path:
                linked.add(target)
            anchor = urllib.parse.unquote(parts.fragment)
            if anchor and target in pages and anchor not in pages[target].anchors:
                found.append(f"{name}: {link}: there is no such heading")
    found += [f"no link leads to {path.relative_to(folder)}" for path in pages if path not in linked]
    return found


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1]).resolve()
    complaints = problems(root)
    print("\n".join(complaints) or f"The site is in {root}: every link leads somewhere.")
    sys.exit(1 if complaints else 0)
