"""What the page says in the place of a study's notes."""

NONE = "The study has no notes of its own."
