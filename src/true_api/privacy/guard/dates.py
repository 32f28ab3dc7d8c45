"""Dates of birth, in digits and in words, English and Spanish."""

import re
from collections.abc import Iterator

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|jun[e]?|jul[y]?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|sept?iembre|octubre|noviembre|diciembre)\b\.?"
)
UNIT = r"(?:one|two|three|four|five|six|seven|eight|nine|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
TEEN = r"(?:tenth?|eleventh?|twel(?:ve|fth)|(?:thir|four|fif|six|seven|eigh|nine)teen(?:th)?)"
DAY_SAID = rf"(?:(?:the\s+)?(?:(?:twenty|thirty)[\s-]?{UNIT}|twentieth|thirtieth|{TEEN}|{UNIT}))"
DAY = rf"(?:(?:the\s+)?[0-3]?\d(?:st|nd|rd|th)?|{DAY_SAID}|primero)"
DECADE = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
YEAR_SAID = (
    rf"(?:nineteen[\s-]+(?:hundred\s+(?:and\s+)?)?(?:{DECADE}(?:[\s-]?{UNIT})?|oh[\s-]?{UNIT}|{TEEN})"
    rf"|two\s+thousand(?:\s+(?:and\s+)?(?:{UNIT}|{TEEN}))?|"
    rf"twenty[\s-]+(?:oh[\s-]?{UNIT}|{TEEN}|twenty(?:[\s-]?{UNIT})?))"
)
YEAR = rf"(?:(?:19|20)\d\d|'?\d\d(?![\d:])|{YEAR_SAID}|mil\s+novecientos\s+\w+(?:\s+y\s+\w+)?)"
DIGITS = (
    r"[0-3]?\d\s?[/.\-]\s?[0-3]?\d\s?[/.\-]\s?(?:(?:19|20)\d\d|\d\d)(?!\d)|(?:19"
    r"|20)\d\d[/.\-][01]?\d[/.\-][0-3]?\d(?!\d)"
)
IN_WORDS = (
    rf"{MONTH}\s*(?:de\s+|the\s+)?{DAY}\b(?:\s*,?\s*(?:of\s+|in\s+|de\s+|del\s+)?{YEAR})?|"
    rf"{DAY}\b\s*(?:of\s+|de\s+|-)?\s*{MONTH}(?:\s*,?\s*(?:of\s+|de\s+|del\s+)?{YEAR})?"
    rf"|{MONTH}\s*,?\s*(?:of\s+|de\s+)?(?:19|20)\d\d"
)
RUN = (
    r"(?:[01]\d[0-3]\d(?:19|20)\d\d|(?:19|20)\d\d[01]\d[0-3]\d|[01]\d[0-3]\d\d\d)(?!\d)|[0-3]?\d[/-][0-3]?\d(?![/\d-])"
)
BORN = (
    r"(?:d\.?\s?o\.?\s?b\.?|b\.?\s?day|birth\s?day|birth\s?date|date\s+of\s+birth|b-day|born|bdate"
    r"|turn(?:s|ed|ing)?\s+\d\d?\s+on|nac(?:io|ió|ida|ido|imiento)|"
    r"cumple(?:a[nñ]os)?|fecha\s+de\s+nac\w*|f\.?d\.?n\.?|fdn)"
)
BIRTH = re.compile(
    rf"\b{BORN}\b\.?[^\d\n]{{0,20}}?(?<![\d/.-])(?P<value>{DIGITS}|{IN_WORDS}|{RUN})|"
    rf"\b{BORN}\b\.?[^\n]{{0,12}}?\b(?P<said>{IN_WORDS})",
    re.IGNORECASE,
)
OLD_YEAR = r"(?:19\d\d|200\d|201[0-4])(?!\d)"
OLD = re.compile(
    rf"(?<![\d/.-])[0-3]?\d\s?[/.\-]\s?[0-3]?\d\s?[/.\-]\s?{OLD_YEAR}|(?<![\d/.-])(?:19\d\d|200\d"
    rf"|201[0-4])[/.\-][01]?\d[/.\-][0-3]?\d(?!\d)|"
    rf"\b{MONTH}\s*(?:the\s+)?{DAY}\s*,?\s*(?:of\s+|de\s+)?(?:{OLD_YEAR}|nineteen[\s-]\w+(?:[\s-]{UNIT})?)|"
    rf"\b{DAY}\b\s*(?:of\s+|de\s+)?{MONTH}\s*,?\s*(?:of\s+|de\s+|del\s+)?(?:{OLD_YEAR}"
    rf"|nineteen[\s-]\w+(?:[\s-]{UNIT})?)",
    re.IGNORECASE,
)
"""A whole date up to 2014 is nobody's next appointment."""


def births(text: str) -> Iterator[tuple[int, int]]:
    """Dates after a word for birth, and whole dates so old that they can hardly be anything else."""
    for hit in BIRTH.finditer(text):
        yield hit.span("value" if hit["value"] else "said")
    yield from (hit.span() for hit in OLD.finditer(text))
