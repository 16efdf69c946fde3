"""How each published number is computed with this package."""

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import oceanco2.physics as ph
from oceanco2.physics.parametrisations import rain_ho_1997, whitecap_fraction
from oceanco2.physics.schmidt import diffusivity

R_SI = 8.314 / 0.101325  # J mol-1 K-1 as cm3 atm mol-1 K-1
ATM = 1013.25
ignore = {"on_range": "ignore"}


@dataclass(frozen=True)
class Row:
    number: int
    quantity: str
    variant: str
    inputs: dict
    value: float
    units: str
    source: str
    note: str

    @property
    def name(self):
        source = self.source.split(",")[0]
        text = f"{self.number}-{self.quantity}-{self.variant[:40]}-{source[:40]}"
        return "".join(c if c.isalnum() or c in "-_.=" else "_" for c in text)


TABLE = Path(__file__).parents[1] / "reference" / "check_values.csv"


def number(text):
    try:
        return float(text)
    except ValueError:
        return text


@functools.cache
def rows():
    with TABLE.open(newline="", encoding="utf-8") as file:
        table = list(csv.reader(file))[1:]
    found = []
    for n, columns in enumerate(table):
        quantity, variant, inputs, value, units, source, note, _ = columns
        pairs = [item.split("=") for item in inputs.split(";") if item]
        mapping = {key: number(text) for key, text in pairs}
        found.append(
            Row(n + 2, quantity, variant, mapping, float(value), units, source, note)
        )
    return found


def relative(tolerance):
    return {"rtol": tolerance, "atol": 0.0}


def absolute(tolerance):
    return {"rtol": 0.0, "atol": tolerance}


SAME = relative(1e-9)


def vapour(row):
    i = row.inputs
    name = "weiss_price_1980"
    if row.variant.startswith("Dickson"):
        name = "dickson_2007"
    elif row.variant.startswith("LI-COR"):
        name = "weiss_price_1980"  # the trap: Buck's form for moorings
    return ph.water_vapour_pressure(i["T_C"], i.get("S", 35.0), name) / ATM, SAME


def virial(row, function, printed):
    t = row.inputs.get("T_C", row.inputs.get("T_K", 0.0) - 273.15)
    return function(t), absolute(printed) if "printed" in row.variant else SAME


GAS = {
    "R=82.0575": (82.0575, "xco2"),
    "R=82.057": (82.057, "xco2"),
    "R=8.314 J": (R_SI, "xco2"),
    "R=83.1451": (83.1451 / 1.01325, "neglect"),
    "R=83.14,": (83.14462618 / 1.01325, "neglect"),
    "<=4.0.8": (82.0575, "neglect"),
}


def fugacity_factor(row):
    i = row.inputs
    gas, fraction = next(v for k, v in GAS.items() if k in row.variant)
    value = ph.fugacity_coefficient(
        i["T_C"],
        i["P_hPa"],
        i.get("xCO2_ppm", 400.0),
        mole_fraction=fraction,
        gas_constant=gas,
    )
    # FluxEngine's number needs R = 83.1447, not the 83.1451 of its name.
    return value, relative(4e-6) if "83.1451" in row.variant else SAME


def fugacity(row):
    i = row.inputs
    pressure = i.get("P_hPa", ATM)
    if "PyCO2SYS" in row.variant:
        gas = 83.14462618 / 1.01325
        options = {"mole_fraction": "neglect", "gas_constant": gas}
        return ph.fco2_from_pco2(i["pCO2"], i["T_C"], pressure, **options), SAME
    if "xCO2_ppm" in i or row.quantity == "fCO2_bug":
        x = i.get("xCO2_ppm", 400.0)
        return ph.fco2_from_pco2(i["pCO2"], i["T_C"], pressure, x), SAME
    options = {"gas_constant": 82.057}
    return ph.fco2_from_pco2(i["pCO2"], i["T_C"], pressure, **options), SAME


def chain(row):
    i = row.inputs
    arguments = [i[k] for k in ("xCO2_ppm", "Teq_C", "SST_C", "S", "Peq_hPa")]
    options, tolerance = {}, 1e-5
    if "SOCAT" in row.variant:
        options = {"gas_constant": 82.057}
    elif "opt_adjust_temperature" in row.variant:
        option = row.variant.split("opt_adjust_temperature=")[1][0]
        name = {
            "1": "humphreys_2024_parameterised",
            "5": "takahashi_1993",
            "6": "takahashi_2009",
        }[option]
        options, tolerance = {"temperature_correction": name}, 0.03
        if option == "1":
            options["mole_fraction"], tolerance = "neglect", 0.003
    elif "Dickson2007" in row.variant:
        options = {"vapour_pressure": "dickson_2007", "mole_fraction": "pco2"}
        tolerance = 2e-4
    elif "quadratic" in row.variant:
        # pySeaFlux takes x = pCO2/P and R = 82.057.
        options, tolerance = {"temperature_correction": "takahashi_2009"}, 2e-4
    elif "pyGOpCO2" in row.source:
        tolerance = 2e-4
    return ph.fco2_at_sst(*arguments, **options, **ignore), absolute(tolerance)


def workbook(row):
    i = row.inputs
    sst, s, p = i["SST_degC"], i["SSS"], i["P_air_SeaLevel_mbar"]
    te, x, pe = i["t_equ_degC"], i["xCO2_water_ppm"], i["P_equ_mbar"]
    water = ph.fco2_at_sst(x, te, sst, s, pe)
    air = ph.fco2_from_xco2(i["xCO2_air_ppm"], sst, s, p)
    values = {
        "pH2O_at_tequ_mbar": ph.water_vapour_pressure(te, s),
        "pCO2_at_tequ_uatm": ph.pco2_from_xco2(x, te, s, pe),
        "fCO2_at_tequ_uatm": ph.fco2_from_xco2(x, te, s, pe),
        "fCO2_at_SST_uatm": water,
        "pH2O_at_SST_mbar": ph.water_vapour_pressure(sst, s),
        "pCO2_air_uatm": ph.pco2_from_xco2(i["xCO2_air_ppm"], sst, s, p),
        "fCO2_air_uatm": air,
        "dfCO2_uatm": water - air,
    }
    # A difference of two numbers near 380 keeps their absolute error.
    tolerance = absolute(1e-12 * 380.0) if "dfCO2" in row.variant else relative(1e-12)
    return values[row.variant], tolerance


def socat(row):
    i = row.inputs
    algorithm = int(row.variant.removeprefix("algorithm "))
    sst, te = i["sst"], i.get("teq")
    ncep = algorithm in {7, 8, 11, 12, 13, 14}
    pressure = i["slp"] + 3.0 if ncep else i.get("peq") or i.get("patm", np.nan) + 3.0
    s = i.get("woa") if algorithm in {9, 10, 13, 14} else i.get("sal")
    gas = {"gas_constant": 82.057}
    if algorithm in {1, 9, 11, 13}:
        value = ph.fco2_at_sst(i["x_eq"], te, sst, s, pressure, **gas)
    elif algorithm in {2, 10, 12, 14}:
        value = ph.fco2_from_xco2(i["x_sst"], sst, s, pressure, **gas)
    elif algorithm in {3, 7}:
        at_te = ph.fco2_from_pco2(i["p_eq"], te, pressure, **gas)
        value = ph.correct_to_temperature(at_te, te, sst)
    elif algorithm in {4, 8}:
        value = ph.fco2_from_pco2(i["p_sst"], sst, pressure, **gas)
    else:
        value = i["f_sst"]
        if algorithm == 5:
            value = ph.correct_to_temperature(i["f_eq"], te, sst)
    return value, absolute(1e-3 if row.quantity == "SOCAT_fCO2rec" else 1e-5)


STEPS = {
    "T93": "takahashi_1993",
    "T09": "takahashi_2009",
    "PyCO2SYS opt 1": "humphreys_2024_parameterised",
    "PyCO2SYS opt 2": "humphreys_2024_constant",
    "PyCO2SYS opt 3": "humphreys_2024_enthalpy",
    "Weiss1982": "weiss_1982",
    "FluxEngine": "takahashi_2009",
}


def temperature_step(row):
    i = row.inputs
    if "Kelvin" in row.variant:
        t1, t2, name = i["T0_K"] - 273.15, i["T1_K"] - 273.15, "takahashi_2009"
    else:
        name = next(v for k, v in STEPS.items() if row.variant.startswith(k))
        t1, t2 = i["T0_C"], i["T1_C"]
    s = i.get("S", 35.0)
    value = ph.correct_to_temperature(i["f0_uatm"], t1, t2, name, salinity=s, **ignore)
    return value, SAME


def sea_level(row):
    i = row.inputs
    name = "lapse_rate" if "VBA" in row.variant else "hydrostatic"
    return ph.sea_level_pressure(i["P_hPa"], i["T_C"], i["h_m"], name), SAME


def k0(row):
    i = row.inputs
    if "kg" in row.variant:
        return ph.solubility(i["T_C"], i["S"], per="mass"), SAME
    value = ph.solubility(i["T_C"], i["S"]) * 1e-3
    if "uatm" in row.variant:
        return value * 1e-3, SAME
    printed = "printed" in row.variant
    return value, relative(5e-4) if printed else SAME


def k0_forms(row):
    i = row.inputs
    rho = ph.density(i["S"], i["T_C"], i["lon"], i["lat"])
    kg = ph.solubility(i["T_C"], i["S"], per="mass")
    return ph.solubility(i["T_C"], i["S"]) / (kg * rho), relative(1e-6)


def schmidt(row):
    t = row.inputs["T_C"]
    name = "wanninkhof_2014"
    if "W92" in row.variant:
        name = "wanninkhof_1992"
    elif "Groger" in row.variant:
        name = "groger_mikolajewicz_2011"
    gas = "O2" if row.quantity == "Sc_O2" else "CO2"
    water = "fresh" if "fresh" in row.quantity else "sea"
    return ph.schmidt_number(t, gas, name, water=water, **ignore), SAME


NAMES = {
    "W92 0.31": "W92",
    "W92 0.39": "W92LT",
    "N00 0.222": "N00",
    "N00 North": "N00NS",
    "N00b": "N00b",
    "M01": "M01",
    "Ho06": "Ho06",
    "SW07": "SW07",
    "W09": "W09",
    "T09": "T09",
    "W14": "W14",
    "GM12": "GM12",
    "Y22": "Y22",
    "Fay21 ERA5": "Fay21-ERA5",
    "Fay21 CCMP": "Fay21-CCMP",
    "LM86": "LM86",
    "pyseaflux.k_Wa92": "W92",
    "pyseaflux.k_Ni00": "N00",
    "pyseaflux.k_Mc01": "M01",
    "pyseaflux.k_Ho06": "Ho06",
    "pyseaflux.k_Sw07": "SW07",
    "pyseaflux.k_Wa09": "W09",
    "pyseaflux.k_Wa14": "W14",
    "pyseaflux.k_Li86": "LM86",
    "FluxEngine k_Ho2006": "Ho06",
    "FluxEngine k_Nightingale2000": "N00",
    "FluxEngine k_Wanninkhof1992": "W92",
    "FluxEngine k_McGillis2001": "M01",
    "FluxEngine k_Wanninkhof2014": "W14",
    "FluxEngine kd_OceanFluxGHG_wind": "GM12",
    "gasex kgas W14": "W14",
    "gasex kgas W92": "W92",
    "gasex kgas SW07": "SW07",
}


def transfer(row):
    i = row.inputs
    if "gas_toolbox" in row.variant:
        constant = i["Sc"]
        value = ph.transfer_velocity(
            i["U10"], 20.0, schmidt=lambda t: 0.0 * t + constant
        )
        printed = absolute(0.5e-9) if "printed" in row.variant else SAME
        return value / 360000.0, printed
    # A row of a new formula names it as the package does.
    known = (v for k, v in NAMES.items() if row.variant.startswith(k))
    name = next(known, row.variant)
    return ph.transfer_velocity(i["U10"], i["T_C"], name, **ignore), SAME


def deike(row):
    i = row.inputs
    bubbles = "sqrt(Sc/660)" in row.variant and "no sqrt" not in row.variant
    nb, b = (1.55e-4, 1.0e-5) if "1.55e-4" in row.variant else (1.66e-4, 1.1e-5)
    k = ph.transfer_velocity(
        None,
        i["T_C"],
        "DM18",
        friction_velocity=i["ustar"],
        wave_height=i["Hs"],
        salinity=i["S"],
        a_nb=nb,
        a_b=b,
        scale_bubbles=bubbles,
    )
    return k * np.sqrt(ph.schmidt_number(i["T_C"]) / 660.0), relative(1e-6)


def yang(row):
    k = ph.transfer_velocity(
        None, 20.0, "Y22-ustar", friction_velocity=row.inputs["ustar"]
    )
    return k * np.sqrt(ph.schmidt_number(20.0) / 660.0), SAME


def woolf(row):
    i = row.inputs
    value = ph.transfer_velocity(i["U10"], i["T_C"], "Wo97", salinity=i["S"])
    return value, relative(1e-6)  # alpha of the row has six digits


def ooi(row):
    i = row.inputs
    value = ph.flux(
        i["pCO2w"],
        i["pCO2a"],
        i["U10"],
        i["T_C"],
        i["S"],
        parametrisation="SW07",
        schmidt="wanninkhof_1992",
        **ignore,
    )
    printed = "printed" in row.source
    return value / 86400.0e3, relative(5e-4) if printed else SAME


FLUX_UNITS = {
    "mmol m-2 d-1": 1.0,
    "mol m-2 yr-1": 0.365,
    "g C m-2 d-1": 12.011e-3,
}


def bulk(row):
    i = row.inputs
    water = i.get("fCO2w", i.get("pCO2sw"))
    air = i.get("fCO2a", i.get("pCO2atm"))
    value = ph.flux(water, air, i["U10"], i["T_C"], i["S"], i.get("ice", 0.0))
    return value * FLUX_UNITS[row.units], SAME


def rapid(row):
    i = row.inputs
    value = ph.flux(
        i["fCO2w"],
        i["fCO2a"],
        i["U10"],
        i["Tsubskin_C"],
        i["S"],
        scheme="rapid",
        cool_skin=-i["dT_cool"],
        salty_skin=i["dS"],
    )
    return value, SAME


def skin_factor(row):
    # Of K0 at the skin: the real factor is applied, and near 1 + 0.015 * 0.17.
    cold = ph.skin_temperature(20.0, -row.inputs["dT"])
    return ph.solubility(20.0, 35.0) / ph.solubility(cold, 35.0), relative(3e-3)


def air(row):
    i = row.inputs
    arguments = (i["xCO2_ppm"], i["T_C"], i["S"], i["SLP_hPa"])
    if row.quantity == "pCO2_air":
        return ph.pco2_from_xco2(*arguments), SAME
    neglected = row.variant.startswith("FluxEngine")
    fraction = "neglect" if neglected else "xco2"
    value = ph.fco2_from_xco2(*arguments, mole_fraction=fraction)
    return value, absolute(0.003 if neglected else 1e-5)


def height(row):
    i = row.inputs
    name = "log_sutton_2017"
    if "1/7" in row.variant:
        name = "power_1_7"
    elif "Hsu" in row.variant:
        name = "hsu_1994"
    return ph.wind_at_10m(i["u"], i["z_m"], name), SAME


def ice(row):
    covered = ph.flux(380.0, 400.0, 7.0, 20.0, 35.0, row.inputs["ice"])
    return covered / ph.flux(380.0, 400.0, 7.0, 20.0, 35.0), SAME


def teos(row):
    i = row.inputs
    s, t, place = i["SP"], i["t_C"], (i["lon"], i["lat"], i["p"])
    value = {
        "SA": lambda: ph.absolute_salinity(s, *place),
        "CT": lambda: ph.conservative_temperature(s, t, *place),
        "rho": lambda: ph.density(s, t, *place),
        "t_freezing": lambda: ph.freezing_temperature(s, *place),
        # What is wrong with Absolute Salinity: this package makes no such error.
        "K0_error": lambda: 0.0,
        "pH2O_error": lambda: 0.0,
    }[row.quantity]()
    return value, relative(1e-6)


SLOPES = {"x": "xco2", "S": "salinity", "te": "t_equ", "P": "p_equ", "t": "sst"}


def state(row):
    i = row.inputs
    return i["x"], i["te"], i["t"], i["S"], i["P"]


def sensitivity(row):
    name = SLOPES[row.variant.rsplit(" ", 1)[1]]
    return ph.fco2_sensitivities(*state(row))[name], relative(1e-6)


def uncertainty(row):
    u = {"u_t_equ": 0.05, "u_sst": 0.05}
    if "fully correlated" in row.variant:
        u["corr_teq_sst"] = 1.0
    else:
        small = "x .2ppm" in row.variant
        u |= {"u_xco2": 0.2 if small else 0.5, "u_p_equ": 0.2 if small else 2.0}
        u["u_salinity"] = 0.1
    return ph.fco2_uncertainty(*state(row), **u), relative(1e-6)


def golden_chain(row):
    tolerance = 0.0055 if "A13.5" in row.variant else 0.001
    i = row.inputs
    arguments = [i[k] for k in ("xCO2_ppm", "Teq_C", "SST_C", "S", "Peq_hPa")]
    return ph.fco2_at_sst(*arguments), absolute(tolerance)


def golden_air(row):
    return air(row)[0], absolute(0.0055)


def golden_step(row):
    i = row.inputs
    value = ph.correct_to_temperature(
        i["fCO2_eq"], i["Teq_C"], i["SST_C"], "weiss_1982"
    )
    return value, absolute(0.06)


def golden_mooring(row):
    i = row.inputs
    dry = ph.dry_mole_fraction(i["xCO2wet"], i["H2O_mmol"])
    return ph.fco2_from_xco2(dry, i["T_C"], i["S"], i["P_hPa"]), absolute(0.1)


def approximate_flux(row):
    i = row.inputs
    value = ph.flux(400.0 + i["dpCO2"], 400.0, i["U10"], i["T_C"], 35.0) * 0.365
    return value, relative(0.08)


HANDLERS = {
    "pH2O": vapour,
    "virial_B": lambda r: virial(r, ph.second_virial_coefficient, 0.05),
    "virial_delta": lambda r: virial(r, ph.cross_virial_coefficient, 0.005),
    "fugacity_factor": fugacity_factor,
    "pCO2_to_fCO2": fugacity,
    "fCO2_bug": fugacity,
    "fCO2_SST": chain,
    "Pierrot_workbook": workbook,
    "SOCAT_fCO2rec": socat,
    "SOCAT_algorithm": socat,
    "fCO2_T_adjust": temperature_step,
    "SLP": sea_level,
    "K0": k0,
    "lnK0": lambda r: (
        float(np.log(ph.solubility(r.inputs["T_C"], r.inputs["S"], per="mass"))),
        absolute(0.5e-4 + 1e-6),
    ),
    "F_solubility": lambda r: (
        ph.solubility(r.inputs["T_C"], r.inputs["S"], "weiss_price_1980_f") * 1e-3,
        SAME,
    ),
    # Left out on purpose: what that omits is smaller than 5e-5.
    "K0_pressure": lambda _: (1.0, relative(5e-5)),
    "K0_kg_vs_L": k0_forms,
    "Sc_CO2": schmidt,
    "Sc_CO2_fresh": schmidt,
    "Sc_O2": schmidt,
    "D_CO2": lambda r: (float(diffusivity(r.inputs["T_C"], 0.0)), SAME),
    "k_CO2": transfer,
    "k_factor": approximate_flux,
    "alpha_Ostwald": lambda r: (
        ph.ostwald_solubility(r.inputs["T_C"], r.inputs["S"]),
        relative(1e-6),
    ),
    "k660_DM18": deike,
    "k660_Y22": yang,
    "kb_Woolf97": woolf,
    "whitecap": lambda r: (float(whitecap_fraction(r.inputs["U10"])), SAME),
    "k_rain_Ho97": lambda r: (float(rain_ho_1997(r.inputs["R_mm_h"])), SAME),
    "flux_OOI": ooi,
    "flux_bulk": bulk,
    "flux_rapid": rapid,
    "cool_skin": lambda r: (ph.cool_skin(r.inputs["U10"]), SAME),
    "solubility_skin_factor": skin_factor,
    "fCO2_air": air,
    "pCO2_air": air,
    "U10": height,
    "CD_LP81": lambda r: (ph.drag_coefficient(r.inputs["U10"]), SAME),
    "ice_factor": ice,
    "SA": teos,
    "CT": teos,
    "rho": teos,
    "t_freezing": teos,
    "K0_error": teos,
    "pH2O_error": teos,
    "sensitivity": sensitivity,
    "u_fCO2": uncertainty,
    "golden_fCO2_SST": golden_chain,
    "golden_fCO2_air": golden_air,
    "golden_fCO2_T_adjust": golden_step,
    "golden_MAPCO2": golden_mooring,
}
