"""封存包 (bundle): one stream of the ledger with what belongs to it, as BagIt (RFC 8493) in a zip.

Inside: `data/ledger.jsonl`, `data/side/side.jsonl`, `data/plan/`, `data/documents/`, `data/evidence/` (when asked for),
SHA-256 manifests, and `verify.py`, which needs Python alone. No Django here: values in, a file out.

The bag is laid out by hand and not by the bagit library, whose maker changes the working folder of the whole process;
that library then reads the finished folder and must find it valid before anything is packed.
"""

import hashlib
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import bagit

from shudao import __version__
from shudao.engine.ledger import canonical
from shudao.engine.words import BadInput, Words
from shudao.ledger.standalone import verify

VERIFIER = Path(verify.__file__)
_NAME = re.compile(r"[^\w.\-]+")


@dataclass(frozen=True)
class Side:
    """附注 (side record) of an entry: its text and the salt that opens the commitment."""

    seq: int
    path: str
    salt: str
    text: str


@dataclass(frozen=True)
class Contents:
    """包内物 (contents): `lines` are the entries in canonical form, one a line; files by name inside their folder."""

    name: str
    lines: Iterable[bytes]
    sides: Iterable[Side] = ()
    plan: Mapping[str, bytes] = field(default_factory=dict)
    documents: Mapping[str, bytes] = field(default_factory=dict)
    evidence: Mapping[str, bytes] = field(default_factory=dict)
    organisation: str = ""


@dataclass(frozen=True)
class Sealed:
    """封存结果 (sealed): stream, length and head as they stand in the bundle, and the file's own SHA-256."""

    stream: str
    length: int
    head: str
    sha256: str
    path: Path


def write_bundle(out: Path, contents: Contents, at: datetime) -> Sealed:
    """Write the bundle to `out`, whole or not at all. Same contents and moment give the same bytes.

    BadInput for an empty ledger or a file name that would leave its folder; what was written is verified before it is
    given its name.
    """
    with tempfile.TemporaryDirectory(prefix="shudao-seal-") as temporary:
        folder = Path(temporary) / safe_name(contents.name)
        folder.mkdir()
        _write_payload(folder, contents)
        last, length = _last_entry(folder / verify.LEDGER)
        _write_tags(folder, contents, last, length, at)
        bagit.Bag(str(folder)).validate(processes=1)
        packed = Path(temporary) / "bundle.zip"
        _pack(folder, packed, at)
        report = verify.verify_bundle(packed)
        if not report["ok"]:
            fault = report["faults"][0]
            raise BadInput(Words(zh=fault["zh"], en=fault["en"]), where=fault["where"])
        digest = hashlib.sha256(packed.read_bytes()).hexdigest()
        _put(packed, out)
    return Sealed(last["stream"], length, last["hash"], digest, out)


def safe_name(text: str) -> str:
    """A file name out of any text: letters (Chinese too), digits, dot, dash and underline."""
    return _NAME.sub("-", text).strip("-.") or "bundle"


def _write_payload(folder: Path, contents: Contents) -> None:
    ledger = folder / verify.LEDGER
    ledger.parent.mkdir(parents=True)
    with ledger.open("wb") as file:
        file.writelines(line if line.endswith(b"\n") else line + b"\n" for line in contents.lines)
    sides = folder / verify.SIDES
    sides.parent.mkdir(parents=True)
    with sides.open("wb") as file:
        for side in sorted(contents.sides, key=lambda side: (side.seq, side.path)):
            row = {"seq": side.seq, "path": side.path, "salt": side.salt, "text": side.text}
            file.write(canonical(row) + b"\n")
    for part, files in (("plan", contents.plan), ("documents", contents.documents), ("evidence", contents.evidence)):
        for name, content in files.items():
            if not verify.is_safe(name):
                raise BadInput(Words(zh=f"文件名不可用：{name!r}", en=f"unusable file name {name!r}"))
            target = folder / "data" / part / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def _last_entry(ledger: Path) -> tuple[dict[str, str], int]:
    last, length = b"", 0
    with ledger.open("rb") as file:
        for line in file:
            last, length = line, length + 1
    if not last:
        raise BadInput(Words(zh="这条记录流没有记录，无可封存", en="the stream has no entry: nothing to seal"))
    return json.loads(last), length


def _write_tags(folder: Path, contents: Contents, last: Mapping[str, str], length: int, at: datetime) -> None:
    (folder / "bagit.txt").write_bytes(verify.DECLARATION)
    (folder / "verify.py").write_bytes(VERIFIER.read_bytes())
    payload = [path for path in sorted((folder / "data").rglob("*")) if path.is_file()]
    info = {
        "Source-Organization": contents.organisation,
        "External-Identifier": last["stream"],
        "Bagging-Date": at.astimezone(UTC).date().isoformat(),
        "Bag-Software-Agent": f"shudao {__version__}",
        "Payload-Oxum": f"{sum(path.stat().st_size for path in payload)}.{len(payload)}",
        "Shudao-Stream": last["stream"],
        "Shudao-Length": str(length),
        "Shudao-Head": last["hash"],
    }
    lines = [f"{key}: {' '.join(value.split())}\n" for key, value in info.items() if value]
    (folder / verify.INFO).write_bytes("".join(lines).encode())
    _write_manifest(folder, verify.MANIFEST, payload)
    tags = [path for path in sorted(folder.iterdir()) if path.is_file()]
    _write_manifest(folder, verify.TAG_MANIFEST, tags)


def _write_manifest(folder: Path, name: str, files: Iterable[Path]) -> None:
    lines = []
    for path in files:
        inside = path.relative_to(folder).as_posix()
        encoded = inside.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        lines.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {encoded}\n")
    (folder / name).write_bytes("".join(lines).encode())


def _pack(folder: Path, packed: Path, at: datetime) -> None:
    moment = at.astimezone(UTC)
    stamp = (max(moment.year, 1980), moment.month, moment.day, moment.hour, moment.minute, moment.second)
    with zipfile.ZipFile(packed, "w", strict_timestamps=False) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                member = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix(), date_time=stamp)
                member.compress_type = zipfile.ZIP_DEFLATED
                member.create_system = 3
                member.external_attr = 0o644 << 16
                archive.writestr(member, path.read_bytes())


def _put(packed: Path, out: Path) -> None:
    """Beside the target first, then renamed: a reader never sees half a bundle."""
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(f".{out.name}.part")
    try:
        beside.write_bytes(packed.read_bytes())
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
