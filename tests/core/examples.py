"""How many examples the tests of random commands try: ``CLICKCUT_EXAMPLES=50`` lets them try fifty times as many."""

import os

from hypothesis import settings

_TIMES = int(os.environ.get("CLICKCUT_EXAMPLES", "1"))


def examples(count):
    """Return the settings for `count` examples, or as many times more as the person at this machine asks for."""
    return settings(max_examples=count * _TIMES)
