"""Every page by its links in a real browser, desk and phone: axe, console, overflow, words of the machine."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def run() -> str:
    """Walk them; returns what failed, empty when all is well."""
    told = [sys.executable, "-m", "pytest", "-m", "long", "tests/browser/test_pages.py"]
    done = subprocess.run(told, cwd=ROOT, capture_output=True, text=True, check=False)
    print(done.stdout.strip().splitlines()[-1], flush=True)
    return "" if done.returncode == 0 else done.stdout[-6000:]
