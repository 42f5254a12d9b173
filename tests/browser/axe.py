"""axe-core on a page of a real browser: `assert_accessible(page)` fails with every fault, where it is and how to mend it."""

import json

from axe_playwright_python.base import AXE_SCRIPT

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def faults_of(page, *, within=None, tags=TAGS):
    """What axe-core finds against WCAG 2.2 AA (and its own good practice): (rule, help, [(selector, why)])."""
    page.evaluate(AXE_SCRIPT)
    options = {"runOnly": {"type": "tag", "values": list(tags)}, "resultTypes": ["violations"]}
    found = page.evaluate(
        f"([at, how]) => axe.run(at || document, {json.dumps(options)}).then(r => r.violations)", [within, {}]
    )
    return [
        (rule["id"], rule["help"], [(" ".join(map(str, node["target"])), node["failureSummary"]) for node in rule["nodes"]])
        for rule in found
    ]  # fmt: skip


def assert_accessible(page, *, within=None, tags=TAGS):
    """No fault on the page, or within a selector."""
    faults = faults_of(page, within=within, tags=tags)
    lines = [f"{rule}: {hint}\n" + "\n".join(f"    {at}: {why}" for at, why in nodes) for rule, hint, nodes in faults]
    assert not faults, f"{page.url}\n" + "\n".join(lines)
