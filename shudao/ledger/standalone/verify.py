#!/usr/bin/env python3
"""核验 (verify): check a sealed bundle with Python 3.8 or newer and nothing else.

    python verify.py                      the unpacked bundle that this file stands in
    python verify.py BUNDLE.zip           a bundle still packed
    python verify.py BUNDLE.zip --head H  and that H, printed on a paper, is an entry of its intact chain

Exit 0: all holds. 1: faults, each on a line. 2: not a bundle, or a wrong argument. `--json` prints one JSON document.

What is checked. Packing: one folder, no member twice, none outside, none encrypted, none that unfolds beyond reason.
BagIt (RFC 8493): every file stands in a SHA-256 manifest and every line of a manifest has its file. Ledger: every line
is an entry in RFC 8785 form, its hash is that of its content, it follows the one before, all belong to one stream.
Side records: each opens the commitment of its entry (HMAC-SHA-256 under its salt); an absent one was erased. Papers:
an entry holds the SHA-256 of the plan and of every document.
A bundle re-made from the start is consistent in itself: only a head on paper (`--head`) or in the site's ledger tells.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import re
import stat
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

MAX_TOTAL, MAX_MEMBERS, MAX_LINE = 4 * 1024**3, 200_000, 16 * 1024**2
MAX_RATIO, RATIO_FLOOR, MAX_INTEGER, SLICE = 300, 16 * 1024**2, 2**53 - 1, 1024**2
ROOT, HEX64 = "0" * 64, re.compile("[0-9a-f]{64}")
UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError)
FIELDS = frozenset(("stream", "seq", "at", "happened_at", "verb", "post", "data", "prev", "hash"))
LEDGER, SIDES, INFO = "data/ledger.jsonl", "data/side/side.jsonl", "bag-info.txt"
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"


class NotABundle(Exception):
    """The file or folder cannot be read as a bundle at all; says so in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


class Faults(list):  # type: ignore[type-arg]
    """What was found wrong, in order: code, place, words in both languages."""

    def add(self, code: str, where: str, zh: str, en: str) -> None:
        self.append({"code": code, "where": where, "zh": zh, "en": en})


def canonical(value: Any) -> bytes:
    """RFC 8785 form of a value of texts, whole numbers, booleans, null, lists and objects. ValueError for others."""
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _ordered(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int) and abs(value) <= MAX_INTEGER:
        return value
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value, key=_utf16)}
    if isinstance(value, (list, tuple)):
        return [_ordered(part) for part in value]
    raise ValueError(f"{type(value).__name__} {str(value)[:40]} has no place in an entry")


def _utf16(key: Any) -> bytes:
    if not isinstance(key, str):
        raise ValueError("a key that is no text")
    return key.encode("utf-16-be", "surrogatepass")


def read_json(line: bytes) -> Any:
    """One JSON value without fractions and without a key twice. ValueError otherwise."""

    def pairs(rows: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(rows)
        if len(made) != len(rows):
            raise ValueError("a key stands twice")
        return made

    def refuse(text: str) -> Any:
        raise ValueError(f"{text} has no place in an entry")

    try:
        return json.loads(line.decode("utf-8"), object_pairs_hook=pairs, parse_float=refuse, parse_constant=refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


class Folder:
    """An unpacked bundle; names are relative with forward slashes."""

    def __init__(self, path: Path, faults: Faults) -> None:
        self.names: dict[str, Path] = {}
        for found in sorted(path.rglob("*")):
            name = found.relative_to(path).as_posix()
            if found.is_symlink():
                faults.add("link", name, "不允许符号链接", "symbolic links are not allowed")
            elif found.is_file():
                self.names[name] = found
        if "bagit.txt" not in self.names:
            raise NotABundle("文件夹里没有 bagit.txt，不是封存包", "no bagit.txt here: not a bundle")

    def open(self, name: str) -> BinaryIO:
        return self.names[name].open("rb")


class Archive:
    """A packed bundle, read in place: nothing is ever unpacked to disk."""

    def __init__(self, path: Path, faults: Faults) -> None:
        try:
            self.zip = zipfile.ZipFile(str(path))
            members = self.zip.infolist()
        except (ValueError, *UNREADABLE) as error:
            raise NotABundle(f"不是完好的 zip 文件：{error}", f"not a sound zip file: {error}") from None
        self.names: dict[str, zipfile.ZipInfo] = {}
        _check_bounds(members, path.stat().st_size)
        base = _base_of(members)
        for member in members:
            self._take(member, base, faults)

    def _take(self, member: zipfile.ZipInfo, base: str, faults: Faults) -> None:
        name, raw = member.filename, member.orig_filename
        short = name[len(base) :]
        if not is_safe(name.rstrip("/")) or "\\" in raw or "\0" in raw:
            faults.add("path", repr(raw), "路径越出封存包", "the path leaves the bundle")
        elif not name.startswith(base):
            faults.add("extra", name, "不在封存包文件夹内", "stands outside the bundle's folder")
        elif stat.S_ISLNK(member.external_attr >> 16):
            faults.add("link", name, "不允许符号链接", "symbolic links are not allowed")
        elif member.flag_bits & 0x1:
            faults.add("encrypted", name, "成员已加密", "the member is encrypted")
        elif short in self.names:
            faults.add("duplicate", name, "同名成员出现两次", "the member stands twice")
        elif not name.endswith("/"):
            self.names[short] = member

    def open(self, name: str) -> BinaryIO:
        return self.zip.open(self.names[name])  # type: ignore[return-value]


def _check_bounds(members: list[zipfile.ZipInfo], packed: int) -> None:
    """Refuse an archive whose directory promises more than a bundle can be (reading holds it to that)."""
    total = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or total > MAX_TOTAL or total > max(RATIO_FLOOR, MAX_RATIO * packed):
        raise NotABundle("压缩包展开后过大，疑为压缩炸弹", "the archive unfolds to far more than its size (a bomb?)")


def _base_of(members: list[zipfile.ZipInfo]) -> str:
    """The one folder that holds bagit.txt ("" when it stands at the top)."""
    bases = {m.filename[: -len("bagit.txt")] for m in members if re.fullmatch("([^/]*/)?bagit\\.txt", m.filename)}
    if len(bases) != 1:
        raise NotABundle("压缩包里没有封存包（缺 bagit.txt）", "no bundle in the archive (bagit.txt is missing)")
    return bases.pop()


def is_safe(name: str) -> bool:
    """Whether a name stays inside: relative, forward slashes, no empty part, no dots, no drive."""
    parts = name.split("/")
    return all(part not in ("", ".", "..") for part in parts) and ":" not in parts[0] and "\\" not in name


class Check:
    """One verification under way."""

    def __init__(self, source: Any, faults: Faults) -> None:
        self.source, self.faults = source, faults
        self.entries: dict[int, dict[str, Any]] = {}
        self.seqs: dict[str, int] = {}
        self.papers: set[str] = set()
        self.stream, self.head, self.opened, self.committed = "", ROOT, 0, 0

    def digest(self, name: str) -> str | None:
        """SHA-256 of a file; None, with a fault, when it cannot be read whole."""
        made = hashlib.sha256()
        try:
            with self.source.open(name) as file:
                for piece in iter(lambda: file.read(SLICE), b""):
                    made.update(piece)
        except UNREADABLE as error:
            self.unreadable(name, error)
            return None
        return made.hexdigest()

    def unreadable(self, name: str, error: Exception) -> None:
        self.faults.add("unreadable", name, f"无法读出：{error}", f"cannot be read: {error}")

    def text(self, name: str) -> str:
        """A small tag file as text; empty, with a fault, when it is missing or not UTF-8."""
        if name not in self.source.names:
            self.faults.add("missing", name, "缺少文件", "the file is missing")
            return ""
        try:
            with self.source.open(name) as file:
                return str(file.read(64 * SLICE), "utf-8")
        except (UnicodeDecodeError, *UNREADABLE) as error:
            self.unreadable(name, error)
            return ""

    def bag(self) -> None:
        """The declaration and both manifests."""
        if self.text("bagit.txt").encode() != DECLARATION:
            self.faults.add("bagit", "bagit.txt", "不是 BagIt 1.0 声明", "not the BagIt 1.0 declaration")
        if "fetch.txt" in self.source.names:
            self.faults.add("fetch", "fetch.txt", "不得引用外部文件", "a bundle may not fetch files")
        payload = {name for name in self.source.names if name.startswith("data/")}
        self._manifest(MANIFEST, payload)
        self._manifest(TAG_MANIFEST, set(self.source.names) - payload - {TAG_MANIFEST})

    def _manifest(self, manifest: str, present: set[str]) -> None:
        listed: dict[str, str] = {}
        for number, line in enumerate(filter(None, re.split("\r?\n", self.text(manifest))), 1):
            found = re.fullmatch("([0-9A-Fa-f]{64})[ \t]+\\*?(.+)", line)
            name = _decode(found.group(2)) if found else ""
            if not found or not is_safe(name):
                self.faults.add("manifest", f"{manifest}:{number}", "清单行不合格式", "not a line of a manifest")
            elif name in listed:
                self.faults.add("manifest", f"{manifest}:{number}", f"{name} 列了两次", f"{name} is listed twice")
            else:
                listed[name] = found.group(1).lower()
        for name in sorted(present - set(listed)):
            self.faults.add("extra", name, "清单里没有这个文件", "the file stands in no manifest")
        for name in sorted(set(listed) - present):
            self.faults.add("missing", name, "清单列出的文件不存在", "a listed file is missing")
        for name in sorted(present & set(listed)):
            if self.digest(name) not in (None, listed[name]):
                self.faults.add("altered", name, "内容与清单的哈希不符", "the content does not match the manifest")

    def lines(self, name: str) -> Iterator[tuple[int, bytes]]:
        """Numbered lines of a payload file, each of bounded length and ended by a newline."""
        try:
            with self.source.open(name) as file:
                for number, line in enumerate(iter(lambda: file.readline(MAX_LINE + 1), b""), 1):
                    if not line.endswith(b"\n"):
                        where = f"{name}:{number}"
                        self.faults.add("line", where, "行不完整或过长", "the line is cut off or too long")
                        return
                    yield number, line[:-1]
        except UNREADABLE as error:
            self.unreadable(name, error)

    def ledger(self) -> None:
        """The chain; the first break ends the walk, since nothing after it means anything. Then what it vouches for."""
        if LEDGER not in self.source.names:
            self.faults.add("missing", LEDGER, "缺少留痕记录", "the ledger is missing")
            return
        for number, line in self.lines(LEDGER):
            fault = self._entry(line, number)
            if fault:
                self.faults.add("chain", f"{LEDGER}:{number}", *fault)
                return
        if not self.entries:
            self.faults.add("empty", LEDGER, "没有一条记录", "there is no entry")
        for name in sorted(self.source.names):
            if name.startswith(("data/plan/", "data/documents/")) and self.digest(name) not in self.papers:
                self.faults.add("paper", name, "记录里没有这份文件的哈希", "the ledger holds no hash of this file")

    def _entry(self, line: bytes, seq: int) -> tuple[str, str] | None:
        try:
            entry = read_json(line)
            if not isinstance(entry, dict) or set(entry) != FIELDS or not isinstance(entry["data"], dict):
                return "不是一条记录", "not an entry"
            if canonical(entry) != line:
                return "不是 RFC 8785 规范形式", "not in RFC 8785 form"
            body = canonical({key: value for key, value in entry.items() if key != "hash"})
        except (ValueError, RecursionError) as error:
            return f"不是一条记录：{error}", f"not an entry: {error}"
        if entry["seq"] is True or entry["seq"] != seq:
            return f"序号应为 {seq}", f"its number should be {seq}"
        if not isinstance(entry["stream"], str) or (self.stream and entry["stream"] != self.stream):
            return "混入了另一条记录流", "an entry of another stream"
        if entry["prev"] != self.head:
            return "与上一条记录不相接", "does not follow the entry before"
        if hashlib.sha256(body).hexdigest() != entry["hash"]:
            return "内容与其哈希不符", "its content does not match its hash"
        self.stream, self.head = entry["stream"], entry["hash"]
        self.seqs[entry["hash"]] = seq
        self.entries[seq] = {
            key: value["commitment"]
            for key, value in entry["data"].items()
            if isinstance(value, dict) and set(value) == {"commitment"}
        }
        self.committed += len(self.entries[seq])
        self.papers |= {str(entry["data"].get(key)) for key in ("digest", "sha256")}
        return None

    def sides(self) -> None:
        """Each side record opens the commitment it belongs to, once."""
        seen = set()
        for number, line in self.lines(SIDES) if SIDES in self.source.names else ():
            where = f"{SIDES}:{number}"
            try:
                row = read_json(line)
                place = (int(row["seq"]), str(row["path"]))
                made = hmac.new(bytes.fromhex(row["salt"]), row["text"].encode("utf-8"), hashlib.sha256).hexdigest()
            except (ValueError, KeyError, TypeError, AttributeError):
                self.faults.add("side", where, "不是一条附注", "not a side record")
                continue
            expected = self.entries.get(place[0], {}).get(place[1])
            if expected is None or place in seen:
                self.faults.add("side", where, "没有记录承诺过这条附注", "no entry commits to this side record")
            elif made != expected:
                self.faults.add("side", where, "附注与记录的承诺不符", "the side record does not open its commitment")
            self.opened += made == expected and place not in seen
            seen.add(place)

    def info(self) -> None:
        """What bag-info says of the stream is what the ledger shows."""
        said = dict(re.findall("^(Shudao-[A-Za-z]+): (.*)$", self.text(INFO), re.MULTILINE))
        shown = {"Stream": self.stream, "Length": str(len(self.entries)), "Head": self.head}
        for key, value in shown.items():
            if said.get(f"Shudao-{key}") not in (None, value):
                self.faults.add("info", f"{INFO} Shudao-{key}", f"记录为 {value}", f"the ledger has {value}")

    def find(self, head: str) -> int | None:
        """Number of the entry with that hash; a fault when the intact part of the chain has none."""
        if head not in self.seqs:
            zh = "链上没有纸上印的这条记录：历史被改写或截短，或封存早于该纸"
            self.faults.add("head", head, zh, "no entry has it: history was rewritten or cut, or the paper is younger")
        return self.seqs.get(head)


def _decode(name: str) -> str:
    """Manifests write a line end and a percent sign inside a name as %0A, %0D and %25."""
    return name.replace("%0D", "\r").replace("%0d", "\r").replace("%0A", "\n").replace("%0a", "\n").replace("%25", "%")


def verify_bundle(path: Path, head: str | None = None) -> dict[str, Any]:
    """Report on a bundle, packed or not. NotABundle when it is none; ValueError when `head` is no hash."""
    if head is not None and not HEX64.fullmatch(head.strip().lower()):
        raise ValueError(head)
    if not path.exists():
        raise NotABundle("没有这个文件", "there is no such file")
    faults = Faults()
    check = Check(Folder(path, faults) if path.is_dir() else Archive(path, faults), faults)
    check.bag()
    check.ledger()
    check.sides()
    check.info()
    asked = {"asked": head.strip().lower(), "seq": check.find(head.strip().lower())} if head else None
    return {
        "ok": not faults,
        "stream": check.stream,
        "length": len(check.entries),
        "head": check.head,
        "asked_head": asked,
        "files": len(check.source.names),
        "side_records": {"opened": check.opened, "erased": check.committed - check.opened},
        "faults": faults,
    }


def say(report: dict[str, Any], chinese: bool = True) -> str:
    """The report as lines for people."""
    sides, asked, place = report["side_records"], report["asked_head"], 0 if chinese else 1
    rows = [
        ("记录流 {stream}，{length} 条，末条哈希 {head}", "stream {stream}, {length} entries, head {head}"),
        ("文件 {files} 个，附注 {opened} 条相符", "{files} files; {opened} side records match"),
        ("附注 {erased} 条已删除", "side records erased: {erased}"),
    ]
    if asked and asked["seq"]:
        rows.append(("纸上的哈希是第 {at} 条记录", "the hash on the paper is entry {at}"))
    rows.append(("核验通过", "verified") if report["ok"] else ("核验不通过", "refused"))
    lines = [f"✗ {fault['where']}: {fault['zh' if chinese else 'en']}" for fault in report["faults"]]
    values = {**report, **sides, "at": asked and asked["seq"]}
    return "\n".join([*lines, *(row[place].format(**values) for row in rows)])


def main(argv: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="核验封存包 / verify a sealed bundle")
    parser.add_argument("bundle", nargs="?", default=str(Path(__file__).resolve().parent))
    parser.add_argument("--head", help="纸上印的哈希 / the hash printed on a paper")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--en", action="store_true", help="English")
    given = parser.parse_args(argv)
    try:
        report = verify_bundle(Path(given.bundle), given.head)
    except (NotABundle, ValueError) as error:
        said = isinstance(error, NotABundle) and f"{given.bundle}: {error}"
        sys.stderr.write(f"verify: {said or '--head: 应为64位十六进制 / must be 64 hexadecimal digits'}\n")
        return 2
    text = json.dumps(report, ensure_ascii=False) if given.json else say(report, not given.en)
    sys.stdout.buffer.write((text + "\n").encode("utf-8"))
    return 0 if report["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
