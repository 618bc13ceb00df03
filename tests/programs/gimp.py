"""GIMP 2.10 without its window: it opens files, tells what layers they hold, and writes each layer's pixels."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.programs.png_pixels import png_pixels

_PATIENCE_SECONDS = 240

_SCRIPT = r"""
(define (write-all port . values)
  (for-each (lambda (value) (display value port) (display "\t" port)) values))
(define (save image drawable path)
  (file-png-save RUN-NONINTERACTIVE image drawable path "x" 0 1 0 0 0 0 1))
(define (alone image layer path)
  (let* ((copy (car (gimp-image-new-with-precision (car (gimp-drawable-width layer))
           (car (gimp-drawable-height layer)) RGB (car (gimp-image-get-precision image)))))
         (profile (gimp-image-get-color-profile image))
         (twin 0))
    (if (> (car profile) 0) (gimp-image-set-color-profile copy (car profile) (cadr profile)))
    (set! twin (car (gimp-layer-new-from-drawable layer copy)))
    (gimp-image-insert-layer copy twin 0 0)
    (if (not (= -1 (car (gimp-layer-get-mask twin)))) (gimp-layer-remove-mask twin MASK-DISCARD))
    (gimp-layer-set-offsets twin 0 0)
    (gimp-layer-set-opacity twin 100)
    (gimp-item-set-visible twin TRUE)
    (save copy twin path)
    (gimp-image-delete copy)))
(define (mask-alone image layer path)
  (let* ((width (car (gimp-drawable-width layer))) (height (car (gimp-drawable-height layer)))
         (white (car (gimp-layer-new image width height RGBA-IMAGE "white" 100 LAYER-MODE-NORMAL)))
         (offsets (gimp-drawable-offsets layer)))
    (gimp-image-insert-layer image white 0 0)
    (gimp-layer-set-offsets white (car offsets) (cadr offsets))
    (gimp-context-set-foreground '(0 0 0))
    (gimp-image-select-item image CHANNEL-OP-REPLACE (car (gimp-layer-get-mask layer)))
    (gimp-context-set-foreground '(255 255 255))
    (gimp-drawable-edit-fill white FILL-FOREGROUND)
    (gimp-selection-none image)
    (alone image white path)
    (gimp-image-remove-layer image white)))
(define (walk image port items depth folder)
  (for-each
    (lambda (layer)
      (let ((offsets (gimp-drawable-offsets layer)) (is-group (car (gimp-item-is-group layer)))
            (mask (car (gimp-layer-get-mask layer))))
        (write-all port depth is-group (car offsets) (cadr offsets) (car (gimp-layer-get-opacity layer))
          (car (gimp-item-get-visible layer)) (if (= mask -1) 0 1)
          (if (= mask -1) 0 (car (gimp-layer-get-apply-mask layer))) layer)
        (display (car (gimp-item-get-name layer)) port)
        (display "\n\r" port)
        (if (= is-group TRUE)
          (walk image port (vector->list (cadr (gimp-item-get-children layer))) (+ depth 1) folder)
          (alone image layer (string-append folder "/" (number->string layer) ".png")))
        (if (not (= mask -1)) (mask-alone image layer (string-append folder "/" (number->string layer) "-mask.png")))))
    items))
(define (tell-profile image folder)
  (let ((profile (gimp-image-get-color-profile image)) (port (open-output-file (string-append folder "/profile.txt"))))
    (for-each (lambda (value) (display value port) (display " " port))
      (if (> (car profile) 0) (vector->list (cadr profile)) '()))
    (close-output-port port)))
(define (blend-plainly items)
  (for-each
    (lambda (layer)
      (gimp-layer-set-mode layer LAYER-MODE-NORMAL-LEGACY)
      (if (= (car (gimp-item-is-group layer)) TRUE)
        (blend-plainly (vector->list (cadr (gimp-item-get-children layer))))))
    items))
(define (save-as-psd path target)
  (let ((image (car (gimp-file-load RUN-NONINTERACTIVE path path))))
    (file-psd-save RUN-NONINTERACTIVE image (car (gimp-image-get-active-drawable image)) target target 0 0)
    (gimp-image-delete image)))
(define (tell path folder)
  (let* ((image (car (gimp-file-load RUN-NONINTERACTIVE path path)))
         (port (open-output-file (string-append folder "/items.tsv")))
         (flat 0))
    (tell-profile image folder)
    (blend-plainly (vector->list (cadr (gimp-image-get-layers image))))
    (set! flat (car (gimp-layer-new-from-visible image image "flat")))
    (walk image port (vector->list (cadr (gimp-image-get-layers image))) 0 folder)
    (close-output-port port)
    (gimp-image-insert-layer image flat 0 0)
    (save image flat (string-append folder "/flat.png"))
    (gimp-image-delete image)))
"""


@dataclass(frozen=True, eq=False)
class GimpItem:
    """A layer or a group as GIMP has it; `pixels` are ``(H, W, 4)`` without mask and opacity, None of a group."""

    depth: int
    is_group: bool
    x: int
    y: int
    opacity: float
    is_visible: bool
    is_mask_applied: bool
    name: str
    pixels: np.ndarray | None
    mask: np.ndarray | None


@dataclass(frozen=True, eq=False)
class Opened:
    """What GIMP made of a file: its items from the top, a group before its members, and what is seen of it.

    The picture is blended without light being made linear before, as GIMP itself does it for PSD: layers that it makes
    of TIFF pages have its other mode, for which TIFF has no word. The profile is None if GIMP found none.
    """

    items: list[GimpItem]
    picture: np.ndarray
    icc_profile: bytes | None


def open_in_gimp(paths: list[Path], scratch: Path) -> list[Opened]:
    """Let GIMP open files, in one start of the program, and return what it says of them."""
    folders = [scratch / f"gimp-{index}" for index in range(len(paths))]
    for folder in folders:
        folder.mkdir()
    said = _run([f'(tell "{path}" "{folder}")' for path, folder in zip(paths, folders, strict=True)], scratch)
    assert all((folder / "flat.png").is_file() for folder in folders), said
    return [_read(folder) for folder in folders]


def saved_by_gimp(path: Path, target: Path, scratch: Path) -> Path:
    """Let GIMP open `path` and save it as the PSD `target`; return that."""
    said = _run([f'(save-as-psd "{path}" "{target}")'], scratch)
    assert target.is_file(), said
    return target


def _run(calls: list[str], scratch: Path) -> str:
    home = scratch / "home"
    home.mkdir(exist_ok=True)
    script = scratch / "tell.scm"
    script.write_text("\n".join([_SCRIPT, *calls]), "utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "XDG_"))}
    done = subprocess.run(
        ["gimp", "-i", "-d", "-f", "-n", "-b", f'(load "{script}")', "-b", "(gimp-quit 1)"],
        env={**kept, "HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )
    return done.stdout + done.stderr


def _read(folder: Path) -> Opened:
    # As bytes: reading text would make one and the same of the line ends, and names may have any.
    rows = (folder / "items.tsv").read_bytes().decode("utf-8").split("\n\r")[:-1]
    profile = bytes(int(value) for value in (folder / "profile.txt").read_text().split())
    return Opened([_item(row, folder) for row in rows], _pixels(folder / "flat.png"), profile or None)


def _item(row: str, folder: Path) -> GimpItem:
    depth, is_group, x, y, opacity, is_visible, has_mask, is_applied, number, name = row.split("\t", 9)
    pixels = None if is_group == "1" else _pixels(folder / f"{number}.png")
    mask = _pixels(folder / f"{number}-mask.png")[..., 3] if has_mask == "1" else None
    return GimpItem(
        int(depth),
        is_group == "1",
        int(x),
        int(y),
        float(opacity) / 100,
        is_visible == "1",
        is_applied == "1",
        name,
        pixels,
        mask,
    )


def _pixels(path: Path) -> np.ndarray:
    return png_pixels(path.read_bytes())
