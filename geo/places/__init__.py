"""Names to points: a bundled gazetteer and the geocoder that reads it."""

import lazy_loader  # type: ignore[import-untyped]

# Loaded when first used: one name is answered before GeoPandas, which only a column needs, would have been read.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "column": ["geocode"],
        "finder": ["PlaceFinder", "default_finder"],
        "gazetteer": ["Gazetteer", "default_gazetteer"],
        "geocoder": ["OfflineGeocoder", "default_geocoder"],
        "names": ["key"],
    },
)
