"""`python -m trainer`: the one door to every kind of job."""

import sys

from trainer.runner import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
