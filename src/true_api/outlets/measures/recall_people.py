"""Simulated people and what they answer to the nine questions of recall; nobody real was ever asked.

Answers crowd together as those to open questions do. The crowding is set to the high end, so that no program has to
hope for better: every question is as crowded as `favorite food`, where one guess was right for 19.7 % of people who
speak English (Bonneau et al., Secrets, Lies, and Account Recovery, 2015), though most of ours ask for a name or a
place. Answers hang together too: each of eight communities and four generations has favorites of its own, some people
say what everybody says, to some often nothing comes to mind, and siblings had the same shop and the same teacher.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import exp
from random import Random

from true_api.privacy.recall import QUESTIONS
from true_api.rooms.recall.schemas import FEWEST_DIFFERENT

COMMUNITIES = (30, 20, 15, 10, 10, 5, 5, 5)
GENERATIONS = (20, 30, 30, 20)
OWN_FAVORITES = 0.6
"""How far favorites differ between communities and generations: the spread of the logarithm of each weight."""
PLAIN, PLAIN_ANSWERS = 0.045, 3
"""People who say what everybody says: one of the most frequent answers, every other time."""
AT_A_LOSS, NO_ANSWER = 0.05, 0.25
"""People to whom often nothing comes to mind, and how often."""
SIBLINGS = 0.02
WORDS = 1_500
SYLLABLES = ("ba", "de", "ri", "lo", "mu", "na", "ve", "shi", "to", "gar", "lin", "pe", "ro", "wa", "ju", "hel")


@dataclass(frozen=True)
class Terms:
    """How the answers to one question spread: over how many terms, and how often siblings agree."""

    count: int
    siblings_agree: float


TERMS = (
    Terms(70, 0.10),  # first friend
    Terms(70, 0.30),  # first teacher
    Terms(60, 0.50),  # oldest person
    Terms(60, 0.60),  # shop
    Terms(60, 0.60),  # farthest place
    Terms(50, 0.40),  # game
    Terms(50, 0.15),  # food
    Terms(50, 0.15),  # first bought
    Terms(50, 0.15),  # wished to be
)


@dataclass(frozen=True)
class Person:
    """Nine answers as numbers of terms (0 is no answer), a word, and where the person comes from."""

    answers: tuple[int, ...]
    word: int
    place: int
    plain: bool = False


@dataclass
class Crowd:
    """Draws people, all from one seed."""

    seed: int
    _random: Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)
        places = len(COMMUNITIES) * len(GENERATIONS)
        self._weights = [[self._favorites(terms.count) for _ in range(places)] for terms in TERMS]
        self._words = list(accumulate(_zipf(WORDS)))

    def people(self, count: int, sisters_of: Sequence[Person] = ()) -> list[Person]:
        """So many people; a few of them are siblings of one another, or of those given."""
        drawn: list[Person] = []
        for _ in range(count):
            known = sisters_of or drawn
            sibling = self._random.choice(known) if known and self._random.random() < SIBLINGS else None
            drawn.append(self.person(sibling))
        return drawn

    def person(self, sibling: Person | None = None) -> Person:
        """One person, whose answers are not all alike: the door asks for six different ones."""
        draw = self._random
        community = draw.choices(range(len(COMMUNITIES)), COMMUNITIES)[0]
        generation = draw.choices(range(len(GENERATIONS)), GENERATIONS)[0]
        place = sibling.place if sibling else community * len(GENERATIONS) + generation
        plain, loss = draw.random() < PLAIN, NO_ANSWER if draw.random() < AT_A_LOSS else 0.01
        while True:
            answers = tuple(
                sibling.answers[question]
                if sibling and draw.random() < TERMS[question].siblings_agree
                else self.answer(question, place, plain, loss)
                for question in range(QUESTIONS)
            )
            if answers.count(0) <= QUESTIONS - FEWEST_DIFFERENT + 1:
                return Person(answers, draw.choices(range(WORDS), cum_weights=self._words)[0], place, plain)

    def answer(self, question: int, place: int, plain: bool, loss: float = 0.0) -> int:
        """One answer to one question."""
        draw, terms = self._random, TERMS[question]
        if draw.random() < loss:
            return 0
        if plain and draw.random() < 0.5:
            return 1 + draw.randrange(PLAIN_ANSWERS)
        return 1 + draw.choices(range(terms.count), cum_weights=self._weights[question][place])[0]

    def comes_back(self, person: Person, error: float) -> Person:
        """The same person later, who gives another answer than before with this probability."""
        answers = list(person.answers)
        for question, before in enumerate(person.answers):
            if self._random.random() < error:
                while answers[question] == before:
                    answers[question] = self.answer(question, person.place, person.plain)
        return Person(tuple(answers), person.word, person.place, person.plain)

    def told(self, person: Person) -> list[str]:
        """The answers as somebody types them this time: in capitals, with a title, a hyphen, an accent."""
        return [self._typed(spelled(question, answer)) for question, answer in enumerate(person.answers)]

    def _typed(self, text: str) -> str:
        way = self._random.randrange(6)
        match way:
            case 0:
                return text.upper()
            case 1:
                return f"Mrs. {text.title()} "
            case 2:
                return text.replace("a", "\u00e1", 1)
            case 3:
                return f"{text[:2]}-{text[2:]}"
            case _:
                return text

    def _favorites(self, count: int) -> list[float]:
        """Cumulated weights of the terms of a question in one community and generation."""
        return list(accumulate(weight * exp(OWN_FAVORITES * self._random.gauss(0, 1)) for weight in _zipf(count)))


def spelled(question: int, answer: int) -> str:
    """A term as letters: unlike terms of one question are unlike in every spelling."""
    if answer == 0:
        return "none"
    number, text = answer, ""
    while number:
        number, syllable = divmod(number, len(SYLLABLES))
        text += SYLLABLES[syllable]
    return text + SYLLABLES[question]


def _zipf(count: int) -> list[float]:
    """Weights of ranks 1 to count, by Zipf's law."""
    return [1 / rank for rank in range(1, count + 1)]
