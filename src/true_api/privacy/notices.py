"""The notice that goes with every consented disclosure (42 CFR 2.32), as versioned texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

SHORT_FORM: Final = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
"""The sentence that 42 CFR 2.32(a)(2) prescribes, word for word; it alone is what the law asks for."""


@dataclass(frozen=True)
class Notice:
    """One version of the notice: the prescribed sentence, and what it means in plain words, by language (en, es)."""

    version: str
    effective_from: date
    short: str
    explained: Mapping[str, str]

    def text(self, language: str = "en") -> str:
        """The prescribed sentence and its explanation; English where a language is not kept."""
        return f"{self.short} {self.explained.get(language, self.explained['en'])}"


_EXPLAINED = {
    "en": (
        "This was shared with you because the person agreed to it, and only as far as they agreed. Federal rules on "
        "records of help with substance use (42 CFR part 2) go with it. Do not pass it on unless the person's written "
        "consent or those rules allow it. It may not be used or told against the person in a civil, criminal, "
        "administrative or legislative proceeding without their separate consent, or a court order made under "
        "42 CFR 2.61 to 2.67 together with a subpoena. When the consent ends, nothing more will reach you by it."
    ),
    "es": (
        "Esto se compartió con usted porque la persona lo autorizó, y solo hasta donde lo autorizó. Lo protegen las "
        "normas federales sobre registros de ayuda por consumo de sustancias (42 CFR parte 2). No lo comparta con "
        "nadie más, salvo que lo permitan el consentimiento escrito de la persona o esas normas. No puede usarse ni "
        "revelarse contra la persona en un proceso civil, penal, administrativo o legislativo sin su consentimiento "
        "aparte, o sin una orden judicial conforme a 42 CFR 2.61 a 2.67 junto con una citación. Cuando termine el "
        "consentimiento, no recibirá nada más por él."
    ),
}

_VERSIONS = (Notice("2026-11", date(2026, 11, 1), SHORT_FORM, _EXPLAINED),)
_BEFORE = {"1": "2026-11", "before-2026-11": "2026-11"}
"""Consents given before notices had versions; what is disclosed by them today carries the first of these texts."""

CURRENT_NOTICE: Final = _VERSIONS[-1].version
"""The version that a consent names when it is given now."""


def notice(version: str) -> Notice:
    """The notice of this version. Raises `LookupError` where there is none."""
    wanted = _BEFORE.get(version, version)
    for known in _VERSIONS:
        if known.version == wanted:
            return known
    raise LookupError(f"no notice has the version {version}")


def notices() -> tuple[Notice, ...]:
    """Every version, the oldest first."""
    return _VERSIONS
