import pytest

from core.detectors.registry import default_detector, load_detector
from core.errors import ModelUnavailableError
from core.file_presence import holds_anything, is_file, is_folder
from core.model_list import MODELS
from core.model_store import ModelStore
from core.segment_request import ModelChoice
from core.segmenters.registry import default_model, load_segmenter


@pytest.fixture
def unaskable(tmp_path):
    """A folder that the system answers about with an error, like one that is closed to the person."""
    return tmp_path / ("x" * 300)


def test_what_is_there_is_told_apart(tmp_path):
    (tmp_path / "a").write_bytes(b"")

    assert (is_file(tmp_path / "a"), is_folder(tmp_path / "a")) == (True, False)
    assert (is_file(tmp_path), is_folder(tmp_path)) == (False, True)
    assert (is_file(tmp_path / "b"), is_folder(tmp_path / "b")) == (False, False)


def test_what_may_not_be_asked_about_is_not_there(unaskable):
    assert not is_file(unaskable / "a")
    assert not is_folder(unaskable)
    assert not holds_anything(unaskable)


def test_a_folder_holds_what_is_in_it(tmp_path):
    (tmp_path / "empty").mkdir()

    assert holds_anything(tmp_path)
    assert not holds_anything(tmp_path / "empty")


def test_an_unusable_models_folder_counts_as_empty(unaskable):
    store = ModelStore(unaskable)

    assert default_model(store) == "classic"
    assert default_detector(store) is None
    assert store.size_on_disk(MODELS["mobile_sam"]) == 0


@pytest.mark.parametrize("name", ["", "mobile_sam"])
def test_weights_in_an_unusable_folder_are_missing(unaskable, name):
    with pytest.raises(ModelUnavailableError, match=r"no weights file .*classic works without"):
        load_segmenter(ModelChoice(name, unaskable / "a.pt"))


def test_a_detector_in_an_unusable_folder_is_missing(unaskable):
    with pytest.raises(ModelUnavailableError, match="no folder"):
        load_detector(ModelChoice(weights=unaskable))


def test_a_home_that_nobody_has_is_a_name_like_any_other(monkeypatch):
    monkeypatch.setenv("CLICKCUT_MODELS", "~nobody-of-that-name/models")

    assert ModelStore().folder.parts[-2:] == ("~nobody-of-that-name", "models")
