"""How somebody is reached: phone numbers, e-mail addresses, web addresses and social handles."""

import re
from collections.abc import Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

from true_api.privacy.guard.spoken import said_numbers

FREE = ("800", "833", "844", "855", "866", "877", "888")
"""Toll-free codes (47 CFR 52.101): lines of organizations, all public hotlines among them, hardly ever of a person."""
HOTLINES = frozenset({"8006624357", "8002738255", "8004843731", "741741", "838255"})
"""SAMHSA, the old number of 988, Never Use Alone, Crisis Text Line and the text line of veterans."""
PUBLIC_SITES = ("988lifeline.org", "findtreatment.gov", "neverusealone.com", "samhsa.gov", "nasen.org")

LOCAL = r"[\w+-][\w.+'-]{0,63}"
CHUNK = r"\w[\w.-]{0,40}"
SAID_LOCAL = rf"(?<![\w.-]){CHUNK}(?:\s(?:dot|punto|underscore|dash)\s{CHUNK}){{0,3}}"
HOST = r"[\w-]{1,63}"
PROVIDERS = (
    r"(?:gmail|g\s?mail|yahoo|hotmail|outlook|icloud|aol|proton(?:mail)?|live|msn|ymail|comcast|verizon|att|sbcglobal"
    r"|me|mac|gmx|hey)"
)
KNOWN_PROVIDERS = r"(?:gmail|yahoo|hotmail|outlook|icloud|aol|proton(?:mail)?|ymail)"
AT = r"\s?(?:@|[\(\[{<]\s?(?:at|@|arroba)\s?[\)\]}>])\s?"
SAID_AT = r"\s{1,2}(?:at|arroba|@)\s{1,2}"
DOT = r"(?:\s?\.\s?|\s?[\(\[{]\s?(?:dot|punto|\.)\s?[\)\]}]\s?|\s(?:dot|punto)\s)"
SAID_DOT = r"(?:\.|\s?[\(\[{]\s?(?:dot|punto|\.)\s?[\)\]}]\s?|\s(?:dot|punto)\s)"
ENDING = r"(?:com|net|org|edu|gov|us|io|co|me|info|mil|mx|ca|uk|email|mail|biz|live|app)\b"
EMAIL = re.compile(
    rf"{LOCAL}@{HOST}(?:\.{HOST}){{1,5}}|"
    rf"{LOCAL}{AT}{HOST}{DOT}(?:{HOST}{DOT})?{ENDING}|"
    rf"{SAID_LOCAL}{SAID_AT}{HOST}{SAID_DOT}(?:{HOST}{SAID_DOT})?{ENDING}|"
    rf"{LOCAL}{AT}{PROVIDERS}\b|"
    rf"(?<![\w.-])(?=[\w.-]{{0,40}}[\d._-]){CHUNK}{SAID_AT}{PROVIDERS}\b|"
    rf"(?<![\w.-]){CHUNK}\s(?:at|arroba)\s{KNOWN_PROVIDERS}\b",
    re.IGNORECASE,
)
SITES = r"(?:com|net|org|edu|gov|us|io|info|ly|ee|me|tv|app|link|page|site|gg|tiktok|be)"
URL = re.compile(
    r"\b(?:https?|ftp)://[^\s<>\"]+|\bwww\.[^\s<>\"]+|"
    rf"(?<![\w.-])[a-z0-9][\w-]{{0,62}}(?:\.{HOST}){{0,5}}\.{SITES}\b(?:/[^\s<>\"]*)?|"
    rf"(?<![\w.-]){CHUNK}\s(?:dot|punto)\s(?:com|net|org|gov)\b(?:\s(?:slash|/)\s\S{{1,60}}){{0,4}}",
    re.IGNORECASE,
)
AFTER_URL = ".,;:!?)'\""
SPOT = r"[\w.\-]{3,40}"
PLATFORM = (
    r"(?:ig|insta(?:gram)?|snap(?:chat)?|fb|facebook|tik\s?tok|twitter|tweet|telegram|whats\s?app|discord"
    r"|venmo|cash\s?app|zelle|paypal|"
    r"kik|reddit|signal|messenger|youtube|linkedin|threads|grindr|onlyfans|only\s?fans|tinder|myspace"
    r"|soundcloud|twitch|ig\s?name)"
)
AFTER_PLATFORM = (
    r"(?:\s*(?:name|handle|account|acct|page|profile|tag|messenger))?\s*(?:is|it'?s|es|as|under|at|by|:|="
    r"|-|\()?\s*(?:the\s+name\s+)?"
)
HANDLE = re.compile(
    r"(?<![\w@./])@(?=[\w.]*[a-z])[\w.\-]{2,40}\b|"
    r"(?<![\w$])\$[a-z_][\w.]{2,30}|(?<![\w$])\$\d+[a-z]\w{2,30}(?=\s+(?:on\s+)?cash\s?app)|"
    rf"\b(?:u|r)/[\w-]{{3,}}|"
    rf"\b{PLATFORM}{AFTER_PLATFORM}(?P<spot>[@$]?{SPOT})",
    re.IGNORECASE,
)
LOOKS_LIKE_A_HANDLE = re.compile(r"[@$]|\d.*[a-z]|[a-z].*\d|[a-z]_|_[a-z]|[a-z]\.[a-z]", re.IGNORECASE)
SAYS_HANDLE = re.compile(r"(?:name|handle|account|acct|profile|\bis|\bes|\bas|under|[:=@$])\W*$", re.IGNORECASE)
ORDINARY = re.compile(
    r"^(?:\d+(?:am|pm|st|nd|rd|th|x|mg|ml|ft|hrs?|mins?|yrs?|k)?|[a-z]{2,12}(?:ed|ing)|not|the|her|his"
    r"|and|for|off|down)$",
    re.I,
)

PHONE = re.compile(
    r"(?<![\w$/.-])(?:\+?1[\s.\-/]{0,2})?"
    r"(?:\(\s?\d{3}\s?\)|\d{3})\s?[\s.,_\-/]{0,3}\s?\d{3}\s?[\s.,_\-/]{0,3}\s?\d{2}\s?[.\-]?\s?\d{2}(?![\w%]|[.\-/]\d)"
)
SHORT = re.compile(
    r"(?<![\w$/.:#-])\d{3}[\s.\-]{1,3}\d{4}(?![\w%]|[.\-/:]\d|\s*(?:mg|mcg|ml|kits?|doses?|units?|dollars|bucks)\b)"
)
DIGITS = re.compile(r"(?<![\w$.,/:-])\d{7}(?![\w,]|[./:-]\d)|(?<![\w$.,/:-])\d{10,13}(?![\w,]|[./:-]\d)")
ABROAD = re.compile(r"\+\s?\d(?:[\s().\-/]{0,3}\d){7,14}(?!\d)|\b011(?:[\s().\-/]{0,3}\d){9,14}(?!\d)")
GROUPS = re.compile(r"(?<![\w$/.,:-])\(?0?\d{2,4}\)?[ .\-]\d{2,4}[ .\-](?:\d{2,4}[ .\-]?){1,2}(?!\w)")
REGIONS = ("MX", "PH", "GT", "HT")
"""Where many people call home from; their own numbers are recognized without a plus where they are valid there."""
LETTERS = re.compile(r"\b1?[\s.\-]?\(?\d{3}\)?[\s.\-]\d?[\s.\-]?[A-Z]{3,7}(?:[\s.\-]?[A-Z0-9]{1,7})?\b")
REACHED = r"(?:call|text|txt|cell|cel|phone|ph|tel|number|num|nbr|numero|fone|celular|mobile|reach)"
PARTS = re.compile(rf"\b{REACHED}\b[^\n\d]{{0,14}}((?:\d[\s.\-()]{{0,3}}){{7,11}})(?!\d)", re.IGNORECASE)

Found = Iterator[tuple[int, int]]

HAS_AT = re.compile(r"@|arroba|[\s(\[{<]at[\s)\]}>]", re.IGNORECASE)
HAS_DOT = re.compile(r"://|www\.|\.\w|\s(?:dot|punto)\s", re.IGNORECASE)
HAS_DIGIT = re.compile(r"\d")
"""What every e-mail address, web address and written number has: a text without it is not searched any closer."""


def emails(text: str) -> Found:
    """E-mail addresses, also with `at` and `dot` as words, and of well-known providers without their ending."""
    for hit in EMAIL.finditer(text) if HAS_AT.search(text) else ():
        yield hit.span()


def urls(text: str) -> Found:
    """Web addresses but those of public sites of help."""
    for hit in URL.finditer(text) if HAS_DOT.search(text) else ():
        written = hit.group().rstrip(AFTER_URL)
        if not _is_a_public_site(written):
            yield hit.start(), hit.start() + len(written)


def handles(text: str) -> Found:
    """`@name`, `$name`, and what stands after the name of a platform and looks like a handle."""
    for hit in HANDLE.finditer(text):
        spot = hit["spot"]
        if spot is None:
            yield hit.start(), hit.start() + len(hit.group().rstrip(".-"))
            continue
        spot = spot.rstrip(".-")
        said = SAYS_HANDLE.search(text[hit.start() : hit.start("spot")])
        if not ORDINARY.match(spot) and (
            LOOKS_LIKE_A_HANDLE.search(spot) or (said and len(spot) > 4 and "name" in said.group())
        ):
            yield hit.start("spot"), hit.start("spot") + len(spot)


def public(text: str) -> Found:
    """Numbers of hotlines and other toll-free lines, and sites of help, which anybody may write down."""
    for pattern in (PHONE, DIGITS, LETTERS) if HAS_DIGIT.search(text) else ():
        yield from (hit.span() for hit in pattern.finditer(text) if _is_public(hit.group()))
    for hit in URL.finditer(text) if HAS_DOT.search(text) else ():
        if _is_a_public_site(hit.group()):
            yield hit.span()


def phones(text: str) -> Found:
    """Phone numbers of ten and of seven digits, of other countries, with letters, said in words; not public ones."""
    if HAS_DIGIT.search(text):
        yield from _written_numbers(text)
    for start, end, digits in said_numbers(text):
        if len(digits) >= 7 and not _is_public(digits):
            yield start, end


def _written_numbers(text: str) -> Found:
    for pattern in (PHONE, SHORT, DIGITS, LETTERS):
        yield from (hit.span() for hit in pattern.finditer(text) if not _is_public(hit.group()))
    for hit in PARTS.finditer(text):
        if not _is_public(hit[1]):
            yield hit.start(1), hit.start(1) + len(hit[1].rstrip(" .-("))
    for hit in ABROAD.finditer(text):
        if not _is_public(hit.group()):
            yield hit.span()
    for hit in GROUPS.finditer(text):
        for region in REGIONS:
            for match in PhoneNumberMatcher(hit.group(), region, Leniency.VALID):
                yield hit.start() + match.start, hit.start() + match.end


def _is_a_public_site(written: str) -> bool:
    host = re.sub(r"^(?:https?://)?(?:www\.)?", "", written.casefold()).partition("/")[0]
    return host.rstrip(AFTER_URL) in PUBLIC_SITES


def _is_public(written: str) -> bool:
    digits = re.sub(r"\D", "", written)
    national = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
    letters = sum(sign.isalpha() for sign in written)
    return digits in HOTLINES or (national.startswith(FREE) and (len(national) == 10 or len(national) + letters >= 10))
