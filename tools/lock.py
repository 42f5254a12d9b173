"""Pin every package by hash, without addresses: requirements.txt (core), -dev (all extras and tools), -bench (and peers), -core-tests."""

import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
COMPILE = ["pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-emit-index-url", "--no-header"]
BUILD = "hatchling\neditables\n"
TESTS = "pytest\npytest-django\npytest-xdist\nhypothesis\npytest-httpserver\naiosmtpd\nbabel\nenmerkar\n"


def lock(target: str, *inputs: str, extra: str = "") -> None:
    """Compile inputs (and further requirement lines on standard input) into one lock file."""
    command = [str(BIN / "uv"), *COMPILE, "--no-annotate", "--python-version", "3.11", "-o", target, *inputs, "-"]
    subprocess.run(command, input=extra, text=True, check=True)  # noqa: S603


if __name__ == "__main__":
    lock("requirements-dev.txt", "pyproject.toml", "--all-extras", "--group", "dev", extra=BUILD)
    lock(
        "requirements-bench.txt",
        "pyproject.toml",
        "--all-extras",
        "--group",
        "dev",
        "--group",
        "bench",
        "-c",
        "requirements-dev.txt",
        extra=BUILD,
    )
    lock("requirements.txt", "pyproject.toml", "-c", "requirements-dev.txt", extra=BUILD)
    lock("requirements-core-tests.txt", "pyproject.toml", "-c", "requirements-dev.txt", extra=BUILD + TESTS)
    lock("tools/uv.txt", extra="uv\n")
