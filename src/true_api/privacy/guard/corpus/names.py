"""Names of people by origin, from the lists of a maintained package; what no list has is said in `UNSOURCED`."""

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from true_api.privacy.guard.scripts import latin
from true_api.privacy.guard.sources import FIRST, LAST, of_locale, parts_of

UNSOURCED = ("Filipino", "Haitian beside French", "Native American", "Hmong", "Somali beside Kenyan")
"""Origins for which no light, maintained package lists names."""

AFRICAN_AMERICAN = re.compile(
    r"(?:la|sha|ta|qua|ke|da|de|ja|ra|ty|tre|ni|she|che|mar|kei|don|dar)[a-z]*"
    r"(?:isha|esha|icia|ika|onda|onte|ante|arius|aris|aun|awn|wan|von|trice|nae|kia|tia|mya|niya|iya|quan|rell|nell|vion|iq|ique)"
    r"|keisha|ebony|imani|nia|tyrone|jamal|malik|kareem|rasheed|marquis|aaliyah|lamonte|tremaine|darell|denzell"
)
"""Given names of a form that is mostly African American in the United States, chosen from the list of all."""
MAORI = re.compile(r"^(?:(?:wh|ng|[hkmnprtw])?[aeiou])+$")
"""Words of Polynesian sound: open syllables of eight consonants."""


@dataclass(frozen=True)
class Origin:
    """First and last names of one origin, as people write them in Latin letters."""

    name: str
    first: tuple[str, ...]
    last: tuple[str, ...]
    locales: frozenset[str]
    """The lists that they are drawn from."""

    def draw(self, chance: random.Random) -> tuple[str, str]:
        """A first and a last name."""
        return chance.choice(self.first), chance.choice(self.last)


def _written(name: str) -> str:
    """As it stands where it is Latin; capitalized from other scripts; empty where it cannot be written so."""
    if re.fullmatch(r"[A-Z]+(?:-[A-Z]+)?", name):
        return name.title()
    if re.fullmatch(r"[^\W\d_]+(?:[ '\u2019-][^\W\d_]+)*", name) and not latin(name):
        return ""
    return name if name[:1].isascii() or latin(name[:1]) == name[:1].casefold() else latin(name).title()


def _drawn(locales: str, kind: str, keep: Callable[[str], bool] = bool) -> tuple[str, ...]:
    names = (_written(name) for locale in locales.split() for name in of_locale(locale)[kind])
    return tuple(dict.fromkeys(name for name in names if _fit(name) and keep(latin(name))))


def _fit(name: str) -> bool:
    odd = "." in name or name[:2].isupper() or not name[:1].isupper()
    return 1 < len(name) < 24 and not odd and len(parts_of(name)) in (1, 2)


def _of(name: str, locales: str) -> Origin:
    """First names that are common in the United States too are left to the first origin."""
    return Origin(name, _drawn(locales, FIRST, _not_american), _drawn(locales, LAST), frozenset(locales.split()))


@lru_cache(maxsize=1)
def _american() -> frozenset[str]:
    return frozenset(latin(name) for name in of_locale("en_US")[FIRST])


def _not_american(name: str) -> bool:
    return name not in _american()


def _is_pacific(name: str) -> bool:
    return len(name) > 3 and MAORI.fullmatch(name) is not None and _not_american(name)


@lru_cache(maxsize=1)
def origins() -> tuple[Origin, ...]:
    """Every origin that a source exists for; where fathers' names serve as last names, first names stand for both."""
    american = Origin("Anglo-American", _drawn("en_US", FIRST), _drawn("en_US", LAST), frozenset({"en", "en_US"}))
    african = _drawn("en", FIRST, lambda name: AFRICAN_AMERICAN.fullmatch(name) is not None)
    tamil, pacific = _drawn("ta_IN", FIRST), _drawn("en_NZ", FIRST, _is_pacific)
    return (
        american,
        Origin("African American", african, american.last, american.locales),
        _of("Hispanic and Latino", "es_MX es_CO es_CL es_AR"),
        _of("Indian (all of India)", "en_IN"),
        _of("Indian (Hindi, Marathi)", "hi_IN mr_IN"),
        _of("Indian (Bengali, Odia)", "bn_BD or_IN"),
        Origin("Indian (Tamil)", tamil, tamil, frozenset({"ta_IN"})),
        _of("Nepali and Gujarati", "ne_NP gu_IN"),
        _of("Pakistani", "en_PK"),
        _of("Arabic (North African)", "fr_DZ"),
        _of("Chinese (romanized)", "zh_CN zh_TW"),
        _of("Vietnamese", "vi_VN"),
        _of("Thai and Indonesian", "en_TH id_ID"),
        _of("Yoruba", "yo_NG"),
        _of("Igbo", "ig_NG"),
        _of("Zulu", "zu_ZA"),
        _of("Ghanaian (Twi)", "tw_GH"),
        _of("Kenyan", "en_KE"),
        _of("French and Haitian French", "fr_FR fr_CA fr_BE"),
        _of("Russian and Ukrainian", "ru_RU uk_UA"),
        _of("Polish and Croatian", "pl_PL hr_HR"),
        Origin("Maori and Pacific", pacific, pacific, frozenset({"en_NZ"})),
    )


def words_of(names: Iterable[str]) -> set[str]:
    """Every plain word of the names."""
    return {part for name in names for part in parts_of(name)}
