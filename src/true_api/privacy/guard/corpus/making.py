"""Makes notes from templates: what is hidden in each is known, so that what the guard finds can be counted."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

from true_api.privacy.guard.corpus.names import Origin

SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Hidden:
    """What a note hides: where it stands and of what kind it is."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Made:
    """A generated note with what is hidden in it, and the template that it came from."""

    text: str
    hidden: tuple[Hidden, ...]
    template: str

    def lowered(self) -> "Made":
        """The same note all in lower case; a letter that becomes two is left as it is, so that places stay."""
        small = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in self.text)
        return Made(small, self.hidden, self.template)


@dataclass(frozen=True)
class Style:
    """Templates and fillings of one hand."""

    named: tuple[str, ...]
    quiet: tuple[str, ...]
    fillings: dict[str, tuple[str, ...]]
    between: tuple[str, ...]
    """What stands between two fragments."""
    ways: ModuleType
    """Templates of identifiers and ways of writing them."""


def filled(template: str, style: Style, chance: random.Random) -> str:
    """A template whose slots are filled, each by chance; slots that no list fills stay."""
    return SLOT.sub(
        lambda slot: chance.choice(style.fillings[slot[1]]) if slot[1] in style.fillings else slot[0], template
    )


def quiet_note(style: Style, chance: random.Random, haste: float = 0.3) -> Made:
    """A note of two to four fragments without an identifier; in a share of them a word is misspelled."""
    parts = [filled(chance.choice(style.quiet), style, chance) for _ in range(chance.randint(2, 4))]
    text = chance.choice(style.between).join(parts)
    return Made(misspelled(text, chance) if chance.random() < haste else text, (), " / ".join(parts))


def named_note(style: Style, origin: Origin, chance: random.Random) -> Made:
    """A note with one person's name, or two, of one origin."""
    template = chance.choice(style.named)
    made = Made("", (), template)
    for piece in re.split(r"(\{\w+\})", filled(template, style, chance)):
        kind = piece.strip("{}") if piece.startswith("{") else ""
        written = _name(kind, origin, chance) if kind else piece
        hidden = (Hidden(len(made.text), len(made.text) + len(written), "name"),) if kind else ()
        made = Made(made.text + written, made.hidden + hidden, template)
    return surrounded(made, style, chance)


def surrounded(made: Made, style: Style, chance: random.Random) -> Made:
    """With a fragment before it, one behind it, both or none."""
    between = chance.choice(style.between)
    if chance.random() < 0.4:
        before = filled(chance.choice(style.quiet), style, chance) + between
        moved = tuple(Hidden(part.start + len(before), part.end + len(before), part.kind) for part in made.hidden)
        made = Made(before + made.text, moved, made.template)
    if chance.random() < 0.4:
        made = Made(made.text + between + filled(chance.choice(style.quiet), style, chance), made.hidden, made.template)
    return made


def _name(kind: str, origin: Origin, chance: random.Random) -> str:
    first, last = origin.draw(chance)
    return {"first": first, "last": last, "full": f"{first} {last}"}[kind]


def misspelled(text: str, chance: random.Random) -> str:
    """One word of five letters or more written in haste: a letter doubled, left out, swapped, or another."""
    words = list(re.finditer(r"[A-Za-z]{5,}", text))
    if not words:
        return text
    word = chance.choice(words)
    place = chance.randrange(word.start() + 1, word.end() - 1)
    return text[:place] + _slipped(text[place : place + 2], chance) + text[place + 2 :]


def _slipped(two: str, chance: random.Random) -> str:
    return chance.choice((two[1] + two[0], two[1], two[0] + two[0] + two[1], two[0] + chance.choice("aeionrst")))


def several(style: Style, origin: Origin, seed: str, count: int) -> Iterator[Made]:
    """That many notes of one origin, the same for the same seed."""
    chance = random.Random(f"{seed}/{origin.name}")
    for _ in range(count):
        yield named_note(style, origin, chance)


def of_form(form: str, chance: random.Random) -> str:
    """A value of a form: `#` any digit, `%` one from 2 to 9, `?` a capital letter, `&` a small one."""
    signs = {"#": "0123456789", "%": "23456789", "?": "ABCDEFGHJKLMNPRSTUVWXYZ", "&": "abcdefghjkmnpqrstuvwxyz"}
    return "".join(chance.choice(signs[sign]) if sign in signs else sign for sign in form)


def identified_note(template: str, value: str, kind: str, style: Style, chance: random.Random) -> Made:
    """A note with a value in the template's `{value}`, and fragments around it."""
    before, _, after = template.partition("{value}")
    made = Made(before + value + after, (Hidden(len(before), len(before) + len(value), kind),), template)
    return surrounded(made, style, chance)
