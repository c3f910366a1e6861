"""Maps: a folium map that needs no network, and the time slider that goes on it."""

from geo.maps.offline import OfflineMap
from geo.maps.slider import TimeSlider

__all__ = ["OfflineMap", "TimeSlider"]
