"""Releases with the noise off, composed here alone: no setting of the real house can switch it off.

What is left is plain suppression below the floor, as many offices practice it. The attacks must win against it, or
their losing against the real thing says nothing.
"""

from true_api.kernel.effects import Unit
from true_api.outlets.sealed.sealing import Press, seal
from true_api.outlets.statistics.periods import Period
from true_api.privacy.noise import Drawn
from true_api.security.installation import Installation


def no_noise(_drawn: Drawn) -> int:
    """Adds nothing."""
    return 0


async def seal_without_noise(installation: Installation, period: Period) -> None:
    """What sealing does, with a press that draws no noise."""
    unit = Unit()
    (await seal(Press(installation.database, no_noise, installation.clock.now().date()), period)).keep(unit)
    await installation.database.commit(unit)
