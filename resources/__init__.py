"""Data that ships with Clickcut: icons, the style sheet, the model list."""
