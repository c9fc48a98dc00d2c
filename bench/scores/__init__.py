"""Predictions to scores; the design they were made under; results that others made; series of scores to compare."""
