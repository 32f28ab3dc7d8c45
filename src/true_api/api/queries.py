"""Query parameters that many lists share."""

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from true_api.kernel.paging import PageRequest
from true_api.kernel.schemas import Draft


def digits(value: object) -> object:
    """Of a whole number: query values are texts, and `1_000`, ` 5` and full-width digits are not numbers here."""
    if isinstance(value, str) and not re.fullmatch(r"\d{1,4}", value, re.ASCII):
        raise ValueError("a whole number in plain digits")
    return value


YesOrNo = Literal["true", "false"]
"""A query parameter that is `true` or `false`: query values are texts, and `1` or `yes` are neither."""


class TrialQuery(Draft):
    """Whether a request is only to be judged. A door that takes it does not know: the passage keeps nothing."""

    validate_only: YesOrNo = Field(
        "false",
        description="With `true` everything is judged as it would be, and nothing is kept; answered with 200, or"
        " refused as it would be. No Idempotency-Key is needed, and none is used up.",
    )


class PageQuery(Draft):
    """How much of a list, and from where."""

    limit: Annotated[int, BeforeValidator(digits)] = Field(50, ge=1, le=200, description="Items per page.")
    cursor: str | None = Field(None, max_length=512, description="`next_cursor` of the page before.")

    def request(self) -> PageRequest:
        """As the kernel asks for pages."""
        return PageRequest(self.limit, self.cursor)
