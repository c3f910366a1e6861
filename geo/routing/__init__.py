"""Lines between places: sea, rail, road and air."""

import lazy_loader  # type: ignore[import-untyped]

# Loaded when first used: a leg by sea does not wait for what only a network of the user's needs.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "ashore": ["inland"],
        "legs": ["MODES", "leg"],
        "lines": ["LineNetwork", "line_network"],
        "sea_many": ["sea_routes"],
        "stops": ["Stop"],
    },
)
