"""What a printed plan says beside the person's own words, in the languages that plans are written in.

Labels are our own, in the first person, and say in every-day words what each part is for (domain.md, "Safety plan").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from true_api.outlets.slips.wording import ENGLISH as ENGLISH_DAYS
from true_api.outlets.slips.wording import SPANISH as SPANISH_DAYS
from true_api.rooms.plans.vocabulary import OverdoseStep, PlanKind, PlanLanguage, SupporterRole


@dataclass(frozen=True)
class Wording:
    """The words of one language."""

    titles: Mapping[PlanKind, str]
    headings: Mapping[str, str]
    steps: Mapping[OverdoseStep, str]
    roles: Mapping[SupporterRole, str]
    crisis: tuple[str, ...]
    written: str
    review: str
    name: str
    number: str
    where_naloxone_is: str
    who_knows: str
    unprintable: str
    day: str
    months: tuple[str, ...]

    def on(self, day: date) -> str:
        """A day as it is written."""
        return self.day.format(month=self.months[day.month - 1], day=day.day, year=day.year)


ENGLISH = Wording(
    titles={PlanKind.SAFETY: "My plan for hard days", PlanKind.OWN: "My plan"},
    headings={
        "warning_signs": "How I notice that it is getting hard",
        "coping": "What I can do by myself",
        "distractions": "Where I can go, and whose company does me good",
        "people_to_ask": "Who can help me",
        "services": "Places where they know what to do",
        "safer_surroundings": "What makes the place where I am safer",
        "reasons_for_living": "What I stay for",
        "overdose_safety": "If I use: what keeps me safe",
        "strengths": "What is going well",
        "hopes": "What I hope for",
        "next_step": "My next step",
        "what_helps": "What helps me",
        "who_helps": "Who helps me",
    },
    steps={
        OverdoseStep.NOT_ALONE: "I am not alone when I use",
        OverdoseStep.CHECKED_ON: "Somebody checks on me at a time that we agreed",
        OverdoseStep.SPOTTER_LINE: "I call a line that stays with me while I use",
        OverdoseStep.SPOTTER_APP: "I use an app that calls for help when I stop answering",
        OverdoseStep.DOOR_UNLOCKED: "I leave the door unlocked",
        OverdoseStep.TEST_FIRST: "I test first",
        OverdoseStep.START_LOW: "I start with a little, and wait",
        OverdoseStep.LESS_AFTER_A_BREAK: "After a break I take much less: my body is not used to it any more",
        OverdoseStep.NO_MIXING: "I do not mix",
        OverdoseStep.TAKING_TURNS: "We take turns, so that one of us is awake",
        OverdoseStep.NALOXONE_AT_HAND: "Naloxone is within reach",
        OverdoseStep.OTHERS_KNOW_WHERE_NALOXONE_IS: "Others know where the naloxone is, and how to give it",
        OverdoseStep.EARLY_SIGNS_KNOWN: "We know the early signs: slow breath, blue lips, no answer",
        OverdoseStep.RESCUE_IS_CALLED: "We call 911, and stay",
    },
    roles={
        SupporterRole.SOMEBODY_I_LIVE_WITH: "Somebody I live with",
        SupporterRole.FAMILY: "Family",
        SupporterRole.FRIEND: "A friend",
        SupporterRole.PARTNER: "My partner",
        SupporterRole.NEIGHBOR: "A neighbor",
        SupporterRole.PEER_SPECIALIST: "A peer specialist",
        SupporterRole.SOMEBODY_IN_RECOVERY: "Somebody who is in recovery",
        SupporterRole.FAITH_LEADER: "Somebody of my faith",
        SupporterRole.COUNSELOR: "A counselor",
        SupporterRole.CASE_MANAGER: "A case manager",
        SupporterRole.DOCTOR_OR_NURSE: "A doctor or a nurse",
        SupporterRole.PHARMACIST: "A pharmacist",
        SupporterRole.SHELTER_STAFF: "Somebody at the shelter",
        SupporterRole.TEACHER_OR_COACH: "A teacher or a coach",
        SupporterRole.SOMEBODY_ELSE: "Somebody else",
    },
    crisis=(
        "988: call or text, day and night. Somebody listens.",
        "911: when somebody does not wake up, or there is danger now.",
    ),
    written="Written on {day}.",
    review="To look at again on {day}.",
    name="Name",
    number="Number",
    where_naloxone_is="Where the naloxone is",
    who_knows="Who knows",
    unprintable="A ? stands where this paper cannot show a sign. The same plan as plain text has them all.",
    day="{month} {day}, {year}",
    months=ENGLISH_DAYS.months,
)
SPANISH = Wording(
    titles={PlanKind.SAFETY: "Mi plan para los días difíciles", PlanKind.OWN: "Mi plan"},
    headings={
        "warning_signs": "Cómo noto que se pone difícil",
        "coping": "Lo que puedo hacer por mi cuenta",
        "distractions": "Adónde puedo ir y qué compañía me hace bien",
        "people_to_ask": "Quién me puede ayudar",
        "services": "Lugares donde saben qué hacer",
        "safer_surroundings": "Lo que hace más seguro el lugar donde estoy",
        "reasons_for_living": "Por lo que sigo aquí",
        "overdose_safety": "Si consumo: lo que me protege",
        "strengths": "Lo que va bien",
        "hopes": "Lo que espero",
        "next_step": "Mi próximo paso",
        "what_helps": "Lo que me ayuda",
        "who_helps": "Quién me ayuda",
    },
    steps={
        OverdoseStep.NOT_ALONE: "No consumo sin compañía",
        OverdoseStep.CHECKED_ON: "Alguien pasa a verme a la hora que acordamos",
        OverdoseStep.SPOTTER_LINE: "Llamo a una línea que se queda conmigo mientras consumo",
        OverdoseStep.SPOTTER_APP: "Uso una aplicación que pide ayuda si dejo de contestar",
        OverdoseStep.DOOR_UNLOCKED: "Dejo la puerta sin llave",
        OverdoseStep.TEST_FIRST: "Primero hago la prueba",
        OverdoseStep.START_LOW: "Empiezo con poco y espero",
        OverdoseStep.LESS_AFTER_A_BREAK: "Después de una pausa uso mucho menos: mi cuerpo ya no está acostumbrado",
        OverdoseStep.NO_MIXING: "No mezclo",
        OverdoseStep.TAKING_TURNS: "Nos turnamos, para que siempre haya alguien despierto",
        OverdoseStep.NALOXONE_AT_HAND: "La naloxona está a la mano",
        OverdoseStep.OTHERS_KNOW_WHERE_NALOXONE_IS: "Otras personas saben dónde está la naloxona y cómo se da",
        OverdoseStep.EARLY_SIGNS_KNOWN: "Conocemos las primeras señales: respiración lenta, labios azules, no contesta",
        OverdoseStep.RESCUE_IS_CALLED: "Llamamos al 911 y nos quedamos",
    },
    roles={
        SupporterRole.SOMEBODY_I_LIVE_WITH: "Alguien con quien vivo",
        SupporterRole.FAMILY: "Mi familia",
        SupporterRole.FRIEND: "Una amistad",
        SupporterRole.PARTNER: "Mi pareja",
        SupporterRole.NEIGHBOR: "Alguien del vecindario",
        SupporterRole.PEER_SPECIALIST: "Especialista de apoyo entre pares",
        SupporterRole.SOMEBODY_IN_RECOVERY: "Alguien en recuperación",
        SupporterRole.FAITH_LEADER: "Alguien de mi fe",
        SupporterRole.COUNSELOR: "Consejería",
        SupporterRole.CASE_MANAGER: "Quien lleva mi caso",
        SupporterRole.DOCTOR_OR_NURSE: "Personal médico o de enfermería",
        SupporterRole.PHARMACIST: "La farmacia",
        SupporterRole.SHELTER_STAFF: "Alguien del albergue",
        SupporterRole.TEACHER_OR_COACH: "Mi maestra, maestro o entrenador",
        SupporterRole.SOMEBODY_ELSE: "Otra persona",
    },
    crisis=(
        "988: llame o escriba, de día y de noche. En español, oprima 2 o mande AYUDA.",
        "911: cuando alguien no despierta o hay peligro ahora.",
    ),
    written="Escrito el {day}.",
    review="Para verlo de nuevo el {day}.",
    name="Nombre",
    number="Número",
    where_naloxone_is="Dónde está la naloxona",
    who_knows="Quién lo sabe",
    unprintable="Hay un ? donde este papel no puede mostrar un signo. El mismo plan como texto los tiene todos.",
    day="{day} de {month} de {year}",
    months=SPANISH_DAYS.months,
)
WORDINGS: Mapping[PlanLanguage, Wording] = {PlanLanguage.EN: ENGLISH, PlanLanguage.ES: SPANISH}
