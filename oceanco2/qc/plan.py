"""The plan of quality control: a profile, changed by the platform file."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oceanco2.errors import OptionError, PlatformError, UnknownNameError, choose_name
from oceanco2.fields.climatology import matching
from oceanco2.platforms import Platform
from oceanco2.platforms.contradictions import is_answered
from oceanco2.qc.cascade import INPUTS, Settings
from oceanco2.qc.limits import PROFILES, Checks, Condition, Profile, condition
from oceanco2.registry import CHECKS
from oceanco2.vocabulary import RUN_TYPES, VARIABLES

_LEVELS = ("questionable", "bad")
_WATER, _AIR = (RUN_TYPES["water"],), (RUN_TYPES["air"],)
_WATER_DRY = ("xCO2_water_Tequ_dry", "xCO2_water_SST_dry")
_AIR_DRY = "xCO2_atm_dry_actual"
#: Humid mole fraction, its water vapour, dry mole fraction, run types. Files without
#: run types contain water and air at once.
_HUMID = (
    ("xCO2_water_Tequ_wet", "xH2O_water", _WATER_DRY[0], ()),
    ("xCO2_water_SST_wet", "xH2O_water", _WATER_DRY[1], ()),
    ("xCO2_atm_wet_actual", "xH2O_atm", _AIR_DRY, ()),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Limits that apply to some rows."""

    when: Condition
    checks: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that `flag` does as configured."""

    profile: Profile
    checks: dict[str, Checks]
    rules: list[Rule]
    consequences: dict[str, dict[str, tuple[int, ...]]]
    cascade: Settings
    written: set[str]
    files: dict[str, str] = field(default_factory=dict)

    def named(self) -> set[str]:
        """Return the variables with checks or rules."""
        return {*self.checks, *(name for rule in self.rules for name in rule.checks)}


def plan_of(platform: Platform) -> Plan:
    """Return the plan of a platform, with every name and option validated."""
    qc = platform.qc
    with _table(platform, "[qc]"):
        profile = _look_up("profile", qc.profile, PROFILES)
    measured = [name for name, source in platform.variables.items() if source.columns]
    chosen = profile.checks_for(platform.kind, measured)
    chosen = _without_answered(chosen, platform)
    consequences = drying_consequences(platform) if profile.checks else {}
    consequences |= {
        source: {target: _codes(runs) for target, runs in targets.items()}
        for source, targets in profile.consequences.items()
    }
    written = {name for name, checks in qc.checks.items() if "consequences" in checks}
    for name, checks in qc.checks.items():
        for check, options in checks.items():
            with _table(platform, f"[qc.{name}.{check}]"):
                if check == "consequences":
                    consequences[name] = _consequences(name, options)
                    continue
                _set_check(chosen.setdefault(name, {}), name, check, options)
                _check_order(check, options)
    rules = []
    for number, table in enumerate(qc.where, start=1):
        with _table(platform, f"[[qc.where]] number {number}"):
            rules.append(Rule(condition(table), _rule_checks(table.checks, chosen)))
    with _table(platform, "[qc.cascade]"):
        cascade = _cascade(profile, qc.cascade)
    files = _files(platform, chosen, rules)
    return Plan(profile, chosen, rules, consequences, cascade, written, files)


def check_options(platform: Platform) -> None:
    """Validate every name and option of ``[qc.*]`` before data are read.

    Parameters
    ----------
    platform : Platform
        A loaded platform.

    Raises
    ------
    PlatformError
        If a name is unknown or an option is invalid; one line with file, table and
        the nearest valid name.
    """
    plan_of(platform)


def _without_answered(
    chosen: dict[str, Checks], platform: Platform
) -> dict[str, Checks]:
    """Leave out the checks of what a platform file calls right."""
    return {
        name: {
            check: options
            for check, options in checks.items()
            if not is_answered(platform.accepted, CHECKS[check].contradiction, name)
        }
        for name, checks in chosen.items()
    }


@contextmanager
def _table(platform: Platform, where: str) -> Iterator[None]:
    try:
        yield
    except (UnknownNameError, OptionError) as error:
        raise PlatformError(f"{platform.path}: {where} {error}") from None


def drying_consequences(platform: Platform) -> dict[str, dict[str, tuple[int, ...]]]:
    """Return which dry mole fractions depend on which humid variables."""
    consequences: dict[str, dict[str, tuple[int, ...]]] = {}
    variables = platform.variables
    humid_readings = "xCO2" in variables and not variables["xCO2"].dry
    if "xH2O" in variables and (
        humid_readings or platform.calibration.moisture_correction
    ):
        consequences["xH2O"] = {_WATER_DRY[0]: _WATER, _AIR_DRY: _AIR}
    for humid, water, dry, run in _HUMID:
        if humid in variables and water in variables and dry not in variables:
            for source in (humid, water):
                consequences.setdefault(source, {})[dry] = run
    cycle = [name for name in ("RH", "T_RH", "RH_span") if name in variables]
    for source in cycle:
        consequences[source] = {_WATER_DRY[1]: _WATER, _AIR_DRY: _AIR}
    return consequences


def _look_up(kind: str, name: str, choices: Mapping[str, Any]) -> Any:
    return choices[choose_name(kind, name, choices, error=OptionError)]


def _set_check(checks: Checks, variable: str, check: str, options: Any) -> None:
    if options is False and check in CHECKS and not CHECKS[check].fixed:
        checks.pop(check, None)
        return
    _check_options(variable, check, options)
    checks[check] = options


def _rule_checks(
    tables: dict[str, dict[str, Any]], chosen: dict[str, Checks]
) -> dict[str, dict[str, Any]]:
    """Validate checks of rules; merged with the others they must be complete."""
    for name, checks in tables.items():
        _look_up("variable", name, VARIABLES)
        for check, options in checks.items():
            base = chosen.get(name, {}).get(check, {})
            try:
                merged = base | options if isinstance(options, dict) else options
                _set_check({}, name, check, merged)
                _check_order(check, options)
            except (UnknownNameError, OptionError) as error:
                raise OptionError(f"checks.{name}.{check}: {error}") from None
    return tables


def _consequences(source: str, targets: Any) -> dict[str, tuple[int, ...]]:
    if not isinstance(targets, dict):
        raise OptionError('needs a table such as { SST = ["water"] }')
    linked = {}
    for target, runs in targets.items():
        _look_up("variable", target, VARIABLES)
        if target == source:
            raise OptionError(f"{source!r} must not be a consequence of itself")
        if runs != "all" and not isinstance(runs, list):
            raise OptionError(f'{target!r} needs a list of run types or "all"')
        linked[target] = _codes(() if runs == "all" else runs)
    return linked


def _files(
    platform: Platform, chosen: Mapping[str, Checks], rules: list[Rule]
) -> dict[str, str]:
    """Find the files named by options."""
    paths: dict[str, str] = {}
    for name, checks in [
        *chosen.items(),
        *(item for rule in rules for item in rule.checks.items()),
    ]:
        for check, options in checks.items():
            file = options.get("file") if isinstance(options, dict) else None
            if not file:
                continue
            next_to_platform = Path(platform.path).parent / file
            existing = [
                path for path in (Path(file), next_to_platform) if matching(path)
            ]
            if not existing:
                raise PlatformError(
                    f"{platform.path}: [qc.{name}.{check}] no file {file!r}"
                    " in the working folder or beside the platform file"
                )
            paths[file] = str(existing[0])
    return paths


def _codes(runs: Any) -> tuple[int, ...]:
    for run in runs:
        _look_up("run type", run, RUN_TYPES)
    return tuple(RUN_TYPES[run] for run in runs)


def _cascade(profile: Profile, tables: Mapping[str, Any]) -> Settings:
    settings: Settings = {"": dict(profile.cascade)}
    for name, table in tables.items():
        if set(table) <= set(_LEVELS):
            _check_input(name, {key for inputs in INPUTS.values() for key in inputs})
            settings[""][name] = _becomes(name, table)
            continue
        inputs = _look_up("result", name, INPUTS)
        for key, entry in table.items():
            _check_input(key, set(inputs))
            settings.setdefault(name, {})[key] = _becomes(f"{name}.{key}", entry)
    return settings


def _check_input(name: str, inputs: set[str]) -> None:
    _look_up("input of a result", name, dict.fromkeys(sorted(inputs)))


def _becomes(where: str, table: Any) -> tuple[int, int]:
    if not isinstance(table, dict) or not table:
        raise OptionError(f"{where}: needs a table {{ questionable = 2, bad = 3 }}")
    for key, flag in table.items():
        _look_up("flag", key, dict.fromkeys(_LEVELS))
        if isinstance(flag, bool) or flag not in (2, 3, 4):
            raise OptionError(f"{where}: {key!r} must be 2, 3 or 4, not {flag!r}")
    pair = int(table.get("questionable", 3)), int(table.get("bad", 4))
    if pair[0] > pair[1]:
        raise OptionError(
            f"{where}: 'bad' must not be below 'questionable': {pair[1]}, {pair[0]}"
        )
    return pair


def _check_options(variable: str, name: str, options: Any) -> None:
    entry = CHECKS[name]
    if entry.fixed:
        raise OptionError(f"check {name!r} must not be set here: it has no options")
    if entry.tables and variable not in entry.tables:
        tables = " or ".join(f"[qc.{table}]" for table in entry.tables)
        raise OptionError(
            f"check {name!r} must not be set here: it belongs to {tables}"
        )
    if not isinstance(options, dict):
        raise OptionError("needs a table of options, or false")
    entry.options.validate_options(options)


def _check_order(name: str, options: Any) -> None:
    """Reject pairs of limits of which one can never take effect."""
    if options is not False:
        CHECKS[name].options.validate_order(options)
