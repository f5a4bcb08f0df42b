"""One module a solver: ``python -m benchmarks.engine.drivers.NAME FOLDER`` solves the job of the folder in a process of its own."""
