"""The rows of the table of actions that are about how things are shown."""

from core.texts import tr
from ui.action_spec import ActionSpec, needs_document
from ui.canvas import View
from ui.theme import ThemeWish


def _view(view: View, text: str, tip: str = "") -> ActionSpec:
    return ActionSpec(
        f"view-{view}",
        text,
        f"view-{view.removeprefix('on-')}",
        lambda p: p.canvas.set_view(view),
        tip=tip,
        needs=needs_document,
        is_on=lambda p: p.canvas.view is view,
        group="view",
    )


def _theme(wish: ThemeWish, text: str, icon_name: str) -> ActionSpec:
    return ActionSpec(
        f"theme-{wish}",
        text,
        icon_name,
        lambda p: p.doors.set_theme(wish),
        is_on=lambda p: p.theme.wish is wish,
        group="theme",
    )


VIEW = (
    ActionSpec(
        "zoom-in", tr("Zoom &In"), "zoom-in", lambda p: p.canvas.zoom_in(), ("Ctrl++", "Ctrl+="), needs=needs_document
    ),
    ActionSpec(
        "zoom-out", tr("Zoom &Out"), "zoom-out", lambda p: p.canvas.zoom_out(), ("Ctrl+-",), needs=needs_document
    ),
    ActionSpec(
        "zoom-fit",
        tr("&Fit"),
        "zoom-fit",
        lambda p: p.canvas.fit(),
        ("Ctrl+0",),
        tip=tr("Show the whole photo"),
        needs=needs_document,
    ),
    ActionSpec(
        "zoom-actual",
        "&100 %",
        "zoom-actual",
        lambda p: p.canvas.set_zoom(1.0),
        ("Ctrl+1",),
        tip=tr("One photo pixel on one screen pixel"),
        needs=needs_document,
    ),
    _view(View.OVERLAY, tr("O&verlay")),
    _view(View.ON_BLACK, tr("On &Black")),
    _view(View.ON_WHITE, tr("On &White")),
    _view(View.ON_CHECKER, tr("On &Checker"), tr("The cutout on the new background, or on a checkerboard without one")),
    _view(View.MASK, tr("&Mask")),
    _view(View.ORIGINAL, tr("Ori&ginal")),
    ActionSpec(
        "view-next", tr("&Next View"), "view-next", lambda p: p.canvas.cycle_view(), ("F",), needs=needs_document
    ),
    ActionSpec(
        "look",
        tr("Selection Loo&k…"),
        "look",
        lambda p: p.doors.show_look(),
        ("Shift+F",),
        tip=tr("Overlay, hatch or marching ants; colour and opacity"),
        needs=needs_document,
    ),
    _theme(ThemeWish.SYSTEM, tr("As the &System"), "theme"),
    _theme(ThemeWish.LIGHT, tr("&Light"), "theme-light"),
    _theme(ThemeWish.DARK, tr("&Dark"), "theme-dark"),
    ActionSpec(
        "rulers",
        tr("&Rulers"),
        "rulers",
        lambda p: p.doors.show_rulers(not p.doors.are_rulers_shown()),
        ("Ctrl+R",),
        tip=tr("Count the photo's pixels along the top and the left"),
        is_on=lambda p: p.doors.are_rulers_shown(),
    ),
    ActionSpec(
        "minimap",
        tr("Minimap"),
        "minimap",
        lambda p: p.doors.show_minimap(not p.doors.is_minimap_shown()),
        ("Shift+M",),
        tip=tr("A small overview while the photo is larger than the view"),
        is_on=lambda p: p.doors.is_minimap_shown(),
    ),
    ActionSpec(
        "photo-strip",
        tr("Pho&to Strip"),
        "photo-strip",
        lambda p: p.doors.show_photo_strip(not p.doors.is_photo_strip_wanted()),
        ("F6",),
        tip=tr("Show the photos of the folder, or those opened together, below the canvas"),
        is_on=lambda p: p.doors.is_photo_strip_wanted(),
    ),
    ActionSpec(
        "panels",
        tr("Side &Panels"),
        "panel",
        lambda p: p.doors.show_panels(not p.doors.are_panels_shown()),
        ("F4",),
        tip=tr("Show the selection and the layers at the right"),
        is_on=lambda p: p.doors.are_panels_shown(),
    ),
    ActionSpec(
        "full-screen",
        tr("F&ull Screen"),
        "full-screen",
        lambda p: p.doors.show_full_screen(not p.doors.is_full_screen()),
        ("F11",),
        is_on=lambda p: p.doors.is_full_screen(),
    ),
)
