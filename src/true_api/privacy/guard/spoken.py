"""Numbers said in words, English and Spanish: `four one five, five five five, oh one three four`."""

import re
from collections.abc import Iterator

ENGLISH = "zero one two three four five six seven eight nine"
SPANISH = "cero uno dos tres cuatro cinco seis siete ocho nueve"
TEN_AND_MORE = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
BY_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
DIGITS = {word: str(digit) for said in (ENGLISH, SPANISH) for digit, word in enumerate(said.split())} | {
    "oh": "0",
    "o": "0",
}
TENS = (
    {word: str(number) for number, word in enumerate(TEN_AND_MORE.split(), start=10)}
    | {word: str(ten) for ten, word in enumerate(BY_TENS.split(), start=2)}
    | {"hundred": "00", "double": "", "triple": ""}
)
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
