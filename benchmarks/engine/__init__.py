"""The engine beside other free solvers: ``python -m benchmarks.engine`` (see docs/benchmarks.md)."""
