# The words of the visit in English. Fluent syntax: https://projectfluent.org
# CAP($x): with a capital. END($x): with a full stop, unless it has a stop of its own.

name = Ekphrasis
sentence = { END(CAP($text)) }
ended = { END($text) }
place = { $position } of { $count }

## At the door

attract = Poems for paintings. Press any key.
welcome = Poems for paintings. Press { $select }.
welcome-more = Welcome to { $name }. You choose a painting, and hear poems that answer it. { CAP($next) } tells of other ways to choose. { CAP($help) } says at any time what each key does.
welcome-text = Choose a painting, and hear poems that answer it.
welcome-invitation = Press { $select } to choose a painting
goodbye = This visit is over. Press any key to begin again.
ways = How to choose
way-list = From the list of all paintings
way-number = By the number on the wall label
way-artist = By artist
way-room = What is near me
way-camera = Show a picture to the camera
way-languages = Language
way-settings = Settings

## Languages: each in its own

language-own = English
language-offer = { $language }: { $key }.
language-choice = { $language }. { $place }. Press { $select } to choose English.
languages = Language

## The collection

choose = Choose a painting
artists = Artists
rooms = Where are you?
works-count = { $count ->
    [one] { $count } work
   *[other] { $count } works
}
painting-place = Painting { $position } of { $count }
painting-number = Number { $number }.
label-full = { $title }, by { $artist }, { $date }
label-artist = { $title }, by { $artist }
label-date = { $title }, { $date }
choose-hint = { CAP($next) } and { $previous } move through the list. { CAP($select) } finds poems. Or type the number on the wall label.
one-moment = One moment, please
artworks-coming = The paintings are being fetched. One moment.
still-fetching = Still fetching the paintings.
empty = No paintings yet
empty-staff = Add works with: ekphrasis artworks import FILE. What the file holds is told by: ekphrasis artworks import --help.
no-artworks = There are no paintings here yet. Please ask the staff.

## Numbers

dial = The number on the wall label
dial-opened = The number on the wall label, digit by digit. { $here }
dial-hint = { CAP($next) } and { $previous } turn the digits. { CAP($select) } takes one.
digit = { $digit }
dial-finish = Finished with { $number }.
dial-finish-found = Finished. { $number }: { END($label) }
digit-cleared = Cleared. Left: { $left }.
no-digits = nothing
number-found = { $number }: { END($label) } { CAP($select) } finds poems.
number-shown = Number { $number }
number-begun = { $number }. Go on dialling.
number-unknown = No painting has the number { $number }.
number-span = The labels go from { $first } to { $last }.
number-clear-hint = Press { $key } to clear it.
number-cleared = Number cleared. { $here }

## Searching

searching-heading = Looking for poems
searching = Looking for poems for { END($title) }
engine-loading = The kiosk is still waking up. This takes a moment.
engine-ready = It is awake now. { $here }
still-looking = Still looking.
still-waking = Still waking up.
search-lost = The search does not come to an end. Please choose something else, or ask the staff.
failed = This did not work
trouble = This did not work. Please choose something else, or ask the staff.
trouble-collection = The kiosk cannot reach its collection at the moment. Please ask the staff.
trouble-search = The kiosk cannot look for poems at the moment. Please choose another painting, or ask the staff.
trouble-picture = The picture of this painting cannot be read. Please choose another painting.
trouble-no-camera = There is no camera at this kiosk. Please choose in another way.
trouble-camera = The camera gives no picture at the moment. Please choose in another way, or ask the staff.
trouble-picture-gone = The picture you took is not there any more. Please take another one.
nothing = No poem found
found = { $count ->
    [one] { $count } poem for { END($title) }
   *[other] { $count } poems for { END($title) }
}
none-found = No poem was found for { END($title) } Please choose another painting.
fits-badly = No poem fits this picture well. Here are the nearest.
taken-picture = the picture you took

## Poems

poem-place = Poem { $position } of { $count }
poem-place-for = { $place }, for { $title }
poem-by = by { $poet }
poem-by-extent = { $by }: { $extent }
poem-named = { $place }: { $title }, by { END($poet) }
unknown-poet = an unknown poet
extent-part = a part of the poem
extent-whole = the whole poem
poem-hint-next = { CAP($next) } for the next poem.
poem-hint = { CAP($select) } for a menu: hear it again, slower, about the painting, and more.
poem-hint-short = { CAP($select) } for the menu.
last-line = That was the last line.

## The menu over a poem

poem-menu = Menu
menu-opened = { END($heading) } { $here }
menu-item = { END($label) } { CAP($place) }.
menu-item-detail = { $label }: { $detail }
menu-hint = { CAP($next) } and { $previous } move, { $select } chooses.
menu-go-on = Go on
menu-hear-again = Hear the poem again
menu-repeat-line = Repeat the line
menu-repeat-stanza = Repeat the stanza
menu-whole-poem = The whole poem, from the beginning
menu-slower = Slower
menu-faster = Faster
menu-louder = Louder
menu-softer = Softer
menu-next-line = Next line
menu-previous-line = Previous line
menu-spell = Spell a word of this line
menu-about = About the painting
menu-about-poem = About the poem
menu-why = Why this poem
menu-zoom = Enlarge the picture
menu-home = Back to the beginning
place-menu = What you can do here

changed = { END($what) } { END(CAP($value)) }
slower = Slower
faster = Faster
slowest = This is the slowest
fastest = This is the fastest
louder = Louder
softer = Softer
loudest = This is the loudest
softest = This is the softest
speed-value = { $factor ->
    [1] the usual pace
   *[other] { $factor } times the usual pace
}
volume-value = volume { $percent } percent
volume-percent = { $percent } percent
text-size-value = { $factor ->
    [1] the usual size
   *[other] { $factor } times the usual size
}

spelling = Spell a word
spell-hint = { CAP($next) } and { $previous } go from word to word, { $select } spells.
word-place = word { $position } of { $count }

## About a work, why a poem, the picture enlarged

about-work = About this painting
work-artist = By { END($artist) }
work-date = Date: { END($date) }
work-room = It hangs here: { END($room) }
no-description = Nobody has described this painting yet.
why-poem = Why this poem
about-poem = About this poem
credit-source = Source: { END($source) }
credit-licence = Licence: { END($licence) }
credit-holder = Rights: { END($holder) }
telling-hint = Press { $key } to go back.
zoom-all = All of { $title }
zoom-place = { $row ->
    [top] Top
    [bottom] Bottom
   *[middle] Middle
} { $column ->
    [left] left
    [right] right
   *[middle] middle
}, enlarged { $level } times
zoom-hint = { CAP($select) } comes closer.

## Settings

settings = Settings
setting-language = Language
setting-voice = Voice
setting-speed = Speed
setting-volume = Volume
setting-contrast = Colours of the screen
setting-text-size = Size of the letters
contrast-dark = light on dark
contrast-light = dark on light
contrast-yellow = yellow on black
contrast-calm = calm
for-staff = For staff: the keys
for-staff-heading = The keys of this kiosk
profile-arrows = Arrow keys
profile-keypad = Numeric keypad
profile-f13-f24 = Tactile keypad with the codes F13 to F24
profile-one-switch = One switch
profile-two-switches = Two switches
profile-used = These keys are used from now on. { CAP($back) } goes back, { $help } helps.
keys-tried = Press { $select } to keep these keys. If nothing is pressed, the keys of before come back.
keys-given-back = The keys of before are used again.

learn-keys = Teach the keys of another pad
learn-opened = Each key is asked for in turn. To leave everything as it is, wait. { $here }
learn-ask = Press the key for: { $control }.
learn-ask-optional = Press the key for: { $control }. Or wait, if there is none.
learn-known = { CAP($control) } is known.
learn-taken = This key is taken already, for: { $control }.
learn-taught = { CAP($control) }: { $code }
learn-finished = All keys are known. They are used from now on.
learn-stopped = Nothing was changed.
control-previous = previous
control-next = next
control-select = select
control-back = back
control-help = help
control-louder = louder
control-softer = softer

## The camera

camera = Show a picture to the camera
camera-opening = The camera is being opened. One moment.
camera-ready = The camera is looking. Hold the picture before it, at arm's length, and press { $select }.
camera-taking = Hold still. The picture is being taken.
camera-lost = The camera does not answer. Please choose in another way, or ask the staff.
still-camera = One moment more.
picture-dark = The picture is too dark. Let more light fall on it, and take it again.
picture-bright = The picture is too bright. Turn it away from the light, and take it again.
picture-empty = There is nothing to be seen. Move the picture before the camera, and take it again.

## Help, time, keys

help = What each key does here
help-line = { CAP($key) }: { $does }.
help-digits = Digits: the number on a wall label.
help-leave = { CAP($key) } leaves help.
back-hint = Press { $key } to go back.
other-key = This key does nothing. { CAP($help) } says what each key does here.
idle-heading = Are you still there?
idle-warning = Are you still there? Press any key to stay. Otherwise the kiosk starts afresh in { $seconds } seconds.
still-here = You have more time. { $here }
headset-plugged = The headset is plugged in.
headset-pulled = The headset was pulled out. You hear the loudspeaker now.

about-welcome = You are at the welcome.
about-languages = You are choosing a language.
about-ways = You are choosing how to find a painting.
about-waiting = The paintings are being fetched.
about-choosing = You are in the list of paintings.
about-dialling = You are dialling a number.
about-groups = You are choosing a part of the collection.
about-seeking = Poems are being looked for.
about-reading = You are with the poems for one painting.
about-poem-menu = You are in the menu of a poem, which waits.
about-place-menu = You are in a menu.
about-menu = You are in a menu.
about-spelling = You are choosing a word to be spelled.
about-telling = You are hearing about something.
about-zooming = You are looking at the picture.
about-settings = You are in the settings.
about-adjusting = You are changing a setting. Each value is taken at once.
about-for-staff = You are choosing the keys of this kiosk.
about-trying = New keys are being tried.
about-learning = Keys are being taught.
about-looking = You are before the camera.
about-stuck = The kiosk has a message for you.
about-help = You are in help.

act-help = Help
    .does = what each key does here
act-back = Back
    .does = back
act-stay = Stay
    .does = stay
act-choose-painting = Choose a painting
    .does = choose a painting from the list
act-other-ways = Other ways
    .does = other ways to choose, and settings
act-languages = Language
    .does = another language
act-welcome-again =
    .does = hear the welcome again
act-welcome-again-too =
    .does = hear the welcome again
act-is-it-there = Is it there?
    .does = hear whether the paintings have come
act-painting-before = Previous
    .does = the painting before
act-painting-next = Next
    .does = the next painting
act-find-poems = Find poems
    .does = find poems for this painting
act-clear-number = Clear
    .does = clear the number
act-digit-before = Previous
    .does = the digit before
act-digit-next = Next
    .does = the next digit
act-take-digit = Take it
    .does = take this digit
act-clear-digit = Clear
    .does = clear the last digit
act-how-far = How far?
    .does = hear what is going on
act-stop = Stop
    .does = stop, and go back
act-cancel = Cancel
    .does = leave the camera
act-take-picture = Take it
    .does = take the picture
act-poem-before = Previous
    .does = the poem before
act-poem-next = Next poem
    .does = the next poem
act-poem-menu = Menu
    .does = pause, and a menu: hear it again, slower, spell, about the painting, and more
act-leave-poems = Back
    .does = back to where you chose
act-item-before = Previous
    .does = the item before
act-item-next = Next
    .does = the next item
act-choose = Choose
    .does = choose this
act-word-before = Previous
    .does = the word before
act-word-next = Next
    .does = the next word
act-spell = Spell
    .does = spell this word
act-paragraph-before = Previous
    .does = the paragraph before
act-paragraph-next = Next
    .does = the next paragraph
act-all-again = All again
    .does = hear all of it again
act-part-before = Previous
    .does = the part before
act-part-next = Next
    .does = the next part
act-closer = Closer
    .does = come closer
act-all-of-it = All of it
    .does = see all of it again
act-hear-again = Hear again
    .does = hear the message again
act-back-else = Back
    .does = go back and try something else
act-line-before = Previous
    .does = the line before
act-line-next = Next
    .does = the next line
act-leave-help = Leave help
    .does = leave help
act-leave-help-too =
    .does = leave help, too
act-stop-learning = Stop
    .does = leave everything as it is
act-keep-keys = Keep
    .does = keep these keys
act-give-back = Not these
    .does = take the keys of before
act-louder =
    .does = louder
act-softer =
    .does = softer
act-slower =
    .does = slower
act-faster =
    .does = faster
act-repeat =
    .does = the last line again
act-pause =
    .does = pause, and on again
act-menu =
    .does = what you can do here
act-home =
    .does = back to the welcome

## What keys are called

key-left-arrow = left arrow
key-right-arrow = right arrow
key-enter = Enter
key-escape = Escape
key-backspace = Backspace
key-plus = plus
key-minus = minus
key-page-up = page up
key-page-down = page down
key-home = Home
key-the-point = the point
key-the-slash = the slash
key-the-star = the star
key-the-previous-key = the previous key
key-the-next-key = the next key
key-the-select-key = the select key
key-the-back-key = the back key
key-the-help-key = the help key
key-the-repeat-key = the repeat key
key-the-pause-key = the pause key
key-the-slower-key = the slower key
key-the-faster-key = the faster key
key-the-louder-key = the louder key
key-the-softer-key = the softer key
key-the-volume-up-key = the volume up key
key-the-volume-down-key = the volume down key
key-the-menu-key = the menu key
key-the-switch-at-previous = the switch at “previous”
key-the-switch-at-next = the switch at “next”
key-the-switch-at-select = the switch at “select”
key-the-switch-at-back = the switch at “back”
key-the-switch-at-help = the switch at “help”
key-the-switch-at-menu = the switch at “menu”

## What signs are called when a word is spelled

letter-a = ay
letter-i = eye
letter-o = oh
letter-sharp-s = sharp s
letter-ae = a e, joined
letter-o-slashed = o, slashed
letter-capital = capital { $letter }
mark-grave = with a grave accent
mark-acute = with an acute accent
mark-circumflex = with a circumflex
mark-tilde = with a tilde
mark-macron = with a macron
mark-two-dots = with two dots
mark-ring = with a ring
mark-caron = with a caron
mark-cedilla = with a cedilla
mark-other = with a mark
sign-apostrophe = apostrophe
sign-hyphen = hyphen
sign-dash = dash
sign-full-stop = full stop
sign-comma = comma
sign-semicolon = semicolon
sign-colon = colon
sign-exclamation = exclamation mark
sign-question = question mark
sign-and = and sign
sign-other = a sign

## What only the screen and a screen reader say

picture-of = Picture: { $title }
no-picture = No picture
no-picture-here = No picture of this work here
staff-says = For staff: { $text }
named-button = { $name }, button

## Colours and light of a picture

colours-mostly = Mostly { $colours }.
colours-mostly-with = Mostly { $colours }, with touches of { $touches }.
warmth-warm = The colours are warm.
warmth-cool = The colours are cool.
warmth-mixed = Warm and cool colours stand side by side.
warmth-none = There is hardly any colour.
light-dark = The whole is dark.
light-subdued = The light is subdued.
light-bright = The whole is bright.
tones-strong = Light and dark stand in strong contrast.
tones-gentle = The transitions are soft, with little contrast.
lightest-centre = It is lightest in the middle.
lightest-top = It is lightest at the top.
lightest-bottom = It is lightest at the bottom.
lightest-left = It is lightest on the left.
lightest-right = It is lightest on the right.
lightest-top-left = It is lightest at the top left.
lightest-top-right = It is lightest at the top right.
lightest-bottom-left = It is lightest at the bottom left.
lightest-bottom-right = It is lightest at the bottom right.
colour-black = black
colour-dark-grey = dark grey
colour-grey = grey
colour-pale-grey = pale grey
colour-white = white
colour-brown = brown
colour-dark-brown = dark brown
colour-ochre = ochre
colour-cream = cream
colour-pink = pink
colour-pale-pink = pale pink
colour-dark-pink = dark pink
colour-red = red
colour-pale-red = pale red
colour-dark-red = dark red
colour-orange = orange
colour-pale-orange = pale orange
colour-dark-orange = dark orange
colour-yellow = yellow
colour-pale-yellow = pale yellow
colour-dark-yellow = dark yellow
colour-green = green
colour-pale-green = pale green
colour-dark-green = dark green
colour-blue-green = blue green
colour-pale-blue-green = pale blue green
colour-dark-blue-green = dark blue green
colour-blue = blue
colour-pale-blue = pale blue
colour-dark-blue = dark blue
colour-violet = violet
colour-pale-violet = pale violet
colour-dark-violet = dark violet

## Why a poem answers a picture. “Both” are the picture and the poem; `what` and `one` are concepts.

why-subjects = both speak of { $subjects }
why-subjects-and = both speak of { $subjects }, and { $other }
why-two = { $one } and of { $other }
why-shared = in both there is { $what }
why-line = the line that answers the picture best is: “{ $line }”
why-both = { $shared }; { $line }
concept-angel = angels
concept-autumn = autumn
concept-bird = birds
concept-boat = boats
concept-book = books
concept-bridge = a bridge
concept-butterfly = butterflies
concept-castle = castles
concept-cat = cats
concept-cattle = cattle
concept-child = children
concept-church = a church
concept-city = the city
concept-cloud = clouds
concept-dance = dancing
concept-dawn = the morning
concept-death = death
concept-desert = the desert
concept-dog = dogs
concept-evening = the evening
concept-eyes = eyes
concept-face = a face
concept-field = fields
concept-fire = fire
concept-fish = fish
concept-flower = flowers
concept-forest = a forest
concept-fruit = fruit
concept-garden = a garden
concept-grass = grass
concept-hair = hair
concept-hands = hands
concept-harvest = the harvest
concept-hill = hills
concept-house = houses
concept-ice = ice and frost
concept-island = an island
concept-king = kings and queens
concept-lake = a lake
concept-lamp = lamplight
concept-mirror = a mirror
concept-mist = mist
concept-moon = the moon
concept-mother = a mother
concept-mountain = mountains
concept-music = music
concept-night = the night
concept-prayer = prayer
concept-rain = rain
concept-river = a river
concept-road = a road
concept-ruin = ruins
concept-sea = the sea
concept-sheep = sheep
concept-shore = the shore
concept-sky = the sky
concept-sleep = sleep
concept-smile = a smile
concept-smoke = smoke
concept-snow = snow
concept-song = singing
concept-spring = spring
concept-star = stars
concept-storm = a storm
concept-summer = summer
concept-sun = the sun
concept-tower = towers
concept-tree = trees
concept-war = war
concept-water = water
concept-wind = the wind
concept-window = a window
concept-winter = winter
concept-woman = a woman
concept-calm = calm
concept-fear = fear
concept-joy = joy
concept-loneliness = loneliness
concept-love = love
concept-sorrow = sorrow
concept-tenderness = tenderness
concept-darkness = darkness
concept-light = bright light
concept-black = black
concept-blue = blue
concept-brown = brown
concept-gold = gold
concept-green = green
concept-grey = grey
concept-pink = pink
concept-red = red
concept-violet = violet
concept-white = white
concept-yellow = yellow
