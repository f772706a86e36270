"""What is on the screen: one file a screen, a theme, widgets. Thin; knows only `kiosk.screens`."""
