"""What bench and three naive rules say of printed numbers whose truth is known.

    rules      one number (`Number`): alone, beside the others of its table, and by naive rules
    authors    numbers of some seeds that authors publish, against other seeds of theirs
    fits       small tables, what papers print of them, and what faithful and weaker studies score
    papers     papers of several datasets, put together from these numbers
    page       counts to docs/corpus.md

`make corpus` runs all of it; a test in tests/research runs a short form.
"""
