"""Windows over the window: each asks one thing, and none stops the program while it waits."""
