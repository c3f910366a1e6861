"""Names to points: a bundled gazetteer and the geocoder that reads it."""

from geo.places.gazetteer import Gazetteer, default_gazetteer
from geo.places.geocoder import CountryError, OfflineGeocoder, default_geocoder
from geo.places.names import key

__all__ = ["CountryError", "Gazetteer", "OfflineGeocoder", "default_gazetteer", "default_geocoder", "key"]
