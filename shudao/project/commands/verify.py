"""`shudao verify`: check a sealed bundle with the very code that travels inside it."""

import json
import sys
from pathlib import Path
from typing import Any

import click


@click.command("verify")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--head", default=None, help="纸上印的末条哈希 · the hash printed on a paper")
@click.option("--json", "as_json", is_flag=True, help="输出一份 JSON · print one JSON document")
def command(bundle: Path, head: str | None, as_json: bool) -> None:
    """核验封存包或清除凭证。Verify a sealed bundle (zip or unpacked folder), or a deletion record (.json)."""
    from shudao.engine.words import BadInput, Words
    from shudao.ledger.standalone.verify import NotABundle, say, verify_bundle
    from shudao.project.cli import language

    if bundle.suffix == ".json":
        _record(bundle, as_json=as_json)
    try:
        report = verify_bundle(bundle, head)
    except NotABundle as error:
        mend = Words(zh="请给出 shudao seal 写出的 zip", en="give the zip that shudao seal wrote")
        raise BadInput(Words(zh=error.zh, en=error.en), where=str(bundle), mend=mend) from error
    except ValueError as error:
        what = Words(zh="应为64位十六进制", en="must be 64 hexadecimal digits")
        raise BadInput(what, where="--head") from error
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else say(report, language() == "zh"))
    sys.exit(0 if report["ok"] else 1)


def _record(path: Path, *, as_json: bool) -> None:
    """Check a deletion record: the entry's own hash, and the site's signature in it. Ends the command."""
    from shudao.engine.deletion import holds
    from shudao.engine.ledger import link
    from shudao.engine.words import BadInput, Words
    from shudao.project.cli import language

    try:
        entry = json.loads(path.read_bytes())
        same = link(entry)["hash"] == entry["hash"]
    except (ValueError, KeyError, TypeError) as error:
        mend = Words(zh="请给出从清除凭证页下载的文件", en="give the file that the page of the record offers")
        raise BadInput(Words(zh="不是清除凭证", en="this is no deletion record"), where=str(path), mend=mend) from error
    ok = same and holds(entry)
    if as_json:
        click.echo(json.dumps({"ok": ok, "hash": same, "signature": holds(entry), "public_key": _key(entry)}))
    else:
        said = Words(
            zh=f"清除凭证{'完好' if ok else '不符'}：公钥 {_key(entry)}，请与留痕中公布的一致",
            en=f"the deletion record {'holds' if ok else 'does not hold'}: key {_key(entry)}, to be found published in the ledger",
        )
        click.echo(said.say(language()))
    sys.exit(0 if ok else 1)


def _key(entry: dict[str, Any]) -> str:
    data = entry.get("data")
    return str(data.get("public_key", "")) if isinstance(data, dict) else ""
