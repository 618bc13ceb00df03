"""Everything Clickcut computes: photos, prompts, segmenters, masks, layers and files.

Nothing in this package imports Qt, prints or exits, so it serves the editor, the terminal and other programs alike.
"""
