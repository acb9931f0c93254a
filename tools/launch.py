"""Where every `make` command starts: installs what is missing, then does what was asked.

This file must parse on any Python, however old, so that it can say which one it needs.
"""

import os
import sys

if sys.version_info < (3, 12):
    sys.stderr.write(
        "Python 3.12 or newer is needed and this is %d.%d: use `make`, which looks for one.\n"
        % sys.version_info[:2]
    )
    sys.exit(1)

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from tools import commands  # nothing newer may be read before the version is known

sys.exit(commands.main(sys.argv[1:]))
