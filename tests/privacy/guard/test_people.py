"""Probable names, in either case, by what they are and what stands around them; words that are names too are words."""

import pytest

from tests.privacy.guard.marked import marked
from true_api.privacy.guard.gazetteer import lexicon
from true_api.privacy.guard.lexicon import Sort
from true_api.privacy.guard.scripts import latin
from true_api.privacy.guard.spans import SpanKind

NAMED = {
    "my brother {} came along": ("Michael", "Sibusiso", "Oluwatobi", "Priyanka", "Xiomara"),
    "saw {} today by the bridge": ("Keisha", "Nguyen", "Andile", "Fatoumata", "Dmitri"),
    "he goes by {}": ("Smiley", "Hope", "Tito", "Tre"),
    "asked for {} at the desk": ("Maria", "Chukwuemeka", "Rosario", "Zanele"),
    "{}'s mom called": ("Jose", "Thandeka", "Grace", "Ngozi"),
    "{}s mom called": ("maria", "jose"),
    "{} wants narcan": ("Ana", "Lakeisha", "Venkatesh", "Tyrone"),
    "po is {}": ("Jennifer", "Mthembu"),
    "ms. {} from probation": ("Garcia", "Okonkwo", "Brown"),
    "vi a {} en la esquina": ("Guadalupe", "Ernesto"),
    "se llama {}": ("Yesenia", "Ramón"),
    "helped {} with the form": ("Shu-Fen", "Jean-Baptiste", "O'Brien", "D'Angelo"),
}
WHOLE = (
    "Sibusiso Maluleka",
    "maria de la cruz",
    "nguyen thi huong",
    "Nguyễn Thị Hương",
    "keisha brown",
    "Jean-Baptiste Moreau",
    "Mary J Williams",
)
QUIET = (
    "he will call, she may come, they hope for a bed",
    "my brother will pick her up in may",
    "mark the date and chase the referral",
    "rose bushes by the river hide the tents",
    "grace and faith keep her going, joy too",
    "slept at St. Mary's shelter, then Hope House, then Rose Street clinic",
    "using tina and molly again, mixing molly with meth",
    "Narcan and Suboxone ran out, asked about Sublocade",
    "Monday in April, Tuesday in June",
    "met at Cesar Chavez park, walked to Martin Luther King blvd",
    "8th and Folsom, the corner of Turk and Hyde",
    "trader joe's, wells fargo and jack in the box",
    "mom and dad came, his sister is worried",
    "le di dos kits y agua, no quiere ir al hospital",
    "nobody at santa ana or san pablo ave",
    "the bill is unpaid, frank talk about art",
)
SCRIPTS = {
    "Иванова": "ivanova",
    "Щербаков": "shcherbakov",
    "Nguyễn": "nguyen",
    "Łukasz": "lukasz",
    "प्रतिभा": "pratibha",
    "অর্পিতা": "arpita",
    "திருச்செல்வம்": "tiruchchelvam",
    "王": "",
}


@pytest.mark.parametrize(
    ("note", "name"), [(note.format(name), name) for note, listed in NAMED.items() for name in listed]
)
def test_a_name_is_found_in_either_case(note: str, name: str) -> None:
    for written in (note, note.lower()):
        said = "".join(marked(written, SpanKind.NAME)).lower()
        assert all(part in said for part in name.lower().split("-")), written


@pytest.mark.parametrize("name", WHOLE)
def test_a_name_of_several_words_is_found_whole(name: str) -> None:
    for note in (f"saw {name} today", f"saw {name.lower()} today"):
        assert " ".join(marked(note)).lower().split() == name.lower().replace("-", " ").split()


@pytest.mark.parametrize("note", QUIET)
def test_words_that_are_also_names_are_left_alone_in_either_case(note: str) -> None:
    assert marked(note) == []
    assert marked(note.lower()) == []


@pytest.mark.parametrize(
    ("place", "person"),
    [
        ("in Madison for the day", "in tears, Madison said"),
        ("at Martha's Kitchen", "at Martha's house"),
        ("went to St. Vincent", "went to Vincent's tent"),
        ("near Kensington", "met Kensington"),
        ("St. Luke's hospital", "Luke is in the hospital"),
        ("the Lincoln clinic", "nurse Lincoln came"),
    ],
)
def test_the_words_around_tell_a_place_from_a_person(place: str, person: str) -> None:
    assert marked(place) == []
    assert marked(person, SpanKind.NAME) != []


def test_drugs_with_a_womans_name_are_told_from_women() -> None:
    assert marked("smoking tina with a friend") == []
    assert marked("tina said she wants detox") == ["tina"]


@pytest.mark.parametrize(("written", "plain"), SCRIPTS.items())
def test_names_of_other_scripts_are_read_as_people_write_them_in_latin_letters(written: str, plain: str) -> None:
    assert latin(written) == plain


def test_a_name_in_another_script_is_found_where_a_list_has_it() -> None:
    assert marked("встреча: Наталья") == ["Наталья"]


@pytest.mark.parametrize(
    ("word", "sort"),
    [
        ("sibusiso", Sort.NAME),
        ("maria", Sort.MAINLY_NAME),
        ("rose", Sort.NAME_AND_WORD),
        ("hope", Sort.NAME_AND_FREQUENT),
        ("narcan", Sort.FIELD),
        ("clinic", Sort.WORD),
        ("because", Sort.FREQUENT),
        ("xqzzt", Sort.UNKNOWN),
    ],
)
def test_the_lexicon_knows_names_words_and_what_is_both(word: str, sort: Sort) -> None:
    assert lexicon().sort_of(word) is sort


@pytest.mark.parametrize(
    ("written", "sure"), [("naloxnoe", 1.0), ("becuase", 1.0), ("apointment", 1.0), ("thandeka", 0.0)]
)
def test_words_in_haste_are_told_from_names(written: str, sure: float) -> None:
    assert lexicon().misspelling(written) == sure


def test_names_sound_unlike_words() -> None:
    sound = lexicon().sound
    assert min(map(sound.of_a_name, ("nkosinathi", "oluwaseyi", "venkataraman"))) > 2
    assert max(map(sound.of_a_name, ("appointment", "treatment", "sleeping"))) < 0


def test_what_the_guard_keeps_in_memory_is_small() -> None:
    kept = lexicon()
    assert kept.sorts.size() + kept.gaps.size() + kept.sound.size() < 5_000_000
