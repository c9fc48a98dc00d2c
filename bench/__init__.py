"""bench re-does a paper's machine-learning experiment on tabular data and says what holds up."""
