"""Statistics: arrays in, frozen dataclasses out. Nothing here imports anything else of bench."""
