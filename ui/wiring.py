"""Which part of the window hears of which: connections that need nobody in between."""

from ui.live_flow import LiveFlow
from ui.window_parts import WindowParts
from ui.workshop import Workshop


def connect_parts(shop: Workshop, parts: WindowParts) -> None:
    """Connect the window's parts with one another and with what works behind them."""
    parts.status.cancelled.connect(shop.cancel)
    shop.editor.reframed.connect(lambda: parts.status.show_document(shop.editor.document, shop.file_flow.place))
    parts.canvas.pointer_moved.connect(parts.status.show_position)
    parts.canvas.zoom_changed.connect(parts.status.show_zoom)
    parts.toolbox.changed.connect(lambda: parts.options_bar.show_tool(parts.toolbox.tool.id))
    for tool in (parts.brush_tool, parts.eraser_tool):
        tool.swap_requested.connect(parts.toolbox.take)
    parts.selection_panel.reshape_panel.left.connect(parts.canvas.setFocus)
    parts.options_bar.edge_chosen.connect(shop.model_flow.choose_edge)
    parts.text_field.asked.connect(parts.message_bar.clear)
    parts.text_field.asked.connect(parts.toolbox.take_pointing)
    shop.subject_flow.background_wanted.connect(parts.doors.show_background)
    shop.live_flow.opened.connect(parts.toolbox.take_pointing)
    shop.live_flow.opened.connect(parts.canvas.setFocus)
    shop.live_flow.models_wanted.connect(parts.doors.show_models)
    parts.layers_panel.list.deletion_wanted.connect(parts.actions["layer-delete"].trigger)
    parts.layers_panel.double_clicked.connect(lambda layer_id: open_or_rename(shop.live_flow, parts, layer_id))
    shop.subject_flow.correcting.connect(parts.toolbox.take_pointing)
    parts.text_field.asked.connect(shop.model_flow.ask_text)
    parts.text_field.refused.connect(shop.session.failed)
    parts.find_bar.threshold_wanted.connect(parts.text_field.set_threshold)
    parts.text_field.left.connect(parts.canvas.setFocus)
    parts.text_field.threshold_changed.connect(shop.model_flow.set_threshold)
    parts.welcome.recent_chosen.connect(lambda path: shop.file_flow.open_files([path]))
    parts.welcome.sample_wanted.connect(shop.file_flow.open_sample)


def open_or_rename(live: LiveFlow, parts: WindowParts, layer_id: str) -> None:
    """Open the prompt of a layer again; where none is known, let the layer be renamed."""
    if live.can_open(layer_id):
        live.open(layer_id)
    else:
        parts.layers_panel.rename()
