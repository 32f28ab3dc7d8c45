"""What stands on the person's copy of a plan, from top to bottom: one source for every paper and for plain text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from true_api.outlets.plans.wording import WORDINGS, Wording
from true_api.rooms.plans.schemas import OwnPlanDraft, PlanDraft, SafetyPlanDraft
from true_api.rooms.plans.tables import Plan
from true_api.rooms.plans.vocabulary import OverdoseStep, PlanKind, PlanLanguage, SupporterRole

Entries = Mapping[str, Sequence[Mapping[str, str]]]
"""The parts of a plan in the clear, as the room reads them."""

ALWAYS: Final[Mapping[PlanKind, tuple[str, ...]]] = {
    PlanKind.SAFETY: ("people_to_ask", "services"),
    PlanKind.OWN: (),
}
"""Parts that are printed for their blank lines, also where nothing was said."""
PEOPLE: Final[Mapping[str, int]] = {"distractions": 1, "people_to_ask": 3, "services": 2, "who_helps": 2}
"""How many lines for a name and a number each part has: they are written by hand, and stored nowhere (privacy.md 5)."""
DRAFTS: Final[Mapping[PlanKind, type[PlanDraft]]] = {PlanKind.SAFETY: SafetyPlanDraft, PlanKind.OWN: OwnPlanDraft}


@dataclass(frozen=True)
class Part:
    """One part: its heading, what was said, and the rows of blank lines by what belongs on each."""

    heading: str
    entries: tuple[str, ...]
    blanks: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A plan as it is handed out: no name, code, id or program, and nothing that leads to one."""

    language: PlanLanguage
    title: str
    days: tuple[str, ...]
    crisis: tuple[str, ...]
    crisis_first: bool
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()


def sheet(plan: Plan, entries: Entries) -> Sheet:
    """The sheet of one version of a plan, in the language that it is written in."""
    words = WORDINGS[plan.written_in]
    days = [words.written.format(day=words.on(plan.written_on))]
    if plan.review_on is not None:
        days.append(words.review.format(day=words.on(plan.review_on)))
    return Sheet(
        language=plan.written_in,
        title=words.titles[plan.kind],
        days=tuple(days),
        crisis=words.crisis,
        crisis_first=plan.kind is PlanKind.SAFETY,
        parts=tuple(_parts(plan.kind, entries, words)),
    )


def _parts(kind: PlanKind, entries: Entries, words: Wording) -> Iterator[Part]:
    for name in DRAFTS[kind].model_fields:
        if name in entries or name in ALWAYS[kind]:
            said = tuple(_said(entry, words) for entry in entries.get(name, ()))
            yield Part(words.headings[name], said, tuple(_blanks(name, words)))


def _said(entry: Mapping[str, str], words: Wording) -> str:
    """What was chosen, then the person's own words; line breaks in them are spaces here."""
    chosen = (
        *([words.roles[SupporterRole(entry["role"])]] if "role" in entry else []),
        *([words.steps[OverdoseStep(entry["step"])]] if "step" in entry else []),
    )
    own = " ".join(entry.get("words", "").split())
    return ": ".join(said for said in (*chosen, own) if said)


def _blanks(part: str, words: Wording) -> Iterator[tuple[str, ...]]:
    for _ in range(PEOPLE.get(part, 0)):
        yield words.name, words.number
    if part == "overdose_safety":
        yield (words.where_naloxone_is,)
        yield (words.who_knows,)
