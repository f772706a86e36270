"""Data sets: fetched, split, written down. Knows files and the network, no torch."""
