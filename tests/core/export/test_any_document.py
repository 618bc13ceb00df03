"""Every format with documents of every kind: a file or one sentence, and never anything else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cancel import Cancelled, CancelToken
from core.errors import AppError
from core.export.format import Progress
from core.export.job import ExportJob, Scope, planned_files, run_export
from core.export.preview import PreviewRequest, make_preview
from core.export.registry import FORMATS
from core.export.source import ExportSource
from tests.core.deep_scenes import deep_layer, deep_values
from tests.core.examples import examples
from tests.core.project_documents import documents

EACH = pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.id)
NAMES = ["", " ", "." * 3, "a/b\\c:d", "\0\n\x1b", "x" * 400, "🐱\u202e猫", "CON", "<&\"'>", "\ud800"]
"""What layers may be called: names are data."""


@st.composite
def named_documents(draw):
    """Return any document, its layers called anything, perhaps one of them with 16 bits."""
    document = draw(documents())
    layers = [replace(layer, name=draw(st.sampled_from([layer.name, *NAMES]))) for layer in document.layers]
    if layers and draw(st.booleans()):
        height, width = layers[0].pixels.shape[:2]
        deep = deep_layer(layers[0].id, deep_values(width, height, alpha=None))
        layers[0] = replace(layers[0], pixels=deep.pixels, deep=deep.deep)
    return replace(document, layers=tuple(layers), name=draw(st.sampled_from([document.name, *NAMES])))


@EACH
@given(data=st.data())
@examples(8)
def test_a_document_becomes_files_or_one_sentence(kind, data, tmp_path_factory):
    document, folder = data.draw(named_documents()), tmp_path_factory.mktemp("out")
    scope = Scope.WHOLE if kind.is_layered else data.draw(st.sampled_from(Scope))
    path = folder / ("all" if scope is Scope.LAYERS else f"a{kind.suffixes[0]}")
    job = ExportJob(kind.id, kind.options_type(), path, scope)
    try:
        done = run_export(ExportSource(document), job)
    except AppError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either is right
        assert list(folder.iterdir()) == []
    else:
        assert set(done.paths) == set(planned_files(job, ExportSource(document)))
        assert all(path.stat().st_size for path in done.paths)


@EACH
@given(data=st.data())
@examples(4)
def test_an_export_that_is_withdrawn_at_any_step_leaves_nothing(kind, data, tmp_path_factory):
    document, folder = data.draw(named_documents()), tmp_path_factory.mktemp("out")
    token, left = CancelToken(), data.draw(st.integers(0, 3))

    def withdraw(_fraction):
        nonlocal left
        left -= 1
        if left < 0:
            token.cancel()

    job = ExportJob(kind.id, kind.options_type(), folder / f"a{kind.suffixes[0]}")
    try:
        run_export(ExportSource(document), job, Progress(token, withdraw))
    except (AppError, Cancelled):
        assert list(folder.iterdir()) == []


@EACH
@given(data=st.data())
@examples(5)
def test_a_preview_is_a_picture_or_one_sentence(kind, data):
    document = data.draw(named_documents())
    try:
        preview = make_preview(PreviewRequest(ExportSource(document), kind.id, kind.options_type(), 8))
    except AppError:
        return
    assert max(preview.pixels.shape[:2]) <= 8
