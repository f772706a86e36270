"""Every word that the kiosk says or shows of itself: one catalogue a language."""
