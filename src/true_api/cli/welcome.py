"""What the demo prints once it answers: where it is, a token per role, codes to try them on, a call that works."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shlex import quote
from typing import Any

import httpx2

from true_api.cli.story.cast import AGENCY_NAMES, PROGRAM, TEAM_NAMES
from true_api.cli.story.size import PEERS, Size
from true_api.kernel.private_files import private_file, private_folder
from true_api.outlets.insights import Month

CODES_SHOWN = 5

HEADLINES = {
    "peer": "peer: the timeline of somebody on the caseload",
    "supervisor": "supervisor: the program's months in exact numbers",
    "agency": "agency: what it was asked for, under its own codes for people, and only with their consent",
    "integrator": "integrator: what may leave the program: a sealed month, without numbers below 11",
    "admin": "admin: who works here; an admin sees no participant",
}

TODAY = "peer: what there is to look after today"
LOOP_TITLE = "One person's way through four hands, and what the agency that asked was told at each step:"


@dataclass(frozen=True)
class Welcome:
    """Everything that somebody needs to try the API."""

    base_url: str
    tokens: dict[str, str]
    codes: dict[str, str]
    """Codes on the printed peer's own caseload, each with the handle that this peer alone sees."""
    calls: dict[str, str]
    """Of each role a path that shows something."""
    clients: dict[str, dict[str, str]]
    size: Size
    seed: int
    loop: dict[str, str]
    """What happened in the closed loop, and what the agency that asked was told of it."""

    def call(self, role: str, header: str | None = None, to: str = "") -> str:
        """One call to copy and paste, with the token in it, or in a file that curl reads the header from."""
        path = self.calls[to or role]
        return f"curl -s -H {quote(header or _bearer(self.tokens[role]))} {quote(self.base_url + path)}"

    def keep_headers(self, folder: Path) -> dict[str, str]:
        """Write each token into a file of its own, so that calls are short enough to read; the files as curl's -H."""
        private_folder(folder)
        for role, token in self.tokens.items():
            with private_file(folder / role) as out:
                out.write(f"{_bearer(token)}\n".encode())
        return {role: f"@{folder.absolute() / role}" for role in self.tokens}

    def json_line(self) -> str:
        """For a script to read."""
        shown = {
            "base_url": self.base_url,
            "docs_url": f"{self.base_url}/docs",
            "tokens": self.tokens,
            "tokens_live_hours": 12,
            "codes": list(self.codes),
            "codes_are_on_caseload_of": "peer",
            "handles": self.codes,
            "curl": {role: self.call(role) for role in self.tokens},
            "clients": self.clients,
            "closed_loop": {"told": self.loop, "curl": self.call("agency", to="loop")},
            "program": {"seed": self.seed, "participants": self.size.participants, "days": self.size.days},
        }
        return json.dumps(shown, ensure_ascii=False)

    def text(self, headers: dict[str, str]) -> str:
        """For a person to read."""
        size = self.size
        cast = f"{len(TEAM_NAMES)} teams, {PEERS} peers, {len(AGENCY_NAMES)} partner agencies"
        calls = [f"  # {HEADLINES[role]}\n  {self.call(role, header)}" for role, header in headers.items()]
        calls.append(f"  # {TODAY}\n  {self.call('peer', headers.get('peer'), to='today')}")
        clients = [
            f"  curl -s -u {client['id']}:{client['secret']} {self._token_door}  # {role}"
            for role, client in self.clients.items()
        ]
        parts = (
            f"{PROGRAM} (synthetic): {cast}, {size.participants:,} participants,"
            f" {size.current_encounters:,} encounters in {size.days} days.",
            f"Base URL   {self.base_url}\nDocs       {self.base_url}/docs, and for reading {self.base_url}/redoc",
            _block("On this peer's own caseload; to others these codes lead nowhere:", self.codes),
            "\n".join(["A call per role, to copy and paste (`| python3 -m json.tool` makes it easy to read):", *calls]),
            "\n".join(
                [
                    _block(LOOP_TITLE, self.loop),
                    "  # what that agency reads now: it asked, and no more (docs/closed-loop.md)",
                    f"  {self.call('agency', headers.get('agency'), to='loop')}",
                ]
            ),
            _block("A token per role, for 12 hours:", self.tokens),
            "\n".join(["How a partner's system gets its own:", *clients]),
            "Synthetic data and demo keys, on this machine alone. Ctrl-C ends it; the next start finds it as it is.",
        )
        return "\n" + "\n\n".join(parts) + "\n"

    @property
    def _token_door(self) -> str:
        return f"-d grant_type=client_credentials {self.base_url}/oauth/token"


def _bearer(token: str) -> str:
    return f"Authorization: Bearer {token}"


def _block(title: str, lines: dict[str, str]) -> str:
    width = max(map(len, lines), default=0)
    return "\n".join([title, *(f"  {name:<{width}}   {value}" for name, value in lines.items())])


async def look_around(
    http: httpx2.AsyncClient, tokens: dict[str, str], first_day: date
) -> tuple[dict[str, str], dict[str, str]]:
    """Codes of the peer's caseload, those known longest first, and of each role a path that shows something."""
    caseload = await _get(http, "/v1/participants?limit=200", tokens["peer"])
    known = [item for item in reversed(caseload["items"]) if item["history_open"] and item["handle"]]
    codes = {item["code"]: item["handle"] for item in known[:CODES_SHOWN]}
    me = await _get(http, "/v1/me", tokens["supervisor"])
    span = f"from={Month.of(first_day)}&to={Month.of(date.fromisoformat(me['today'])).following}"
    sealed = (await _get(http, "/v1/releases", tokens["integrator"]))["releases"]
    release = f"/{sealed[0]['period']}/{sealed[0]['table']}" if sealed else ""
    return codes, {
        "peer": f"/v1/participants/{next(iter(codes))}/timeline?limit=5",
        "supervisor": f"/v1/insights/months?{span}",
        "agency": "/v1/referrals?limit=3",
        "integrator": f"/v1/releases{release}",
        "admin": "/v1/members?limit=5",
    }


async def _get(http: httpx2.AsyncClient, path: str, token: str) -> Any:
    answer = await http.get(path, headers={"Authorization": f"Bearer {token}"})
    answer.raise_for_status()
    return answer.json()
