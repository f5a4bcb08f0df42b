"""Solving a compiled matrix safely: everything behind the front door ``equipoise.solve``. Imports nothing by itself, so a worker starts fast."""
