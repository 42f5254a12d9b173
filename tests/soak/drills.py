"""Every shipped scenario by every team at five seeds: ideal > scripted > none, the score recomputed, the chain whole."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from shudao.engine.ledger import check_chain
from shudao.library import folders, path_of

SEEDS = range(1, int(os.environ.get("SHUDAO_SEEDS", "5")) + 1)
TEAMS = ("none", "scripted", "ideal")


def run() -> str:
    """Play them all; returns the first fault, empty when all is well."""
    for lang in ("zh", "en"):
        for name in folders("scenarios", lang):
            for seed in SEEDS:
                if fault := _one_seed(lang, name, seed):
                    return f"{lang}/{name} seed {seed}: {fault}"
    return ""


def _one_seed(lang: str, name: str, seed: int) -> str:
    totals = {}
    with tempfile.TemporaryDirectory(prefix="shudao-drills-") as folder:
        for team in TEAMS:
            out = Path(folder) / team
            found = _shudao(
                "drill", "run", f"{lang}/{name}", "--team", team, "--seed", str(seed), "--out", str(out), "--json"
            )
            totals[team] = found["score"]["total"]
            if fault := _check(out, path_of("scenarios", lang, name)):
                return f"{team}: {fault}"
    print(f"  {lang}/{name} seed {seed}: {totals}", flush=True)
    in_order = totals["ideal"] > totals["scripted"] > totals["none"]
    return "" if in_order else f"the teams do not come in order: {totals}"


def _check(out: Path, scenario: Path) -> str:
    kept = json.loads((out / "score.json").read_text())
    again = _shudao(
        "score", str(out / "ledger.jsonl"), "--plan", str(out / "plan"), "--scenario", str(scenario), "--json"
    )
    if again != kept:
        return "the score recomputed differs from the one written"
    chain = check_chain(json.loads(line) for line in (out / "ledger.jsonl").read_text().splitlines())
    return "" if chain.ok else f"the chain breaks at entry {chain.at_seq}"


def _shudao(*words: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "shudao.project.cli", *words], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)
