"""What Accept asks for is what is printed, or nothing is (RFC 9110, 12.5.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from true_api.api.printed import Printed, wanted
from true_api.kernel.errors import NotAcceptable

PDF, SVG, PNG = "application/pdf", "image/svg+xml", "image/png"
OFFERED = (PDF, SVG, PNG)


def asked(*accept: str) -> Request:
    """A request with these Accept headers."""
    return Request({"type": "http", "headers": [(b"accept", header.encode()) for header in accept]})


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", PDF),
        (PDF, PDF),
        (SVG, SVG),
        (PNG, PNG),
        ("IMAGE/PNG", PNG),
        ("image/*", SVG),
        ("image/*, image/svg+xml;q=0", PNG),
        ("image/png;q=0.5, image/svg+xml;q=0.8", SVG),
        ("application/pdf;q=0.1, image/png", PNG),
        ("text/html, image/avif, image/webp, */*;q=0.8", PDF),
        ("application/json, image/png;q=0.2", PNG),
        ("image/png; q=nonsense, image/svg+xml; level=1; q=0.3", SVG),
        ("image/png;q=nan, image/svg+xml;q=1e9, application/pdf;q=0.1", PDF),
    ],
)
def test_the_most_exact_range_with_the_greatest_weight_wins(accept: str, media_type: str) -> None:
    assert wanted(asked(accept), OFFERED) == media_type


@pytest.mark.parametrize("accept", ["application/json", "text/*", "image/webp", "*/*;q=0", "image/png;q=0", ",", "png"])
def test_what_cannot_be_printed_is_not_acceptable(accept: str) -> None:
    with pytest.raises(NotAcceptable):
        wanted(asked(accept), OFFERED)


def test_without_accept_the_first_is_printed_and_several_headers_are_one() -> None:
    assert wanted(asked(), OFFERED) == PDF
    assert wanted(asked("text/html", PNG), OFFERED) == PNG


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_whatever_is_asked_the_answer_is_one_of_those_offered_or_a_refusal(accept: str) -> None:
    try:
        assert wanted(asked(accept), OFFERED) in OFFERED
    except NotAcceptable:
        assert "*/*" not in accept.split(",")


def test_what_is_printed_says_what_it_shows_and_is_called_after_nobody() -> None:
    answer = Printed(b"drawn", PNG, ["code"], "card.png")
    assert (answer.body, answer.media_type, answer.fields()) == (b"drawn", PNG, ["code"])
    assert answer.headers["content-disposition"] == 'inline; filename="card.png"'
