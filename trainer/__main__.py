"""`python -m trainer`: the one door to every kind of job."""

import os
import sys

from trainer.runner import main
from trainer.tether import tie

if __name__ == "__main__":
    tie(os.environ)
    sys.exit(main(sys.argv[1:]))
