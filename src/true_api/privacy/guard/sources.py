"""Names and ordinary words as maintained packages keep them: read from their files, never copied into this tree.

Names come from Faker (its lists of each locale) and zxcvbn (the US census); words from pyspellchecker (English and
Spanish, with how often each is said) and zxcvbn (words of articles and films). Importing Faker costs 60 MB and 0.4 s,
so its lists are read as the text that they are.
"""

import gzip
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from true_api.privacy.guard.scripts import latin

FIRST, LAST, CENSUS = "first", "last", "census"
MOST_GIVEN = 500
ASSIGNED = re.compile(r"^    (\w*names?\w*)\s*(?::[^=\n]+)?=\s*(.*?)(?=^    \w|\Z)", re.MULTILINE | re.DOTALL)
"""A list of a provider: what its class assigns, to the next line at the same depth."""
QUOTED = re.compile(r'"([^"\n]+)"')
NOT_LISTS = ("format", "prefix", "suffix", "kana", "language")
COUNTED = re.compile(rb'("(?:[^"\\]|\\.)+"): (\d+)')
PARTS = re.compile(r"[a-z]+(?:'[a-z]+)?")

ENGLISH = "en en_GB en_IE en_IN en_KE en_NG en_NZ en_PK en_TH en_US ga_IE"
LATIN = (
    "es_AR es_CL es_CO es_ES es_MX fr_BE fr_CA fr_CH fr_DZ fr_FR fr_QC pt_BR pt_PT it_IT de_DE de_AT de_CH nl_NL nl_BE"
    " da_DK no_NO sv_SE fi_FI is_IS pl_PL cs_CZ sk_SK hr_HR sl_SI hu_HU ro_RO lt_LT lv_LV et_EE tr_TR az_AZ uz_UZ id_ID"
    " sw zu_ZA yo_NG ig_NG ha_NG tw_GH vi_VN zh_CN zh_TW ja_JP"
)
OTHER_SCRIPTS = "ru_RU uk_UA bg_BG mk_MK hi_IN mr_IN ne_NP bn_BD gu_IN or_IN ta_IN"
LOCALES = f"{ENGLISH} {LATIN} {OTHER_SCRIPTS}".split()


def _folder(package: str) -> Path:
    found = find_spec(package)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(package)
    return Path(found.origin).parent


@lru_cache(maxsize=8)
def of_locale(locale: str) -> dict[str, tuple[str, ...]]:
    """The first and last names of a Faker locale as they are written there."""
    written = (_folder("faker") / "providers/person" / locale / "__init__.py").read_text(encoding="utf-8")
    names: dict[str, list[str]] = {FIRST: [], LAST: []}
    for assigned, listed in ASSIGNED.findall(written):
        if any(word in assigned for word in NOT_LISTS):
            continue
        kind = LAST if "last" in assigned else FIRST
        names[kind].extend(name for name in QUOTED.findall(listed) if "{" not in name and not re.search(r"\d", name))
    return {kind: tuple(dict.fromkeys(listed)) for kind, listed in names.items()}


def parts_of(name: str) -> list[str]:
    """The words of a name in plain Latin letters: `Jean-Baptiste` has two."""
    return PARTS.findall(latin(name))


def names_listed() -> Iterator[tuple[str, str, str]]:
    """Every word of every name, with whether it is a first or a last name, and the list that has it."""
    for locale in LOCALES:
        for kind, listed in of_locale(locale).items():
            yield from ((part, kind, locale) for name in listed for part in parts_of(name))
    of_locale.cache_clear()
    for ranked, kind in (("female_names", FIRST), ("male_names", FIRST), ("surnames", LAST)):
        yield from ((name, kind, CENSUS) for name in _ranked(ranked))


def first_names_of_us() -> set[str]:
    """First names that many people of the United States have: where one is a word too, it is more often the name."""
    listed = {latin(name) for name in of_locale("en_US")[FIRST]}
    return listed.union(_ranked("female_names")[:MOST_GIVEN], _ranked("male_names")[:MOST_GIVEN])


def words_said(language: str) -> Iterator[tuple[str, int]]:
    """Words of a language (`en`, `es`) and how often they were counted; 50 where a dictionary alone has the word."""
    with gzip.open(_folder("spellchecker") / "resources" / f"{language}.json.gz") as packed:
        for counted in COUNTED.finditer(packed.read()):
            word = counted[1]
            yield json.loads(word) if b"\\" in word else word[1:-1].decode(), int(counted[2])


def words_written() -> list[str]:
    """Words of English articles and films, brands and places among them."""
    return _ranked("english_wikipedia") + _ranked("us_tv_and_film")


def _ranked(name: str) -> list[str]:
    """A list of zxcvbn, the most frequent first; importing it would keep all of them."""
    written = (_folder("zxcvbn") / "frequency_lists.py").read_text(encoding="utf-8")
    found = re.search(rf'^ *"{name}": "([^"]*)"', written, re.MULTILINE)
    return found[1].split(",") if found else []
