"""`shudao verify`: check a sealed bundle with the very code that travels inside it."""

import json
import sys
from pathlib import Path

import click


@click.command("verify")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--head", default=None, help="纸上印的末条哈希 · the hash printed on a paper")
@click.option("--json", "as_json", is_flag=True, help="输出一份 JSON · print one JSON document")
def command(bundle: Path, head: str | None, as_json: bool) -> None:
    """核验封存包：清单、记录链、附注。Verify a sealed bundle (zip or unpacked folder)."""
    from shudao.engine.words import BadInput, Words
    from shudao.ledger.standalone.verify import NotABundle, say, verify_bundle
    from shudao.project.cli import language

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
