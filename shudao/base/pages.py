"""页面 (pages): what every page shares. A request by htmx gets the page's body alone, anyone else the whole page;
a refusal is an answer in words; nothing of a signed-in page stays in a shared cache.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_cache_control, patch_vary_headers

from shudao.base.refusal import Refused
from shudao.engine.words import BadInput

CONFLICT, UNREADABLE, TOO_MANY = 409, 422, 429
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self)"
"""What no page of ours asks the browser for; passkeys excepted."""
NEAR = frozenset({"localhost", "127.0.0.1", "[::1]"})


def is_secure_origin(request: HttpRequest) -> bool:
    """Whether browsers trust the address: passkeys, the installable page and the offline form need it."""
    try:
        host = request.get_host()
    except DisallowedHost:
        return False
    return request.is_secure() or host in NEAR or host.rpartition(":")[0] in NEAR


def makes_passkeys(request: HttpRequest) -> bool:
    """Whether browsers make passkeys here: at trusted addresses with a name, never at a bare number."""
    if not is_secure_origin(request):
        return False
    host = request.get_host()
    name = host.rpartition(":")[0] or host
    return not name.replace(".", "").isdigit() and not name.startswith("[")


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: which template it grows in, and whether the browser trusts the address."""
    wanted = getattr(request, "htmx", None)
    part = bool(wanted) and not wanted.boosted and not wanted.history_restore_request
    return {
        "frame": "base/part.html" if part else "base/page.html",
        "secure_origin": is_secure_origin(request),
        "passkeys": makes_passkeys(request),
    }


class Pages:
    """Middleware of all pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Send a live part to the sign-in page when the session has ended, and mark what may be cached."""
        response = self.get_response(request)
        away = response.get("Location", "")
        if request.headers.get("HX-Request") and away.startswith(resolve_url(settings.LOGIN_URL)):
            return HttpResponse(status=204, headers={"HX-Redirect": away})
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["HX-Request", "HX-Boosted", "Cookie", "Accept-Language"])
            patch_cache_control(response, private=True, no_cache=True)
        elif "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"  # a paper, a record, a stream: for this reader alone
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A refusal that no form caught still says why; nothing was written."""
        if isinstance(error, Refused):
            return render(request, "base/refused.html", {"refusal": error.why}, status=CONFLICT)
        if isinstance(error, BadInput):
            said: dict[str, Any] = {"refusal": error.what, "where": error.where, "mend": error.mend}
            return render(request, "base/refused.html", said, status=UNREADABLE)
        return None


class Asked:
    """筛选 (what was asked): the filters of an address, as text; what is empty is left out of further links."""

    def __init__(self, given: Mapping[str, str], names: tuple[str, ...]) -> None:
        self.values = {name: str(given.get(name, "")).strip()[:80] for name in names}

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    @property
    def any(self) -> bool:
        """Whether anything was asked for."""
        return any(self.values.values())

    @property
    def keep(self) -> str:
        """The filters at the head of a further address."""
        filled = {name: value for name, value in self.values.items() if value}
        return f"{urlencode(filled)}&" if filled else ""
