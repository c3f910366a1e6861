"""Rutter in the browser: `python -m streamlit run app.py [-- DOSSIER]`."""

from geo.app import main

main()
