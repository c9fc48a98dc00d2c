"""What is predicted: a class or a number."""

from typing import Literal

Task = Literal["classification", "regression"]
