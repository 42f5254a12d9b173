"""The pictures of the handbook, taken of a furnished sample site: `python tools/pictures.py [NAME…]`. Needs chromium."""

import io
import json
import socket
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import CHROMIUM, SWITCHES, surroundings, wait_for  # noqa: E402 - the folder comes first

DESK, PHONE = {"width": 1180, "height": 760}, {"width": 390, "height": 760}
TONGUES = {"zh": "zh-CN", "en": "en-US"}
PICTURES = {
    "board": ("duty", "/", DESK),
    "alert": ("duty", "/sense/alerts/1/", PHONE),
    "story": ("duty", "story", DESK),
    "room": ("duty", "room", DESK),
    "room-phone": ("duty", "room", PHONE),
    "tasks": ("duty", "/respond/tasks/", PHONE),
    "demands": ("duty", "/respond/demands/", DESK),
    "report": ("s24", "/listen/report/", PHONE),
    "setup": ("s04", "/setup/", DESK),
    "plan": ("s04", "/plan/editions/2/", DESK),
    "topics": ("s04", "/sense/topic/outage/", DESK),
    "sources": ("s04", "/listen/sources/", DESK),
    "channels": ("s04", "/notify/channels/add_channel/", DESK),
    "drill": ("s04", "/drill/", DESK),
}


def main() -> None:
    """Furnish a site, serve it, go to each page in both languages, keep the pictures under docs/pictures."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        done = subprocess.run(  # noqa: S603 - our own
            [sys.executable, "-m", "tests.browser.furnish", str(data)],
            cwd=ROOT, env=surroundings(data), capture_output=True, text=True, check=True,
        )  # fmt: skip
        tokens = json.loads(done.stdout.splitlines()[-1])
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "shudao.project.serve", "127.0.0.1", str(port)]
        worker = [sys.executable, "-m", "shudao.project.work"]
        served = [subprocess.Popen(words, cwd=ROOT, env=surroundings(data)) for words in (command, worker)]  # noqa: S603
        try:
            wait_for(f"http://127.0.0.1:{port}/org/alive/")
            take_all(f"http://127.0.0.1:{port}", tokens)
        finally:
            for process in served:
                process.terminate()
                process.wait(20)


def take_all(root: str, tokens: dict[str, str]) -> None:
    """Every picture in both languages, each person signed in once."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES.split())
        states: dict[str, dict] = {}
        for person in dict.fromkeys(row[0] for row in PICTURES.values()):
            context = browser.new_context(locale="zh-CN")
            page = context.new_page()
            page.goto(f"{root}/org/enter/{tokens[person]}/")
            page.locator("main button").click()
            page.wait_for_load_state()
            states[person] = context.storage_state()
        addresses = act(browser.new_context(storage_state=states["duty"], locale="zh-CN").new_page(), root)
        for tongue, locale in TONGUES.items():
            for name in sys.argv[1:] or PICTURES:
                person, address, size = PICTURES[name]
                context = browser.new_context(storage_state=states[person], locale=locale, viewport=size)
                take(
                    context.new_page(),
                    root + addresses.get(address, address),
                    ROOT / f"docs/pictures/{tongue}/{name}.png",
                )
                context.close()


def act(page: Page, root: str) -> dict[str, str]:
    """Open an incident from the waiting alert, so that the room has something in it; addresses of what was made."""
    page.goto(f"{root}/sense/alerts/1/")
    story = page.locator("main a[href*='/sense/stories/']").first
    found = {"story": story.get_attribute("href") if story.count() else "/sense/stories/"}
    page.goto(f"{root}/respond/open_incident/?alert=1")
    page.locator("main form button").last.click()
    page.wait_for_url("**/respond/incidents/**")
    return {**found, "room": page.url.removeprefix(root)}


def take(page: Page, address: str, target: Path) -> None:
    """One picture of what is seen without scrolling, in few colours so that it stays small."""
    page.goto(address, wait_until="networkidle" if "stories" in address else "load")
    target.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(64)
    picture.save(target, optimize=True)


if __name__ == "__main__":
    main()
