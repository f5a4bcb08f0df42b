"""Lot sizing found in a matrix: items at places with their stock, gates and levels, whatever the families are called."""
