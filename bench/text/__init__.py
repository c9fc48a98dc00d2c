"""Every sentence about an outcome: a statement of `bench.core.outcomes` in, a sentence out; numbers and words as
text."""
