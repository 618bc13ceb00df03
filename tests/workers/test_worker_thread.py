"""Threads: order, one ending for each job, errors, and clean ends."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QObject, QThread, Signal, Slot

from core.cancel import Cancelled
from core.errors import AppError
from tests.fakes import Gate
from workers.worker import UnexpectedError, Worker
from workers.worker_thread import WorkerThread


class CallingWorker(Worker):
    def __init__(self):
        super().__init__()
        self.is_released = False

    def work(self, job):
        return job()

    def release(self):
        self.is_released = True


class Listener(QObject):
    heard = Signal()

    def __init__(self, worker):
        super().__init__()
        self.results, self.errors, self.dropped, self.reports, self.threads = [], [], [], [], []
        worker.succeeded.connect(self._on_succeeded)
        worker.failed.connect(self._on_failed)
        worker.dropped.connect(self._on_dropped)
        worker.reported.connect(self._on_reported)

    @Slot(object, object)
    def _on_succeeded(self, job, result):
        self.results.append(result)
        self._hear()

    @Slot(object, object)
    def _on_failed(self, job, error):
        self.errors.append(error)
        self._hear()

    @Slot(object)
    def _on_dropped(self, job):
        self.dropped.append(job)
        self._hear()

    @Slot(object, str, object)
    def _on_reported(self, job, step, fraction):
        self.reports.append((step, fraction))

    def _hear(self):
        self.threads.append(QThread.currentThread())
        self.heard.emit()


@pytest.fixture
def worker(qapp):
    return CallingWorker()


@pytest.fixture
def listener(worker):
    return Listener(worker)


@pytest.fixture
def thread(worker, listener):
    thread = WorkerThread(worker, "test worker")
    yield thread
    assert thread.shutdown()


def test_jobs_are_done_in_the_order_in_which_they_came_and_heard_of_in_the_listeners_thread(qtbot, thread, listener):
    for number in range(20):
        thread.submit(lambda number=number: number)
    qtbot.waitUntil(lambda: len(listener.results) == 20)
    assert listener.results == list(range(20))
    assert set(listener.threads) == {listener.thread()}


def test_jobs_run_in_a_thread_of_their_own(qtbot, thread, listener):
    with qtbot.waitSignal(listener.heard):
        thread.submit(QThread.currentThread)
    assert listener.results[0] != listener.thread()


def test_a_foreseen_error_arrives_as_it_is_and_the_next_job_is_done(qtbot, thread, listener):
    def fail():
        raise AppError("The photo is too large.")

    thread.submit(fail)
    thread.submit(lambda: "next")
    qtbot.waitUntil(lambda: listener.results == ["next"])
    assert [str(error) for error in listener.errors] == ["The photo is too large."]


def test_an_unforeseen_error_is_logged_with_its_traceback_and_told_as_a_sentence(qtbot, thread, listener, caplog):
    with qtbot.waitSignal(listener.heard):
        thread.submit(lambda: 1 / 0)
    assert isinstance(listener.errors[0], UnexpectedError)
    assert "ZeroDivisionError" in str(listener.errors[0])
    assert "Traceback" in caplog.text


def test_running_out_of_memory_says_what_to_do(qtbot, thread, listener, caplog):
    def fail():
        raise MemoryError

    with qtbot.waitSignal(listener.heard):
        thread.submit(fail)
    assert "enough memory" in str(listener.errors[0])


def test_a_withdrawn_job_ends_as_dropped(qtbot, thread, listener):
    def withdraw():
        raise Cancelled

    with qtbot.waitSignal(listener.heard):
        thread.submit(withdraw)
    assert listener.dropped == [withdraw]
    assert not listener.errors


def test_progress_is_thinned_out_but_new_steps_and_the_end_always_arrive(qtbot, thread, worker, listener):
    def work():
        worker.report(None, "Reading", 0.0)
        for i in range(1, 1000):
            worker.report(None, "Reading", i / 1000)
        worker.report(None, "Reading", 1.0)
        worker.report(None, "Checking", None)

    with qtbot.waitSignal(listener.heard):
        thread.submit(work)
    assert listener.reports[0] == ("Reading", 0.0)
    assert listener.reports[-2:] == [("Reading", 1.0), ("Checking", None)]
    assert len(listener.reports) < 100


def test_shutting_down_lets_all_queued_jobs_be_done_first(qtbot, thread, worker, listener):
    gate, done = Gate(), []
    thread.submit(gate.pass_through)
    for number in range(5):
        thread.submit(lambda number=number: done.append(number))
    gate.wait_reached()
    gate.open()
    assert thread.shutdown()
    assert done == list(range(5))
    assert worker.is_released


def test_a_thread_that_never_had_a_job_shuts_down_at_once_and_again(thread):
    assert not thread.is_running
    assert thread.shutdown()
    assert thread.shutdown()


def test_jobs_after_the_shutdown_are_ignored(thread, listener):
    thread.shutdown()
    thread.submit(lambda: 1 / 0)
    assert not thread.is_running


def test_a_thread_deep_in_a_native_call_is_left_behind_and_ends_by_itself(qtbot, worker, listener):
    thread, gate = WorkerThread(worker, "busy worker", 0), Gate()
    thread.submit(gate.pass_through)
    gate.wait_reached()
    assert not thread.shutdown()
    gate.open()
    qtbot.waitUntil(lambda: not thread.is_running)


_STUCK = """
import sys, threading
from PySide6.QtCore import QCoreApplication
from workers.worker import Worker
from workers.worker_thread import WorkerThread, leave

class Stuck(Worker):
    def work(self, job):
        started.set()
        threading.Event().wait()

started = threading.Event()
app = QCoreApplication([])
thread = WorkerThread(Stuck(), "stuck worker", 0.01)
thread.submit("job")
started.wait()
assert not thread.shutdown()
sys.exit(leave(7))
"""


def test_a_program_whose_worker_hangs_ends_with_its_exit_code_and_without_a_complaint():
    ended = subprocess.run([sys.executable, "-c", _STUCK], capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 7
    assert "QThread" not in ended.stderr
    assert "Traceback" not in ended.stderr


_FORGETFUL = """
from PySide6.QtCore import QCoreApplication, QTimer
from workers.worker import Worker
from workers.worker_thread import WorkerThread

class Quick(Worker):
    def work(self, job):
        return job

app = QCoreApplication([])
thread = WorkerThread(Quick(), "forgotten worker")
thread.submit("job")
QTimer.singleShot(0, app.quit)
app.exec()
"""


def test_a_program_that_forgets_to_shut_a_thread_down_ends_cleanly_all_the_same():
    ended = subprocess.run([sys.executable, "-c", _FORGETFUL], capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_leaving_returns_the_exit_code_when_no_thread_was_left_behind():
    script = _STUCK.replace("threading.Event().wait()", "pass").replace("not thread.shutdown()", "thread.shutdown()")
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, ended.stderr) == (7, "")
