"""A hand that fills in forms as they are served: `Hand(client).send("/org/staff/add_staff/", name="江一帆")`.

What is not told keeps what the form proposes; what must be given and is not gets something that fits its kind.
"""

from datetime import timedelta
from typing import Any

from django.test import Client
from lxml import html

from shudao.base import clock
from shudao.base.scene import LIVE

FINE, UNREADABLE = 200, 422
QUIET = ("hidden", "submit", "button", "image", "reset")


class Hand:
    """Somebody at the forms of the site; notes what was refused."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.refused: list[str] = []

    def send(self, address: str, *, at: str = "", **given: Any) -> Any:
        """Open a page, fill in the form that goes to `address`, send it; the page where one lands."""
        page = self.client.get(at or address)
        form = form_to(page.content, address) if page.status_code == 200 else None
        if form is None:
            self.refused.append(f"{at or address}: {page.status_code}, no form")
            return page
        target = form.get("action") or at or address
        answer = self.client.post(target, {**filled(form, given), **given}, follow=True)
        for file in given.values():
            if hasattr(file, "seek"):
                file.seek(0)
        if answer.status_code == UNREADABLE and (again := form_to(answer.content, address)) is not None:
            answer = self.client.post(target, {**filled(again, given), **given}, follow=True)
        if answer.status_code != FINE or whys(answer.content):
            self.refused.append(f"{address}: {answer.status_code} {' '.join(whys(answer.content))[:200]}")
        return answer


def form_to(content: bytes, address: str) -> Any:
    """The form of a page that goes to an address; the last one without an address of its own else."""
    forms = html.fromstring(content).xpath("//main//form")
    own = [form for form in forms if form.get("action") in (None, "", ".")]
    return next((form for form in forms if form.get("action") == address), own[-1] if own else None)


def filled(form: Any, given: dict[str, Any]) -> dict[str, Any]:
    """What the form would send by itself, and something fitting where it must not be empty."""
    told: dict[str, Any] = {}
    for field in form.xpath(".//input|.//select|.//textarea"):
        name, kind = field.get("name"), (field.get("type") or field.tag)
        if not name or name in given or kind in ("submit", "button", "file"):
            continue
        if (value := _value(field, kind)) is not None:
            told[name] = value
    return told


def whys(content: bytes) -> list[str]:
    """The refusals on a page."""
    named = (f"contains(concat(' ', @class, ' '), ' {name} ')" for name in ("fault", "said-error"))
    found = html.fromstring(content).xpath(f"//*[{' or '.join(named)}]")
    return [" ".join(row.text_content().split()) for row in found]


def _value(field: Any, kind: str) -> Any:
    must = field.get("required") is not None or field.get("aria-invalid") == "true"
    if kind in ("checkbox", "radio"):
        chosen = field.get("checked") is not None or must
        return (field.get("value") or "on") if chosen else None
    if kind == "select":
        options = field.xpath(".//option")
        chosen = [row.get("value") for row in options if row.get("selected") is not None]
        chosen = [value for value in chosen if value or not must]
        return next(iter(chosen or [row.get("value") for row in options if row.get("value") or not must]), "")
    value = field.text if kind == "textarea" else field.get("value")
    return value if value or not must or kind in QUIET else _something(kind, field)


def _something(kind: str, field: Any) -> str:
    later = clock.now(LIVE) + timedelta(hours=3)
    fits = {
        "date": later.date().isoformat(),
        "datetime-local": later.strftime("%Y-%m-%dT%H:%M"),
        "time": "09:00",
        "number": field.get("min") or "3",
        "email": "office@company.example",
        "url": "https://news.example/1",
        "tel": "13900000000",
    }
    return fits.get(kind, "按现场核实的情况办理")
