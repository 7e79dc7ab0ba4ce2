"""The signal by which the supervising process tells the serving one that it will be stopped."""

import signal

GRACE = signal.SIGUSR1
