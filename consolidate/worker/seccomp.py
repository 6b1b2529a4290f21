"""Have Linux refuse a worker the calls that no reading needs: seccomp, mode filter.

A small program, run by the kernel at each system call, looks the call's number up: those
of ``_REFUSED`` answer "not permitted", all others go on (kernel.org, *Seccomp BPF*).
"""

from __future__ import annotations

import ctypes
import errno
import platform
from contextlib import suppress

_SECCOMP, _MODE_FILTER, _ALL_THREADS = {"x86_64": 317, "aarch64": 277}, 1, 1
_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""As the kernel names them (AUDIT_ARCH of linux/audit.h); others are left alone."""

_REFUSED = {
    # To reach others over the network, or within this machine.
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    # To start another program.
    "execve": (59, 221),
    "execveat": (322, 281),
    # To end or look into other processes.
    "kill": (62, 129),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_open": (434, 434),
    # To move or link files, or change who may read them. Removing is let through: writing a
    # reply removes what it lays down meanwhile.
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "linkat": (265, 37),
    "symlinkat": (266, 36),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "fchownat": (260, 54),
    "mknodat": (259, 33),
    # To change the machine, or what this process may do in it.
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "setns": (308, 268),
    "unshare": (272, 97),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "keyctl": (250, 219),
    "open_by_handle_at": (304, 265),
    # To make calls past this list.
    "io_uring_setup": (425, 425),
}
"""Numbers by name, on x86_64 and on aarch64 (unistd.h of each)."""

_ONLY_X86 = (82, 86, 88, 90, 92, 133)
"""rename, link, symlink, chmod, chown, mknod: older forms, which aarch64 lacks."""

_X32 = 0x40000000
"""From here on, x86_64 has its calls a second time, under other numbers."""

_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Instruction)))


def refuse_calls() -> bool:
    """Have this process, all its threads, refused the calls; return whether it is.

    It cannot be taken back. ``no_new_privs`` has to be set before. Not every container
    lets it, nor does every machine: the worker then goes on without.
    """
    machine = platform.machine()
    if machine not in _ARCHITECTURE:
        return False
    steps = _steps(machine)
    listed = (_Instruction * len(steps))(*(_Instruction(*step) for step in steps))
    program = _Program(len(steps), listed)
    with suppress(OSError, AttributeError):
        call = ctypes.CDLL(None, use_errno=True).syscall
        given = (_SECCOMP[machine], _MODE_FILTER, _ALL_THREADS, ctypes.byref(program))
        return bool(call(*given) == 0)
    return False


def _steps(machine: str) -> list[tuple[int, int, int, int]]:
    """Return the program: another architecture or a call of the list is refused."""
    of_x86 = machine == "x86_64"
    numbers = [on_x86 if of_x86 else on_arm for on_x86, on_arm in _REFUSED.values()]
    numbers += _ONLY_X86 if of_x86 else ()
    # The last two steps are to allow and to refuse; jumps count the steps between.
    tests = [(_IF_EQUAL, number) for number in sorted(numbers)]
    tests += [(_IF_AT_LEAST, _X32)] if of_x86 else []
    found = [
        (_LOAD, 0, 0, 4),
        (_IF_EQUAL, 0, len(tests) + 2, _ARCHITECTURE[machine]),
        (_LOAD, 0, 0, 0),
    ]
    found += [(kind, len(tests) - n, 0, value) for n, (kind, value) in enumerate(tests)]
    return [*found, (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ERRNO | errno.EPERM)]
