"""The fork server of checks as the web process holds it: started with the first check, and again when it has died."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading

from server.handing_in.checks.forms import NO_RELEASE


class CheckParent:
    """One process that forks a child for each check; safe for threads."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def hand_over(self, connection: socket.socket, directory: str) -> None:
        """Give a child this end of a connection, and have it know the release in `directory` (empty: none); OSError
        when no process can be started.
        """
        message = (directory or NO_RELEASE).encode()
        with self._lock:
            for attempt in (1, 2):
                control = self._control or self._start()
                try:
                    socket.send_fds(control, [message], [connection.fileno()])
                    return
                except OSError:
                    control.close()
                    self._control = None
                    if attempt == 2:
                        raise

    def close(self) -> None:
        """End the process, and all checks with it."""
        with self._lock:
            if self._control is not None:
                self._control.close()
                self._control = None
            if self._process is not None:
                self._process.terminate()
                self._process.wait()
                self._process = None

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            number = theirs.fileno()
            command = [sys.executable, "-m", "server.handing_in.checks.fork_server", str(number)]
            self._process = subprocess.Popen(command, pass_fds=[number], stdin=subprocess.DEVNULL)
        self._control = ours
        return ours
