"""A plan as plain text, in any script: to send to oneself, or to be read out by a phone."""

from collections.abc import Iterator

from true_api.outlets.plans.sheet import Sheet

LINE = "_" * 24


def text(sheet: Sheet) -> bytes:
    """The plan as UTF-8."""
    return ("\n".join(_lines(sheet)) + "\n").encode()


def _lines(sheet: Sheet) -> Iterator[str]:
    yield from (sheet.title, "", *sheet.days)
    if sheet.crisis_first:
        yield from ("", *sheet.crisis)
    for part in sheet.parts:
        yield from ("", part.heading)
        yield from (f"- {entry}" for entry in part.entries)
        yield from (f"{label}: {LINE}" for row in part.blanks for label in row)
    if not sheet.crisis_first:
        yield from ("", *sheet.crisis)
