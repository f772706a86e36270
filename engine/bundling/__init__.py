"""Bundles on the move: exported, imported, fetched from a hub, removed. No torch at import."""
