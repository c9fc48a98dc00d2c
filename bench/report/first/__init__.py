"""The first screen of a page: headline, conclusions, the picture that carries the answer, four tiles, sources."""
