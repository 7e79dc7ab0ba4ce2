"""The sandbox of the worker processes: no network, no other programs, no core files, death with the parent.

Everything here is enforced by the kernel. Where a platform cannot enforce it, `close_network` says so in its answer,
which /health shows, and the other parts are left out.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
ENFORCED = "enforced"
STACK = 64 << 20
# New sockets and their use, programs, and the ways round a system call filter or into another process.
FORBIDDEN = (
    *("socket", "connect", "bind", "listen", "accept", "accept4"),
    *("execve", "execveat", "io_uring_setup", "io_uring_enter"),
    *("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd"),
)


def close_network() -> str:
    """Forbid new sockets to this process and its children for ever; ENFORCED, or the reason why it cannot be done."""
    if sys.platform != "linux":
        return f"unavailable: {sys.platform} has no seccomp"
    try:
        import pyseccomp
    except (ImportError, RuntimeError, OSError) as error:
        return f"unavailable: {error}. Install libseccomp2 (Debian) or libseccomp (others)."
    try:
        rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
        for name in FORBIDDEN:
            rules.add_rule(pyseccomp.ERRNO(errno.EACCES), name)
        rules.load()
    except (OSError, RuntimeError, ValueError) as error:
        return f"unavailable: the kernel refuses the filter: {error}"
    return ENFORCED


class Tether:
    """Ties a forked child to its parent; made before the fork, since loading a library is not for a fresh child."""

    def __init__(self) -> None:
        """Load the C library where it has prctl."""
        self._libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
        self._parent = os.getpid()

    def tie(self) -> None:
        """In the child: be killed when the parent dies; ends the child at once when the parent is gone already."""
        if self._libc is not None and self._libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
        if os.getppid() != self._parent:
            os._exit(0)


def reset_signals() -> None:
    """Undo the signal handlers that a forked child inherits; Ctrl-C is for the web process alone."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())


def enlarge_stack() -> None:
    """Let the stack of this process grow as far as the gap that Linux leaves below it (128 MiB) surely allows.

    Oxigraph's parser and planner call themselves for each part of a query; 8 MiB end at 2,500 BINDs in a row.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    wanted = STACK if hard == resource.RLIM_INFINITY else min(STACK, hard)
    resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))


def limit_memory(current: int, *, extra: int) -> None:
    """Let this process map at most `extra` more private bytes than the `current` ones; no core files."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (current + extra, current + extra))


def volunteer_for_oom() -> None:
    """When the machine is out of memory, let the kernel take this process first, and never the web process."""
    try:
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("1000")
    except OSError:
        return  # No /proc, or one that is read-only: the kernel then chooses by size alone.
