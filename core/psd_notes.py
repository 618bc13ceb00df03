"""What a PSD has that a document has not, told in sentences."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.texts import tr, tr_n

if TYPE_CHECKING:
    from psd_tools.psd.layer_and_mask import LayerRecord

_EFFECTS = ("OBJECT_BASED_EFFECTS_LAYER_INFO", "EFFECTS_LAYER")
_MADE = (
    *("TYPE_TOOL_OBJECT_SETTING", "TYPE_TOOL_INFO", "PLACED_LAYER1", "PLACED_LAYER2"),
    *("SMART_OBJECT_LAYER_DATA1", "SMART_OBJECT_LAYER_DATA2", "VECTOR_STROKE_CONTENT_DATA"),
)
"""Layers whose pixels were worked out from something else: texts, smart objects, shapes."""


@dataclass
class PsdNotes:
    """Counts what is given up while the layers of one file are read."""

    empty: int = 0
    blended: int = 0
    clipped: int = 0
    styled: int = 0
    made: int = 0
    masked_groups: int = 0
    soft_masks: int = 0
    has_bad_profile: bool = False

    def look_at_layer(self, record: "LayerRecord") -> None:
        """Count what is not kept of a layer."""
        from psd_tools.constants import BlendMode, Clipping

        self.blended += record.blend_mode is not BlendMode.NORMAL
        self.clipped += record.clipping is not Clipping.BASE
        self.styled += _has_any(record, _EFFECTS)
        self.made += _has_any(record, _MADE)
        told = None if record.mask_data is None else record.mask_data.parameters
        if told is not None:
            self.soft_masks += bool(told.user_mask_feather) or told.user_mask_density not in (None, 255)

    def look_at_group(self, record: "LayerRecord") -> None:
        """Count what is not kept of a group."""
        from psd_tools.constants import BlendMode

        self.blended += record.blend_mode not in (BlendMode.NORMAL, BlendMode.PASS_THROUGH)
        self.masked_groups += record.mask_data is not None

    def sentences(self) -> tuple[str, ...]:
        """Return what the person is told."""
        told = (
            (
                self.empty,
                tr_n(
                    "{n} layer without pixels, such as an adjustment, was left out.",
                    "{n} layers without pixels, such as adjustments, were left out.",
                    self.empty,
                ),
            ),
            (
                self.blended,
                tr("Layers that are blended in another way than over one another are shown plainly."),
            ),
            (self.clipped, tr("Layers that were clipped to the one below them are shown whole.")),
            (self.styled, tr("Effects of layers, such as shadows, were left out.")),
            (self.made, tr("Texts, shapes and smart objects are pictures now.")),
            (self.masked_groups, tr("Masks of groups were left out.")),
            (self.soft_masks, tr("Density and feather of masks were left out.")),
            (self.has_bad_profile, tr("Its colour profile is unusable and was ignored.")),
        )
        return tuple(sentence for count, sentence in told if count)


def _has_any(record: "LayerRecord", names: tuple[str, ...]) -> bool:
    from psd_tools.constants import Tag

    return any(Tag[name] in record.tagged_blocks for name in names)
