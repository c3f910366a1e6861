"""`python -m geo`: one verb for each job."""

import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads that nothing here needs take 50 ms to wake

from geo.cli import main

sys.exit(main())
