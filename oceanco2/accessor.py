"""``ds.co2``: inspect a processed dataset."""

from typing import TYPE_CHECKING

import xarray as xr

from oceanco2.errors import choose_name
from oceanco2.socat.criteria import criteria_text
from oceanco2.summary import data_set_flag, summary_text
from oceanco2.vocabulary import FLAG_VALUES, GOOD

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


class CO2Accessor:
    """Methods of ``ds.co2``: counts, flags, summaries and figures."""

    def __init__(self, ds: xr.Dataset) -> None:
        self._ds = ds

    def good(self, name: str, *flags: int) -> xr.DataArray:
        """Return a variable with NaN where its flag is not good (or not one given)."""
        flagged = [str(n) for n in self._ds.data_vars if f"{n}_flag" in self._ds]
        choose_name("variable with a flag", name, flagged)
        keep = self._ds[f"{name}_flag"].isin(flags or (GOOD,))
        return self._ds[name].where(keep)

    def flag_counts(self, name: str) -> dict[str, int]:
        """Count the flags of a variable."""
        flag = self._ds[f"{name}_flag"].to_numpy()
        counts = {word: int((flag == code).sum()) for word, code in FLAG_VALUES.items()}
        return {word: n for word, n in counts.items() if n}

    def doubts(self, name: str | None = None) -> "pd.DataFrame":
        """Explain every flagged value: test, measured value and limit."""
        from oceanco2.qc import explain

        return explain(self._ds, name)

    def summary(self) -> str:
        """Return counts, ranges, flags and tests as text."""
        return summary_text(self._ds)

    def criteria(self, crossover: bool | None = None) -> str:
        """Return SOCAT's criteria A to E and the flag that follows, as text."""
        return criteria_text(data_set_flag(self._ds, crossover))

    def overview(self) -> "Figure":
        """Draw an overview of the dataset."""
        from oceanco2.figures import overview

        return overview(self._ds)

    def figure(self, kind: str, *names: str) -> "Figure":
        """Draw a figure by the name of its kind; see `oceanco2 figure --help`."""
        from oceanco2.figures import figure

        return figure(self._ds, kind, *names)

    def plot(self, *names: str) -> "Figure":
        """Draw variables against time, coloured by their flags."""
        from oceanco2.figures import series

        return series(self._ds, *(names or ("fCO2_water_SST_wet",)))

    def plot_standards(self) -> "Figure":
        """Draw differences between analyser and gas standards, and their drift."""
        from oceanco2.figures import standards

        return standards(self._ds)

    def plot_warming(self) -> "Figure":
        """Draw the warming between intake and equilibrator."""
        from oceanco2.figures import warming

        return warming(self._ds)

    def plot_map(self, name: str = "fCO2_water_SST_wet") -> "Figure":
        """Draw a map of good, questionable and bad values."""
        from oceanco2.figures import flag_map

        return flag_map(self._ds, name)

    def plot_property(self, x: str, y: str = "fCO2_water_SST_wet") -> "Figure":
        """Draw one variable against another."""
        from oceanco2.figures import properties

        return properties(self._ds, x, y)

    def track(self, name: str = "fCO2_water_SST_wet") -> "Figure":
        """Draw a variable along the track on a map."""
        from oceanco2.figures import track

        return track(self._ds, name)
