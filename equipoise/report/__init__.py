"""What people read about a plan: its KPIs and its summary."""

from equipoise.report.kpis import KPIS, Kpi, kpis
from equipoise.report.summary import summary

__all__ = ["KPIS", "Kpi", "kpis", "summary"]
