"""Record the checks that ran, with their thresholds, in the flag attributes."""

from typing import Any

from oceanco2.qc.apart import why_not_separate
from oceanco2.qc.cascade import INPUTS, cascade_settings
from oceanco2.qc.check import CHECKS
from oceanco2.qc.engine import CheckContext, missing_inputs
from oceanco2.vocabulary import BAD, QUESTIONABLE, RUN_TYPES

_RUN_TYPE_NAMES = {code: word for word, code in RUN_TYPES.items()}


def tests_applied(context: CheckContext, name: str) -> dict[str, Any]:
    """Return checks that ran with their limits, those that could not, and links."""
    record: dict[str, Any] = {}
    for key in ("latitude", "longitude") if name == "position" else (name,):
        for check, options in context.checks(key).items():
            record[check] = _check_outcome(context, check, options)
        for rule in context.rules(key):
            changes = {
                c: _rule_outcome(context, c, o) for c, o in rule.checks[key].items()
            }
            entry = dict(rule.when) | {"rows": int(context.holds(rule.when).sum())}
            record.setdefault("where", []).append(entry | {"checks": changes})
    links = _diagnostic_links(context, name)
    if links:
        record["diagnostic"] = links
    changed = _changed_inputs(context, name)
    if changed:
        record["input"] = changed
    return record


def _rule_outcome(context: CheckContext, check: str, options: Any) -> Any:
    outcome = _check_outcome(context, check, options)
    return outcome if isinstance(outcome, str) else options


def _check_outcome(context: CheckContext, check: str, options: Any) -> Any:
    absent = ", ".join(missing_inputs(context.ds, check))
    if absent:
        return f"not run: lacks {absent}"
    reason = why_not_separate(context.ds, check)
    if reason:
        return f"not run: {reason}"
    # Without options, the default limits of the check applied.
    return CHECKS[check].with_defaults({}) if options == {} else options


def _diagnostic_links(context: CheckContext, name: str) -> dict[str, Any]:
    links: dict[str, Any] = {}
    for source, targets in context.plan.consequences.items():
        if name in targets and source in context.ds:
            links[source] = [_RUN_TYPE_NAMES[code] for code in targets[name]] or "all"
        elif name in targets:
            links[source] = f"not run: lacks {source}"
    return links


def _changed_inputs(context: CheckContext, name: str) -> dict[str, dict[str, int]]:
    if name not in INPUTS:
        return {}
    return {
        key: {"questionable": pair[0], "bad": pair[1]}
        for key, pair in cascade_settings(
            context.ds, name, context.plan.cascade
        ).items()
        if key in INPUTS[name] and key in context.ds and pair != (QUESTIONABLE, BAD)
    }
