# Español. Se trata de usted.

name = Ekphrasis
sentence = { END(CAP($text)) }
ended = { END($text) }
place = { $position } de { $count }

## At the door

attract = Poemas para cuadros. Pulse una tecla.
welcome = Poemas para cuadros. Pulse { $select }.
welcome-more = Le damos la bienvenida a { $name }. Usted elige un cuadro y escucha poemas que le responden. { CAP($next) } explica otras maneras de elegir. { CAP($help) } dice en todo momento para qué sirve cada tecla.
welcome-text = Elija un cuadro y escuche poemas que le responden.
welcome-invitation = Pulse { $select } para elegir un cuadro
goodbye = Esta visita ha terminado. Pulse cualquier tecla para volver a empezar.
ways = Maneras de elegir
way-list = De la lista de todos los cuadros
way-number = Por el número de la cartela
way-artist = Por artista
way-room = Lo que hay cerca
way-camera = Mostrar una imagen a la cámara
way-languages = Idioma
way-settings = Ajustes

## Languages: each in its own

language-own = Español
language-offer = { $language }: { $key }.
language-choice = { $language }. { $place }. Pulse { $select } para elegir español.
languages = Idioma

## The collection

choose = Elija un cuadro
artists = Artistas
rooms = ¿Dónde está usted?
works-count = { $count ->
    [one] { $count } obra
   *[other] { $count } obras
}
painting-place = Cuadro { $position } de { $count }
painting-number = Número { $number }.
label-full = { $title }, de { $artist }, { $date }
label-artist = { $title }, de { $artist }
label-date = { $title }, { $date }
choose-hint = Con { $next } y { $previous } se recorre la lista. { CAP($select) } busca poemas. También puede marcar el número de la cartela.
one-moment = Un momento, por favor
artworks-coming = Se están cargando los cuadros. Un momento.
still-fetching = Todavía se están cargando los cuadros.
empty = Todavía no hay cuadros
empty-staff = Para añadir obras: ekphrasis artworks import FILE. El formato se explica con: ekphrasis artworks import --help.
no-artworks = Aquí todavía no hay cuadros. Pregunte al personal, por favor.

## Numbers

dial = El número de la cartela
dial-opened = El número de la cartela, cifra a cifra. { $here }
dial-hint = Con { $next } y { $previous } se cambia la cifra. { CAP($select) } la toma.
digit = { $digit }
dial-finish = Terminar con { $number }.
dial-finish-found = Terminar. { $number }: { END($label) }
digit-cleared = Borrada. Queda: { $left }.
no-digits = nada
number-found = { $number }: { END($label) } { CAP($select) } busca poemas.
number-shown = Número { $number }
number-begun = { $number }. Siga marcando.
number-unknown = Ningún cuadro tiene el número { $number }.
number-span = Las cartelas van del { $first } al { $last }.
number-clear-hint = Pulse { $key } para borrarlo.
number-cleared = Número borrado. { $here }

## Searching

searching-heading = Buscando poemas
searching = Buscando poemas para este cuadro: { END($title) }
engine-loading = El quiosco todavía se está preparando. Tarda un momento.
engine-ready = Ya está preparado. { $here }
still-looking = Sigo buscando.
still-waking = Sigo preparándome.
search-lost = La búsqueda no termina. Elija otra cosa, por favor, o pregunte al personal.
failed = Esto no ha funcionado
trouble = Esto no ha funcionado. Elija otra cosa, por favor, o pregunte al personal.
trouble-collection = En este momento no se puede consultar la colección. Pregunte al personal, por favor.
trouble-search = En este momento no se pueden buscar poemas. Elija otro cuadro, por favor, o pregunte al personal.
trouble-picture = No se puede leer la imagen de este cuadro. Elija otro cuadro, por favor.
trouble-no-camera = Aquí no hay ninguna cámara. Elija de otra manera, por favor.
trouble-camera = La cámara no da imagen en este momento. Elija de otra manera, por favor, o pregunte al personal.
trouble-picture-gone = La imagen que tomó ya no está. Tome otra, por favor.
nothing = No se ha encontrado ningún poema
found = { $count ->
    [one] { $count } poema para este cuadro: { END($title) }
   *[other] { $count } poemas para este cuadro: { END($title) }
}
none-found = No se ha encontrado ningún poema para este cuadro: { END($title) } Elija otro cuadro, por favor.
fits-badly = Ningún poema se ajusta bien a esta imagen. Estos son los más cercanos.
taken-picture = la imagen que usted ha tomado

## Poems

poem-place = Poema { $position } de { $count }
poem-place-for = { $place }, para el cuadro: { $title }
poem-by = de { $poet }
poem-by-extent = { $by }: { $extent }
poem-named = { $place }: { $title }, de { END($poet) }
unknown-poet = autor desconocido
extent-part = una parte del poema
extent-whole = el poema entero
poem-hint-next = { CAP($next) } para el poema siguiente.
poem-hint = { CAP($select) } para un menú: oírlo otra vez, más despacio, acerca del cuadro, y más.
poem-hint-short = { CAP($select) } para el menú.
last-line = Ese era el último verso.

## The menu over a poem

poem-menu = Menú
menu-opened = { END($heading) } { $here }
menu-item = { END($label) } { CAP($place) }.
menu-item-detail = { $label }: { $detail }
menu-hint = Con { $next } y { $previous } se mueve, { $select } elige.
menu-go-on = Continuar
menu-hear-again = Oír otra vez el poema
menu-repeat-line = Repetir el verso
menu-repeat-stanza = Repetir la estrofa
menu-whole-poem = El poema entero, desde el principio
menu-slower = Más despacio
menu-faster = Más deprisa
menu-louder = Más fuerte
menu-softer = Más bajo
menu-next-line = Verso siguiente
menu-previous-line = Verso anterior
menu-spell = Deletrear una palabra de este verso
menu-about = Acerca del cuadro
menu-about-poem = Acerca del poema
menu-why = Por qué este poema
menu-zoom = Ampliar la imagen
menu-home = Volver al principio
place-menu = Lo que puede hacer aquí

changed = { END($what) } { END(CAP($value)) }
slower = Más despacio
faster = Más deprisa
slowest = Es lo más despacio posible
fastest = Es lo más deprisa posible
louder = Más fuerte
softer = Más bajo
loudest = Es lo más fuerte posible
softest = Es lo más bajo posible
speed-value = { $factor ->
    [1] el ritmo habitual
   *[other] { $factor } veces el ritmo habitual
}
volume-value = volumen al { $percent } por ciento
volume-percent = { $percent } por ciento
text-size-value = { $factor ->
    [1] el tamaño habitual
   *[other] { $factor } veces el tamaño habitual
}

spelling = Deletrear una palabra
spell-hint = Con { $next } y { $previous } se va de palabra en palabra, { $select } deletrea.
word-place = palabra { $position } de { $count }

## About a work, why a poem, the picture enlarged

about-work = Acerca de este cuadro
work-artist = De { END($artist) }
work-date = Fecha: { END($date) }
work-room = Está colgado aquí: { END($room) }
no-description = Nadie ha descrito todavía este cuadro.
why-poem = Por qué este poema
about-poem = Acerca de este poema
credit-source = Procedencia: { END($source) }
credit-licence = Licencia: { END($licence) }
credit-holder = Derechos: { END($holder) }
telling-hint = Pulse { $key } para volver.
zoom-all = Todo el cuadro: { $title }
zoom-place = { $row ->
    [top] Arriba
    [bottom] Abajo
   *[middle] En medio
} { $column ->
    [left] a la izquierda
    [right] a la derecha
   *[middle] en el centro
}, ampliado { $level } veces
zoom-hint = { CAP($select) } acerca la imagen.

## Settings

settings = Ajustes
setting-language = Idioma
setting-voice = Voz
setting-speed = Velocidad
setting-volume = Volumen
setting-contrast = Colores de la pantalla
setting-text-size = Tamaño de las letras
contrast-dark = claro sobre oscuro
contrast-light = oscuro sobre claro
contrast-yellow = amarillo sobre negro
contrast-calm = tranquilo
for-staff = Para el personal: las teclas
for-staff-heading = Las teclas de este quiosco
profile-arrows = Teclas de flecha
profile-keypad = Teclado numérico
profile-f13-f24 = Teclado táctil con los códigos F13 a F24
profile-one-switch = Un pulsador
profile-two-switches = Dos pulsadores
profile-used = A partir de ahora se usan estas teclas. { CAP($back) } vuelve, { $help } ayuda.
keys-tried = Pulse { $select } para conservar estas teclas. Si no se pulsa nada, vuelven las de antes.
keys-given-back = Se usan de nuevo las teclas de antes.

learn-keys = Enseñar las teclas de otro teclado
learn-opened = Se pide cada tecla por turno. Para dejarlo todo como está, espere. { $here }
learn-ask = Pulse la tecla para: { $control }.
learn-ask-optional = Pulse la tecla para: { $control }. O espere, si no la hay.
learn-known = Aprendida: { $control }.
learn-taken = Esta tecla ya sirve para: { $control }.
learn-taught = { CAP($control) }: { $code }
learn-finished = Se conocen todas las teclas. Se usan a partir de ahora.
learn-stopped = No se ha cambiado nada.
control-previous = anterior
control-next = siguiente
control-select = elegir
control-back = volver
control-help = ayuda
control-louder = más fuerte
control-softer = más bajo

## The camera

camera = Mostrar una imagen a la cámara
camera-opening = Se está abriendo la cámara. Un momento.
camera-ready = La cámara está mirando. Sostenga la imagen delante, a la distancia de un brazo, y pulse { $select }.
camera-taking = No se mueva. Se está tomando la imagen.
camera-lost = La cámara no responde. Elija de otra manera, por favor, o pregunte al personal.
still-camera = Un momento más.
picture-dark = La imagen es demasiado oscura. Busque más luz y tómela otra vez.
picture-bright = La imagen es demasiado clara. Apártela de la luz y tómela otra vez.
picture-empty = No se ve nada. Ponga la imagen delante de la cámara y tómela otra vez.

## Help, time, keys

help = Para qué sirve cada tecla
help-line = { CAP($key) }: { $does }.
help-digits = Cifras: el número de una cartela.
help-leave = { CAP($key) } sale de la ayuda.
back-hint = Pulse { $key } para volver.
other-key = Esta tecla no hace nada. { CAP($help) } dice para qué sirve cada tecla aquí.
idle-heading = ¿Sigue usted ahí?
idle-warning = ¿Sigue usted ahí? Pulse cualquier tecla para quedarse. Si no, el quiosco vuelve a empezar dentro de { $seconds } segundos.
still-here = Tiene más tiempo. { $here }
headset-plugged = Los auriculares están conectados.
headset-pulled = Se han desconectado los auriculares. Ahora se oye por el altavoz.

about-welcome = Está en la bienvenida.
about-languages = Está eligiendo un idioma.
about-ways = Está eligiendo cómo encontrar un cuadro.
about-waiting = Se están cargando los cuadros.
about-choosing = Está en la lista de cuadros.
about-dialling = Está marcando un número.
about-groups = Está eligiendo una parte de la colección.
about-seeking = Se están buscando poemas.
about-reading = Está con los poemas de un cuadro.
about-poem-menu = Está en el menú de un poema, que espera.
about-place-menu = Está en un menú.
about-menu = Está en un menú.
about-spelling = Está eligiendo una palabra para deletrearla.
about-telling = Está escuchando una explicación.
about-zooming = Está mirando el cuadro.
about-settings = Está en los ajustes.
about-adjusting = Está cambiando un ajuste. Cada valor se aplica enseguida.
about-for-staff = Está eligiendo las teclas de este quiosco.
about-trying = Se están probando otras teclas.
about-learning = Se están enseñando teclas.
about-looking = Está delante de la cámara.
about-stuck = El quiosco tiene un mensaje para usted.
about-help = Está en la ayuda.

act-help = Ayuda
    .does = para qué sirve cada tecla aquí
act-back = Volver
    .does = volver
act-stay = Quedarme
    .does = quedarse
act-choose-painting = Elegir un cuadro
    .does = elegir un cuadro de la lista
act-other-ways = Otras maneras
    .does = otras maneras de elegir, y ajustes
act-languages = Idioma
    .does = otro idioma
act-welcome-again =
    .does = oír otra vez la bienvenida
act-welcome-again-too =
    .does = oír otra vez la bienvenida
act-is-it-there = ¿Ya están?
    .does = saber si los cuadros ya están
act-painting-before = Anterior
    .does = el cuadro anterior
act-painting-next = Siguiente
    .does = el cuadro siguiente
act-find-poems = Buscar poemas
    .does = buscar poemas para este cuadro
act-clear-number = Borrar
    .does = borrar el número
act-digit-before = Anterior
    .does = la cifra anterior
act-digit-next = Siguiente
    .does = la cifra siguiente
act-take-digit = Tomarla
    .does = tomar esta cifra
act-clear-digit = Borrar
    .does = borrar la última cifra
act-how-far = ¿Cómo va?
    .does = saber qué está pasando
act-stop = Parar
    .does = parar y volver
act-cancel = Cancelar
    .does = dejar la cámara
act-take-picture = Tomarla
    .does = tomar la imagen
act-poem-before = Anterior
    .does = el poema anterior
act-poem-next = Otro poema
    .does = el poema siguiente
act-poem-menu = Menú
    .does = pausa y un menú: oírlo otra vez, más despacio, deletrear, acerca del cuadro, y más
act-leave-poems = Volver
    .does = volver a donde eligió
act-item-before = Anterior
    .does = el punto anterior
act-item-next = Siguiente
    .does = el punto siguiente
act-choose = Elegir
    .does = elegir esto
act-word-before = Anterior
    .does = la palabra anterior
act-word-next = Siguiente
    .does = la palabra siguiente
act-spell = Deletrear
    .does = deletrear esta palabra
act-paragraph-before = Anterior
    .does = el párrafo anterior
act-paragraph-next = Siguiente
    .does = el párrafo siguiente
act-all-again = Todo otra vez
    .does = oírlo todo otra vez
act-part-before = Anterior
    .does = la parte anterior
act-part-next = Siguiente
    .does = la parte siguiente
act-closer = Más cerca
    .does = acercar la imagen
act-all-of-it = Todo
    .does = ver todo otra vez
act-hear-again = Oír otra vez
    .does = oír otra vez el mensaje
act-back-else = Volver
    .does = volver y probar otra cosa
act-line-before = Anterior
    .does = la línea anterior
act-line-next = Siguiente
    .does = la línea siguiente
act-leave-help = Salir
    .does = salir de la ayuda
act-leave-help-too =
    .does = también salir de la ayuda
act-stop-learning = Parar
    .does = dejarlo todo como está
act-keep-keys = Conservar
    .does = conservar estas teclas
act-give-back = Estas no
    .does = volver a las teclas de antes
act-louder =
    .does = más fuerte
act-softer =
    .does = más bajo
act-slower =
    .does = más despacio
act-faster =
    .does = más deprisa
act-repeat =
    .does = otra vez la última línea
act-pause =
    .does = pausa, y continuar
act-menu =
    .does = lo que puede hacer aquí
act-home =
    .does = volver a la bienvenida

## What keys are called

key-left-arrow = flecha izquierda
key-right-arrow = flecha derecha
key-enter = Intro
key-escape = Escape
key-backspace = Retroceso
key-plus = más
key-minus = menos
key-page-up = página arriba
key-page-down = página abajo
key-home = Inicio
key-the-point = el punto
key-the-slash = la barra
key-the-star = el asterisco
key-the-previous-key = la tecla anterior
key-the-next-key = la tecla siguiente
key-the-select-key = la tecla de elegir
key-the-back-key = la tecla de volver
key-the-help-key = la tecla de ayuda
key-the-repeat-key = la tecla de repetir
key-the-pause-key = la tecla de pausa
key-the-slower-key = la tecla de más despacio
key-the-faster-key = la tecla de más deprisa
key-the-louder-key = la tecla de más fuerte
key-the-softer-key = la tecla de más bajo
key-the-volume-up-key = la tecla de subir el volumen
key-the-volume-down-key = la tecla de bajar el volumen
key-the-menu-key = la tecla de menú
key-the-switch-at-previous = el pulsador en «anterior»
key-the-switch-at-next = el pulsador en «siguiente»
key-the-switch-at-select = el pulsador en «elegir»
key-the-switch-at-back = el pulsador en «volver»
key-the-switch-at-help = el pulsador en «ayuda»
key-the-switch-at-menu = el pulsador en «menú»

## What signs are called when a word is spelled

letter-a = a
letter-i = i
letter-o = o
letter-sharp-s = eszett
letter-ae = a e, unidas
letter-o-slashed = o barrada
letter-capital = { $letter } mayúscula
mark-grave = con acento grave
mark-acute = con acento agudo
mark-circumflex = con acento circunflejo
mark-tilde = con virgulilla
mark-macron = con macrón
mark-two-dots = con diéresis
mark-ring = con anillo
mark-caron = con carón
mark-cedilla = con cedilla
mark-other = con un signo
sign-apostrophe = apóstrofo
sign-hyphen = guion
sign-dash = raya
sign-full-stop = punto
sign-comma = coma
sign-semicolon = punto y coma
sign-colon = dos puntos
sign-exclamation = signo de exclamación
sign-question = signo de interrogación
sign-and = y comercial
sign-other = un signo

## What only the screen and a screen reader say

picture-of = Imagen: { $title }
no-picture = Sin imagen
no-picture-here = Aquí no hay imagen de esta obra
staff-says = Para el personal: { $text }
named-button = { $name }, botón

## Colours and light of a picture

colours-mostly = Predominan los tonos { $colours }.
colours-mostly-with = Predominan los tonos { $colours }, con toques de { $touches }.
warmth-warm = Los colores son cálidos.
warmth-cool = Los colores son fríos.
warmth-mixed = Conviven colores cálidos y fríos.
warmth-none = Apenas hay color.
light-dark = El conjunto es oscuro.
light-subdued = La luz es tenue.
light-bright = El conjunto es luminoso.
tones-strong = El contraste entre luz y sombra es fuerte.
tones-gentle = Las transiciones son suaves, con poco contraste.
lightest-centre = La parte más clara está en el centro.
lightest-top = La parte más clara está arriba.
lightest-bottom = La parte más clara está abajo.
lightest-left = La parte más clara está a la izquierda.
lightest-right = La parte más clara está a la derecha.
lightest-top-left = La parte más clara está arriba a la izquierda.
lightest-top-right = La parte más clara está arriba a la derecha.
lightest-bottom-left = La parte más clara está abajo a la izquierda.
lightest-bottom-right = La parte más clara está abajo a la derecha.
colour-black = negro
colour-dark-grey = gris oscuro
colour-grey = gris
colour-pale-grey = gris pálido
colour-white = blanco
colour-brown = marrón
colour-dark-brown = marrón oscuro
colour-ochre = ocre
colour-cream = crema
colour-pink = rosa
colour-pale-pink = rosa pálido
colour-dark-pink = rosa oscuro
colour-red = rojo
colour-pale-red = rojo pálido
colour-dark-red = rojo oscuro
colour-orange = naranja
colour-pale-orange = naranja pálido
colour-dark-orange = naranja oscuro
colour-yellow = amarillo
colour-pale-yellow = amarillo pálido
colour-dark-yellow = amarillo oscuro
colour-green = verde
colour-pale-green = verde pálido
colour-dark-green = verde oscuro
colour-blue-green = verde azulado
colour-pale-blue-green = verde azulado pálido
colour-dark-blue-green = verde azulado oscuro
colour-blue = azul
colour-pale-blue = azul pálido
colour-dark-blue = azul oscuro
colour-violet = violeta
colour-pale-violet = violeta pálido
colour-dark-violet = violeta oscuro

## Why a poem answers a picture

why-subjects = el cuadro y el poema evocan { $subjects }
why-subjects-and = el cuadro y el poema evocan { $subjects }, y { $other }
why-two = { $one } y { $other }
why-shared = en ambos hay { $what }
why-line = el verso que mejor responde al cuadro es: «{ $line }»
why-both = { $shared }; { $line }
concept-angel = los ángeles
concept-autumn = el otoño
concept-bird = los pájaros
concept-boat = los barcos
concept-book = los libros
concept-bridge = un puente
concept-butterfly = las mariposas
concept-castle = los castillos
concept-cat = los gatos
concept-cattle = el ganado
concept-child = la infancia
concept-church = la iglesia
concept-city = la ciudad
concept-cloud = las nubes
concept-dance = el baile
concept-dawn = la mañana
concept-death = la muerte
concept-desert = el desierto
concept-dog = los perros
concept-evening = el atardecer
concept-eyes = los ojos
concept-face = un rostro
concept-field = los campos
concept-fire = el fuego
concept-fish = los peces
concept-flower = las flores
concept-forest = el bosque
concept-fruit = la fruta
concept-garden = un jardín
concept-grass = la hierba
concept-hair = el cabello
concept-hands = las manos
concept-harvest = la cosecha
concept-hill = las colinas
concept-house = las casas
concept-ice = el hielo y la escarcha
concept-island = una isla
concept-king = reyes y reinas
concept-lake = un lago
concept-lamp = la luz de las lámparas
concept-mirror = un espejo
concept-mist = la niebla
concept-moon = la luna
concept-mother = una madre
concept-mountain = las montañas
concept-music = la música
concept-night = la noche
concept-prayer = la oración
concept-rain = la lluvia
concept-river = un río
concept-road = un camino
concept-ruin = las ruinas
concept-sea = el mar
concept-sheep = las ovejas
concept-shore = la orilla
concept-sky = el cielo
concept-sleep = el sueño
concept-smile = una sonrisa
concept-smoke = el humo
concept-snow = la nieve
concept-song = el canto
concept-spring = la primavera
concept-star = las estrellas
concept-storm = una tormenta
concept-summer = el verano
concept-sun = el sol
concept-tower = las torres
concept-tree = los árboles
concept-war = la guerra
concept-water = el agua
concept-wind = el viento
concept-window = una ventana
concept-winter = el invierno
concept-woman = una mujer
concept-calm = calma
concept-fear = miedo
concept-joy = alegría
concept-loneliness = soledad
concept-love = amor
concept-sorrow = tristeza
concept-tenderness = ternura
concept-darkness = oscuridad
concept-light = mucha luz
concept-black = negro
concept-blue = azul
concept-brown = marrón
concept-gold = oro
concept-green = verde
concept-grey = gris
concept-pink = rosa
concept-red = rojo
concept-violet = violeta
concept-white = blanco
concept-yellow = amarillo
