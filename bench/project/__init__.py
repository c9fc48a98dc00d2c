"""A project on disk: its layout and settings, the pipeline of stages, and the checks before anything runs."""
