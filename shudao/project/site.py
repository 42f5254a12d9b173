"""A site's folder: everything that must be kept lies in it. Preparing it is safe to repeat."""

import os
import sqlite3
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from shudao.engine.words import BadInput, Words


def use_folder(data: Path) -> Path:
    """Point the settings to a data folder and start Django. Call it before anything of Django is imported."""
    data = data.expanduser().resolve()
    try:
        data.mkdir(parents=True, exist_ok=True)
        probe = data / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as fault:
        what = Words(zh="数据目录无法写入", en="the data folder cannot be written to")
        mend = Words(zh="换一个目录，或检查权限", en="choose another folder or check its permissions")
        raise BadInput(what, where=str(data), mend=mend) from fault
    os.environ["SHUDAO_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shudao.project.settings")
    import django  # noqa: PLC0415 - the settings must know the folder first

    django.setup()
    return data


def prepare(*, pages: bool = True) -> None:
    """Bring the database up to date; with `pages` also the languages and static files. BadInput when it is none."""
    from django.core.management import call_command  # noqa: PLC0415 - app ready
    from django.db import DatabaseError  # noqa: PLC0415 - app ready

    from shudao.base.languages import compile_catalogues  # noqa: PLC0415 - app ready
    from shudao.project.upgrade import bring_up_to_date  # noqa: PLC0415 - app ready

    try:
        bring_up_to_date()
    except (DatabaseError, sqlite3.DatabaseError) as fault:
        why = " ".join(str(fault).split())[:200]
        what = Words(zh=f"站点的数据库打不开：{why}", en=f"the site's database cannot be opened: {why}")
        raise BadInput(what, where=os.environ.get("SHUDAO_DATA", "")) from fault
    if pages:
        compile_catalogues()
        with redirect_stdout(StringIO()):
            call_command("collectstatic", interactive=False, verbosity=0)


def open_site(data: Path) -> Path:
    """Open a site that stands already, for a command beside the running server. BadInput when there is none."""
    if not (data / "shudao.sqlite3").is_file() and "DATABASE_URL" not in os.environ:
        mend = Words(zh="用 --data 指明站点的文件夹", en="name the site's folder with --data")
        raise BadInput(Words(zh="这里没有站点", en="there is no site here"), where=str(data), mend=mend)
    folder = use_folder(data)
    prepare(pages=False)
    return folder
