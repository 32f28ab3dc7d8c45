"""How the doors of those who work here are visited."""

from tests.house.scenes import QUIET, Scene
from tests.house.set_colleagues import HOURS, PULSE, SPOKEN
from tests.house.visiting import Visit, Way, at, change
from tests.world import House
from true_api.security.roles import Role

PREFIXES = (
    "/v1/supervision",
    "/v1/agreed-actions",
    "/v1/wellness",
    "/v1/support-requests",
    "/v1/trainings",
    "/v1/certificates",
    "/v1/voices",
)
"""Doors whose visits use up what `set_colleagues` made."""


def _asks(path: str) -> Way:
    return at(path, lambda names: {"to_member_id": names["supervisor_id"], "wish": "debrief", "words": QUIET})


def _certifies(_house: House, scene: Scene, _role: Role | None) -> Visit:
    return Visit("/v1/certificates", {"kind": scene.names["certificate_kind"], "obtained_on": "2026-02-01"})


OF_COLLEAGUES: dict[str, Way] = {
    "POST /v1/supervision-sessions": at(
        "/v1/supervision-sessions",
        lambda names: {
            "member_ids": [names["colleague"]],
            "held_on": "2026-11-01",
            "minutes": 30,
            "form": "field",
            "topics": ["skill"],
        },
    ),
    "GET /v1/supervision-sessions": at("/v1/supervision-sessions"),
    "GET /v1/supervision-sessions/{id}": at("/v1/supervision-sessions/{session}"),
    "PATCH /v1/supervision-sessions/{id}": change("supervision-sessions", "session", {"minutes": 45}),
    "POST /v1/supervision-sessions/{id}/reflections": at(
        "/v1/supervision-sessions/{session}/reflections", {"words": QUIET}
    ),
    "GET /v1/supervision-sessions/{id}/reflections": at("/v1/supervision-sessions/{session}/reflections"),
    "GET /v1/supervision-reflections/{id}": at("/v1/supervision-reflections/{reflection}"),
    "GET /v1/agreed-actions": at("/v1/agreed-actions?state=open"),
    "POST /v1/agreed-actions/{id}/done": at("/v1/agreed-actions/{agreed}/done"),
    "POST /v1/agreed-actions/{id}/let-go": at("/v1/agreed-actions/{agreed}/let-go"),
    "GET /v1/supervision-practice": at("/v1/supervision-practice"),
    "PUT /v1/supervision-practice": at("/v1/supervision-practice", {"interval_days": 14, "sampled_percent": 100}),
    "GET /v1/supervision-overview": at("/v1/supervision-overview?quarter=2026-Q4"),
    "POST /v1/encounters/{id}/sign-off": at("/v1/encounters/{encounter}/sign-off"),
    "POST /v1/sign-offs": at("/v1/sign-offs", lambda names: {"encounter_ids": [names["encounter"]]}),
    "GET /v1/sign-offs": at("/v1/sign-offs?month=2026-11"),
    "POST /v1/wellness-pulses": at("/v1/wellness-pulses", PULSE),
    "GET /v1/wellness-pulses": at("/v1/wellness-pulses"),
    "GET /v1/wellness-pulses/{id}": at("/v1/wellness-pulses/{pulse}"),
    "DELETE /v1/wellness-pulses/{id}": at("/v1/wellness-pulses/{pulse}"),
    "POST /v1/wellness-pulses/{id}/support-request": _asks("/v1/wellness-pulses/{pulse}/support-request"),
    "POST /v1/support-requests": at(
        "/v1/support-requests", lambda names: {"to_member_id": names["deputy"], "wish": "time_off", "words": QUIET}
    ),
    "GET /v1/support-requests": at("/v1/support-requests"),
    "GET /v1/support-requests/{id}": at("/v1/support-requests/{support}"),
    "POST /v1/support-requests/{id}/taken-up": at("/v1/support-requests/{support}/taken-up"),
    "POST /v1/support-requests/{id}/settled": at("/v1/support-requests/{support}/settled"),
    "POST /v1/support-requests/{id}/withdrawal": at("/v1/support-requests/{support}/withdrawal"),
    "GET /v1/wellness-counts": at("/v1/wellness-counts?quarter=2026-Q3"),
    "GET /v1/supervisors": at("/v1/supervisors"),
    "POST /v1/trainings": at("/v1/trainings", HOURS),
    "GET /v1/trainings": at("/v1/trainings"),
    "DELETE /v1/trainings/{id}": at("/v1/trainings/{training}"),
    "POST /v1/certificates": _certifies,
    "GET /v1/certificates": at("/v1/certificates"),
    "GET /v1/certificates/{id}": at("/v1/certificates/{certificate}"),
    "PATCH /v1/certificates/{id}": change("certificates", "certificate", {"expires_on": "2028-01-14"}),
    "GET /v1/training-report": at("/v1/training-report?from=2026-07-01&to=2026-12-31"),
    "POST /v1/voices": at("/v1/voices", {"kind": "complaint", **SPOKEN, "words": QUIET, "wanted": QUIET}),
    "GET /v1/voices": at("/v1/voices"),
    "GET /v1/voices/{receipt}": at("/v1/voices/{receipt}"),
    "GET /v1/voices/{id}/words": at("/v1/voices/{voice}/words"),
    "POST /v1/voices/{id}/looked-at": at("/v1/voices/{voice}/looked-at"),
    "POST /v1/voices/{id}/answer": at("/v1/voices/{voice}/answer", {"answer": QUIET}),
    "GET /v1/voice-counts": at("/v1/voice-counts?quarter=2026-Q3"),
    "PUT /v1/members/{id}/program-lead": at("/v1/members/{deputy}/program-lead"),
    "DELETE /v1/members/{id}/program-lead": at("/v1/members/{deputy}/program-lead"),
}
"""How the doors of those who work here are visited."""
