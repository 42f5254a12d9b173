"""The house's rules, as far as a machine can hold them."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "shudao"
ORDER = [
    "engine", "library", "base", "ledger", "org", "notify", "listen", "sense", "plan", "respond", "follow", "review",
    "drill", "board", "project",
]  # fmt: skip
APPS = [app for app in ORDER[2:-1] if app != "base"]
WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
MANAGERS = re.compile(r"objects|_default_manager|_set\b|related")
FREE_TO_WRITE = ("actions", "migrations", "management")
SOURCES = [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]


def writes_of(tree: ast.AST):
    """Calls that write rows: save() on anything, and the others on a manager or query set."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
            continue
        target = ast.unparse(node.func.value)
        if (node.func.attr == "save" and not target.startswith("super()")) or MANAGERS.search(target):
            yield node


def test_only_actions_write_rows():
    found = []
    for path in SOURCES:
        inside = path.relative_to(PACKAGE).parts
        if inside[0] not in APPS or any(part.removesuffix(".py") in FREE_TO_WRITE for part in inside):
            continue
        found += [f"{path.relative_to(ROOT)}:{n.lineno}" for n in writes_of(ast.parse(path.read_text()))]
    known_seams = ("shudao/ledger/verbs.py", "shudao/ledger/models.py")
    assert [place for place in found if not place.startswith(known_seams)] == []


def test_foreign_keys_follow_the_order_of_stages():
    for model in apps.get_models():
        app = model._meta.app_label
        if app not in ORDER:
            continue
        for field in model._meta.get_fields():
            if not (field.is_relation and getattr(field, "remote_field", None) and field.concrete):
                continue
            other = field.related_model._meta.app_label
            if other in ORDER and other != app:
                assert ORDER.index(other) < ORDER.index(app), f"{model.__name__}.{field.name} points upwards"
                assert field.remote_field.hidden, f"{model.__name__}.{field.name} needs related_name='+'"


def test_no_table_is_keyed_by_a_poster():
    """The boundary: no profile of an individual. A pseudonym is a column of an item, never a row of its own."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            name = getattr(field, "name", "")
            if name in {"pseudonym", "voice", "author"}:
                assert not getattr(field, "unique", False), f"{model.__name__}.{name}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_and_functions_stay_small(path):
    text = path.read_text()
    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < 60, f"{node.name} is too long"


def test_only_the_clock_asks_the_machine_for_the_time():
    asks = re.compile(r"\b(datetime\.now|datetime\.utcnow|timezone\.now|time\.time|date\.today)\(")
    places = [p for p in SOURCES if p.name != "clock.py" and asks.search(p.read_text())]
    assert [str(p.relative_to(ROOT)) for p in places] == []


def test_every_app_has_a_readme_with_its_four_headings():
    for app in APPS:
        text = (PACKAGE / app / "README.md").read_text()
        for heading in ("What comes in", "What goes out", "Verbs", "Tables"):
            assert f"## {heading}" in text, f"{app}/README.md lacks {heading}"


def test_every_verb_stands_in_its_apps_readme():
    from importlib import import_module
    from importlib.util import find_spec

    from shudao.ledger.verbs import verbs

    for app in APPS:
        if find_spec(f"shudao.{app}.actions"):
            import_module(f"shudao.{app}.actions")
    for verb in verbs().values():
        if verb.app in APPS:
            assert verb.name in (PACKAGE / verb.app / "README.md").read_text(), f"{verb.app}: {verb.name}"


def test_paths_quoted_in_architecture_exist():
    text = (ROOT / "ARCHITECTURE.md").read_text()
    quoted = set(re.findall(r"`((?:shudao|tests|bench|docs|tools)/[\w./-]+)`", text))
    assert quoted and [path for path in quoted if not (ROOT / path).exists()] == []


def test_the_version_is_the_changelogs():
    import shudao

    assert f"## {shudao.__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_no_open_ends_and_no_machine_paths():
    words = re.compile("TO" + "DO|FIX" + "ME|NotImplemented" + "Error|/" + "work/|/" + "root/")
    assert [str(p.relative_to(ROOT)) for p in SOURCES if words.search(p.read_text())] == []


WAYS_OUT = frozenset(
    [
        "requests",
        "urllib3",
        "http",
        "httpx",
        "httpx2",
        "aiohttp",
        "socket",
        "ssl",
        "smtplib",
        "imaplib",
        "poplib",
        "ftplib",
        "telnetlib",
        "nntplib",
        "xmlrpc",
        "websockets",
        "apprise",
        "warcio",
        "paramiko",
        "pycurl",
    ]
)
MAY_GO_OUT = {
    "shudao/base/outgoing/": WAYS_OUT,  # the guard itself
    "shudao/notify/": {"smtplib", "apprise", "ssl"},  # mail and the further channels, over the guard's connections
    "shudao/notify/channels/other.py": {"requests"},  # what Apprise's services see instead of the network
    "shudao/project/processes.py": {"socket"},  # it listens for browsers and asks whether its own server is up
    "shudao/project/commands/start.py": {"socket"},
    "shudao/project/names.py": {"socket"},  # it asks the machine what it is called
    "shudao/org/accounts.py": {"requests"},  # the type of the guard's session, for single sign-on
    "shudao/org/views/sign_in.py": {"requests"},  # its faults
}
HARMLESS = {"http.HTTPStatus", "urllib.parse"}


def ways_out_of(tree: ast.AST):
    """Modules imported, anywhere in a file, that could speak to the network."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            first = name.split(".")[0]
            if first in WAYS_OUT and name not in HARMLESS:
                yield first
            if name.startswith(("urllib.request", "django.core.mail", "asyncio.open_connection")):
                yield name


def test_only_the_guard_speaks_to_the_network():
    """One way out: a request made past `shudao.base.outgoing` is a request nobody checked."""
    found = []
    for path in SOURCES:
        place = path.relative_to(ROOT).as_posix()
        allowed = set().union(*(may for start, may in MAY_GO_OUT.items() if place.startswith(start)))
        found += [f"{place}: {name}" for name in ways_out_of(ast.parse(path.read_text())) if name not in allowed]
    assert found == []
