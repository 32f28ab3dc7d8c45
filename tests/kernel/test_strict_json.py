"""Strict JSON: what RFC 8259 allows is read unchanged, everything else is refused by name."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from true_api.kernel.errors import (
    DuplicateKey,
    Malformed,
    MalformedJson,
    NestedTooDeep,
    NumberNotRepresentable,
    TextNotRepresentable,
)
from true_api.kernel.strict_json import DEEPEST, read_json

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
integers = st.integers(min_value=-(2**63), max_value=2**63 - 1)
numbers = integers | st.floats(allow_nan=False, allow_infinity=False)
leaves = st.none() | st.booleans() | numbers | texts
ordinary = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=30)


@given(ordinary, st.booleans(), st.sampled_from([None, 1]))
def test_ordinary_json_reads_back_as_it_was_written(value: object, escaped: bool, indent: int | None) -> None:
    body = json.dumps(value, ensure_ascii=escaped, indent=indent).encode()
    read = read_json(body)
    assert read == value
    assert json.dumps(read) == json.dumps(value)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_as_the_standard_library_reads_them_or_refused(body: bytes) -> None:
    try:
        value = read_json(body)
    except Malformed as refused:
        found = refused
    else:
        assert value == json.loads(body.decode("utf-8"))
        return
    assert found.args == (type(found).__name__,)
    assert found.faults == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"[1,]",
        b'{"a":1,}',
        b"{'a':1}",
        b"{a:1}",
        b'{"a" 1}',
        b"[1] [2]",
        b"[01]",
        b"[+1]",
        b"[.5]",
        b"[1.]",
        b"[0x10]",
        b"[1_000]",
        b"[True]",
        b"nan",
        b"[inf]",
        b"// a comment\n[]",
        b'"\x00"',
        b'"line\nbreak"',
        b'"tab\tinside"',
        b'"\\x41"',
        b'"\\u12"',
        b'"\\u+123"',
        b'"\\uD8"',
        b'"open',
        b'"open\\',
        b'"open\\"',
        b"\xa0[]",
        "[\u0661]".encode(),
        "[\uff11]".encode(),
        b'"\xff"',
        b'"\xc0\xaf"',
        b'"\xed\xa0\x80"',
        b"\xef\xbb\xbf{}",
        b"\x00{}",
        '{"a":1}'.encode("utf-16"),
        '{"a":1}'.encode("utf-16-le"),
        '{"a":1}'.encode("utf-16-be"),
        '{"a":1}'.encode("utf-32"),
        '{"a":1}'.encode("utf-32-le"),
        '{"a":1}'.encode("utf-32-be"),
        '{"caf\u00e9":1}'.encode("latin-1"),
    ],
)
def test_what_is_not_json_in_utf_8_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedJson):
        read_json(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":1}',
        b'{"a":1,"b":2,"a":3}',
        b'{"a":1,"\\u0061":2}',
        b'[[{"":1,"":2}]]',
        b'{"outer":{"\xc3\xa9":1,"\\u00e9":1}}',
    ],
)
def test_a_member_named_twice_is_refused(body: bytes) -> None:
    with pytest.raises(DuplicateKey):
        read_json(body)


def test_the_same_member_in_different_objects_is_no_duplicate() -> None:
    assert read_json(b'{"a":{"a":1},"b":[{"a":2},{"a":3}]}') == {"a": {"a": 1}, "b": [{"a": 2}, {"a": 3}]}


@pytest.mark.parametrize(
    "number",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "-1e400",
        "1E+999",
        "1e99999999999999999999",
        "1e-400",
        "-0.000001e-399",
        "9223372036854775808",
        "-9223372036854775809",
        "10000000000000000000",
        "9" * 5_000,
        "-" + "9" * 500_000,
        "0." + "1" * 500_000,
    ],
)
def test_a_number_that_no_field_keeps_unchanged_is_refused(number: str) -> None:
    for body in (number, f'{{"a":[{number}]}}'):
        with pytest.raises(NumberNotRepresentable):
            read_json(body.encode())


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("0e999", 0.0),
        ("5e-324", 5e-324),
        ("1.7976931348623157e308", 1.7976931348623157e308),
    ],
)
def test_the_outermost_numbers_are_read(number: str, value: float) -> None:
    assert read_json(number.encode()) == value


@pytest.mark.parametrize(
    "text",
    [
        r"\u0000",
        r"a\u0000b",
        r"\ud800",
        r"\uDBFF",
        r"\udc00",
        r"\uDfFf",
        r"\ude00\ud83d",
        r"\ud83d\ud83d\ude00",
    ],
)
@pytest.mark.parametrize("shape", ['"%s"', '["a","%s"]', '{"a":[{"b":"%s"}]}', '{"%s":1}', '[{"a":{"%s":[]}}]'])
def test_a_nul_or_an_unpaired_surrogate_is_refused_wherever_it_stands(text: str, shape: str) -> None:
    with pytest.raises(TextNotRepresentable):
        read_json((shape % text).encode())


def test_paired_surrogates_and_escaped_backslashes_are_ordinary_text() -> None:
    assert read_json(rb'["\ud83d\ude00", "\\u0000", "\\\\ud800"]') == ["\U0001f600", r"\u0000", r"\\ud800"]


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a\\"[":', "}]")])
def test_nesting_is_read_up_to_its_limit_and_refused_beyond(opening: str, closing: str) -> None:
    levels = DEEPEST // (opening.count("{") + opening.startswith("["))
    assert read_json((opening * levels + "1" + closing * levels).encode()) is not None
    with pytest.raises(NestedTooDeep):
        read_json((opening * (levels + 1) + "1" + closing * (levels + 1)).encode())


def test_brackets_inside_texts_and_beside_each_other_do_not_nest() -> None:
    beside = [[], {}, "[" * 100, '\\"[[{{' * 40, "\\", "{"] * 20
    assert read_json(json.dumps(beside).encode()) == beside


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a":' * 100_000, b"[{" * 100_000, b"[" * 40 + b'"' + b'\\"' * 100_000]
)
def test_very_deep_nesting_is_refused_without_recursion(body: bytes) -> None:
    with pytest.raises(NestedTooDeep):
        read_json(body)


def test_a_refusal_carries_nothing_of_the_body() -> None:
    for body in (
        b'{"canary-name":',
        b'{"canary-name":1,"canary-name":2}',
        b'{"canary-name":NaN}',
        b'"canary-name\\u0000"',
    ):
        with pytest.raises(Malformed) as caught:
            read_json(body)
        assert "canary" not in f"{caught.value!r} {caught.value} {caught.value.faults} {caught.value.title()}"
        assert caught.value.__cause__ is None
