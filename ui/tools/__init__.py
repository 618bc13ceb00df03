"""One file a tool: each translates a person's gestures into wishes of the editor or the segment session."""
