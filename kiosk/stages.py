"""The places of a visit by name, for those who ask where somebody is (`Session.stage`)."""

from kiosk.visit.camera import Looking
from kiosk.visit.choosing import Choosing, Waiting
from kiosk.visit.dial import Dialling
from kiosk.visit.groups import Grouping
from kiosk.visit.helping import Helping
from kiosk.visit.learning import Learning
from kiosk.visit.place_menu import PlaceMenu
from kiosk.visit.poem_menu import PoemMenu
from kiosk.visit.reading import Reading
from kiosk.visit.seeking import Seeking
from kiosk.visit.settings import Adjusting, ForStaff, SettingsMenu
from kiosk.visit.spelling import Spelling
from kiosk.visit.stage import Stage
from kiosk.visit.stuck import Stuck
from kiosk.visit.telling import About, AboutPoem, Why
from kiosk.visit.trying import Trying
from kiosk.visit.welcoming import Languages, Ways, Welcoming
from kiosk.visit.zooming import Zooming

__all__ = [
    "About",
    "AboutPoem",
    "Adjusting",
    "Choosing",
    "Dialling",
    "ForStaff",
    "Grouping",
    "Helping",
    "Languages",
    "Learning",
    "Looking",
    "PlaceMenu",
    "PoemMenu",
    "Reading",
    "Seeking",
    "SettingsMenu",
    "Spelling",
    "Stage",
    "Stuck",
    "Trying",
    "Waiting",
    "Ways",
    "Welcoming",
    "Why",
    "Zooming",
]
