"""安装 (install): what makes the site a thing on the phone's first screen: manifest, service worker, the page for no network.

The service worker keeps the look of the pages and one page that says the network is away; nothing of a signed-in page
is ever kept. A stage that has something to keep offline adds to `KEPT_FILES`, `KEPT_PAGES` or `WORKER_PARTS` when its app is ready.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

HERE = Path(__file__).resolve().parent
AWAY = "/away/"
KEPT_FILES = ["base/shudao.css", "base/mark.svg", "base/live.js", "django_htmx/htmx-2.min.js"]
"""Static files kept on the phone."""
KEPT_PAGES = [AWAY]
"""Pages kept on the phone: only such as show the same to everybody."""
WORKER_PARTS: list[str] = []
"""Static scripts that the service worker takes in (`importScripts`)."""
STAND_INS: dict[str, str] = {}
"""Page -> the kept page that is shown in its place when there is no network."""
MANIFEST: dict[str, Any] = {}
"""What a stage adds to the manifest (where other apps may share to)."""
ICONS = (("base/icon-192.png", "192x192", "any"), ("base/icon-512.png", "512x512", "any"), ("base/icon-mask-512.png", "512x512", "maskable"))  # fmt: skip


@login_not_required
@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """The web app manifest, in the reader's language."""
    name = gettext("疏导")
    said: dict[str, Any] = {
        "id": "/", "start_url": "/", "scope": "/", "display": "standalone", "lang": get_language() or "zh-hans",
        "name": gettext("疏导 舆情应急处置与演练"), "short_name": name, "background_color": "#f6f7f6", "theme_color": "#0c5f63",
        "icons": [{"src": static(file), "sizes": sizes, "type": "image/png", "purpose": use} for file, sizes, use in ICONS],
        **MANIFEST,
    }  # fmt: skip
    return JsonResponse(said, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@login_not_required
@require_safe
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that its scope is the whole site; told what to keep in its first line."""
    body = (HERE / "static" / "base" / "sw.js").read_text()
    files, parts = [static(name) for name in KEPT_FILES], [static(name) for name in WORKER_PARTS]
    told: dict[str, Any] = {"files": files, "pages": KEPT_PAGES, "parts": parts, "away": AWAY, "stand_ins": STAND_INS}
    told["version"] = hashlib.sha256(json.dumps([told, body]).encode()).hexdigest()[:12]
    answer = HttpResponse(f"self.SHUDAO = {json.dumps(told)};\n{body}", content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@login_not_required
@require_safe
def away(request: HttpRequest) -> HttpResponse:
    """What an installed page shows when there is no network."""
    return render(request, "base/away.html")
