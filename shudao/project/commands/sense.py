"""`shudao sense`: the engine on a file of posts."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shudao.engine.words import BadInput, Words

if TYPE_CHECKING:
    from shudao.engine.sense.senser import Senser
    from shudao.engine.sense.vectors import Encoder
    from shudao.project.sense_run import Summary

SHOWN = 10  # rejects told on the terminal; all are counted, and listed in the reject file


@click.command("sense")
@click.argument("posts", type=click.Path(path_type=Path))
@click.option("--topics", type=click.Path(path_type=Path), help="topics (YAML)")
@click.option("--out", type=click.Path(path_type=Path), help="one row a post (JSONL)")
@click.option("--alerts", type=click.Path(path_type=Path), help="alerts (JSONL)")
@click.option("--engine", default="local", show_default=True, help="local or ray[:ADDRESS]")
@click.option("--vectors", is_flag=True, help="stories by words and meaning (extra vectors); slower")
@click.option("--json", "as_json", is_flag=True, help="a summary as one JSON document on standard output")
def command(
    posts: Path, topics: Path | None, out: Path | None, alerts: Path | None, engine: str, vectors: bool, as_json: bool
) -> None:
    """研判一个帖子文件 · topics, near-copies, stories and alerts of a file of posts (.jsonl or .jsonl.gz)."""
    _check_engine(engine)
    _check_files(posts, topics, out, alerts)
    from shudao.project.cli import language
    from shudao.project.sense_run import sense_file

    senser = _senser(topics, _encoder() if vectors else None)
    size = posts.stat().st_size
    shown = click.progressbar(length=size, file=sys.stderr, label="sense", hidden=not sys.stderr.isatty())
    with shown as bar:
        summary = sense_file(posts, senser, out=out, alerts=alerts, progress=bar.update, tell=RejectLines())
    click.echo(_pace(summary).say(language()), err=True)
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode(summary).decode())
    else:
        _tell(summary)


def _pace(summary: "Summary") -> Words:
    rate = f"{summary.posts_per_second:.0f} posts/s"
    zh = f"{summary.posts} 条帖子，用时 {summary.seconds:.1f} 秒：{rate}"
    return Words(zh=zh, en=f"{summary.posts} posts in {summary.seconds:.1f} s: {rate}")


def _encoder() -> "Encoder":
    from shudao.engine.sense.encoder import is_installed, sentence_encoder

    if not is_installed():
        raise BadInput(
            Words(
                zh="本次安装没有句向量组件（extra vectors）", en="the vectors extra is not part of this installation"
            ),
            where="--vectors",
            mend=Words(zh="去掉 --vectors，只按字词聚合", en="leave --vectors out: stories go by words alone"),
        )
    return sentence_encoder()


def _senser(topics: Path | None, encoder: "Encoder | None" = None) -> "Senser":
    from shudao.engine.sense.senser import Senser, SenseSettings
    from shudao.engine.sense.tone import load_lexicon
    from shudao.engine.sense.topics import load_topics
    from shudao.library import path_of

    lexicon = load_lexicon(path_of("lexicons", "tone.yaml").read_bytes(), "tone.yaml")
    watched = load_topics(read_input(topics), str(topics)) if topics else ()
    return Senser(watched, SenseSettings(lexicon=lexicon), encoder)


def read_input(path: Path) -> bytes:
    """The bytes of a file a person named, or `BadInput`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(
            Words(zh=f"不能读：{error.strerror}", en=f"cannot read: {error.strerror}"), where=str(path)
        ) from None


def _check_engine(engine: str) -> None:
    name = engine.split(":", 1)[0]
    if name == "ray":
        raise BadInput(
            Words(zh="本次安装没有集群组件（extra cluster）", en="the cluster extra is not part of this installation"),
            where="--engine",
            mend=Words(zh="请用 --engine local", en="use --engine local"),
        )
    if engine != "local":
        raise BadInput(
            Words(zh=f"不认识的引擎 {engine}", en=f"unknown engine {engine}"),
            where="--engine",
            mend=Words(zh="可用 local 或 ray[:ADDRESS]", en="use local or ray[:ADDRESS]"),
        )


class RejectLines:
    """退件提示 (reject lines): the first rejects as lines on standard error, with their numbers."""

    def __init__(self) -> None:
        self.told = 0

    def __call__(self, line: int, why: Words) -> None:
        """Tell one, or, once enough were told, say nothing."""
        from shudao.project.cli import language

        self.told += 1
        if self.told <= SHOWN:
            click.echo(Words(zh=f"第 {line} 行：{why.zh}", en=f"line {line}: {why.en}").say(language()), err=True)


def _check_files(posts: Path, topics: Path | None, out: Path | None, alerts: Path | None) -> None:
    from shudao.project.sense_run import rejects_beside

    if not posts.exists() or posts.is_dir():
        raise BadInput(Words(zh="没有这个文件", en="no such file"), where=str(posts))
    taken = [path.resolve() for path in (posts, topics) if path]
    beside = out or alerts
    for path in (out, alerts, rejects_beside(beside) if beside else None):
        if path is None:
            continue
        if path.resolve() in taken:
            raise BadInput(Words(zh="同一个文件用了两次", en="the same file is named twice"), where=str(path))
        if not path.parent.is_dir() or path.is_dir():
            raise BadInput(Words(zh="不能写到这里", en="cannot be written there"), where=str(path))
        taken.append(path.resolve())


def _tell(summary: "Summary") -> None:
    for name, value in (
        ("帖子 posts", summary.posts),
        ("退件 rejects", summary.rejects),
        ("时间倒序 out of order", summary.out_of_order),
        ("命中专题 matched", summary.matched),
        ("近似重复 copies", summary.copies),
        ("话题 stories", summary.stories),
        ("预警 alerts", summary.alerts),
        ("结果 out", summary.out),
        ("预警文件 alerts", summary.alerts_file),
        ("退件文件 rejects", summary.rejects_file),
    ):
        if value is not None:
            click.echo(f"{name}: {value}")
