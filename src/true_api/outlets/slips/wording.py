"""What a slip says, in the languages that slips are printed in: labels, days, things to bring, and never what for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from true_api.outlets.slips.layout import Told
from true_api.privacy.terms import PartOfDay
from true_api.rooms.referrals.slips import ToCarry
from true_api.rooms.referrals.vocabulary import ThingToBring


class SlipLanguage(StrEnum):
    """In which language a slip is printed."""

    EN = "en"
    ES = "es"


@dataclass(frozen=True)
class Wording:
    """The words of one language."""

    where: str
    when: str
    held_until: str
    ask_for: str
    bring: str
    day: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    parts: Mapping[PartOfDay, str]
    things: Mapping[ThingToBring, str]

    def written(self, day: date) -> str:
        """A day as it is said, without its year: a slip is not carried for long."""
        month = self.months[day.month - 1]
        return self.day.format(weekday=self.weekdays[day.weekday()], month=month, day=day.day)


ENGLISH = Wording(
    where="Where",
    when="When",
    held_until="A place is held until",
    ask_for="Ask for",
    bring="Bring along",
    day="{weekday}, {month} {day}",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    parts={
        PartOfDay.NIGHT: "at night",
        PartOfDay.MORNING: "in the morning",
        PartOfDay.AFTERNOON: "in the afternoon",
        PartOfDay.EVENING: "in the evening",
    },
    things={
        ThingToBring.PHOTO_ID: "photo ID",
        ThingToBring.ANY_ID: "any paper with your name",
        ThingToBring.INSURANCE_CARD: "insurance card",
        ThingToBring.MEDICINES: "what you take, in its box",
        ThingToBring.PROOF_OF_INCOME: "proof of income",
        ThingToBring.LETTER: "the letter you were given",
        ThingToBring.CHANGE_OF_CLOTHES: "a change of clothes",
        ThingToBring.PHONE_AND_CHARGER: "phone and charger",
        ThingToBring.SOMEBODY_TRUSTED: "somebody you trust",
    },
)
SPANISH = Wording(
    where="Dónde",
    when="Cuándo",
    held_until="Le guardan un lugar hasta",
    ask_for="Pregunte por",
    bring="Traiga",
    day="{weekday} {day} de {month}",
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    months=(
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    parts={
        PartOfDay.NIGHT: "de noche",
        PartOfDay.MORNING: "por la mañana",
        PartOfDay.AFTERNOON: "por la tarde",
        PartOfDay.EVENING: "al anochecer",
    },
    things={
        ThingToBring.PHOTO_ID: "identificación con foto",
        ThingToBring.ANY_ID: "cualquier papel con su nombre",
        ThingToBring.INSURANCE_CARD: "tarjeta del seguro",
        ThingToBring.MEDICINES: "lo que toma, en su caja",
        ThingToBring.PROOF_OF_INCOME: "comprobante de ingresos",
        ThingToBring.LETTER: "la carta que le dieron",
        ThingToBring.CHANGE_OF_CLOTHES: "una muda de ropa",
        ThingToBring.PHONE_AND_CHARGER: "teléfono y cargador",
        ThingToBring.SOMEBODY_TRUSTED: "alguien de confianza",
    },
)
WORDINGS: Mapping[SlipLanguage, Wording] = {SlipLanguage.EN: ENGLISH, SlipLanguage.ES: SPANISH}


def told(carried: ToCarry, language: SlipLanguage) -> tuple[Told, ...]:
    """What a slip says from top to bottom; what is not arranged is left out."""
    return tuple(_told(carried, WORDINGS[language]))


def _told(carried: ToCarry, words: Wording) -> Iterator[Told]:
    yield Told(words.where, carried.location or carried.agency)
    parts = [
        *([words.written(carried.on)] if carried.on else []),
        *([words.parts[carried.part_of_day]] if carried.part_of_day else []),
    ]
    if parts:
        yield Told(words.when, ", ".join(parts))
    if carried.held_until:
        yield Told(words.held_until, words.written(carried.held_until))
    if carried.ask_for_desk:
        yield Told(words.ask_for, carried.ask_for_desk)
    if carried.bring:
        yield Told(words.bring, ", ".join(words.things[thing] for thing in carried.bring))
