"""Where the data files are, wherever Clickcut is installed."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def resource(*parts: str) -> Traversable:
    """Return the data file ``resources/<parts...>``; it is not checked that it exists."""
    return files("resources").joinpath(*parts)
