"""Frames to a page: one self-contained HTML file a study, and one index over all studies."""
