"""Solving a compiled matrix safely: everything behind ``equipoise.solve``.

Imports nothing by itself, so that a worker starts fast.
"""
