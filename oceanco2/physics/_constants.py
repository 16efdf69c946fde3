"""Numbers and limits that several formulas share."""

import math

ZERO_CELSIUS = 273.15  # K
ATM_PER_HPA = 1.0 / 1013.25
HPA_PER_ATM = 1013.25
GAS_CONSTANT = 8.314462618  # J mol-1 K-1
GAS_CONSTANT_VIRIAL = 82.0575  # cm3 atm mol-1 K-1, Pierrot and QuinCe
#: cm h-1 times mol m-3 atm-1 times uatm to mmol m-2 d-1.
FLUX_FACTOR = 2.4e-4

#: Smallest values that mean something: below them a result is NaN, always.
FLOORS = {
    "temperature": math.nextafter(-ZERO_CELSIUS, 0.0),
    "salinity": 0.0,
    "pressure": math.nextafter(0.0, 1.0),
    "fraction": 0.0,
    "wind": 0.0,
    "height": math.nextafter(0.0, 1.0),
    "any": -math.inf,
}
#: Fits end near 0 or -1 degree_Celsius, sea water a little below: -2 is inside.
COLDEST = -2.0
