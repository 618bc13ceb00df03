"""Project files: an OpenRaster picture that other programs open as layers, and what only Clickcut reads beside it."""

PROJECT_SUFFIX = ".clickcut.ora"
"""How the names of projects end; what a file holds decides, not its name."""
