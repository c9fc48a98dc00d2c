"""Cells beside the plain protocol: what diagnostics and explanations ask of the engine. One file a kind of question."""
