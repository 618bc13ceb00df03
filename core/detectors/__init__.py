"""Words to scored boxes."""
