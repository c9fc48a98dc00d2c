"""Words in the place of a part of a page that could not be made."""


def undrawn(error: str) -> str:
    return f"This part could not be made: {error}. That is a mistake of bench, please report it; the other parts stand."
