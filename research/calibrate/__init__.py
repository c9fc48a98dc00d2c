"""How often the house errs: simulated studies, judged by the house's own tests, intervals and verdict rules.

    worlds, learners, scoring      a population, a sample, its folds; five families; (repeats, folds) scores
    one_dataset, many_families, many_datasets      what is counted in one trial
    evidence       simulated scores as the claims read them
    parts, ledger  all cells of the long form, and what has been counted so far
    rows, page     counts to tables, tables to docs/calibration.md
    tables, faults, healthy, healthy_page      the diagnostics: healthy tables, planted faults, studies, their section
    papers, finder, finder_page                the slip finder: papers with a slip, studies of them, their section

`make calibrate` runs the long form, `test_calibrate.py` a short one with every `make test`.
"""
