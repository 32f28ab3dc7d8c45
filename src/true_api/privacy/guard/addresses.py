"""Where somebody lives: street addresses, rooms, apartments, post boxes."""

import re
from collections.abc import Iterator

Found = Iterator[tuple[int, int]]

SUFFIX = (
    r"(?:street|st|str|avenue|aven|ave|av|boulevard|blvd|road|rd|lane|ln|terrace|ter|parkway|pkwy|highway"
    r"|hwy|freeway|trail|alley|aly|loop|"
    r"plaza|plz|calle|avenida|camino)"
)
SOFT_SUFFIX = (
    r"(?:drive|dr|court|ct|way|place|pl|circle|cir|square|sq|park|row|run|pass|walk|point|pt|path|hill"
    r"|pike|bend|cove|crossing)"
)
"""Ends of streets that are words of every day too: after a number of three digits or more, or a name with a capital."""
NOT_STREETS = (
    r"(?:block|blocks|kit|kits|dose|doses|mg|mcg|ml|people|ppl|folks|times|x|min|mins|minutes|hour|hours"
    r"|hrs|day|days|week|weeks|wk|wks|month|months|mo|mos|"
    r"yr|yrs|year|years|am|pm|dollars|bucks|miles|mile|more|new|other|others|tents|tent|bags|bag|bus"
    r"|buses|of|at|in|on|to|near|the|and|for|from|with|he|she|they|"
    r"is|was|are|were|or|by|but|not|no|ods|od|calls|visits|visit|stops|stop|guys|women|men|kids|unused"
    r"|used|strips|strip|socks|pairs|packs|boxes|box|"
    r"up|out|off|down|away|left|right|then|after|before|until|til|till|via|line|route|court|dr|appt|appts"
    r"|points|steps|doctors|new|upcoming|days)"
)
WORD = rf"(?!{NOT_STREETS}\b)[^\W\d_][\w'\u2019\-]*"
ORDINAL = r"\d{1,3}\s?(?:st|nd|rd|th)"
TOWARD = r"(?:(?:n|s|e|w|ne|nw|se|sw|north|south|east|west)\.?\s+)?"
HOUSE = r"(?<![\w$/:#.-])\d{1,6}(?:-\d{1,4})?[a-d]?\b(?:\s?1/2)?"
HOUSE_SAID = (
    r"(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|oh"
    r"|hundred)[\s-]+){2,5}"
)
UNIT = (
    r"(?:\s*,?\s*(?:(?:apt|apartment|unit|ste|suite|rm|room|spc|space|fl|floor|depto|departamento|bldg|no"
    r"|num)\.?\s*\#?\s*|\#\s?)[a-z]?-?\d{0,4}-?[a-z]?\b)"
)
TOWN = (
    r"(?:\s*,\s*[^\W\d_]+(?:\s[^\W\d_]+)?\s*,?\s*[a-z]{2}\s+\d{5}(?:-\d{4})?"
    r"|\s*,?\s*[a-z]{2}\s+\d{5}(?:-\d{4})?|\s+\d{5}\b)"
)
STREET = re.compile(
    rf"{HOUSE}\s+{TOWARD}(?:{ORDINAL}|{WORD}(?:\s+{WORD}){{0,2}})\s+{SUFFIX}\b\.?(?:\s+(?:n|s|e|w|ne|nw|se"
    rf"|sw)\b)?{UNIT}?{TOWN}?|"
    rf"{HOUSE}\s+(?:de\s+)?(?:la\s+)?(?:calle|avenida)\s+(?:{WORD}(?:\s+{WORD})?|\d+)|"
    rf"(?<![\w$/:#.-])\d{{2,6}}[a-d]?\s+{TOWARD}{WORD}(?:\s+{WORD})?\s+(?:dr|ct|cir|pl)\b\.?(?=\s*(?:$"
    rf"|[,.;\n/#]|apt|unit|\d)){UNIT}?|"
    rf"{HOUSE}\s+{TOWARD}(?:avenida|avenue|calle|camino|via|rue|paseo)\s+(?:{ORDINAL}|\d+"
    rf"|{WORD}(?:\s+{WORD})?){UNIT}?{TOWN}?|"
    rf"\b(?<!\d\s){HOUSE_SAID}(?:{ORDINAL}|{WORD}(?:\s+{WORD})?)\s+{SUFFIX}\b{UNIT}?",
    re.IGNORECASE,
)
SOFT_STREET = re.compile(
    rf"(?<![\w$/:#.-])\d{{3,6}}[a-d]?\s+{TOWARD}(?:{ORDINAL}"
    rf"|{WORD}(?:\s+{WORD}){{0,2}})\s+{SOFT_SUFFIX}\b\.?{UNIT}?{TOWN}?",
    re.IGNORECASE,
)
CAPITAL_STREET = re.compile(
    rf"{HOUSE}\s+(?:[NSEW]\.?\s+)?(?:[A-Z][\w'\u2019-]*\s+){{1,3}}(?:Drive|Dr|Court|Ct|Way|Place|Pl|Circle|Cir"
    rf"|Square|Sq|Row|Run|Path)\b"
)
LIVES = (
    r"(?:lives?|living|livin|stay(?:s|ing|in)?|sleep(?:s|ing)?|crash(?:es|ing|in)?|addr(?:ess)?"
    r"|resid(?:es|ing)|house|home|place|moved|vive|direccion|mail|"
    r"mailing|located|squat(?:s|ting)?|couch|domicilio|se\s+queda)"
)
LIVES_AT = re.compile(
    rf"\b{LIVES}\b(?:\s+(?:is|es|at|@|in|on|to|en|with|her|his|goes|over|now|back|la"
    rf"|around)){{0,5}}\s*:?\s*(?P<value>\d{{1,6}}[a-d]?\s+{TOWARD}"
    rf"(?:{ORDINAL}|{WORD}(?:\s+{WORD}){{0,2}}){UNIT}?)",
    re.IGNORECASE,
)
CALLE = re.compile(
    rf"\b(?:calle|avenida|av|camino|colonia|col)\s+(?:(?!desde|de\s|y\b|con\b){WORD}[^\S\n]+){{0,3}}(?:\#"
    rf"|no\.?|num\.?|numero)?\s?\d{{1,5}}\b(?!\s*(?:mg|am|pm)){UNIT}?",
    re.IGNORECASE,
)
ROOM = re.compile(
    r"\b(?:apt|apartment|unit|suite|ste|rm|room|cuarto|depto|departamento|spc|trailer|bldg|building|cabin"
    r"|bungalow|dorm|cell|pod)"
    r"(?:\s*(?:no|num|number|\#|is|es|:)){0,5}\.?\s*(?P<value>\#?\d{1,5}-?[a-z]?\b|\#?[a-z]-?\d{1,4}\b"
    r"|(?-i:\b[A-Z]\b)|(?:[a-hj-z]\b(?!['\u2019])(?=\s*(?:apt|unit|$|[,.;\n]))))"
    r"(?!\s*(?:mg|kits?|times|people|ppl|beds|mins?|%|hrs?|am\b|pm\b|/\d)|[ .\-]?\d{2})",
    re.IGNORECASE,
)
BOX = re.compile(r"\b(?:p\.?\s?o\.?\s+box|apartado(?:\s+postal)?|pmb)\s*\#?\s*\d{1,7}\b", re.IGNORECASE)
LOT = re.compile(
    r"\b(?:lot|space|spot|site)\s+\#?\d{1,3}[a-z]?\b(?=[^\n.]{0,24}\b(?:trailer|rv|mobile|park|campground"
    r"|camp)\b)|\b(?:rv|trailer)\s+(?:park\s+)?(?:lot|space|spot)\s+\#?\d{1,3}\b",
    re.IGNORECASE,
)
ZIP = re.compile(
    r"\bzip(?:\s*code)?(?:\s*(?:is|:|\#)){0,5}\s*(?P<value>\d{5}(?:-\d{4})?)\b"
    r"|\b(?:[A-Z]{2})\s+(?P<coded>\d{5}(?:-\d{4})?)\b",
    re.IGNORECASE,
)

WITH_DIGITS = (SOFT_STREET, CAPITAL_STREET, CALLE, BOX, LOT)
HAS_DIGIT = re.compile(r"\d")
"""Only street addresses and rooms are also said without a single digit."""


def addresses(text: str) -> Found:
    """Addresses with a house number, rooms and apartments, post boxes, places in a trailer park, postal codes."""
    digits = HAS_DIGIT.search(text) is not None
    for pattern in (STREET, *WITH_DIGITS) if digits else (STREET,):
        yield from (hit.span() for hit in pattern.finditer(text))
    for hit in LIVES_AT.finditer(text) if digits else ():
        yield hit.span("value")
    for hit in ROOM.finditer(text):
        yield hit.start(), hit.end("value")
    for hit in ZIP.finditer(text) if digits else ():
        yield hit.span("value" if hit["value"] else "coded")
