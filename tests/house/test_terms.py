"""Every list of terms that the API takes or shows is a vocabulary, and every term of it has words."""

from typing import Any

from true_api.journeys.vocabularies import KINDS, shared
from true_api.privacy.profile import NO_ANSWER
from true_api.rooms.vocabularies.hiding import MAY_BE_HIDDEN
from true_api.rooms.vocabularies.spanish import label_in_spanish, meaning_in_spanish, named_in_spanish, spanish
from true_api.rooms.vocabularies.wording import LABELS, MEANINGS, label_of, meaning_of

OF_MACHINES = {
    "ChangedKind": "which door leads to what changed",
    "ExportDecision": "whether rows may leave as files",
    "ExportKind": "what leaves as files",
    "ExportState": "where files stand",
    "ExportTable": "which tables leave as files",
    "ExportNotMade": "why files came to nothing",
    "FeedChange": "whether something is there to be read",
    "Format": "in which form rows leave",
    "Kind": "names the field of a timeline item that is filled",
    "OrganizationKind": "what an account belongs to",
    "Paper": "what is in a printer",
    "Permission": "the policy's own names, which are scopes of a token",
    "PeriodKind": "how long a period of numbers is",
    "PlanPaper": "on what a plan is printed",
    "Purpose": "HL7's own codes",
    "Revisions": "which revisions of a number are asked for",
    "Quasi": "what a data set is made coarser in",
    "Role": "what an account may be",
    "SealState": "where a period of the calendar stands",
    "SlipLanguage": "in which languages a slip is printed",
    "SpanKind": "what the guard found",
    "SubmissionReason": "why totals of the whole program may leave or not",
    "SubmissionState": "where totals of the whole program stand",
    "SubmissionVerdict": "whether totals of the whole program may leave",
    "SyncKind": "which door an item of a batch goes through",
    "SyncOutcome": "what became of an item of a batch",
    "WaveLanguage": "in which languages a wave is shown",
}
"""Lists of the API whose terms nobody chooses of or for a person."""


def test_every_list_of_terms_in_the_document_is_a_vocabulary_or_is_of_machines(document: dict[str, Any]) -> None:
    listed = {name: set(known["enum"]) for name, known in document["components"]["schemas"].items() if "enum" in known}
    kinds = {kind.__name__: {term.value for term in kind} for kind in KINDS}
    assert {name for name in listed if name not in kinds} == set(OF_MACHINES), "add it to journeys/vocabularies.py"
    assert {name: terms for name, terms in listed.items() if name in kinds} == kinds


def test_every_term_has_a_label_and_every_no_answer_says_which_it_is() -> None:
    version, views = shared()
    assert version == shared()[0]
    assert len(views) == len(KINDS) + 1
    for view in views:
        assert view.definition
        assert "privacy.md" not in view.definition
        labels = [term.label for term in view.terms]
        assert len(set(labels)) == len(labels), view.key
        assert all(label and label[0] == label[0].upper() for label in labels), view.key
        for term in view.terms:
            assert term.definition or term.key not in NO_ANSWER


def test_no_word_is_kept_for_a_term_that_is_gone() -> None:
    terms = {f"{view.key}.{term.key}" for view in shared()[1] for term in view.terms}
    assert set(LABELS) <= terms
    assert {name for name in MEANINGS if name not in NO_ANSWER} <= terms
    assert (label_of("stage", "precontemplation"), label_of("act", "wound_care_info")) == (
        "Not now",
        "Wound care information",
    )
    assert meaning_of("zone", "not_asked") != meaning_of("gender", "not_asked") == MEANINGS["not_asked"]


def test_every_vocabulary_and_every_term_that_is_shown_is_said_in_spanish() -> None:
    views = shared()[1]
    unnamed = [view.key for view in views for what in ("label", "definition") if not named_in_spanish(view.key, what)]
    terms = [(view.key, term) for view in views for term in view.terms]
    unlabelled = [f"{key}.{term.key}" for key, term in terms if not label_in_spanish(key, term.key)]
    undefined = [
        f"{key}.{term.key}" for key, term in terms if term.definition and not meaning_in_spanish(key, term.key)
    ]
    assert [*unnamed, *unlabelled, *undefined] == [], "say it in src/true_api/rooms/vocabularies/es/"


def test_spanish_says_nothing_of_a_term_that_is_gone_or_that_means_what_it_says() -> None:
    views = {view.key: view for view in shared()[1]}
    every_term = {term.key for view in views.values() for term in view.terms}
    for key, said in spanish().items():
        shown = every_term if key == "common" else {term.key for term in views[key].terms}
        assert set(said.get("labels", {})) <= shown, key
        defined = shown if key == "common" else {term.key for term in views[key].terms if term.definition}
        assert set(said.get("definitions", {})) <= defined, key


def test_in_spanish_too_no_two_terms_of_a_vocabulary_are_called_alike() -> None:
    for view in shared()[1]:
        labels = [term.label_es for term in view.terms]
        assert len(set(labels)) == len(labels), view.key
        assert all(label[0] == label[0].upper() for label in [view.label_es, *labels]), view.key


def test_what_may_be_hidden_and_what_is_needed_are_terms_that_there_are() -> None:
    views = {view.key: {term.key for term in view.terms} for view in shared()[1]}
    for vocabulary, needed in MAY_BE_HIDDEN.items():
        assert needed < views[vocabulary], vocabulary
