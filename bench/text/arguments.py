"""What each argument of `benchmark` may be, in words."""

EXPECTED = {
    "task": "classification or regression",
    "name": "small letters, digits and hyphens",
    "workers": "a whole number from 1",
    "seed": "a whole number",
    "rope": "a finite number",
    "metrics": "the name of a metric, or a list of names",
    "tuning": "a number of folds, or the block `tuning` of a study",
    "tolerance": "a mapping",
    "diagnostics": "a mapping",
    "claims": "a list of mappings",
    "folder": "a path",
}
