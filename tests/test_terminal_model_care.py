"""``models verify``, ``remove`` and ``test``: what is printed, what is asked, and the exit codes."""

import argparse
import io
import json

import pytest

from core import self_test
from core.device import DeviceFacts
from core.geometry import Size
from tests.core.hub_files import everything_in, write_snapshot
from tests.core.owl_models import write_owl
from tests.fakes import FakeSegmenter
from tests.sam_files import write_weights
from ui.terminal_models import add_models_parser, run_models

pytestmark = pytest.mark.usefixtures("in_pytorch")

REVISION = "cbc355fb364588351c5d51c7f74465e8e7ec6f72"


@pytest.fixture(autouse=True)
def models_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CLICKCUT_MODELS", str(tmp_path / "models"))
    (tmp_path / "models").mkdir()
    return tmp_path / "models"


@pytest.fixture
def snapshot(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    source = write_owl(tmp_path / "owl", "owlvit")
    return write_snapshot(tmp_path / "cache", "google/owlvit-base-patch32", REVISION, source)


def run(*words):
    parser = argparse.ArgumentParser()
    add_models_parser(parser.add_subparsers(dest="command"))
    return run_models(parser.parse_args(["models", *map(str, words)]))


class Terminal(io.StringIO):
    """A person at the keyboard."""

    def isatty(self):
        return True


# --- verify ---


def test_other_bytes_than_the_published_ones_are_told_with_exit_code_4(capsys, models_folder):
    (models_folder / "mobile_sam.pt").write_bytes(b"other")
    assert run("verify", "mobile_sam") == 4
    assert capsys.readouterr().out == "MobileSAM: not the published files\n"


def test_weights_that_were_added_are_unchanged_until_they_change(capsys, models_folder, tmp_path):
    run("add", "mobile_sam", write_weights(tmp_path / "mine.pt", "vit_t"))
    capsys.readouterr()
    assert run("verify") == 0
    assert capsys.readouterr().out == "MobileSAM: unchanged since they were added\n"


def test_nothing_to_verify_is_said(capsys):
    assert run("verify") == 0
    assert "No weights are here" in capsys.readouterr().out
    assert run("verify", "mobile_sam") == 4
    assert "not downloaded" in capsys.readouterr().err
    assert run("verify", "classic") == 0
    assert "built in" in capsys.readouterr().out


def test_a_model_in_the_hub_cache_is_listed_and_verified(capsys, snapshot):
    run("list")
    assert "in the Hugging Face cache" in capsys.readouterr().out
    assert run("verify", "owlvit") == 0
    assert "no published hash" in capsys.readouterr().out
    (snapshot / "pytorch_model.bin").resolve().write_bytes(b"other")
    assert run("verify", "owlvit") == 4


# --- remove ---


def test_removal_asks_with_the_size_and_takes_no_for_an_answer(capsys, models_folder, monkeypatch):
    (models_folder / "mobile_sam.pt").write_bytes(bytes(2_000_000))
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    assert run("remove", "mobile_sam") == 1
    assert "Delete the weights of MobileSAM (2 MB)?" in capsys.readouterr().err
    assert (models_folder / "mobile_sam.pt").exists()
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    assert run("remove", "mobile_sam") == 0
    assert capsys.readouterr().out == "Removed MobileSAM: 2 MB are free again.\n"
    assert not (models_folder / "mobile_sam.pt").exists()


def test_where_nobody_can_answer_removal_needs_yes(capsys, models_folder, monkeypatch):
    (models_folder / "mobile_sam.pt").write_bytes(b"weights")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert run("remove", "mobile_sam") == 2
    assert "--yes" in capsys.readouterr().err
    assert run("remove", "mobile_sam", "--yes") == 0
    assert not (models_folder / "mobile_sam.pt").exists()


@pytest.mark.parametrize(("name", "words"), [("mobile_sam", "nothing of MobileSAM"), ("classic", "built in")])
def test_what_is_not_there_cannot_be_removed(capsys, name, words):
    assert run("remove", name, "--yes") == 4
    assert words in capsys.readouterr().err


def test_the_hub_cache_is_not_ours_to_remove_from(capsys, snapshot, tmp_path):
    before = everything_in(tmp_path / "cache")
    assert run("remove", "owlvit", "--yes") == 4
    assert str(snapshot) in capsys.readouterr().err
    assert everything_in(tmp_path / "cache") == before


@pytest.mark.parametrize("command", ["verify", "remove", "test"])
def test_an_unknown_name_is_a_usage_error(capsys, command):
    assert run(command, "sam9") == 2
    assert "no model called 'sam9'" in capsys.readouterr().err


# --- test ---


@pytest.fixture
def measure(monkeypatch):
    """Let models be measured on a small photo, with other means if some are given."""

    def use(**means):
        small = self_test.Means(photo_size=Size(300, 200), **means)
        monkeypatch.setattr(self_test, "Means", lambda: small)
        monkeypatch.setattr(self_test, "free_memory", lambda: None)  # collecting all tests' garbage takes seconds

    return use


def test_a_test_prints_a_table_and_a_recommendation(capsys, measure, models_folder):
    measure(
        load_segmenter=lambda choice, _store: FakeSegmenter(choice.name),
        probe=lambda: DeviceFacts(has_cuda=False, has_mps=False),
    )
    (models_folder / "mobile_sam.pt").touch()
    assert run("test") == 0
    out = capsys.readouterr().out
    rows = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    assert "CPU" in rows["classic"]
    assert " ms" in rows["mobile_sam"]
    assert "Recommended for clicks: " in out
    assert "300 x 200" in out


def test_a_test_as_json_is_one_object(capsys, measure):
    measure()
    assert run("test", "classic", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["photo"] == [300, 200]
    assert told["recommended"] == {"name": "classic", "device": "cpu"}
    [classic] = told["models"]
    assert classic["encode_seconds"] > 0


def test_a_model_that_cannot_be_measured_is_told_with_exit_code_4(capsys, measure, models_folder):
    measure()
    (models_folder / "mobile_sam.pt").write_text("no weights")
    assert run("test", "mobile_sam") == 4
    out = capsys.readouterr().out
    assert "failed" in out
    assert "mobile_sam: " in out
