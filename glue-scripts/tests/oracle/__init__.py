"""An independent reference implementation of docs/kpis.md in plain Python, written from the text alone (README.md)."""

from oracle.evaluation import evaluate
from oracle.model import Export, InputFile

__all__ = ["Export", "InputFile", "evaluate"]
