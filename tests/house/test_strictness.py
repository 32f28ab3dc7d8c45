"""What callers send is taken as it stands or refused: every field of every draft is strict and bounded."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin
from uuid import UUID

import pytest
from pydantic import SecretStr, TypeAdapter, ValidationError

from true_api.api.all_doors import ALL_DOORS
from true_api.api.dashboard import DashboardSignIn
from true_api.api.oauth import TokenRequest
from true_api.kernel.schemas import FIRST_DAY, LAST_DAY, Draft
from true_api.privacy.narrative import Narrative
from true_api.rooms.sync.schemas import Parcel

MAY_IGNORE_UNKNOWN_FIELDS = {
    TokenRequest: "RFC 6749 3.2 asks for it",
    DashboardSignIn: "a browser's form, to which extensions add fields of their own",
}
LARGE = 2**63
HOSTILE: dict[type, tuple[object, ...]] = {
    bool: (1, 0, "true", "yes", 1.0, [True]),
    int: (True, "5", "1_000", 5.0, 5.5, 1e3, LARGE, -LARGE, 10**9, -(10**9), [5]),
    str: ("x" * 100_000, 5, True, [["x"]]),
    SecretStr: ("x" * 100_000, "", " ", "?!", 5, True, ["x"]),
    date: ("2026-11-02T00:00:00Z", "20261102", " 2026-11-02", "2026-11-2", "0001-01-01", "9999-12-31", 1793577600, 0),
    UUID: (5, "01936f1e", "not a reference", [["01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"]]),
    Narrative: ("x" * 2_001, "", " \n", "a\x07b", "a\x1b[0mb", "a\x85b", "a\x7f", 5, True, ["x"], {"text": "x"}),
    Parcel: ("x", 5, True, None, ["x"]),
    Enum: ("no such term", "", 0, True, ["no such term"], {"value": 1}),
}
"""For each kind of field, values that stock validation would take, bend, or choke on."""
IN_A_QUERY = ("1_000", " 5", "５", "5.0", "1e3", "0x5", str(LARGE), str(-LARGE), "+5", "")  # noqa: RUF001


class Sent(NamedTuple):
    """One field of one draft."""

    draft: type[Draft]
    name: str

    @property
    def adapter(self) -> TypeAdapter[object]:
        """Validates this field alone, as the draft would."""
        return TypeAdapter(self.draft.model_fields[self.name].rebuild_annotation())


def _drafts(kind: type[Draft] = Draft) -> Iterator[type[Draft]]:
    for inner in kind.__subclasses__():
        yield inner
        yield from _drafts(inner)


DRAFTS = sorted(
    {draft for draft in _drafts() if draft.__module__.startswith("true_api.")}, key=lambda draft: draft.__qualname__
)
"""Those of the house; a test may have some of its own."""
FIELDS = [Sent(draft, name) for draft in DRAFTS for name in draft.model_fields]


def _named(sent: Sent) -> str:
    return f"{sent.draft.__name__}.{sent.name}"


def _kinds(annotation: Any) -> Iterator[Any]:
    """The plain types that a field is made of: those of its items, and of each side of a union."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _kinds(get_args(annotation)[0])
    elif origin in (Union, UnionType, tuple, list):
        yield from (kind for argument in get_args(annotation) if argument is not ... for kind in _kinds(argument))
    elif origin is Literal:
        yield Enum
    elif annotation is not NoneType:
        yield annotation


def _taken(*places: str) -> set[type]:
    """The kinds that some door takes from these parts of a request."""
    dependants = [route.dependant for doors in ALL_DOORS for route in doors.router.routes]  # type: ignore[attr-defined]
    params = [param for dependant in dependants for place in places for param in getattr(dependant, place)]
    return {kind for param in params for kind in _kinds(param.field_info.annotation)}


TAKEN_FROM_A_QUERY = _taken("query_params")


def _hostile(kind: Any) -> tuple[object, ...]:
    family = next((known for known in (Enum, Narrative) if isinstance(kind, type) and issubclass(kind, known)), kind)
    return HOSTILE[family]


def test_there_are_drafts_to_judge() -> None:
    assert len(DRAFTS) > 15
    assert {kind for sent in FIELDS for kind in _kinds(sent.draft.model_fields[sent.name].annotation)} >= {
        int,
        str,
        date,
    }


@pytest.mark.parametrize("draft", DRAFTS, ids=lambda draft: draft.__name__)
def test_a_draft_takes_no_unknown_field_and_keeps_quiet_about_what_was_sent(draft: type[Draft]) -> None:
    assert draft.model_config["extra"] == "forbid"
    assert draft.model_config["frozen"] is True
    assert draft.model_config["hide_input_in_errors"] is True


@pytest.mark.parametrize("sent", FIELDS, ids=_named)
def test_a_field_is_of_a_kind_that_we_know(sent: Sent) -> None:
    """No float, no instant, no dictionary, no Any: what is not on the list has no rule here."""
    for kind in _kinds(sent.draft.model_fields[sent.name].annotation):
        known = kind in HOSTILE or (isinstance(kind, type) and issubclass(kind, Enum | Draft | Narrative))
        assert known, f"{kind} is no kind of field that this test knows"


@pytest.mark.parametrize("sent", [sent for sent in FIELDS if sent.draft not in TAKEN_FROM_A_QUERY], ids=_named)
def test_a_field_refuses_what_it_would_have_to_bend(sent: Sent) -> None:
    kinds = set(_kinds(sent.draft.model_fields[sent.name].annotation))
    for kind in kinds - {inner for inner in kinds if issubclass(inner, Draft)}:
        for value in _hostile(kind):
            for given in (value, [value]):
                with pytest.raises(ValidationError):
                    sent.adapter.validate_json(json.dumps(given))


@pytest.mark.parametrize("sent", [sent for sent in FIELDS if sent.draft in TAKEN_FROM_A_QUERY], ids=_named)
def test_a_query_parameter_is_plain_digits_or_a_bounded_text(sent: Sent) -> None:
    kinds = set(_kinds(sent.draft.model_fields[sent.name].annotation))
    hostile = IN_A_QUERY if int in kinds else ("x" * 100_000,)
    for value in hostile:
        with pytest.raises(ValidationError):
            sent.adapter.validate_python(value)


@pytest.mark.parametrize("sent", FIELDS, ids=_named)
def test_every_bound_stands_in_the_schema(sent: Sent) -> None:
    """Whoever reads the document learns the bounds before the server does."""
    for part in _parts(sent.draft.model_json_schema()["properties"][_alias(sent)]):
        match part.get("type"):
            case "integer":
                assert {"minimum", "maximum"} <= set(part), part
            case "array":
                assert "maxItems" in part, part
            case "string":
                assert {"maxLength", "pattern", "enum", "const", "format"} & set(part), part


def _alias(sent: Sent) -> str:
    return sent.draft.model_fields[sent.name].alias or sent.name


def _parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    for part in [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]:
        yield from _parts(part)


def test_every_date_is_a_day_within_the_years_of_the_program() -> None:
    """`Day` is the only date that a caller sends: it knows where the calendar of the program ends."""
    dates = [sent for sent in FIELDS if date in _kinds(sent.draft.model_fields[sent.name].annotation)]
    assert dates
    for sent in dates:
        assert sent.adapter.validate_python("2026-11-02") == date(2026, 11, 2)
        for beyond in (FIRST_DAY - timedelta(days=1), LAST_DAY + timedelta(days=1)):
            with pytest.raises(ValidationError):
                sent.adapter.validate_python(beyond.isoformat())


def test_every_body_and_every_query_is_a_draft_and_every_path_a_text() -> None:
    taken = _taken("body_params", "query_params")
    assert {kind for kind in taken if not issubclass(kind, Draft)} == set(MAY_IGNORE_UNKNOWN_FIELDS)
    assert _taken("path_params") == {str}
    assert _taken("header_params", "cookie_params") == set()


def test_no_two_drafts_have_one_name() -> None:
    names = [draft.__name__ for draft in DRAFTS]
    assert sorted(set(names)) == names
