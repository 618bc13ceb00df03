import json
import re
from urllib.parse import urlparse

import pytest

from core.model_list import MODELS, Task, UnknownModelError, find_spec, names_for, parse_models


def test_list_holds_every_model_of_the_program_in_the_order_shown():
    assert names_for(Task.SEGMENT) == (
        "classic",
        "mobile_sam",
        "sam_vit_b",
        "sam_vit_l",
        "sam_vit_h",
        "fastsam_s",
        "fastsam_x",
    )
    assert names_for(Task.DETECT) == ("owlvit", "owlv2")


@pytest.mark.parametrize("spec", MODELS.values(), ids=lambda spec: spec.name)
def test_every_model_says_what_a_person_needs_to_choose(spec):
    assert spec.title
    assert spec.summary.endswith(".")
    assert spec.licence


@pytest.mark.parametrize("spec", MODELS.values(), ids=lambda spec: spec.name)
def test_every_file_has_a_secure_address_a_plain_name_and_a_whole_hash_or_none(spec):
    for file in spec.files:
        assert urlparse(file.url).scheme == "https"
        assert file.url.endswith("/" + file.name)
        assert re.fullmatch(r"[\w.-]+", file.name)
        assert re.fullmatch(r"[0-9a-f]{64}|", file.sha256)
        assert file.nbytes > 0


def test_values_with_a_single_source_are_not_enforced():
    weights = find_spec("owlvit").files[0]
    assert weights.sha256 == ""
    assert not weights.is_size_exact
    assert not find_spec("sam_vit_b").files[0].is_size_exact


def test_every_model_can_be_run():
    assert all(spec.is_supported for spec in MODELS.values())


def test_only_classic_needs_no_files():
    assert [name for name, spec in MODELS.items() if not spec.files] == ["classic"]


def test_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(UnknownModelError, match=r"'sam2'.*mobile_sam"):
        find_spec("sam2")


def test_a_file_without_its_fields_is_no_model_list():
    with pytest.raises(KeyError):
        parse_models(json.dumps({"models": [{"name": "x"}]}))
