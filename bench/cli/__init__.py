"""The command line: verbs, the live table of a run, and what is printed."""
