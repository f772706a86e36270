"""The places of a visit, a file a place or a small family of places. All pure.

`stage.py` says what a place is, `visit.py` what the kiosk knows while somebody is there.
"""
