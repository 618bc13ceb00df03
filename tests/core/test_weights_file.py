"""Weights files that are damaged, or made to keep the reader busy: one sentence, soon, whatever is in them."""

import zipfile
from threading import Barrier, Thread

import pytest

from core.errors import ModelUnavailableError
from core.segmenters import weights_file
from core.segmenters.weights_file import read_tensors


def make_network():
    import torch

    return torch.nn.Sequential(torch.nn.Conv2d(1, 1, 1), torch.nn.SiLU())


def write(path, content, *, is_old=False):
    import torch

    torch.save(content, path, _use_new_zipfile_serialization=not is_old)
    return path


@pytest.mark.parametrize("is_old", [False, True], ids=["archive", "old format"])
def test_a_file_that_ends_anywhere_is_damaged(is_old, tmp_path):
    whole = write(tmp_path / "whole.pt", make_network().state_dict(), is_old=is_old).read_bytes()
    part = tmp_path / "part.pt"
    for length in range(0, len(whole) - 1, 3):
        part.write_bytes(whole[:length])
        with pytest.raises(ModelUnavailableError, match="nothing in it was run"):
            read_tensors(part)


def test_numbers_in_the_middle_of_an_old_file_that_are_cut_off_are_damage(tmp_path):
    path = tmp_path / "cut.pt"
    path.write_bytes(b"\x80\x02J\x00")  # a whole number of four bytes, of which one came
    with pytest.raises(ModelUnavailableError, match="damaged"):
        read_tensors(path)


def test_an_archive_that_holds_more_than_its_size_is_not_unpacked(tmp_path, monkeypatch):
    import torch

    plain, packed = write(tmp_path / "plain.pt", make_network().state_dict()), tmp_path / "packed.pt"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            filler = b"N" * 1_000_000 if name.endswith("data.pkl") else b""
            target.writestr(name, filler + source.read(name))
    monkeypatch.setattr(torch, "load", lambda *_, **__: pytest.fail("it was read"))
    with pytest.raises(ModelUnavailableError, match="damaged or no weights file"):
        read_tensors(packed)


def test_a_file_that_only_begins_like_an_archive_is_damaged(tmp_path):
    path = tmp_path / "sparse.pt"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(1 << 30)
    with pytest.raises(ModelUnavailableError, match="damaged"):
        read_tensors(path)


def test_layers_that_are_used_again_and_again_come_to_an_end(tmp_path):
    import torch

    inner = torch.nn.Sequential()
    for _ in range(40):
        outer = torch.nn.Module()
        outer._modules.update(left=inner, right=inner)
        inner = outer
    assert read_tensors(write(tmp_path / "endless.pt", {"model": inner})) == {}


def test_parameters_that_are_still_being_trained_are_taken_as_numbers(tmp_path):
    path = write(tmp_path / "training.pt", dict(make_network().named_parameters()))
    assert not any(tensor.requires_grad for tensor in read_tensors(path).values())


NO_NUMBERS = {
    "not a number": lambda torch: torch.tensor([1.0, float("nan")]),
    "infinite": lambda torch: torch.tensor([float("-inf"), 1.0]).half(),
    "complex": lambda torch: torch.tensor([1.0 + 2.0j]),
    "sparse": lambda torch: torch.eye(2).to_sparse(),
    "nowhere": lambda torch: torch.empty(2, device="meta"),
    "one number a million times": lambda torch: torch.ones(1).expand(1000, 1000),
}


@pytest.mark.parametrize("kind", NO_NUMBERS)
def test_what_no_network_can_count_with_is_named(kind, tmp_path):
    import torch

    path = write(tmp_path / "broken.pt", {"fine": torch.ones(2), "second.bias": NO_NUMBERS[kind](torch)})
    with pytest.raises(ModelUnavailableError, match=r"broken: second\.bias"):
        read_tensors(path)


def test_halves_whole_numbers_and_empty_tensors_are_weights(tmp_path):
    import torch

    table = {"half": torch.ones(2).half(), "brain": torch.ones(2).bfloat16(), "count": torch.tensor(3)}
    table |= {"none": torch.zeros(0), "byte": torch.ones(2).to(torch.float8_e4m3fn)}
    assert set(read_tensors(write(tmp_path / "fine.pt", table))) == set(table)


def test_what_one_file_may_name_is_not_taken_away_by_another_that_is_done(tmp_path, monkeypatch):
    path = write(tmp_path / "network.pt", {"model": make_network()})
    both = Barrier(2)
    found = []
    look = weights_file.refuse_compressed

    def look_together(asked):
        look(asked)
        both.wait(30)

    monkeypatch.setattr(weights_file, "refuse_compressed", look_together)
    threads = [Thread(target=lambda: found.extend(read_tensors(path) for _ in range(20))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [set(tensors) for tensors in found] == [{"0.weight", "0.bias"}] * 40
