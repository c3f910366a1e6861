"""Files in and out: a folder of CSV, and GeoJSON."""
