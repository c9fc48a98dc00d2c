"""`python -m bench` is the same as `bench`."""

import sys

from bench.cli.app import main

sys.exit(main())
