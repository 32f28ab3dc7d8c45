from tests.world import House
import structlog, logging
async def test_x(house: House) -> None:
    from true_api.api import indicators as i
    try:
        print(await i.list_indicators(None))
    except Exception as e:
        import traceback; traceback.print_exc()
