"""Which words of a text name places: known names first, then a small fitted model of what stands around them."""
