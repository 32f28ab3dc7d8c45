"""How much is played: the demo's three months, or a few days for a test."""

from dataclasses import dataclass, fields

TEAMS, PEERS, AGENCIES = 3, 12, 3


@dataclass(frozen=True)
class Size:
    """Days, people and contacts of a program; everything else follows in proportion."""

    days: int = 92
    participants: int = 400
    encounters: int = 3_050

    def __post_init__(self) -> None:
        if min(self.days, self.participants) < 1 or self.encounters < self.participants + self.without_participant:
            raise ValueError("a program lasts a day, and meets each participant at least once")

    @classmethod
    def read(cls, text: str) -> "Size":
        """A size as a test writes it: `days,participants,encounters`."""
        return cls(*map(int, text.split(",")))

    def __str__(self) -> str:
        return ",".join(str(getattr(self, field.name)) for field in fields(self))

    @property
    def without_participant(self) -> int:
        """Contacts with somebody of whom there is no record."""
        return self.encounters * 16 // 100

    @property
    def voided(self) -> int:
        """Encounters that turn out not to count."""
        return max(1, self.encounters // 80)

    @property
    def amended(self) -> int:
        """Encounters that are recorded anew."""
        return max(1, self.encounters // 75)

    @property
    def current_encounters(self) -> int:
        """Encounters that count in the end."""
        return self.encounters - self.voided

    @property
    def intakes(self) -> int:
        """Requests that agencies post, besides those that bring somebody new."""
        return max(6, self.participants // 11)
