"""Zhanggui, a self-hosted conversational marketing assistant."""

import os

# A turn multiplies one small matrix with one vector. The linear algebra under numpy would split that between threads that wait for each other
# spinning: 50 ms of processor time a turn instead of 20, and 16 ms for 10,000 vectors instead of 0.8 where another process has a core.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
