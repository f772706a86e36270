"""Run with Debian's Python: answers "tree" and "focus" with what the registry knows, as JSON."""

import json
import sys

import pyatspi

DEPTH = 12
STATES = {
    pyatspi.STATE_FOCUSED: "focused",
    pyatspi.STATE_FOCUSABLE: "focusable",
    pyatspi.STATE_SHOWING: "showing",
}


def kiosk():
    """The kiosk's window, or None while it is not there."""
    desktop = pyatspi.Registry.getDesktop(0)
    for application in desktop:
        for window in application or ():
            if window is not None and window.name == "Ekphrasis":
                return window
    return None


def told(node):
    """One node, and what is shown below it."""
    states = node.getState()
    named = [name for state, name in STATES.items() if states.contains(state)]
    try:
        box = node.queryComponent().getExtents(pyatspi.WINDOW_COORDS)
        place = [box.x, box.y, box.width, box.height]
    except NotImplementedError:
        place = None
    return {
        "role": node.getRoleName(),
        "name": node.name,
        "description": node.description,
        "states": named,
        "place": place,
    }


def tree(node, depth=0):
    """All that is shown, each before what it holds."""
    found = told(node)
    if depth and "showing" not in found["states"]:
        return None
    below = [tree(child, depth + 1) for child in node if child is not None] if depth < DEPTH else []
    found["below"] = [child for child in below if child is not None]
    return found


def focused(node, depth=0):
    """The innermost control with the focus. Qt calls the chosen item of a list focused even when
    the list has no focus, so that items are passed over."""
    for child in node if node.getRole() != pyatspi.ROLE_LIST else ():
        if child is not None and child.getState().contains(pyatspi.STATE_SHOWING):
            found = focused(child, depth + 1) if depth < DEPTH else None
            if found is not None and found["role"] != "filler":
                return found  # a text's own viewport is a filler, and called focused as well
    return told(node) if node.getState().contains(pyatspi.STATE_FOCUSED) else None


for line in sys.stdin:
    window = kiosk()
    answer = None
    if window is not None:
        try:
            answer = tree(window) if line.strip() == "tree" else focused(window)
        except Exception as problem:  # the window changed while it was looked at: ask again
            answer = {"problem": str(problem)}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
