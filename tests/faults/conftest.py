"""The fixtures of faults_kit, for every file of this folder."""

from tests.helpers.faults_kit import make, ran

__all__ = ["make", "ran"]
