"""From raw pCO2 files to fCO2, SOCAT files and air-sea CO2 fluxes."""
