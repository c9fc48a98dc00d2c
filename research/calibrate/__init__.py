"""How often bench errs: simulated studies, judged by its own tests, intervals and verdict rules.

    worlds, learners, scoring      a population, a sample, its folds; six families; (repeats, folds) scores
    one_dataset, many_families, many_datasets      what is counted in one trial
    halves, repeats, orders        the same of tests on halves, of numbers of repeats, of orders
    evidence       simulated scores in the form that claims read
    parts, ledger  all cells of the long form, and the counts so far
    limits         what each rule may err at most, and where it was counted
    rows, halves_rows, page        counts to tables, tables to docs/calibration.md
    tables, faults, healthy, healthy_page      diagnostics: healthy tables, planted faults, studies, their section
    papers, finder, finder_page                explanations: papers with an error, studies of them, their section

`make calibrate` runs the long form; tests/research has short ones, which run with every `make test`.
"""
