"""What a person can prefer, page by page: a row for each, read, changed and restored where it lives."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from core.device import Device, Precision, known_facts
from core.flood_fill import Reach, Wand
from core.model_list import Task
from core.segment_request import Edge
from core.segmenter import Strictness
from core.settings import Settings
from core.texts import languages, tr
from ui.action_spec import Doors
from ui.actions import ACTIONS
from ui.key_map import PRESETS, KeyMap, displaced_words
from ui.model_flow import ModelFlow
from ui.model_words import KEPT, devices_here, nearest_kept, offer_text, precisions_here, shown_precision
from ui.panels.look_panel import PRESETS as COLORS
from ui.preference import Choice, Choices, Number, Page, Preference, Switch
from ui.remembered import Remembered
from ui.selection_look import Cover
from ui.theme import ThemeWish
from ui.workshop import Workshop

_NEW = Settings()
_PERCENT = Number(0, 100, " %")
_SIZE = Number(1, 2000, " px")


def preferences(shop: Workshop, doors: Doors, set_keys: Callable[[KeyMap], object]) -> list[Page]:
    """Return every page, in order. `set_keys` lets other keys run the actions."""
    return [
        Page(tr("Window"), _window_rows(shop, doors)),
        Page(tr("Selection look"), _look_rows(shop.remembered)),
        Page(tr("Cutting out"), _cutting_rows(shop)),
        Page(tr("Brushes and wand"), _brush_rows(shop)),
        Page(tr("Models"), _model_rows(shop.model_flow), ("models",)),
        Page(tr("Files"), _file_rows(shop.remembered)),
        Page(tr("Keys"), (_key_row(shop.remembered, set_keys),), ("shortcuts",)),
    ]


def _row(
    name: str,
    kind: Choice | Switch | Number,
    current: Callable[[], Any],
    choose: Callable[[Any], object],
    default: object,
    tip: str = "",
    is_open: Callable[[], bool] | None = None,
) -> Preference:
    row = Preference(name, kind, current, choose, partial(choose, default), tip)
    return row if is_open is None else replace(row, is_open=is_open)


def _setting(
    remembered: Remembered,
    setting: str,
    name: str,
    kind: Choice | Switch | Number,
    tip: str = "",
    is_open: Callable[[], bool] | None = None,
) -> Preference:
    """Return the row of a setting that everybody reads where it is remembered."""
    return _row(
        name,
        kind,
        lambda: getattr(remembered.settings, setting),
        lambda value: remembered.change(**{setting: value}),
        getattr(_NEW, setting),
        tip,
        is_open,
    )


def _window_rows(shop: Workshop, doors: Doors) -> tuple[Preference, ...]:
    kept, theme = partial(_setting, shop.remembered), shop.theme

    def spoken() -> Choices:
        return {"system": (tr("As the system"), "")} | {code: (name, "") for code, name in languages().items()}

    return (
        _row(tr("Colours"), Choice(lambda: _THEMES), lambda: theme.wish, doors.set_theme, ThemeWish.SYSTEM),
        kept("language", tr("Language, from the next start on"), Choice(spoken)),
        kept("has_rulers", tr("Rulers"), Switch(), tr("Count the photo's pixels along the top and the left")),
        kept("has_minimap", tr("Minimap"), Switch(), tr("A small overview while the photo is larger than the view")),
        kept("has_photo_strip", tr("Photo strip"), Switch(), tr("The photos of the folder, or those opened together")),
        _row(tr("Side panels"), Switch(), doors.are_panels_shown, doors.show_panels, _NEW.is_panel_visible),
    )


def _look_rows(remembered: Remembered) -> tuple[Preference, ...]:
    kept = partial(_setting, remembered)

    def has_cover() -> bool:
        return Cover(remembered.settings.overlay) is not Cover.NONE

    def colors() -> Choices:
        now = remembered.settings.overlay_color
        named = {color: (name, "") for color, name in COLORS.items()}
        return named if now in named else named | {now: (tr("Another colour ({color})", color=now), "")}

    return (
        kept(
            "overlay", tr("Overlay"), Choice(lambda: _COVERS), tr("What lies over the photo to show what is selected")
        ),
        kept("is_overlay_on_selected", tr("Overlay lies over"), Choice(lambda: _PARTS), is_open=has_cover),
        kept(
            *("overlay_color", tr("Colour of the overlay"), Choice(colors)),
            tip=tr("Any other colour: View, Selection Look"),
            is_open=has_cover,
        ),
        _row(
            *(tr("Opacity of the overlay"), _PERCENT),
            lambda: round(100 * remembered.settings.overlay_opacity),
            lambda percent: remembered.change(overlay_opacity=percent / 100),
            round(100 * _NEW.overlay_opacity),
            tr("How much of the photo the overlay hides"),
            has_cover,
        ),
        kept(
            *("has_ants", tr("Marching ants"), Switch()),
            tip=tr("A line of moving pieces around what is selected; always there without an overlay"),
            is_open=has_cover,
        ),
    )


def _cutting_rows(shop: Workshop) -> tuple[Preference, ...]:
    flow, ghost, strict = shop.model_flow, shop.ghost, Strictness()

    def be_strict(**percent: int) -> None:
        flow.set_strictness(replace(flow.strictness, **{name: value / 100 for name, value in percent.items()}))

    return (
        _row(tr("Edge of new selections"), Choice(lambda: _EDGES), lambda: flow.edge, flow.set_edge, Edge(_NEW.edge)),
        _setting(
            *(shop.remembered, "is_edge_detailed", tr("Look closer after a commit"), Switch()),
            tip=tr("SAM models look at the outline again, at a higher zoom, if they take at most 1.5 s for a photo"),
        ),
        _row(
            *(tr("Show what a click would find"), Switch(), lambda: ghost.is_on, ghost.set_on, _NEW.is_ghost_shown),
            tr("Under the pointer, before the click, where the model is quick enough"),
        ),
        _row(
            *(tr("Words: lowest score"), Number(1, 100, " %")),
            lambda: round(100 * shop.session.threshold),
            lambda percent: flow.set_threshold(percent / 100),
            round(100 * _NEW.threshold),
            tr("What is found with words and scores less is not shown"),
        ),
        _row(
            *(tr("FastSAM: how sure"), _PERCENT),
            lambda: round(100 * flow.strictness.confidence),
            lambda percent: be_strict(confidence=percent),
            round(100 * strict.confidence),
            tr("How sure a model that finds every object in one pass must be of an object"),
        ),
        _row(
            *(tr("FastSAM: overlap"), _PERCENT),
            lambda: round(100 * flow.strictness.overlap),
            lambda percent: be_strict(overlap=percent),
            round(100 * strict.overlap),
            tr("Two objects that overlap by more than this count as one"),
        ),
    )


def _brush_rows(shop: Workshop) -> tuple[Preference, ...]:
    brush, wand, new = shop.brush, shop.wand, Wand()

    def set_wand(**values: object) -> None:
        wand.set_wand(replace(wand.wand, **values))  # type: ignore[arg-type]

    return (
        _row(tr("Brush size"), _SIZE, lambda: round(brush.size), brush.set_size, _NEW.brush_size),
        _row(
            *(tr("Brush hardness"), _PERCENT),
            lambda: round(100 * brush.hardness),
            lambda percent: brush.set_hardness(percent / 100),
            round(100 * _NEW.brush_hardness),
            tr("How much of the brush is painted in full"),
        ),
        _row(
            *(tr("Brush opacity"), Number(1, 100, " %")),
            lambda: round(100 * brush.opacity),
            lambda percent: brush.set_opacity(percent / 100),
            round(100 * _NEW.brush_opacity),
            tr("How much one stroke adds or takes"),
        ),
        _row(
            *(tr("Pen pressure"), Switch(), lambda: brush.has_pressure, brush.set_pressure, _NEW.has_brush_pressure),
            tr("The harder a pen is pressed, the wider it paints, up to the size"),
        ),
        _row(tr("Scribble size"), _SIZE, lambda: round(shop.scribble.size), shop.scribble.set_size, _NEW.scribble_size),
        _row(tr("Hair brush size"), _SIZE, lambda: round(shop.hair.size), shop.hair.set_size, _NEW.hair_size),
        _row(
            *(tr("Wand tolerance"), Number(0, 255, "")),
            lambda: wand.wand.tolerance,
            lambda tolerance: set_wand(tolerance=tolerance),
            new.tolerance,
            tr("How far a colour may be from the one that is clicked"),
        ),
        _row(
            *(tr("Wand looks"), Choice(lambda: _REACHES)),
            lambda: wand.wand.reach,
            lambda reach: set_wand(reach=reach),
            new.reach,
        ),
        _row(
            *(tr("Smooth edge of the wand"), Switch()),
            lambda: wand.wand.is_smooth,
            lambda is_smooth: set_wand(is_smooth=is_smooth),
            new.is_smooth,
        ),
    )


def _model_rows(flow: ModelFlow) -> tuple[Preference, ...]:
    def model(name: str, task: Task, current: Callable[[], object]) -> Preference:
        restore = partial(flow.choose_best, task)
        return Preference(name, Choice(lambda: _offers(flow, task)), current, flow.choose_model, restore)

    def devices() -> Choices:
        return {device: (text, "") for device, text in devices_here(known_facts(), flow.device).items()}

    return (
        model(tr("For clicks and boxes"), Task.SEGMENT, lambda: flow.model),
        model(tr("For words"), Task.DETECT, lambda: flow.detector),
        _row(tr("Run on"), Choice(devices), lambda: flow.device, flow.choose_device, Device.AUTO),
        _row(
            *(tr("Precision"), Choice(lambda: precisions_here(flow.device))),
            lambda: shown_precision(flow.device, flow.precision),
            flow.choose_precision,
            Precision.AUTO,
        ),
        _row(
            *(tr("Prepared photos on disk"), Choice(lambda: KEPT)),
            lambda: nearest_kept(flow.kept_mb),
            flow.keep_prepared,
            _NEW.embedding_cache_mb,
        ),
    )


def _offers(flow: ModelFlow, task: Task) -> Choices:
    offers = flow.offered(task)
    rows: dict[object, tuple[str, str]] = {} if any(each.is_ready for each in offers) else {"": (tr("None yet"), "")}
    return rows | {each.spec.name: (offer_text(each), tr(each.spec.summary)) for each in offers}


def _file_rows(remembered: Remembered) -> tuple[Preference, ...]:
    kept = partial(_setting, remembered)
    return (
        kept(
            *("is_autosaved", tr("Keep unsaved work"), Switch()),
            tip=tr("For the case of a crash: it is offered at the next start. Switched off, what was kept is removed"),
        ),
        _row(
            *(tr("Keep it at least"), Choice(lambda: _PAUSES)),
            lambda: min(_PAUSES, key=lambda each: abs(each - remembered.settings.autosave_seconds)),
            lambda seconds: remembered.change(autosave_seconds=seconds),
            _NEW.autosave_seconds,
            tr("After a commit it is kept at once"),
            lambda: remembered.settings.is_autosaved,
        ),
        kept("is_export_trimmed", tr("Trim exported cutouts to the object"), Switch()),
        kept(
            *("is_recipe_exported", tr("Save the recipe beside the cutout"), Switch()),
            tip=tr("To do the same again with “clickcut cut --recipe”"),
        ),
    )


def _key_row(remembered: Remembered, set_keys: Callable[[KeyMap], object]) -> Preference:
    def current() -> str:
        now = KeyMap(ACTIONS, remembered.settings.keys)
        return next((name for name in PRESETS if KeyMap.of_preset(ACTIONS, name).changes == now.changes), _OWN)

    def choices() -> Choices:
        names = {name: (name, _moved_by(name)) for name in PRESETS}
        return names | {_OWN: (tr("Your own"), "")} if current() == _OWN else names

    def choose(name: str) -> None:
        if name != _OWN:
            set_keys(KeyMap.of_preset(ACTIONS, name))

    return _row(tr("Keys as in"), Choice(choices), current, choose, next(iter(PRESETS)))


def _moved_by(preset: str) -> str:
    moved = displaced_words(KeyMap(ACTIONS), KeyMap.of_preset(ACTIONS, preset))
    return tr("Commands that move to other keys: {commands}", commands=moved) if moved else ""


_OWN = ""
_THEMES = {
    ThemeWish.SYSTEM: (tr("As the system"), tr("Light or dark as the desktop says")),
    ThemeWish.LIGHT: (tr("Light"), ""),
    ThemeWish.DARK: (tr("Dark"), ""),
}
_COVERS = {
    Cover.NONE.value: (tr("None"), tr("The outline alone shows what is selected")),
    Cover.COLOUR.value: (tr("Colour"), tr("An even colour lies over the photo")),
    Cover.HATCH.value: (tr("Hatch"), tr("Diagonal stripes; they need no colour vision")),
}
_PARTS = {False: (tr("What is not selected"), ""), True: (tr("What is selected"), "")}
_EDGES = {
    Edge.HARD: (tr("Hard"), tr("Every pixel belongs or does not")),
    Edge.SOFT: (tr("Soft"), tr("A smooth outline; right for most things")),
    Edge.MATTE: (tr("Matte"), tr("Finds hair and fur; takes a moment longer")),
}
_REACHES = {
    Reach.CONNECTED: (tr("Only connected parts"), tr("Only what hangs together with the place that is clicked")),
    Reach.EVERYWHERE: (tr("Everywhere"), tr("What has the colour anywhere in the picture")),
}
_PAUSES = {
    15: (tr("every 15 seconds"), ""),
    30: (tr("every 30 seconds"), ""),
    60: (tr("every minute"), ""),
    120: (tr("every 2 minutes"), ""),
    300: (tr("every 5 minutes"), ""),
    600: (tr("every 10 minutes"), ""),
}
