"""What is printed: the accounting, an intermediary's list, the record of an emergency, and the letter."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from true_api.outlets.accounting.pages import Sheet
from true_api.rooms.disclosures.accounting import Line
from true_api.rooms.vocabularies.wording import label_of

LETTER = (
    "We received a request from you for records, information or testimony.",
    "Because of how this program works, it gives the same answer to every request of this kind, whoever it is about. "
    "Federal law (42 U.S.C. 290dd-2 and 42 CFR part 2) restricts what may be said of anybody who is, was or might have "
    "been in contact with services of a certain kind. We can therefore neither confirm nor deny that any person has "
    "ever sought or received anything here, nor that there are any records about any person.",
    "Nothing in this letter means that a record exists, or that none does.",
    "Under that law, a subpoena, a search warrant or another request does not by itself allow anything to be "
    "disclosed. What it takes is the written consent of the person for that purpose, or an order of a court of "
    "competent jurisdiction made under 42 CFR 2.61 to 2.67, after the notice and findings that those sections "
    "ask for; an order of that kind allows a disclosure, and a subpoena together with it may require one.",
    "Please send further correspondence on this matter to our legal counsel, in writing. A copy of 42 CFR part 2 "
    "can be read at www.ecfr.gov.",
)
"""Own wording after 42 CFR 2.13(c): the same for everybody, so that it says nothing of anybody."""


def letter() -> bytes:
    """The answer that neither confirms nor denies; the same bytes every time, without a code or a person."""
    sheet = Sheet()
    for name in ("Date", "To", "Your reference"):
        sheet.blank(name)
    sheet.ln(6)
    sheet.heading("Answer to your request")
    for text in LETTER:
        sheet.paragraph(text)
    for name in ("Signature", "Name and function", "Legal counsel (name and address)"):
        sheet.blank(name)
    return bytes(sheet.output())


def accounting(lines: Sequence[Line], since: date, until: date) -> bytes:
    """The accounting of one person's disclosures; it names nobody but those who were told."""
    sheet = Sheet()
    sheet.heading("Accounting of disclosures")
    sheet.paragraph(
        f"What was disclosed from {since} to {until}, by 42 CFR 2.25 and 45 CFR 164.528. Disclosures of one day that "
        "were alike stand on one line. The reference of a consent stands on the paper that was signed."
    )
    sheet.blank("For (written by hand)")
    sheet.ln(4)
    if not lines:
        sheet.paragraph("Nothing was disclosed in this time.")
        return bytes(sheet.output())
    head = ("Day", "To", "What", "Purpose", "Allowed by", "Times")
    sheet.rows(head, [_accounted(line) for line in lines], (13, 22, 37, 17, 26, 8))
    return bytes(sheet.output())


def _accounted(line: Line) -> tuple[str, ...]:
    whom = line.organization or line.facility
    kind = label_of("recipient", line.recipient)
    what = ", ".join(label_of("category", name) for name in line.categories)
    shown = f" ({', '.join(name.replace('_', ' ') for name in line.fields)})" if line.fields else ""
    basis = label_of("legal_basis", line.basis)
    by = "\n".join([basis, *line.consents])
    purpose = label_of("disclosure_purpose", line.purpose)
    return str(line.disclosed_on), f"{whom} ({kind})" if whom else kind, what + shown, purpose, by, str(line.times)


def intermediary(lines: Sequence[Line], since: date, until: date) -> bytes:
    """The entities that received something by an intermediary's consent (42 CFR 2.24)."""
    sheet = Sheet()
    sheet.heading("Recipients through an intermediary")
    sheet.paragraph(f"Who received something from {since} to {until} by consent to an intermediary (42 CFR 2.24).")
    sheet.blank("For (written by hand)")
    sheet.ln(4)
    if not lines:
        sheet.paragraph("Nobody received anything in this way in this time.")
        return bytes(sheet.output())
    rows = [
        (
            line.organization or "",
            str(line.disclosed_on),
            ", ".join(label_of("category", name) for name in line.categories),
        )
        for line in lines
    ]
    sheet.rows(("Entity", "Day", "What"), rows, (40, 20, 50))
    return bytes(sheet.output())


def emergency(told: dict[str, Any], facility: str | None) -> bytes:
    """The record of a disclosure in an emergency, with lines for what is written by hand and nowhere else."""
    sheet = Sheet()
    sheet.heading("Disclosure in a medical emergency")
    sheet.paragraph(
        "Documentation under 42 CFR 2.51(c), for the person's file. Names of people stand on this paper alone; it is "
        "locked away with the consents, under its reference."
    )
    sheet.fact("Reference", str(told["reference"]))
    sheet.fact("Day", f"{told['disclosed_on']}, {label_of('part_of_day', told['part_of_day'])}")
    sheet.fact("Told", ", ".join([label_of("medical_recipient", told["recipient"]), *([facility] if facility else [])]))
    sheet.fact("Nature of the emergency", label_of("emergency_nature", told["nature"]))
    said = (label_of("emergency_information", name) for name in told["information"])
    sheet.fact("What was told", ", ".join(said))
    for name in ("Time", "Who was told (name)", "Who told (name)", "Signature"):
        sheet.blank(name)
    return bytes(sheet.output())
