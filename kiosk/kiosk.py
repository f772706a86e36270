"""One kiosk at work: what happens becomes events for the session, and its actions are carried out.

1. Keys, clicks, speech, finished work, the camera, the headset and the clock become events, all on
   the GUI thread, one after the other: what happens while an event is dealt with waits its turn.
2. The session's actions are carried out in order: said, shown, sought.
3. Store and model are loaded by the worker; the first screen and the first word wait for neither.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from kiosk.camera.camera_visit import CameraVisit
from kiosk.controls import Control
from kiosk.events import (
    Action,
    Apply,
    CloseCamera,
    Dialled,
    Event,
    Focused,
    HeadsetPlugged,
    HeadsetPulled,
    KeyPressed,
    LineStarted,
    ListenForKeys,
    OpenCamera,
    OtherKey,
    ParagraphStarted,
    PauseSpeech,
    Picked,
    Reset,
    ResumeSpeech,
    Say,
    SayFrom,
    Search,
    SearchPicture,
    Show,
    SpeechFinished,
    Started,
    StopSpeech,
    TakePicture,
    Tick,
    UnknownKey,
    UseProfile,
    VoicesKnown,
)
from kiosk.keys.switches import Switches
from kiosk.narration import Narration
from kiosk.ports import Matcher, Voice
from kiosk.preferences import Preferences, VoiceChoice
from kiosk.screen_reader import announce
from kiosk.searches import Searches
from kiosk.session import Session
from kiosk.speaking import ReaderShare, Relay
from kiosk.speech.headset import HeadsetWatch
from kiosk.speech.speaker import SpeechEvent, SpeechEventKind
from kiosk.tasks import Tasks
from kiosk.ui.window import KioskWindow

if TYPE_CHECKING:
    from kiosk.camera.eye import CameraEye
    from kiosk.controls import ControlProfile
    from kiosk.keys.keypad import KeypadReader

TICK_MS = 500  # how often the session is told that time passes
QUIET_S = 15.0  # without a key and without a word, until works are ranked ahead

_log = logging.getLogger(__name__)


class Kiosk(QObject):
    """The session, and what carries out its actions."""

    done = Signal(object)  # an Action, after it was carried out

    def __init__(
        self,
        *,
        session: Session,
        window: KioskWindow,
        voice: Voice,
        relay: Relay,
        tasks: Tasks,
        make_matcher: Callable[[], Matcher],
        reader: ReaderShare | None = None,
        defaults: Preferences | None = None,
        list_voices: Callable[[], Sequence[VoiceChoice]] | None = None,
        headset: HeadsetWatch | None = None,
        eye: CameraEye | None = None,
        keypad: KeypadReader | None = None,
        keep_profile: Callable[[ControlProfile], None] | None = None,
        scan_seconds: float = 2.0,
    ) -> None:
        """Without a `reader` the kiosk's own voice says everything.

        `defaults` is what each visit begins with; `list_voices` is asked once, on a thread of its
        own; `keep_profile` remembers what keys mean for the next start; `scan_seconds` is how long
        each control is offered to a single switch.
        """
        super().__init__()
        self._reader = reader
        self.session = session
        self.window = window
        self._voice = voice
        self._tasks = tasks
        self._quick = Tasks()
        self._defaults = defaults or Preferences()
        self._list_voices = list_voices
        self._headset = headset
        self._keep_profile = keep_profile
        self._searches = Searches(make_matcher, tasks, self._quick, self.handle)
        self._camera = CameraVisit(eye, self.handle)
        self._switches = Switches(self.handle, window.ring, scan_seconds)
        self._keypad = keypad
        self._narrations: dict[str, Narration] = {}  # asked for, and not yet heard to their end
        self._waiting: deque[Event] = deque()
        self._busy = False
        self._clock = self._touched = monotonic()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        window.pressed.connect(lambda control: self.handle(KeyPressed(control)))
        window.dialled.connect(lambda digit: self.handle(Dialled(digit)))
        window.picked.connect(lambda position: self.handle(Picked(position)))
        window.focused.connect(lambda name: self.handle(Focused(name)))
        window.other_key.connect(lambda: self.handle(OtherKey()))
        window.heard_key.connect(lambda code: self.handle(UnknownKey(code)))
        window.switched.connect(self._switched)
        if keypad is not None:
            keypad.key.connect(window.device_key)
        if eye is not None:
            eye.frame.connect(window.show_frame)
        relay.heard.connect(self._heard, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Say and show the welcome, then let the worker fetch store and model."""
        self.handle(Started())
        self._clock = monotonic()
        self._timer.start()
        self._searches.open()
        if self._keypad is not None:
            self._keypad.start()
        if self._list_voices is not None:
            self._quick.run_task(self._list_voices, self._voices_known, self._no_voices)

    def close(self) -> None:
        """Fall silent and let go of everything."""
        self._timer.stop()
        if self._keypad is not None:
            self._keypad.close()
        self._camera.forget()
        self._voice.close()
        self._quick.close()
        self._tasks.close()

    def handle(self, event: Event) -> None:
        """Tell the session, and do what it asks for; after the event that is dealt with, if any."""
        if isinstance(event, KeyPressed | Dialled | Picked | Focused | OtherKey | UnknownKey):
            self._touched = monotonic()
        self._waiting.append(event)
        if self._busy:
            return
        self._busy = True
        try:
            while self._waiting:
                for action in self.session.handle(self._waiting.popleft()):
                    self._do(action)
                    self.done.emit(action)
        finally:
            self._busy = False

    def _do(self, action: Action) -> None:
        match action:
            case Say(narration):
                self._say(narration, 0)
            case SayFrom(narration, first):
                self._say(narration, first)
            case StopSpeech():
                self._narrations.clear()
                self._voice.stop()
            case PauseSpeech():
                self._voice.pause()
            case ResumeSpeech():
                self._voice.resume()
            case Show(screen):
                self.window.show_screen(screen)
                self._switches.shown(screen)
            case Search():
                self._searches.search(action)
            case SearchPicture():
                self._search_picture(action)
            case OpenCamera() | TakePicture() | CloseCamera():
                self._camera.do(action)
            case Apply(preferences):
                self._apply(preferences)
            case UseProfile(profile, kept):
                self.window.set_profile(profile)
                if kept and self._keep_profile is not None:
                    self._keep_profile(profile)
            case ListenForKeys(on):
                self.window.listen_for_keys(on)
            case Reset():
                self._reset()

    def _say(self, narration: Narration, first: int) -> None:
        if self._reader is not None:
            self._reader.lookout.look()
        self._narrations[narration.id] = narration
        self._voice.say(narration, first)

    def _apply(self, preferences: Preferences) -> None:
        self._voice.prefer(preferences)
        self._dress(preferences)

    def _dress(self, preferences: Preferences) -> None:
        self.window.set_appearance(
            preferences.contrast, preferences.text_size, preferences.language
        )

    def _search_picture(self, search: SearchPicture) -> None:
        picture = self._camera.picture
        if picture is not None:
            self._searches.search_picture(search, picture)
        else:
            self._camera.complain(search.visit_id)

    def _reset(self) -> None:
        """Nothing of the last visitor is left: no search, no picture, no pace, no colours."""
        self._searches.forget()
        self._camera.forget()
        self._voice.reset()
        self._dress(self._defaults)
        self._switches.reset()
        self.window.listen_for_keys(False)

    def _switched(self, switch: Control) -> None:
        self._switches.press(switch, alone=self.window.profile.switches == 1)

    # --- voices, speech, headset and time -----------------------------------------------------

    def _voices_known(self, voices: Sequence[VoiceChoice]) -> None:
        self.handle(VoicesKnown(tuple(voices)))

    def _no_voices(self, problem: Exception) -> None:
        _log.warning("the voices cannot be listed: %s", problem)

    def _heard(self, event: SpeechEvent) -> None:
        narration = self._narrations.get(event.narration_id)
        match event.kind:
            case SpeechEventKind.STARTED if narration is not None:
                self._segment_started(narration, event.segment_id)
            case SpeechEventKind.DONE | SpeechEventKind.CANCELLED:
                self._narrations.pop(event.narration_id, None)
                self.handle(SpeechFinished(event.narration_id))
            case SpeechEventKind.PROBLEM:
                _log.warning("%s", event.sentence)

    def _segment_started(self, narration: Narration, segment_id: str | None) -> None:
        """Tell the session which part is heard, and hand to a screen reader what is its part."""
        for index, segment in enumerate(narration.segments):
            if segment.id != segment_id:
                continue
            if self._reader is not None and self._reader.speaks(segment.kind):
                announce(self.window, segment.text)
            if segment.line is not None:
                self.handle(LineStarted(narration.id, segment.line))
            else:
                self.handle(ParagraphStarted(narration.id, index))

    def _tick(self) -> None:
        now = monotonic()
        passed, self._clock = now - self._clock, now
        news = None if self._headset is None else self._headset.look()
        if news is not None:
            self._touched = now
            self.handle(HeadsetPlugged() if news else HeadsetPulled())
        self.handle(Tick(passed))
        if self._is_quiet():
            self._searches.rank_ahead(self._is_quiet)

    def _is_quiet(self) -> bool:
        """Whether nobody seems to be there; may be asked on any thread."""
        return not self._narrations and monotonic() - self._touched > QUIET_S
