"""Run the parts of the soak one after the other; each prints its own counts, the last line is `N passed, M failed`."""

import sys
from importlib import import_module
from pathlib import Path

PARTS = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))


def main(wanted: list[str]) -> int:
    """Run the named parts (all without a name); 1 when one failed."""
    names = PARTS if wanted in ([], ["all"]) else wanted
    if unknown := [name for name in names if name not in PARTS]:
        print(f"soak: no part {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    failed = 0
    for name in names:
        print(f"soak {name}", flush=True)
        fault = import_module(f"tests.soak.{name}").run()
        print(f"soak {name}: {fault or 'ok'}", flush=True)
        failed += bool(fault)
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
