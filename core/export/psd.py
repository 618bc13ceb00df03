"""PSD: layers, masks and groups as Photoshop, GIMP and Krita open them.

The records are psd-tools'; pixels are packed and the merged picture is worked out here, in two threads and a strip at a
time, while the file is written: a whole document through that library takes several times as long and as much memory.
"""

import struct
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import BinaryIO, ClassVar, TypeVar

from core.document import Document
from core.export.depth import Depth, at_depth, depth_option, profile_to_write
from core.export.format import ExportFormat, Progress, Target
from core.export.options import ExportError, ExportOptions, option
from core.export.psd_channels import Compression, Packing, packed
from core.export.psd_merged import MergedStrip, is_opaque, merged_strips, packed_strip
from core.export.psd_records import as_written, entries_of
from core.export.source import ExportSource
from core.texts import mark, tr

_LONGEST_SIDE = 30_000
_MOST_BYTES = (1 << 31) - 1
_THREADS = 2
_AHEAD = 4
"""Pieces that are packed before they are written: more would only fill the memory."""

_RLE = 1
_MOST_UINT32 = (1 << 32) - 1
_Piece = TypeVar("_Piece")


class Masks(StrEnum):
    """What becomes of layer masks."""

    EDITABLE = "editable"
    BAKED = "baked"


@dataclass(frozen=True)
class PsdOptions(ExportOptions):
    """What can be chosen about a PSD."""

    masks: Masks = option(
        Masks.EDITABLE,
        mark("Masks"),
        tip=mark("Editable masks lie over untouched pixels; baked ones have made them transparent for good"),
        words={Masks.EDITABLE: mark("Editable"), Masks.BAKED: mark("Baked into the pixels")},
    )
    compression: Compression = option(
        Compression.RLE,
        mark("Compression"),
        tip=mark("ZIP makes smaller files, which some older programs cannot open"),
        words={Compression.RLE: mark("RLE"), Compression.ZIP: mark("ZIP")},
    )
    depth: Depth = depth_option()


class PsdFormat(ExportFormat[PsdOptions]):
    """All layers, as a Photoshop document."""

    id: ClassVar[str] = "psd"
    title: ClassVar[str] = mark("PSD (Photoshop, GIMP, Krita)")
    summary: ClassVar[str] = mark("All layers with groups and masks that can be edited; most image editors open it.")
    suffixes: ClassVar[tuple[str, ...]] = (".psd",)
    options_type = PsdOptions
    is_layered: ClassVar[bool] = True

    def check(self, source: ExportSource, options: PsdOptions) -> None:
        """Raise :class:`ExportError` if the document is too large for the format, or has no layer."""
        del options
        document = source.document
        if not document.layers:
            raise ExportError(tr("There is no layer to write. Open a photo first."))
        size = document.size
        if size.longest > _LONGEST_SIDE:
            raise ExportError(
                tr(
                    "The picture is {size} pixels, and a PSD holds at most 30,000 a side. Choose OpenRaster or TIFF.",
                    size=size,
                )
            )
        for layer in document.layers:
            if layer.rect.size.longest > _LONGEST_SIDE:
                raise ExportError(
                    tr(
                        "The layer {name} is {size} pixels, and a PSD holds at most 30,000 a side. "
                        "Choose OpenRaster or TIFF.",
                        name=layer.name,
                        size=layer.rect.size,
                    )
                )

    def write(
        self, source: ExportSource, targets: tuple[Target, ...], options: PsdOptions, progress: Progress
    ) -> tuple[str, ...]:
        """Write the PSD (see :meth:`core.export.format.ExportFormat.write`)."""
        is_baked = options.masks is Masks.BAKED
        document = as_written(at_depth(source.document, options.depth), is_baked)
        with targets[0].temporary.open("wb") as file, ThreadPoolExecutor(_THREADS) as pool:
            _Writer(document, options, file, pool, progress).write()
        is_mask_lost = is_baked and any(layer.mask is not layer.shown_mask for layer in source.document.layers)
        return (tr("Masks that are switched off are not in the file."),) if is_mask_lost else ()


class _Writer:
    """Writes one file."""

    def __init__(
        self, document: Document, options: PsdOptions, file: BinaryIO, pool: ThreadPoolExecutor, progress: Progress
    ) -> None:
        self._document = document
        self._compression = options.compression
        self._file = file
        self._pool = pool
        self._progress = progress
        self._is_deep = document.is_deep
        self._has_alpha = not is_opaque(document)
        self._entries = entries_of(document, self._is_deep)
        self._strips = merged_strips(document)
        self._done = 0
        channels = sum(len(entry.channels) for entry in self._entries)
        self._total = channels + 4 * len(self._strips)

    def write(self) -> None:
        """Write all sections."""
        self._write_head()
        with _Length(self._file):
            self._write_layers()
        self._write_merged()

    def _write_head(self) -> None:
        from psd_tools.constants import ColorMode
        from psd_tools.psd.color_mode_data import ColorModeData
        from psd_tools.psd.header import FileHeader

        size = self._document.size
        FileHeader(
            channels=4 if self._has_alpha else 3,
            height=size.height,
            width=size.width,
            depth=16 if self._is_deep else 8,
            color_mode=ColorMode.RGB,
        ).write(self._file)
        ColorModeData().write(self._file)
        _write_resources(self._document, self._file)

    def _write_layers(self) -> None:
        nothing = struct.pack(">I", 0)
        if not self._is_deep:
            with _Length(self._file):
                self._write_layer_info()
            self._file.write(nothing)  # no global mask
            return
        # As Photoshop does it: neither layers nor a global mask here, but in a block of their own behind that.
        self._file.write(nothing + nothing + b"8BIMLr16")
        with _Length(self._file):
            self._write_layer_info()
        if self._has_alpha:
            self._file.write(b"8BIMMt16" + nothing)

    def _write_layer_info(self) -> None:
        # A negative number says that the merged picture's fourth channel is its transparency.
        count = len(self._entries)
        self._file.write(struct.pack(">h", -count if self._has_alpha else count))
        start = self._file.tell()
        self._write_records()
        self._write_channels()
        self._file.write(b"\0" * (-(self._file.tell() - start + 2) % 4))
        end = self._file.tell()
        self._file.seek(start)
        self._write_records()  # which know by now how long their channels are
        self._file.seek(end)

    def _write_records(self) -> None:
        for entry in self._entries:
            entry.record.write(self._file, version=1)

    def _write_channels(self) -> None:
        jobs = [
            partial(packed, channel, self._compression, self._progress.token.check, self._is_deep)
            for entry in self._entries
            for channel in entry.channels
        ]
        pieces = _in_order(self._pool, jobs)
        for entry in self._entries:
            for info in entry.record.channel_info:
                info.length = self._write_piece(next(pieces)) if entry.channels else self._write_nothing()

    def _write_piece(self, piece: Packing) -> int:
        self._step(1)
        return self._write_parts([struct.pack(">H", piece.code), *piece.parts()])

    def _write_nothing(self) -> int:
        return self._write_parts([struct.pack(">H", 0)])

    def _write_merged(self) -> None:
        """Write the merged picture: the lengths of all rows of all channels, then channel after channel."""
        jobs = [partial(packed_strip, self._document, part, self._has_alpha, self._is_deep) for part in self._strips]
        strips: list[MergedStrip] = []
        for strip in _in_order(self._pool, jobs):
            self._step(4)
            strips.append(strip)
        channels = list(zip(*(strip.channels for strip in strips), strict=True))
        self._write_parts([struct.pack(">H", _RLE)])
        for rows in channels:
            self._write_parts([part for each in rows for part in each.lengths])
        for rows in channels:
            self._write_parts([part for each in rows for part in each.rows])

    def _write_parts(self, parts: Sequence[bytes]) -> int:
        length = sum(len(part) for part in parts)
        if self._file.tell() + length > _MOST_BYTES:
            raise ExportError(
                tr("This document makes a PSD of more than 2 GB, which no program opens. Choose OpenRaster or TIFF.")
            )
        self._file.writelines(parts)
        return length

    def _step(self, amount: int) -> None:
        self._done += amount
        self._progress.step(self._done, self._total)


class _Length:
    """A length that stands before what is written in the block."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._start = 0

    def __enter__(self) -> None:
        self._file.write(struct.pack(">I", 0))
        self._start = self._file.tell()

    def __exit__(self, *_: object) -> None:
        end = self._file.tell()
        self._file.seek(self._start - 4)
        self._file.write(struct.pack(">I", end - self._start))
        self._file.seek(end)


def _in_order(pool: ThreadPoolExecutor, jobs: Sequence[Callable[[], _Piece]]) -> Iterator[_Piece]:
    """Do the jobs in the pool, a few ahead of what was asked for; those not begun are dropped with the answers."""
    ahead: deque[Future[_Piece]] = deque()
    left = iter(jobs)
    try:
        for _ in jobs:
            while len(ahead) < _AHEAD and (job := next(left, None)) is not None:
                ahead.append(pool.submit(job))
            yield ahead.popleft().result()
    finally:
        for future in ahead:
            future.cancel()


def _write_resources(document: Document, file: BinaryIO) -> None:
    from psd_tools.constants import Resource
    from psd_tools.psd.image_resources import ImageResource, ImageResources

    resources = ImageResources.new()  # which says that there is a merged picture
    said: dict[Resource, bytes] = {}
    if document.dpi is not None:
        across, down = (min(round(value * 65536), _MOST_UINT32) for value in document.dpi)
        # Pixels an inch as numbers of 16.16 bits, and inches as the unit of width and height.
        said[Resource.RESOLUTION_INFO] = struct.pack(">IHHIHH", across, 1, 1, down, 1, 1)
    profile = profile_to_write(document)
    if profile is not None:
        said[Resource.ICC_PROFILE] = profile
    for key, data in said.items():
        resources[key] = ImageResource(key=key, data=data)
    resources.write(file)
