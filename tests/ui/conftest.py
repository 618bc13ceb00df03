from collections.abc import Iterator

import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication

from core.model_list import MODELS
from core.settings import Settings
from tests.fakes import FakeService, make_document, make_pixels, worker_factory
from tests.ui.canvas_stage import Stage
from tests.ui.desk import shared_desk
from tests.ui.hands import Hands
from tests.ui.model_shelf import StoreWork
from tests.ui.session_photo import SIZE
from tests.ui.stories import make_story_photo
from ui.editor import Editor
from ui.segment_session import SegmentSession


@pytest.fixture(autouse=True)
def buried_widgets() -> Iterator[None]:
    """Destroy at once what a test sends ``deleteLater``: outside of an event loop nobody would, ever.

    Each change of the theme would restyle all windows of all tests before it.
    """
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def stage(qtbot):
    stage = Stage(qtbot)
    yield stage
    stage.close()


@pytest.fixture
def service():
    return FakeService()


@pytest.fixture
def editor(qapp):
    return Editor()


@pytest.fixture
def session(editor, service):
    session = SegmentSession(editor, worker_factory(service), title_of=lambda choice: choice.name or "Fake")
    yield session
    for gate in service.gates.values():
        gate.open()
    assert session.shutdown()


@pytest.fixture
def settle(qtbot, session):
    return lambda: qtbot.waitUntil(lambda: not session.state.is_busy)


@pytest.fixture
def opened(editor, session, settle):
    """A session with a photo that is ready for clicks."""
    editor.set_document(make_document(SIZE.width, SIZE.height))
    settle()
    return session


@pytest.fixture
def found(opened, settle):
    """A session that has found two boxes of dogs above its threshold of a tenth."""
    opened.ask_text("dog")
    settle()
    return opened


@pytest.fixture(scope="module")
def module_desk(qapp, tmp_path_factory):
    yield from shared_desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(module_desk):
    yield module_desk
    module_desk.clear()
    module_desk.shop.remembered.become(Settings(theme="dark"))


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "cat.png"
    Image.fromarray(make_pixels(64, 48)).convert("RGB").save(path)
    return path


@pytest.fixture(scope="session")
def story_picture():
    return make_story_photo()


@pytest.fixture
def story_desk(desk, story_picture, tmp_path):
    """The window with the photo of the stories open, and small brushes."""
    path = tmp_path / "cat.png"
    Image.fromarray(story_picture).convert("RGB").save(path)
    desk.open(path)
    desk.wait(lambda: not desk.session.state.is_busy)
    desk.shop.brush.set_size(8)
    desk.shop.hair.set_size(6)
    return desk


@pytest.fixture
def hands(story_desk):
    return Hands(story_desk)


@pytest.fixture
def model_store(desk):
    yield desk.shop.store
    for path in desk.shop.store.folder.glob("*.pt*"):
        path.unlink()
    for name in MODELS:
        desk.shop.care.forget(name)
    desk.shop.care.test_result = None


@pytest.fixture
def store_work(monkeypatch, model_store, desk):
    work = StoreWork(monkeypatch, model_store)
    yield work
    work.gate.open()
    desk.shop.downloads.cancel_all()
    desk.wait(lambda: not desk.shop.downloads.is_busy and not desk.shop.care._jobs)


@pytest.fixture(scope="session", autouse=True)
def emptied_clipboard() -> Iterator[None]:
    """Take back what tests copied: the offscreen clipboard would free Python's objects after Python has ended."""
    yield
    if QGuiApplication.instance() is not None:
        QGuiApplication.clipboard().clear()
