"""What ran with which limits, in words that stay in the file."""

from typing import Any

from oceanco2.qc.apart import not_apart
from oceanco2.qc.cascade import INPUTS, settings_of
from oceanco2.qc.checks import CHECKS
from oceanco2.qc.engine import Bench, lacking
from oceanco2.vocabulary import BAD, QUESTIONABLE, RUN_TYPES

_WORDS = {code: word for word, code in RUN_TYPES.items()}


def tests_applied(shared: Bench, name: str) -> dict[str, Any]:
    """Say which checks ran with which limits, which could not, and what follows."""
    said: dict[str, Any] = {}
    for key in ("latitude", "longitude") if name == "position" else (name,):
        for check, options in shared.checks(key).items():
            said[check] = _ran(shared, check, options)
        for rule in shared.rules(key):
            told = {c: _elsewhere(shared, c, o) for c, o in rule.checks[key].items()}
            entry = dict(rule.when) | {"rows": int(shared.holds(rule.when).sum())}
            said.setdefault("where", []).append(entry | {"checks": told})
    links = _links(shared, name)
    if links:
        said["diagnostic"] = links
    changed = _changed(shared, name)
    if changed:
        said["input"] = changed
    return said


def _elsewhere(shared: Bench, check: str, options: Any) -> Any:
    said = _ran(shared, check, options)
    return said if isinstance(said, str) else options


def _ran(shared: Bench, check: str, options: Any) -> Any:
    absent = ", ".join(lacking(shared.ds, check))
    if absent:
        return f"not run: lacks {absent}"
    reason = not_apart(shared.ds, check)
    if reason:
        return f"not run: {reason}"
    # Where nothing is named, the check's own limits are those that held.
    return CHECKS[check].whole({}) if options == {} else options


def _links(shared: Bench, name: str) -> dict[str, Any]:
    links: dict[str, Any] = {}
    for source, targets in shared.plan.consequences.items():
        if name in targets and source in shared.ds:
            links[source] = [_WORDS[code] for code in targets[name]] or "all"
        elif name in targets:
            links[source] = f"not run: lacks {source}"
    return links


def _changed(shared: Bench, name: str) -> dict[str, dict[str, int]]:
    if name not in INPUTS:
        return {}
    return {
        key: {"questionable": pair[0], "bad": pair[1]}
        for key, pair in settings_of(shared.ds, name, shared.plan.cascade).items()
        if key in INPUTS[name] and key in shared.ds and pair != (QUESTIONABLE, BAD)
    }
