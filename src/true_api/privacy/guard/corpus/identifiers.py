"""Makes every identifier but names, in the ways of a style."""

import random
import re
from collections.abc import Callable, Iterator
from types import ModuleType

from true_api.privacy.guard.corpus.making import Made, Style, identified_note, of_form
from true_api.privacy.guard.spans import SpanKind

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
MESES = "enero/febrero/marzo/abril/mayo/junio/julio/agosto/septiembre/octubre/noviembre/diciembre"
TENS = {6: "sixty", 7: "seventy", 8: "eighty", 9: "ninety"}
ONES = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ORDINALS = (
    "first/second/third/fourth/fifth/sixth/seventh/eighth/ninth/tenth/eleventh/twelfth/thirteenth/fourteenth/fifteenth"
    "/sixteenth/seventeenth/eighteenth/nineteenth/twentieth"
)
SAID = ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

TOLL_FREE = re.compile(r"[(+1 -]*8(?:00|33|44|55|66|77|88)")

Value = tuple[str, str]
"""A template and what goes into it."""


def _phone(ways: ModuleType, chance: random.Random) -> Value:
    if chance.random() < 0.12:
        digits = of_form(chance.choice(ways.SPOKEN_PHONES), chance)
        return chance.choice(ways.AROUND), " ".join(SAID[int(digit)] for digit in digits)
    written = of_form(chance.choice(ways.PHONES), chance)
    while TOLL_FREE.match(written):
        written = of_form(chance.choice(ways.PHONES), chance)
    return chance.choice(ways.AROUND), written


def _handle(ways: ModuleType, chance: random.Random) -> str:
    form = str(chance.choice(ways.HANDLE_FORMS))
    while "{word}" in form:
        form = form.replace("{word}", chance.choice(ways.HANDLE_WORDS), 1)
    return form.replace("{digits}", str(chance.randint(1, 99)))


def _email(ways: ModuleType, chance: random.Random) -> Value:
    return chance.choice(ways.EMAIL_TEMPLATES), chance.choice(ways.EMAILS).replace("{handle}", _handle(ways, chance))


def _url(ways: ModuleType, chance: random.Random) -> Value:
    return "{value}", chance.choice(ways.URLS).replace("{handle}", _handle(ways, chance).replace("_", "-"))


def _social(ways: ModuleType, chance: random.Random) -> Value:
    template = chance.choice(ways.HANDLES)
    return template.replace("{handle}", "{value}"), _handle(ways, chance)


def _government(ways: ModuleType, chance: random.Random) -> Value:
    form, template = chance.choice(ways.GOVERNMENT_NUMBERS)
    return template, of_form(form, chance)


def _record(ways: ModuleType, chance: random.Random) -> Value:
    form, template = chance.choice(ways.RECORDS)
    return template, of_form(form, chance)


def _address(ways: ModuleType, chance: random.Random) -> Value:
    number = chance.randint(1, 31)
    parts = {
        "house": str(chance.randint(10, 9999)),
        "street": chance.choice(ways.STREETS),
        "suffix": chance.choice(ways.SUFFIXES),
        "unit": chance.choice(("4b", "12", "207", "3")),
        "room": str(chance.randint(10, 999)),
        "ordinal": f"{number}{'th' if 10 < number < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}",
        "letter": chance.choice("BCDE"),
        "city": chance.choice(ways.CITIES),
    }
    template = chance.choice(ways.ADDRESSES)
    first, last = template.index("{"), template.rindex("}") + 1
    return template[:first] + "{value}" + of_form(template[last:], chance), template[first:last].format(**parts)


def _birth(ways: ModuleType, chance: random.Random) -> Value:
    year, month, day = chance.randint(1960, 2003), chance.randint(1, 12), chance.randint(1, 28)
    ordinals = ORDINALS.split("/")
    ten, one = divmod(year % 100, 10)
    said = f"nineteen {TENS[ten]} {ONES[one]}".strip() if year < 2000 else f"two thousand {ONES[one]}".strip()
    parts = {
        "m": month,
        "d": day,
        "y": year,
        "yyyy": year,
        "yy": f"{year % 100:02}",
        "mm": f"{month:02}",
        "dd": f"{day:02}",
        "mon": MONTHS[month - 1][:3],
        "month": MONTHS[month - 1],
        "mes": MESES.split("/")[month - 1],
        "yearwords": said,
        "ordinal": ordinals[day - 1] if day <= 20 else f"twenty {ordinals[day - 21]}",
    }
    return chance.choice(ways.BIRTH_TEMPLATES), chance.choice(ways.BIRTHS).format(**parts)


def _plate(ways: ModuleType, chance: random.Random) -> Value:
    form, template = chance.choice(ways.PLATES)
    return template, of_form(form, chance)


MAKERS: dict[SpanKind, Callable[[ModuleType, random.Random], Value]] = {
    SpanKind.PHONE: _phone,
    SpanKind.EMAIL: _email,
    SpanKind.GOVERNMENT_NUMBER: _government,
    SpanKind.DATE_OF_BIRTH: _birth,
    SpanKind.ADDRESS: _address,
    SpanKind.HANDLE: _social,
    SpanKind.URL: _url,
    SpanKind.PLATE: _plate,
    SpanKind.RECORD_NUMBER: _record,
}


def identified(kind: SpanKind, style: Style, seed: str, count: int) -> Iterator[Made]:
    """That many notes with an identifier of a kind, the same for the same seed."""
    chance = random.Random(f"{seed}/{kind}")
    for _ in range(count):
        template, value = MAKERS[kind](style.ways, chance)
        yield identified_note(template, value, kind, style, chance)
