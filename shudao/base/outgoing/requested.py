"""会话 (session): the guard for libraries that bring a `requests` session of their own, such as single sign-on.

Every request becomes an errand of the guard: no cookies kept, no proxy and no credentials of the environment.
"""

from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from io import BytesIO
from typing import Any

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

Asked = Callable[..., Any]


class Guarded(BaseAdapter):
    """Sends what a session asks for by `asked` (see `outgoing.ask`); a refusal is a fault of the connection."""

    def __init__(self, asked: Asked, refusals: type[Exception]) -> None:
        super().__init__()
        self._asked, self._refusals = asked, refusals

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:  # type: ignore[override]
        """One request, whatever the caller wished for time limits, certificates or proxies."""
        body = request.body or b""
        headers = {name: value for name, value in request.headers.items() if name.lower() in PASSED}
        try:
            answer = self._asked(
                request.url or "",
                method=request.method or "GET",
                headers=headers,
                body=body if isinstance(body, bytes) else str(body).encode(),
            )
        except self._refusals as error:
            raise requests.ConnectionError(str(error), request=request) from None
        response = requests.Response()
        response.status_code, response.url, response.request = answer.status, answer.url, request
        response.headers = CaseInsensitiveDict(answer.headers)
        response.headers.pop("content-encoding", None)  # unpacked already
        response.raw = BytesIO(answer.body)
        response.encoding = requests.utils.get_encoding_from_headers(response.headers)
        return response

    def close(self) -> None:
        """Nothing is kept open."""


PASSED = frozenset({"accept", "authorization", "content-type"})


def guarded_session(asked: Asked, refusals: type[Exception]) -> requests.Session:
    """A session that knows no other way out."""
    made = requests.Session()
    made.trust_env = False
    made.max_redirects = 0  # the errand follows them itself, and checks each
    made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    made.adapters.clear()
    for scheme in ("http://", "https://"):
        made.mount(scheme, Guarded(asked, refusals))
    return made
