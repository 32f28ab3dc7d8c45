"""What each method of drug checking can and cannot say, as versioned texts: they go with every answer that has results.

The figures for strips are those of PMC9588631, for fentanyl; FTIR is told as a rule of thumb of about five percent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from true_api.rooms.drug_checks.vocabulary import CheckMethod

LANGUAGES: Final = ("en", "es")


@dataclass(frozen=True)
class Limits:
    """One version of the texts, by language: how to read any result, and the limits of each method."""

    version: str
    effective_from: date
    reading: Mapping[str, str]
    methods: Mapping[CheckMethod, Mapping[str, str]]
    sources: Mapping[CheckMethod, str]


_READING = {
    "en": (
        "No result says that something is safe. Not detected means that this method did not find this target in this "
        "part of this sample; the rest of the same bag may be different. Not using alone, starting with less, and "
        "naloxone within reach matter after every result."
    ),
    "es": (
        "Ningún resultado dice que algo sea seguro. No detectado significa que este método no encontró lo que buscaba "
        "en esta parte de esta muestra; el resto de la misma bolsa puede ser distinto. No consumir a solas, empezar "
        "con menos y tener naloxona a mano importan después de cualquier resultado."
    ),
}

_METHODS = {
    CheckMethod.STRIP: {
        "en": (
            "A test strip says whether its target was found, not how much of it. Of 1,000 samples with fentanyl, "
            "fentanyl strips found it in about 985 (sensitivity 98.5 %); of 1,000 without, they still showed it in "
            "about 108 (specificity 89.2 %). They miss some analogues. Strips for other targets have limits of their "
            "own, which these figures do not tell."
        ),
        "es": (
            "Una tira reactiva dice si se encontró lo que busca, no cuánto hay. De 1,000 muestras con fentanilo, las "
            "tiras de fentanilo lo encontraron en unas 985 (sensibilidad 98.5 %); de 1,000 sin fentanilo, lo señalaron "
            "de todos modos en unas 108 (especificidad 89.2 %). No detectan algunos análogos. Las tiras para otras "
            "sustancias tienen sus propios límites, que estas cifras no describen."
        ),
    },
    CheckMethod.FTIR: {
        "en": (
            "Infrared spectroscopy (FTIR) sees what makes up about 5 % of a sample or more. Strong substances are "
            "often there in less than that, fentanyl and nitazenes among them, and then it does not see them."
        ),
        "es": (
            "La espectroscopia infrarroja (FTIR) ve lo que forma alrededor del 5 % de la muestra o más. Las sustancias "
            "potentes, entre ellas el fentanilo y los nitazenos, suelen estar en menor cantidad, y entonces no las ve."
        ),
    },
    CheckMethod.REAGENT: {
        "en": (
            "A reagent changes color with a family of substances. It says that something of the family may be there, "
            "not which one and not how much; one color can cover another."
        ),
        "es": (
            "Un reactivo cambia de color con una familia de sustancias. Dice que puede haber algo de esa familia, no "
            "cuál ni cuánto; un color puede tapar a otro."
        ),
    },
    CheckMethod.GC_MS: {
        "en": (
            "Gas chromatography with mass spectrometry (GC-MS) names what its library knows. A substance too new for "
            "the library, or one that heat breaks apart, can be missed; the answer comes days later."
        ),
        "es": (
            "La cromatografía de gases con espectrometría de masas (GC-MS) nombra lo que su biblioteca conoce. Puede "
            "no ver una sustancia demasiado nueva para la biblioteca, o una que el calor descompone; la respuesta "
            "llega días después."
        ),
    },
    CheckMethod.LC_MS: {
        "en": (
            "Liquid chromatography with mass spectrometry (LC-MS) sees very small amounts of what it was told to look "
            "for or its library knows. A substance that is too new can be missed; the answer comes days later."
        ),
        "es": (
            "La cromatografía líquida con espectrometría de masas (LC-MS) ve cantidades muy pequeñas de lo que se le "
            "pidió buscar o de lo que su biblioteca conoce. Puede no ver una sustancia demasiado nueva; la respuesta "
            "llega días después."
        ),
    },
}

_SOURCES = {
    CheckMethod.STRIP: "PMC9588631",
    CheckMethod.FTIR: "rule of thumb of the field: about 5 % and up",
    CheckMethod.REAGENT: "presence of a family, by the method itself",
    CheckMethod.GC_MS: "finds what its library knows, by the method itself",
    CheckMethod.LC_MS: "finds what its library knows, by the method itself",
}

_VERSIONS = (Limits("2026-11", date(2026, 11, 1), _READING, MappingProxyType(_METHODS), MappingProxyType(_SOURCES)),)

CURRENT_LIMITS: Final = _VERSIONS[-1]
"""The texts that go with every answer now."""
