"""The nine questions of recall, and how to ask them; docs/recall.md says why it is these."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One question as a peer asks it aloud, in the languages that the program speaks, and what to listen for."""

    name: str
    en: str
    es: str
    how: str


HOW_TO_ASK = (
    "Offer it once somebody feels well enough, never at a first contact; a no is a full answer. "
    "Ask aloud, in the language the person remembers in, and come back to the same language later. "
    "One short answer each, the first that comes to mind, spelled as the person spells it. Write nothing down. "
    "It need not be true: it need only be what they will say again."
)

QUESTIONS = (
    Question(
        "first_friend",
        "What was the first name of your first friend?",
        "¿Cómo se llamaba tu primera amistad?",
        "A child they played with, not a relative. The name as they said it then.",
    ),
    Question(
        "first_teacher",
        "Who is the first teacher you remember?",
        "¿A quién recuerdas como tu primer maestro o maestra?",
        "Anybody who taught them something, in a school or not. One name, without Mr. or Ms.",
    ),
    Question(
        "oldest_person",
        "What was the name of the oldest person you knew as a child?",
        "¿Cómo se llamaba la persona más anciana que conociste de niño?",
        "A relative or not. One name, the one that everybody called them by.",
    ),
    Question(
        "childhood_shop",
        "Which shop or market were you sent to as a child?",
        "¿A qué tienda o mercado te mandaban de niño?",
        "What people called it: the name over the door, or the name of who kept it.",
    ),
    Question(
        "farthest_place",
        "What is the farthest place you had been to before you were ten?",
        "¿Cuál fue el lugar más lejano al que fuiste antes de cumplir diez años?",
        "The name of a town, a river, a beach; no place that they lived in.",
    ),
    Question(
        "childhood_game",
        "Which game did you play the most as a child?",
        "¿A qué jugabas más de niño?",
        "One word, as it was called where they grew up.",
    ),
    Question(
        "food_left",
        "Which food would you not eat as a child?",
        "¿Qué comida no querías comer de niño?",
        "One word. What they eat today does not matter.",
    ),
    Question(
        "first_bought",
        "What is the first thing you bought with money of your own?",
        "¿Qué fue lo primero que compraste con tu propio dinero?",
        "One word for the thing, not the brand.",
    ),
    Question(
        "wished_to_be",
        "What did you want to be when you were small?",
        "¿Qué querías ser cuando eras pequeño?",
        "The first wish that they remember, in one word; not what they do or did.",
    ),
)

WORD = Question(
    "word",
    "Choose a word that only you would say here.",
    "Elige una palabra que solo tú dirías aquí.",
    "No answer from above, no name of somebody close to them, nothing that they are called. They say it, you type it.",
)
