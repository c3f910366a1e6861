"""`python -m geo`: one verb for each job."""

import sys

from geo.cli import main

sys.exit(main())
