"""Bundles for tests: a small chain with side records, and hands that tamper with what was sealed."""

import hashlib
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shudao.engine.ledger import ROOT, canonical, commitment, link
from shudao.ledger.bundle import Contents, Side, write_bundle
from shudao.ledger.standalone import verify

T0 = datetime(2026, 3, 8, 1, 0, tzinfo=UTC)
SALT = "00112233445566778899aabbccddeeff"
PLAN, PAPER = b"id: x\n", b"PK not really"
TEXTS = {2: "停电范围为城东三个小区", 3: "预计13时前恢复"}


def chain(length=5, *, stream="incident/2026-001", change=None):
    """Entries of a stream; entries 2 and 3 commit to a text. `change(seq, data)` may alter data before linking."""
    prev, made = ROOT, []
    for seq in range(1, length + 1):
        data = {"n": seq, "text": {"commitment": commitment(TEXTS[seq], SALT)}} if seq in TEXTS else {"n": seq}
        if seq == 1:
            data |= {"digest": hashlib.sha256(PLAN).hexdigest(), "sha256": hashlib.sha256(PAPER).hexdigest()}
        if change:
            data = change(seq, data)
        at = (T0 + timedelta(minutes=seq)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        body = {"stream": stream, "seq": seq, "at": at, "happened_at": None, "verb": "add_fact", "post": "duty_officer"}
        made.append(link({**body, "data": data, "prev": prev}))
        prev = made[-1]["hash"]
    return made


def sides(*seqs):
    return [Side(seq, "text", SALT, TEXTS[seq]) for seq in seqs or TEXTS]


def contents(entries=None, beside=None):
    lines = [canonical(entry) + b"\n" for entry in (entries or chain())]
    documents = {"briefing.docx": PAPER}
    return Contents("incident-2026-001", lines, sides() if beside is None else beside, {"plan.yaml": PLAN}, documents)


def seal(folder: Path, entries=None, beside=None) -> Path:
    return write_bundle(folder / "x.zip", contents(entries, beside), T0).path


def rewrite(bundle: Path, out: Path, change, *, rehash=True) -> Path:
    """Copy a bundle with `change(files)` applied to {name: bytes}; `rehash` makes the manifests fit again."""
    with zipfile.ZipFile(bundle) as archive:
        files = {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}
    change(files)
    if rehash:
        for manifest, wanted in ((verify.MANIFEST, True), (verify.TAG_MANIFEST, False)):
            rows = [
                f"{hashlib.sha256(body).hexdigest()}  {name}\n"
                for name, body in sorted(files.items())
                if name.startswith("data/") is wanted and name != verify.TAG_MANIFEST
            ]
            files[manifest] = "".join(rows).encode()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(f"bundle/{name}", body)
    return out


def lines_of(entries):
    return b"".join(canonical(entry) + b"\n" for entry in entries)


def change_an_entry(files):
    """One figure of one entry, nothing else."""
    files[verify.LEDGER] = files[verify.LEDGER].replace(b'"n":4', b'"n":9')
