"""`python -m geo`: one verb for each job."""

import os
import signal
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads that nothing here needs take 50 ms to wake

from geo.cli import main

signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that what was begun is tidied away
sys.exit(main())
