"""Who is calling: by an access token, by one in the dashboard's cookie, or by a release key."""

from datetime import datetime

from starlette.requests import Request

from true_api.api.door import Door
from true_api.api.signed_in import by_cookie
from true_api.security.installation import Installation
from true_api.security.release_keys import claims_of, credential, is_release_key
from true_api.security.tokens import Claims


async def caller_of(request: Request, door: Door, now: datetime) -> tuple[Claims, bool]:
    """What is known of the caller, and whether a release key said it. Raises `Unauthenticated`."""
    installation: Installation = request.app.state.installation
    headers = request.headers.getlist("authorization")
    presented = by_cookie(request) if door.by_cookie and not headers else credential(headers)
    if is_release_key(presented):
        return await claims_of(installation, presented, now), True
    return installation.tokens.verify(presented, now), False
