"""What else happens in a week: supplies, plans, overdoses and drug checks, and what peers do for themselves."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from true_api.cli.story.cast import TEAM_NAMES
from true_api.cli.story.diary import Diary
from true_api.cli.story.lives import SAMPLE, Life, team_of
from true_api.cli.story.size import PEERS, TEAMS
from true_api.cli.story.stage import Stage
from true_api.cli.story.steps import Draft

STOCK = {"naloxone_nasal_4mg": 120, "fentanyl_strips": 400, "xylazine_strips": 200, "syringes": 1_000}
EXPECTED = ("heroin", "fentanyl", "methamphetamine", "cocaine", "pressed_pills")
COMPETENCIES = ("support_in_crisis", "leadership_and_advocacy")
WEEK = 7
EVERY_FIFTH = 5
"""Of so many people one writes plans."""


@dataclass(frozen=True)
class Stocked:
    """A team's shelf is opened, filled, and watched."""

    team: int
    on: date

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        supervisor, peer = stage.company.supervisors[self.team], stage.company.peers[self.team]
        site = stage.told["site", self.team] = await supervisor.post("/v1/sites", {"label": TEAM_NAMES[self.team]})
        for item, quantity in STOCK.items():
            came = {"kind": "receive", "site_id": site["id"], "item": item, "quantity": quantity}
            lot = {"lot": f"{item[:2].upper()}{self.team + 1}07", "expires_on": str(self.on + timedelta(days=400))}
            await peer.post("/v1/supplies/movements", {**came, **lot, "occurred_on": str(self.on)})
        watched = {"site_id": site["id"], "item": "naloxone_nasal_4mg", "at_least": 150}
        await supervisor.call("PUT", "/v1/supplies/thresholds", watched)


@dataclass(frozen=True)
class Handed:
    """On an evening, kits go to somebody who has used theirs."""

    peer: int
    on: date
    kits: int

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        given = {
            "kind": "give",
            "site_id": stage.told["site", team_of(self.peer)]["id"],
            "item": "naloxone_nasal_4mg",
            "quantity": self.kits,
            "refill_reason": "used_on_someone",
            "occurred_on": str(self.on),
        }
        await stage.company.peers[self.peer].post("/v1/supplies/movements", given)


@dataclass(frozen=True)
class Checked:
    """Somebody tells of an overdose that was turned, and a sample of the same week is checked."""

    peer: int
    event: Draft
    check: Draft
    warns: bool = False

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        peer = stage.company.peers[self.peer]
        await peer.post("/v1/overdose-events", self.event)
        checked = await peer.post("/v1/drug-checks", self.check)
        if self.warns:
            alert = await peer.post("/v1/alerts", {"message": "long_sedation", "drug_check_id": checked["id"]})
            supervisor = stage.company.supervisors[team_of(self.peer)]
            await supervisor.post(f"/v1/alerts/{alert['id']}/confirmation", {})


@dataclass(frozen=True)
class Planned:
    """Somebody writes a safety plan and a plan of their own, in their own words."""

    peer: int
    person: int
    on: date

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        peer, when = stage.company.peers[self.peer], {"written_on": str(self.on)}
        safety = {
            "warning_signs": [{"words": "When I stop answering and sleep through the day."}],
            "coping": [{"words": "Cold water on my wrists, then the long way along the river."}],
            "people_to_ask": [{"role": "family", "words": "She has a key, and asks no questions."}],
            "overdose_safety": [
                {"step": "naloxone_at_hand", "words": "In the blue bag, on top."},
                {"step": "not_alone"},
            ],
            "reasons_for_living": [{"words": "The dog."}],
        }
        await peer.post(stage.of_person(self.person, "/safety-plans"), {**when, **safety})
        own = {
            "hopes": [{"words": "A door that I can lock."}],
            "next_step": [{"words": "Ask for the list of rooms on Thursday."}],
            "strengths": [{"words": "I keep the place in order for all of us."}],
        }
        await peer.post(stage.of_person(self.person, "/plans"), {**when, **own})


@dataclass(frozen=True)
class Supervised:
    """A supervisor sits down with a peer, who also says how they are, and what they have learned."""

    peer: int
    on: date
    pulse: Draft
    competency: str

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        peer, supervisor = stage.company.peers[self.peer], stage.company.supervisors[team_of(self.peer)]
        held = {
            "member_ids": [peer.id],
            "held_on": str(self.on),
            "minutes": 50,
            "form": "individual",
            "topics": ["boundaries", "self_care"],
            "agreed": [{"kind": "practice_a_skill", "doer": "peer", "due_on": str(self.on + timedelta(days=14))}],
        }
        await supervisor.post("/v1/supervision-sessions", held)
        await peer.post("/v1/wellness-pulses", self.pulse)
        learned = {"competency": self.competency, "kind": "course", "minutes": 120, "done_on": str(self.on)}
        await peer.post("/v1/trainings", learned)


@dataclass(frozen=True)
class Promised:
    """A peer has said that they would look in today."""

    peer: int
    person: int
    today: date

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        promised = {"kind": "check_in", "on": str(self.today), "part_of_day": "evening"}
        await stage.company.peers[self.peer].post(stage.of_person(self.person, "/promises"), promised)


class Weeks:
    """Writes all of it into the diary, from a chance of its own, so that nobody's life changes by it."""

    def __init__(self, diary: Diary, seed: int) -> None:
        self._diary, self._chance = diary, Random(f"weeks of {seed}")

    def write(self, lives: list[Life]) -> None:
        """A shelf per team on the first day, then every week something in each team, and plans where people stay."""
        for team in range(TEAMS):
            self._diary.write(0, ("team", team), Stocked(team, self._diary.on(0)))
        for day in range(1, self._diary.days):
            self._day(day)
        for life in lives[::EVERY_FIFTH]:
            if len(life.visits) > 1 and not life.brought:
                day = max(life.visits)
                self._diary.write(day, life.lane, Planned(life.peer, life.number, self._diary.on(day)))

    def _day(self, day: int) -> None:
        chance, peer, on = self._chance, day % PEERS, self._diary.on(day)
        lane = ("team", team_of(peer))
        if day % 2:
            self._diary.write(day, lane, Handed(peer, on, chance.randint(1, 4)))
        if day % WEEK == 0 or day == self._diary.days - 1:
            self._diary.write(day, lane, self._checked(peer, on, warns=day == self._diary.days - 1))
        if day % WEEK == 1:
            pulse = {name: chance.randint(0, 4) for name in ("energy", "load", "exposure", "support_wanted")}
            for one in (peer, (peer + 1) % PEERS):
                held = Supervised(one, on, pulse, chance.choice(COMPETENCIES))
                self._diary.write(day, ("supervised", one), held)

    def _checked(self, peer: int, on: date, *, warns: bool) -> Checked:
        chance = self._chance
        turned = {"kind": "reversal", "occurred_on": str(on), "part_of_day": chance.choice(("night", "evening"))}
        used = {"naloxone_used": "yes", "doses": chance.randint(1, 3), "given_by": "bystander", "survived": "yes"}
        found = {"target": "fentanyl", "method": "strip", "result": chance.choice(("detected", "not_detected"))}
        check = {"collected_in": f"{on:%Y-%m}", "expected": chance.choice(EXPECTED), "form": "powder"}
        return Checked(peer, {**turned, **used}, {**check, "results": [found]}, warns)


def of_today(today: date) -> Promised:
    """What is promised for the day on which the demo is looked at, to the person whose code it shows first."""
    return Promised(0, SAMPLE, today)
