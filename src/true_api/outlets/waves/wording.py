"""What a wave says in words, in the languages that it is shown in: plain ones, and never the name of a stage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from true_api.outlets.slips.wording import ENGLISH as ENGLISH_DAYS
from true_api.outlets.slips.wording import SPANISH as SPANISH_DAYS
from true_api.rooms.readiness.vocabulary import IN_WORDS, Focus, NextStep, StageInWords

RULERS = ("importance", "confidence", "readiness")


class WaveLanguage(StrEnum):
    """In which language a wave is shown."""

    EN = "en"
    ES = "es"


@dataclass(frozen=True)
class Wording:
    """The words of one language. What was not asked is not said; that somebody would rather not say is."""

    title: str
    nothing: str
    about: str
    rulers: Mapping[str, str]
    stages: Mapping[StageInWords, str]
    focuses: Mapping[Focus, str]
    next: str
    steps: Mapping[NextStep, str]
    day: str
    months: tuple[str, ...]

    def on(self, day: date) -> str:
        """A day in few letters."""
        return self.day.format(month=self.months[day.month - 1][:3], day=day.day, year=day.year)

    def said(self, note: Any) -> str | None:
        """What somebody said on a day, but for the rulers; None where none of it was asked."""
        parts = [self.stages.get(IN_WORDS[note.stage])]
        if note.focus in self.focuses:
            parts.append(self.about.format(focus=self.focuses[note.focus]))
        if note.next_step in self.steps:
            parts.append(self.next.format(step=self.steps[note.next_step]))
        return " ".join(f"{part}." for part in parts if part) or None

    def marked(self, note: Any) -> str:
        """The rulers of a day, those that were said."""
        marks = ((self.rulers[name], getattr(note, name)) for name in RULERS)
        return ", ".join(f"{label} {mark}" for label, mark in marks if mark is not None)


ENGLISH = Wording(
    title="What was said, day by day",
    nothing="Nothing has been said yet, and that is all right.",
    about="About {focus}",
    rulers={
        "importance": "How much it matters",
        "confidence": "How sure they feel",
        "readiness": "How ready they feel",
    },
    stages={
        StageInWords.NOT_NOW: "Not now",
        StageInWords.THINKING_ABOUT_IT: "Thinking about it",
        StageInWords.GETTING_READY: "Getting ready",
        StageInWords.DOING_IT: "Doing it",
        StageInWords.KEEPING_IT_UP: "Keeping it up",
        StageInWords.PREFERS_NOT_TO_SAY: "Would rather not say",
    },
    focuses={
        Focus.SAFER_USE: "safer use",
        Focus.USE_LESS: "using less",
        Focus.STOP: "stopping",
        Focus.HEALTH: "health",
        Focus.MENTAL_HEALTH: "mental health",
        Focus.HOUSING: "a place to live",
        Focus.RELATIONSHIPS: "the people in their life",
        Focus.WORK: "work",
        Focus.LEGAL: "legal matters",
        Focus.OTHER: "something of their own",
    },
    next="Next: {step}",
    steps={
        NextStep.NONE_TODAY: "nothing today",
        NextStep.TALK_AGAIN: "talk again",
        NextStep.CARRY_NALOXONE: "carry naloxone",
        NextStep.NOT_USE_ALONE: "not use alone",
        NextStep.CHECK_DRUGS_FIRST: "check drugs first",
        NextStep.PICK_UP_SUPPLIES: "pick up supplies",
        NextStep.MAKE_A_SAFETY_PLAN: "make a safety plan",
        NextStep.LEARN_ABOUT_OPTIONS: "learn about options",
        NextStep.CALL_A_SERVICE_TOGETHER: "call a service together",
        NextStep.VISIT_A_SERVICE: "visit a service",
        NextStep.SEE_A_CLINICIAN: "see a clinician",
        NextStep.REACH_OUT_TO_SOMEONE: "reach out to somebody",
        NextStep.GET_DOCUMENTS: "get documents",
        NextStep.OTHER: "something of their own",
    },
    day="{month} {day}, {year}",
    months=ENGLISH_DAYS.months,
)
SPANISH = Wording(
    title="Lo que dijo, día por día",
    nothing="Todavía no se ha dicho nada, y está bien.",
    about="Sobre {focus}",
    rulers={
        "importance": "Cuánto le importa",
        "confidence": "Cuánta confianza siente",
        "readiness": "Cuánta disposición siente",
    },
    stages={
        StageInWords.NOT_NOW: "Ahora no",
        StageInWords.THINKING_ABOUT_IT: "Lo está pensando",
        StageInWords.GETTING_READY: "Se está preparando",
        StageInWords.DOING_IT: "Lo está haciendo",
        StageInWords.KEEPING_IT_UP: "Lo está manteniendo",
        StageInWords.PREFERS_NOT_TO_SAY: "Prefiere no decirlo",
    },
    focuses={
        Focus.SAFER_USE: "consumir con menos riesgo",
        Focus.USE_LESS: "consumir menos",
        Focus.STOP: "dejar de consumir",
        Focus.HEALTH: "la salud",
        Focus.MENTAL_HEALTH: "la salud mental",
        Focus.HOUSING: "un lugar donde vivir",
        Focus.RELATIONSHIPS: "las personas de su vida",
        Focus.WORK: "el trabajo",
        Focus.LEGAL: "asuntos legales",
        Focus.OTHER: "algo propio",
    },
    next="Lo que sigue: {step}",
    steps={
        NextStep.NONE_TODAY: "nada por hoy",
        NextStep.TALK_AGAIN: "hablar otra vez",
        NextStep.CARRY_NALOXONE: "llevar naloxona",
        NextStep.NOT_USE_ALONE: "no consumir sin compañía",
        NextStep.CHECK_DRUGS_FIRST: "analizar antes de usar",
        NextStep.PICK_UP_SUPPLIES: "recoger materiales",
        NextStep.MAKE_A_SAFETY_PLAN: "hacer un plan para los días difíciles",
        NextStep.LEARN_ABOUT_OPTIONS: "conocer las opciones",
        NextStep.CALL_A_SERVICE_TOGETHER: "llamar a un servicio en compañía",
        NextStep.VISIT_A_SERVICE: "ir a un servicio",
        NextStep.SEE_A_CLINICIAN: "ver a personal médico",
        NextStep.REACH_OUT_TO_SOMEONE: "buscar a alguien",
        NextStep.GET_DOCUMENTS: "conseguir documentos",
        NextStep.OTHER: "algo propio",
    },
    day="{day} {month} {year}",
    months=SPANISH_DAYS.months,
)
WORDINGS: Mapping[WaveLanguage, Wording] = {WaveLanguage.EN: ENGLISH, WaveLanguage.ES: SPANISH}
