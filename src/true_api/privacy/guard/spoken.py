"""Numbers said in words, English and Spanish: `four one five, five five five, oh one three four`."""

import re
from collections.abc import Iterator

DIGITS = {
    "zero": "0", "oh": "0", "o": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "cero": "0", "uno": "1", "dos": "2", "tres": "3", "cuatro": "4", "cinco": "5", "seis": "6",
    "siete": "7", "ocho": "8", "nueve": "9",
}  # fmt: skip
TENS = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16",
    "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "2", "thirty": "3", "forty": "4", "fourty": "4",
    "fifty": "5", "sixty": "6", "seventy": "7", "eighty": "8", "ninety": "9", "hundred": "00", "double": "", "triple": "",
}  # fmt: skip
SAID = rf"(?:{'|'.join(sorted({*DIGITS, *TENS}, key=len, reverse=True))})"
RUN = re.compile(rf"\b(?:{SAID}|\d{{1,4}})(?:[\s,.\-]{{1,3}}(?:{SAID}|\d{{1,4}})\b)+", re.IGNORECASE)
ONE = re.compile(rf"{SAID}|\d+", re.IGNORECASE)


def said_numbers(text: str) -> Iterator[tuple[int, int, str]]:
    """Runs of digits of which three at least are said in words: where each starts and ends, and its digits."""
    for run in RUN.finditer(text):
        said = [word.casefold() for word in ONE.findall(run.group())]
        if sum(not word.isdigit() for word in said) >= 3:
            yield run.start(), run.end(), _digits(said)


def _digits(said: list[str]) -> str:
    digits = ""
    times = 1
    for word in said:
        if word in {"double", "triple"}:
            times = 2 if word == "double" else 3
            continue
        digits += (DIGITS.get(word) or TENS.get(word) or word) * times
        times = 1
    return digits
