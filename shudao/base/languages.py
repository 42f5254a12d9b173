"""语言 (languages): Chinese messages in code and templates, one English catalogue beside them.

`python -m shudao.base.languages extract` collects the messages again and keeps the translations that still fit;
`compile` makes the binary catalogue that the site reads. The binary is made from its source wherever it is missing
or older, so it is never committed.
"""

import logging
import os
import sys
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = PACKAGE / "locale"
CATALOGUE = LOCALE / "en" / "LC_MESSAGES" / "django.po"
METHODS = [("**/templates/**.html", "enmerkar.extract:extract_django"), ("**.py", "python")]
KEYWORDS = {"gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "_": None}
Message = tuple[str, str]
log = logging.getLogger("shudao.languages")


def compile_catalogues() -> list[Path]:
    """Make every binary catalogue that is missing or older than its source; returns those made."""
    made = []
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        binary = source.with_suffix(".mo")
        if binary.exists() and binary.stat().st_mtime >= source.stat().st_mtime:
            continue
        fresh = binary.with_name(f".{binary.name}.{os.getpid()}")
        try:
            polib.pofile(str(source)).save_as_mofile(str(fresh))
            fresh.replace(binary)
        except OSError as error:
            log.warning("the catalogue %s cannot be written: %s", binary.name, error)
            continue
        made.append(binary)
    return made


def extract_messages() -> dict[Message, list[str]]:
    """Every message of code and templates as (singular, plural or "") -> the files that say it."""
    from babel.messages.extract import extract_from_dir  # noqa: PLC0415 - only the developer's environment has it

    found: dict[Message, list[str]] = {}
    rows = extract_from_dir(str(PACKAGE), METHODS, keywords=KEYWORDS)
    for name, _line, message, _comments, _context in rows:
        parts = message if isinstance(message, tuple | list) else (message, "")
        places = found.setdefault((str(parts[0]), str(parts[1] or "")), [])
        if name not in places:
            places.append(Path(name).as_posix())
    return {key: sorted(found[key]) for key in sorted(found)}


def update_catalogue() -> polib.POFile:
    """Write the catalogue anew: what is still said keeps its English, what is new stands empty, the rest goes."""
    old = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()
    before = {(row.msgid, row.msgid_plural): row for row in old}
    fresh = polib.POFile(wrapwidth=118)
    fresh.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "en",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for (singular, plural), places in extract_messages().items():
        row = before.get((singular, plural)) or polib.POEntry(msgid=singular, msgid_plural=plural)
        if plural and not row.msgstr_plural:
            row.msgstr_plural = {0: "", 1: ""}
        row.occurrences = [(place, "") for place in places]
        row.flags = [flag for flag in row.flags if flag == "fuzzy"]
        fresh.append(row)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(CATALOGUE))
    return fresh


def gaps(catalogue: polib.POFile) -> list[str]:
    """Messages without a sure English text: empty, half a plural, or fuzzy."""
    found = []
    for row in catalogue:
        texts = list(row.msgstr_plural.values()) if row.msgid_plural else [row.msgstr]
        if row.fuzzy or not texts or not all(texts):
            found.append(row.msgid)
    return found


def main(word: str) -> int:
    """`extract` or `compile`; 1 when something still lacks its English."""
    if word == "extract":
        missing = gaps(update_catalogue())
        sys.stdout.write("".join(f"{text}\n" for text in missing))
        return 1 if missing else 0
    compile_catalogues()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "compile"))
