import pytest

from tests.ui.canvas_stage import Stage


@pytest.fixture
def stage(qtbot):
    stage = Stage(qtbot)
    yield stage
    stage.close()
