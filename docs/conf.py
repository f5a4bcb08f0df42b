"""Sphinx: `make docs`. Everything is read from files; nothing is fetched."""

from equipoise import __version__

project = "equipoise"
author = "The equipoise authors"
project_copyright = "2026, the equipoise authors"
version = release = __version__

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
language = "en"
nitpicky = True

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4

html_theme = "furo"
html_title = f"equipoise {version}"
html_show_sourcelink = False
html_copy_source = False
