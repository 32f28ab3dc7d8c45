"""Two-word handles by which a peer tells people apart without a paper list.

They say nothing of the person, and only that peer sees them. The words are colors, weather, plants, animals,
stones and waters. Left out is whatever could be heard as an insult, a drug, a body, a slur, a brand, a faith
or a diagnosis, and most given names. No two words of a list are one letter apart.
"""

import secrets
from collections.abc import Callable

_ONE = """
acorn alpine amber apricot aquatic arched arctic bayside birdsong boreal bracken brambly breezy bright brisk
celadon cerise cerulean chilly chirping citrus cloudy coastal cobalt crested crimson crisp cyan dappled
dawnlit daylight dewy drizzly emerald evening feathery ferny floral flowery foliate gilded gingham gleaming
gliding glowing gusty harvest humming indigo inland lakeside lantern latticed leafed leafy leeward lilac
loamy lowland magenta maritime marshy mauve melodic midday mineral moonlit mossy nautical nested noonday
ochre offshore opaline painted pastel pebbly pelagic petaled pewter piney plaid plumed polished quiet
quilted radiant rainy ribboned rippled riverine russet rustic rustling satin seaside seaward sepia serene
shimmery shining showery silken silver skyward solar sparkly speckled springy sprouted starlit starry
stellar summery sunlit sunrise swift sylvan terraced timber tinted trellis tufted tuneful unfurled upriver
velvet verdant vernal viridian vivid wavelike winged winter wintry wooded woodsy
"""
_TWO = """
agate alpaca antelope arbor aster auklet avocet basalt bison blossom bluebell bobcat bobolink boulder
bramble bunting calcite caldera canyon caribou catalpa catbird catkin cattail cavern cedar chamois cicada
cobble crocus curlew cypress dewdrop dogwood dolomite dolphin dune dunlin egret eider ermine estuary feather
feldspar finch firefly fjord foothill forest fulmar garden garnet gazelle gentian geode glacier granite
grebe grove gully hawthorn heron hillside horizon hornbeam ibex ibis inlet island kelp kestrel kinglet knoll
lagoon lake lapwing larkspur linden mallard mangrove maple marigold marmot marsh mayfly meadow mesa mesquite
meteor mica minnow moth mountain narwhal nebula oak obsidian ocean ocelot orchard oriole osprey otter
outcrop oxbow pebble pelican peony pika pinecone pintail pinyon planet plateau plover pond poplar porpoise
prairie primrose pumice quartz quince raindrop rapids ravine redstart redwood ridge saguaro sandbar sapling
savanna scaup scoter sedge sequoia shale shore skylark sparrow spruce starling steppe sturgeon summit
sunfish swan sycamore tamarack tanager tarn teal thicket thistle tidepool topaz towhee trillium tundra
upland valley viburnum vireo vista vole warbler waxwing whimbrel wigeon willet woodland woodlark woodruff
yarrow zephyr zinnia zircon
"""

WORDS_ONE = tuple(_ONE.split())
WORDS_TWO = tuple(_TWO.split())
PAIRS = len(WORDS_ONE) * len(WORDS_TWO)


def spare_handles(count: int, choose: Callable[[int], int] = secrets.randbelow) -> list[str]:
    """Distinct handles to try one after the other; raises ValueError when there are not that many."""
    if not 0 <= count <= PAIRS:
        raise ValueError("There are not that many handles.")
    # A shuffle that keeps only the places it has touched, so that even the last handle takes a single draw.
    moved: dict[int, int] = {}
    drawn = []
    for left in range(PAIRS, PAIRS - count, -1):
        place = choose(left)
        drawn.append(moved.get(place, place))
        moved[place] = moved.get(left - 1, left - 1)
    return [_handle(number) for number in drawn]


def _handle(number: int) -> str:
    one, two = divmod(number, len(WORDS_TWO))
    return f"{WORDS_ONE[one]}-{WORDS_TWO[two]}"
