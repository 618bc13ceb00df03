import threading
from concurrent.futures import CancelledError

import pytest

from core.cancel import Cancelled, CancelToken
from core.patience import Errands


class Resource:
    def __init__(self):
        self.closed = threading.Event()

    def close(self):
        self.closed.set()


def fail(error):
    raise error


def test_calls_are_answered_in_order_and_what_is_kept_is_closed_at_the_end():
    resource = Resource()
    with Errands(CancelToken(), ()) as errands:
        assert errands.do(lambda: errands.keep(resource)) is resource
        assert [errands.do(lambda number=number: number) for number in range(3)] == [0, 1, 2]
        assert not resource.closed.is_set()
    assert resource.closed.is_set()


@pytest.mark.parametrize("kind", [TimeoutError, OSError])
def test_what_a_call_raises_is_raised_where_it_was_asked_for(kind):
    with Errands(CancelToken(), (OSError,)) as errands, pytest.raises(kind, match="no line"):
        errands.do(lambda: fail(kind("no line")))


def test_a_cancelled_wait_ends_although_the_call_goes_on_and_is_tidied_up_later():
    token, resource = CancelToken(), Resource()
    reached, gate = threading.Event(), threading.Event()

    def block():
        errands.keep(resource)
        reached.set()
        gate.wait()

    threading.Thread(target=lambda: (reached.wait(), token.cancel())).start()
    with pytest.raises(Cancelled), Errands(token, ()) as errands:
        errands.do(block)
    assert not resource.closed.is_set()
    gate.set()
    resource.closed.wait()


def test_an_interrupted_wait_ends_although_the_call_goes_on():
    resource, reached, gate = Resource(), threading.Event(), threading.Event()

    class Interrupting(CancelToken):
        def check(self):
            if reached.is_set():
                raise KeyboardInterrupt

    def block():
        errands.keep(resource)
        reached.set()
        gate.wait()

    with pytest.raises(KeyboardInterrupt), Errands(Interrupting(), ()) as errands:
        errands.do(block)
    assert not resource.closed.is_set()
    gate.set()
    resource.closed.wait()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_mistake_in_a_call_leaves_nobody_waiting():
    with Errands(CancelToken(), ()) as errands, pytest.raises(CancelledError):
        errands.do(lambda: fail(ZeroDivisionError()))
