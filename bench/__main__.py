"""`python -m bench` is the same as `bench`."""

import sys

if not sys.flags.safe_path:
    del sys.path[0]  # the folder of the project: no file there stands for a module

from bench.cli.app import main

sys.exit(main())
