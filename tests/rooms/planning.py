"""Plans that people write: drafts with something in every part."""

from typing import Any

SAFETY = (
    *("warning_signs", "coping", "distractions", "people_to_ask", "services"),
    *("safer_surroundings", "reasons_for_living", "overdose_safety", "strengths"),
)
OWN = ("hopes", "next_step", "what_helps", "who_helps", "strengths")
CHOSEN = {
    "people_to_ask": {"role": "family"},
    "who_helps": {"role": "peer_specialist"},
    "overdose_safety": {"step": "naloxone_at_hand"},
}
QUIET = "The long way along the river."


def safety_plan(words: str = QUIET, **over: Any) -> dict[str, Any]:
    """A safety plan with the same words in every part."""
    return {"written_on": "2026-11-02", **_parts(SAFETY, words), **over}


def own_plan(words: str = QUIET, **over: Any) -> dict[str, Any]:
    """Somebody's own plan with the same words in every part."""
    return {"written_on": "2026-11-02", **_parts(OWN, words), **over}


def _parts(names: tuple[str, ...], words: str) -> dict[str, Any]:
    return {name: [{"words": words, **CHOSEN.get(name, {})}] for name in names}
