"""What cannot be so in a table of routes: speeds that nothing makes, tracks that no vehicle leaves."""

from geo.checking.plausible import plausibility

__all__ = ["plausibility"]
