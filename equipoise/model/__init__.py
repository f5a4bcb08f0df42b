"""The mathematics: one Pyomo model per case, one file per idea. ``build`` is the only way in."""

from equipoise.model.answer import plan_tables, starting_values, stranger
from equipoise.model.assemble import build
from equipoise.model.build import Build
from equipoise.model.features import FEATURES
from equipoise.model.limits import missing_limits

__all__ = ["FEATURES", "Build", "build", "missing_limits", "plan_tables", "starting_values", "stranger"]
