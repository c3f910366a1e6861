"""Files in and out: a folder of CSV, GeoJSON, GeoParquet; and out alone: KML, CSV, XLSX and GPX."""
