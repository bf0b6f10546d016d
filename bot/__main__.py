"""`python -m bot`.

What is imported stays: to look for garbage in it again and again would take a fifth of the start.
"""

import gc

gc.disable()
from bot.command_line import main  # noqa: E402

gc.freeze()
gc.enable()

if __name__ == "__main__":
    main()
