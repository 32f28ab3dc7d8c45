"""Numbers that stand for a person: of government, of plates, and of records."""

import re
from collections.abc import Iterator

Found = Iterator[tuple[int, int]]

SSN = re.compile(r"(?<![\w-])\d{3}([\s.\-])\d{2}\1\d{4}(?![\w]|-\d)|(?<![\w$.,/:+-])\d{9}(?![\w,]|[./:-]\d)")
NUMBERED = (
    r"(?:\s*(?:card|id|no|nos|num|number|nbr|numero|\#|ending|ends|end|last\s?(?:4|four)|of|in|with|is|es"
    r"|:|=|-|\.)){0,5}\s*"
)
GOVERNMENT = re.compile(
    r"\b(?:ssn|ss\s?\#|ss\s+(?:no|num|number)|soc(?:ial)?(?:\s+sec(?:urity)?)?(?:\s+(?:no|num|number))?"
    r"|seguro\s+social|itin|ein|"
    r"medicare|medicaid|medi-?cal|driver'?s?\s+lic(?:ense)?|dl|lic(?:encia)?|license|state\s+id|passport"
    r"|pasaporte|matricula|"
    r"green\s?card|alien|a\s?(?:\#|num(?:ber)?|no\b)|uscis|curp|ine|va\s+(?:id|file)|mbi|tax\s+id|dni"
    r"|visa\s+(?:no|num|number))"
    rf"{NUMBERED}(?P<value>(?=[\w-]*\d{{3}}|(?:[\w]*\d[\w]*-?){{3}})[a-z0-9][\w-]{{2,17}}(?:[\s-]\d{{2,4}}){{0,2}})",
    re.IGNORECASE,
)
MEDICARE = re.compile(r"\b[1-9][A-Z][A-Z0-9]\d-?[A-Z][A-Z0-9]\d-?[A-Z]{2}\d\d\b", re.IGNORECASE)
ALIEN = re.compile(r"\bA-?\d{2,3}-?\d{3}-?\d{3}\b", re.IGNORECASE)
LAST_FOUR = re.compile(r"\blast\s+(?:4|four)\b[^\d\n]{0,24}(?P<value>\d{4})\b", re.IGNORECASE)

PLATE = re.compile(
    r"\b(?:(?:lic(?:ense)?\s+)?plates?|lic(?:ense)?\s+pl?t?|tags?|placas?|tablillas?|vin)\b"
    r"(?:\s*(?:no|num|number|\#|is|es|are|:|=|-|on\s+it"
    r"|reads?)){0,5}\s*(?P<value>(?=[a-z\d -]*\d)[a-z\d]{1,8}(?:[ -]\d[a-z\d]{1,5})?)\b",
    re.IGNORECASE,
)
NOT_LETTERS = (
    r"(?:til|and|the|for|was|has|had|by|at|to|of|on|in|is|or|sz|mg|box|day|pm|am|gas|lot|apt|rm|po|bus|no"
    r"|ste|hwy|st|rd|ave|dr)"
)
CAR = (
    r"(?:car|van|truck|suv|civic|accord|camry|corolla|altima|sentra|honda|toyota|ford|chevy|nissan|dodge"
    r"|jeep|bmw|sedan|coupe|pickup|rv|hyundai|kia)"
)
NEAR_A_CAR = re.compile(
    rf"\b{CAR}\b[\w\s,]{{0,16}}?\b(?P<value>\d[a-z]{{3}}\d{{3}}|(?!{NOT_LETTERS}\b)[a-z]{{3}}[ -]?\d{{4}}"
    rf"|(?!{NOT_LETTERS}\b)[a-z]{{2,3}}[ -]\d{{3,4}})\b",
    re.IGNORECASE,
)
BARE_PLATE = re.compile(r"\b(?:\d[A-Z]{3}\d{3}|[A-Z]{3}[ -]?\d{4}|\d[a-z]{3}\d{3})\b")
VIN = re.compile(r"\b(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-HJ-NPR-Z0-9]{17}\b", re.IGNORECASE)

KEPT = (
    r"mrn|medical\s+rec(?:ord)?|med\s+rec|rec(?:ord)?|chart|case|docket|booking|bkg|bk|file|policy|claim"
    r"|member|patient|client|participant|"
    r"jail|prison|cdcr?|doc|pfn|warrant|ticket|citation|acct|account|confirmation|conf|hmis|coc"
    r"|subscriber|group|ins(?:urance)?|rx|invoice|"
    r"caso|expediente|cuenta|poliza|tracking|incident|report|police\s+report|probation|parole|court|ebt"
    r"|debit|credit|card|id"
)
RECORD = re.compile(
    rf"\b(?:{KEPT})\b\.?(?:\s*(?:no|nos|num|nums|number|nbr|numero|\#|id|is|es|:|=|acct|account|card|\.)){{0,5}}\s*"
    r"(?P<value>(?=[\w-]*\d(?:[\w-]*\d){2})[a-z0-9]{1,10}(?:-[a-z0-9]{1,10}){0,4})\b(?!\s*(?:mg|mcg|ml"
    r"|kits?|times|days|am|pm|dollars))",
    re.IGNORECASE,
)
NUMBER_SIGN = re.compile(
    r"(?:\#\s?|\b(?:no|num|number|numero"
    r"|nbr)\b[.:]?\s*(?:is\s+)?)(?P<value>(?=[\w-]*\d(?:[\w-]*\d){4})[a-z0-9][\w-]{4,17})(?!\.\d)",
    re.IGNORECASE,
)
COURT = re.compile(r"\b(?:\d{2,4}-?[A-Z]{2,3}-?\d{3,8}|[A-Z]{2}\d{4,6}-\d{2})\b", re.IGNORECASE)
LONG = re.compile(
    r"(?<![\w$.,/:+-])\d{8}(?![\w,]|[./:-]\d)|(?<![\w$.,/:+-])\d{12,19}(?![\w,]|[./:-]\d)|\b(?:\d{4}[ -]){3}\d{4}\b"
)
PHONE_LIKE = re.compile(r"^(?:1-?)?(?:\d{3}-?)?\d{3}-?\d{4}$")
DAY_LIKE = re.compile(r"^(?:19|20)\d\d(?:-\d\d-\d\d)?$")


def government_numbers(text: str) -> Found:
    """Social security and other numbers of government; four digits only where the words before say so."""
    for pattern in (SSN, MEDICARE, ALIEN):
        yield from (hit.span() for hit in pattern.finditer(text))
    for pattern in (GOVERNMENT, LAST_FOUR):
        yield from (hit.span("value") for hit in pattern.finditer(text))


def plates(text: str) -> Found:
    """License plates after the word, near a car, or in the form of some states; vehicle numbers."""
    for pattern in (PLATE, NEAR_A_CAR):
        yield from (hit.span("value") for hit in pattern.finditer(text))
    for pattern in (BARE_PLATE, VIN):
        yield from (hit.span() for hit in pattern.finditer(text))


def record_numbers(text: str) -> Found:
    """Numbers under which somebody is filed, and long runs of digits that can be nothing else."""
    for hit in RECORD.finditer(text):
        if not DAY_LIKE.match(hit["value"]):
            yield hit.span("value")
    for hit in NUMBER_SIGN.finditer(text):
        if not PHONE_LIKE.match(hit["value"]):
            yield hit.span("value")
    for pattern in (COURT, LONG):
        yield from (hit.span() for hit in pattern.finditer(text))
