"""What bench and four naive rules say of printed numbers whose truth is known.

    rules      what is judged (`Case`), the naive rules, and their counts
    copied     tables printed from the very scores, some with a typo
    authors    numbers of some seeds that authors publish, against other seeds of theirs
    simulated  papers with and without an error, and studies that fit less well than the paper
    page       counts to docs/corpus.md

`make corpus` runs all of it; a test in tests/research runs a short form.
"""
