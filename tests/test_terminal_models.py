import argparse
import hashlib
import socket
import subprocess
import sys
from dataclasses import replace

import pytest

from core import download, model_list
from core.model_list import MODELS
from tests.core.loopback_server import LoopbackServer
from tests.sam_files import write_weights
from ui.terminal_models import add_models_parser, run_models

CONTENT = b"weights" * 1000


@pytest.fixture(autouse=True)
def models_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CLICKCUT_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(download, "PAUSES", ())
    return tmp_path / "models"


def run(*words):
    parser = argparse.ArgumentParser()
    add_models_parser(parser.add_subparsers(dest="command"))
    return run_models(parser.parse_args(["models", *map(str, words)]))


def serve_as_mobile_sam(monkeypatch, url, sha256):
    spec = MODELS["mobile_sam"]
    file = replace(spec.files[0], url=f"{url}/mobile_sam.pt", nbytes=len(CONTENT), sha256=sha256)
    monkeypatch.setattr(model_list, "MODELS", {**MODELS, "mobile_sam": replace(spec, files=(file,))})


@pytest.mark.parametrize("words", [(), ("list",)])
def test_list_shows_every_model_with_state_size_and_licence(words, capsys, models_folder):
    assert run(*words) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = {line.split()[0]: line for line in lines if line.strip()}
    assert set(MODELS) <= set(rows)
    assert "built in" in rows["classic"]
    assert "not downloaded" in rows["mobile_sam"]
    assert "41 MB" in rows["mobile_sam"]
    assert "Apache-2.0" in rows["mobile_sam"]
    assert "AGPL-3.0" in rows["fastsam_s"]
    assert lines[-1] == f"Models folder: {models_folder}"
    assert not models_folder.exists()


def test_path_prints_the_folder_alone(capsys, models_folder):
    assert run("path") == 0
    assert capsys.readouterr().out == f"{models_folder}\n"


def test_download_puts_the_file_in_place_and_says_where(capsys, monkeypatch, models_folder):
    with LoopbackServer({"/mobile_sam.pt": CONTENT}) as server:
        serve_as_mobile_sam(monkeypatch, server.url, hashlib.sha256(CONTENT).hexdigest())
        assert run("download", "mobile_sam") == 0
    path = models_folder / "mobile_sam.pt"
    assert path.read_bytes() == CONTENT
    assert capsys.readouterr().out == f"MobileSAM is ready: {path}\n"


def test_a_download_without_a_published_hash_is_shown_as_taken_on_trust(capsys, monkeypatch):
    with LoopbackServer({"/mobile_sam.pt": CONTENT}) as server:
        serve_as_mobile_sam(monkeypatch, server.url, "")
        assert run("download", "mobile_sam") == 0
    assert "taken on trust" in capsys.readouterr().out
    run("list")
    assert "installed, on trust" in capsys.readouterr().out


def test_offline_is_one_clear_line_and_exit_code_4(capsys, monkeypatch, models_folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        serve_as_mobile_sam(monkeypatch, f"http://127.0.0.1:{free.getsockname()[1]}", "")
        assert run("download", "mobile_sam") == 4
    captured = capsys.readouterr()
    assert captured.out == ""
    [message] = captured.err.splitlines()
    for part in ("cannot be reached", str(models_folder / "mobile_sam.pt"), "classic"):
        assert part in message


def test_an_unknown_name_is_a_usage_error(capsys):
    assert run("download", "sam9") == 2
    assert "no model called 'sam9'" in capsys.readouterr().err


def test_a_model_that_is_not_there_yet_is_said(capsys, monkeypatch):
    coming = replace(MODELS["fastsam_s"], is_supported=False)
    monkeypatch.setattr("ui.terminal_models.find_spec", lambda _: coming)
    assert run("download", "fastsam_s") == 4
    assert "not there yet in this version" in capsys.readouterr().err


def test_the_built_in_model_needs_no_download(capsys):
    assert run("download", "classic") == 0
    assert "built in" in capsys.readouterr().out


def test_add_copies_weights_that_are_there_already(capsys, tmp_path, models_folder):
    source = write_weights(tmp_path / "mine.pt", "vit_t")
    assert run("add", "mobile_sam", source) == 0
    assert (models_folder / "mobile_sam.pt").is_file()
    out = capsys.readouterr().out
    assert f"Added MobileSAM: {models_folder / 'mobile_sam.pt'}" in out
    assert "not the published file: it is taken on trust" in out


def test_adding_something_else_is_refused(capsys, tmp_path):
    source = tmp_path / "notes.txt"
    source.write_text("no weights")
    assert run("add", "mobile_sam", source) == 4
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_an_interrupted_download_says_that_it_can_go_on(capsys, monkeypatch):
    def interrupt(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr("ui.terminal_models.ModelStore.download", interrupt)
    assert run("download", "mobile_sam") == 1
    assert "goes on from here" in capsys.readouterr().err


def test_the_command_needs_neither_qt_nor_torch_to_list():
    program = (
        "import argparse, sys; from ui.terminal_models import run_models;"
        "assert run_models(argparse.Namespace(models_command='list')) == 0;"
        "assert not {'PySide6', 'torch', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)
