"""What an admin says and sees of release keys."""

from datetime import date
from uuid import UUID

from pydantic import Field

from true_api.kernel.schemas import Day, Draft, Label, View, examples

ID = "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"
SHOWN = {
    "id": ID,
    "client_id": ID,
    "label": "Power BI, county",
    "created_on": "2026-11-02",
    "expires_on": "2027-10-31",
    "revoked_on": None,
}


class ReleaseKeyDraft(Draft):
    """A key with which an integrator's tool refreshes its numbers by itself."""

    model_config = examples({"client_id": ID, "label": "Power BI, county", "expires_on": "2027-10-31"})

    client_id: UUID = Field(description="The client of an integrator; the key ends with it.")
    label: Label
    expires_on: Day = Field(description="The last day on which it opens anything, within 366 days.")


class ReleaseKeyView(View):
    """A release key, without its secret."""

    model_config = examples(SHOWN)

    id: UUID
    client_id: UUID
    label: str
    created_on: date
    expires_on: date
    revoked_on: date | None


class NewReleaseKeyView(ReleaseKeyView):
    """A release key with its secret, which is shown this once and kept only as a hash."""

    model_config = examples({**SHOWN, "secret": "true_rk_shown-once-and-never-again"})

    secret: str = Field(description="Send it as a bearer token, or as the password of HTTP Basic.")
