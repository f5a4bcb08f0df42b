"""A Pyomo model compiled once into a sparse matrix; everything after that works on the matrix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.common.dependencies import DeferredImportCallbackFinder
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler, _LinearStandardFormCompiler_impl

from equipoise.engine.matrix import Matrix

Entry = tuple[str, Any]  # component name, index


def _use_sparse_matrices_only() -> None:
    """Give Pyomo the sparse matrices it compiles into, through its own hooks.

    Left alone it imports scipy.stats whenever scipy is imported: a second of start-up that nothing here needs.
    """
    DeferredImportCallbackFinder._callbacks.pop("scipy", None)
    from scipy import sparse

    _LinearStandardFormCompiler_impl._to_vector = np.fromiter
    _LinearStandardFormCompiler_impl._csc_matrix = sparse.csc_array
    _LinearStandardFormCompiler_impl._csr_matrix = sparse.csr_array


_use_sparse_matrices_only()


@dataclass(frozen=True)
class Compiled:
    """The matrix with what its columns and rows mean: (variable or family name, index)."""

    matrix: Matrix
    columns: tuple[Entry, ...]
    rows: tuple[Entry, ...]

    @cached_property
    def _column(self) -> dict[Entry, int]:
        return {entry: n for n, entry in enumerate(self.columns)}

    @cached_property
    def _row(self) -> dict[Entry, int]:
        return {entry: n for n, entry in enumerate(self.rows)}

    def column(self, name: str, index: Any) -> int | None:
        """Position of a variable's column; None where the variable is in no row and no cost."""
        return self._column.get((name, index))

    def row(self, name: str, index: Any) -> int | None:
        """Position of a family's row; None where there is none."""
        return self._row.get((name, index))


def compile_model(model: pyo.ConcreteModel) -> Compiled:
    """Compile a minimising ConcreteModel. Variables that stand in no row and no cost get no column."""
    form: Any = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None)
    variables = form.columns
    lower, upper = _bounds(variables)
    integer = np.fromiter((not v.is_continuous() for v in variables), bool, len(variables))
    kinds = np.fromiter((row.bound_type for row in form.rows), np.int8, len(form.rows))
    right = np.asarray(form.rhs, float)
    rows = form.A.tocsr()
    matrix = Matrix(
        cost=np.asarray(form.c.todense(), float).ravel() if form.c.shape[0] else np.zeros(len(variables)),
        lower=lower,
        upper=upper,
        integer=integer,
        row_lower=np.where(kinds == 1, -np.inf, right),
        row_upper=np.where(kinds == -1, np.inf, right),
        start=rows.indptr.astype(np.int32),
        index=rows.indices.astype(np.int32),
        value=rows.data.astype(float),
        offset=float(form.c_offset[0]) if len(form.c_offset) else 0.0,
    )
    return Compiled(matrix, _entries(variables), _entries(row.constraint for row in form.rows))


def _bounds(variables: Any) -> tuple[np.ndarray, np.ndarray]:
    pairs = [v.bounds for v in variables]
    lower = np.array([-np.inf if low is None else low for low, _ in pairs], float)
    upper = np.array([np.inf if high is None else high for _, high in pairs], float)
    return lower, upper


def _entries(found: Iterable[Any]) -> tuple[Entry, ...]:
    names: dict[int, str] = {}
    out = []
    for data in found:
        parent = data.parent_component()
        name = names.get(id(parent)) or names.setdefault(id(parent), parent.local_name)
        out.append((name, data.index()))
    return tuple(out)
