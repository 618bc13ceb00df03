from dataclasses import replace

import numpy as np
import pytest

from core.backdrop import changed_rect
from core.background import Background, BlurFill, ColorFill, Shadow
from core.geometry import Rect
from core.layer import Layer
from tests.fakes import make_document

NOTHING = Rect(0, 0, 0, 0)


@pytest.mark.parametrize("background", [Background(BlurFill(3.0)), Background(ColorFill((1, 2, 3)), Shadow(dx=-4))])
def test_a_layer_outside_of_the_canvas_reaches_in_with_its_shadow_and_its_blur(background):
    document = replace(make_document(12, 9), background=background)
    outside = Layer("outside", "Outside", np.full((9, 3, 4), 255, np.uint8), x=12, cut_from=("photo",))
    after = replace(document, layers=(*document.layers, outside))
    assert changed_rect(document, after, NOTHING) == document.rect
    assert changed_rect(document, document, NOTHING).is_empty
