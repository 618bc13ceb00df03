"""Every widget of the window and the actions that work on them, made but not yet placed."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QMainWindow, QWidget

from core.reshaping import Reshape
from ui.action_set import ActionSet
from ui.action_spec import Parts
from ui.actions import ACTIONS
from ui.candidate_pictures import CandidatePictures
from ui.candidate_ring import CandidateRing
from ui.canvas import Canvas
from ui.canvas_place import CanvasPlace
from ui.doors import WindowDoors
from ui.edge_colours import EdgeColours
from ui.edge_detail import WORDS as LOOKING_CLOSER
from ui.edge_inspector import WORDS as INSPECTING
from ui.edge_inspector import EdgeInspector
from ui.edge_trial import WORDS
from ui.held_objects import HeldObjects
from ui.key_map import KeyMap
from ui.keyboard_cursor import KeyboardCursor
from ui.keyboard_return import KeyboardReturn
from ui.menus import LAYER_MENU, LINE, RecentMenu, fill
from ui.model_words import installed_words
from ui.panels.brush_options import BrushOptions
from ui.panels.candidate_strip import CandidateStrip
from ui.panels.crop_options import CropOptions
from ui.panels.edge_panel import EdgePanel
from ui.panels.everything_options import EverythingOptions
from ui.panels.find_bar import FindBar
from ui.panels.header import Header
from ui.panels.layers_panel import LayersPanel
from ui.panels.look_button import LookButton
from ui.panels.message_bar import MessageBar
from ui.panels.model_chip import ModelChip
from ui.panels.options_bar import OptionsBar
from ui.panels.photo_strip import PhotoStrip
from ui.panels.pointing_options import PointingOptions
from ui.panels.selection_panel import SelectionPanel
from ui.panels.size_options import SizeOptions
from ui.panels.strictness_options import StrictnessOptions
from ui.panels.target_chip import TargetChip
from ui.panels.text_field import TextField
from ui.panels.tool_bar import ToolBar
from ui.panels.wand_options import WandOptions
from ui.panels.welcome import Welcome
from ui.pixel_reading import PixelReading
from ui.status_bar import StatusBar
from ui.toolbox import Toolbox
from ui.tools.box_tool import BoxTool
from ui.tools.brush_tool import BrushTool
from ui.tools.crop_tool import CropTool
from ui.tools.everything_tool import EverythingTool
from ui.tools.hair_tool import HairTool
from ui.tools.hand_tool import HandTool
from ui.tools.lasso_tool import LassoTool
from ui.tools.move_tool import MoveTool
from ui.tools.object_tool import ObjectTool
from ui.tools.polygon_tool import PolygonTool
from ui.tools.scribble_tool import ScribbleTool
from ui.tools.wand_tool import WandTool
from ui.workshop import Workshop


class WindowParts:
    """Made in the order in which one needs the other: canvas and tools, actions, bars and panels."""

    def __init__(self, window: QMainWindow, workshop: Workshop) -> None:
        self._window = window
        self._workshop = workshop
        self._make_middle()
        self._make_actions()
        self._make_bars()
        self._make_panels()

    def _make_middle(self) -> None:
        shop = self._workshop
        self.canvas = Canvas(shop.editor, shop.session)
        self.edge_colours = EdgeColours(self._window)
        self.canvas.set_edge_colours(self.edge_colours)
        self.canvas_place = CanvasPlace(self.canvas, shop.remembered)
        self._pictures = CandidatePictures(shop.editor, self._window)
        self.held = HeldObjects(self.canvas, shop.editor, shop.objects, shop.ghost)
        self.ring = CandidateRing(self.canvas, shop.session, self._pictures)
        self.brush_tool = BrushTool(shop.editor, shop.session, False, shop.brush, self._window)
        self.eraser_tool = BrushTool(shop.editor, shop.session, True, shop.brush, self._window)
        pointing = (
            ObjectTool(shop.editor, shop.session, self._window, shop.ghost),
            BoxTool(shop.editor, shop.session, self._window),
        )
        scribble = ScribbleTool(shop.editor, shop.session, shop.scribble, self._window)
        everything = EverythingTool(shop.editor, shop.session, shop.objects, self._window)
        hair = HairTool(shop.editor, shop.session, shop.hair, self._window)
        lasso = LassoTool(shop.editor, shop.session, self._window)
        polygon = PolygonTool(shop.editor, shop.session, self._window)
        wand = WandTool(shop.editor, shop.session, shop.wand, self._window)
        crop = CropTool(shop.crop, shop.session, self._window)
        painting = self.brush_tool, self.eraser_tool, hair, lasso, polygon, wand
        tools = (
            *pointing,
            scribble,
            everything,
            *painting,
            MoveTool(shop.editor, self._window),
            crop,
            HandTool(self._window),
        )
        self.toolbox = Toolbox(tools, self.canvas, self._window)
        shop.undo.hand = self.toolbox
        self.toolbox.parts_changed.connect(shop.undo.changed)
        self.keyboard = KeyboardCursor(self.canvas, shop.session)
        self.keyboard_return = KeyboardReturn(self.canvas)
        self.toolbox.key_hint = self.keyboard.hint
        self.toolbox.changed.connect(self.keyboard.hide)
        shop.editor.document_replaced.connect(self.keyboard.hide)
        for tool in (everything, crop):
            tool.left.connect(lambda: self.toolbox.take("object"))
        shop.editor.reframed.connect(self.keyboard.hide)
        self.side = QWidget()
        self.side.setObjectName("sidePanel")
        self.side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def _make_actions(self) -> None:
        shop = self._workshop
        self.inspector = EdgeInspector(shop.editor, self.canvas, self._window)
        self.doors = WindowDoors(self._window, shop, self.side)
        flows = shop.file_flow, shop.after_commit, shop.object_flow
        parts = Parts(
            *(shop.editor, shop.session, shop.undo, shop.reshaper, self.canvas),
            self.toolbox,
            *flows,
            shop.ghost,
            shop.theme,
            self.doors,
            self.inspector,
            shop.live_flow,
        )
        keys = KeyMap(ACTIONS, shop.remembered.settings.keys)
        self.actions = self.doors.actions = ActionSet(keys.resolved(), parts, self._window)
        self.recent = RecentMenu(shop.remembered, lambda path: shop.file_flow.open_files([path]), self._window)
        shop.ghost.option_changed.connect(self._show_ghost_option)
        self._show_ghost_option()
        fill(self._window.menuBar(), self.actions, self.recent.menu)

    def _make_bars(self) -> None:
        shop, act = self._workshop, self.actions
        self.text_field = self.doors.text_field = TextField(shop.session, shop.theme)
        self.chip = ModelChip(shop.session, shop.model_flow, shop.theme)
        self.chip.manage_wanted.connect(self.doors.show_models)
        left, right = (act["open"], act["undo"], act["redo"]), (act["remove-background"], act["export"])
        self.header = Header(left, self.text_field, self.chip, right)
        groups = (
            ("object", "box", "scribble", "everything"),
            ("brush", "eraser", "hair"),
            ("lasso", "polygon", "wand"),
            ("move", "crop", "hand"),
        )
        self.tool_bar = ToolBar([[act[f"tool-{name}"] for name in names] for names in groups])
        self.brush_options = BrushOptions(shop.brush)
        self.scribble_options = SizeOptions(shop.scribble)
        self.hair_options = SizeOptions(shop.hair)
        self.hair_options.row.addStretch(1)
        self.wand_options = WandOptions(shop.wand, shop.theme)
        self.strip = CandidateStrip(shop.session, self._pictures, shop.theme)
        self.find_bar = FindBar(shop.session, shop.theme)
        offers = self.find_bar, self.strip
        self.everything_options = EverythingOptions(
            shop.objects, shop.model_flow, act["layer-explode"], act["export-objects"]
        )
        self.strictness = StrictnessOptions(shop.session, shop.model_flow)
        self.pointing_options = PointingOptions(shop.session, act["hover-ghost"], self.strictness)
        views = (act["zoom-fit"], act["zoom-actual"], act["zoom-in"], act["zoom-out"])
        pages = {
            "brush": self.brush_options,
            "eraser": self.brush_options,
            "hair": self.hair_options,
            "everything": self.everything_options,
            "wand": self.wand_options,
            "crop": CropOptions(shop.crop),
        }
        self.options_bar = OptionsBar(
            shop.session,
            shop.theme,
            pages,
            self.scribble_options,
            self.pointing_options,
            offers,
            act["prompt-keep"],
            act["prompt-drop"],
            views,
            TargetChip(shop.editor, shop.theme),
        )

    def _show_ghost_option(self) -> None:
        """Let the option say what it does with the model that answers now."""
        action, ghost = self.actions["hover-ghost"], self._workshop.ghost
        action.setChecked(ghost.is_on)
        action.setToolTip(f"{action.iconText()}\n{ghost.option_tip}")

    def _make_panels(self) -> None:
        shop, act = self._workshop, self.actions
        whole = act["select-all"], act["select-none"], act["select-invert"]
        outline = tuple(act[f"select-{kind.value}"] for kind in Reshape)
        self.selection_panel = SelectionPanel(shop.editor, shop.reshaper, whole, outline)
        grounds = tuple(act[f"view-{name}"] for name in ("overlay", "on-black", "on-white", "on-checker"))
        self.edge_panel = EdgePanel(shop.edge_trial, shop.remembered, shop.theme, act["tool-hair"], grounds)
        names = "layer-from-selection layer-masked layer-group mask-add layer-lock layer-duplicate layer-delete"
        buttons = tuple(act[name] for name in names.split())
        menu = tuple(None if name == LINE else act[name] for name in LAYER_MENU)
        self.layers_panel = self.doors.layers_panel = LayersPanel(shop.editor, shop.theme, buttons, menu)
        self.message_bar = MessageBar(shop.theme)
        installed = partial(installed_words, shop.model_flow.offered)
        self.welcome = Welcome(shop.remembered, shop.theme, act["open"], act["paste"], act["models"], installed)
        for news in (shop.downloads.finished, shop.care.removed):
            news.connect(self.welcome.refresh)
        self.photo_strip = PhotoStrip(shop.file_flow, shop.thumbnails, shop.remembered, shop.theme)
        self.photo_strip.chosen.connect(lambda path: shop.file_flow.open_files([path]))
        self.status = StatusBar(shop.theme)
        self.look_button = self.doors.look_button = LookButton(self.canvas, shop.remembered, shop.theme, act["look"])
        self.status.add_button(self.look_button)
        self.pixel_reading = PixelReading(shop.editor, self.canvas, self._window)
        self.pixel_reading.changed.connect(self.status.show_pixel)
        self.canvas.marks_changed.connect(lambda: self.status.show_box(self.canvas.shown_box))
        shop.downloads.moved.connect(self.status.show_busy)
        self.inspector.busy_changed.connect(partial(self.status.show_busy, INSPECTING))
        self.inspector.said.connect(self.message_bar.show_message)
        edge = partial(self.status.show_busy, WORDS)
        shop.edge_trial.busy_changed.connect(lambda is_busy: edge(is_busy, 0.0 if is_busy else None))
        shop.edge_trial.progressed.connect(lambda done: edge(True, done))
        detail = partial(self.status.show_busy, LOOKING_CLOSER)
        shop.edge_detail.busy_changed.connect(lambda is_busy: detail(is_busy, 0.0 if is_busy else None))
        shop.edge_detail.progressed.connect(lambda done: detail(True, done))
        shop.edge_trial.failed.connect(shop.editor.failed)


def laid_over(bar: QWidget, below: QWidget) -> QWidget:
    """Return both in one place, the bar along the top: a photo would jump if a message made room for itself."""
    both = QWidget()
    layout = QGridLayout(both)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(below, 0, 0)
    layout.addWidget(bar, 0, 0, Qt.AlignmentFlag.AlignTop)
    return both
