"""The person's own record as a PDF: no code, no name, no program on it, because paper is found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from true_api.journeys.own_record import Look
from true_api.kernel.schemas import View
from true_api.outlets.accounting.pages import Sheet
from true_api.outlets.own_record.plain_words import Names, facts

ABOUT = (
    "This is what is kept of you here, and who inside looked at it. It is yours. Your code and your name do not stand "
    "on it. What you agreed that others may know, and who was told, is on a paper of its own: ask for the accounting. "
    "Your plans have a copy of their own too. If something is wrong, say so: it can be put right, or taken out."
)
NOBODY = "Somebody who does not work here any more"


@dataclass(frozen=True)
class Entry:
    """One record: its day, what it is, its facts, and what was written in it by the name of the field."""

    on: date
    kind: str
    record: View
    words: dict[str, str]


def draw(entries: Sequence[Entry], looks: Sequence[Look], names: Names, today: date) -> bytes:
    """The whole record, newest first, and then who looked; `names` says what organizations are called."""
    sheet = Sheet()
    sheet.heading("Your own record")
    sheet.paragraph(f"{ABOUT} Printed on {today}.")
    for entry in entries:
        sheet.heading(f"{entry.on}  {entry.kind}")
        for label, said in facts(entry.record, names):
            sheet.fact(label, said)
        for field, text in sorted(entry.words.items()):
            sheet.fact(field.replace("_", " ").capitalize(), text)
        sheet.ln(2)
    sheet.heading("Who looked")
    if not looks:
        sheet.paragraph("Nobody.")
        return bytes(sheet.output())
    rows = [(str(look.on), look.member or NOBODY, look.role, _opened(look), str(look.times)) for look in looks]
    sheet.rows(("Day", "Who", "As", "What", "Times"), rows, (16, 40, 20, 36, 10))
    return bytes(sheet.output())


def _opened(look: Look) -> str:
    """What was opened or written, from the permission that the door asked for."""
    what, _, how = look.permission.partition(":")
    return f"{what.replace('_', ' ')}: {how.replace('_', ' ')}"
