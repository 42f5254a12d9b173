"""The `shudao` command. Each word is a file in `commands/`; bad input ends with one line and exit code 2."""

import importlib
import locale
import os
import pkgutil
import sys
import warnings
from typing import Any

import click

from shudao import __version__
from shudao.engine.words import BadInput, Words
from shudao.project import commands

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # our tables are small: more threads would only wait for one another


def language() -> str:
    """The user's language: SHUDAO_LANG, else the terminal's, else Chinese."""
    given = os.environ.get("SHUDAO_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    given = given or (locale.getlocale()[0] or "")
    return "en" if given.lower().startswith("en") else "zh"


class Commands(click.Group):
    """Finds a command's file by its name; `import` stands in import_.py."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands."""
        return sorted(info.name.rstrip("_") for info in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, None when there is none."""
        if name not in self.list_commands(ctx):
            return None
        suffix = "_" if name in {"import"} else ""
        module = importlib.import_module(f"{commands.__name__}.{name}{suffix}")
        return module.command  # type: ignore[no-any-return]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="shudao")
def shudao() -> None:
    """疏导：网络舆情应急处置与演练 · public-opinion emergency response and drill."""


def main(argv: list[str] | None = None) -> Any:
    """Run a command; returns never."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # what libraries grumble about a user's file is no line for the user
    try:
        code = shudao.main(args=argv, standalone_mode=False)
    except BadInput as error:
        stop(error.line(language()))
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.UsageError as error:
        stop(_usage(error).line(language()))
    except click.ClickException as error:
        stop(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except OSError as error:
        why = error.strerror or str(error)
        stop(
            BadInput(
                Words(zh=f"不能读写：{why}", en=f"cannot read or write: {why}"), where=str(error.filename or "")
            ).line(language())
        )
    sys.exit(code if isinstance(code, int) else 0)  # click hands back the code of an Exit


def _usage(error: click.UsageError) -> BadInput:
    """A wrong call in both languages, with the place where the right one is written."""
    called = error.ctx.command_path if error.ctx else "shudao"
    name = getattr(error, "option_name", "") or getattr(error, "cmd", "")
    parameter = getattr(error, "param", None)
    if parameter is not None:
        name = parameter.get_error_hint(error.ctx)
    said = {
        click.MissingParameter: f"缺少 {name}",
        click.NoSuchOption: f"没有选项 {name}",
        click.BadParameter: f"{name} 的值不能用",
    }
    known = next((zh for kind, zh in said.items() if isinstance(error, kind)), "用法不对")
    en = error.format_message().rstrip(".")
    mend = Words(zh=f"写法见 {called} --help", en=f"see {called} --help")
    return BadInput(Words(zh=f"{known}（{en}）", en=en), mend=mend)


def stop(line: str) -> None:
    """End with one line that says what is wrong."""
    click.echo(f"shudao: {' '.join(line.split())}", err=True)
    sys.exit(2)


if __name__ == "__main__":
    main()
