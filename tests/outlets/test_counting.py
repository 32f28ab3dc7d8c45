import time
from tests.outlets.many_people import fill
from true_api.outlets.statistics.grid import GRID, INSIDE
from true_api.outlets.statistics.counting import count
from true_api.outlets.statistics.periods import Quarter
from tests.world import House

async def test_look(house: House) -> None:
    t=time.time(); filled = await fill(house, people=1000, months=3); print("fill", time.time()-t, {k:len(v) for k,v in filled.rows.items()})
    for t in (GRID|INSIDE).values():
        s=time.time()
        c = await count(house.installation.database, t, filled.months[-1])
        print(t.name, round(time.time()-s,3), {k: (v.value,v.contributors) for k,v in list(c.items())[:6]})
    t=time.time()
    for t0 in GRID.values():
        if 'quarter' in t0.periods: await count(house.installation.database, t0, Quarter(2026,3))
