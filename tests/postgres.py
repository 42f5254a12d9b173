"""Run a command against a PostgreSQL cluster of its own: `python -m tests.postgres -m pytest tests/ledger`.

The cluster lives in a temporary folder on a free port and is gone afterwards. Without PostgreSQL: one clear line, exit 0.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """Folder of initdb and pg_ctl; None when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    on_path = shutil.which("initdb")
    return found[0].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def cluster(tools: Path) -> Iterator[str]:
    """A running cluster; yields its DATABASE_URL."""
    folder = Path(tempfile.mkdtemp(prefix="shudao-pg-", dir=_quick_place()))
    port = _free_port()
    who = _as_other_than_root(folder)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
    start = [*who, tools / "pg_ctl", "-w", "-D", folder / "data", "-l", folder / "log", "-o", options, "start"]
    try:
        _quiet(
            [*who, tools / "initdb", "-D", folder / "data", "-U", "shudao", "-A", "trust", "-E", "UTF8", "--no-sync"]
        )
        _quiet(start)
        yield f"postgres://shudao@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*who, tools / "pg_ctl", "-m", "immediate", "-D", folder / "data", "stop"], capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def _quick_place() -> str | None:
    """Memory, where it has room; else the system's place for temporary files."""
    memory = Path("/dev/shm")
    has_room = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 << 30
    return str(memory) if has_room else None


def _as_other_than_root(folder: Path) -> list[str]:
    if os.getuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    return ["runuser", "-u", "postgres", "--"]


def _quiet(command: list) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main() -> int:
    """Run the given Python arguments with DATABASE_URL pointing to the cluster."""
    tools = binaries()
    if tools is None:
        print("check: PostgreSQL is not installed - its tests are skipped; passed on SQLite only")
        return 0
    with cluster(tools) as url:
        env = {**os.environ, "DATABASE_URL": url}
        return subprocess.run([sys.executable, *sys.argv[1:]], env=env).returncode


if __name__ == "__main__":
    sys.exit(main())
