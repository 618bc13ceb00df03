"""Opening Photoshop files, PSD and PSB, as layers. They are data: nothing in them runs, and all of it is checked.

https://www.adobe.com/devnet-apps/photoshop/fileformatashtml/
"""

import struct
import warnings
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.color import is_usable_profile
from core.deep import to_bytes
from core.document import Document
from core.errors import ImageReadError
from core.free_memory import available_bytes
from core.geometry import Rect, Size
from core.image_decoding import MAX_MEGAPIXELS
from core.layer import Layer, new_layer_id
from core.layer_group import LayerGroup, used_groups
from core.psd_notes import PsdNotes
from core.psd_pixels import channels_of, joined, layer_pixels, place_of, plane_of
from core.texts import number, tr

if TYPE_CHECKING:
    from psd_tools.psd import PSD
    from psd_tools.psd.layer_and_mask import ChannelDataList, LayerRecord

PSD_SUFFIXES = (".psd", ".psb")
_START = b"8BPS"
_HEADER = struct.Struct(">4sH6xHIIHH")
_RGB, _GREY = 3, 1
_MOST_LAYERS = 10_000
_MOST_DEPTH = 300
_MOST_PLACE = 1 << 24
_MOST_NAME = 1000
_MOST_BYTES = 32 << 30

_PARSER_ERRORS: tuple[type[Exception], ...] = (
    *(OSError, ValueError, EOFError, LookupError, TypeError, ArithmeticError, AttributeError),
    *(RuntimeError, AssertionError, struct.error, zlib.error, Warning),
)
"""What psd-tools is known to raise on damaged files, or to warn of."""


class FlatPsdError(Exception):
    """A PSD whose layers cannot be had, so that its merged picture is the best there is; the text says why."""


@dataclass(frozen=True, eq=False, slots=True)
class ReadPsd:
    """A document, and sentences on what was given up."""

    document: Document
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Header:
    version: int
    channels: int
    height: int
    width: int
    depth: int
    mode: int


def is_psd(start: bytes) -> bool:
    """Whether a file that starts so is a PSD or a PSB."""
    return start.startswith(_START)


def read_psd(path: Path) -> ReadPsd:
    """Read a PSD's layers; of one without any, its picture.

    Raises
    ------
    ImageReadError
        If it cannot be read, is damaged, or is larger than photos may be.
    FlatPsdError
        If its colours are of a kind that is not read layer by layer.
    """
    from psd_tools.compression import PSDDecompressionWarning
    from psd_tools.psd import PSD

    try:
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # It would go on with a black channel in the place of one that is damaged.
            warnings.simplefilter("error", PSDDecompressionWarning)
            header = _checked_header(file.read(_HEADER.size), path)
            if header.mode not in (_RGB, _GREY) or header.depth not in (8, 16):
                raise FlatPsdError(tr("Its layers are in a kind of colour that Clickcut does not read."))
            _check_room(path.stat().st_size * 2, path)
            file.seek(0)
            return _Reader(PSD.read(file), path).read()
    except FileNotFoundError as error:
        raise ImageReadError(tr("There is no file {path}.", path=path)) from error
    except MemoryError as error:
        raise ImageReadError(tr("There is not enough memory to open {path}.", path=path)) from error
    except _PARSER_ERRORS as error:
        if isinstance(error, ImageReadError):
            raise
        raise ImageReadError(
            tr("{path} is damaged or cut off: it starts like a photo, but its pixels cannot be read.", path=path)
        ) from error


def _checked_header(start: bytes, path: Path) -> _Header:
    _, *fields = _HEADER.unpack(start)
    header = _Header(*fields)
    if header.version not in (1, 2) or not header.width or not header.height or not 1 <= header.channels <= 56:
        raise ValueError("no header of a PSD")
    if header.width * header.height > MAX_MEGAPIXELS * 1_000_000:
        problem = tr(
            "is too large: {width} x {height} pixels, {megapixels:.0f} megapixels; Clickcut opens up to {most}.",
            width=header.width,
            height=header.height,
            megapixels=header.width * header.height / 1e6,
            most=MAX_MEGAPIXELS,
        )
        raise ImageReadError(f"{path} {problem}")
    return header


def _check_room(nbytes: int, path: Path) -> None:
    """Refuse what there is no memory for before any of it is taken."""
    available = available_bytes()
    if nbytes > _MOST_BYTES or (available is not None and nbytes > available):
        raise ImageReadError(
            tr(
                "{path} cannot be opened: its layers would take {needed} GB of memory, more than there is.",
                path=path,
                needed=number(nbytes / 1e9, 1),
            )
        )


@dataclass(eq=False)
class _Reader:
    """Reads one file whose records are known."""

    psd: "PSD"
    path: Path
    _notes: PsdNotes = field(default_factory=PsdNotes)
    _layers: list[Layer] = field(default_factory=list)
    _groups: list[LayerGroup] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)

    def read(self) -> ReadPsd:
        records = list(self.psd._iter_layers())  # of 16 bits, too, which lie in another place
        self._check(records)
        for record, data in records:
            self._take(record, data)
        if not self._layers:
            self._layers.append(self._merged())
        header = self.psd.header
        size = Size(header.width, header.height)
        resources = self.psd.image_resources
        document = Document(
            size,
            tuple(self._layers),
            self._layers[-1].id,
            icc_profile=self._profile(resources),
            dpi=_dpi(resources),
            name=self.path.stem or self.path.name,
            path=self.path,
            groups=used_groups(self._layers, self._groups),
        )
        return ReadPsd(document, self._notes.sentences())

    def _check(self, records: "list[tuple[LayerRecord, ChannelDataList]]") -> None:
        if len(records) > _MOST_LAYERS:
            raise ValueError("too many layers")
        needed = 0
        for record, _ in records:
            for place in (place_of(record), *([place_of(record.mask_data)] if record.mask_data else [])):
                if max(abs(place.x), abs(place.y), place.width, place.height) > _MOST_PLACE:
                    raise ValueError("a layer lies at an impossible place")
                needed += place.size.area * (12 if self.psd.header.depth == 16 else 4) if not place.is_empty else 0
        _check_room(needed, self.path)

    def _take(self, record: "LayerRecord", data: "ChannelDataList") -> None:
        """Take the next record, from the bottom up: a layer, the end of a group, or the group itself."""
        from psd_tools.constants import SectionDivider, Tag

        divider = record.tagged_blocks.get_data(Tag.SECTION_DIVIDER_SETTING)
        divider = divider or record.tagged_blocks.get_data(Tag.NESTED_SECTION_DIVIDER_SETTING)
        kind = SectionDivider.OTHER if divider is None else divider.kind
        if kind is SectionDivider.BOUNDING_SECTION_DIVIDER:
            self._begin_group()
        elif kind in (SectionDivider.OPEN_FOLDER, SectionDivider.CLOSED_FOLDER):
            self._name_group(record, kind is SectionDivider.OPEN_FOLDER)
        else:
            self._add_layer(record, data)

    def _begin_group(self) -> None:
        if len(self._open) >= _MOST_DEPTH:
            raise ValueError("too many groups in one another")
        parent = self._open[-1] if self._open else None
        group = LayerGroup(new_layer_id(), tr("Group {number}", number=len(self._groups) + 1), parent_id=parent)
        self._groups.append(group)
        self._open.append(group.id)

    def _name_group(self, record: "LayerRecord", is_open: bool) -> None:
        if not self._open:
            return  # the head of a group that has no end holds nothing
        group_id = self._open.pop()
        index = next(index for index, group in enumerate(self._groups) if group.id == group_id)
        known = self._groups[index]
        name, opacity = _name(record) or known.name, record.opacity / 255
        self._groups[index] = LayerGroup(group_id, name, opacity, record.flags.visible, is_open, known.parent_id)
        self._notes.look_at_group(record)

    def _add_layer(self, record: "LayerRecord", data: "ChannelDataList") -> None:
        place = place_of(record)
        if place.is_empty:
            self._notes.empty += 1
            return
        header = self.psd.header
        found = layer_pixels(record, channels_of(record, data, header), int(header.color_mode))
        self._notes.look_at_layer(record)
        self._layers.append(
            Layer(
                id=new_layer_id(),
                name=_name(record) or tr("Layer {number}", number=len(self._layers) + 1),
                pixels=found.pixels,
                x=place.x,
                y=place.y,
                mask=found.mask,
                is_mask_enabled=record.mask_data is None or not record.mask_data.flags.mask_disabled,
                opacity=record.opacity / 255 * _fill_opacity(record),
                is_visible=record.flags.visible,
                is_locked=_is_locked(record),
                group_id=self._open[-1] if self._open else None,
                deep=found.deep,
            )
        )

    def _merged(self) -> Layer:
        """Return the whole picture, of a file without layers."""
        header = self.psd.header
        place = Rect(0, 0, header.width, header.height)
        most = place.size.area * header.channels * header.depth // 8
        planes = self.psd.image_data.get_data(header, max_output_bytes=most)
        if isinstance(planes, bytes):
            raise TypeError("planes that are not split")
        colours = [plane_of(plane, place, header.depth) for plane in planes]
        values = joined([colours[index] for index in (range(3) if header.color_mode == _RGB else (0, 0, 0))], None)
        name = self.path.stem or self.path.name
        if header.depth == 16:
            return Layer(new_layer_id(), name, to_bytes(values), deep=values)
        return Layer(new_layer_id(), name, values)

    def _profile(self, resources: Any) -> bytes | None:
        from psd_tools.constants import Resource

        profile = resources.get_data(Resource.ICC_PROFILE)
        if not profile:
            return None
        if not is_usable_profile(bytes(profile)):
            self._notes.has_bad_profile = True
            return None
        return bytes(profile)


def _dpi(resources: Any) -> tuple[float, float] | None:
    from psd_tools.constants import Resource

    told = resources.get_data(Resource.RESOLUTION_INFO)
    if told is None:
        return None
    across, down = told.horizontal / 65536, told.vertical / 65536  # fixed point
    return (across, down) if across > 0 and down > 0 else None


def _name(record: "LayerRecord") -> str:
    from psd_tools.constants import Tag

    told = record.tagged_blocks.get_data(Tag.UNICODE_LAYER_NAME)
    return str(told if told else record.name).rstrip("\0")[:_MOST_NAME]


def _fill_opacity(record: "LayerRecord") -> float:
    from psd_tools.constants import Tag

    told = record.tagged_blocks.get_data(Tag.BLEND_FILL_OPACITY)
    return 1.0 if told is None else min(max(int(told), 0), 255) / 255


def _is_locked(record: "LayerRecord") -> bool:
    from psd_tools.constants import Tag

    told = record.tagged_blocks.get(Tag.PROTECTED_SETTING)
    return told is not None and bool(told.data.complete)
