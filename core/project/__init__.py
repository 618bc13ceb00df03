"""Project files: an OpenRaster picture that other programs open as layers, and what only Clickcut reads beside it."""
