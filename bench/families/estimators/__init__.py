"""Estimators that scikit-learn lacks, in its conventions: families name them by import path, like any other."""
