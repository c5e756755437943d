"""`make scale`: the scaled setting on this machine, until Ctrl-C. A round-robin over the two addresses is the proxy's work."""

import contextlib
import signal
import sys

from tests.scale.cluster import cluster


def main() -> int:
    """Starts everything, asks each process one question about readiness, and waits."""
    print("Starting PostgreSQL, Redis, a Chroma server and two app processes ...", file=sys.stderr, flush=True)
    with cluster() as apps:
        print("Two processes, one shop:\n" + "\n".join(f"  {app.url}/" for app in apps) + "\nCtrl-C ends them.", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(main())
