# 한국어. 문장은 공손한 해요체/하십시오체로 쓴다. JOSA($x, form: "을/를")는 앞말의 받침을 따른다.

name = 에크프라시스
sentence = { END($text) }
ended = { END($text) }
place = { $count }개 중 { $position }번째

## At the door

attract = 그림과 시. 아무 키나 누르세요.
welcome = 그림과 시. { JOSA($select, form: "을/를") } 누르세요.
welcome-more = { $name }에 오신 것을 환영합니다. 그림을 고르시면 그 그림에 답하는 시를 들려 드립니다. { JOSA($next, form: "은/는") } 그림을 고르는 다른 방법을 알려 줍니다. { JOSA($help, form: "을/를") } 누르면 언제든지 각 키의 쓰임을 들으실 수 있습니다.
welcome-text = 그림을 고르시면 그 그림에 답하는 시를 들려 드립니다.
welcome-invitation = { JOSA($select, form: "을/를") } 눌러 그림을 고르세요
goodbye = 감상이 끝났습니다. 다시 시작하려면 아무 키나 누르세요.
ways = 그림을 고르는 방법
way-list = 전체 그림 목록에서 고르기
way-number = 작품 번호로 고르기
way-artist = 작가별로 고르기
way-room = 가까이 있는 그림 고르기
way-camera = 카메라에 그림 보여 주기
way-languages = 언어
way-settings = 설정

## Languages: each in its own

language-own = 한국어
language-offer = { $language }: { $key }.
language-choice = { $language }. { $place }. 한국어로 들으시려면 { JOSA($select, form: "을/를") } 누르세요.
languages = 언어

## The collection

choose = 그림을 고르세요
artists = 작가
rooms = 지금 계신 곳은 어디인가요?
works-count = { $count ->
   *[other] 작품 { $count }점
}
painting-place = 그림 { $count }점 중 { $position }번째
painting-number = 작품 번호 { $number }.
label-full = { $title }, { $artist }, { $date }
label-artist = { $title }, { $artist }
label-date = { $title }, { $date }
choose-hint = { JOSA($next, form: "과/와") } { JOSA($previous, form: "으로/로") } 목록을 오갑니다. { JOSA($select, form: "을/를") } 누르면 시를 찾습니다. 작품 번호를 입력하셔도 됩니다.
one-moment = 잠시만 기다려 주세요
artworks-coming = 그림 목록을 불러오고 있습니다. 잠시만 기다려 주세요.
still-fetching = 아직 그림 목록을 불러오고 있습니다.
empty = 아직 그림이 없습니다
empty-staff = 작품 추가: ekphrasis artworks import FILE. 파일 형식 안내: ekphrasis artworks import --help.
no-artworks = 아직 여기에는 그림이 없습니다. 직원에게 문의해 주세요.

## Numbers

dial = 작품 번호
dial-opened = 작품 번호를 한 자리씩 고르세요. { $here }
dial-hint = { JOSA($next, form: "과/와") } { JOSA($previous, form: "으로/로") } 숫자를 바꾸고, { JOSA($select, form: "으로/로") } 고릅니다.
digit = { $digit }
dial-finish = 입력 끝: { $number }.
dial-finish-found = 입력 끝. { $number }: { END($label) }
digit-cleared = 지웠습니다. 남은 번호: { $left }.
no-digits = 없음
number-found = { $number }: { END($label) } { JOSA($select, form: "을/를") } 누르면 시를 찾습니다.
number-shown = 작품 번호 { $number }
number-begun = { $number }. 계속 입력하세요.
number-unknown = 작품 번호 { $number }에 해당하는 그림이 없습니다.
number-span = 번호는 { $first }번부터 { $last }번까지 있습니다.
number-clear-hint = 지우려면 { JOSA($key, form: "을/를") } 누르세요.
number-cleared = 번호를 지웠습니다. { $here }

## Searching

searching-heading = 시를 찾고 있습니다
searching = 이 그림에 답하는 시를 찾고 있습니다: { END($title) }
engine-loading = 기기가 아직 준비 중입니다. 조금 걸립니다.
engine-ready = 준비가 끝났습니다. { $here }
still-looking = 아직 찾고 있습니다.
still-waking = 아직 준비하고 있습니다.
search-lost = 찾기가 끝나지 않습니다. 다른 그림을 고르시거나 직원에게 문의해 주세요.
failed = 문제가 생겼습니다
trouble = 문제가 생겼습니다. 다른 것을 고르시거나 직원에게 문의해 주세요.
trouble-collection = 지금은 소장품을 불러올 수 없습니다. 직원에게 문의해 주세요.
trouble-search = 지금은 시를 찾을 수 없습니다. 다른 그림을 고르시거나 직원에게 문의해 주세요.
trouble-picture = 이 그림의 사진 파일을 읽을 수 없습니다. 다른 그림을 골라 주세요.
trouble-no-camera = 이 자리에는 카메라가 없습니다. 다른 방법으로 골라 주세요.
trouble-camera = 지금은 카메라에 아무것도 비치지 않습니다. 다른 방법으로 고르시거나 직원에게 문의해 주세요.
trouble-picture-gone = 찍은 사진이 이제 없습니다. 다시 찍어 주세요.
nothing = 시를 찾지 못했습니다
found = { $count ->
   *[other] 시 { $count }편을 찾았습니다: { END($title) }
}
none-found = 이 그림에 답하는 시를 찾지 못했습니다: { END($title) } 다른 그림을 골라 주세요.
fits-badly = 이 그림에 잘 어울리는 시가 없습니다. 가장 가까운 시를 들려 드립니다.
taken-picture = 방금 찍은 그림

## Poems

poem-place = 시 { $count }편 중 { $position }번째
poem-place-for = { $place }, 그림: { $title }
poem-by = 지은이 { $poet }
poem-by-extent = { $by }: { $extent }
poem-named = { $place }: { $title }, 지은이 { END($poet) }
unknown-poet = 알려지지 않음
extent-part = 시의 일부
extent-whole = 시 전체
poem-hint-next = { JOSA($next, form: "을/를") } 누르면 다음 시로 갑니다.
poem-hint = { JOSA($select, form: "을/를") } 누르면 메뉴가 열립니다. 다시 듣기, 느리게 듣기, 그림 설명 등이 있습니다.
poem-hint-short = { JOSA($select, form: "을/를") } 누르면 메뉴가 열립니다.
last-line = 마지막 행이었습니다.

## The menu over a poem

poem-menu = 메뉴
menu-opened = { END($heading) } { $here }
menu-item = { END($label) } { $place }.
menu-item-detail = { $label }: { $detail }
menu-hint = { JOSA($next, form: "과/와") } { JOSA($previous, form: "으로/로") } 이동하고, { JOSA($select, form: "으로/로") } 고릅니다.
menu-go-on = 이어서 듣기
menu-hear-again = 이 시 다시 듣기
menu-repeat-line = 이 행 다시 듣기
menu-repeat-stanza = 이 연 다시 듣기
menu-whole-poem = 시 전체를 처음부터 듣기
menu-slower = 느리게
menu-faster = 빠르게
menu-louder = 크게
menu-softer = 작게
menu-next-line = 다음 행
menu-previous-line = 이전 행
menu-spell = 이 행의 낱말을 한 글자씩 듣기
menu-about = 그림 설명 듣기
menu-about-poem = 시 정보 듣기
menu-why = 이 시를 고른 까닭
menu-zoom = 그림 확대하기
menu-home = 처음으로 돌아가기
place-menu = 여기에서 할 수 있는 것

changed = { END($what) } { END($value) }
slower = 느리게
faster = 빠르게
slowest = 가장 느린 속도입니다
fastest = 가장 빠른 속도입니다
louder = 크게
softer = 작게
loudest = 가장 큰 소리입니다
softest = 가장 작은 소리입니다
speed-value = { $factor ->
    [1] 보통 속도
   *[other] 보통 속도의 { $factor }배
}
volume-value = 음량 { $percent }퍼센트
volume-percent = { $percent }퍼센트
text-size-value = { $factor ->
    [1] 보통 크기
   *[other] 보통 크기의 { $factor }배
}

spelling = 한 글자씩 듣기
spell-hint = { JOSA($next, form: "과/와") } { JOSA($previous, form: "으로/로") } 낱말을 오가고, { JOSA($select, form: "을/를") } 누르면 한 글자씩 읽습니다.
word-place = 낱말 { $count }개 중 { $position }번째

## About a work, why a poem, the picture enlarged

about-work = 그림 설명
work-artist = 작가: { END($artist) }
work-date = 제작 연도: { END($date) }
work-room = 걸린 곳: { END($room) }
no-description = 이 그림에는 아직 설명이 없습니다.
why-poem = 이 시를 고른 까닭
about-poem = 시 정보
credit-source = 출처: { END($source) }
credit-licence = 이용 허락: { END($licence) }
credit-holder = 권리자: { END($holder) }
telling-hint = 돌아가려면 { JOSA($key, form: "을/를") } 누르세요.
zoom-all = 그림 전체: { $title }
zoom-place = { $row ->
    [top] 위
    [bottom] 아래
   *[middle] 가운데
} { $column ->
    [left] 왼쪽
    [right] 오른쪽
   *[middle] 중앙
}, { $level }배 확대
zoom-hint = { JOSA($select, form: "을/를") } 누르면 더 가까이 봅니다.

## Settings

settings = 설정
setting-language = 언어
setting-voice = 목소리
setting-speed = 빠르기
setting-volume = 음량
setting-contrast = 화면 색
setting-text-size = 글자 크기
contrast-dark = 어두운 바탕에 밝은 글자
contrast-light = 밝은 바탕에 어두운 글자
contrast-yellow = 검은 바탕에 노란 글자
contrast-calm = 차분한 색
for-staff = 직원용: 키 설정
for-staff-heading = 이 기기의 키
profile-arrows = 화살표 키
profile-keypad = 숫자 키패드
profile-f13-f24 = F13부터 F24까지 쓰는 촉각 키패드
profile-one-switch = 스위치 한 개
profile-two-switches = 스위치 두 개
profile-used = 이제부터 이 키를 씁니다. { JOSA($back, form: "은/는") } 돌아가기, { JOSA($help, form: "은/는") } 도움말입니다.
keys-tried = 이 키를 계속 쓰시려면 { JOSA($select, form: "을/를") } 누르세요. 누르지 않으시면 이전 키로 돌아갑니다.
keys-given-back = 이전 키를 다시 씁니다.

learn-keys = 다른 키패드의 키 가르치기
learn-opened = 키를 하나씩 차례로 여쭙겠습니다. 그대로 두시려면 기다리세요. { $here }
learn-ask = 다음 기능에 쓸 키를 누르세요: { $control }.
learn-ask-optional = 다음 기능에 쓸 키를 누르세요: { $control }. 없으면 기다리세요.
learn-known = 알았습니다: { $control }.
learn-taken = 이 키는 이미 다음 기능에 쓰입니다: { $control }.
learn-taught = { $control }: { $code }
learn-finished = 모든 키를 알았습니다. 이제부터 이 키를 씁니다.
learn-stopped = 아무것도 바꾸지 않았습니다.
control-previous = 이전
control-next = 다음
control-select = 선택
control-back = 뒤로
control-help = 도움말
control-louder = 크게
control-softer = 작게

## The camera

camera = 카메라에 그림 보여 주기
camera-opening = 카메라를 켜고 있습니다. 잠시만 기다려 주세요.
camera-ready = 카메라가 켜졌습니다. 그림을 팔 길이만큼 떨어뜨려 카메라 앞에 들고 { JOSA($select, form: "을/를") } 누르세요.
camera-taking = 움직이지 마세요. 사진을 찍고 있습니다.
camera-lost = 카메라가 응답하지 않습니다. 다른 방법으로 고르시거나 직원에게 문의해 주세요.
still-camera = 조금만 더 기다려 주세요.
picture-dark = 사진이 너무 어둡습니다. 더 밝은 곳에서 다시 찍어 주세요.
picture-bright = 사진이 너무 밝습니다. 빛을 피해 다시 찍어 주세요.
picture-empty = 아무것도 보이지 않습니다. 그림을 카메라 앞으로 옮겨 다시 찍어 주세요.

## Help, time, keys

help = 각 키의 쓰임
help-line = { $key }: { $does }.
help-digits = 숫자 키: 작품 번호 입력.
help-leave = { JOSA($key, form: "을/를") } 누르면 도움말을 마칩니다.
back-hint = 돌아가려면 { JOSA($key, form: "을/를") } 누르세요.
other-key = 이 키는 쓰이지 않습니다. { JOSA($help, form: "을/를") } 누르면 각 키의 쓰임을 알려 드립니다.
idle-heading = 아직 계신가요?
idle-warning = 아직 계신가요? 계속하시려면 아무 키나 누르세요. 누르지 않으시면 { $seconds }초 뒤에 처음으로 돌아갑니다.
still-here = 시간을 늘렸습니다. { $here }
headset-plugged = 헤드폰이 연결되었습니다.
headset-pulled = 헤드폰이 빠졌습니다. 이제 스피커로 들립니다.

about-welcome = 지금은 환영 화면입니다.
about-languages = 언어를 고르는 중입니다.
about-ways = 그림을 찾는 방법을 고르는 중입니다.
about-waiting = 그림 목록을 불러오고 있습니다.
about-choosing = 그림 목록에 계십니다.
about-dialling = 작품 번호를 입력하는 중입니다.
about-groups = 소장품의 한 부분을 고르는 중입니다.
about-seeking = 시를 찾고 있습니다.
about-reading = 한 그림에 답하는 시를 듣고 계십니다.
about-poem-menu = 시의 메뉴입니다. 시는 기다리고 있습니다.
about-place-menu = 메뉴입니다.
about-menu = 메뉴입니다.
about-spelling = 한 글자씩 들을 낱말을 고르는 중입니다.
about-telling = 설명을 듣고 계십니다.
about-zooming = 그림을 보고 계십니다.
about-settings = 설정입니다.
about-adjusting = 설정을 바꾸는 중입니다. 값은 바로 적용됩니다.
about-for-staff = 이 기기의 키를 고르는 중입니다.
about-trying = 새 키를 시험하고 있습니다.
about-learning = 키를 가르치는 중입니다.
about-looking = 카메라 앞에 계십니다.
about-stuck = 알려 드릴 것이 있습니다.
about-help = 도움말입니다.

act-help = 도움말
    .does = 여기에서 각 키의 쓰임
act-back = 뒤로
    .does = 뒤로 가기
act-stay = 계속하기
    .does = 계속하기
act-choose-painting = 그림 고르기
    .does = 목록에서 그림 고르기
act-other-ways = 다른 방법
    .does = 그림을 고르는 다른 방법과 설정
act-languages = 언어
    .does = 다른 언어
act-welcome-again =
    .does = 환영 인사 다시 듣기
act-welcome-again-too =
    .does = 환영 인사 다시 듣기
act-is-it-there = 왔나요?
    .does = 그림 목록이 왔는지 듣기
act-painting-before = 이전
    .does = 이전 그림
act-painting-next = 다음
    .does = 다음 그림
act-find-poems = 시 찾기
    .does = 이 그림에 답하는 시 찾기
act-clear-number = 지우기
    .does = 번호 지우기
act-digit-before = 이전
    .does = 이전 숫자
act-digit-next = 다음
    .does = 다음 숫자
act-take-digit = 고르기
    .does = 이 숫자 고르기
act-clear-digit = 지우기
    .does = 마지막 숫자 지우기
act-how-far = 어디까지?
    .does = 지금 무엇을 하는지 듣기
act-stop = 멈추기
    .does = 멈추고 돌아가기
act-cancel = 취소
    .does = 카메라 그만 쓰기
act-take-picture = 찍기
    .does = 사진 찍기
act-poem-before = 이전
    .does = 이전 시
act-poem-next = 다음 시
    .does = 다음 시
act-poem-menu = 메뉴
    .does = 잠시 멈추고 메뉴 열기. 다시 듣기, 느리게, 한 글자씩, 그림 설명 등
act-leave-poems = 뒤로
    .does = 고르던 곳으로 돌아가기
act-item-before = 이전
    .does = 이전 항목
act-item-next = 다음
    .does = 다음 항목
act-choose = 선택
    .does = 이 항목 고르기
act-word-before = 이전
    .does = 이전 낱말
act-word-next = 다음
    .does = 다음 낱말
act-spell = 한 글자씩
    .does = 이 낱말을 한 글자씩 듣기
act-paragraph-before = 이전
    .does = 이전 문단
act-paragraph-next = 다음
    .does = 다음 문단
act-all-again = 모두 다시
    .does = 모두 다시 듣기
act-part-before = 이전
    .does = 이전 부분
act-part-next = 다음
    .does = 다음 부분
act-closer = 더 가까이
    .does = 더 가까이 보기
act-all-of-it = 전체
    .does = 전체 다시 보기
act-hear-again = 다시 듣기
    .does = 안내 다시 듣기
act-back-else = 뒤로
    .does = 돌아가서 다른 것 해 보기
act-line-before = 이전
    .does = 이전 줄
act-line-next = 다음
    .does = 다음 줄
act-leave-help = 도움말 마치기
    .does = 도움말 마치기
act-leave-help-too =
    .does = 이것도 도움말 마치기
act-stop-learning = 그만하기
    .does = 모두 그대로 두기
act-keep-keys = 계속 쓰기
    .does = 이 키를 계속 쓰기
act-give-back = 되돌리기
    .does = 이전 키로 돌아가기
act-louder =
    .does = 소리 크게
act-softer =
    .does = 소리 작게
act-slower =
    .does = 느리게
act-faster =
    .does = 빠르게
act-repeat =
    .does = 마지막 줄 다시 듣기
act-pause =
    .does = 멈추기와 이어 듣기
act-menu =
    .does = 여기에서 할 수 있는 것
act-home =
    .does = 처음으로 돌아가기

## What keys are called

key-left-arrow = 왼쪽 화살표
key-right-arrow = 오른쪽 화살표
key-enter = 엔터
key-escape = 이에스시
key-backspace = 백스페이스
key-plus = 더하기
key-minus = 빼기
key-page-up = 페이지 업
key-page-down = 페이지 다운
key-home = 홈
key-the-point = 점
key-the-slash = 빗금
key-the-star = 별표
key-the-previous-key = 이전 키
key-the-next-key = 다음 키
key-the-select-key = 선택 키
key-the-back-key = 뒤로 키
key-the-help-key = 도움말 키
key-the-repeat-key = 반복 키
key-the-pause-key = 일시 정지 키
key-the-slower-key = 느리게 키
key-the-faster-key = 빠르게 키
key-the-louder-key = 크게 키
key-the-softer-key = 작게 키
key-the-volume-up-key = 소리 크게 키
key-the-volume-down-key = 소리 작게 키
key-the-menu-key = 메뉴 키
key-the-switch-at-previous = “이전”에서 스위치
key-the-switch-at-next = “다음”에서 스위치
key-the-switch-at-select = “선택”에서 스위치
key-the-switch-at-back = “뒤로”에서 스위치
key-the-switch-at-help = “도움말”에서 스위치
key-the-switch-at-menu = “메뉴”에서 스위치

## What signs are called when a word is spelled

letter-a = 에이
letter-i = 아이
letter-o = 오
letter-sharp-s = 에스체트
letter-ae = 에이 이 붙임
letter-o-slashed = 빗금 그은 오
letter-capital = 대문자 { $letter }
mark-grave = 그레이브 악센트
mark-acute = 어큐트 악센트
mark-circumflex = 서컴플렉스
mark-tilde = 물결표
mark-macron = 장음 부호
mark-two-dots = 점 두 개
mark-ring = 동그라미
mark-caron = 캐론
mark-cedilla = 세디야
mark-other = 다른 부호
sign-apostrophe = 아포스트로피
sign-hyphen = 붙임표
sign-dash = 줄표
sign-full-stop = 마침표
sign-comma = 쉼표
sign-semicolon = 쌍반점
sign-colon = 쌍점
sign-exclamation = 느낌표
sign-question = 물음표
sign-and = 앤드 기호
sign-other = 기호

## What only the screen and a screen reader say

picture-of = 그림: { $title }
no-picture = 그림 없음
no-picture-here = 이 작품의 그림은 여기에 없습니다
staff-says = 직원용: { $text }
named-button = { $name }, 버튼

## Colours and light of a picture

colours-mostly = 주된 색은 { $colours }입니다.
colours-mostly-with = 주된 색은 { $colours }이고, { $touches }도 조금 보입니다.
warmth-warm = 색조가 따뜻합니다.
warmth-cool = 색조가 차갑습니다.
warmth-mixed = 따뜻한 색과 차가운 색이 나란히 있습니다.
warmth-none = 색이 거의 없습니다.
light-dark = 전체적으로 어둡습니다.
light-subdued = 빛이 은은합니다.
light-bright = 전체적으로 밝습니다.
tones-strong = 밝음과 어둠의 대비가 강합니다.
tones-gentle = 색의 변화가 부드럽고 대비가 약합니다.
lightest-centre = 가운데가 가장 밝습니다.
lightest-top = 위쪽이 가장 밝습니다.
lightest-bottom = 아래쪽이 가장 밝습니다.
lightest-left = 왼쪽이 가장 밝습니다.
lightest-right = 오른쪽이 가장 밝습니다.
lightest-top-left = 왼쪽 위가 가장 밝습니다.
lightest-top-right = 오른쪽 위가 가장 밝습니다.
lightest-bottom-left = 왼쪽 아래가 가장 밝습니다.
lightest-bottom-right = 오른쪽 아래가 가장 밝습니다.
colour-black = 검은색
colour-dark-grey = 짙은 회색
colour-grey = 회색
colour-pale-grey = 옅은 회색
colour-white = 흰색
colour-brown = 갈색
colour-dark-brown = 짙은 갈색
colour-ochre = 황토색
colour-cream = 크림색
colour-pink = 분홍색
colour-pale-pink = 옅은 분홍색
colour-dark-pink = 짙은 분홍색
colour-red = 빨간색
colour-pale-red = 옅은 빨간색
colour-dark-red = 짙은 빨간색
colour-orange = 주황색
colour-pale-orange = 옅은 주황색
colour-dark-orange = 짙은 주황색
colour-yellow = 노란색
colour-pale-yellow = 옅은 노란색
colour-dark-yellow = 짙은 노란색
colour-green = 초록색
colour-pale-green = 옅은 초록색
colour-dark-green = 짙은 초록색
colour-blue-green = 청록색
colour-pale-blue-green = 옅은 청록색
colour-dark-blue-green = 짙은 청록색
colour-blue = 파란색
colour-pale-blue = 옅은 파란색
colour-dark-blue = 짙은 파란색
colour-violet = 보라색
colour-pale-violet = 옅은 보라색
colour-dark-violet = 짙은 보라색

## Why a poem answers a picture

why-subjects = 그림과 시가 모두 { JOSA($subjects, form: "을/를") } 이야기합니다
why-subjects-and = 그림과 시가 모두 { JOSA($subjects, form: "을/를") } 이야기하고, { $other }
why-two = { JOSA($one, form: "과/와") } { $other }
why-shared = 그림과 시 모두에 { JOSA($what, form: "이/가") } 있습니다
why-line = 그림에 가장 잘 답하는 시구는 이것입니다: “{ $line }”
why-both = { $shared }; { $line }
concept-angel = 천사
concept-autumn = 가을
concept-bird = 새
concept-boat = 배
concept-book = 책
concept-bridge = 다리
concept-butterfly = 나비
concept-castle = 성
concept-cat = 고양이
concept-cattle = 소 떼
concept-child = 아이들
concept-church = 교회
concept-city = 도시
concept-cloud = 구름
concept-dance = 춤
concept-dawn = 아침
concept-death = 죽음
concept-desert = 사막
concept-dog = 개
concept-evening = 저녁
concept-eyes = 눈동자
concept-face = 얼굴
concept-field = 들판
concept-fire = 불
concept-fish = 물고기
concept-flower = 꽃
concept-forest = 숲
concept-fruit = 과일
concept-garden = 정원
concept-grass = 풀
concept-hair = 머리카락
concept-hands = 손
concept-harvest = 추수
concept-hill = 언덕
concept-house = 집
concept-ice = 얼음과 서리
concept-island = 섬
concept-king = 왕과 왕비
concept-lake = 호수
concept-lamp = 등불
concept-mirror = 거울
concept-mist = 안개
concept-moon = 달
concept-mother = 어머니
concept-mountain = 산
concept-music = 음악
concept-night = 밤
concept-prayer = 기도
concept-rain = 비
concept-river = 강물
concept-road = 길
concept-ruin = 폐허
concept-sea = 바다
concept-sheep = 양 떼
concept-shore = 바닷가
concept-sky = 하늘
concept-sleep = 잠
concept-smile = 미소
concept-smoke = 연기
concept-snow = 흰 눈
concept-song = 노래
concept-spring = 봄
concept-star = 별
concept-storm = 폭풍
concept-summer = 여름
concept-sun = 햇빛
concept-tower = 탑
concept-tree = 나무
concept-war = 전쟁
concept-water = 물
concept-wind = 바람
concept-window = 창
concept-winter = 겨울
concept-woman = 여인
concept-calm = 고요함
concept-fear = 두려움
concept-joy = 기쁨
concept-loneliness = 외로움
concept-love = 사랑
concept-sorrow = 슬픔
concept-tenderness = 다정함
concept-darkness = 어둠
concept-light = 밝은 빛
concept-black = 검은빛
concept-blue = 푸른빛
concept-brown = 갈색
concept-gold = 금빛
concept-green = 초록빛
concept-grey = 잿빛
concept-pink = 분홍빛
concept-red = 붉은빛
concept-violet = 보랏빛
concept-white = 흰빛
concept-yellow = 노란빛
