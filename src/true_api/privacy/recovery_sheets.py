"""Recovery sheets: the master key on three sheets of paper, of which any two bring it back and one says nothing.

Shamir's secret sharing as SLIP-39 words, so that each sheet is 33 English words with a checksum of its own: a mistyped
word is noticed on its sheet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.share import Share

from true_api.privacy.master_key import LENGTH, UnsafeMasterKeys, key_id

SHEETS, NEEDED = 3, 2
COLUMNS = 3

PAGE = """TRUE API                                        recovery sheet {number} of {sheets}

Master key {key_id}
Written down on {day}

Any two of the three sheets bring this master key back; this one alone says
nothing. Print it, delete the file, and put each sheet into a different
locked place with a different person in charge of it.

{words}

To recover: `true-api keyring recover`, with this sheet and another one.
When the master key is rotated, the sheets of the new key replace these:
destroy these once nothing is wrapped with master key {key_id}.
"""


@dataclass(frozen=True)
class Sheet:
    """The words of one sheet, as they were typed in; whether they are whole is known, what they hide is not."""

    words: str
    set_number: int
    number: int


def write_sheets(key: bytes, day: str) -> list[str]:
    """Three pages to print. Writing them again gives three others, which do not go together with these."""
    (shares,) = generate_mnemonics(1, [(NEEDED, SHEETS)], key)
    return [
        PAGE.format(number=number, sheets=SHEETS, key_id=key_id(key), day=day, words=_in_columns(share.split()))
        for number, share in enumerate(shares, 1)
    ]


def read_sheet(text: str) -> Sheet:
    """A sheet from its words, or from the whole page. Raises `UnsafeMasterKeys` when a word is not as printed."""
    words = " ".join(_words_of_page(text) or text.split()).lower()
    try:
        share = Share.from_mnemonic(words)
    except (MnemonicError, ValueError, IndexError, KeyError):
        # Its message would repeat the words.
        raise UnsafeMasterKeys("This is not a whole sheet: a word is missing, mistyped or in another place.") from None
    return Sheet(words, share.identifier, share.index + 1)


def rebuild(sheets: Sequence[Sheet]) -> bytes:
    """The master key that two sheets hide. Raises `UnsafeMasterKeys` for sheets that do not go together."""
    if len({sheet.number for sheet in sheets}) < NEEDED:
        raise UnsafeMasterKeys("This is the same sheet twice; two different ones are needed.")
    if len({sheet.set_number for sheet in sheets}) > 1:
        raise UnsafeMasterKeys("These sheets were not written together: they are of different days or keys.")
    try:
        key = bytes(combine_mnemonics([sheet.words for sheet in sheets]))
    except (MnemonicError, ValueError):
        raise UnsafeMasterKeys("These sheets do not go together.") from None
    if len(key) != LENGTH:
        raise UnsafeMasterKeys("These sheets hide something else than a master key.")
    return key


def _in_columns(words: Sequence[str]) -> str:
    rows = -(-len(words) // COLUMNS)
    lines = []
    for row in range(rows):
        places = range(row, len(words), rows)
        lines.append("".join(f"{place + 1:>4}. {words[place]:<18}" for place in places).rstrip())
    return "\n".join(lines)


def _words_of_page(text: str) -> list[str]:
    """The numbered words of a page, in their order; nothing when there are none."""
    parts, numbered = text.split(), {}
    for number, word in pairwise(parts):
        if number.endswith(".") and number[:-1].isdigit() and word.isalpha():
            numbered[int(number[:-1])] = word
    return [numbered[number] for number in sorted(numbered)]
