"""The collection out again: an archive that any kiosk can read, and copies for a bad day."""
